"""Made tables in any supplier's layout, written backwards through its mapping: what the file says, and what should be read from it.

Nobody in them is anybody: names are runs of a few letters, and numbers are counted up.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from hearthlink.sources.intake.catalogue import INTAKE
from hearthlink.sources.intake.declared import IntakeColumn, IntakeTable, Kind
from hearthlink.sources.intake.rules import ColumnRule, TableRules

NOISE = "medical_note"
"""A column that no mapping reads."""
WEEKS = {
    "day": 7,
    "week": 1,
    "fortnight": 1 / 2,
    "four weeks": 1 / 4,
    "month": 12 / 52,
    "quarter": 4 / 52,
    "year": 1 / 52,
}
MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()


@dataclass
class Made:
    """A supplier's file as text, and the rows that should be read from it."""

    text: bytes
    rows: list[dict[str, object]] = field(default_factory=list)
    headers: tuple[str, ...] = ()
    left_out: int = 0


def made(rules: TableRules, rows: int = 150, *, seed: int = 1, far_ends: bool = True) -> Made:
    """A file in the layout of one table of a mapping."""
    chance = random.Random(seed)
    table = INTAKE[rules.fills]
    headers: list[str] = [NOISE, *rules.only]
    for rule in rules.columns.values():
        headers += [header for header in rule.headers if header not in headers]
    chance.shuffle(headers)
    lines: list[list[str]] = []
    expected: list[dict[str, object]] = []
    for number in range(rows):
        cells = {NOISE: "CANARY", **{header: values[number % len(values)] for header, values in rules.only.items()}}
        expected.append(_row(table, rules, cells, number, chance, far_ends=far_ends))
        lines.append([cells.get(header, "") for header in headers])
    left_out = 7 if rules.only else 0
    lines += [[("no such word" if header in rules.only else "CANARY") for header in headers]] * left_out
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([headers, *lines])
    return Made(text.getvalue().encode(), expected, tuple(headers), left_out)


def _row(
    table: IntakeTable, rules: TableRules, cells: dict[str, str], number: int, chance: random.Random, *, far_ends: bool
) -> dict[str, object]:
    """One row: its cells are filled in, and what should be read from it is given back."""
    row: dict[str, object] = {}
    whole_names: dict[str, dict[str, str]] = {}
    for column in table.columns:
        rule = rules.columns.get(column.name)
        if rule is None:
            row[column.name] = None
        elif rule.constant is not None:
            row[column.name] = _constant(column, rule)
        elif rule.part is not None:
            parts = whole_names.setdefault(rule.headers[0], {})
            parts[rule.part] = word(chance)
            row[column.name] = parts[rule.part]
        else:
            must = column.required or number % 9 or column.needed
            row[column.name], text = (
                _cell(table, column, rule, number, chance, far_ends=far_ends) if must else (None, "")
            )
            _fill(cells, rule, text, number)
    for header, parts in whole_names.items():
        cells[header] = f"{parts['surname']}, MRS {parts['forename']}"
    return row


def _constant(column: IntakeColumn, rule: ColumnRule) -> object:
    if not rule.constant:
        return None
    return (
        date.fromisoformat(rule.constant)
        if column.kind is Kind.DATE
        else column.codes.get(rule.constant, rule.constant)
    )


def _fill(cells: dict[str, str], rule: ColumnRule, text: str, number: int) -> None:
    if rule.join is not None and text:
        cells.update(zip(rule.headers, text.split(rule.join), strict=False))
    elif rule.headers:
        cells[rule.headers[number % len(rule.headers)]] = text


