"""Earlier releases: the true numbers that are kept of each, and what it printed of them, for a reader never forgets.

Whatever of an earlier release cannot be read stops everything: a release that was not looked at may give another away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from hearthlink.disclosure.asked import ON_DAY, Asked, Key, Part, answered, asked, whole_of
from hearthlink.disclosure.cleared import Cell, ClearedTable, Marker, unpack
from hearthlink.disclosure.measured import WINDOWS, title_of
from hearthlink.disclosure.policy import Policy, Verdict
from hearthlink.disclosure.remembered import Before, truths
from hearthlink.disclosure.shares import WHOLE, Row, number
from hearthlink.disclosure.state import EVERYBODY, TOP, Place, Shown
from hearthlink.errors import DataProblem, HearthlinkError, OurFault
from hearthlink.tables.released import RELEASED_FIGURE

MEASURED, UNSEEN = "measured", "unseen"


def figures_of(number: int, tables: Mapping[str, pa.Table]) -> pa.Table:
    """The true numbers behind what a release prints, as rows of `released_figure`; `tables` are those that the output checks read."""
    rows = [{"release": number, **row} for row in _figures(tables)]
    return pa.table(
        {
            name: pa.array([row.get(name) for row in rows], RELEASED_FIGURE.schema.field(name).type)
            for name in RELEASED_FIGURE.names
        },
        schema=RELEASED_FIGURE.schema,
    )


def _figures(tables: Mapping[str, pa.Table]) -> Iterator[dict[str, object]]:
    answer: list[Row] = tables["answer"].to_pylist()
    mine = list(answered(answer))
    known = {row["topic"] for row in mine}
    measured = [row for row in _rows(tables, MEASURED)
                if (row["measure"], row["window"]) != ON_DAY or row["topic"] not in known]  # fmt: skip
    for row in (*mine, *measured):
        yield {**BARE, **_kept(row), "table": MEASURED, "overlapping": bool(row["overlapping"])}
    for row in _rows(tables, UNSEEN):
        yield {**BARE, **_kept(row), "table": UNSEEN, "group": row["reason"]}
    for row in answer:
        if row["question"] == "who_was_counted":
            yield {**BARE, "table": "who_was_counted", "topic": row["topic"], "group": row["group"],
                   "order": row["order"], "children": row["children"]}  # fmt: skip
    for row in _rows(tables, "staged"):
        yield {**BARE, "table": "staged", "group": row["stage"], "order": row["order"], "children": row["children"]}
    for row in _rows(tables, "monthly"):
        yield {**BARE, "table": "monthly", "measure": row["measure"], "window": row["unit"], "topic": row["series"],
               "group": f"{row['first']} to {row['last']}", "order": row["order"], "children": row["children"],
               "having": row["having"]}  # fmt: skip


BARE: dict[str, object] = {"measure": "", "window": "", "topic": "", "group": "", "order": 0, "overlapping": False}


def _rows(tables: Mapping[str, pa.Table], name: str) -> list[Row]:
    return tables[name].to_pylist() if name in tables else []


def _kept(row: Row) -> dict[str, object]:
    return {name: row[name] for name in RELEASED_FIGURE.names if name in row and name != "release"}


def releases_before(earlier: Sequence[tuple[int, bytes]], figures: pa.Table | None, policy: Policy) -> list[Before]:
    """The earlier releases, by number. One that only says an earlier one again tells nothing new, and is left out.

    `earlier` holds the number of each and the bytes of its cleared tables. Raises DataProblem where one cannot be read, has no true
    numbers beside it, or does not fit them.
    """
    rows: list[Row] = [] if figures is None else figures.to_pylist()
    forgotten = sorted({int(number(row, "release") or 0) for row in rows} - {place for place, _ in earlier})
    if forgotten:
        raise _unread(forgotten[0], "was remembered and is not there")
    found: list[Before] = []
    said: list[list[object]] = []
    for place, content in sorted(earlier):
        tables = _opened(place, content)
        figures_printed: list[object] = [
            (table.name, table.columns, table.rows) for table in tables if table.name != "held_back"
        ]
        if figures_printed in said:
            continue
        said.append(figures_printed)
        mine = [row for row in rows if row["release"] == place]
        if not mine:
            raise _unread(place, "has no true numbers beside it")
        found.append(_before(place, tables, mine, policy))
    return found


def _opened(place: int, content: bytes) -> tuple[ClearedTable, ...]:
    try:
        tables = unpack(content)
    except HearthlinkError:
        tables = ()
    if not tables:
        raise _unread(place, "cannot be read")
    return tables


def _unread(place: int, what: str) -> DataProblem:
    return DataProblem(
        f"Release {place} {what}, so that nothing can be checked against it.",
        file=f"releases/{place:03}/package/cleared.json",
        remedy="Nothing was cleared. Put the release back as it was.",
    )


def _before(place: int, tables: tuple[ClearedTable, ...], rows: Sequence[Row], policy: Policy) -> Before:
    then = _rules(place, tables, policy)
    measured = [_as_measured(row) for row in rows if row["table"] == MEASURED]
    try:
        every = {name: _settled(topic) for name, topic in asked(measured, then).items()}
        whole = whole_of(every)
    except OurFault:
        raise _unread(place, "does not fit the numbers beside it") from None
    topics = {name: topic for name, topic in every.items() if name != WHOLE}
    shown = Shown()
    printed = _Printed({table.name: table for table in tables})
    for key, part in whole.items():
        _note(shown, (key, TOP), part, printed.cells(key, WHOLE, EVERYBODY), _Fits(place, then))
    for topic in topics.values():
        for key, parts in topic.parts.items():
            for group, part in parts.items():
                cells = printed.cells(key, topic.topic, group)
                _note(shown, (key, (topic.topic, group)), part, cells, _Fits(place, then))
    reasons: dict[tuple[Key, str], float] = {}
    for row in rows:
        if row["table"] == UNSEEN:
            key, reason = (str(row["measure"]), str(row["window"])), str(row["group"])
            reasons[key, reason] = number(row, "children") or 0.0
            told = printed.reason(key, reason)
            shown.reasons[key, reason] = Verdict.RELEASE if told else Verdict.SUBTRACTION
    others = truths(rows)
    return Before(place, then, topics, whole, shown, reasons, others, tables)


def _rules(place: int, tables: Sequence[ClearedTable], policy: Policy) -> Policy:
    """The rules that a release went by, as its tables have them; what they do not say is as it is now."""
    if len({(table.profile, table.threshold, table.base) for table in tables}) > 1:
        raise _unread(place, "goes by two rules")
    first = tables[0]
    return replace(
        policy, profile=first.profile, threshold=first.threshold, base=first.base,
        noughts=Policy.of(first.profile).noughts, share_base=max(policy.share_base, first.threshold),
    )  # fmt: skip


def _as_measured(row: Row) -> Row:
    return {**row, "children": int(number(row, "children") or 0)}


def _settled(topic: Asked) -> Asked:
    """The headline's question as it is checked: everybody is observed by its definition."""
    parts = dict(topic.parts)
    if ON_DAY in parts:
        parts[ON_DAY] = {
            group: replace(part, own=(part.own[0], Verdict.RELEASE, part.own[2]), fixed=True)
            for group, part in parts[ON_DAY].items()
        }
    return replace(topic, parts=parts)


