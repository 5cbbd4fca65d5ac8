"""One month of the Single Housing Benefit Extract: its records checked for shape, as a table of claims and one of persons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.columns import Values, count, each, found_at, joined, matches, only, trimmed, whole
from hearthlink.sources.dates import Days, read_days
from hearthlink.sources.marked import REASON, is_marked
from hearthlink.sources.receipts import Tally, tally
from hearthlink.sources.shbe_layout import CLAIM, KEYS, PERSON, PROBES, ROLES, WIDTH, Field, Holds
from hearthlink.sources.shbe_lines import REMEDY, Lines, Whole, read_lines, refuse_systematic, scan_day
from hearthlink.sources.text import open_extract

SOURCE = "shbe"
BAD_DATE = "a date not understood, taken as missing"
UNKNOWN_KIND = "neither dependant nor non-dependant"
OTHER_TYPE = "record of another type, not needed"
NO_REFERENCE = "no claim reference"
MARKED_ADULT = "claimant or partner marked as a duplicate or a test, left out; the claim stays"

DATE_SHAPED = r"\d\d?[-/]\d\d?[-/]\d{4}"
SHAPES = {Holds.PENCE: r"^-?\d+$", Holds.CODE: r"^\d\d?$", Holds.COUNT: r"^\d+$"}
NATIONAL_INSURANCE = r"(?i)^[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-Z]?$"
PAIR_MARK = "\x1f"
"""Stands between the two references of a claim; no reference holds it."""
SHIFTED_AT = 2
"""So many fields that cannot hold what they do, and a record's fields have shifted. A date where none can be counts as two."""

CLAIM_COLUMNS = (
    "hb_ref",
    "ctr_ref",
    "address",
    "postcode",
    "passport",
    "dependants",
    "status",
    "decided",
    "start",
    "end",
    "changed",
    "pence",
)
PERSON_COLUMNS = (
    "hb_ref",
    "ctr_ref",
    "role",
    "reference",
    "forename",
    "middle",
    "surname",
    "birth",
    "sex",
    "start",
    "end",
    "record",
)


@dataclass(frozen=True, slots=True)
class Month:
    """A month as read: the reference date, the claims (`CLAIM_COLUMNS`) and the persons in them (`PERSON_COLUMNS`).

    The two references stand as one column, `pair`, as dictionary codes; persons have also the day their claim `closed`.

    Dates are days since 1970-01-01. `record` is true where a row of persons stands for an S record of its own; claimants and
    partners stand in a D record.
    """

    scan: int
    claim: pa.Table
    person: pa.Table
    tally: Tally


@dataclass(frozen=True, slots=True)
class _Kept:
    """Records of one type as columns; which are out of shape; and counts of those set aside and of dates not read."""

    table: pa.Table
    shifted: Whole
    refused: Mapping[str, int]
    unread: int


def read_month(path: Path) -> Month:
    """The claims and persons of one monthly file.

    A record with another number of fields, or with text where dates and numbers belong, is set aside with its line; a file
    with many such records, or cut off before its trailer, raises DataProblem.
    """
    extract = open_extract(path, SOURCE)
    scan = scan_day(extract)
    lines = read_lines(extract)
    claims, persons = _claims(lines), _persons(lines)
    shifted = np.sort(np.concatenate([claims.shifted, persons.shifted]))
    records = len(lines.line) + len(lines.ragged)
    refuse_systematic(extract, records, lines.ragged, shifted)
    if not claims.table.num_rows:
        raise DataProblem("The file holds no claim.", file=extract.file, remedy=REMEDY)
    refused = {
        f"not {WIDTH} fields{_first(lines.ragged)}": len(lines.ragged),
        f"fields shifted{_first(shifted.tolist())}": len(shifted),
        OTHER_TYPE: count(pc.invert(pc.is_in(lines.table.column("f1"), pa.array(["D", "S"])))),
    }
    counted = tally(extract, records, refused, {BAD_DATE: claims.unread + persons.unread})
    for kept in (claims, persons):
        for reason, rows in kept.refused.items():
            counted = counted.refusing(reason, rows)
    adults = [
        _adult(claims.table, "claimant", "start", "end"),
        _adult(claims.table, "partner", "partner_start", "partner_end"),
    ]
    claim = _paired(claims.table.select(CLAIM_COLUMNS))
    marked = sum(count(is_marked(table.column("forename"), table.column("surname"))) for table in adults)
    person = _closed(_paired(pa.concat_tables([persons.table, *map(_unmarked, adults)])), claim)
    return Month(scan, claim, person, counted.noting(MARKED_ADULT, marked))


def _paired(table: pa.Table) -> pa.Table:
    """The table with its two references as one column, `pair`, that holds each pair once."""
    pair = joined([pc.fill_null(table.column(name), "") for name in ("hb_ref", "ctr_ref")], PAIR_MARK)
    return table.drop_columns(["hb_ref", "ctr_ref"]).append_column("pair", pair.dictionary_encode())


def _closed(person: pa.Table, claim: pa.Table) -> pa.Table:
    """The persons with the day their claim closed; empty where a claim of that pair of references still runs."""
    pair, end = claim.column("pair").cast(pa.string()), claim.column("end")
    shut = pa.table({"pair": pair, "end": end}).filter(pc.is_valid(end)).sort_by("end")
    named = person.column("pair").cast(pa.string())
    row = found_at(named, shut.column("pair"))
    row = only(row, pc.invert(pc.is_in(named, whole(pair.filter(pc.is_null(end))))))
    return person.append_column("closed", shut.column("end").take(row))