def _cell(
    table: IntakeTable, column: IntakeColumn, rule: ColumnRule, number: int, chance: random.Random, *, far_ends: bool
) -> tuple[object, str]:
    """A value as it should be read, and as the supplier writes it."""
    match column.kind:
        case Kind.DATE | Kind.END:
            if column.kind is Kind.END and far_ends and number % 3 == 0 and (rule.date is None or "yyyy" in rule.date):
                return None, spelt(date(2099, 12, 31), rule)
            day = _day(table, column, chance)
            return day, spelt(day, rule)
        case Kind.PENCE:
            pence = chance.randrange(100, 30_000)
            weekly = round(pence * WEEKS[rule.per]) if rule.per else pence
            return weekly, str(pence) if rule.unit == "pence" else f"{pence / 100:.2f}"
        case Kind.WHOLE:
            return (2019 if "year" in column.name else number % 6), str(2019 if "year" in column.name else number % 6)
        case Kind.NUMBER:
            return number % 40 + 0.5, f"{number % 40 + 0.5}"
        case Kind.FLAG:
            yes = bool(number % 2)
            return yes != rule.invert, "Y" if yes else "N"
        case Kind.CODE:
            theirs = sorted(rule.codes or column.codes)
            code = theirs[number % len(theirs)]
            return (rule.codes or column.codes)[code], code
        case Kind.TEXT:
            text = _text(column.name, rule, number, chance)
            return text, text


def spelt(day: date, rule: ColumnRule) -> str:
    """A date as a rule says the supplier writes it; ISO where it says nothing."""
    month = MONTHS[day.month - 1]
    forms = {
        None: day.isoformat(), "dd/mm/yyyy": f"{day:%d/%m/%Y}", "dd mon yy": f"{day.day:02}-{month}-{day:%y}", "yyyymmdd": f"{day:%Y%m%d}",
        "dd mon yyyy": f"{day.day:02}-{month}-{day.year}", "dd/mm/yy": f"{day:%d/%m/%y}", "mm/dd/yyyy": f"{day:%m/%d/%Y}",
    }  # fmt: skip
    return forms[rule.date]


def _day(table: IntakeTable, column: IntakeColumn, chance: random.Random) -> date:
    if "birth" in column.name:
        first = date(2002, 1, 1) if table.name == "child_person" else date(1945, 1, 1)
        return first + timedelta(chance.randrange((date(2019, 12, 31) - first).days))
    return date(2016, 1, 1) + timedelta(chance.randrange(1_500))


def word(chance: random.Random) -> str:
    """A run of letters that is no name."""
    return "".join(chance.choice("ABCDEFGH") for _ in range(chance.randrange(3, 8)))


def _text(name: str, rule: ColumnRule, number: int, chance: random.Random) -> str:
    name = name.removeprefix("claimant_").removeprefix("partner_")
    makes: dict[str, Callable[[], str]] = {
        "postcode": lambda: (
            f"ZZ{chance.randrange(1, 30)} {chance.randrange(9)}{chance.choice('ABD')}{chance.choice('ABD')}"
        ),
        "uprn": lambda: f"{100_000_000_000 + chance.randrange(10_000)}",
        "nino": lambda: f"QQ{number:06}C",
        "upn": lambda: f"A{number:012}",
        "title": lambda: chance.choice(["MR", "MRS", "MISS", "MS"]),
        "passport_benefit": lambda: chance.choice(["IS", "JSA(IB)"]),
        "relationship": lambda: chance.choice(["Mother", "Father", "Carer"]),
        "address_kind": lambda: chance.choice(["Home", "Placement"]),
        "country": lambda: "ENG",
    }
    if name in makes:
        return makes[name]()
    if "name" in name or name == "known_as":
        return word(chance)
    if name.startswith("address"):
        if rule.join is not None:
            return rule.join.join(f"{chance.randrange(1, 90)} {word(chance)}" for _ in rule.headers)
        return (
            f"{chance.randrange(1, 90)} {word(chance)} ROAD"
            if name in {"address", "address_1"}
            else f"{word(chance)} TOWN"
        )
    if name.endswith(("_ref", "_id", "_into")):
        return f"{10_000_000 + number}"
    return f"{chance.choice('ABC')}{chance.randrange(1, 4)}"
