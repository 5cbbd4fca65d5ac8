"""A mapping: a TOML file that turns a supplier's columns, codes and dates into ours. Closed and small: no code, no patterns, no paths out.

Every word of it is checked before any file is opened, and what is wrong is told with its line and a remedy.
"""

from __future__ import annotations

import io
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from rapidfuzz import fuzz, process

from hearthlink.errors import WrongUse
from hearthlink.sources.intake.catalogue import INTAKE
from hearthlink.sources.intake.declared import IntakeColumn, IntakeTable, Kind
from hearthlink.sources.intake.name_parts import ORDERS, Order, Part
from hearthlink.sources.intake.rules import ColumnRule, Mapping, Per, TableRules, Unit
from hearthlink.sources.mapping.file_names import is_inside
from hearthlink.sources.mapping.layout_tables import table_to_fill
from hearthlink.sources.mapping.where import line_of
from hearthlink.sources.reading.date_formats import DateFormat, has_short_year

LARGEST = 200_000
"""Bytes of a mapping file. The longest that ships is a twentieth of it."""
LONGEST_LINE = 4_000
MOST_DOTS = 40
"""Dots in a line: a key of very many parts takes a reader of TOML very long."""

Header: TypeAlias = Annotated[str, Field(min_length=1, max_length=500)]
Short: TypeAlias = Annotated[str, Field(max_length=200)]
HOW = 'A column is written  birth_date = "Their Header"  or  birth_date = { column = "Their Header", date = "dd/mm/yyyy" }.'


class _Lines(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _ColumnLines(_Lines):
    """A column, as it is written."""

    column: Header | Annotated[list[Header], Field(min_length=1, max_length=20)] | None = None
    join: Annotated[str, Field(max_length=5)] | None = None
    constant: Short | None = None
    split: Order | None = None
    part: Part | None = None
    date: DateFormat | None = None
    pivot: Annotated[int, Field(ge=0, le=99)] | None = None
    codes: Annotated[dict[Short, Short], Field(max_length=5_000)] = Field(default_factory=dict)
    unit: Unit | None = None
    per: Per | None = None
    missing: Annotated[list[Short], Field(max_length=100)] = Field(default_factory=list)
    invert: bool = False

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, held: object) -> object:
        return {"column": held} if isinstance(held, str | list) else held


class _TableLines(_Lines):
    """A table, as it is written."""

    fills: str
    file: Short | None = None
    sheet: Short | None = None
    missing: Annotated[list[Short], Field(max_length=100)] = Field(default_factory=list)
    only: Annotated[dict[Header, Short | Annotated[list[Short], Field(min_length=1, max_length=1_000)]], Field(max_length=10)] = Field(default_factory=dict)  # fmt: skip
    columns: Annotated[dict[str, _ColumnLines], Field(min_length=1)]


class _MappingLines(_Lines):
    """The whole of a mapping file."""

    says: Annotated[str, Field(max_length=2_000)] = ""
    table: Annotated[list[_TableLines], Field(min_length=1, max_length=100)]


def open_mapping(path: Path) -> Mapping:
    """The mapping in a file. Raises WrongUse where it is missing, too large, or not understood."""
    try:
        # What is no ordinary file, such as a pipe, is never opened: it might not end.
        found = path.is_file()
        with path.open("rb") if found else io.BytesIO() as file:
            held = file.read(LARGEST + 1)
    except OSError:
        found, held = False, b""
    if not found:
        raise WrongUse(
            "The mapping was not found.",
            file=path.name,
            remedy="Make one with: hearthlink map FILE --out maps/NAME.toml",
        )
    return read_mapping(held, path.name)


def read_mapping(held: bytes, file: str) -> Mapping:
    """The mapping in these bytes; `file` is its name, for messages. Raises WrongUse, with the line, for anything not understood."""
    text = _text(held, file)
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as fault:
        words, line = _toml_words(str(fault))
        raise WrongUse(words, file=file, line=line, remedy=HOW) from None
    try:
        lines = _MappingLines.model_validate(data)
    except (ValidationError, RecursionError) as fault:
        raise _not_understood(fault, text, file) from None
    return Mapping(file, lines.says, tuple(_Checked(text, file, n).table(one) for n, one in enumerate(lines.table)))


