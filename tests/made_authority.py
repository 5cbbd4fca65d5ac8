"""A small invented authority for tests of the whole: made once, copied where one is spoilt, with the words nobody may ever print."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from pathlib import Path

import pyarrow as pa
import pytest

from hearthlink.cli.door import guarded
from hearthlink.cli.main import app
from hearthlink.governance import Permit, Role
from hearthlink.study import Settings, begin, make_practice, open_study
from hearthlink.study import run as carry_out
from hearthlink.study.asking import PLAN_FILE
from hearthlink.study.steps import STEPS, Step
from hearthlink.study.store import Store, open_store
from hearthlink.tables import TableSpec
from hearthlink.tables.catalogue import ALL_TABLES

SMALL = Settings(children=60, households=120, months=13)
LINKS = ("candidate_posterior", "link", "link_draw")
TODAY = datetime(2026, 1, 15, 12, tzinfo=UTC)
"""A day for what is done at a stated time. A study that is run by the command line too goes by the clock, which may not go backward."""
LAST_DAY = date(2099, 3, 31)
FEW_QUESTIONS = """\
[[question]]
measure = "on_benefit"
windows = ["on_day", "before_12"]
by = ["age"]

[[question]]
measure = "workless"
windows = ["on_day"]
designs = ["matched_cohort"]

[[question]]
measure = "disruption"
windows = ["before_12"]
designs = ["curve", "case_crossover"]
"""
"""A plan with a question of each kind: the demonstration asks them all, and every other run is about something else."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended: its exit code, and what it said."""

    code: int
    out: str
    err: str


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def say(*arguments: object) -> Done:
    """Give a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = guarded(partial(app, [str(a) for a in arguments], standalone_mode=False))
    return Done(code, out.getvalue(), err.getvalue())


def call(*arguments: object, first: str = "", **named: str) -> Done:
    """Give a command in a process of its own, as a user does; `first` is Python to be run before it."""
    begun = ["-m", "hearthlink"] if not first else ["-c", f"{first}\nfrom hearthlink.cli import main\nmain()"]
    done = subprocess.run(
        [sys.executable, *begun, *(str(a) for a in arguments)],
        env=os.environ | {"PYTHONIOENCODING": "utf-8"} | named,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
    )
    return Done(done.returncode, done.stdout, done.stderr)


# --- studies ----------------------------------------------------------------------------------------------------


def practice_study(folder: Path, settings: Settings) -> Path:
    """A practice study of any size that asks a few questions, not yet run."""
    make_practice(folder, settings)
    (folder / PLAN_FILE).write_text(FEW_QUESTIONS, encoding="utf-8")
    return folder


@cache
def practice_in(folder: Path) -> Path:
    """A practice study, not yet run; made once for all tests."""
    return practice_study(folder / "practice", SMALL)


@cache
def real_in(folder: Path) -> Path:
    """A council's study over the same extracts, run; made once for all tests."""
    study = real_study(folder / "real", practice_in(folder) / "in")
    run_study(study)
    return study


def real_study(folder: Path, extracts: Path) -> Path:
    """A study over copies of the extracts, with a protocol of its own that two people have signed, as a council's is; not yet run."""
    permit(unpermitted_study(folder, extracts))
    return folder


def unpermitted_study(folder: Path, extracts: Path) -> Path:
    """The same before anybody has begun its protocol."""
    path = begin(folder)
    (folder / PLAN_FILE).write_text(FEW_QUESTIONS, encoding="utf-8")
    shutil.copytree(extracts, folder / "in", dirs_exist_ok=True)
    path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


def permit(folder: Path, *, since: date | None = None, until: date | None = None) -> None:
    """Have the protocol of a study written and signed for what it asks now; for a study that had one, a new version."""
    from made_protocol import permit as sign_for
    from made_protocol import team

    sign_for(folder, team(Path.home()), ends=LAST_DAY, since=since, until=until)


def filled(lines: str) -> str:
    """The study.toml that `init` wrote, with the council named."""
    return lines.replace('authority = ""', 'authority = "a reference"')


def run_study(folder: Path, upto: str | None = None, *, again: bool = False) -> None:
    """Run a study in this process."""
    carry_out(open_study(folder), clock=now, upto=upto, again=again)


