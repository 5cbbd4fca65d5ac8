"""Events by month around the referral, as they may leave: by the finest spans of which every one passes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hearthlink.disclosure.cleared import Cell, ClearedColumn, ClearedTable, Marker
from hearthlink.disclosure.exploratory import marked
from hearthlink.disclosure.figures import HELD_BACK, NOT_AVAILABLE, protected_ends, words
from hearthlink.disclosure.jointly import Checked
from hearthlink.disclosure.measured import title_of
from hearthlink.disclosure.nesting import MONTHS_BEFORE, Around, kept_first, too_near
from hearthlink.disclosure.policy import Policy, released
from hearthlink.disclosure.protect import Group, judge
from hearthlink.disclosure.shares import Row, number
from hearthlink.disclosure.spans import Inside, told
from hearthlink.disclosure.state import TOP

UNITS = ("month", "quarter", "half")
UNIT_WORDS = {"month": "month by month", "quarter": "by spans of three months", "half": "by spans of six months"}
SERIES = {"referred": "Children referred", "comparison": "Children of benefit households who were not referred"}
PER = 1_000
NOTE = (
    "A span begins and ends with these months from the referral: -1 is the month before it, 0 begins with the day itself. Rates are "
    "per 1,000 children observed in the span, from rounded numbers."
)
RULE = "Months are shown where every one passes the checks, else spans of three months, else of six, in which what does not pass is held back."

COLUMNS = (
    ClearedColumn("series", "Of whom", "text"),
    ClearedColumn("from", "From month", "months"),
    ClearedColumn("to", "To month", "months"),
    ClearedColumn("children", "Children observed", "count"),
    ClearedColumn("having", "Of them with an event", "count"),
    ClearedColumn("rate", "Per 1,000 children", "rate"),
    ClearedColumn("low", "Per 1,000, from", "rate"),
    ClearedColumn("high", "Per 1,000, to", "rate"),
)


@dataclass(frozen=True, slots=True)
class Curve:
    """What is printed of one measure: its unit, the rows in order, and whether each passes."""

    measure: str
    unit: str
    rows: tuple[Row, ...]
    passes: tuple[bool, ...]


def curves(rows: Sequence[Row], checked: Checked | None, policy: Policy) -> tuple[list[ClearedTable], list[Curve]]:
    """A table for each measure, and what was chosen for it."""
    policy = replace(policy, noughts=False)
    made = sorted(
        _chosen(rows, checked, policy), key=lambda one: [str(row["measure"]) for row in rows].index(one.measure)
    )
    return [_table(one, policy) for one in made], made


def _chosen(rows: Sequence[Row], checked: Checked | None, policy: Policy) -> Iterator[Curve]:
    """For each measure the unit that is shown: events made of several before their parts, which must stand apart from them."""
    printed, spans = windows(checked), list[Inside]()
    measures = dict.fromkeys(str(row["measure"]) for row in rows)
    for measure in sorted(measures, key=lambda one: kept_first((one, ""))):
        units = [unit for unit in UNITS if any((row["measure"], row["unit"]) == (measure, unit) for row in rows)]
        for unit in units:
            mine = sorted((row for row in rows if (row["measure"], row["unit"]) == (measure, unit)),
                          key=lambda row: (list(SERIES).index(str(row["series"])), number(row, "order") or 0.0))  # fmt: skip
            passes = [_passes(row, printed, policy) for row in mine]
            every = all(one for row, one in zip(mine, passes, strict=True) if row["series"] == "referred")
            if unit == units[-1]:
                _hold(mine, passes, spans, checked, policy)
            if unit == units[-1] or (every and not told(spans + insides(mine, passes), checked, policy)):
                spans += insides(mine, passes)
                printed += [around(row) for row, one in zip(mine, passes, strict=True) if one]
                yield Curve(measure, unit, tuple(mine), tuple(passes))
                break


def insides(rows: Sequence[Row], passes: Sequence[bool]) -> list[Inside]:
    """The spans before the referral, of those referred, as numbers that windows hold."""
    return [
        Inside(one.measure, one.first, one.last, one.having, shown)
        for row, shown in zip(rows, passes, strict=True)
        for one in [around(row)]
        if one.series == "referred" and one.last < 0
    ]


def _hold(
    rows: Sequence[Row], passes: list[bool], spans: Sequence[Inside], checked: Checked | None, policy: Policy
) -> None:
    """Hold back spans, the smallest first, until none that is printed tells of what is held back."""
    before = [place for place, row in enumerate(rows) if row["series"] == "referred" and around(row).last < 0]
    for place in sorted(before, key=lambda one: around(rows[one]).having):
        if not told([*spans, *insides(rows, passes)], checked, policy):
            return
        passes[place] = False


def windows(checked: Checked | None) -> list[Around]:
    """The windows before the referral of which the number of all children is printed."""
    if checked is None:
        return []
    return [
        Around(key[0], "referred", -MONTHS_BEFORE[key[1]], -1, part.having)
        for key, part in checked.whole.items()
        if key[1] in MONTHS_BEFORE and checked.shown.shows_having(key, TOP)
    ]


def around(row: Row) -> Around:
    """A span as a number that may hold others within it."""
    first, last = (int(number(row, name) or 0.0) for name in ("first", "last"))
    return Around(str(row["measure"]), str(row["series"]), first, last, number(row, "having") or 0.0)


def _passes(row: Row, printed: Sequence[Around], policy: Policy) -> bool:
    """Whether a span passes by itself, in every draw, and beside what is printed that holds it within.

    The cohort is part of those counted, and an event part of those made of several.
    """
    held = judge(group_of(row), policy, everybody=True)
    alone = released(held.having) and released(held.children)
    return alone and not too_near(str(row["measure"]), around(row), printed, policy.threshold)


def group_of(row: Row) -> Group:
    """The figures that the checks need of a span."""
    return Group(
        children=int(number(row, "children") or 0.0),
        having=number(row, "having"),
        fewest=number(row, "fewest"),
        most=number(row, "most"),
        families=tuple(int(number(row, name) or 0) for name in ("families", "on_families", "off_families")),
        largest=tuple(int(number(row, name) or 0) for name in ("largest_family", "on_largest_family", "off_largest_family")),
    )  # fmt: skip


def _table(curve: Curve, policy: Policy) -> ClearedTable:
    lines = [_line(row, passes, policy) for row, passes in zip(curve.rows, curve.passes, strict=True)]
    title = title_of(curve.measure)
    return marked(
        f"curve_{curve.measure}", f"{title}: before and after the referral, {UNIT_WORDS.get(curve.unit, curve.unit)}",
        COLUMNS, lines, curve.rows, notes=[NOTE, RULE], policy=policy,
    )  # fmt: skip


def _line(row: Row, passes: bool, policy: Policy) -> list[Cell]:  # noqa: FBT001
    head = [
        words(SERIES[str(row["series"])]),
        Cell(int(number(row, "first") or 0)),
        Cell(int(number(row, "last") or 0)),
    ]
    children = number(row, "children") or 0.0
    if not passes:
        whole = released(judge(group_of(row), policy).children)
        return [*head, Cell(policy.rounded(children)) if whole else HELD_BACK, *[HELD_BACK] * 4]
    having, under = number(row, "having") or 0.0, policy.rounded(children)
    over = min(policy.rounded(having), under)
    ends = protected_ends(having, number(row, "low"), number(row, "high"), children, policy)
    limits = (
        [NOT_AVAILABLE] * 2 if ends is None else [rate(min(one, under), under, policy) for one in (ends.low, ends.high)]
    )
    return [*head, Cell(under), Cell(over), rate(over, under, policy), *limits]


def rate(over: int, under: int, policy: Policy) -> Cell:
    """A rate per 1,000 of two rounded counts; one decimal where there are so many children that it means something."""
    if under < policy.share_base:
        return Cell(None, Marker.TOO_FEW)
    places = 1 if under >= 10 * policy.decimal_base else 0
    return Cell(round(PER * over / under, places), decimals=places)
