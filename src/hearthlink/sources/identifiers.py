"""Names and addresses of the children, from whichever layout lies among the extracts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from hearthlink.errors import DataProblem
from hearthlink.sources.files import WANTED, SourceFiles
from hearthlink.sources.identifier_tables import Identifiers
from hearthlink.sources.ssd import read_ssd, ssd_stages
from hearthlink.sources.stages import Spells

READERS: Mapping[str, Callable[[Path], Identifiers]] = {"ssd": read_ssd}
"""The layouts that give names and addresses, in the order in which they are looked for."""


def read_identifiers(files: SourceFiles) -> Identifiers:
    """Who the children are, where they lived and which adults they have.

    Raises DataProblem where no layout of the kind is there, or where two are: nobody could say which was meant.
    """
    there = [(layout, place) for layout in READERS if (place := files.one(layout)) is not None]
    if not there:
        raise DataProblem("Nothing was found with names and addresses.", file=files.folder.name, remedy=WANTED)
    layout, place = there[0]
    return READERS[layout](place)


def read_stages(files: SourceFiles) -> list[Spells]:
    """Child in need plans and spells of care, from every source that tells of them."""
    place = files.one("ssd")
    return [] if place is None else ssd_stages(place)
