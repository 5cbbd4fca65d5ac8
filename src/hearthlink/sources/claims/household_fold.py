"""Monthly files brought together as they are read: what is said again from month to month is kept once, with its first and last month.

Thirteen months of one town say nearly the same thirteen times. Persons are kept once for each thing said of them, addresses and names
once for each spelling, and circumstances once for each run of months over which none changed; of a month itself only numbers stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.claims.month_spans import Span
from hearthlink.sources.claims.shbe import Month
from hearthlink.sources.claims.shbe_layout import PASSPORTED, STANDARD
from hearthlink.sources.reading.columns import Values, blank_to_missing, found_at, only, whole
from hearthlink.sources.reading.receipts import Tally

Whole: TypeAlias = npt.NDArray[np.int64]
Matrix: TypeAlias = npt.NDArray[np.int32]

MARK = "\x1f"
"""Stands between the parts of a text that is kept as one; no part holds it."""
NOT_HELD = np.iinfo(np.int32).min
FEWER = "claims that list fewer dependants than they state"

RUN_FACTS = (
    "status_no", "hb", "tenure_no", "rent", "rent_code_no", "eligible_rent", "bedrooms", "lha_rooms", "lha_rate", "dhp", "benefit_cap",
    "size_criteria", "non_dependant_deduction", "passported", "earnings", "other_income", "out_of_work_benefit",
    "jobseeker_benefit", "capital", "claimant_hours", "partner_hours", "end_reason_no", "arrears_payment",
)  # fmt: skip
"""What a run of months holds of a claim, as whole numbers."""
STATES = ("", "in_payment", "suspended", "nil", "ended")


class Words:
    """Texts by number, each kept once in the order in which it first came."""

    def __init__(self) -> None:
        self._known = pa.array([], pa.string())

    def number(self, values: Values) -> pa.Array:
        """The number of each text; new ones are added, and a missing text has none."""
        coded = whole(values) if pa.types.is_dictionary(values.type) else whole(values).dictionary_encode()
        known = len(self._known)
        place = pc.index_in(coded.dictionary, value_set=self._known)
        if place.null_count:
            fresh = pc.is_null(place)
            self._known = pa.concat_arrays([self._known, whole(coded.dictionary.filter(fresh))])
            added = known - 1 + np.cumsum(fresh.to_numpy(zero_copy_only=False), dtype=np.int32)
            place = pc.coalesce(place, pa.array(added, pa.int32()))
        return place.take(coded.indices)

    @property
    def texts(self) -> pa.Array:
        """Every text, by its number."""
        return self._known


@dataclass(frozen=True, slots=True)
class Folded:
    """Every month brought together.

    claim: a row for each claim and month, of numbers alone. listing: a row for each thing said of a person in one part of time. records:
    how many records of persons each claim had in each file. run: circumstances over runs of months (`RUN_FACTS`). month: the days of each
    file, and its part of time. pair and codes give the texts of their numbers.
    """

    claim: pa.Table
    listing: pa.Table
    records: pa.Table
    run: pa.Table
    month: pa.Table
    pair: pa.Array
    codes: pa.Array
    tallies: tuple[Tally, ...]


def fold(months: Iterable[tuple[Month, Span]], addresses: Words) -> Folded | None:
    """Every month brought together, oldest first; each is let go before the next is asked for. None where there is no month.

    Addresses are kept once in `addresses`, as `together` writes address and postcode.
    """
    pairs, names, references, codes = Words(), Words(), Words(), Words()
    claim: list[pa.Table] = []
    records: list[pa.Table] = []
    listings: dict[int, pa.Table] = {}
    tallies: list[Tally] = []
    told: list[Span] = []
    runs = _Runs()
    for month, span in months:
        claim_pair, person_pair = pairs.number(month.claim.column("pair")), pairs.number(month.person.column("pair"))
        claim.append(_claims(month, span, claim_pair, addresses))
        records.append(_records(month.person, span, person_pair))
        said = _listing(listings.get(span.part), month.person, span, person_pair, names=names, references=references)
        listings[span.part] = said
        facts, fewer = _facts(month, claim_pair, person_pair, codes)
        runs.add(facts, month.claim, claim_pair, span, len(pairs.texts))
        tallies.append(month.tally.noting(FEWER, fewer))
        told.append(span)
    if not listings:
        return None
    listing = pa.concat_tables(
        [said.append_column("part", same(part, said.num_rows)) for part, said in listings.items()]
    )
    return Folded(
        pa.concat_tables(claim),
        _named(listing, names.texts, references.texts),
        pa.concat_tables(records),
        runs.table(),
        _month_table(told),
        pairs.texts,
        codes.texts,
        tuple(tallies),
    )


def parted(texts: pa.Array, parts: int) -> list[pa.Array]:
    """The parts of texts that were kept as one; a part with nothing in it is empty."""
    if not len(texts):
        return [pa.array([], pa.string())] * parts
    split = pc.split_pattern(texts, MARK)
    return [whole(blank_to_missing(pc.list_element(split, place))) for place in range(parts)]


def together(columns: Sequence[Values]) -> pa.Array:
    """Texts of a row kept as one, which `parted` parts again."""
    filled = [pc.fill_null(column, "") for column in columns]
    return pc.binary_join_element_wise(*[whole(column) for column in filled], MARK)


def _claims(month: Month, span: Span, pair: pa.Array, addresses: Words) -> pa.Table:
    claim = month.claim
    rows = claim.num_rows
    there = pc.or_(pc.is_valid(claim.column("address")), pc.is_valid(claim.column("postcode")))
    place = together([claim.column("address"), claim.column("postcode")])
    return pa.table(
        {
            "pair": pair,
            "address_no": addresses.number(only(place, whole(there))).cast(pa.int32()),
            "passported": _passported(claim.column("passport")),
            "status": _code(claim.column("status")),
            **{name: claim.column(name) for name in ("dependants", "decided", "start", "end", "changed", "pence")},
            "file_no": same(span.file_no, rows),
            "seen_from": same(span.seen_from, rows),
            "seen_to": same(span.seen_to, rows),
            "is_first": pa.array(np.full(rows, span.is_first)),
            "is_last": pa.array(np.full(rows, span.is_last)),
        }
    )


def _passported(passport: Values) -> Values:
    told = pc.is_in(passport, pa.array([*PASSPORTED, *STANDARD]))
    return only(pc.is_in(passport, pa.array(PASSPORTED)), told)


def _code(column: Values) -> pa.Array:
    digits = pc.fill_null(pc.match_substring_regex(column, r"^\d\d?$"), fill_value=False)
    return whole(only(column, digits)).cast(pa.int32())


def same(value: int, rows: int) -> pa.Array:
    """One whole number, so many times."""
    return pa.array(np.full(rows, value, np.int32))


def _records(person: pa.Table, span: Span, pair: pa.Array) -> pa.Table:
    """How many records of persons each claim had."""
    mask = whole(person.column("record"))
    counted = pa.table({"pair": pair.filter(mask)}).group_by("pair", use_threads=False).aggregate([("pair", "count")])
    return pa.table(
        {
            "pair": counted.column("pair"),
            "file_no": same(span.file_no, counted.num_rows),
            "records": counted.column("pair_count"),
        }
    )


SAID = ("pair", "role_no", "reference_no", "name_no", "birth", "sex_no", "start", "end", "closed", "nino")
ROLES = ("claimant", "partner", "dependant", "non_dependant")
SEXES = ("F", "M")


def _listing(
    before: pa.Table | None, person: pa.Table, span: Span, pair: pa.Array, *, names: Words, references: Words
) -> pa.Table:
    rows = person.num_rows
    now = pa.table(
        {
            "pair": pair,
            "role_no": pc.index_in(person.column("role"), value_set=pa.array(ROLES)),
            "reference_no": references.number(person.column("reference")),
            "name_no": names.number(together([person.column(name) for name in ("forename", "middle", "surname")])),
            "birth": person.column("birth"),
            "sex_no": references.number(person.column("sex")),
            **{name: person.column(name) for name in ("start", "end", "closed", "nino")},
            "seen_from": same(span.seen_from, rows),
            "seen_to": same(span.seen_to, rows),
            "file_no": same(span.file_no, rows),
            "is_last": same(int(span.is_last), rows),
        }
    )
    held = now if before is None else pa.concat_tables([before.select(now.column_names), now])
    folded = held.group_by(list(SAID), use_threads=False).aggregate(
        [("seen_from", "min"), ("seen_to", "max"), ("file_no", "max"), ("is_last", "max")]
    )
    said = dict(
        zip(
            ("seen_from_min", "seen_to_max", "file_no_max", "is_last_max"),
            ("seen_from", "seen_to", "file_no", "is_last"),
            strict=True,
        )
    )
    return folded.rename_columns([said.get(name, name) for name in folded.column_names])


def _named(listing: pa.Table, names: pa.Array, references: pa.Array) -> pa.Table:
    forename, middle, surname = (part.take(whole(listing.column("name_no"))) for part in parted(names, 3))
    return pa.table(
        {
            **{
                name: listing.column(name)
                for name in (
                    "pair",
                    "birth",
                    "start",
                    "end",
                    "closed",
                    "nino",
                    "seen_from",
                    "seen_to",
                    "file_no",
                    "part",
                )
            },
            "role": pa.array(ROLES).take(whole(listing.column("role_no"))),
            "reference": references.take(whole(listing.column("reference_no"))),
            "sex": references.take(whole(listing.column("sex_no"))),
            "forename": forename,
            "middle": middle,
            "surname": surname,
            "forename_key": pc.utf8_upper(forename),
            "is_last": pc.equal(listing.column("is_last"), 1),
        }
    )


def _facts(month: Month, claim_pair: pa.Array, person_pair: pa.Array, codes: Words) -> tuple[Matrix, int]:
    """A row of `RUN_FACTS` for each claim of the month, and how many claims list fewer dependants than they state."""
    claim, person = month.claim, month.person
    deducted = _of_pair(person, person_pair, claim_pair, "deduction")
    none = pc.equal(claim.column("non_dependants"), 0)
    listed = person.filter(_listed(person, month.scan))
    listed_pair = person_pair.filter(_listed(person, month.scan))
    lists = pc.fill_null(_of_pair(listed, listed_pair, claim_pair, "record"), 0)
    fewer = pc.greater(pc.fill_null(claim.column("dependants"), 0), lists)
    state = _states(claim, month.scan)
    ended = pc.equal(state, STATES.index("ended"))
    columns: dict[str, Values] = {
        "status_no": state,
        "hb": only(claim.column("pence"), pc.invert(ended)),
        "passported": _passported(claim.column("passport")),
        "non_dependant_deduction": pc.coalesce(deducted, pc.if_else(pc.fill_null(none, fill_value=False), 0, None)),
        **{f"{name}_no": codes.number(claim.column(name)) for name in ("tenure", "rent_code", "end_reason")},
    }
    matrix = np.empty((claim.num_rows, len(RUN_FACTS)), np.int32)
    for place, name in enumerate(RUN_FACTS):
        matrix[:, place] = _small(columns[name] if name in columns else claim.column(name))
    return matrix, int(pc.sum(fewer).as_py() or 0)


def _listed(person: pa.Table, scan: int) -> pa.Array:
    runs = pc.fill_null(pc.greater_equal(person.column("end"), scan), fill_value=True)
    return whole(pc.and_(pc.equal(person.column("role"), "dependant"), runs))


def _of_pair(person: pa.Table, person_pair: pa.Array, claim_pair: pa.Array, name: str) -> pa.Array:
    """The sum of a column of persons for each claim; empty where none holds a value."""
    held = pa.table({"pair": person_pair, "held": person.column(name).cast(pa.int64())})
    held = held.filter(pc.is_valid(held.column("held")))
    total = held.group_by("pair", use_threads=False).aggregate([("held", "sum")])
    return whole(total.column("held_sum").take(found_at(claim_pair, total.column("pair"))))


def _small(column: Values) -> Matrix:
    """Whole numbers as they are kept in a run; one that no household can have is not held."""
    numbers = whole(column)
    if numbers.type == pa.int32():
        held = pc.fill_null(numbers, NOT_HELD).to_numpy(zero_copy_only=False)
        return np.where(held == -NOT_HELD - 1, NOT_HELD, held)
    wide = pc.fill_null(numbers.cast(pa.int64()), NOT_HELD).to_numpy(zero_copy_only=False)
    return np.where(np.abs(wide) < 2**31 - 1, wide, NOT_HELD).astype(np.int32)


def _states(claim: pa.Table, scan: int) -> pa.Array:
    """How each claim stands on the reference date, by its place in `STATES`, as awards have it."""
    status, pence = _code(claim.column("status")), claim.column("pence")
    ended = pc.fill_null(pc.less_equal(claim.column("end"), scan), fill_value=False)
    flag = {n: whole(pc.fill_null(pc.equal(status, n), fill_value=False)) for n in (0, 1, 2)}
    nothing = whole(pc.and_(pc.fill_null(pc.equal(pence, 0), fill_value=False), pc.is_valid(status)))
    undecided = pc.and_(flag[0], pc.and_(pc.is_null(pence), pc.is_null(claim.column("decided"))))
    some = pc.and_(flag[0], pc.fill_null(pc.greater(pence, 0), fill_value=False))
    conditions = pa.StructArray.from_arrays(
        [whole(one) for one in (ended, flag[2], nothing, flag[1], undecided, some, flag[0])], list("abcdefg")
    )
    return whole(pc.case_when(conditions, 4, 2, 3, 1, 0, 3, 4, 0))


class _Runs:
    """Runs of months over which a claim's circumstances stayed as they were."""

    def __init__(self) -> None:
        self._last = np.zeros((0, len(RUN_FACTS)), np.int32)
        self._run_of = np.zeros(0, np.int64)
        self._last_file = np.zeros(0, np.int32)
        self._ends = np.zeros(0, np.int32)
        self._parts: list[pa.Table] = []
        self._rows = 0

    def add(self, facts: Matrix, claim: pa.Table, pair: pa.Array, span: Span, pairs: int) -> None:
        """A month's circumstances: a run goes on where nothing changed since the file before, and else another begins."""
        self._grow(pairs)
        numbers = pair.to_numpy(zero_copy_only=False)
        first = np.zeros(len(numbers), bool)
        first[np.unique(numbers, return_index=True)[1]] = True
        on = (self._last_file[numbers] == span.file_no - 1) & (self._last_file[numbers] > 0) & first
        on &= (self._last[numbers] == facts).all(axis=1)
        fresh = np.flatnonzero(~on & first)
        rows = self._rows + np.arange(len(fresh))
        self._parts.append(_run_table(facts[fresh], claim.take(pa.array(fresh)), numbers[fresh], span))
        self._ends[self._run_of[numbers[on]]] = span.file_no
        self._ends = np.append(self._ends, np.full(len(fresh), span.file_no, np.int32))
        self._rows += len(fresh)
        self._last[numbers[fresh]] = facts[fresh]
        self._run_of[numbers[fresh]] = rows
        self._last_file[numbers[first]] = span.file_no

    def table(self) -> pa.Table:
        """Every run, with the last file it was seen in."""
        return pa.concat_tables(self._parts).append_column("last_file", pa.array(self._ends)).combine_chunks()

    def _grow(self, pairs: int) -> None:
        more = pairs - len(self._run_of)
        self._last = np.concatenate([self._last, np.full((more, len(RUN_FACTS)), NOT_HELD, np.int32)])
        self._run_of = np.append(self._run_of, np.full(more, -1, np.int64))
        self._last_file = np.append(self._last_file, np.zeros(more, np.int32))


def _run_table(facts: Matrix, claim: pa.Table, pair: npt.NDArray[np.int64], span: Span) -> pa.Table:
    columns = {
        name: pa.array(facts[:, place], mask=facts[:, place] == NOT_HELD) for place, name in enumerate(RUN_FACTS)
    }
    days = {name: claim.column(name) for name in ("start", "end", "changed")}
    return pa.table(
        {"pair": pa.array(pair.astype(np.int32)), "first_file": same(span.file_no, len(pair)), **days, **columns}
    )


def _month_table(told: Sequence[Span]) -> pa.Table:
    return pa.table(
        {
            "file_no": pa.array([span.file_no for span in told], pa.int32()),
            "seen_from": pa.array([span.seen_from for span in told], pa.int32()),
            "seen_to": pa.array([span.seen_to for span in told], pa.int32()),
            "part": pa.array([span.part for span in told], pa.int32()),
        }
    )
