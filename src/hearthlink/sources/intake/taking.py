"""The engine that fills an intake table from any tabular file: by the names its columns go by, or by a mapping of somebody's own.

Only the columns that are wanted are ever read out of the file. What cannot be read is empty and counted under its column's name; a row
without a value that it must have is set aside and counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.intake.declared import IntakeColumn, IntakeTable, Kind
from hearthlink.sources.intake.fills import FILLS, KEPT_IN, SAYS_WITHHELD, TIMES
from hearthlink.sources.intake.rules import ColumnRule, TableRules
from hearthlink.sources.intake.typing_of import SHORTENED, TYPES, doubts, orders_of, read_column, texts_of
from hearthlink.sources.reading.columns import each
from hearthlink.sources.reading.delimited import NEAR, normal
from hearthlink.sources.reading.receipts import Tally
from hearthlink.sources.reading.text_columns import Tabular
from hearthlink.sources.reading.years import OUTSIDE
from hearthlink.tables.wanted import EVERYTHING, NOT_LISTED, Wanted
from hearthlink.tables.withheld import withheld_by

NOBODY = "nobody of this role in the row"
ENOUGH = 20
"""Dates of one column, none of which is understood, that show its form to be unknown."""

PERSON = ("forename", "surname", "birth_date")
SPELT = 85.0
"""How alike a header must be to a column's name to be a spelling of it."""

LINE = "line of the file"
LEFT_OUT = "left out by the mapping, which takes only some rows"


@dataclass(frozen=True, slots=True)
class Taken:
    """An intake table typed by its declaration, and the counts of the file it came from.

    `lines` says on which line of the file, or row of the query, each row stands, as far as rows before it were not misshapen.
    """

    table: pa.Table
    tally: Tally
    lines: pa.Array | None = None


def take(tabular: Tabular, table: IntakeTable, mapping: TableRules | None = None, wanted: Wanted = EVERYTHING) -> Taken:
    """The intake table that a file fills: its columns found by name or synonym, or as a mapping says and no others.

    Columns that fill nothing which is `wanted` stay empty and are not read; rows outside its months are set aside.

    Raises DataProblem where a needed column is missing (with the nearest header), stands there twice, or the file has a header and no
    rows although it may not be bare.
    """
    lines = {} if mapping is None else mapping.columns
    found = _by_mapping(tabular, table, mapping) if mapping else _by_name(tabular, table)
    if not wanted.lists_any(KEPT_IN.get(table.name)):
        return _passed_over(tabular, table)
    passed = wanted.unlisted(FILLS.get(table.name, {}))
    says = passed & SAYS_WITHHELD.get(table.name, frozenset())
    found = {name: at for name, at in found.items() if name not in passed or name in says}
    places = {f"c{place}": place for place in dict.fromkeys(place for all_of in found.values() for place in all_of)}
    filters = _filters(tabular, mapping)
    places |= {f"c{place}": place for place, _ in filters}
    sheet = tabular.read(places, missing=() if mapping is None else mapping.missing)
    if not sheet.table.num_rows and not table.may_be_bare:
        raise DataProblem(
            "The file has a header and no rows.", file=tabular.file, remedy="Ask the supplier to export it again."
        )
    counted = Tally(tabular.source, tabular.file, tabular.sha256, sheet.rows_in, dict(sheet.refused), dict(sheet.notes))
    counted = counted.noting(tabular.note, sheet.rows_in) if tabular.note else counted
    numbers = pa.array(np.arange(sheet.table.num_rows, dtype=np.int64) + tabular.first_line)
    held, counted = _only(sheet.table.append_column(LINE, numbers), filters, counted)
    parts: list[tuple[IntakeColumn, ColumnRule, pa.Array]] = []
    for column in table.columns:
        line = ColumnRule() if column.name in passed else lines.get(column.name, ColumnRule())
        texts = [held.column(f"c{place}") for place in found.get(column.name, ())]
        said = texts_of(line, texts, held.num_rows)
        parts.append((column, line, each(said, withheld_by, pa.string()) if column.name in says else said))
    orders = orders_of(parts)
    made: dict[str, pa.Array] = {}
    for column, line, said in parts:
        order = orders.get(column.name)
        made[column.name], unread = read_column(column, line, said, order)
        told = doubts(column, said, order)
        _require_readable(tabular.file, column, said, unread, told.get(SHORTENED, 0))
        for doubt, rows in told.items():
            counted = counted.noting(f"{column.name}: {doubt}", rows)
        counted = counted.noting(f"{column.name}: a value not understood, taken as missing", unread)
    taken = Taken(pa.table({**made, LINE: held.column(LINE)}), counted)
    taken = _touching(_required(_peopled(taken, table, lines), table), TIMES.get(table.name), wanted)
    return Taken(taken.table.drop_columns([LINE]), taken.tally, taken.table.column(LINE).combine_chunks())