def run_for(folder: Path, last: str) -> None:
    """Run the steps that one leans on, and it: those before it that it never reads are passed over."""
    wanted: list[Step] = []
    needed: set[str] = set()
    for step in reversed(STEPS[: [step.name for step in STEPS].index(last) + 1]):
        if step.name == last or needed & {spec.name for spec in step.writes}:
            wanted.insert(0, step)
            needed |= {spec.name for spec in (*step.reads, *step.may_read)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["hearthlink.study.run"], "STEPS", tuple(wanted))
        run_study(folder)


def copy_of(study: Path, folder: Path) -> Path:
    """A copy of a study that may be spoilt."""
    shutil.copytree(study, folder)
    return folder


# --- what a study holds -----------------------------------------------------------------------------------------


def store_of(study: Path) -> Store:
    """The rooms of a study."""
    return open_store(open_study(study))


def leave_to_read(*tables: str) -> Permit:
    """A permit that no step is ever given, to look into every room."""
    return Permit("test", Role.CUSTODIAN, frozenset(tables or ALL_TABLES), frozenset())


def table(study: Path, name: str) -> pa.Table:
    """A table of a study, in the clear."""
    return store_of(study).load(ALL_TABLES[name], leave_to_read())


def link_digests(study: Path) -> dict[str, str]:
    """The hashes of what the linkage found, in the clear."""
    store = store_of(study)
    found = {name: store.digest(ALL_TABLES[name]) for name in LINKS}
    assert all(found.values()), "the study has no links"
    return found


def bytes_below(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path within it."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def results(study: Path) -> dict[str, bytes]:
    """What a study has to show: all that left, and the sealed links."""
    left = bytes_below(study / "out")
    sealed = {n: b for n, b in bytes_below(study / "rooms" / "identity").items() if n.split(".")[0] in LINKS}
    return left | sealed


def events(study: Path) -> list[Mapping[str, object]]:
    """The lines of a study's ledger."""
    return [json.loads(line) for line in (study / "ledger.jsonl").read_text(encoding="utf-8").splitlines()]


# --- what must never be seen ------------------------------------------------------------------------------------

SHBE_NAMES = ((6, 7), (128, 129), (313, 314))
SHBE_BIRTHS = (8, 178, 315)
SHBE_REFERENCES = (2, 3, 4, 309)
DATE = re.compile(r"(?<!\d)(?:(\d{4})-(\d\d)-(\d\d)|(\d\d)[/-](\d\d)[/-](\d{4}))(?!\d)")
REFERENCES = re.compile(
    r"(person_id|legacy_id|upn|adult_id|childs_person_id|claim_ref|person_ref|nino|ct_account_ref|uprn|table_id|referral_id|plan_id)$"
)


@dataclass(frozen=True, slots=True)
class Secrets:
    """Values of an authority's records, spelt in capitals, by what they are."""

    phrases: Mapping[str, frozenset[str]]
    words: Mapping[str, frozenset[str]]
    births: frozenset[date]
    begun: Mapping[str, Sequence[tuple[str, tuple[str, ...]]]] = field(init=False, repr=False, compare=False)
    """The kind and the words of every phrase, by its first word: a phrase is looked for only where that stands."""

    def __post_init__(self) -> None:
        begun: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for kind, them in self.phrases.items():
            for phrase in them:
                words = tuple(phrase.split(" "))
                begun.setdefault(words[0], []).append((kind, words))
        object.__setattr__(self, "begun", begun)

    def in_text(self, text: str) -> dict[str, int]:
        """How many different secrets of each kind a text holds; empty where none."""
        spoken = re.findall(r"\w+", text.upper())
        said = {
            (kind, words)
            for at, word in enumerate(spoken)
            if word in self.begun
            for kind, words in self.begun[word]
            if tuple(spoken[at : at + len(words)]) == words
        }
        found = dict(Counter(kind for kind, _ in said))
        found |= {kind: len(them.intersection(spoken)) for kind, them in self.words.items()}
        found["birth date"] = len(self.births & dates_in(text))
        return {kind: count for kind, count in found.items() if count}


def dates_in(text: str) -> set[date]:
    """Every date in a text, however it is spelt."""
    return set(_dates(text))


def _dates(text: str) -> Iterator[date]:
    for y, m, d, d2, m2, y2 in DATE.findall(text):
        try:
            yield date(int(y or y2), int(m or m2), int(d or d2))
        except ValueError:
            continue


def secrets_of(extracts: Path) -> Secrets:
    """What the extracts of an authority hold of its people.

    Left out, because they stand for no one: surnames under five letters or that are a word of Hearthlink's own text, and birth
    dates that are also the date of some event, or next to one (the last day of a stretch is the day before the next).
    """
    rows = [row for path in sorted(extracts.rglob("*.csv")) if "geography" not in path.parts for row in _rows(path)]
    claims = [line.split("|") for path in sorted(extracts.rglob("*.txt")) for line in path.read_text().splitlines()]
    census = next(extracts.glob("*.xml")).read_text(encoding="utf-8")
    names = {(part(row, "forename"), part(row, surname)) for row in rows for surname in ("surname", "former_surname")}
    names |= {(_field(c, f), _field(c, s)) for c in claims for s, f in SHBE_NAMES}
    pairs = {_plain(f"{a} {b}") for f, s in names if f and s for a, b in ((f, s), (s, f))}
    surnames = {word for _, s in names for word in _plain(s).split() if len(word) >= 5}
    postcodes = {_plain(part(row, "postcode")) for row in rows} | {_plain(_field(c, 11)) for c in claims}
    references = {row[name] for row in rows for name in row if REFERENCES.search(name)}
    references |= {_field(c, n) for c in claims for n in SHBE_REFERENCES} | set(
        re.findall(r"<(?:LAchildID|UPN)>(\w+)<", census)
    )
    return Secrets(
        {"forename and surname": frozenset(pairs), "address": frozenset(_addresses(rows, claims))}
        | {"postcode": frozenset(p for p in postcodes if " " in p)},
        {"surname": frozenset(surnames) - _own_words()}
        | {"council id": frozenset(r.upper() for r in references if len(r) >= 7 and any(x.isdigit() for x in r))}
        | {"unspaced postcode": frozenset(p.replace(" ", "") for p in postcodes if len(p) >= 5)},
        frozenset(_births(rows, claims, census) - _event_dates(rows, claims, census)),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def part(row: Mapping[str, str], ending: str) -> str:
    """The value of the column that ends so, or nothing."""
    return next((value for name, value in row.items() if name == ending or name.endswith(f"_{ending}")), "")


def _field(line: Sequence[str], number: int) -> str:
    return line[number - 1] if len(line) >= number and line[0] in {"D", "S"} else ""


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.upper()))


