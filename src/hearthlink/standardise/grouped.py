"""Who belongs together within a file: the families of the left side and the households of the right, from whatever says so."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.standardise.families import MOST_CHILDREN
from hearthlink.standardise.given import FEW, Given
from hearthlink.standardise.homes import Homes
from hearthlink.standardise.person_names import Names

MOST_AT_HOME = 15
"""More people than this at one address, with nothing else to part them, are many households: each person stands alone."""

TOGETHER, DOORS = 60, 10
"""More people than the one under one id, at more addresses than the other or none, are no family or household: the id is a filler."""

COPIES = 0.2
"""Share of the addresses of several people of one surname, two of them with one forename or one birth date, past which a file holds
copies of people. Twins are a tenth of that."""

BY_HOUSEHOLD, BY_FAMILY, BY_ADDRESS, ALONE = "h:", "f:", "a:", "p:"
"""What a group's id begins with: it says where the rest of it comes from, so that ids of two columns never meet."""


def households(right: Given, home: Homes) -> tuple[pa.ChunkedArray, list[str]]:
    """The household of each row: its household_id, else its family_id, else its address, else the person alone; and what to say of the ids."""
    person = right.text("person_id")
    household, said = _naming_few(right, "household_id", home.door)
    family, said_family = _naming_few(right, "family_id", home.door)
    groups = pc.coalesce(
        _named(BY_HOUSEHOLD, household),
        _named(BY_FAMILY, family),
        _named(BY_ADDRESS, _not_crowded(home.door, person, MOST_AT_HOME)),
        _named(ALONE, person),
    )
    return groups, [*said, *said_family]


def families(left: Given, home: Homes, names: Names, born: pa.ChunkedArray) -> tuple[pa.ChunkedArray, list[str]]:
    """The family of each row: its family_id, else its household_id, else its address and surname together, else the person alone.

    A column in which no id stands for two people says nothing of families. The sentences are what to say of the ids.
    """
    person = left.text("person_id")
    family, said = _naming_few(left, "family_id", home.door)
    family, said_alone = _naming_several(left, "family_id", family)
    household, said_household = _naming_few(left, "household_id", home.door)
    # Beside a surname a number in a postcode of many streets is nearly always one home, however its street is spelt.
    door = pc.binary_join_element_wise(replace(home, wide=False).door, names.surname, "|")
    known = pc.or_(pc.is_valid(family), pc.is_valid(household))
    door = _not_crowded(pc.if_else(known, pa.scalar(None, pa.string()), door), person, MOST_CHILDREN)
    sharing = _of_different_people(door, person, names.forename, born)
    groups = pc.coalesce(
        _named(BY_FAMILY, family),
        _named(BY_HOUSEHOLD, household),
        _named(BY_ADDRESS, sharing),
        _named(ALONE, person),
    )
    return groups, [*said, *said_alone, *said_household]


def _naming_few(side: Given, name: str, door: pa.ChunkedArray) -> tuple[pa.ChunkedArray, list[str]]:
    """The ids without those of too many people at too many addresses to live together."""
    ids = side.text(name)
    rows = pa.table({"id": ids, "person": side.text("person_id"), "door": door}).filter(pc.is_valid(ids))
    seen = rows.group_by("id").aggregate([("person", "count_distinct"), ("door", "count_distinct")])
    many = pc.greater(seen.column("person_count_distinct"), TOGETHER)
    doors = seen.column("door_count_distinct")
    fillers = seen.filter(pc.and_(many, pc.or_(pc.greater(doors, DOORS), pc.equal(doors, 0)))).column("id")
    if not len(fillers):
        return ids, []
    gone = pc.is_in(ids, value_set=fillers.combine_chunks())
    words = (
        f"{name} on the {side.which}: {len(fillers):,} too common to stand for people who live together, taken as empty"
    )
    return pc.if_else(gone, pa.scalar(None, pa.string()), ids), [words]


def _naming_several(side: Given, name: str, ids: pa.ChunkedArray) -> tuple[pa.ChunkedArray, list[str]]:
    """The ids, or none where each is of one person alone."""
    rows = pa.table({"id": ids, "person": side.text("person_id")}).filter(pc.is_valid(ids))
    people = rows.group_by("id").aggregate([("person", "count_distinct")]).column("person_count_distinct")
    if pc.count_distinct(rows.column("person")).as_py() < FEW or pc.max(people).as_py() > 1:
        return ids, []
    nothing = pa.chunked_array([pa.nulls(len(ids), pa.string())])
    return nothing, [f"{name} on the {side.which}: each of one person, so address and surname tell families"]


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