def _text(held: bytes, file: str) -> str:
    if len(held) > LARGEST:
        raise WrongUse(
            "The mapping is too large to be one.", file=file, remedy=f"A mapping has at most {LARGEST:,} bytes."
        )
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongUse("The mapping is not UTF-8 text.", file=file, remedy="Save it again as UTF-8.") from None
    for number, row in enumerate(text.splitlines(), start=1):
        parts = 0 if row.lstrip().startswith("#") else row.count(".")
        if len(row) > LONGEST_LINE or parts > MOST_DOTS:
            raise WrongUse("This line is too long for a mapping.", file=file, line=number, remedy=HOW)
    return text


def _toml_words(said: str) -> tuple[str, int | None]:
    found = re.search(r"at line (\d+)", said)
    line = int(found[1]) if found else None
    if "overwrite" in said.lower() or "declare" in said.lower():
        return "This is written twice: each table and column stands once.", line
    return "This is not TOML.", line


def _not_understood(fault: ValidationError | RecursionError, text: str, file: str) -> WrongUse:
    """The first thing that the form of a mapping does not allow, in words."""
    if isinstance(fault, RecursionError):
        return WrongUse("The mapping is nested too deeply.", file=file, remedy=HOW)
    first = fault.errors(include_input=False, include_url=False, include_context=False)[0]
    where = [part for part in first["loc"] if not (isinstance(part, str) and part in _UNION_WORDS)]
    line, name = line_of(text, where), str(where[-1]) if where else None
    if first["type"] == "extra_forbidden":
        known = _known(len(where), where)
        return WrongUse(
            "There is no such setting in a mapping.", file=file, line=line, column=name, remedy=meant(str(name), known)
        )
    if first["type"] == "missing":
        return WrongUse("This setting is needed.", file=file, line=line, column=name, remedy=HOW)
    words = first["msg"].replace("Input s", "it s", 1)
    return WrongUse(
        f"This setting is not right: {words[0].lower()}{words[1:]}.", file=file, line=line, column=name, remedy=HOW
    )


_UNION_WORDS = {"str", "constrained-str", "list[constrained-str]", "[key]"} | {"list[str]"}


def _known(depth: int, where: list[str | int]) -> tuple[str, ...]:
    if depth == 1:
        return tuple(_MappingLines.model_fields)
    return tuple(_ColumnLines.model_fields if "columns" in where else _TableLines.model_fields)


def meant(name: str, known: tuple[str, ...]) -> str:
    """The word that was likely meant, or all there are."""
    near = process.extractOne(name, known, scorer=fuzz.WRatio, score_cutoff=70.0)
    return f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."