@dataclass(frozen=True, slots=True)
class _Printed:
    """The tables of a release by name, and what stands in them."""

    tables: Mapping[str, ClearedTable]

    def cells(self, key: Key, topic: str, group: str) -> list[Mapping[str, Cell]]:
        """The printed rows of one group for one question, by column."""
        if topic == WHOLE:
            found = [*self._rows("headline", ())] if key == ON_DAY else []
            title, window = title_of(key[0]), WINDOWS.get(key[1], key[1])
            themes = [name for name in self.tables if name.startswith("measures_")]
            return found + [
                row for name in themes for row in self._rows(name, (("measure", title), ("window", window)))
            ]
        names = [f"measured_{key[0]}_{key[1]}_by_{topic}", *([f"on_benefit_by_{topic}"] if key == ON_DAY else [])]
        return [row for name in names for row in self._rows(name, (("group", group),), after=1)]

    def reason(self, key: Key, reason: str) -> bool:
        """Whether the number not seen for a reason is printed."""
        asked_ = (("measure", title_of(key[0])), ("window", WINDOWS.get(key[1], key[1])), ("reason", reason))
        themes = [name for name in self.tables if name.startswith("unseen_")]
        return any(_is_number(row["children"]) for name in themes for row in self._rows(name, asked_))

    def _rows(self, name: str, wanted: Sequence[tuple[str, str]], *, after: int = 0) -> Iterator[Mapping[str, Cell]]:
        table = self.tables.get(name)
        for line in () if table is None else table.rows[after:]:
            row = {column.name: cell for column, cell in zip(table.columns, line, strict=True)} if table else {}
            if all(row[column].value == said for column, said in wanted):
                yield row


def _is_number(cell: Cell | None) -> bool:
    return cell is not None and isinstance(cell.value, int) and cell.marker is Marker.NONE


@dataclass(frozen=True, slots=True)
class _Fits:
    """Whether a printed number is the one beside it, by the rules of its release."""

    place: int
    policy: Policy

    def require(self, cell: Cell, truth: float, most: float) -> None:
        if cell.value != min(self.policy.rounded(truth), self.policy.rounded(most)):
            raise _unread(self.place, "does not fit the numbers beside it")


def _note(shown: Shown, at: tuple[Key, Place], part: Part, rows: Sequence[Mapping[str, Cell]], fits: _Fits) -> None:
    """What is printed of one group for one question, in any of its rows."""
    key, place = at
    if part.nought:
        shown.noughts.add(place)
    having_at = "on_benefit" if key == ON_DAY else "having"
    children = [row["children"] for row in rows if _is_number(row.get("children"))]
    having = [row[name] for row in rows for name in (having_at, "having") if name in row and _is_number(row[name])]
    observed = [row["observed"] for row in rows if _is_number(row.get("observed"))]
    nearly = part.nearly and any(row["observed"].marker is Marker.AT_LEAST for row in rows if "observed" in row)
    for cells, truth, most in ((children, part.children, part.children), (observed, part.observed, part.observed)):
        for cell in cells:
            fits.require(cell, truth, most)
    for cell in having:
        fits.require(cell, part.having, part.children if part.nearly else part.observed)
    if children:
        shown.children[place] = Verdict.RELEASE
    else:
        shown.children.setdefault(place, Verdict.SUBTRACTION)
    seen = key == ON_DAY or observed or nearly
    shown.observed[key, place] = Verdict.RELEASE if seen else Verdict.SUBTRACTION
    shown.having[key, place] = Verdict.RELEASE if having else Verdict.SUBTRACTION
