"""`hearthlink selftest`: made-up people with unmistakable words, every command and every failure, and a search for those words in all that is left.

It is for whoever runs the machine: it needs no study and no extract of the council's, and touches none. Names may be found in four places:
the extracts, the list of objections, the reviewer's own screen, and the file of people that is matched and masked. Anywhere else one is
a fault of ours.
"""

from __future__ import annotations

import base64
import io
import json
import os
import platform
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from hearthlink import __version__
from hearthlink.errors import WrongUse
from hearthlink.study.papers.page import Grid, Paper, Part, page
from hearthlink.study.selftest.children import Said, carried_out, now, ready
from hearthlink.study.selftest.planting import Planted
from hearthlink.study.selftest.study import made_study
from hearthlink.study.selftest.sweep import found_in
from hearthlink.study.selftest.trials import FINE, Trial, few, trials
from hearthlink.study.store import write_whole

Clock = Callable[[], datetime]
REPORT, DATA = "selftest.html", "selftest.json"
MAY_HOLD = ("study/in/", "study/objections.csv", "people.csv", "keys/")
"""Where what was planted lies by design; keys hold none of it, and are left out because their files are none of ours to read."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something planted that was found where it may not be: after which trial, where, of which kind, how often. Never the value."""

    after: str
    where: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Tried:
    """One trial: what it was, how it ended, whether it may end so, and how long it took in seconds."""

    says: str
    code: int
    as_expected: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Result:
    """What was planted, what was tried, what was looked through, and what was found.

    `on_screen` are planted names seen on the reviewer's screen, `sought` hits in the extracts themselves: both must be more than nothing,
    or the search would show nothing.
    """

    version: str
    machine: str
    day: str
    seconds: float
    planted: dict[str, int]
    places: dict[str, int]
    tried: tuple[Tried, ...]
    looked: dict[str, int]
    sought: int
    on_screen: int
    hits: tuple[Hit, ...]
    leak_planted: int = 0

    @property
    def unexpected(self) -> tuple[Tried, ...]:
        """Trials that ended as they may not."""
        return tuple(one for one in self.tried if not one.as_expected)

    @property
    def sound(self) -> bool:
        """Whether nothing was found, everything ended as it may, and the search itself was shown to find."""
        screen = self.on_screen > 0 or not any("screen" in one.says for one in self.tried)
        return not self.hits and not self.unexpected and self.sought > 0 and screen


@dataclass(slots=True)
class _Search:
    """What was looked through so far: each file by its size and time, and each text, so that nothing is looked at twice."""

    planted: Planted
    place: Path
    seen: dict[Path, tuple[int, int]] = field(default_factory=dict[Path, tuple[int, int]])
    looked: Counter[str] = field(default_factory=Counter[str])
    hits: list[Hit] = field(default_factory=list[Hit])

    def look(self, after: str, what: str, name: str, content: bytes) -> None:
        """Search one content; a hit is kept by where it is."""
        self.looked[what] += 1
        self.hits += [Hit(after, name, kind, count) for kind, count in found_in(self.planted, name, content).items()]

    def files(self, after: str) -> None:
        """Search every file below the folder that is new or changed, and its name."""
        for path in sorted(self.place.rglob("*")):
            name = path.relative_to(self.place).as_posix()
            with suppress(OSError):
                state = path.stat()
                if (
                    not path.is_file()
                    or name.startswith(MAY_HOLD)
                    or self.seen.get(path) == (state.st_size, state.st_mtime_ns)
                ):
                    continue  # fmt: skip
                self.seen[path] = (state.st_size, state.st_mtime_ns)
                self.look(
                    after,
                    _kind_of(name),
                    name,
                    name.encode() + b"\n" + path.read_bytes() if path.suffix == ".txt" else path.read_bytes(),
                )
                self.look(after, "names of files", name, name.encode())


def _kind_of(name: str) -> str:
    for begin, kind in (
        ("study/rooms", "sealed tables and indexes of rooms"), ("study/out", "what was cleared to leave"), ("study/releases", "releases"),
        ("study/ledger", "ledger"), ("study/findings", "findings"), ("study/incidents", "reports of incidents"), ("compiled", "compiled code"),
        ("temporary", "temporary files"), ("home", "caches and settings of the user"), ("made", "what commands were asked to write"),
    ):  # fmt: skip
        if name.startswith(begin):
            return kind
    return "other files of the study"