def _require_readable(file: str, column: IntakeColumn, said: pa.Array, unread: int, shortened: int) -> None:
    """Refuse a file whose ids have lost their digits, or none of whose codes or dates is understood: nothing would be left to read."""
    there = len(said) - said.null_count
    if column.required and 2 * shortened > there:
        raise DataProblem(
            f"A spreadsheet has shortened {shortened:,} of its {there:,} numbers, as 4.1E+12: their last digits are lost.",
            file=file,
            column=column.name,
            remedy="Export it again, and do not save it from a spreadsheet; or make the column text before it is saved.",
        )
    none = there >= ENOUGH and unread == there
    if none and column.kind is Kind.CODE and column.required:
        ours = ", ".join(sorted({*column.codes.values()} - {""}))
        raise DataProblem(
            f"None of its {there:,} codes is understood.",
            file=file,
            column=column.name,
            remedy=f'Say in a mapping what each means, as codes = {{ 1 = "…" }}. Ours are: {ours}.',
        )
    dated = column.kind in {Kind.DATE, Kind.END} and (column.required or column.needed or column.name == "birth_date")
    if dated and none:
        raise DataProblem(
            f"None of its {there:,} dates is understood: are their years of two digits?",
            file=file,
            column=column.name,
            remedy="Export them as 2019-04-01 or 01/04/2019; or make a mapping with hearthlink map FILE, and say in it how dates are "
            'written, as date = "dd/mm/yy".',
        )


def _peopled(taken: Taken, table: IntakeTable, lines: Mapping[str, ColumnRule]) -> Taken:
    """Without the rows in which nobody stands, where a mapping takes one of several people out of a row: not every claim has a partner."""
    constant = any(column.required and lines.get(column.name, ColumnRule()).constant for column in table.columns)
    who = [name for name in PERSON if name in lines and lines[name].headers]
    if not constant or not who:
        return taken
    there = pc.is_valid(taken.table.column(who[0]))
    for name in who[1:]:
        there = pc.or_(there, pc.is_valid(taken.table.column(name)))
    kept = taken.table.filter(there)
    return Taken(kept, taken.tally.refusing(NOBODY, taken.table.num_rows - kept.num_rows))


def _required(taken: Taken, table: IntakeTable) -> Taken:
    held, counted = taken.table, taken.tally
    for column in (column for column in table.columns if column.required):
        kept = held.filter(pc.is_valid(held.column(column.name)))
        counted = counted.refusing(f"no {column.name}", held.num_rows - kept.num_rows)
        held = kept
    return Taken(held.combine_chunks(), counted)


def _passed_over(tabular: Tabular, table: IntakeTable) -> Taken:
    """No row of a file of which nothing is wanted; how many it has is counted."""
    rows = tabular.read({}).rows_in
    counted = Tally(tabular.source, tabular.file, tabular.sha256, rows, {NOT_LISTED: rows})
    return Taken(pa.table({column.name: pa.array([], TYPES[column.kind]) for column in table.columns}), counted)


def _touching(taken: Taken, times: tuple[str, str] | None, wanted: Wanted) -> Taken:
    """The rows that touch the months looked at; the others are set aside. A missing day is open."""
    if times is None or wanted.months is None:
        return taken
    begins, ends = (taken.table.column(name) for name in times)
    first, last = (pa.scalar(day, pa.date32()) for day in wanted.months)
    begun = pc.fill_null(pc.less_equal(begins, last), True)
    kept = taken.table.filter(pc.and_(begun, pc.fill_null(pc.greater_equal(ends, first), True)))
    return Taken(kept, taken.tally.refusing(OUTSIDE, taken.table.num_rows - kept.num_rows))


def _only(held: pa.Table, filters: list[tuple[int, tuple[str, ...]]], counted: Tally) -> tuple[pa.Table, Tally]:
    before = held.num_rows
    for place, values in filters:
        spelt = {normal(value) for value in values}
        coded = held.column(f"c{place}").combine_chunks().dictionary_encode()
        fits = pa.array([normal(text or "") in spelt for text in coded.dictionary.to_pylist()], pa.bool_())
        blank = pa.scalar("" in spelt)
        held = held.filter(pc.fill_null(fits.take(coded.indices), blank))
    return held, counted.refusing(LEFT_OUT, before - held.num_rows)


def _filters(tabular: Tabular, mapping: TableRules | None) -> list[tuple[int, tuple[str, ...]]]:
    if mapping is None:
        return []
    return [(place_of(tabular, header, mapping), values) for header, values in mapping.only.items()]


