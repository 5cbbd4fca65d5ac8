"""The protocol: on what authority, by whom, with which columns, until when and for which outputs a study may run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from hearthlink.governance.people import Part, clashes, lacking
from hearthlink.governance.permission import SOURCES
from hearthlink.governance.roles import REACH, Role
from hearthlink.governance.signing import canonical, is_opening, is_public, raw_of
from hearthlink.tables import Room
from hearthlink.tables.profiles import PROFILES
from hearthlink.tables.research import RESEARCH_CHILD
from hearthlink.tables.spec import Sensitivity

PROTOCOL_FILE, SIGNATURES_FILE = "protocol.toml", "protocol.signatures.json"

MAY_BE_COARSER = frozenset({"imd_decile", "months_lived", "weeks"})
"""Columns of the research tables whose values may be merged before they are written out."""

LEAST_ALIKE, LEAST_DIFFERENT, MOST_BLANKED = 3, 2, 50
"""Below these no protocol may go: fewer than three alike, nothing different among them, or more cells blanked than not."""

USUAL: dict[str, int | tuple[str, ...]] = {
    "quasi_identifiers": ("age_band", "sex", "ethnic_group", "disabled", "imd_decile"),
    "sensitive": ("stage", "primary_need"),
    "coarsen": ("imd_decile",),
    "k": 5,
    "l": 2,
    "most_blanked": 10,
}
"""What `protocol new` writes of the research tables, and what holds for made-up data (handbook: governance 4a)."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProjectLines(_Section):
    """What the study is: its id in the council's register, its title, and what it is for in words that anybody understands."""

    id: str = ""
    title: str = ""
    purpose: str = ""


class SourceTerms(_Section):
    """One source: who owns it, the statutory gateway, what of it may lie in the folder of extracts, and which columns may be kept.

    `layouts` names folders and files of the folder of extracts, and tables that a query fills. `columns` names columns of Hearthlink's
    own tables, table by table; a field of an extract that fills none of those is not read. `extracts`, where it is given, holds
    the SHA-256 of every file: no other file is then read.
    """

    owner: str = ""
    gateway: str = ""
    layouts: tuple[str, ...] = ()
    columns: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    extracts: dict[str, str] = Field(default_factory=dict)


class LawLines(_Section):
    """The conditions relied on: UK GDPR Article 6 and Article 9, the limb of Article 84B(1), and why it is needed."""

    article_6: str = ""
    article_9: str = ""
    article_84b: Literal["", "a", "b", "c"] = ""
    necessary_because: str = ""


class ApprovalLines(_Section):
    """An approval: who gave it, its reference, its date, and the date on which it is to be looked at again, if there is one."""

    body: str = ""
    reference: str = ""
    dated: date | None = None
    review: date | None = None


class WindowLines(_Section):
    """The cohort: children referred from the one day to the other. Of a child with no referral between them no row is kept."""

    referred_from: date | None = None
    referred_to: date | None = None


class OutputLines(_Section):
    """What is to come out: each output in words, and the digest of analysis.toml, which `protocol check` shows."""

    planned: tuple[str, ...] = ()
    analysis: str = ""


class DisclosureTerms(_Section):
    """The least strict rule for what may leave: study.toml may hold back more and round more coarsely, never less.

    `profile` is strict, nhs or dfe. `because`: under dfe exact counts leave, and whoever signs signs the reason too.
    """

    profile: Literal["", "strict", "nhs", "dfe"] = ""
    threshold: int | None = None
    rounding: int | None = None
    because: str = ""


class ResearchTerms(_Section):
    """What the research tables must be like before they are written out.

    `quasi_identifiers` are columns of `research_child` that somebody may know of a child beforehand, the one to be kept longest first;
    `sensitive` are those that nobody is to learn from them. At least `k` children must be alike, with `l` different values of each
    sensitive column among them; cells are blanked until it is so, up to `most_blanked` in a hundred. `coarsen` names columns whose values
    are merged first.
    """

    quasi_identifiers: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    coarsen: tuple[str, ...] = ()
    k: int | None = None
    l: int | None = None  # noqa: E741 - its name wherever it is written of
    most_blanked: int | None = None


class DateLines(_Section):
    """The first and the last day of use, and the day by which everything is destroyed."""

    starts: date | None = None
    ends: date | None = None
    destroy_by: date | None = None


class ObjectionLines(_Section):
    """How somebody objects, and to whom; how objections are applied before linkage."""

    process: str = ""
    contact: str = ""


class AllowedLines(_Section):
    """What is forbidden unless it stands here: each is one of study.toml's settings, and the databases that may be asked."""

    name_origin: bool = False
    keep_pseudonyms: bool = False
    households_without_children: bool = False
    universal_credit_alone: bool = False
    databases: tuple[str, ...] = ()


class OutsideLines(_Section):
    """A table of others with exact counts of the same children: its file in the folder `outside`, the file's SHA-256, and what it is."""

    file: str = ""
    sha256: str = ""
    what: str = ""


