"""Who belongs together within a file: the families of the left side and the households of the right, from whatever says so."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.standardise.families import MOST_CHILDREN
from hearthlink.standardise.given import Given
from hearthlink.standardise.homes import Homes

MOST_AT_HOME = 15
"""More people than this at one address, with nothing else to part them, are many households: each person stands alone."""

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


def families(left: Given, home: Homes, surname: pa.ChunkedArray) -> pa.ChunkedArray:
    """The family of each row: its family_id, else its household_id, else its address and surname together, else the person alone."""
    sharing = _not_crowded(pc.binary_join_element_wise(home.door, surname, "|"), left.text("person_id"), MOST_CHILDREN)
    return pc.coalesce(
        _named(BY_FAMILY, left.text("family_id")),
        _named(BY_HOUSEHOLD, left.text("household_id")),
        _named(BY_ADDRESS, sharing),
        _named(ALONE, left.text("person_id")),
    )


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