def _by_mapping(tabular: Tabular, table: IntakeTable, mapping: TableRules) -> dict[str, list[int]]:
    """For each of our columns the places that the mapping names."""
    return {
        name: [place_of(tabular, header, mapping) for header in mapping.columns[name].headers]
        for name in table.names
        if name in mapping.columns
    }


def place_of(tabular: Tabular, header: str, mapping: TableRules) -> int:
    """The place of a header that a mapping names: as it is spelt there, or else but for case and blanks."""
    exact = [place for place, held in enumerate(tabular.headers) if held.strip() == header.strip()]
    places = exact or [place for place, held in enumerate(tabular.headers) if normal(held) == normal(header)]
    if not places:
        raise DataProblem(
            "The mapping names a column that is not in the file.",
            file=tabular.file,
            line=1,
            column=header,
            remedy=f"{_near(tabular, header, mapping)} Or mend {mapping.said_in}.",
        )
    if len(places) > 1:
        raise _twice(tabular, header, places)
    return places[0]


def _near(tabular: Tabular, header: str, mapping: TableRules) -> str:
    """The header that was likely meant. None is quoted where most that the mapping names are lacking: the first row may be data."""
    held = {normal(one) for one in tabular.headers}
    named = {normal(one) for rule in mapping.columns.values() for one in rule.headers} | {
        normal(one) for one in mapping.only
    }
    if 2 * len(named & held) < len(named):
        return "Most columns that it names are lacking: is it the right file, and does its first row name the columns?"
    from rapidfuzz import fuzz, process

    near = process.extractOne(header, tabular.headers, scorer=fuzz.ratio, processor=normal, score_cutoff=NEAR)
    return f'The closest header is "{near[0].strip()}".' if near else "No header comes close."


def _by_name(tabular: Tabular, table: IntakeTable) -> dict[str, list[int]]:
    """For each of our columns the place of the header that it goes by: its own name first, then its synonyms in their order."""
    held: dict[str, list[int]] = {}
    for place, header in enumerate(tabular.headers):
        held.setdefault(normal(header), []).append(place)
    found: dict[str, list[int]] = {}
    for column in table.columns:
        spelt = next((s for s in (normal(name) for name in (column.name, *column.also)) if s in held), None)
        if spelt is None:
            if column.needed or column.required:
                raise _absent(tabular, table, column)
            continue
        if len(held[spelt]) > 1:
            raise _twice(tabular, column.name, held[spelt])
        found[column.name] = held[spelt]
    return found


def _twice(tabular: Tabular, column: str, places: Sequence[int]) -> DataProblem:
    return DataProblem(
        f"The column stands in the file more than once (as columns {' and '.join(str(place + 1) for place in places)}).",
        file=tabular.file,
        line=1,
        column=column,
        remedy="Export it again with the column once.",
    )


def _absent(tabular: Tabular, table: IntakeTable, column: IntakeColumn) -> DataProblem:
    """The words for a missing column. A header is quoted only in a row that is plainly a header, lest it be a value."""
    known = {normal(name): other for other in table.columns for name in (other.name, *other.also)}
    needed = [other.name for other in table.columns if other.needed or other.required]
    held = {known[normal(header)].name for header in tabular.headers if normal(header) in known}
    if len(tabular.headers) == 1 or 2 * len(held & set(needed)) < len(needed) or not held:
        return DataProblem(
            "The first row is not the header of this extract: is it the right file?",
            file=tabular.file,
            line=1,
            column=column.name,
            remedy=f"It must name: {', '.join(needed)}. For another layout, make a mapping with: hearthlink map FILE",
        )
    from rapidfuzz import fuzz, process

    free = [header for header in tabular.headers if normal(header) not in known]
    near = max(
        (
            found
            for name in (column.name, *column.also)
            if (found := process.extractOne(name, free, scorer=fuzz.ratio, processor=normal, score_cutoff=NEAR))
        ),
        key=lambda found: found[1],
        default=None,
    )
    hint = "No header comes close."
    if near:
        hint = f"The closest header is {_shown(near[0], tabular, column)}: rename it if it is the same."
    return DataProblem("The column is missing.", file=tabular.file, line=1, column=column.name, remedy=hint)


def _shown(header: str, tabular: Tabular, column: IntakeColumn) -> str:
    """A header, quoted where it is a spelling of the column's name; else its place, for a value may be glued to it."""
    from rapidfuzz import fuzz

    plain = normal(header).replace("_", "")
    names = (normal(name).replace("_", "") for name in (column.name, *column.also))
    if max(fuzz.ratio(plain, name) for name in names) >= SPELT:
        return f'"{header.strip()}"'
    return f"that of column {tabular.headers.index(header) + 1}"
