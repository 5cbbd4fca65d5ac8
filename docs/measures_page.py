"""The reference page of every measure: its definition in one place, and worked examples that are its tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from hearthlink.measures.calendar import POLICY_DATES, PolicyDate
from hearthlink.measures.example import Example, Row
from hearthlink.measures.examples_home import HOME_EXAMPLES
from hearthlink.measures.examples_money import MONEY_EXAMPLES
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.measures import EVENTS, STATE_COLUMNS, WINDOW_WORDS, Measure

Table = Callable[[tuple[str, ...], Iterable[tuple[str, ...]]], str]
EXAMPLES = (*MONEY_EXAMPLES, *HOME_EXAMPLES)
KINDS = {
    "benefit": "a claim in payment on a day or in a window",
    "state": "a state on the day",
    "lasting": "a state that lasted through a window",
    "event": "an event within a window",
}
INTRODUCTION = (
    (
        "What is asked of households month by month, each thing defined once. The report's methods annex and the code read the same lines. "
        "A household is its whole chain of claims, however often the claim's reference changed. *Not seen* is never *no*: the number of children of whom a "
        "measure can be seen is shown before the number of whom it is true."
    ),
    (
        "Months are numbered from the April two years before the census year: in the examples 1 is April 2017, 25 April 2019 and 36 March 2020. A state is that "
        "of the month's last day. An event has the day on which it was decided where a source tells it, else the day on which it took effect, else the first "
        "day on which a monthly file shows it. What crosses to the research room holds months and bands, no day and no amount."
    ),
)


def parts(table: Table) -> list[str]:
    """The parts of the page, below its title."""
    told = [*INTRODUCTION, "## Measures"]
    theme = ""
    for measure in MEASURES.values():
        if measure.theme != theme:
            theme = measure.theme
            told.append(f"### {theme}")
        told += _measure(measure, table)
    others = [one for one in EXAMPLES if one.measure not in MEASURES]
    if others:
        told.append("### Events that are part of a measure")
        told += [part for one in others for part in _example(one, table)]
    told += [
        "## States of a month",
        table(("column", "says"), [(f"`{column.name}`", column.says) for column in STATE_COLUMNS]),
        "## Events",
        table(("kind", "says"), [(f"`{kind}`", says) for kind, says in EVENTS.items()]),
        "## The calendar",
        (
            "What moves everybody's money at once is nobody's event. New rates come in the first days of each April, from the 1st to the first Monday "
            "from the 6th; besides them these dates are known. A flag is a column of `month_calendar`."
        ),
        table(("from", "to", "what", "effect in the data", "flag", "source"), map(_policy, POLICY_DATES)),
    ]
    return told


def _measure(measure: Measure, table: Table) -> list[str]:
    rows = [
        ("kind", KINDS[measure.kind]),
        ("windows", "; ".join(WINDOW_WORDS[window] for window in measure.windows)),
        ("made from", ", ".join(f"`{column}`" for column in measure.columns)),
        ("counted", measure.numerator),
        ("of", measure.denominator),
        ("not seen", measure.unobservable),
        ("what spoils it", measure.spoils),
        ("the guard", measure.guard),
    ]
    told = [f"#### {measure.title}", f"`{measure.name}`", table(("", ""), rows)]
    for example in EXAMPLES:
        if example.measure == measure.name:
            told += _example(example, table)
    return told


def _example(example: Example, table: Table) -> list[str]:
    """The rows of an example and what they come to."""
    name = "" if example.measure in MEASURES else f" (`{example.measure}`)"
    told = [f"*Example{name}.* {example.says}"]
    for source, rows in example.rows.items():
        headings = _headings(rows)
        cells = [tuple(_cell(row.get(heading)) for heading in headings) for row in rows]
        told.append(f"`{source}`\n\n{table(tuple(f'`{heading}`' for heading in headings), cells)}")
    comes: list[str] = []
    if example.by_month:
        values = ", ".join(f"month {month}: {_value(value)}" for month, value in example.by_month.items())
        comes.append(f"`{example.column}` is, by month: {values}.")
    if example.events:
        befell = ", ".join(f"`{kind}` in month {month}{_dose(dose)}" for kind, month, dose in example.events)
        comes.append(f"Events: {befell}.")
    elif not example.by_month:
        comes.append("No event.")
    return [*told, " ".join(comes)]


def _headings(rows: Iterable[Row]) -> tuple[str, ...]:
    """Every column that a row holds something in, in the order in which they first come."""
    return tuple(dict.fromkeys(name for row in rows for name in row))


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else _value(value)


def _value(value: object) -> str:
    words: Mapping[object, str] = {None: "not seen", True: "yes", False: "no"}
    return words[value] if value is None or isinstance(value, bool) else str(value)


def _dose(dose: int | None) -> str:
    return "" if dose is None else f", dose {dose}"


def _policy(policy: PolicyDate) -> tuple[str, ...]:
    flag = f"`{policy.flag}`" if policy.flag else ""
    return (policy.first.isoformat(), policy.last.isoformat(), policy.says, policy.effect, flag, policy.source)
