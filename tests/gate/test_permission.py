"""No permission, no data: with a line missing or its day past, nothing is opened and the exit code is 3."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from made_authority import bytes_below, copy_of, events, run_study, say
from made_protocol import opened_below

from hearthlink.errors import Refused
from hearthlink.governance import SOURCES, Permission, require
from hearthlink.study import STEPS, open_study
from hearthlink.study import run as carry_out

LINES = ("purpose", "ethics", "dpia", "agreement", *(f"gateways.{source}" for source in SOURCES))


def emptied(line: str, to: str = '""') -> Callable[[str], str]:
    name = line.rsplit(".", maxsplit=1)[-1]
    return lambda text: re.sub(rf"^{name} = .*$", f"{name} = {to}", text, flags=re.MULTILINE)


STATES: dict[str, tuple[Callable[[str], str], str]] = {
    **{f"{line} empty": (emptied(line), f"permission.{line}") for line in LINES},
    **{f"{line} blank": (emptied(line, '"  "'), f"permission.{line}") for line in LINES},
    "gateway left out": (lambda t: re.sub(r"^benefits = .*$", "", t, flags=re.MULTILINE), "permission.gateways.benefits"),
    "ends missing": (lambda t: re.sub(r"^ends = .*$", "", t, flags=re.MULTILINE), "permission.ends"),
    "ended": (lambda t: re.sub(r"^ends = .*$", "ends = 2020-01-01", t, flags=re.MULTILINE), "permission.ends"),
    "no section": (lambda t: re.sub(r"^\[permission\].*?^\[practice\]", "[practice]", t, flags=re.DOTALL | re.MULTILINE), "permission.purpose"),
}  # fmt: skip

SPY = """
import json, os, sys
from functools import partial
watched = [os.path.realpath(p) for p in sys.argv[2:4]]
seen = []
def note(path):
    if isinstance(path, (str, bytes, os.PathLike)):
        real = os.path.realpath(os.fsdecode(path))
        if any(real.startswith(place + os.sep) for place in watched):
            seen.append(os.path.basename(real))
sys.addaudithook(lambda event, args: note(args[0]) if event == "open" else None)
import pyarrow as pa
inner = pa.memory_map
pa.memory_map = lambda path, *rest, **named: (note(path), inner(path, *rest, **named))[1]
from hearthlink.cli.door import guarded
from hearthlink.cli.main import app
out = {}
study = sys.argv[1]
toml = os.path.join(study, "study.toml")
for name, text, command in json.loads(sys.stdin.read()):
    with open(toml, "w", encoding="utf-8") as file:
        file.write(text)
    seen.clear()
    code = guarded(partial(app, [command, study, "--quiet"], standalone_mode=False))
    out[name] = [code, len(seen)]
json.dump(out, sys.__stderr__)
"""


@pytest.fixture
def study(tmp_path: Path, practice: Path) -> Path:
    """A practice study, whose permission stands in study.toml, not yet run."""
    return copy_of(practice, tmp_path / "study")


def test_no_extract_is_opened_where_permission_does_not_hold(study: Path) -> None:
    """A run in each state of an incomplete permission, and each step, ends with 3 and opens no file of extracts or truth."""
    whole = (study / "study.toml").read_text(encoding="utf-8")
    asked = [(state, change(whole), "run") for state, (change, _) in STATES.items()]
    asked += [
        (f"{step.name}, {state}", STATES[state][0](whole), step.name)
        for step in STEPS
        for state in ("ended", "ethics empty")
    ]
    asked.append(("complete", whole, "receive"))
    done = subprocess.run(
        [sys.executable, "-c", SPY, str(study), str(study / "in"), str(study / "truth")],
        input=json.dumps(asked), capture_output=True, text=True, check=False, env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    answers = json.loads(done.stderr[done.stderr.rindex("{") :])
    code, opened = answers.pop("complete")
    assert (code, opened > 30) == (0, True), "the spy must see extracts opened where they are"
    assert {name: answer for name, answer in answers.items() if answer != [3, 0]} == {}


@pytest.mark.parametrize("state", STATES)
def test_the_refusal_names_the_line_to_fill_and_leaves_its_own_line(study: Path, state: str) -> None:
    """Each refusal names the setting, tells that no file was opened, makes no room, and is entered in the ledger."""
    change, names = STATES[state]
    path = study / "study.toml"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    done = say("run", study)
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("study.toml")
    assert names in done.err
    assert "No file was opened" in done.err
    assert [e["event"] for e in events(study)] == ["run begun", "refused"]
    assert not (study / "rooms").exists()
    assert not (study / "out").exists()


def test_the_study_that_init_makes_is_refused_as_it_stands(tmp_path: Path, practice: Path) -> None:
    """A fresh study, with extracts beside it, opens nothing and says that it has no protocol, whatever is asked of it."""
    folder = tmp_path / "fresh"
    assert say("init", folder).code == 0
    shutil.copytree(practice / "in", folder / "in", dirs_exist_ok=True)
    for command in ("run", *(step.name for step in STEPS)):
        with opened_below(folder / "in") as seen:
            done = say(command, folder)
        assert (done.code, seen) == (3, []), command
        assert "There is no protocol" in done.err
        assert "protocol new" in done.err


def test_a_permission_that_ends_keeps_results_as_they_were(tmp_path: Path, real: Path) -> None:
    """After its last day a study that has run is refused, and what it had made lies there unchanged."""
    study = copy_of(real, tmp_path / "study")
    before = {n: b for n, b in bytes_below(study).items() if n not in {"ledger.jsonl", "study.toml"}}
    late = lambda: datetime(2099, 4, 1, tzinfo=UTC)  # noqa: E731 - a clock is a function
    with pytest.raises(Refused, match="31 March 2099"):
        carry_out(open_study(study), clock=late)
    after = {n: b for n, b in bytes_below(study).items() if n not in {"ledger.jsonl", "study.toml"}}
    assert after == before
    assert events(study)[-1]["event"] == "refused"


def test_the_day_can_turn_in_the_middle_of_a_run(study: Path) -> None:
    """A permission that ends at midnight refuses the next step after it, and the steps before stay done."""
    path = study / "study.toml"
    path.write_text(emptied("ends", "2027-03-31")(path.read_text(encoding="utf-8")), encoding="utf-8")
    times = iter([datetime(2027, 3, 31, 23, 59, tzinfo=UTC)] * 5)
    with pytest.raises(Refused, match="ended"):
        carry_out(open_study(study), clock=lambda: next(times, datetime(2027, 4, 1, tzinfo=UTC)))
    done = [e["step"] for e in events(study) if e["event"] == "step done"]
    assert done == ["receive"]
    assert events(study)[-1]["event"] == "refused"


@pytest.mark.parametrize(
    ("today", "holds"),
    [(date(2027, 3, 30), True), (date(2027, 3, 31), True), (date(2027, 4, 1), False)],
)
def test_the_end_date_is_the_last_day_of_use(today: date, holds: bool) -> None:
    """A permission holds on its end date and not on the day after."""
    permission = Permission("p", dict.fromkeys(SOURCES, "g"), "e", "d", "a", date(2027, 3, 31))
    if holds:
        require(permission, today)
    else:
        with pytest.raises(Refused):
            require(permission, today)


def test_a_complete_permission_lets_the_study_run(study: Path) -> None:
    """The same study that is refused with a line missing runs with it filled, so that refusals are about the line."""
    run_study(study, "receive")
    assert [e["event"] for e in events(study)] == ["run begun", "source read", "step done", "run finished"]
