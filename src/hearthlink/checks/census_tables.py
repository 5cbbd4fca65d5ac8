"""The flat census made ready for its rules: dates, flags and codes read once, a number for each row and each child.

A flat table may lack columns, or be lacking: then they are empty, and are not among what was given. Where the tables have no
``child_no`` children are told apart by ``LAchildID``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.checks.census_card import VIEWS
from hearthlink.checks.working_days import working_days_before
from hearthlink.engine import Engine
from hearthlink.tables.census import CODE_YEARS, FIRST_YEAR, FLAT, LAST_YEAR

SEXES = ("ChildIdentifiers.Sex", "ChildIdentifiers.GenderCurrent")
FLAGS = frozenset({"ReferralNFA", "ICPCnotRequired"})
CODES = frozenset({"UPN", "FormerUPN", *CODE_YEARS})
CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""The letters of a unique pupil number, by their value (domain.md 1.9)."""

_TRUE, _FALSE = frozenset({"true", "1", "1.0"}), frozenset({"false", "0", "0.0"})
_YEAR_FIRST = re.compile(r"(\d{4})[-/](\d\d?)[-/](\d\d?)(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d\d?)[-/](\d\d?)[-/](\d{4})(?:[T ].*)?")
_OTHER_NAMES = {"AssessmentFactorsList": "AssessmentFactors", "PreProceedingsandFGDM": "PreProceedings"}

_AUTHORITIES = (
    "001-005 201-213 301-320 330-336 340-344 350-359 370-373 380-384 390-394 420 660-681 701-708 800-803 805-808 810-813 815 816"
    " 820-823 825 826 830 831 835-837 840 841 845 846 850-852 855-857 860 861 865-896 908 909 916 919 921 925 926 928 929 931 933"
    " 935-938"
)
_AUTHORITIES_SINCE = {2022: "838 839 940 941", 2024: "942 943"}


@dataclass(frozen=True, slots=True)
class Ready:
    """What was put into the engine: its views, the columns that were given, and where each row stands, by flat table."""

    views: tuple[str, ...]
    given: frozenset[str]
    stands: Mapping[str, tuple[pa.ChunkedArray, pa.ChunkedArray]]


def put_ready(engine: Engine, flat: Mapping[str, pa.Table], *, reference: date | None, year: int) -> Ready:
    """Put every view of the flat tables into an engine, with ``census_period`` and ``census_code`` for the year."""
    named = with_factors({_OTHER_NAMES.get(name, name): table for name, table in flat.items()})
    children = _children(named)
    stands: dict[str, tuple[pa.ChunkedArray, pa.ChunkedArray]] = {}
    given: set[str] = set()
    for name, shown in VIEWS.items():
        table = named.get(name, pa.table({}))
        given |= {f"{name}.{column}" for column in table.column_names}
        ready = _ready(name, table, children.get(name))
        stands[name] = ready.column("child_no"), ready.column("line")
        engine.put(shown, ready.drop_columns(["child_no", "line"]))
    engine.put("census_period", _period(reference))
    engine.put("census_code", _codes(year))
    return Ready(
        (*VIEWS.values(), "census_period", "census_code"), frozenset(_with_one_sex(given, named, year)), stands
    )


def reference_of(flat: Mapping[str, pa.Table]) -> date | None:
    """The reference date that a flat census gives, or else 31 March of the year it names."""
    header = flat.get("Header", pa.table({}))
    for day in _texts(header, "ReferenceDate").to_pylist():
        if (found := read_day(day)) is not None:
            return found
    years = [text for text in _texts(header, "Year").to_pylist() if text and re.fullmatch(r"\d{4}", text)]
    return date(int(years[0]), 3, 31) if years else None


def year_of(reference: date | None) -> int:
    """The census year whose rules hold, by the year it ends in; the latest where the date is of none that is known."""
    if reference is None:
        return LAST_YEAR
    ends = reference.year + (reference.month > 3)
    return ends if FIRST_YEAR <= ends <= LAST_YEAR else LAST_YEAR


