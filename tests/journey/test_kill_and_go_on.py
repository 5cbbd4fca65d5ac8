"""Killed without warning at any moment, a study goes on where it was and ends with the same bytes."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from pathlib import Path

import pytest
from made_authority import Secrets as Canaries
from made_authority import bytes_below, call, link_digests, real_study, run_study, say, store_of
from made_text import text_of

from hearthlink.errors import WrongUse
from hearthlink.governance import Ledger
from hearthlink.study import STEPS
from hearthlink.study.lock import only_one

KILLS = int(os.environ.get("PROVE_COUNT", "8"))
SIDE_BY_SIDE = 2


@dataclass(frozen=True, slots=True)
class Whole:
    """A study that was run once from end to end, and the seconds that it took."""

    study: Path
    seconds: float


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, practice: Path) -> Whole:
    """A council's study with three monthly files."""
    study = new_study(tmp_path_factory.mktemp("undisturbed") / "study", practice)
    begun = time.monotonic()
    run_study(study)
    return Whole(study, time.monotonic() - begun)


@pytest.fixture(scope="module")
def undisturbed(whole: Whole) -> Path:
    """The study itself."""
    return whole.study


def new_study(folder: Path, practice: Path) -> Path:
    real_study(folder, practice / "in")
    for path in (folder / "in" / "shbe").iterdir():
        if path.name not in {"SHBE_201903.txt", "SHBE_201909.txt", "SHBE_202003.txt"}:
            path.unlink()
    return folder


def processes() -> BaseContext:
    """Where it can be, a process is forked from one that has loaded everything and done nothing, so that a kill falls into work."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["made_authority"])
    return context


def killed_after(context: BaseContext, study: Path, seconds: float, *, again: bool) -> bool:
    """Begin a run in a process of its own and kill it after so long; whether it was killed before it ended."""
    process = context.Process(target=run_study, args=(study,), kwargs={"again": again})  # pyright: ignore[reportAttributeAccessIssue]
    process.start()
    process.join(seconds)
    if process.exitcode is None:
        process.kill()
        process.join()
        return True
    assert process.exitcode == 0, "the run itself failed"
    return False


def sound(study: Path, canaries: Canaries) -> None:
    """What must hold after any kill: the index can be read, all that it names opens, and no half-made file is in the clear."""
    store_of(study)
    index = study / "rooms" / "index.json"
    kept = json.loads(index.read_text(encoding="utf-8")) if index.exists() else {}
    for step in STEPS:
        if step.name in kept:
            for name, digest in kept[step.name]["tables"].items():
                assert list((study / "rooms").glob(f"*/{name}.{digest[:16]}.sealed")), f"{name} is gone"
    for name, content in bytes_below(study).items():
        if not name.startswith("in/") and not name.startswith("in\\"):
            assert canaries.in_text(text_of(name, content)) == {}, name


def chain(study: Path, kills: int, seed: int, longest: float, left: dict[str, bytes], canaries: Canaries) -> int:
    """Kill a study over and over, letting it go on each time; then let it end. How many kills fell into work."""
    context, rng = processes(), random.Random(seed)
    fell, finished = 0, False
    while fell < kills:
        if killed_after(context, study, rng.uniform(0.02, longest), again=finished):
            fell += 1
        else:
            finished = True
        sound(study, canaries)
        if finished:
            # Between its two moves a release stands whole beside its place, whence the next run takes it back.
            release = next(study / name for name in ("out", "out.old") if (study / name).is_dir())
            assert bytes_below_but_new(release) == left, "a kill harmed earlier results"
    run_study(study)
    return fell


def bytes_below_but_new(folder: Path) -> dict[str, bytes]:
    return {name: content for name, content in bytes_below(folder).items() if not name.endswith(".new")}


def test_killed_at_random_moments_a_study_ends_as_if_undisturbed(
    practice: Path, whole: Whole, tmp_path: Path, secrets: Canaries, seed: int
) -> None:
    """After every kill what was done is whole and nothing is in the clear; at the end links and report are the same bytes."""
    left, links = bytes_below(whole.study / "out"), link_digests(whole.study)
    longest = 1.1 * whole.seconds
    studies = [new_study(tmp_path / str(n) / "study", practice) for n in range(SIDE_BY_SIDE)]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        each = [
            pool.submit(chain, study, -(-KILLS // SIDE_BY_SIDE), seed + n, longest, left, secrets)
            for n, study in enumerate(studies)
        ]
    assert sum(one.result() for one in each) >= KILLS
    for study in studies:
        assert link_digests(study) == links
        assert bytes_below(study / "out") == left
        assert list(study.rglob("*.new")) == []
        assert Ledger(study / "ledger.jsonl", lambda: pytest.fail("no line is written")).verify() > KILLS // 2


APART = 4
"""Of so many kills at once, one is of a run whose roles have processes of their own: each of those starts Python anew."""


def children_of(pid: int) -> list[int]:
    """The processes that one has started; none where it has just ended."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def wait_until_free(study: Path) -> None:
    """Until every process that was left behind has ended, which it does as soon as nobody speaks to it any more."""
    until = time.monotonic() + 300
    while True:
        try:
            with only_one(study):
                return
        except WrongUse:
            assert time.monotonic() < until, "a process of a role outlives whoever started it"
            time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="which processes a run has started is read from /proc")
