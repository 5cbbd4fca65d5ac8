"""One month of the Single Housing Benefit Extract: its records checked for shape, as a table of claims and one of persons."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.claims.shbe_lines import (
    NotPlain,
    Piece,
    Source,
    Whole,
    open_month,
    pieces,
    put_right,
    read_lines,
    refuse_systematic,
    worked,
)
from hearthlink.sources.claims.shbe_records import Kept, read_claims, read_persons, together
from hearthlink.sources.claims.shbe_shape import REMEDY, Shape
from hearthlink.sources.reading.columns import Values, count, found_at, joined, only, whole
from hearthlink.sources.reading.marked import is_marked
from hearthlink.sources.reading.receipts import Tally
from hearthlink.sources.reading.text import open_extract

SOURCE = "shbe"
BAD_DATE = "a date not understood, taken as missing"
BAD_AMOUNT = "an amount not understood, taken as missing"
OTHER_TYPE = "record of another type, not needed"
MARKED_ADULT = "claimant or partner marked as a duplicate or a test, left out; the claim stays"
MENDED = "a record whose fields had slipped at one place that could be told, put right"

PAIR_MARK = "\x1f"
"""Stands between the two references of a claim; no reference holds it."""
NO_KEY = (0, 0)

CLAIM_COLUMNS = (
    "hb_ref", "ctr_ref", "address", "postcode", "passport", "dependants", "status", "decided", "start", "end", "changed", "pence",
)  # fmt: skip
FACT_COLUMNS = (
    "tenure", "rent", "rent_code", "eligible_rent", "bedrooms", "lha_rooms", "lha_rate", "dhp", "benefit_cap", "size_criteria",
    "non_dependants", "earnings", "other_income", "out_of_work_benefit", "jobseeker_benefit", "capital", "claimant_hours", "partner_hours",
    "end_reason", "arrears_payment",
)  # fmt: skip
PERSON_COLUMNS = (
    "hb_ref", "ctr_ref", "role", "reference", "forename", "middle", "surname", "birth", "sex", "start", "end", "record", "nino",
    "deduction",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Month:
    """A month as read: the reference date, the claims (`CLAIM_COLUMNS`, `FACT_COLUMNS`) and the persons in them (`PERSON_COLUMNS`).

    The two references stand as one column, `pair`, as dictionary codes; persons have also the day their claim `closed`.

    Dates are days since 1970-01-01. `record` is true where a row of persons stands for an S record of its own; claimants and
    partners stand in a D record. `nino` is a keyed number that no other run has, and is never kept.
    """

    scan: int
    claim: pa.Table
    person: pa.Table
    tally: Tally


@dataclass(frozen=True, slots=True)
class _Part:
    """What one piece of a file held."""

    claims: Kept
    persons: Kept
    records: int
    others: int
    ragged: tuple[int, ...]
    mended: int


def read_month(
    path: Path, *, nino_key: Sequence[int] = NO_KEY, threads: int | None = None, without: frozenset[str] = frozenset()
) -> Month:
    """The claims and persons of one monthly file, in any of the known layouts. Fields named in `without` stay empty.

    A record with another number of fields, or with text where dates and numbers belong, is put right where only one reading of it
    fits, and else set aside with its line; a file with many such records, or cut off before its trailer, raises DataProblem.
    """
    source = open_month(path)
    many = threads or min(4, os.cpu_count() or 1)
    try:
        sha256, parts = _parts(source, nino_key, many, without)
    except NotPlain:
        source = Source(path, source.file, source.shape, open_extract(path, SOURCE))
        sha256, parts = _parts(source, nino_key, many, without)
    return _month(source, sha256, parts)


def _parts(source: Source, nino_key: Sequence[int], threads: int, without: frozenset[str]) -> tuple[str, list[_Part]]:
    hashing = hashlib.sha256()
    work = partial(_part, shape=source.shape, file=source.file, nino_key=nino_key, without=without)
    parts = list(worked(pieces(source, hashing), work, threads))
    return (hashing.hexdigest() if source.text is None else source.text.sha256), parts


def _part(piece: Piece, *, shape: Shape, file: str, nino_key: Sequence[int], without: frozenset[str]) -> _Part:
    lines = read_lines(piece, shape, file)
    others = count(pc.invert(pc.is_in(lines.table.column("f1"), pa.array(["D", "S"])))) if len(lines.line) else 0
    claims, persons = read_claims(lines, nino_key, without), read_persons(lines, without)
    right = put_right(piece, shape, [*claims.shifted.tolist(), *persons.shifted.tolist()])
    if right is not None:
        claims = together(claims, read_claims(right, nino_key, without))
        persons = together(persons, read_persons(right, without))
    mended = lines.mended + (0 if right is None else len(right.line))
    return _Part(claims, persons, len(lines.line) + len(lines.ragged), others, lines.ragged, mended)


def _month(source: Source, sha256: str, parts: Sequence[_Part]) -> Month:
    claims = pa.concat_tables([part.claims.table for part in parts])
    persons = pa.concat_tables([part.persons.table for part in parts])
    ragged = sorted(line for part in parts for line in part.ragged)
    shifted = np.sort(
        np.concatenate(
            [kept.shifted for part in parts for kept in (part.claims, part.persons)] or [np.zeros(0, np.int64)]
        )
    )
    records = sum(part.records for part in parts)
    refuse_systematic(source.file, records, ragged, shifted.tolist())
    if not claims.num_rows:
        raise DataProblem("The file holds no claim.", file=source.file, remedy=REMEDY)
    counted = _tallied(source, sha256, parts, ragged, shifted)
    adults = [adult(claims, "claimant", "start", "end"), adult(claims, "partner", "partner_start", "partner_end")]
    claim = paired(claims.select([*CLAIM_COLUMNS, *FACT_COLUMNS]))
    marked = sum(count(is_marked(table.column("forename"), table.column("surname"))) for table in adults)
    person = closed(paired(pa.concat_tables([persons, *map(_unmarked, adults)])), claim)
    return Month(source.shape.day, claim, person, counted.noting(MARKED_ADULT, marked))


def _tallied(source: Source, sha256: str, parts: Sequence[_Part], ragged: Sequence[int], shifted: Whole) -> Tally:
    refused = {
        f"not {source.shape.width} fields{_first(ragged)}": len(ragged),
        f"fields shifted{_first(shifted.tolist())}": len(shifted),
        OTHER_TYPE: sum(part.others for part in parts),
    }
    kept = [one for part in parts for one in (part.claims, part.persons)]
    counted = Tally(
        SOURCE,
        source.file,
        sha256,
        sum(part.records for part in parts),
        refused,
        {BAD_DATE: sum(one.unread for one in kept)},
    )
    counted = counted.noting(BAD_AMOUNT, sum(one.unread_amounts for one in kept))
    counted = counted.noting(MENDED, sum(part.mended for part in parts))
    for one in kept:
        for reason, rows in one.refused.items():
            counted = counted.refusing(reason, rows)
    for note in source.shape.notes:
        counted = counted.noting(note, counted.rows_in)
    return (
        counted
        if source.text is None or source.text.note is None
        else counted.noting(source.text.note, counted.rows_in)
    )


def _first(lines: Sequence[int]) -> str:
    return f", first at line {min(lines):,}" if lines else ""


def paired(table: pa.Table) -> pa.Table:
    """The table with its two references as one column, `pair`, that holds each pair once."""
    pair = joined([pc.fill_null(table.column(name), "") for name in ("hb_ref", "ctr_ref")], PAIR_MARK)
    return table.drop_columns(["hb_ref", "ctr_ref"]).append_column("pair", pair.dictionary_encode())


def closed(person: pa.Table, claim: pa.Table) -> pa.Table:
    """The persons with the day their claim closed; empty where a claim of that pair of references still runs."""
    pair, end = claim.column("pair").cast(pa.string()), claim.column("end")
    shut = pa.table({"pair": pair, "end": end}).filter(pc.is_valid(end)).sort_by("end")
    coded = whole(person.column("pair"))
    row = found_at(coded.dictionary, shut.column("pair"))
    row = only(row, pc.invert(pc.is_in(coded.dictionary, whole(pair.filter(pc.is_null(end))))))
    return person.append_column("closed", shut.column("end").take(whole(row)).take(coded.indices))


def adult(claim: pa.Table, role: str, start: str, end: str) -> pa.Table:
    """Claimants or partners as persons. The claimant's dates are the claim's; the partner has dates of their own."""
    rows = claim.num_rows
    table = pa.table(
        {
            "hb_ref": claim.column("hb_ref"),
            "ctr_ref": claim.column("ctr_ref"),
            **{
                name: claim.column(f"{role}_{name}")
                for name in ("forename", "middle", "surname", "birth", "sex", "nino")
            },
            "role": pa.repeat(role, rows),
            "reference": pa.nulls(rows, pa.string()),
            "start": claim.column(start),
            "end": claim.column(end),
            "record": pa.array(np.zeros(rows, bool)),
            "deduction": pa.nulls(rows, pa.int64()),
        }
    )
    # A copy without names still tells who is there by their birth dates.
    named: Values = pc.or_(pc.is_valid(table.column("forename")), pc.is_valid(table.column("surname")))
    return table.filter(pc.or_(named, pc.is_valid(table.column("birth")))).select(PERSON_COLUMNS)


def _unmarked(table: pa.Table) -> pa.Table:
    return table.filter(pc.invert(is_marked(table.column("forename"), table.column("surname"))))