class _Checked:
    """The checks of one table of a mapping against what it fills, each told with its line."""

    def __init__(self, text: str, file: str, place: int) -> None:
        self.text, self.file, self.place = text, file, place

    def wrong(self, what: str, *where: str, remedy: str) -> WrongUse:
        line = line_of(self.text, ("table", self.place, *where))
        return WrongUse(what, file=self.file, line=line, column=where[-1] if where else None, remedy=remedy)

    def table(self, lines: _TableLines) -> TableRules:
        intake = table_to_fill(lines.fills)
        if intake is None:
            raise self.wrong("There is no such table to fill.", "fills", remedy=meant(lines.fills, tuple(INTAKE)))
        if lines.file is not None and not is_inside(lines.file):
            raise self.wrong(
                "A file is named by its own name, within the folder of the study.", "file",
                remedy='Write the name alone, such as "claims.csv" or "claims"; a folder within as "exports/claims.csv".',
            )  # fmt: skip
        columns = {name: self.column(intake, name, column) for name, column in lines.columns.items()}
        for column in intake.columns:
            if (column.needed or column.required) and column.name not in columns:
                empty = "" if column.required else ' If the supplier holds none, write  { constant = "" }.'
                raise self.wrong(
                    f"The mapping does not say where {column.name} comes from.", "columns", remedy=f"{HOW}{empty}"
                )
        only = {header: (held,) if isinstance(held, str) else tuple(held) for header, held in lines.only.items()}
        return TableRules(
            lines.fills, self.file, lines.file, lines.sheet, tuple(lines.missing), only, columns
        )  # fmt: skip

    def column(self, intake: IntakeTable, name: str, lines: _ColumnLines) -> ColumnRule:
        if name not in intake.names:
            raise self.wrong(
                f"The table {intake.name} has no such column.", "columns", name, remedy=meant(name, intake.names)
            )
        column = intake.column(name)
        self._one_road(name, lines)
        self._fits(column, lines)
        self._codes(column, lines)
        headers = (
            () if lines.column is None else (lines.column,) if isinstance(lines.column, str) else tuple(lines.column)
        )
        return ColumnRule(
            headers, lines.join, lines.constant, lines.split, lines.part, lines.date, lines.pivot, lines.codes,
            lines.unit or "pounds", lines.per, tuple(lines.missing), lines.invert,
        )  # fmt: skip

    def _one_road(self, name: str, lines: _ColumnLines) -> None:
        if (lines.column is None) == (lines.constant is None):
            raise self.wrong(
                "A column comes from a column of theirs or is a constant, one of the two.", "columns", name, remedy=HOW
            )
        if (lines.split is None) != (lines.part is None):
            raise self.wrong(
                "A name is split by its order and the part that is wanted, both.", "columns", name,
                remedy=f'Write  split = "SURNAME, TITLE FORENAMES", part = "surname". The orders are: {"; ".join(ORDERS)}.',
            )  # fmt: skip

    def _fits(self, column: IntakeColumn, lines: _ColumnLines) -> None:
        """Whether each setting means something for what the column holds."""
        kind = column.kind
        dated, money = kind in {Kind.DATE, Kind.END}, kind is Kind.PENCE
        rules: tuple[tuple[Literal["date", "pivot", "unit", "per", "invert", "split", "codes"], bool, str], ...] = (
            ("date", dated, "a date"),
            (
                "pivot",
                dated and lines.date is not None and has_short_year(lines.date),
                "a date with a year of two digits",
            ),
            ("unit", money, "an amount"),
            ("per", money and "a week" in column.says, "an amount a week"),
            ("invert", kind is Kind.FLAG, "yes or no"),
            ("split", kind is Kind.TEXT, "a name"),
            ("codes", kind in {Kind.CODE, Kind.FLAG, Kind.TEXT}, "a code, yes or no, or text"),
        )
        for setting, fits, what in rules:
            if getattr(lines, setting) not in (None, False, {}) and not fits:
                raise self.wrong(
                    f"This is for {what}, and {column.name} holds {kind.value}.", "columns", column.name, setting,
                    remedy="Take it out.",
                )  # fmt: skip
        if lines.date is not None and has_short_year(lines.date) and lines.pivot is None:
            raise self.wrong(
                "A year of two digits needs a pivot.", "columns", column.name,
                remedy="Write  pivot = 30  for 2000 to 2030, all other years being 1931 to 1999. A century is never guessed.",
            )  # fmt: skip

    def _codes(self, column: IntakeColumn, lines: _ColumnLines) -> None:
        """Whether the right-hand sides of codes are words that the column takes."""
        known = {Kind.CODE: set(column.codes.values()), Kind.FLAG: {"yes", "no"}}.get(column.kind)
        if known is None:
            return
        said: list[tuple[str, tuple[str, ...]]] = [(word, ("codes", theirs)) for theirs, word in lines.codes.items()]
        if lines.constant is not None and column.kind is Kind.CODE:
            said.append((lines.constant, ("constant",)))
        for word, where in said:
            if word and word not in known:
                raise self.wrong(
                    'The column takes no such word; the right-hand side of a code is one of ours, or "" for none.',
                    "columns", column.name, *where, remedy=meant(word, tuple(sorted(known))),
                )  # fmt: skip