def test_killed_with_its_processes_of_roles_at_work_a_study_goes_on(
    practice: Path, undisturbed: Path, tmp_path: Path, secrets: Canaries, seed: int
) -> None:
    """Whether the run is killed or one of the processes that it started, nothing is left in the clear, no lock is left, and the end is the same."""
    study, temporary, rng = new_study(tmp_path / "study", practice), tmp_path / "temporary", random.Random(seed)
    temporary.mkdir()
    fell = 0
    for turn in range(4 * KILLS):
        if fell >= KILLS // APART:
            break
        run = subprocess.Popen(
            [sys.executable, "-m", "hearthlink", "run", str(study), "--apart", "--quiet", *(["--again"] if turn > KILLS else [])],
            env=os.environ | {"TMPDIR": str(temporary)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(rng.uniform(0.8, 5.0))
        victims = [run.pid] if turn % 2 or run.poll() is not None else [*children_of(run.pid), run.pid]
        ended = run.poll() is not None
        if not ended:
            os.kill(victims[0], signal.SIGKILL)
        assert (run.wait(60) != 0) != ended
        fell += not ended
        wait_until_free(study)
        sound(study, secrets)
        assert list(temporary.rglob("*")) == []
    assert fell >= KILLS // APART
    run_study(study)
    assert link_digests(study) == link_digests(undisturbed)
    assert bytes_below(study / "out") == bytes_below(undisturbed / "out")
    assert list(study.rglob("*.new")) == []


@pytest.fixture
def seed() -> int:
    """Another one each time, and shown by pytest where the test fails."""
    return secrets.randbelow(2**32)


KILL_AT = """
import os, signal, sys
count = 0
def note(event, args):
    global count
    write = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
    if (write or event == "os.rename") and "{folder}" in str(args[0]):
        count += 1
        if count == {number}:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(note)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot end itself so on Windows")
@pytest.mark.parametrize("number", [60, 130])
def test_killed_in_the_middle_of_a_write_a_study_goes_on(
    undisturbed: Path, practice: Path, tmp_path: Path, secrets: Canaries, number: int
) -> None:
    """Killed as it opens or moves a file of a step in the middle, or one of the report's, the study goes on to the same end."""
    study = new_study(tmp_path / "study", practice)
    first = KILL_AT.format(folder=tmp_path.name, number=number)
    assert call("run", study, "--quiet", first=first).code == -9
    sound(study, secrets)
    run_study(study)
    assert link_digests(study) == link_digests(undisturbed)
    assert bytes_below(study / "out") == bytes_below(undisturbed / "out")


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot end itself so on Windows")
@pytest.mark.parametrize("number", [20, 50])
def test_killed_while_the_authority_is_made_a_demo_can_be_given_again(
    tmp_path: Path, practice: Path, number: int
) -> None:
    """Killed at any file of the practice authority, the same command makes it whole, the same bytes as ever."""
    folder = tmp_path / "demo"
    asked = (
        "synthesise",
        folder,
        "--children",
        60,
        "--households",
        120,
        "--months",
        13,
        "--no-following",
        "--layouts",
        "linking",
        "--quiet",
    )
    assert call(*asked, first=KILL_AT.format(folder=tmp_path.name, number=number)).code == -9
    assert say(*asked).code == 0
    assert bytes_below(folder / "in") == bytes_below(practice / "in")
    assert say("check", folder, "--quiet").code == 0
