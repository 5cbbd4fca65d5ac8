"""The households nearest to a child by plain likeness of names, birth dates and addresses, over the whole file.

It stands in for a search by hand: it knows nothing of the linkage, of which candidates that compared, or of what it found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

Number = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

SAME_PLACE, SAME_POSTCODE = 0.75, 0.25
"""What the same address or only the same postcode adds to the likeness of the likest member, which has 3 at most."""

UNLIKE = 0.75
"""Likeness of two names below which they count as having nothing in common (Jaro-Winkler)."""


def nearest(person: pa.Table, place: pa.Table, child_ids: Sequence[str], *, most: int) -> dict[str, list[str]]:
    """For each child the households most like it, best first, `most` at most; equals in the order of their ids."""
    is_child = pc.equal(person.column("side"), "child")
    member = person.filter(pc.invert(is_child))
    if member.num_rows == 0:
        return {child: [] for child in child_ids}
    child = _in_order(person.filter(is_child), "record_id", child_ids)
    # Members household by household, so that each household is one stretch of rows.
    member = member.take(pa.array(np.argsort(_distinct(member.column("group_id"))[1], kind="stable")))
    households, home = _distinct(member.column("group_id"))
    begins = np.flatnonzero(np.diff(home, prepend=-1))
    forename, surname = (_likeness(child, member, name) for name in ("forename", "surname"))
    births, born = child.column("birth_date").to_pylist(), _parts(member.column("birth_date"))
    places = _Places(place, child_ids, households)
    found: dict[str, list[str]] = {}
    for row, (record, birth) in enumerate(zip(child.column("record_id").to_pylist(), births, strict=True)):
        like = forename.of(row) + surname.of(row) + _birth_likeness(birth, born)
        best = np.round(np.maximum.reduceat(like, begins) + places.likeness(record), 6)
        least = np.partition(best, -most)[-most] if len(best) > most else -np.inf
        first = sorted((-best[seat], households[seat]) for seat in np.flatnonzero(best >= least).tolist())
        found[record] = [household for _, household in first[:most]]
    return found


def _in_order(table: pa.Table, column: str, wanted: Sequence[str]) -> pa.Table:
    options = pc.SetLookupOptions(table.column(column).combine_chunks())
    seats = pc.call_function("index_in", [pa.array(list(wanted), pa.string())], options)
    return table.take(seats.drop_null())


class _Likeness:
    """How alike the names of each child and each member are: each two names that occur are compared once."""

    def __init__(self, table: Number, child: Whole, member: Whole) -> None:
        self._table, self._child, self._member = table, child, member

    def of(self, row: int) -> Number:
        """Likeness of one child's name to every member's, (members,)."""
        return self._table[self._child[row]][self._member]


def _likeness(child: pa.Table, member: pa.Table, name: str) -> _Likeness:
    ours, mine = _distinct(child.column(name))
    theirs, its = _distinct(member.column(name))
    table = np.asarray(cdist(ours, theirs, scorer=JaroWinkler.similarity, dtype=np.float32), dtype=np.float64)
    table = np.where(table < UNLIKE, 0.0, table)
    table[[not one for one in ours], :] = 0.0
    table[:, [not one for one in theirs]] = 0.0
    return _Likeness(table, mine, its)


def _distinct(column: pa.ChunkedArray) -> tuple[list[str], Whole]:
    coded = column.cast(pa.string()).fill_null("").combine_chunks().dictionary_encode()
    return coded.dictionary.to_pylist(), coded.indices.to_numpy().astype(np.int64)


def _parts(column: pa.ChunkedArray) -> Whole:
    """Year, month and day of each date, -1 where there is none: (3, rows)."""
    dates = column.cast(pa.date32())
    parts = (pc.year(dates), pc.month(dates), pc.day(dates))
    return np.array([part.fill_null(-1).to_numpy() for part in parts], dtype=np.int64)


def _birth_likeness(birth: date | None, born: Whole) -> Number:
    """1 for the same date, two thirds where two parts agree or day and month changed places, else nought: (members,)."""
    if birth is None:
        return np.zeros(born.shape[1])
    same = (born == np.array([[birth.year], [birth.month], [birth.day]])).sum(axis=0)
    swapped = (born[0] == birth.year) & (born[1] == birth.day) & (born[2] == birth.month)
    return np.select([same == 3, (same == 2) | swapped], [1.0, 2 / 3], 0.0)


class _Places:
    """Which households were ever at the addresses of the children asked about."""

    def __init__(self, place: pa.Table, children: Sequence[str], households: Sequence[str]) -> None:
        self._seat = {household: seat for seat, household in enumerate(households)}
        self._at: dict[tuple[str, ...], set[str]] = {}
        self._of: dict[str, set[tuple[str, ...]]] = {}
        is_child = pc.equal(place.column("side"), "child")
        ours = _among(place.filter(is_child), "owner_id", children)
        for owner, keys in _keys(ours):
            self._of.setdefault(owner, set()).update(keys)
        asked = {key for keys in self._of.values() for key in keys}
        theirs = place.filter(pc.invert(is_child))
        for column in ("uprn", "postcode"):
            near = _among(theirs, column, sorted(key[1] for key in asked if key[0] == column))
            for owner, keys in _keys(near):
                for key in keys & asked:
                    self._at.setdefault(key, set()).add(owner)

    def likeness(self, child: str) -> Number:
        """What the addresses add, (households,)."""
        added = np.zeros(len(self._seat))
        for key in sorted(self._of.get(child, ())):
            worth = SAME_POSTCODE if key[0] == "postcode" else SAME_PLACE
            for household in self._at.get(key, ()):
                if household in self._seat:
                    seat = self._seat[household]
                    added[seat] = max(added[seat], worth)
        return added


def _among(table: pa.Table, column: str, wanted: Sequence[str]) -> pa.Table:
    options = pc.SetLookupOptions(pa.array(list(wanted), pa.string()))
    return table.filter(pc.call_function("is_in", [table.column(column)], options))


def _keys(place: pa.Table) -> Iterator[tuple[str, set[tuple[str, ...]]]]:
    """By what each address may agree with another: its property number, its postcode, and its door within the postcode."""
    columns = (place.column(name).to_pylist() for name in ("owner_id", "uprn", "postcode", "number"))
    for owner, uprn, postcode, number in zip(*columns, strict=True):
        keys: set[tuple[str, ...]] = {("uprn", uprn)} if uprn else set()
        if postcode:
            keys |= {("postcode", postcode)} | ({("door", postcode, number)} if number else set())
        yield owner, keys