class PersonLines(_Section):
    """Somebody who takes part: their name, their roles, their public key, and the public key to which keys of rooms are sealed."""

    name: str
    roles: tuple[Part, ...] = ()
    key: str = ""
    opens: str = ""


class RoomLines(_Section):
    """Where the keys of the rooms rest: apart, each sealed to those whose parts reach its room; or together, in the study's own folder."""

    keys: Literal["apart", "together"] = "apart"


class ProtocolLines(_Section):
    """The whole of protocol.toml."""

    version: int
    project: ProjectLines = ProjectLines()
    sources: dict[str, SourceTerms] = Field(default_factory=dict)
    law: LawLines = LawLines()
    ethics: ApprovalLines = ApprovalLines()
    dpia: ApprovalLines = ApprovalLines()
    agreement: ApprovalLines = ApprovalLines()
    cohort: WindowLines = WindowLines()
    outputs: OutputLines = OutputLines()
    disclosure: DisclosureTerms = DisclosureTerms()
    dates: DateLines = DateLines()
    objections: ObjectionLines = ObjectionLines()
    allowed: AllowedLines = AllowedLines()
    outside: tuple[OutsideLines, ...] = ()
    research: ResearchTerms = ResearchTerms()
    rooms: RoomLines = RoomLines()
    person: tuple[PersonLines, ...] = ()


def rooms_reached(parts: Iterable[Part]) -> frozenset[Room]:
    """The rooms that parts reach, whether to read or to write: whoever holds them needs the keys of these rooms and of no other."""
    reached = [REACH[role] for role in Role if Part(role.value) in set(parts)]
    return frozenset[Room]().union(*(reach.reads | reach.writes for reach in reached))


def said_by(lines: ProtocolLines) -> dict[str, object]:
    """What a protocol says, as plain JSON. What it leaves out permits nothing, so it is left out here too."""
    return lines.model_dump(mode="json", exclude_defaults=True)


def digest_of(lines: ProtocolLines) -> str:
    """The SHA-256 of what a protocol says, however its file is spelt."""
    return hashlib.sha256(canonical(said_by(lines))).hexdigest()


def problems(lines: ProtocolLines) -> list[str]:
    """What a protocol lacks or says against itself, each as its setting and a few words; none where it is whole."""
    return [*_empty(lines), *_sources(lines), *_dates(lines), *_rules(lines), *_outside(lines), *_people(lines)]


def _empty(lines: ProtocolLines) -> Iterator[str]:
    sections: dict[str, tuple[BaseModel, tuple[str, ...]]] = {
        "project": (lines.project, ("id", "title", "purpose")),
        "law": (lines.law, ("article_6", "article_9", "article_84b", "necessary_because")),
        "ethics": (lines.ethics, ("body", "reference", "dated")),
        "dpia": (lines.dpia, ("body", "reference", "dated")),
        "agreement": (lines.agreement, ("body", "reference", "dated")),
        "cohort": (lines.cohort, ("referred_from", "referred_to")),
        "outputs": (lines.outputs, ("planned", "analysis")),
        "disclosure": (lines.disclosure, ("profile", "threshold", "rounding")),
        "research": (lines.research, ("quasi_identifiers", "sensitive", "k", "l", "most_blanked")),
        "dates": (lines.dates, ("starts", "ends", "destroy_by")),
        "objections": (lines.objections, ("process", "contact")),
    }
    for section, (held, names) in sections.items():
        for name in names:
            value = getattr(held, name)
            if value is None or value == () or (isinstance(value, str) and not value.strip()):
                yield f"{section}.{name} is empty"


def _sources(lines: ProtocolLines) -> Iterator[str]:
    for name in (*SOURCES, *(one for one in lines.sources if one not in SOURCES)):
        terms = lines.sources.get(name, SourceTerms())
        for setting in ("owner", "gateway"):
            if not getattr(terms, setting).strip():
                yield f"sources.{name}.{setting} is empty"
        for setting in ("layouts", "columns"):
            if not getattr(terms, setting) and name != "geography":
                yield f"sources.{name}.{setting} is empty"
        if any(not re.fullmatch("[0-9a-f]{64}", each) for each in terms.extracts.values()):
            yield f"sources.{name}.extracts holds what is no SHA-256"
    tables = [table for terms in lines.sources.values() for table in terms.columns]
    twice = sorted({table for table in tables if tables.count(table) > 1})
    yield from (f"sources: {table} stands under two sources" for table in twice)


def _dates(lines: ProtocolLines) -> Iterator[str]:
    ordered = (
        ("dates.starts", lines.dates.starts, "dates.ends", lines.dates.ends),
        ("dates.ends", lines.dates.ends, "dates.destroy_by", lines.dates.destroy_by),
        ("cohort.referred_from", lines.cohort.referred_from, "cohort.referred_to", lines.cohort.referred_to),
    )
    yield from (f"{a} is later than {b}" for a, first, b, last in ordered if first and last and first > last)
    for name in ("ethics", "dpia", "agreement"):
        given = getattr(lines, name).dated
        if given and lines.dates.starts and given > lines.dates.starts:
            yield f"{name}.dated is later than dates.starts: an approval comes before the data"


