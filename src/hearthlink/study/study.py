"""A study: a folder, and the study.toml in it that says what the study is for and under whose authority."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from hearthlink.engine import Kind
from hearthlink.errors import WrongUse
from hearthlink.governance import Keys
from hearthlink.governance.custody import Holder
from hearthlink.governance.narrowing import told_by
from hearthlink.governance.network import Tls
from hearthlink.governance.protocol import PROTOCOL_FILE, ProtocolLines
from hearthlink.study.toml import line_of, read_toml
from hearthlink.synthetic import DEFAULT_LAYOUTS, World
from hearthlink.tables.profiles import PROFILES, fits

STUDY_FILE = "study.toml"
PASSWORD = re.compile(r"://[^/@]*:[^/]*@|[?&;][^=]*(?:pass|pwd|secret|token)[^=]*=|odbc_connect", re.IGNORECASE)
"""What a URL looks like that holds a password, or may hide one."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PermissionLines(_Section):
    """Under whose authority the study runs. The protocol's words stand in their place where there is one; a practice study fills every line.

    Where both are filled they say the same, and `ends` may be earlier than the protocol's.
    """

    purpose: str = ""
    ethics: str = ""
    dpia: str = ""
    agreement: str = ""
    ends: date | None = None
    gateways: dict[str, str] = Field(default_factory=dict)
    name_origin: bool = False


class Practice(_Section):
    """The practice permission: good only for files that `hearthlink synthesise` makes again from these settings."""

    version: str
    seed: Annotated[int, Field(ge=0)]
    children: Annotated[int, Field(ge=50)]
    households: Annotated[int, Field(ge=50)]
    share: Annotated[float, Field(ge=0.02, le=0.95)]
    months: Annotated[int, Field(ge=13, le=60)]
    error_scale: Annotated[float, Field(ge=0, le=10)] = 1.0
    unequal_errors: bool = True
    event_log_rate_ratio: Annotated[float, Field(ge=-3, le=3)] = 0.7
    layouts: tuple[str, ...] = DEFAULT_LAYOUTS
    following: bool = False
    held_back: Annotated[int, Field(ge=0, le=59)] = 0
    refresh: Annotated[int, Field(ge=0, le=99)] = 0
    world: World = "plain"


class Files(_Section):
    """Where the extracts are, and the list of those who object. A path is taken from the study's folder; that of the extracts may be absolute."""

    folder: str = "in"
    objections: str = "objections.csv"


class SourceLines(_Section):
    """A table of the council's own: which of Hearthlink's tables it fills, where it lies, and by which mapping it is read.

    A `file` lies in the folder of extracts; a `query` is put to a database that `[database]` names. `mapping` lies in the folder `maps`
    of the study, or is the name of one that comes with Hearthlink.
    """

    table: str
    file: str | None = None
    sheet: str | None = None
    database: str | None = None
    query: str | None = None
    mapping: str | None = None

    @model_validator(mode="after")
    def _from_one_place(self) -> SourceLines:
        if (self.file is None) == (self.query is None):
            raise PydanticCustomError("source", "It names a file, or a database and a query")
        if (self.database is None) != (self.query is None):
            raise PydanticCustomError("source", "A query needs the database it is put to, and a database its query")
        if self.sheet is not None and self.file is None:
            raise PydanticCustomError("source", "A sheet is part of a file")
        return self


class DatabaseLines(_Section):
    """A database that a query may be put to. Its password stands nowhere: it comes from the system's keyring, or is asked for."""

    url: str
    user: str | None = None
    tls: Tls = "verified"
    certificate: str | None = None
    minutes: Annotated[float, Field(gt=0, le=600)] = 30.0

    @field_validator("url")
    @classmethod
    def _without_password(cls, url: str) -> str:
        if PASSWORD.search(url):
            raise PydanticCustomError(
                "url",
                "A password must never stand in this file: take it out and have it changed, for it has been written down",
            )
        if "://" not in url:
            raise PydanticCustomError("url", "A URL begins as postgresql:// or sqlite:///")
        return url


class Cohort(_Section):
    """Which benefit households stay in, and with which of them children may be linked.

    The study compares children, so households with none are removed and counted. A household known from Universal Credit alone is counted
    and not linked: a child of a household on file could otherwise be linked with its double, and the headline would hang on that file.
    """

    keep_households_without_children: bool = False
    link_universal_credit_alone: bool = False


