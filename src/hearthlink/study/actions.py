"""What a person does with a study besides running it: begin one, make the practice authority, ask where it stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from hearthlink.errors import WrongUse
from hearthlink.governance import Role, grant
from hearthlink.governance.protocol import PROTOCOL_FILE, SIGNATURES_FILE
from hearthlink.study.asking import PLAN_FILE, SEALS_FILE, default_plan, plan_text, seal
from hearthlink.study.custody import keys_for
from hearthlink.study.lock import only_one
from hearthlink.study.permitted import permission_of
from hearthlink.study.practice import file_hashes, remember
from hearthlink.study.store import open_store, write_whole
from hearthlink.study.study import STUDY_FILE, Study, open_study, require_year
from hearthlink.study.template import BLANK, PRACTICE
from hearthlink.synthetic import World
from hearthlink.synthetic.world import AUTHORITY_NAME, Settings
from hearthlink.tables.census import FLAT
from hearthlink.tables.identity import FINDING_PLACE
from hearthlink.tables.match import COLUMNS, LINKS
from hearthlink.tables.record import REFRESH

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Action:
    """What may be done outside a study's steps: what it is for, in which role, the columns it parses and those it writes.

    A site's policy may forbid it by name (see `policy`).
    """

    name: str
    says: str
    role: Role
    parses: tuple[str, ...]
    writes: tuple[str, ...]


MATCH = Action(
    "match",
    "Link any two person tables",
    Role.LINKER,
    parses=COLUMNS,
    writes=LINKS,
)

MASK = Action(
    "mask",
    "Turn the identifiers of a person table into keyed tokens",
    Role.CUSTODIAN,
    parses=COLUMNS,
    writes=("record_id", "tokens", "household_id", "household_tokens"),
)

MAP = Action(
    "map",
    "Guess where the columns of a supplier's file belong",
    Role.CUSTODIAN,
    parses=("headers", "shapes of values"),
    writes=("names of columns",),
)

CHECK = Action(
    "check",
    "Ask a census the rules of its year, without a study",
    Role.CUSTODIAN,
    parses=tuple(f"{table}.{column}" for table, columns in FLAT.items() for column in columns),
    writes=FINDING_PLACE.names,
)


def begin(folder: Path, *, year: str = "2019-20") -> Path:
    """A new study folder with a commented study.toml. Raises WrongUse where there is a study already, or no such year."""
    require_year(year)
    path = folder / STUDY_FILE
    if path.exists():
        raise WrongUse(
            "There is a study here already; it was left as it is.", file=str(folder), remedy="Choose another folder."
        )
    if folder.exists() and not folder.is_dir():
        raise WrongUse("This is a file, not a folder.", file=str(folder))
    (folder / "in").mkdir(parents=True, exist_ok=True)
    name = "".join(letter for letter in folder.resolve().name if letter.isprintable() and letter not in '"\\')
    write_whole(path, BLANK.format(name=name, year=year).encode())
    write_whole(folder / PLAN_FILE, plan_text(default_plan(), name=name).encode())
    return path


def layouts_asked(words: str) -> tuple[str, ...]:
    """The layouts of the practice authority that a person asks for, as ``rent,-ssd,mosaic``. Raises WrongUse for an unknown one."""
    from hearthlink.synthetic.writing.formats import layouts_asked

    return layouts_asked(words)


def world_asked(name: str) -> World:
    """The world of that name, in which the practice authority is to lie. Raises WrongUse for an unknown one."""
    known: dict[str, World] = {world: world for world in get_args(World)}
    if name not in known:
        raise WrongUse("There is no such world.", column="--world", remedy=f"The worlds are: {', '.join(known)}.")
    return known[name]


def make_practice(
    folder: Path, settings: Settings, *, tables_only: bool = False, processes: int = 1, progress: Progress | None = None
) -> None:
    """The practice authority in a folder, with a study.toml that gives it practice permission.

    Raises WrongUse where the folder holds something else.
    """
    from hearthlink.synthetic.synthesise import require_possible, synthesise

    require_possible(settings)
    if folder.exists() and not folder.is_dir():
        raise WrongUse("This is a file, not a folder.", file=str(folder))
    held = {path.name for path in folder.iterdir()} - {".lock"} if folder.is_dir() else set[str]()
    ours = set("in truth names tables rooms keys out findings ledger.jsonl made-up.json".split())
    ours |= {STUDY_FILE, PLAN_FILE, SEALS_FILE, PROTOCOL_FILE, SIGNATURES_FILE}
    if held and "made-up.json" not in held:
        raise WrongUse(
            "This folder is not empty and is no practice study.", file=str(folder), remedy="Choose an empty folder."
        )
    _refuse_real(folder)
    if held - ours:
        raise WrongUse("This folder holds other files.", file=str(folder), remedy="Choose an empty folder.")

    def wards(done: int, of_all: int) -> None:
        if progress is not None:
            progress("Inventing the practice authority", done / max(of_all, 1))

    folder.mkdir(parents=True, exist_ok=True)
    with only_one(folder):
        synthesise(folder, settings, tables_only=tables_only, processes=processes, progress=wards)
        if not tables_only:
            _permit_practice(folder, settings)


def _refuse_real(folder: Path) -> None:
    """A practice folder in which a person has begun a study of their own is left alone."""
    path = folder / STUDY_FILE
    own_study = path.is_file() and "[practice]" not in path.read_text(encoding="utf-8", errors="replace")
    made = folder / "made-up.json"
    listed = set(json.loads(made.read_text(encoding="utf-8")).get("files", ())) if made.is_file() else set[str]()
    files = {p.relative_to(folder).as_posix() for p in (folder / "in").rglob("*") if p.is_file()}
    if own_study or files - listed:
        raise WrongUse(
            "This folder holds a study or files of your own; they were left as they are.",
            file=str(folder),
            remedy="Choose an empty folder.",
        )


def _permit_practice(folder: Path, settings: Settings) -> None:
    stated = {
        name: json.dumps(value) if isinstance(value, bool | tuple) else value
        for name, value in ((field, getattr(settings, field)) for field in Settings.__slots__)
    }
    write_whole(folder / STUDY_FILE, PRACTICE.format(authority=AUTHORITY_NAME, **stated).encode())
    study = open_study(folder)
    remember(study, "in", file_hashes(study.extracts))
    remember(study, "truth", file_hashes(study.truth))
    if not (folder / SEALS_FILE).exists():
        write_whole(folder / PLAN_FILE, plan_text(default_plan(), name=study.lines.name).encode())
        seal(folder, default_plan(), now=datetime.now(UTC), answered=False)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """Of one table, how many children or households were added, changed and withdrawn since the extracts were last received."""

    table: str
    about: str
    added: int
    changed: int
    withdrawn: int


def refreshed(study: Study) -> list[Refreshed]:
    """What came, went or changed when the extracts were last received: only tables in which something did."""
    keys = keys_for(study, Role.CUSTODIAN, "What a receipt changed") if study.keys_apart else None
    store = open_store(study, keys)
    now = datetime.now(UTC)
    permit = grant(
        permission_of(study, now),
        step="refreshed",
        role=Role.CUSTODIAN,
        reads=(REFRESH,),
        writes=(),
        today=now.date(),
    )
    rows = store.load(REFRESH, permit).to_pylist()
    subjects = {"child": "children", "household": "households"}
    return [
        Refreshed(
            row["table"],
            subjects.get(row["about"].split("_")[0], f"{row['about']}s"),
            row["added"],
            row["changed"],
            row["withdrawn"],
        )
        for row in rows
        if row["added"] or row["changed"] or row["withdrawn"]
    ]