def _first(lines: tuple[int, ...] | list[int]) -> str:
    return f", first at line {min(lines):,}" if lines else ""


@dataclass(frozen=True, slots=True)
class _Read:
    """Columns of a record type: texts trimmed, dates read, and how many fields of each record hold what they should not."""

    texts: Mapping[str, Values]
    days: Mapping[str, Days]
    odd: Whole


def _read(table: pa.Table, fields: Mapping[str, Field]) -> _Read:
    texts: dict[str, Values] = {}
    days: dict[str, Days] = {}
    odd = np.zeros(table.num_rows, np.int64)
    for name, field in fields.items():
        texts[name] = column = trimmed(table.column(field.column))
        if field.holds is Holds.DATE:
            days[name] = read_days(column)
            if days[name].unread_count:
                odd += _up(pc.and_(days[name].unread, matches(column, r"\d")))
        elif field.holds is Holds.UNDATED:
            odd += 2 * _up(matches(column, DATE_SHAPED))
        elif field.holds in SHAPES:
            odd += _up(pc.and_(pc.is_valid(column), pc.invert(matches(column, SHAPES[field.holds]))))
    return _Read(texts, days, odd)


def _up(flags: Values) -> Whole:
    return whole(flags).to_numpy(zero_copy_only=False).astype(np.int64)


def _claims(lines: Lines) -> _Kept:
    """D records in shape and with a reference."""
    fields = {**KEYS, **CLAIM, **PROBES}
    records = lines.of_type("D", fields.values())
    read = _read(records.table, fields)
    table = pa.table(
        {
            **read.texts,
            **{name: days.days for name, days in read.days.items()},
            "dependants": _whole_number(read.texts["dependants"]),
            "pence": _whole_number(read.texts["pence"]),
            "address": joined([read.texts[f"address_{n}"] for n in (1, 2, 3, 4)], ", "),
        }
    )
    return _keep(table, records, read, read.odd, {})


def _persons(lines: Lines) -> _Kept:
    """S records in shape, of a known kind, with a reference, and not marked as a duplicate or a test."""
    fields = {**KEYS, **PERSON}
    records = lines.of_type("S", fields.values())
    read = _read(records.table, fields)
    rows = records.table.num_rows
    role = each(read.texts["kind"], lambda kind: ROLES.get(kind) if kind else None, pa.string())
    reference = read.texts["reference"]
    table = pa.table(
        {
            **{name: read.texts[name] for name in ("hb_ref", "ctr_ref", "forename", "surname")},
            **{name: days.days for name, days in read.days.items()},
            "role": role,
            "reference": only(reference, pc.invert(matches(reference, NATIONAL_INSURANCE))),
            "middle": pa.nulls(rows, pa.string()),
            "sex": pa.nulls(rows, pa.string()),
            "record": pa.array(np.ones(rows, bool)),
        }
    )
    marked = is_marked(table.column("forename"), table.column("surname"))
    kept = _keep(
        table,
        records,
        read,
        read.odd + _up(pc.is_null(role)),
        {UNKNOWN_KIND: pc.is_valid(role), REASON: pc.invert(marked)},
    )
    return _Kept(kept.table.select(PERSON_COLUMNS), kept.shifted, kept.refused, kept.unread)


def _keep(table: pa.Table, records: Lines, read: _Read, odd: Whole, rules: Mapping[str, Values]) -> _Kept:
    """Records in shape that have a reference and keep the rules; each of the others is counted once, under its first reason."""
    in_shape = odd < SHIFTED_AT
    mask: Values = pa.array(in_shape)
    referred = pc.or_(pc.is_valid(table.column("hb_ref")), pc.is_valid(table.column("ctr_ref")))
    refused: dict[str, int] = {}
    for reason, rule in {NO_REFERENCE: referred, **rules}.items():
        before, mask = mask, whole(pc.and_(mask, rule))
        refused[reason] = count(before) - count(mask)
    needed = (name for name in read.days if name not in PROBES)
    unread = sum(count(pc.and_(read.days[name].unread, mask)) for name in needed)
    return _Kept(table.filter(mask), records.line[~in_shape], refused, unread)


def _whole_number(column: Values) -> Values:
    return only(column, matches(column, r"^-?\d{1,15}$")).cast(pa.int64())


def _adult(claim: pa.Table, role: str, start: str, end: str) -> pa.Table:
    """Claimants or partners as persons. The claimant's dates are the claim's; the partner has dates of their own."""
    rows = claim.num_rows
    table = pa.table(
        {
            "hb_ref": claim.column("hb_ref"),
            "ctr_ref": claim.column("ctr_ref"),
            **{name: claim.column(f"{role}_{name}") for name in ("forename", "middle", "surname", "birth", "sex")},
            "role": pa.repeat(role, rows),
            "reference": pa.nulls(rows, pa.string()),
            "start": claim.column(start),
            "end": claim.column(end),
            "record": pa.array(np.zeros(rows, bool)),
        }
    )
    there = pc.or_(pc.is_valid(table.column("forename")), pc.is_valid(table.column("surname")))
    return table.filter(there).select(PERSON_COLUMNS)


def _unmarked(table: pa.Table) -> pa.Table:
    return table.filter(pc.invert(is_marked(table.column("forename"), table.column("surname"))))