def self_test(
    out: Path,
    *,
    clock: Clock,
    show_it_can_fail: bool = False,
    tell: Callable[[str], object] = lambda _: None,
    of: Callable[[Path], Iterable[Trial]] | None = None,
) -> Result:
    """Carry the test out in a temporary folder of its own, which is removed, and write the report into a folder. `tell` hears what is tried.

    With `show_it_can_fail` a few steps are tried and leaks are planted, which the search must find. Raises WrongUse where the folder holds
    anything else than an earlier report.
    """
    strange = [path.name for path in out.iterdir() if path.name not in {REPORT, DATA}] if out.is_dir() else []
    if strange or out.is_symlink() or (out.exists() and not out.is_dir()):
        raise WrongUse("The report needs a folder of its own; what lies there was left as it is.", file=out.name)
    chosen = of or (few if show_it_can_fail else trials)
    begun = now()
    place = Path(tempfile.mkdtemp(prefix="hearthlink-selftest-"))
    try:
        result = _carried_out(place, chosen, clock, begun, show_it_can_fail=show_it_can_fail, tell=tell)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    write_whole(out / DATA, (json.dumps(as_json(result), indent=1) + "\n").encode())
    write_whole(out / REPORT, page(_paper(result)).encode())
    return result


def _carried_out(
    place: Path,
    chosen: Callable[[Path], Iterable[Trial]],
    clock: Clock,
    begun: float,
    *,
    show_it_can_fail: bool,
    tell: Callable[[str], object],
) -> Result:
    ready(place)
    for name in ("made", "apart"):
        (place / name).mkdir()
    planted = made_study(place)
    _write_people(place / "people.csv", planted)
    search = _Search(planted, place)
    sought = sum(
        sum(found_in(planted, path.name, path.read_bytes()).values()) for path in (place / "study" / "in").rglob("*") if path.is_file()
    )  # fmt: skip
    tried: list[Tried] = []
    on_screen = 0
    for trial in chosen(place):
        tell(trial.says)
        at = now()
        said = _tried(trial, place)
        tried.append(Tried(trial.says, said.code, said.code in trial.ends, round(now() - at, 1)))
        on_screen += _searched(search, trial, said)
    leaks = _leak(place, planted) if show_it_can_fail else 0
    if leaks:
        search.files("a leak planted on purpose")
    return Result(
        __version__, f"{platform.system()} {platform.release()}, Python {platform.python_version()}, {os.cpu_count()} processors",
        f"{clock():%Y-%m-%d}", round(now() - begun, 1),
        {kind: len(each) for kind, each in planted.words.items()} | {"postcode": len(planted.postcodes), "birth date": len(planted.births)},
        dict(planted.placed), tuple(tried), dict(sorted(search.looked.items())), sought, on_screen, tuple(search.hits), leaks,
    )  # fmt: skip


def _tried(trial: Trial, place: Path) -> Said:
    back = trial.spoil(place / "study") if trial.spoil else None
    try:
        return carried_out(
            trial.command, place, keyed=trial.keyed, typed=trial.typed, limit=trial.limit, kill_after=trial.kill_after
        )
    finally:
        if back is not None:
            back()


def _searched(search: _Search, trial: Trial, said: Said) -> int:
    """Search all that a trial said and left. Gives how often a name was on a reviewer's own screen, where it may be."""
    on_screen = 0
    if trial.screen:
        on_screen = sum(found_in(search.planted, "screen", said.out).values())
    else:
        search.look(trial.says, "output of commands", "standard output", said.out)
    search.look(trial.says, "error streams of commands", "standard error", said.err)
    for name, content in said.given.items():
        what = (
            "arguments and environment of processes"
            if " of process " in name
            else "temporary files as they came and went"
        )
        if trial.screen and not name.startswith(("cmdline", "environ")):
            what = "temporary files as they came and went"
        search.look(trial.says, what, name, content)
    search.files(trial.says)
    return on_screen