def _rules(lines: ProtocolLines) -> Iterator[str]:
    if lines.version < 1:
        yield "version begins at 1"
    yield from _what_may_leave(lines.disclosure)
    yield from _what_is_alike(lines.research)
    if lines.outputs.analysis and not re.fullmatch("[0-9a-f]{64}", lines.outputs.analysis):
        yield "outputs.analysis is no digest"
    if any(not re.fullmatch(r"[^:/\s]+:\d{1,5}", host) for host in lines.allowed.databases):
        yield "allowed.databases are written as host:port"


def _what_may_leave(terms: DisclosureTerms) -> Iterator[str]:
    rule = PROFILES.get(terms.profile, PROFILES["strict"])
    if terms.threshold is not None and terms.threshold < rule.least_threshold:
        yield f"disclosure.threshold is under {rule.least_threshold}"
    if terms.rounding is not None and terms.rounding < rule.least_rounding:
        yield f"disclosure.rounding is under {rule.least_rounding}"
    if rule.asks and not terms.because.strip():
        yield f"disclosure.because is empty: {rule.asks} Say why, for whoever signs"


def _what_is_alike(terms: ResearchTerms) -> Iterator[str]:
    columns = {one.name for one in RESEARCH_CHILD.columns if one.sensitivity is Sensitivity.ATTRIBUTE}
    for setting, known in (("quasi_identifiers", columns), ("sensitive", columns), ("coarsen", MAY_BE_COARSER)):
        names = getattr(terms, setting)
        yield from (f"research.{setting}: {name} is no column for it" for name in names if name not in known)
        if len(set(names)) < len(names):
            yield f"research.{setting} names a column twice"
    yield from (
        f"research: {name} is known and sensitive at once"
        for name in terms.quasi_identifiers
        if name in terms.sensitive
    )
    if terms.k is not None and terms.k < LEAST_ALIKE:
        yield f"research.k is under {LEAST_ALIKE}"
    if terms.l is not None and terms.l < LEAST_DIFFERENT:
        yield f"research.l is under {LEAST_DIFFERENT}"
    if terms.most_blanked is not None and not 0 <= terms.most_blanked <= MOST_BLANKED:
        yield f"research.most_blanked is not from 0 to {MOST_BLANKED} in a hundred"


def _outside(lines: ProtocolLines) -> Iterator[str]:
    names = [one.file for one in lines.outside]
    if len(set(names)) < len(names):
        yield "outside: two tables are of one file"
    for one in lines.outside:
        if not re.fullmatch(r"[^/\\]+\.csv", one.file):
            yield "outside.file is no name of a CSV file in the folder outside"
        if not re.fullmatch("[0-9a-f]{64}", one.sha256):
            yield f"outside {one.file}: sha256 is no SHA-256"
        if not one.what.strip():
            yield f"outside {one.file}: what it is, is empty"


def _people(lines: ProtocolLines) -> Iterator[str]:
    names = [one.name.strip().casefold() for one in lines.person]
    yield from (f"person {_called(one)}: name is empty" for one in lines.person if not one.name.strip())
    given = [name for name in names if name]
    if len(set(given)) < len(given):
        yield "person: two people have one name"
    keys = [raw_of(one.key) for one in lines.person if is_public(one.key)]
    if len(set(keys)) < len(keys):
        yield "person: two people have one key"
    for one in lines.person:
        if one.key and not is_public(one.key):
            yield f"person {_called(one)}: the key is no public key"
        if Part.APPROVER in one.roles and not one.key:
            yield f"person {_called(one)}: an approver needs a key"
        if one.opens and not is_opening(one.opens):
            yield f"person {_called(one)}: opens is no public key"
        yield from _unsealed(lines, one)
        yield from (f"person {_called(one)}: {clash}" for clash in clashes(one.roles))
    opens = [one.opens for one in lines.person if one.opens]
    if len(set(opens)) < len(opens):
        yield "person: two people have one key that opens"
    yield from (
        f"person: {lack}" for lack in lacking({str(number): one.roles for number, one in enumerate(lines.person)})
    )


def _called(one: PersonLines) -> str:
    """What somebody is called here: by their name, or by their roles where they have none yet."""
    return one.name.strip() or f"({', '.join(part.value for part in one.roles)})"


def _unsealed(lines: ProtocolLines, one: PersonLines) -> Iterator[str]:
    """What keeps the keys of rooms from being sealed to somebody whose parts reach one."""
    if lines.rooms.keys == "apart" and rooms_reached(one.roles):
        missing = " and ".join(name for name in ("key", "opens") if not getattr(one, name))
        if missing:
            yield f"person {_called(one)}: {missing} {'are' if ' and ' in missing else 'is'} missing, and the keys of rooms are sealed to it (or rooms.keys is together)"