class Refresh(_Section):
    """What stays when later or corrected extracts are received into the same study."""

    keep_pseudonyms: bool = False


class Linkage(_Section):
    """How children are linked to households."""

    draws: Annotated[int, Field(ge=20, le=2000)] = 200
    cut: Annotated[float, Field(gt=0, lt=1)] = 0.5
    search: Annotated[int, Field(ge=0)] = 100


class ComparatorLines(_Section):
    """The share to compare with: its size, what it is a share of, and where it comes from."""

    share: Annotated[float, Field(gt=0, lt=1)] = 1 / 3
    label: str = "people who claim benefits, about 1 in 3"
    source: str = "the feasibility study's own comparison, 2019-20"
    base: str = "all people, not children, and all benefits; so the two bases differ"


class DisclosureLines(_Section):
    """The rule for what may leave: counts under the threshold are held back and the rest are rounded.

    A threshold or a rounding that is left out is the profile's own: 10 and 5 under `strict`, 8 and 5 under `nhs`, 6 and 1 under `dfe`.
    """

    profile: Literal["strict", "nhs", "dfe"] = "strict"
    threshold: Annotated[int, Field(ge=5, le=100)] = 10
    rounding: Annotated[int, Field(ge=1, le=100)] = 5

    @model_validator(mode="before")
    @classmethod
    def _by_profile(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        said = cast("dict[str, object]", given)
        rule = PROFILES.get(str(said.get("profile", "strict")))
        return said if rule is None else {"threshold": rule.threshold, "rounding": rule.rounding} | said


class StudyLines(_Section):
    """The whole of study.toml."""

    name: str
    authority: str
    year: str
    engine: Kind = "duckdb"
    permission: PermissionLines = PermissionLines()
    practice: Practice | None = None
    files: Files = Files()
    source: tuple[SourceLines, ...] = ()
    database: dict[str, DatabaseLines] = Field(default_factory=dict)
    cohort: Cohort = Cohort()
    refresh: Refresh = Refresh()
    linkage: Linkage = Linkage()
    comparator: ComparatorLines = ComparatorLines()
    disclosure: DisclosureLines = DisclosureLines()


class Study:
    """An open study: its folder, its settings, and its protocol if it has one. Nothing of its data is read by opening it.

    `written` are the settings as study.toml has them. In `lines` the protocol has taken the place of the permission lines. `holder` is
    who is at the keyboard, where that was shown, and `held` the keys of rooms that this process was handed for one role.
    """

    def __init__(self, folder: Path, lines: StudyLines, protocol: ProtocolLines | None = None) -> None:
        self.folder = folder
        self.written = lines
        self.protocol = protocol
        self.lines = lines if protocol is None else _as_permitted(lines, protocol)
        self.holder: Holder | None = None
        self.held: Keys | None = None

    @property
    def keys_apart(self) -> bool:
        """Whether the keys of the rooms rest apart, each sealed to its people, and none in the study's folder."""
        return self.protocol is not None and self.protocol.rooms.keys == "apart"

    @property
    def bound_to(self) -> str:
        """What every sealed table is bound to: the project's id in the protocol. Made-up studies are all one."""
        if self.lines.practice is not None and not self.keys_apart:
            return "practice"
        return "" if self.protocol is None else self.protocol.project.id

    @property
    def year_start(self) -> date:
        """1 April on which the census year begins."""
        return date(int(self.lines.year[:4]), 4, 1)

    @property
    def year_end(self) -> date:
        """31 March on which it ends: the reference date."""
        return date(int(self.lines.year[:4]) + 1, 3, 31)

    @property
    def extracts(self) -> Path:
        """The folder of the extracts."""
        return self.folder / self.lines.files.folder

    @property
    def objections(self) -> Path:
        """The list of those who object to the study, or must be left out. It lies within the study's folder. Raises WrongUse where it would not."""
        return inside(self.folder, self.lines.files.objections, "files.objections")

    @property
    def keys(self) -> Path:
        """The folder of the study's own keys."""
        return self.folder / "keys"

    @property
    def maps(self) -> Path:
        """The folder of the council's own mappings."""
        return self.folder / "maps"

    @property
    def truth(self) -> Path:
        """The folder of the truth, which the practice authority alone has."""
        return self.folder / "truth"

    @property
    def names(self) -> Path:
        """The folder of the list of names by group, opened only where the permission lists name origin."""
        return self.folder / "names"

    @property
    def out(self) -> Path:
        """The folder of what has been cleared to leave."""
        return self.folder / "out"


def mapping_of(study: Study, name: str | None) -> Path | str | None:
    """A mapping of the council's own by its path, or one that comes with Hearthlink by its name."""
    return inside(study.maps, name, "source.mapping") if name is not None and name.endswith(".toml") else name


def inside(folder: Path, name: str, setting: str) -> Path:
    """The path of a file in a folder. Raises WrongUse for one that leads out of it, by whatever way."""
    path = folder / name
    if path.resolve().is_relative_to(folder.resolve()) and name.strip():
        return path
    raise WrongUse(
        "This file lies outside its folder.",
        file=STUDY_FILE,
        column=setting,
        remedy=f"Put it into the folder {folder.name}, and name it from there.",
    )


def open_study(folder: Path) -> Study:
    """The study in a folder. Raises WrongUse where there is none, or where its study.toml is not understood."""
    path = folder / STUDY_FILE
    if not path.is_file():
        raise WrongUse(
            "There is no study here: study.toml was not found.",
            file=str(folder),
            remedy="Make one with: hearthlink init FOLDER   Or try made-up data with: hearthlink demo",
        )
    lines, text = read_toml(path, StudyLines)
    require_year(lines.year, line=line_of(("year",), text))
    _require_rule(lines.disclosure, text)
    return Study(folder, lines, _protocol_in(folder))


def _require_rule(asked: DisclosureLines, text: str) -> None:
    """Refuse a threshold or a rounding that is less strict than its profile, or that do not go together."""
    rule = PROFILES[asked.profile]
    what, column = "", "disclosure.threshold"
    if asked.threshold < rule.least_threshold or asked.rounding < rule.least_rounding:
        what = f"The {asked.profile} profile asks for a threshold of {rule.least_threshold} and a rounding of {rule.least_rounding} or more."
        column = "disclosure.threshold" if asked.threshold < rule.least_threshold else "disclosure.rounding"
    elif not fits(asked.threshold, asked.rounding):
        what = "The threshold must be a multiple of the rounding, or be rounded up to one."
    if what:
        lines = (
            line_of(("disclosure", name), text)
            for name in (column.partition(".")[2], "threshold", "rounding", "profile")
        )
        raise WrongUse(
            what,
            file=STUDY_FILE,
            line=next((line for line in lines if line), None),
            column=column,
            remedy=f"Leave both out, or write, for example, threshold = {rule.threshold} and rounding = {rule.rounding}.",
        )


def _protocol_in(folder: Path) -> ProtocolLines | None:
    """The protocol of a study, or None where it has none or it is not understood: then the gate says so, and nothing is read by it."""
    try:
        return read_toml(folder / PROTOCOL_FILE, ProtocolLines)[0] if (folder / PROTOCOL_FILE).is_file() else None
    except WrongUse:
        return None


def _as_permitted(lines: StudyLines, protocol: ProtocolLines) -> StudyLines:
    """The settings with the protocol's words in place of the permission lines. study.toml may only have a study end earlier."""
    told = told_by(protocol)
    ends = [day for day in (lines.permission.ends, protocol.dates.ends) if day is not None]
    permission = lines.permission.model_copy(
        update={
            **{name: told[name] for name in ("purpose", "ethics", "dpia", "agreement")},
            "gateways": {name: terms.gateway for name, terms in protocol.sources.items()},
            "ends": min(ends, default=None),
        }
    )
    return lines.model_copy(update={"permission": permission})


def require_year(year: str, *, line: int | None = None) -> None:
    """Raise WrongUse for a year that is not spelt as a census year is."""
    found = re.fullmatch(r"20(\d\d)-(\d\d)", year, re.ASCII)
    if not found or int(found[2]) != (int(found[1]) + 1) % 100:
        raise WrongUse(
            "The year is not a census year.",
            file=None if line is None else STUDY_FILE,
            line=line,
            column="year",
            remedy='Write it as "2019-20".',
        )