def _addresses(rows: Iterable[Mapping[str, str]], claims: Iterable[Sequence[str]]) -> set[str]:
    found = {part(row, "address_1") for row in rows} | {_field(c, 10) for c in claims}
    for row in rows:
        if row.get("addr_address_json"):
            parts = json.loads(row["addr_address_json"])
            found.add(f"{parts.get('HOUSE', '')} {parts.get('STREET', '')}")
    return {a for a in map(_plain, found) if len(a) >= 8 and re.match(r"\d+\w? \w+ \w+", a)}


def _births(rows: Iterable[Mapping[str, str]], claims: Iterable[Sequence[str]], census: str) -> set[date]:
    text = " ".join(v for row in rows for n, v in row.items() if n.endswith("dob"))
    text += " ".join(_field(c, n) for c in claims for n in SHBE_BIRTHS)
    return dates_in(text + " ".join(re.findall(r"BirthDate>([^<]+)<", census)))


def _event_dates(rows: Iterable[Mapping[str, str]], claims: Iterable[Sequence[str]], census: str) -> set[date]:
    text = " ".join(v for row in rows for n, v in row.items() if not n.endswith("dob"))
    text += " ".join(_field(c, n) for c in claims for n in range(1, len(c) + 1) if n not in SHBE_BIRTHS)
    stated = dates_in(text + re.sub(r"<\w*BirthDate>[^<]+<", "<", census))
    return stated | {day + timedelta(days=n) for day in stated for n in (-1, 1)}


@cache
def _own_words() -> frozenset[str]:
    source = Path(__file__).parents[1] / "src" / "hearthlink"
    spoken = (p for p in source.rglob("*") if p.suffix in {".py", ".j2", ".css"})
    texts = [p.read_text(encoding="utf-8") for p in spoken if not {"synthetic", "standardise"} & set(p.parts)]
    return frozenset(word for text in texts for word in re.findall(r"[A-Z]+", text.upper()))


def spelt_out(table_: pa.Table) -> str:
    """Every value of a table as text."""
    return "\n".join(" ".join(str(value) for value in row.values()) for row in table_.to_pylist())


def all_tables(room: str) -> list[TableSpec]:
    """The tables that a run leaves in a room; those of a review are there only once somebody reviews."""
    left = {spec.name for step in STEPS for spec in step.writes}
    return [spec for spec in ALL_TABLES.values() if spec.room.value == room and spec.name in left]
