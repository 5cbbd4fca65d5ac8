"""The reference page of protocol.toml: the file as `protocol new` writes it, its settings, who may hold which parts, and what the gate refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from pydantic import BaseModel

from hearthlink.governance.narrowing import SWITCHES, Asked
from hearthlink.governance.people import APART, NEEDED, SMALLEST
from hearthlink.governance.protocol import ProtocolLines
from hearthlink.study.protocols.text import protocol_text
from hearthlink.study.study import StudyLines

Table = Callable[[tuple[str, ...], Iterable[tuple[str, ...]]], str]
Settings = Callable[[type[BaseModel], str], list[tuple[str, str]]]

INTRODUCTION = (
    "On what authority a study runs, by whom, with what, until when and for which outputs, signed by two people of whom neither wrote it. A study "
    "folder takes its permission from it; only a practice study, whose files are made up, has none. "
    "[Write a protocol](../how-to/write-a-protocol.md) goes through it. A setting that is left out permits nothing. What counts is what the file says, not how "
    "it is spelt: order, blanks and remarks may change, and anything else is a new version that is signed again."
)


def parts(table: Table, settings: Settings) -> list[str]:
    """The parts of the page."""
    lines = StudyLines(name="Study", authority="", year="2019-20")
    example = protocol_text(
        lines, Asked(date(2019, 4, 1), date(2020, 3, 31), threshold=10, rounding=5, analysis="…", layouts=frozenset({"cin_2019_20.xml", "ssd", "shbe", "cts", "geography"})),
    )  # fmt: skip
    needed = [(part.value, str(count)) for part, count in NEEDED.items()]
    team = [(who, ", ".join(part.value for part in held)) for who, held in SMALLEST.items()]
    apart = [(", ".join(sorted(part.value for part in pair)), why) for pair, why in APART.items()]
    switches = [(f"`allowed.{name}`", f"`{setting}`") for name, setting in SWITCHES.items()]
    return [
        INTRODUCTION,
        "## As `hearthlink protocol new` writes it\n\n```toml\n" + example.strip() + "\n```",
        "## Settings\n\n" + table(("setting", "default"), settings(ProtocolLines, "")),
        "## How many people each part needs\n\n" + table(("part", "people"), needed),
        "## The smallest team\n\nFour people. Three cannot do it: a test tries every way.\n\n"
        + table(("who", "parts"), team),
        "## Parts that are for two people\n\nAny other two may be one person's.\n\n" + table(("parts", "why"), apart),
        "## What study.toml may do\n\nAsk for less: a higher `threshold`, a coarser `rounding`, an earlier `permission.ends`, fewer extracts. Each of these "
        "it may only ask for where the protocol says so:\n\n" + table(("the protocol", "study.toml"), switches),
    ]
