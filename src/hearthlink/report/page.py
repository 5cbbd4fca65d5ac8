"""The page: which section says what, and the templates filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from hearthlink.disclosure import MARKER_WORDS, ClearedTable
from hearthlink.report.about import About
from hearthlink.report.flow import Stop, flow
from hearthlink.report.grid import Grid, grid
from hearthlink.report.matching import Matching, is_placed, matching
from hearthlink.report.minute import Minute, headline_panel, minute
from hearthlink.report.panels import BY_TOPIC, Panel, share_panel, share_panels, with_drawings, with_fresh_notes
from hearthlink.report.reading import by_name

TITLE = "Children referred to social care and household benefits"
SECTIONS = (
    ("minute", "In one minute"),
    ("counted", "Who was counted"),
    ("shares", "The share on benefit"),
    ("sure", "How sure are we"),
    ("matching", "How good the matches are"),
    ("method", "How it was done"),
    ("data", "Data received and checked"),
    ("protection", "Data protection"),
    ("notes", "Notes and symbols"),
    ("citing", "Citing, version and run"),
)
SOURCES: dict[str, str] = {
    "cin": "children in need census",
    "ssd": "identifiers extract (Standard Safeguarding Dataset)",
    "identifiers": "names and addresses of the children",
    "mosaic": "identifiers extract (Mosaic)",
    "liquidlogic": "identifiers extract (Liquidlogic)",
    "daily_api": "daily feed of children's social care",
    "cin_csv": "children in need census (flat tables)",
    "activity": "referrals and what followed, read through a mapping",
    "ssda903": "looked-after return",
    "annex_a": "Annex A lists",
    "shbe": "Housing Benefit extract",
    "academy": "benefits system (Academy)",
    "cts": "council tax support extract",
    "mapped": "claims read through a mapping",
    "claims": "claims brought together",
    "universal_credit": "Universal Credit data share",
    "homelessness": "homelessness cases",
    "rent": "rent accounts",
    "housing_payments": "discretionary housing payments",
    "council_tax": "council tax arrears",
    "school_meals": "free school meals",
    "postcodes": "postcode directory",
    "deprivation": "indices of deprivation",
    "properties": "postcodes of properties",
    "comparators": "figures to compare with",
}
"""Sources in plain words."""

OBSERVABILITY = "observability"
ELSEWHERE = frozenset(
    {"headline", "comparison", "who_was_counted", "sensitivity", "held_back", f"{BY_TOPIC}{OBSERVABILITY}"}
)
"""Tables that a section asks for by name."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section: the name of its template and anchor, and its heading."""

    name: str
    heading: str


@dataclass(frozen=True, slots=True)
class Page:
    """All that the templates print, besides the facts of the study."""

    title: str
    period: str
    status: str
    run_date: str
    particulars: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    minute: Minute
    flow: tuple[Stop, ...]
    counted: Grid | None
    headline: Panel | None
    shares: tuple[Panel, ...]
    matching: Matching
    sensitivity: Grid | None
    unseen: Panel | None
    data: tuple[Grid, ...]
    held_back: Grid | None
    others: tuple[Grid, ...]
    gateways: tuple[tuple[str, str], ...]
    symbols: tuple[tuple[str, str], ...]


def render(tables: Sequence[ClearedTable], about: About) -> str:
    """The report as one HTML file, with no script and no call outside. The same tables and facts give the same text."""
    return environment().get_template("report.html.j2").render(page=_page(tables, about), about=about, css=css())


@cache
def environment() -> Environment:
    """The templates of this package, filled with care for what HTML would take for its own."""
    return Environment(
        loader=PackageLoader("hearthlink.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def css() -> str:
    """The style of every page."""
    return files("hearthlink.report").joinpath("templates", "report.css").read_text("utf-8").strip()


def _page(tables: Sequence[ClearedTable], about: About) -> Page:
    found = by_name(tables)
    headline, unseen = headline_panel(found), found.get(f"{BY_TOPIC}{OBSERVABILITY}")
    panels = share_panels(tables, apart=frozenset({OBSERVABILITY}))
    drawn = with_drawings(with_fresh_notes([*([headline] if headline else []), *panels]))
    data = [table for table in tables if table.name.startswith(("receipt", "finding"))]
    placed = {*ELSEWHERE, *(table.name for table in data), *(t.name for t in tables if is_placed(t.name))}
    others = [table for table in tables if table.name not in placed and not table.name.startswith(BY_TOPIC)]
    counted, sensitivity, held = (found.get(name) for name in ("who_was_counted", "sensitivity", "held_back"))
    return Page(
        title=TITLE,
        period=f"{_day(about.year_start)} to {_day(about.year_end)}",
        status="Practice report on made-up data" if about.practice else "Passed the automatic output checks",
        run_date=_day(about.run_date) if about.run_date else "",
        particulars=_particulars(about),
        sections=tuple(Section(*section) for section in SECTIONS),
        minute=minute(found),
        flow=flow(found),
        counted=grid(counted) if counted else None,
        headline=drawn[0] if headline else None,
        shares=tuple(drawn[1:] if headline else drawn),
        matching=matching(tables),
        sensitivity=grid(sensitivity) if sensitivity else None,
        unseen=share_panel(unseen) if unseen else None,
        data=tuple(grid(table, first="file", say={"source": SOURCES}) for table in data),
        held_back=grid(held) if held else None,
        others=tuple(grid(table) for table in others),
        gateways=tuple((SOURCES.get(source, source), words) for source, words in about.gateways.items()),
        symbols=tuple((str(marker), words) for marker, words in MARKER_WORDS.items()),
    )


def _particulars(about: About) -> tuple[tuple[str, str], ...]:
    made = (("Made on", _day(about.run_date)),) if about.run_date else ()
    return (("Study", about.study), ("Census year", about.year), *made, ("Run", about.run_id))


def _day(day: date) -> str:
    """A date in words, the same on every machine."""
    months = "January February March April May June July August September October November December".split()
    return f"{day.day} {months[day.month - 1]} {day.year}"