def _write_people(path: Path, planted: Planted) -> None:
    """A file of people as `match` and `mask` take it, made of nothing but planted words."""
    forenames, surnames, streets = (planted.words[kind] for kind in ("forename", "surname", "street"))
    rows = ["person_id,family_id,household_id,role,forename,surname,birth_date,sex,address,postcode"]
    births = sorted(planted.births)
    for number in range(60):
        day = births[number % len(births)]
        rows.append(
            f"{number + 1},F{number // 2},H{number // 2},{'child' if number % 2 else 'adult'},{forenames[number % len(forenames)]},"
            f"{surnames[number // 2 % len(surnames)]},{day.isoformat()},{'FM'[number % 3 % 2]},{number // 2 + 1} {streets[number % len(streets)]} Street,"
        )
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def _leak(place: Path, planted: Planted) -> int:
    """Plant leaks of every form in folders of the study, for the search to find. Gives how many."""
    surname, day = planted.words["surname"][0], min(planted.births)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", f"<si><t>{surname.upper()}</t></si>")
    forms: dict[str, bytes] = {
        "out/plain.html": f"<title>{surname.lower()}</title>".encode(),
        "out/accented.txt": "ze\u0301lquisto\u0308r".encode(),
        "out/wide.csv": surname.encode("utf-16"),
        "out/coded.json": base64.b64encode(f"seen: {surname}, at home".encode()),
        "out/book.xlsx": packed.getvalue(),
        "out/born.txt": f"born on {day.day} {day:%B} {day.year}".encode(),
        "out/run.txt": f" {day:%Y%m%d} ".encode(),
        "out/number.log": planted.words["like a National Insurance number"][0].encode(),
        f"out/{surname}.txt": b"nothing",
    }
    for name, content in forms.items():
        path = place / "study" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return len(forms)


def leaks_found(result: Result) -> int:
    """How many of the leaks that were planted on purpose were found."""
    return len({hit.where for hit in result.hits if hit.after == "a leak planted on purpose"})


def as_json(result: Result) -> dict[str, object]:
    """The result for a script."""
    return {"what": "hearthlink selftest 1", "sound": result.sound, **asdict(result)}


def verdict(result: Result) -> str:
    """What came out, in a sentence."""
    if result.leak_planted:
        return f"{leaks_found(result)} of {result.leak_planted} leaks that were planted on purpose were found."
    if result.hits:
        return f"{sum(hit.count for hit in result.hits):,} times something planted was found where it may not be. That is a fault of ours: please report it."
    if result.unexpected:
        return f"Nothing planted was found where it may not be, but {len(result.unexpected)} of {len(result.tried)} trials ended as they should not."
    if not result.sound:
        return "The search found nothing even where it must, so it shows nothing."
    return f"Nothing planted was found where it may not be, in {sum(result.looked.values()):,} outputs and files after {len(result.tried)} trials."


def _paper(result: Result) -> Paper:
    return Paper(
        "Self-test: do names get out?",
        verdict(result),
        (Part("What was found", tuple(_found(result))), *_parts(result)),
        (
            f"Hearthlink {result.version}, {result.machine}, {result.day}, {result.seconds:.0f} seconds. Everybody in it was made up. The folder that it worked in was removed.",
        ),
    )


def _found(result: Result) -> Iterator[str | Grid]:
    yield f"In the extracts themselves the same search finds what was planted {result.sought:,} times, and on the reviewer's own screen {result.on_screen:,} times: there it may be."
    if result.hits:
        yield Grid(
            "Found where it may not be",
            ("Where", "What", "Times", "After"),
            tuple((hit.where, hit.kind, f"{hit.count:,}", hit.after) for hit in result.hits),
        )


def _parts(result: Result) -> Iterator[Part]:
    yield Part(
        "What was tried",
        (
            Grid(
                "Each in a process of its own",
                ("Trial", "Exit code", "As it should", "Seconds"),
                tuple(
                    (one.says, str(one.code), "yes" if one.as_expected else "NO", f"{one.seconds:.1f}")
                    for one in result.tried
                ),
            ),
        ),
    )
    yield Part(
        "What was looked through",
        (
            Grid(
                "Outputs and files searched, each as often as it changed",
                ("What", "How many"),
                tuple((what, f"{count:,}") for what, count in result.looked.items()),
            ),
            "In any case, with and without accents, dates in figures and words, UTF-8, UTF-16, base64 and hexadecimal, inside archives, workbooks, PDF and Parquet. Sealed tables are searched as the ciphertext they are.",
        ),
    )
    yield Part(
        "What was planted",
        (
            Grid(
                "Different values by kind",
                ("Kind", "Values"),
                tuple((kind, str(count)) for kind, count in result.planted.items()),
            ),
            Grid(
                "Where",
                ("Folder or file of the extracts", "Values planted"),
                tuple((name, f"{count:,}") for name, count in result.places.items()),
            ),
        ),
    )
    yield Part(
        "What this does not show",
        (
            "That a disk keeps nothing of a deleted file, that memory is not written out by the machine, or what other programs on it do. The arguments and the environment of processes are looked at on Linux alone.",
        ),
    )


__all__ = ["FINE", "Hit", "Result", "Tried", "as_json", "leaks_found", "self_test", "verdict"]
