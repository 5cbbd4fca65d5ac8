"""Who was counted, as a list of stops: from the census to the base of the share, with who was left out at each and why."""

from __future__ import annotations

from dataclasses import dataclass

from hearthlink.disclosure import ClearedTable
from hearthlink.report.panels import BY_TOPIC
from hearthlink.report.reading import Tables, released, shown

REFERRED, COUNTED, UNBORN = "All children referred in the year", "Counted", "Unborn on the day of referral"
"""Rows of the table of who was counted, by their words."""

HELD_BACK = "held back"


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop of the list: how many, who they are, and the smaller groups told of beside them."""

    count: str
    says: str
    among: str = ""
    asides: tuple[str, ...] = ()


def flow(tables: Tables) -> tuple[Stop, ...]:
    """The stops, those of them whose tables were released."""
    table = tables.get("who_was_counted")
    if table is None:
        return ()
    rows = {shown(table, row, "group"): _count(table, row, "children") for row in range(len(table.rows))}
    known = {REFERRED, COUNTED, UNBORN}
    stops: list[Stop] = []
    if REFERRED in rows:
        stops.append(Stop(rows[REFERRED], "children were referred to social care in the year, each taken once."))
    if UNBORN in rows:
        stops.append(
            Stop(rows[UNBORN], "were left out: not yet born on the day of referral, so that no claim could hold them.")
        )
    if COUNTED in rows:
        others = tuple(_said(words, count) for words, count in rows.items() if words not in known)
        stops.append(
            Stop(rows[COUNTED], "children were counted. They are the base of every share.", "Among them", others)
        )
    stops.extend(_looked_for(tables))
    headline = tables.get("headline")
    if headline is not None and headline.rows:
        stops.append(
            Stop(
                _count(headline, 0, "on_benefit"),
                "were in a household with Housing Benefit or council tax support in payment on the day.",
            )
        )
    return tuple(stops)


def _looked_for(tables: Tables) -> list[Stop]:
    """Those who could be looked for in the benefit records, and why the rest could not. They stay in the base."""
    table = tables.get(f"{BY_TOPIC}observability")
    if table is None or len(table.rows) < 2:
        return []
    rows = [(shown(table, row, "group"), _count(table, row, "children")) for row in range(1, len(table.rows))]
    seen = [count for words, count in rows if words == "Could be seen"]
    rest = tuple(_said(words, count) for words, count in rows if words != "Could be seen")
    if not seen:
        return []
    return [
        Stop(
            seen[0],
            "of them had a name, and an address in the area, to look for in the benefit records. The rest stay in the base.",
            "The rest",
            rest,
        )
    ]


def _count(table: ClearedTable, row: int, column: str) -> str:
    """A count as it is printed, or in words that it is held back."""
    return shown(table, row, column) if released(table, row, column) else HELD_BACK


def _said(words: str, count: str) -> str:
    """A smaller group in a line of its own."""
    return f"{words}: {count}"