def read_day(text: str | None) -> date | None:
    """A day written as 2020-03-31 or 31/03/2020, with either mark and a time after it or none; None for anything else."""
    if text is None:
        return None
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def with_factors(flat: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables with assessment factors in their own: some tools write them into a column of Assessments, row by row or in lists.

    Assessments then have a row for every factor, and are told apart by their dates; a row without a factor is an assessment without.
    """
    assessments = flat.get("Assessments")
    if assessments is None or "AssessmentFactors" not in assessments.column_names:
        return flat
    if "AssessmentFactors" in flat:
        return flat | {"Assessments": assessments.drop_columns(["AssessmentFactors"])}
    held = [_factors_of(value) for value in assessments.column("AssessmentFactors").to_pylist()]
    ids = _assessment_ids(assessments, held)
    assessments = assessments.drop_columns(["AssessmentFactors"])
    if "AssessmentID" not in assessments.column_names:
        assessments = assessments.append_column("AssessmentID", pa.array(ids, pa.string()))
    if "line" not in assessments.column_names:
        assessments = assessments.append_column("line", pa.array(range(1, len(assessments) + 1), pa.int64()))
    rows = pa.array([n for n, factors in enumerate(held) for _ in factors], pa.int64())
    kept = [name for name in ("child_no", "line", *FLAT["AssessmentFactors"]) if name in assessments.column_names]
    factors = assessments.select(kept).take(rows)
    listed = pa.array([factor for factors_of_row in held for factor in factors_of_row], pa.string())
    return flat | {"Assessments": assessments, "AssessmentFactors": factors.append_column("AssessmentFactor", listed)}


def _factors_of(value: object) -> list[str]:
    if value is None:
        return []
    parts = value if isinstance(value, list) else re.split(r"[,;]", str(value).strip("[]"))
    return [text for part in parts if (text := str(part).strip(" '\"\t"))]


def _assessment_ids(assessments: pa.Table, held: list[list[str]]) -> list[str]:
    """An id for each row: rows of one episode with factors and the same dates are one assessment."""
    names = ("LAchildID", "CINdetailsID", "AssessmentActualStartDate", "AssessmentAuthorisationDate")
    columns = [_texts(assessments, name).to_pylist() for name in names]
    keys = ["\x1f".join(str(cell) for cell in row) for row in zip(*columns, strict=True)]
    return [key if factors else f"row {n}" for n, (key, factors) in enumerate(zip(keys, held, strict=True))]


def _with_one_sex(given: set[str], flat: Mapping[str, pa.Table], year: int) -> set[str]:
    """What was given, without whichever of Sex and GenderCurrent is not in use: the one with values, or else the one of the year."""
    table = flat.get("ChildIdentifiers", pa.table({}))
    filled = [name for name in SEXES if name in given and pc.count(_texts(table, name.split(".")[1])).as_py()]
    of_year = SEXES[0] if year >= 2025 else SEXES[1]
    in_use = (
        filled[0] if len(filled) == 1 else of_year if of_year in given else next((n for n in SEXES if n in given), "")
    )
    return {name for name in given if name not in SEXES or name == in_use}


def _texts(table: pa.Table, name: str) -> pa.ChunkedArray:
    """A column as trimmed texts, empty where nothing is written; whole numbers without a fraction."""
    if name not in table.column_names:
        return pa.chunked_array([pa.nulls(len(table), pa.string())])
    column = table.column(name)
    if pa.types.is_floating(column.type):
        column = pa.chunked_array(
            [pa.array([None if v is None or math.isnan(v) else f"{v:g}" for v in column.to_pylist()], pa.string())]
        )
    elif not pa.types.is_string(column.type):
        column = column.cast(pa.string())
    trimmed = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _children(flat: Mapping[str, pa.Table]) -> dict[str, pa.ChunkedArray]:
    """A number for the child of every row, by table."""
    tables = {name: flat[name] for name in VIEWS if name != "Header" and name in flat}
    if all("child_no" in table.column_names for table in tables.values()):
        return {name: table.column("child_no").cast(pa.int64()) for name, table in tables.items()}
    ids = {name: _texts(table, "LAchildID") for name, table in tables.items()}
    seen = pa.array(
        [text for column in ids.values() for text in column.to_pylist() if text is not None], pa.string()
    ).unique()
    return {
        name: pa.chunked_array([pc.add(pc.index_in(column, value_set=seen), 1).cast(pa.int64()).combine_chunks()])
        for name, column in ids.items()
    }


def _ready(name: str, table: pa.Table, child: pa.ChunkedArray | None) -> pa.Table:
    """One flat table with what its rules ask of it."""
    rows = pa.chunked_array([pa.array(range(1, len(table) + 1), pa.int64())])
    children = child if child is not None else pa.chunked_array([pa.nulls(len(table), pa.int64())])
    columns: dict[str, pa.ChunkedArray] = {
        "row_no": rows,
        "line": table.column("line").cast(pa.int64()) if "line" in table.column_names else rows,
        "child_no": children,
        "child": children,
        "episode": pc.fill_null(_texts(table, "CINdetailsID"), ""),
    }
    for column in FLAT[name]:
        text = _texts(table, column)
        if column in {"CPPID", "AssessmentID"} and column not in table.column_names:
            text = pc.fill_null(text, "")
        columns[column] = _read(column, text)
    if name == "ChildIdentifiers":
        columns["UPNletter"] = _each(columns["UPN"], check_letter, pa.string())
    return pa.table(columns)


def _read(column: str, text: pa.ChunkedArray) -> pa.ChunkedArray:
    if column.lower().endswith("date") or column in {"DateOfInitialCPC", "InitialCPCtarget"}:
        return _each(text, read_day, pa.date32())
    if column in FLAGS:
        return _each(text, _flag, pa.bool_())
    return pc.utf8_upper(text) if column in CODES else text


def _each(values: pa.ChunkedArray, read: object, kind: pa.DataType) -> pa.ChunkedArray:
    """A function of every value, worked out once for each that differs."""
    coded = values.combine_chunks().dictionary_encode()
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    found = pa.array([read(text) for text in coded.dictionary.to_pylist()], kind)  # pyright: ignore[reportCallIssue]
    return pa.chunked_array([found.take(coded.indices)])


def _flag(text: str) -> bool | None:
    plain = text.lower()
    return True if plain in _TRUE else False if plain in _FALSE else None


def check_letter(upn: str) -> str | None:
    """The letter that a unique pupil number should begin with; None where its length or its other characters forbid working it out.

    Characters 2 to 13 times their place, added up, and the remainder by 23 (domain.md 1.9). A temporary number ends in a letter, which
    counts as its place in the list of letters.
    """
    if not re.fullmatch(rf".[0-9]{{11}}[0-9{CHECK_LETTERS}]", upn, re.ASCII):
        return None
    last = int(upn[12]) if upn[12].isdigit() else CHECK_LETTERS.index(upn[12])
    total = sum(int(digit) * place for place, digit in enumerate(upn[1:12], start=2)) + 13 * last
    return CHECK_LETTERS[total % 23]


def _codes(year: int) -> pa.Table:
    pairs = [(e, c) for e, codes in CODE_YEARS.items() for c, (first, last) in codes.items() if first <= year <= last]
    lists = (_AUTHORITIES, *(codes for since, codes in _AUTHORITIES_SINCE.items() if year >= since))
    for span in " ".join(lists).split():
        first, _, last = span.partition("-")
        pairs += [("LA", f"{number:03}") for number in range(int(first), int(last or first) + 1)]
    return pa.table({"element": [e for e, _ in pairs], "code": [c for _, c in pairs]})


def _period(reference: date | None) -> pa.Table:
    """The census year's days that rules ask for, in one row; none where there is no reference date."""
    if reference is None:
        days: dict[str, list[date]] = {name: [] for name in PERIOD}
    else:
        start = _years_before(reference, 1) + timedelta(days=1)
        days = {
            "start_date": [start],
            "end_date": [reference],
            "working_day_before": [working_days_before(start, 1)],
            "working_days_15": [working_days_before(reference, 15)],
            "working_days_45": [working_days_before(reference, 45)],
            "years_4": [_years_before(reference, 4)],
            "years_6": [_years_before(reference, 6)],
            "years_25": [_years_before(reference, 25)],
            "days_30": [reference - timedelta(days=30)],
            "months_on_9": [_months_on(reference, 9)],
        }
    return pa.table({name: pa.array(values, pa.date32()) for name, values in days.items()})


PERIOD = (
    "start_date", "end_date", "working_day_before", "working_days_15", "working_days_45", "years_4", "years_6", "years_25", "days_30",
    "months_on_9",
)  # fmt: skip


def _years_before(day: date, years: int) -> date:
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year - years, day=28 if leap else day.day)


def _months_on(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month."""
    beyond = day.month + months
    last = date(day.year + beyond // 12, beyond % 12 + 1, 1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))
