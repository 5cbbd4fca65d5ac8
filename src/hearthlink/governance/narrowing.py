"""What a study asks for beside what its protocol allows: it may ask for less, never for more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from hearthlink.governance.protocol import ProtocolLines
from hearthlink.tables.profiles import narrower

Widening = tuple[str, str]
"""A setting of the study that asks for more than the protocol allows, and in words how."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a study asks for, as study.toml, analysis.toml and the names in the folder of extracts tell; no file of it is opened.

    `told` are the permission lines that study.toml fills besides, by name; `layouts` what lies in the folder of extracts and the tables
    that queries fill; `files` the path of every file in it.
    """

    year_start: date
    year_end: date
    threshold: int
    rounding: int
    analysis: str
    profile: str = "strict"
    layouts: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    told: Mapping[str, str] = field(default_factory=dict[str, str])
    ends: date | None = None
    name_origin: bool = False
    keep_pseudonyms: bool = False
    households_without_children: bool = False
    universal_credit_alone: bool = False


SWITCHES = {
    "name_origin": "permission.name_origin",
    "keep_pseudonyms": "refresh.keep_pseudonyms",
    "households_without_children": "cohort.keep_households_without_children",
    "universal_credit_alone": "cohort.link_universal_credit_alone",
}
"""What a protocol forbids unless it says otherwise, and the setting of study.toml that asks for it."""


def widened(lines: ProtocolLines, asked: Asked) -> list[Widening]:
    """Everything in which a study asks for more than its protocol allows; none where it only narrows."""
    return [*_cohort(lines, asked), *_settings(lines, asked), *_told(lines, asked), *_extracts(lines, asked)]


def _cohort(lines: ProtocolLines, asked: Asked) -> Iterator[Widening]:
    first, last = lines.cohort.referred_from, lines.cohort.referred_to
    if first is None or last is None or asked.year_start < first or asked.year_end > last:
        yield "year", "The year lies outside the cohort of the protocol."


def _settings(lines: ProtocolLines, asked: Asked) -> Iterator[Widening]:
    if not narrower(asked.profile, lines.disclosure.profile):
        yield "disclosure.profile", "The profile is less strict than the protocol's."
    for name in ("threshold", "rounding"):
        least = getattr(lines.disclosure, name)
        if least is None or getattr(asked, name) < least:
            yield f"disclosure.{name}", f"The {name} is less strict than the protocol's."
    for name, setting in SWITCHES.items():
        if getattr(asked, name) and not getattr(lines.allowed, name):
            yield setting, "The protocol does not allow it."
    if lines.dates.ends is None or (asked.ends is not None and asked.ends > lines.dates.ends):
        yield "permission.ends", "The protocol ends earlier."
    if asked.analysis != lines.outputs.analysis:
        yield "analysis.toml", "The plan of analysis is not the one whose digest the protocol holds."


def _told(lines: ProtocolLines, asked: Asked) -> Iterator[Widening]:
    said = told_by(lines)
    for name, text in asked.told.items():
        if text.strip() and text.strip() != said.get(name, "").strip():
            yield f"permission.{name}", "The protocol says otherwise: leave the line out, or say the same."


def _extracts(lines: ProtocolLines, asked: Asked) -> Iterator[Widening]:
    allowed = {layout for terms in lines.sources.values() for layout in terms.layouts}
    for layout in sorted(asked.layouts - allowed):
        yield f"in/{layout}", "No source of the protocol names it."
    digests = digests_of(lines)
    if digests:
        strange = sorted(asked.files ^ set(digests))
        yield from (
            (f"in/{path}", "The extracts are not those whose digests the protocol holds.") for path in strange[:1]
        )


def digests_of(lines: ProtocolLines) -> dict[str, str]:
    """The SHA-256 of every extract by its path in the folder of extracts; empty where the protocol binds none."""
    return {path: digest for terms in lines.sources.values() for path, digest in terms.extracts.items()}


def told_by(lines: ProtocolLines) -> dict[str, str]:
    """The permission lines of study.toml as the protocol has them, by their names there."""
    return {
        "purpose": lines.project.purpose,
        "ethics": lines.ethics.reference,
        "dpia": lines.dpia.reference,
        "agreement": lines.agreement.reference,
        **{f"gateways.{name}": terms.gateway for name, terms in lines.sources.items()},
    }
