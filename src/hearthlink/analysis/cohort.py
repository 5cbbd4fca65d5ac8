"""The research room as arrays: children, the households each may be in, the draws that choose among them, and households by month.

Everything stands in an order that its own content gives, never a pseudonym: two runs have other pseudonyms and the same figures,
those that random numbers go into among them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import OurFault
from hearthlink.tables.measures import MONTHS

Whole = npt.NDArray[np.int64]
Small = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]
Hash = npt.NDArray[np.uint64]

UNSEEN = -1
"""A value that is not known: never a no."""

READS = (
    "research_child", "research_candidate", "research_draw", "research_household", "research_stretch", "research_event",
    "research_child_event", "research_calendar",
)  # fmt: skip
"""The tables a cohort is made from; one at a baseline, from those called `_before` too."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Households by month: `stretches` and `events` with the household's place in `household` and `struck`, and the `calendar`.

    `size` is the number of households. Column 0 of an array by month is month 1.
    """

    size: int
    stretches: pa.Table
    household: Whole
    events: pa.Table
    struck: Whole
    calendar: pa.Table
    kept: dict[str, npt.NDArray[Any]] = field(default_factory=dict[str, "npt.NDArray[Any]"], repr=False, compare=False)
    """What was asked once and is asked again and again."""

    def state(self, name: str, coded: Mapping[str, int] | None = None) -> Small:
        """A state column by household and month, shape (households, 48): its number, 1 or 0 for a flag, -1 where it is not seen.

        A column of words needs `coded`: a number for each word; a word that is not there is not seen. Raises OurFault without.
        """
        column = self.stretches.column(name).combine_chunks()
        if pa.types.is_string(column.type):
            if coded is None:
                raise OurFault(f"The state {name} is in words: say the number of each.")
            words = column.dictionary_encode()
            numbers = np.array([coded.get(word, UNSEEN) for word in words.dictionary.to_pylist()] or [UNSEEN], np.int8)
            codes = pc.fill_null(words.indices, -1).to_numpy()
            values = np.where(codes < 0, UNSEEN, numbers[np.maximum(codes, 0)]).astype(np.int8)
        else:
            values = pc.fill_null(column.cast(pa.int8()), UNSEEN).to_numpy().astype(np.int8)
        return self._spread(values)

    def observed(self) -> Flags:
        """Whether each household was observed in each month, shape (households, 48)."""
        if "observed" not in self.kept:
            self.kept["observed"] = self._spread(np.ones(self.stretches.num_rows, np.int8), empty=0).astype(bool)
        return self.kept["observed"]

    def had(self, kinds: Sequence[str], *, dose: int | None = None) -> Flags:
        """Whether an event of any of these kinds, of this dose where one is asked for, befell each household in each month."""
        kept = pc.call_function(
            "is_in", [self.events.column("kind")], pc.SetLookupOptions(pa.array(kinds, pa.string()))
        )
        kept = np.asarray(kept)
        if dose is not None:
            kept &= pc.fill_null(self.events.column("dose"), 0).to_numpy() == dose
        month = self.events.column("month").to_numpy() - 1
        kept &= (month >= 0) & (month < MONTHS)
        result = np.zeros((self.size, MONTHS), bool)
        result[self.struck[kept], month[kept]] = True
        return result

    def _spread(self, values: Small, empty: int = UNSEEN) -> Small:
        result = np.full((self.size, MONTHS), empty, np.int8)
        length, cells = self._cells()
        result.ravel()[cells] = np.repeat(values, length)
        return result

    def _cells(self) -> tuple[Whole, Whole]:
        """How many months each stretch has, and where each of them lies in an array by household and month."""
        if "cells" not in self.kept:
            first = np.maximum(self.stretches.column("first_month").to_numpy(), 1) - 1
            last = np.minimum(self.stretches.column("last_month").to_numpy(), MONTHS) - 1
            length = np.maximum(last - first + 1, 0)
            begun = np.repeat(self.household * MONTHS + first - np.cumsum(length) + length, length)
            self.kept.update(length=length, cells=begun + np.arange(begun.size))
        return self.kept["length"], self.kept["cells"]


@dataclass(frozen=True, slots=True)
class Cohort:
    """The counted children and all they may be linked with.

    `children` and `candidates` are tables in the order of the arrays. `family`, `first` (place of a child's first candidate), `count`
    (of candidates), `best` (place of the candidate the best link has, -1 for none) and `index_month` have a place for each child;
    `household` (a place in `households`, -1 for none) and `child` one for each candidate. `ranks`, of shape (children, draws), is the
    candidate of each draw, from `first`; -1 throughout for a child that was not linked.
    """

    children: pa.Table
    family: Whole
    first: Whole
    count: Whole
    best: Whole
    index_month: Whole
    candidates: pa.Table
    child: Whole
    household: Whole
    ranks: npt.NDArray[np.int16]
    households: pa.Table
    panel: Panel
    child_events: pa.Table
    struck_candidate: Whole
    """For each row of `child_events` the place of its candidate."""

    @property
    def draws(self) -> int:
        """How many draws of the linkage there are."""
        return int(self.ranks.shape[1])

    def drawn(self, values: Small, *, none: int = UNSEEN) -> Small:
        """What each draw says of each child, shape (children, draws), from a value for each candidate; `none` where it was not linked."""
        result = np.full(self.ranks.shape, none, np.int8)
        linked = (self.ranks[:, 0] >= 0) if self.draws else np.zeros(len(self.first), bool)
        result[linked] = values[self.first[linked, None] + self.ranks[linked]]
        return result

    def by_best(self, values: Small, *, none: int = UNSEEN) -> Small:
        """What the best link says of each child, shape (children,); `none` where it has no candidate."""
        return np.where(self.best < 0, none, values[np.maximum(self.best, 0)] if len(values) else none).astype(np.int8)

    def at_offset(self, by_month: Small | Flags, offset: int, *, empty: int = UNSEEN) -> Small:
        """For each candidate its household's value `offset` months from the month of the child's referral, shape (candidates,)."""
        month = self.index_month[self.child] - 1 + offset
        known = (self.household >= 0) & (month >= 0) & (month < MONTHS)
        result = np.full(self.household.shape, empty, np.int8)
        result[known] = by_month[self.household[known], month[known]]
        return result


def cohort(tables: Mapping[str, pa.Table], baseline: int | None = None) -> Cohort:
    """The arrays of a study's research room, linked as at the day of referral or as at a `baseline` of 12 or 24 months before it.

    Trap met: a cohort of children who were linked on the day of referral has survived the very cuts that are studied. At a baseline the
    candidates, draws and events are those of the links as at that day; a child that was not born by then has none, as one not linked.
    Raises OurFault where the tables do not fit together.
    """
    if baseline is not None:
        tables = {**tables, **_as_at(tables, baseline)}
    counted = tables["research_child"].filter(tables["research_child"].column("counted"))
    households, stretches, events = (
        tables[name] for name in ("research_household", "research_stretch", "research_event")
    )
    names = households.column("household_pseudonym")
    household, struck = (_places(one.column("household_pseudonym"), names) for one in (stretches, events))
    if (household < 0).any() or (struck < 0).any():
        raise OurFault("A month or an event is of a household that is not there.")
    drawn = tables["research_draw"]
    own = _hashes(counted) + _hashes(
        _at(drawn, _places(counted.column("child_pseudonym"), drawn.column("child_pseudonym")))
    )
    theirs = (
        _hashes(households)
        + _summed(_hashes(stretches), household, len(names))
        + _summed(_hashes(events), struck, len(names))
    )
    candidates = tables["research_candidate"]
    of = _places(candidates.column("child_pseudonym"), counted.column("child_pseudonym"))
    candidates, of = candidates.filter(pa.array(of >= 0)), of[of >= 0]
    place = _places(candidates.column("household_pseudonym"), names)
    if ((place < 0) & candidates.column("household_pseudonym").is_valid().to_numpy()).any():
        raise OurFault("A candidate is a household that is not there.")
    # Whose neighbours differ differ too: one round tells households with the same months but other children apart.
    between = _hashes(candidates)
    own_wide = _mixed(own) + _summed(_mixed(between + np.where(place < 0, 0, theirs[place])), of, len(own))
    kept = place >= 0
    theirs_wide = _mixed(theirs) + _summed(_mixed(between[kept] + own[of[kept]]), place[kept], len(theirs))
    return _ordered(
        tables, counted, candidates, (of, place, household, struck),
        children_order=_by_family(own_wide, _codes(counted.column("family_pseudonym"))), households_order=np.argsort(theirs_wide, kind="stable"),
    )  # fmt: skip


def _as_at(tables: Mapping[str, pa.Table], baseline: int) -> dict[str, pa.Table]:
    """The tables of the links as at a baseline in place of those of the day."""
    linked = {
        name: tables[f"{name}_before"] for name in ("research_candidate", "research_draw", "research_child_event")
    }
    return {
        name: table.filter(pc.equal(table.column("months"), baseline)).drop_columns(["months"])
        for name, table in linked.items()
    }


def _by_family(own: Hash, family: Whole) -> Whole:
    """The children family by family: families that are alike in everything are whole blocks, which may change places unseen."""
    families = _summed(_mixed(own), family, int(family.max(initial=-1)) + 1)
    return np.lexsort((own, family, families[family]))


def _ordered(
    tables: Mapping[str, pa.Table],
    counted: pa.Table,
    candidates: pa.Table,
    places: tuple[Whole, Whole, Whole, Whole],
    *,
    children_order: Whole,
    households_order: Whole,
) -> Cohort:
    """Everything in the order of its content."""
    of, place, household, struck = places
    to_child, to_household = np.argsort(children_order), np.append(np.argsort(households_order), -1)
    of, place = to_child[of], to_household[place]
    rank = candidates.column("rank").to_numpy()
    order = np.lexsort((rank, of))
    candidates, of, place, rank = candidates.take(pa.array(order)), of[order], place[order], rank[order]
    children = counted.take(pa.array(children_order))
    count = np.bincount(of, minlength=len(children))
    first = np.cumsum(count) - count
    if (rank != np.arange(len(of)) - first[of]).any():
        raise OurFault("The ranks of a child's candidates are not 0, 1, 2, …")
    best = np.full(len(children), -1)
    is_best = np.asarray(candidates.column("best"))
    best[of[is_best]] = np.flatnonzero(is_best)
    ranks = _ranks(tables["research_draw"], children.column("child_pseudonym"), count)
    happened, where = _child_events(tables["research_child_event"], children.column("child_pseudonym"), first, count)
    panel = Panel(
        len(households_order), tables["research_stretch"], to_household[household], tables["research_event"],
        to_household[struck], tables["research_calendar"].sort_by("month"),
    )  # fmt: skip
    return Cohort(
        children, _codes(children.column("family_pseudonym")), first, count, best, children.column("index_month").to_numpy(),
        candidates, of, place, ranks, tables["research_household"].take(pa.array(households_order)), panel, happened, where,
    )  # fmt: skip


def _ranks(drawn: pa.Table, children: pa.ChunkedArray, count: Whole) -> npt.NDArray[np.int16]:
    column = drawn.column("ranks").combine_chunks()
    flat = column.flatten().to_numpy(zero_copy_only=False)
    draws = len(flat) // len(column) if len(column) else 0
    if draws * len(column) != len(flat):
        raise OurFault("Children have different numbers of draws.")
    row = _places(children, drawn.column("child_pseudonym"))
    result = np.full((len(row), draws), -1, np.int16)
    linked = (row >= 0) & (count > 0)
    if draws:
        result[linked] = flat.reshape(-1, draws)[row[linked]]
        if (result[linked] < 0).any() or (result[linked].max(axis=1, initial=-1) >= count[linked]).any():
            raise OurFault("A draw points to a candidate that is not there.")
    return result


def _child_events(events: pa.Table, children: pa.ChunkedArray, first: Whole, count: Whole) -> tuple[pa.Table, Whole]:
    """The events of counted children, and the place of the candidate each is of."""
    child, rank = _places(events.column("child_pseudonym"), children), events.column("rank").to_numpy()
    kept = child >= 0
    if (rank[kept] >= count[child[kept]]).any():
        raise OurFault("An event is of a candidate that is not there.")
    return events.filter(pa.array(kept)), first[child[kept]] + rank[kept]


def _places(values: pa.ChunkedArray, among: pa.ChunkedArray) -> Whole:
    """Where each value stands in another column; -1 where it does not, or is empty."""
    found = pc.call_function("index_in", [values], pc.SetLookupOptions(among.combine_chunks(), skip_nulls=True))
    return pc.fill_null(found, -1).to_numpy().astype(np.int64)


def _codes(values: pa.ChunkedArray) -> Whole:
    """A number for each distinct value, in the order in which they are met."""
    return values.combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)


def _at(table: pa.Table, rows: Whole) -> pa.Table:
    """Rows of a table by place; empty ones where the place is -1."""
    return table.take(pa.array(rows, mask=rows < 0))


def _mixed(values: Hash) -> Hash:
    """The finaliser of splitmix64 (Steele, Lea and Flood 2014): like values stay alike and unlike ones fall far apart."""
    with np.errstate(over="ignore"):
        values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _summed(values: Hash, groups: Whole, size: int) -> Hash:
    """The sum of hashes over each group: no order of rows matters."""
    result = np.zeros(size, np.uint64)
    with np.errstate(over="ignore"):
        np.add.at(result, groups, values)
    return result


def _hashes(table: pa.Table) -> Hash:
    """A hash of each row by its content, pseudonyms left out."""
    total = np.zeros(table.num_rows, np.uint64)
    with np.errstate(over="ignore"):
        for name in table.column_names:
            if not name.endswith("_pseudonym"):
                total += _mixed(_column_hash(table.column(name).combine_chunks()) + _word(name))
    return _mixed(total)


def _word(text: object) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(repr(text).encode(), digest_size=8).digest(), "little"))


def _column_hash(column: pa.Array) -> Hash:
    if pa.types.is_list(column.type):
        return _list_hash(column)
    coded = column.dictionary_encode()
    words = np.array([_word(value) for value in coded.dictionary.to_pylist()] + [_word(None)], np.uint64)
    return words[pc.fill_null(coded.indices, len(words) - 1).to_numpy()]


def _list_hash(column: pa.Array) -> Hash:
    """A hash of each list, by its values and their places."""
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy().astype(np.int64)
    starts = np.cumsum(lengths) - lengths
    weights = _mixed(np.arange(1, int(lengths.max(initial=0)) + 1, dtype=np.uint64))
    flat = column.flatten()
    whole = pa.types.is_integer(flat.type)
    values = flat.to_numpy(zero_copy_only=False).astype(np.uint64) + np.uint64(1) if whole else _column_hash(flat)
    result = np.zeros(len(column), np.uint64)
    held = lengths > 0
    if held.any():
        with np.errstate(over="ignore"):
            values = values * weights[np.arange(len(values)) - np.repeat(starts, lengths)]
            result[held] = np.add.reduceat(values, starts[held])
    return result
