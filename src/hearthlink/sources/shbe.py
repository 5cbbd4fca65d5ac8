"""One month of the Single Housing Benefit Extract: its records checked for shape, as a table of claims and one of persons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from hearthlink.errors import DataProblem
from hearthlink.sources.dates import Days, day_of, read_day, read_days
from hearthlink.sources.delimited import SYSTEMATIC, trimmed
from hearthlink.sources.marked import REASON, is_marked
from hearthlink.sources.receipts import Tally, tally
from hearthlink.sources.shbe_layout import CLAIM, KEYS, PERSON, PROBES, READ, ROLES, WIDTH, Field, Holds
from hearthlink.sources.text import Extract, open_extract

SOURCE = "shbe"
FILE_NAME = re.compile(r"(?i)SHBE_(\d{4})(\d{2})\.txt")
REMEDY = "Ask for the extract as it was sent to the Department for Work and Pensions: 341 fields between pipes."
AGAIN = "Ask the supplier to export the month again."
BAD_DATE = "a date not understood, taken as missing"

DATE_SHAPED = r"\d\d?[-/]\d\d?[-/]\d{4}"
SHAPES = {Holds.PENCE: r"^-?\d+$", Holds.CODE: r"^\d\d?$", Holds.COUNT: r"^\d+$"}
NATIONAL_INSURANCE = r"(?i)^[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-Z]?$"


@dataclass(frozen=True, slots=True)
class Month:
    """A month as read, dates as days since 1970-01-01.

    claim: hb_ref, ctr_ref, address, postcode, passport, dependants, status, decided, start, end, changed, pence.
    person: hb_ref, ctr_ref, role, reference, forename, middle, surname, birth, sex, start, end, record (true for the one row
    that stands for an S record; claimant and partner rows stand in a D record).
    """

    scan: int
    claim: pa.Table
    person: pa.Table
    tally: Tally


@dataclass(frozen=True, slots=True)
class Lines:
    """Records of 341 fields, the line of each, and the other lines by what they are."""

    table: pa.Table
    line: np.ndarray
    ragged: tuple[int, ...]
    others: int


def month_of(path: Path) -> tuple[int, int] | None:
    """Year and month by the file's name, or None where the name does not say."""
    found = FILE_NAME.fullmatch(path.name)
    return (int(found[1]), int(found[2])) if found else None


def read_month(path: Path) -> Month:
    """The claims and persons of one monthly file.

    A record with another number of fields, or with text where dates and numbers belong, is set aside with its line; a file
    with many such records, or cut off before its trailer, raises DataProblem.
    """
    extract = open_extract(path, SOURCE)
    scan = _scan_day(extract)
    lines = _lines(extract)
    claims = _of_type(lines, "D")
    persons = _of_type(lines, "S")
    claim, claim_shifted, claim_bad = _claims(claims)
    person, person_shifted, unknown, marked, person_bad = _persons(persons)
    claim, nameless_claims = _with_reference(claim)
    person, nameless_persons = _with_reference(person)
    shifted = np.sort(np.concatenate([claims.line[claim_shifted], persons.line[person_shifted]]))
    records = len(lines.line) + len(lines.ragged)
    _refuse_systematic(extract, records, lines.ragged, shifted)
    if not claim.num_rows:
        raise DataProblem("The file holds no claim.", file=extract.file, remedy=REMEDY)
    refused = {
        f"not {WIDTH} fields{_first(lines.ragged)}": len(lines.ragged),
        f"fields shifted{_first(shifted.tolist())}": len(shifted),
        "neither dependant nor non-dependant": unknown,
        "record of another type, not needed": len(lines.line) - len(claims.line) - len(persons.line),
        "no claim reference": nameless_claims + nameless_persons,
        REASON: marked,
    }
    adults = _adults(claim)
    return Month(
        scan,
        claim.select(["hb_ref", "ctr_ref", "address", "postcode", *_FACTS]),
        pa.concat_tables([person, *adults]),
        tally(extract, records, refused, {BAD_DATE: claim_bad + person_bad}),
    )


_FACTS = ("passport", "dependants", "status", "decided", "start", "end", "changed", "pence")


def _first(lines: tuple[int, ...] | list[int]) -> str:
    return f", first at line {min(lines):,}" if lines else ""


def _scan_day(extract: Extract) -> int:
    """The reference date in the header's third field, checked against the month in the file's name."""
    head = bytes(extract.text.slice(0, min(extract.text.size, 4096))).split(b"\n", 1)[0].decode("utf-8", "replace")
    fields = head.strip().split("|")
    day = read_day(fields[2]) if len(fields) > 2 else None
    if fields[0] in ("D", "S") or day is None:
        raise DataProblem(
            "The first line is not the header of a Single Housing Benefit Extract, with its date in the third field.",
            file=extract.file,
            line=1,
            remedy=REMEDY,
        )
    named = month_of(Path(extract.file))
    said: date = day_of(day)
    if named is not None and named != (said.year, said.month):
        raise DataProblem(
            "The month in the file's name is not that of the date in its header.",
            file=extract.file,
            line=1,
            remedy="Find out which is right, and rename the file or put the right one there.",
        )
    return day


