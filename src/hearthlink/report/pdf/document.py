"""A page as PDF, compiled by Typst with the fonts that come with it: tagged, titled, in British English, with page x of y."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

from hearthlink.errors import OurFault
from hearthlink.report.about import About
from hearthlink.report.pdf.typeset import quoted, typeset

if TYPE_CHECKING:
    import typst

STANDARD = "ua-1"


def pdf(page: str, about: About, *, brief: bool = False) -> bytes:
    """The page as PDF/UA-1; the same page gives the same bytes. Raises OurFault where the compiler refuses it.

    The compiler refuses what PDF/UA-1 forbids: a picture without words for it, a heading that skips a rank, no title or language. It
    reads no font of the machine, no file and no clock.
    """
    import typst  # takes a while to load, and most commands set nothing

    source = f"{_facts(about, brief=brief)}\n{_prelude()}\n{typeset(page)}"
    try:
        made = typst.Compiler(font_paths=_fonts()).compile(
            source.encode(), format="pdf", pdf_standards=[STANDARD], timestamp=None
        )
    except typst.TypstError:
        made = None
    if made is None:
        raise OurFault("The report could not be set as PDF/UA-1.") from None
    return cast("bytes", made)


def _facts(about: About, *, brief: bool) -> str:
    """What the prelude asks for by name."""
    day = about.run_date
    made = "none" if day is None else f"datetime(year: {day.year}, month: {day.month}, day: {day.day})"
    return (
        f"#let authority = {quoted(about.authority)}\n#let made-on = {made}\n#let brief = {str(brief).lower()}\n"
        f"#let foot-says = {quoted(f'{about.authority}, {about.year}. Hearthlink {about.version}, run {about.run_id}.')}"
    )


@cache
def _prelude() -> str:
    """The look of the page."""
    return files("hearthlink.report").joinpath("templates", "report.typ").read_text("utf-8")


@cache
def _fonts() -> typst.Fonts:
    """The fonts that come with the compiler, and none of the machine's: the same page on every machine."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
