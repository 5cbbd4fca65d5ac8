"""The page: which section says what, and the templates filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from hearthlink.disclosure import MARKER_WORDS, ClearedTable
from hearthlink.report.about import About
from hearthlink.report.before import Before, before
from hearthlink.report.before import is_placed as before_places
from hearthlink.report.beside import NAMED, bounds_panel, compared_panel, roads_panel, staged_panel
from hearthlink.report.flow import Stop, flow
from hearthlink.report.grid import Grid, grid
from hearthlink.report.matching import Matching, matching
from hearthlink.report.matching import is_placed as matching_places
from hearthlink.report.minute import Minute, headline_panel, minute
from hearthlink.report.panels import BY_TOPIC, Panel, share_panel, share_panels, with_drawings, with_fresh_notes
from hearthlink.report.reading import by_name
from hearthlink.report.themes import Theme, share_theme, themes
from hearthlink.report.themes import is_placed as themes_place
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.measures import WINDOW_WORDS, Measure

TITLE = "Children referred to social care and household benefits"
OPENING = (
    ("minute", "In one minute"),
    ("counted", "Who was counted"),
    ("shares", "The share on benefit"),
)
CLOSING = (
    ("sure", "How sure are we"),
    ("matching", "How good the matches are"),
    ("method", "How it was done"),
    ("definitions", "What each measure means"),
    ("data", "Data received and checked"),
    ("protection", "Data protection"),
    ("notes", "Notes and symbols"),
    ("citing", "Citing, version and run"),
)
"""Sections before those of the themes, and after them."""
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
    """A section: its anchor, its heading, the name of its template, and the theme that it is of."""

    name: str
    heading: str
    template: str
    theme: Theme | None = None


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
    share_theme: Theme | None
    bounds: Panel | None
    compared: Panel | None
    staged: Panel | None
    roads: Panel | None
    before: Before | None
    definitions: tuple[tuple[str, tuple[tuple[str, Measure, str], ...]], ...]
    shares: tuple[Panel, ...]
    matching: Matching
    sensitivity: Grid | None
    unseen: Panel | None
    data: tuple[Grid, ...]
    held_back: Grid | None
    others: tuple[Grid, ...]
    gateways: tuple[tuple[str, str], ...]
    symbols: tuple[tuple[str, str], ...]


def render(tables: Sequence[ClearedTable], about: About, definitions: Mapping[str, Measure] | None = None) -> str:
    """The report as one HTML file, with no script and no call outside. The same tables and facts give the same text.

    `definitions` are the measures in force, for the annex; those of Hearthlink where none are given.
    """
    page = _page(tables, about, MEASURES if definitions is None else definitions)
    return environment().get_template("report.html.j2").render(page=page, about=about, css=css())


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


def _page(tables: Sequence[ClearedTable], about: About, definitions: Mapping[str, Measure]) -> Page:
    found, drawn = by_name(tables), _drawn(tables, definitions)
    unseen = found.get(f"{BY_TOPIC}{OBSERVABILITY}")
    data = [table for table in tables if table.name.startswith(("receipt", "finding"))]
    counted, sensitivity, held = (found.get(name) for name in ("who_was_counted", "sensitivity", "held_back"))
    of_themes = [Section(one.name, one.heading, "theme", one) for one in drawn.themes]
    of_before = [Section("before", "What came before referrals", "before")] if drawn.before else []
    return Page(
        title=TITLE,
        period=f"{day_in_words(about.year_start)} to {day_in_words(about.year_end)}",
        status=status_of(about),
        run_date=day_in_words(about.run_date) if about.run_date else "",
        particulars=_particulars(about),
        sections=(*_plain(OPENING), *of_themes, *of_before, *_plain(CLOSING)),
        minute=minute(found),
        flow=flow(found),
        counted=grid(counted) if counted else None,
        headline=drawn.headline,
        share_theme=drawn.share_theme,
        bounds=drawn.bounds,
        compared=drawn.compared,
        staged=drawn.staged,
        roads=roads_panel(found),
        before=drawn.before,
        definitions=_defined(definitions),
        shares=drawn.shares,
        matching=matching(tables),
        sensitivity=grid(sensitivity) if sensitivity and sensitivity.rows else None,
        unseen=share_panel(unseen) if unseen else None,
        data=tuple(grid(table, first="file", say={"source": SOURCES}) for table in data if table.rows),
        held_back=grid(held) if held else None,
        others=tuple(grid(table) for table in tables if not _is_placed(table.name)),
        gateways=tuple((SOURCES.get(source, source), words) for source, words in about.gateways.items()),
        symbols=tuple((str(marker), words) for marker, words in MARKER_WORDS.items()),
    )


def _is_placed(name: str) -> bool:
    """Whether a section prints the table."""
    return (
        name in ELSEWHERE | NAMED
        or name.startswith((BY_TOPIC, "receipt", "finding"))
        or any(one(name) for one in (matching_places, themes_place, before_places))
    )


def _plain(sections: Sequence[tuple[str, str]]) -> list[Section]:
    return [Section(name, heading, name) for name, heading in sections]


def _defined(definitions: Mapping[str, Measure]) -> tuple[tuple[str, tuple[tuple[str, Measure, str], ...]], ...]:
    """The definitions by theme, each with its windows in words."""
    found: dict[str, list[tuple[str, Measure, str]]] = {}
    for name, one in definitions.items():
        windows = "; ".join(WINDOW_WORDS[window] for window in one.windows)
        found.setdefault(one.theme, []).append((name, one, windows))
    return tuple((theme, tuple(ones)) for theme, ones in found.items())


@dataclass(frozen=True, slots=True)
class Drawn:
    """Every panel that may have a chart, with its drawing."""

    headline: Panel | None
    bounds: Panel | None
    compared: Panel | None
    staged: Panel | None
    shares: tuple[Panel, ...]
    share_theme: Theme | None
    themes: tuple[Theme, ...]
    before: Before | None


def _drawn(tables: Sequence[ClearedTable], definitions: Mapping[str, Measure]) -> Drawn:
    """The panels of every section, drawn together, with a note printed once alone in a run of tables."""
    found = by_name(tables)
    alone = [headline_panel(found), bounds_panel(found), compared_panel(found), staged_panel(found)]
    shares = share_panels(tables, apart=frozenset({OBSERVABILITY}))
    of_themes = themes(tables, definitions)
    came = before(tables)
    groups: list[Sequence[Panel]] = [
        with_fresh_notes([*(one for one in alone if one), *shares]),
        *(with_fresh_notes(one.panels) for one in of_themes),
        *((with_fresh_notes(came.effects), with_fresh_notes(came.curves)) if came else ()),
    ]
    drawn = iter(with_drawings(_few([panel for group in groups for panel in group])))
    by_hand = [next(drawn) if one else None for one in alone]
    shares = [next(drawn) for _ in shares]
    of_themes = [replace(one, panels=tuple(next(drawn) for _ in one.panels)) for one in of_themes]
    if came:
        came = Before(tuple(next(drawn) for _ in came.effects), tuple(next(drawn) for _ in came.curves))
    share = share_theme(of_themes)
    head, bounds, compared, staged = by_hand
    return Drawn(
        head, bounds, compared, staged, tuple(shares), share, tuple(one for one in of_themes if one is not share), came
    )


MOST_CHARTS = 75
"""Charts of one report; past them a table stands alone, so that a page of a long plan can still be sent by e-mail."""


def _few(panels: Sequence[Panel]) -> list[Panel]:
    """The panels, those past the most charts without theirs."""
    left, made = MOST_CHARTS, list[Panel]()
    for panel in panels:
        keep = panel.chart is not None and left > 0
        left -= keep
        made.append(panel if keep else replace(panel, chart=None))
    return made


def status_of(about: About) -> str:
    """What the head of a page says that it is."""
    return "Practice report on made-up data" if about.practice else "Passed the automatic output checks"


def _particulars(about: About) -> tuple[tuple[str, str], ...]:
    made = (("Made on", day_in_words(about.run_date)),) if about.run_date else ()
    return (("Study", about.study), ("Census year", about.year), *made, ("Run", about.run_id))


def day_in_words(day: date) -> str:
    """A date in words, the same on every machine."""
    months = "January February March April May June July August September October November December".split()
    return f"{day.day} {months[day.month - 1]} {day.year}"