def _lines(extract: Extract) -> Lines:
    _refuse_cut_off(extract)
    ragged: list[int] = []
    others: list[int] = []

    def set_aside(row: arrow_csv.InvalidRow) -> str:
        (ragged if row.text[:2] in ("D|", "S|", "D", "S") else others).append(row.number or 0)
        return "skip"

    wanted = [f"f{number}" for number in READ]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(extract.text),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, column_names=[f"f{n}" for n in range(1, WIDTH + 1)], skip_rows=1, block_size=1 << 22
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter="|",
                quote_char=False,
                escape_char=False,
                ignore_empty_lines=False,
                invalid_row_handler=set_aside,
            ),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid:
        raise DataProblem(
            "The file cannot be read as fields between pipes.", file=extract.file, remedy=REMEDY
        ) from None
    skipped = np.array(sorted(ragged + others), np.int64)
    return Lines(table, _line_numbers(table.num_rows, skipped), tuple(sorted(ragged)), len(others))


def _line_numbers(rows: int, skipped: np.ndarray) -> np.ndarray:
    """The line of each row that was kept: the lines from the second on, without those skipped."""
    every = np.arange(2, 2 + rows + len(skipped), dtype=np.int64)
    return np.delete(every, skipped - 2) if len(skipped) else every


def _refuse_cut_off(extract: Extract) -> None:
    tail = bytes(extract.text.slice(max(0, extract.text.size - 65536))).rstrip(b"\r\n ")
    last = tail.rsplit(b"\n", 1)[-1]
    if last[:2] in (b"D|", b"S|") or (last.count(b"|") == 0 and len(last) > 1):
        raise DataProblem("The file breaks off: its last line is not a trailer.", file=extract.file, remedy=AGAIN)


def _of_type(lines: Lines, record_type: str) -> Lines:
    mask = pc.fill_null(pc.equal(lines.table.column("f1"), record_type), False)
    chosen = mask.combine_chunks().to_numpy(zero_copy_only=False)
    return Lines(lines.table.filter(mask), lines.line[chosen], (), 0)


def _refuse_systematic(extract: Extract, records: int, ragged: tuple[int, ...], shifted: np.ndarray) -> None:
    wrong = len(ragged) + len(shifted)
    if wrong and (wrong >= records or (wrong >= 3 and wrong > SYSTEMATIC * records)):
        raise DataProblem(
            f"{wrong:,} of {records:,} records have missing or shifted fields.",
            file=extract.file,
            line=min([*ragged, *shifted.tolist()]),
            remedy=f"{REMEDY} A month that came out wrong must be exported again.",
        )


@dataclass(frozen=True, slots=True)
class _Read:
    """Columns of a record type: texts trimmed, dates read, and how many fields of each record hold what they should not."""

    columns: Mapping[str, pa.Array | pa.ChunkedArray]
    days: Mapping[str, Days]
    odd: np.ndarray


def _read(table: pa.Table, fields: Mapping[str, Field], probes: Mapping[str, Field]) -> _Read:
    columns: dict[str, pa.Array | pa.ChunkedArray] = {}
    days: dict[str, Days] = {}
    odd = np.zeros(table.num_rows, np.int64)
    for name, field in {**fields, **probes}.items():
        column = trimmed(table.column(field.column))
        columns[name] = column
        if field.holds is Holds.DATE:
            days[name] = read_days(column)
            odd += _up(pc.and_(days[name].unread, _matches(column, r"\d")))
        elif field.holds is Holds.NAME:
            odd += 2 * _up(_matches(column, DATE_SHAPED))
        elif field.holds in SHAPES:
            odd += _up(pc.and_(pc.is_valid(column), pc.invert(_matches(column, SHAPES[field.holds]))))
    return _Read(columns, days, odd)


