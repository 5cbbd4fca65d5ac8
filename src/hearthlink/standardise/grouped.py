"""Who belongs together within a file: the families of the left side and the households of the right, from whatever says so."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.standardise.families import MOST_CHILDREN
from hearthlink.standardise.given import Given
from hearthlink.standardise.homes import Homes
from hearthlink.standardise.person_names import Names

MOST_AT_HOME = 15
"""More people than this at one address, with nothing else to part them, are many households: each person stands alone."""

COPIES = 0.2
"""Share of the addresses of several people of one surname, two of them with one forename or one birth date, past which a file holds
copies of people. Twins are a tenth of that."""

BY_HOUSEHOLD, BY_FAMILY, BY_ADDRESS, ALONE = "h:", "f:", "a:", "p:"
"""What a group's id begins with: it says where the rest of it comes from, so that ids of two columns never meet."""


def households(right: Given, home: Homes) -> pa.ChunkedArray:
    """The household of each row: its household_id, else its family_id, else its address, else the person alone."""
    door = _not_crowded(home.door, right.text("person_id"), MOST_AT_HOME)
    return pc.coalesce(
        _named(BY_HOUSEHOLD, right.text("household_id")),
        _named(BY_FAMILY, right.text("family_id")),
        _named(BY_ADDRESS, door),
        _named(ALONE, right.text("person_id")),
    )


def families(left: Given, home: Homes, names: Names, born: pa.ChunkedArray) -> pa.ChunkedArray:
    """The family of each row: its family_id, else its household_id, else its address and surname together, else the person alone."""
    door = pc.binary_join_element_wise(home.door, names.surname, "|")
    known = pc.or_(pc.is_valid(left.text("family_id")), pc.is_valid(left.text("household_id")))
    door = _not_crowded(pc.if_else(known, pa.scalar(None, pa.string()), door), left.text("person_id"), MOST_CHILDREN)
    sharing = _of_different_people(door, left.text("person_id"), names.forename, born)
    return pc.coalesce(
        _named(BY_FAMILY, left.text("family_id")),
        _named(BY_HOUSEHOLD, left.text("household_id")),
        _named(BY_ADDRESS, sharing),
        _named(ALONE, left.text("person_id")),
    )


def _of_different_people(
    door: pa.ChunkedArray, person: pa.ChunkedArray, forename: pa.ChunkedArray, born: pa.ChunkedArray
) -> pa.ChunkedArray:
    """The doors without those where one person seems to stand under several ids: two of one forename, or, too often, of one birth date.

    A file that holds a person several times has copies at one address with one surname; they are no brothers and sisters.
    """
    rows = pa.table({"door": door, "person": person, "forename": forename, "born": born}).filter(pc.is_valid(door))
    each = rows.group_by(["door", "person"]).aggregate([("forename", "min"), ("born", "min")])
    acts = [
        ("person", "count"),
        *((f"{name}_min", act) for name in ("forename", "born") for act in ("count", "count_distinct")),
    ]
    seen = each.group_by("door").aggregate(acts)
    several = seen.filter(pc.greater(seen.column("person_count"), 1))
    twice = {
        name: pc.less(several.column(f"{name}_min_count_distinct"), several.column(f"{name}_min_count"))
        for name in ("forename", "born")
    }
    either = pc.mean(pc.or_(twice["forename"], twice["born"]).cast(pa.float64())).as_py() or 0.0
    bad = seen if either > COPIES else several.filter(twice["forename"])
    doors = bad.column("door").combine_chunks()
    return pc.if_else(pc.is_in(door, value_set=doors), pa.scalar(None, pa.string()), door)


def _named(kind: str, values: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(pa.scalar(kind), values, "")


def _not_crowded(place: pa.ChunkedArray, person: pa.ChunkedArray, most: int) -> pa.ChunkedArray:
    """The places without those that more than `most` people share."""
    pairs = (
        pa.table({"place": place, "person": person})
        .filter(pc.is_valid(place))
        .group_by(["place", "person"])
        .aggregate([])
    )
    counted = pairs.group_by("place").aggregate([("person", "count")])
    crowded = counted.filter(pc.greater(counted.column("person_count"), most)).column("place").combine_chunks()
    return pc.if_else(pc.is_in(place, value_set=crowded), pa.scalar(None, pa.string()), place)
