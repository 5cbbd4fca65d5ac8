"""A paper as a page to be read and printed: headings, sentences, lists, tables and one picture, in one file that loads nothing and runs nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Listed:
    """Sentences, each a point of a list."""

    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: what it shows, its headings and its rows, of which the first cell says what the row is about."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as SVG that was made here."""

    svg: str


Block = str | Listed | Grid | Drawing
"""What stands under a heading; a plain text is a paragraph."""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands under it."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: its title, for whom it is, its parts, and the line at its foot."""

    title: str
    lead: str
    parts: tuple[Part, ...]
    foot: tuple[str, ...]
    notice: str = ""


STYLE = """\
:root { --ink: #0b0c0c; --quiet: #484d50; --line: #c8cdd0; --wash: #f3f5f6; --blue: #12436d; }
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: #fff; font: 1.0625rem/1.55 "Helvetica Neue", "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; overflow-wrap: break-word; }
.frame { max-width: 71rem; margin: 0 auto; padding: 0 1.75rem; }
.top { background: var(--blue); color: #fff; }
.top p { margin: 0; padding: 0.7rem 0; font-size: 0.9375rem; max-width: none; }
.notice { background: #fff3d1; border-bottom: 1px solid #e2c976; }
.notice p { margin: 0; padding: 0.75rem 0; max-width: 52rem; }
h1, h2 { line-height: 1.2; text-wrap: balance; }
h1 { font-size: 2.25rem; margin: 2.25rem 0 0.75rem; max-width: 28ch; }
h2 { font-size: 1.5rem; margin: 2.5rem 0 0.75rem; }
p, ul { margin: 0 0 1rem; max-width: 44rem; text-wrap: pretty; }
.lede { font-size: 1.1875rem; color: var(--quiet); }
.scroll { overflow-x: auto; margin: 0 0 1.5rem; }
.scroll:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 0.9375rem; line-height: 1.45; }
caption { text-align: left; color: var(--quiet); padding: 0 0 0.4rem; }
th, td { text-align: left; vertical-align: top; padding: 0.45rem 1rem 0.45rem 0; border-bottom: 1px solid var(--line); min-width: 6.5rem; }
thead th { border-bottom: 2px solid var(--ink); }
tbody th { font-weight: 400; }
.tall td, .tall th { font-size: 0.8125rem; padding-right: 0.7rem; min-width: 4.5rem; }
figure { margin: 0 0 1.5rem; }
figure svg { width: 100%; height: auto; display: block; }
footer { border-top: 1px solid var(--line); margin-top: 3rem; padding: 1rem 0 3rem; color: var(--quiet); font-size: 0.875rem; overflow-wrap: anywhere; }
footer p { max-width: none; margin: 0 0 0.3rem; }
@media print {
  body { font-size: 10pt; }
  .frame { max-width: none; padding: 0; }
  .top { background: none; color: var(--ink); border-bottom: 1px solid var(--ink); }
  h2 { break-after: avoid; }
  tr, figure { break-inside: avoid; }
  .scroll { overflow: visible; }
  thead { display: table-header-group; }
}
"""
TALL = 60
"""Rows from which a table is set smaller."""


def page(paper: Paper) -> str:
    """The whole page."""
    notice = (
        f'<div class="notice"><div class="frame"><p>{escape(paper.notice)}</p></div></div>\n' if paper.notice else ""
    )
    foot = "\n".join(f"<p>{escape(line)}</p>" for line in paper.foot)
    parts = "\n".join(_part(number, part) for number, part in enumerate(paper.parts, start=1))
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(paper.title)}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
        f'<header class="top"><div class="frame"><p><strong>Hearthlink</strong> papers</p></div></header>\n{notice}'
        f'<main class="frame">\n<h1>{escape(paper.title)}</h1>\n<p class="lede">{escape(paper.lead)}</p>\n{parts}\n</main>\n'
        f'<div class="frame"><footer>\n{foot}\n</footer></div>\n</body>\n</html>\n'
    )


def _part(number: int, part: Part) -> str:
    blocks = "\n".join(_block(block, f"table-{number}-{place}") for place, block in enumerate(part.blocks, start=1))
    return f"<section>\n<h2>{escape(part.heading)}</h2>\n{blocks}\n</section>"


def _block(block: Block, name: str) -> str:
    match block:
        case str():
            return f"<p>{escape(block)}</p>"
        case Listed():
            return "<ul>\n" + "\n".join(f"<li>{escape(one)}</li>" for one in block.points) + "\n</ul>"
        case Drawing():
            return f"<figure>\n{block.svg}</figure>"
        case Grid():
            return _grid(block, name)


def _grid(grid: Grid, name: str) -> str:
    top = "".join(f'<th scope="col">{escape(one)}</th>' for one in grid.headings)
    rows = "\n".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(one)}</td>" for one in rest)}</tr>'
        for first, *rest in grid.rows
    )
    tall = " tall" if len(grid.rows) > TALL else ""
    return (
        f'<div class="scroll{tall}" tabindex="0" role="region" aria-labelledby="{name}"><table>\n<caption id="{name}">{escape(grid.caption)}</caption>\n'
        f"<thead><tr>{top}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
    )


def listed(points: Iterable[str]) -> Listed:
    """A list of whatever is said of something; what is empty is left out."""
    return Listed(tuple(point for point in points if point))