def _matches(column: pa.Array | pa.ChunkedArray, pattern: str) -> pa.Array:
    """Whether each text matches, worked out once for each distinct text."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    coded = array.dictionary_encode()
    return pc.fill_null(pc.match_substring_regex(coded.dictionary, pattern).take(coded.indices), False)


def _up(flags: pa.Array | pa.ChunkedArray) -> np.ndarray:
    array = flags.combine_chunks() if isinstance(flags, pa.ChunkedArray) else flags
    return array.to_numpy(zero_copy_only=False).astype(np.int64)


def _with_reference(table: pa.Table) -> tuple[pa.Table, int]:
    kept = table.filter(pc.or_(pc.is_valid(table.column("hb_ref")), pc.is_valid(table.column("ctr_ref"))))
    return kept, table.num_rows - kept.num_rows


def _claims(records: Lines) -> tuple[pa.Table, np.ndarray, int]:
    """Claims in shape, which records are not, and how many dates in those kept were not understood."""
    read = _read(records.table, CLAIM, PROBES)
    shifted = read.odd >= 2
    lines = [read.columns[f"address_{n}"] for n in (1, 2, 3, 4)]
    columns = {
        **{name: read.columns[name] for name, f in CLAIM.items() if f.holds in (Holds.NAME, Holds.TEXT)},
        **{name: read.days[name].days for name, f in CLAIM.items() if f.holds is Holds.DATE},
        "hb_ref": trimmed(records.table.column("f2")),
        "ctr_ref": trimmed(records.table.column("f3")),
        "passport": read.columns["passport"],
        "status": read.columns["status"],
        "partner_flag": read.columns["partner_flag"],
        "dependants": _whole(read.columns["dependants"]),
        "pence": _whole(read.columns["pence"]),
        "address": pc.binary_join_element_wise(*lines, ", ", null_handling="skip"),
    }
    columns["address"] = trimmed(
        pa.chunked_array([columns["address"]]) if isinstance(columns["address"], pa.Array) else columns["address"]
    )
    kept = pa.array(~shifted)
    bad = sum(
        int(pc.sum(pc.and_(read.days[n].unread, kept)).as_py() or 0) for n, f in CLAIM.items() if f.holds is Holds.DATE
    )
    return pa.table(columns).filter(kept), shifted, bad


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Whole numbers; what is not one is missing, and its record is set aside or counted elsewhere."""
    fits = _matches(column, r"^-?\d{1,15}$")
    return pc.if_else(fits, column, pa.scalar(None, pa.string())).cast(pa.int64())


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


def _persons(records: Lines) -> tuple[pa.Table, np.ndarray, int, int, int]:
    """Persons in shape; which records are not; and counts: of unknown kind, marked, dates not understood."""
    read = _read(records.table, PERSON, {})
    rows = records.table.num_rows
    role = pc.if_else(
        _matches(read.columns["kind"], "^1$"),
        ROLES["1"],
        pc.if_else(_matches(read.columns["kind"], "^2$"), ROLES["2"], pa.scalar(None, pa.string())),
    )
    shifted = read.odd + _up(pc.is_null(role)) >= 2
    reference = read.columns["reference"]
    table = pa.table(
        {
            "hb_ref": trimmed(records.table.column("f2")),
            "ctr_ref": trimmed(records.table.column("f3")),
            "role": role,
            "reference": pc.if_else(_matches(reference, NATIONAL_INSURANCE), pa.scalar(None, pa.string()), reference),
            "forename": read.columns["forename"],
            "middle": pa.nulls(rows, pa.string()),
            "surname": read.columns["surname"],
            "birth": read.days["birth"].days,
            "sex": pa.nulls(rows, pa.string()),
            "start": read.days["start"].days,
            "end": read.days["end"].days,
            "record": pa.array(np.ones(rows, bool)),
        }
    )
    in_shape = pa.array(~shifted)
    known = pc.and_(in_shape, pc.is_valid(role))
    whole = pc.and_(known, pc.invert(is_marked(table.column("forename"), table.column("surname"))))
    bad = sum(int(pc.sum(pc.and_(days.unread, in_shape)).as_py() or 0) for days in read.days.values())
    unknown = int((~shifted).sum()) - _sum(known)
    return table.filter(whole), shifted, unknown, _sum(known) - _sum(whole), bad


def _sum(flags: pa.Array | pa.ChunkedArray) -> int:
    return int(pc.sum(flags).as_py() or 0)


def _adults(claim: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Claimants and partners as persons. The claimant's start is the claim's; the partner has dates of their own."""
    rows = claim.num_rows
    nothing = pa.nulls(rows, pa.string())

    def person(role: str, start: str, end: str) -> pa.Table:
        columns = {
            "hb_ref": claim.column("hb_ref"),
            "ctr_ref": claim.column("ctr_ref"),
            "role": pa.array([role], pa.string()).take(pa.array(np.zeros(rows, np.int32))),
            "reference": nothing,
            **{name: claim.column(f"{role}_{name}") for name in ("forename", "middle", "surname", "birth", "sex")},
            "start": claim.column(start),
            "end": claim.column(end),
            "record": pa.array(np.zeros(rows, bool)),
        }
        table = pa.table(columns).select(list(PERSON_COLUMNS))
        there = pc.or_(pc.is_valid(table.column("forename")), pc.is_valid(table.column("surname")))
        return table.filter(pc.and_(there, pc.invert(is_marked(table.column("forename"), table.column("surname")))))

    return person("claimant", "start", "end"), person("partner", "partner_start", "partner_end")
