"""The command line: help, options, exit codes, and no word of the data in anything it says."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
import typer.main
from made_authority import Done, call, copy_of, events, practice_in, run_study, say

from hearthlink import __version__
from hearthlink.cli.door import guarded as at_the_door
from hearthlink.cli.main import STEP_COMMANDS, app
from hearthlink.cli.typed import typed
from hearthlink.errors import DataProblem, ExitCode, OurFault, Refused, WrongUse
from hearthlink.study import STEPS
from hearthlink.study.steps import Made

BESIDES = (
    "init",
    "synthesise",
    "run",
    "status",
    "demo",
    "map",
    "match",
    "mask",
    "mask-key",
    "review",
    "rooms",
    "correct",
    "explain",
    "research",
    "splink",
    "plan",
    "protocol",
    "ledger",
    "destroy",
    "incident",
    "merge",
    "next",
    "objections",
    "papers",
    "selftest",
    "release",
    "risk",
    "verify",
)
COMMANDS = (
    "init", "synthesise", "run", "status", "demo", "map", "match", "review", "correct", "destroy", "incident", "verify", *STEP_COMMANDS,
)  # fmt: skip


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path_factory.getbasetemp() / "home"))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A practice study with its first step done."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "home"))
        study = copy_of(practice_in(tmp_path_factory.getbasetemp()), tmp_path_factory.mktemp("cli") / "study")
        run_study(study, "receive")
        yield study


def test_the_commands_are_the_steps_and_those_beside_them() -> None:
    """Each step is a command, in the order of the steps, and nothing else is but the commands that are listed here."""
    assert tuple(STEP_COMMANDS) == tuple(step.name for step in STEPS)
    assert set(typer.main.get_command(app).commands) == {*BESIDES, *STEP_COMMANDS}  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    """--help tells what the command does and every option, and ends with 0 and nothing on the error stream."""
    done = say(command, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Usage:")
    described = typer.main.get_command(app).commands[command]  # pyright: ignore[reportAttributeAccessIssue]
    for option in (name for parameter in described.params for name in parameter.opts if name.startswith("--")):
        assert option in done.out


MISUSED: dict[str, tuple[tuple[str, ...], str]] = {
    **{f"{c} with an unknown option": ((c, "--frobnicate", "x"), "--frobnicate") for c in COMMANDS},
    "an unknown command": (("frobnicate",), "frobnicate"),
    "no folder": (("run",), "study"),
    "two folders": (("run", "a", "b"), "b"),
    "a number in words": (("demo", "x", "--children", "many"), "--children"),
    "too few children": (("demo", "x", "--children", "3"), "--children"),
    "a share past one": (("synthesise", "x", "--share", "1.5"), "--share"),
    "an effect that is no number": (("synthesise", "x", "--effect", "much"), "--effect"),
    "a year that is none": (("synthesise", "x", "--year", "2019"), "year"),
    "no study there": (("run", "no-such-folder"), "no-such-folder"),
    "no study to ask about": (("status", "no-such-folder"), "no-such-folder"),
    "too few households": (("synthesise", "x", "--children", "900", "--households", "50"), "households"),
}


@pytest.mark.parametrize("case", MISUSED)
def test_wrong_use_ends_with_2_and_a_sentence(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command used wrongly names what is wrong in two lines at most, prints nothing else, and makes nothing."""
    monkeypatch.chdir(tmp_path)
    arguments, names = MISUSED[case]
    done = say(*arguments)
    assert (done.code, done.out) == (2, "")
    assert names in done.err
    assert 1 <= len(done.err.splitlines()) <= 2
    assert list(tmp_path.iterdir()) == []


def test_no_command_at_all_shows_the_help() -> None:
    """hearthlink alone shows every command, and ends with 2."""
    done = say()
    assert done.code == 2
    assert all(command in done.err + done.out for command in COMMANDS)


@pytest.mark.parametrize("kind", [DataProblem, WrongUse, Refused, OurFault])
def test_each_kind_of_stop_has_its_exit_code(kind: type[DataProblem]) -> None:
    """A stop prints its sentence on the error stream alone, and ends with the code of its kind."""

    def stop() -> None:
        raise kind("It is wrong.", file="a.csv", line=1234, column="b", remedy="Mend it.")

    done = guarded(stop)
    assert done == Done(int(kind.code), "", "a.csv, line 1,234, column b: It is wrong.\n  Mend it.\n")
    assert {k.code for k in (DataProblem, WrongUse, Refused, OurFault)} == set(ExitCode) - {ExitCode.FINE}


def guarded(act: Callable[[], object]) -> Done:
    """What the last door makes of an act."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = at_the_door(act)
    return Done(code, out.getvalue(), err.getvalue())


def put_in_place_of_check(monkeypatch: pytest.MonkeyPatch, act: Callable[..., Made]) -> None:
    steps = (STEPS[0], replace(STEPS[1], act=act), *STEPS[2:])
    monkeypatch.setattr(sys.modules["hearthlink.study.run"], "STEPS", steps)


FAULTS: dict[str, BaseException] = {
    "ValueError": ValueError("SECRET"),
    "KeyError": KeyError("SECRET"),
    "UnicodeDecodeError": UnicodeDecodeError("utf-8", b"SECRET", 0, 1, "SECRET"),
    "ArrowInvalid": pa.ArrowInvalid("SECRET"),
    "MemoryError": MemoryError("SECRET"),
    "RecursionError": RecursionError("SECRET"),
    "ExceptionGroup": ExceptionGroup("SECRET", [ValueError("SECRET")]),
    "AssertionError": AssertionError("SECRET"),
    "GeneratorExit": GeneratorExit("SECRET"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_of_ours_says_where_and_not_what(ran: Path, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """Whatever goes wrong inside a step, the exit code is 4, the message names a place in the code, and none of its words pass."""

    def act(_: object) -> Made:
        raise FAULTS[case] from ValueError("SECRET SOONER")

    put_in_place_of_check(monkeypatch, act)
    done = say("check", ran)
    assert done.code == 4
    assert "SECRET" not in done.out + done.err
    assert case in done.err
    assert "hearthlink." in done.err
    assert __version__ in done.err
    assert len(done.err.splitlines()) == 2
    last = events(ran)[-1]
    assert (last["event"], last["counts"]) == ("stopped", {"exit_code": 4})
    assert "SECRET" not in (ran / "ledger.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("number", "says"), [(errno.ENOSPC, "The disk is full."), (errno.EACCES, "permission denied"), (None, "refused")]
)
def test_a_refusal_of_the_system_is_told_without_its_words(
    ran: Path, monkeypatch: pytest.MonkeyPatch, number: int | None, says: str
) -> None:
    """A full disk, or rights that are missing, are told as such with exit code 1 and entered in the ledger."""

    def act(_: object) -> Made:
        raise OSError("SECRET") if number is None else OSError(number, "SECRET")

    put_in_place_of_check(monkeypatch, act)
    done = say("check", ran)
    assert done.code == 1
    assert "SECRET" not in done.out + done.err
    assert says in done.err
    assert events(ran)[-1]["counts"] == {"exit_code": 1}


def test_an_interrupt_is_told_and_entered(ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C ends with 130, says that what was done stays done, and leaves its line in the ledger."""

    def act(_: object) -> Made:
        raise KeyboardInterrupt

    put_in_place_of_check(monkeypatch, act)
    done = say("check", ran)
    assert done.code == 130
    assert done.err == "Stopped. What was done before stays done; run again to go on.\n"
    assert events(ran)[-1]["counts"] == {"exit_code": 130}
    assert "done     receive" in say("status", ran).out


OTHER_MOUTHS = """
import logging, sys, threading, warnings
from dataclasses import replace
from hearthlink.study import STEPS
class Last:
    def __del__(self):
        raise ValueError("SECRET")
def shout():
    raise ValueError("SECRET")
def act(desk):
    warnings.warn("SECRET")
    logging.getLogger("x").error("SECRET")
    thread = threading.Thread(target=shout)
    thread.start()
    thread.join()
    Last()
    return STEPS[1].act(desk)
sys.modules["hearthlink.study.run"].STEPS = (STEPS[0], replace(STEPS[1], act=act), *STEPS[2:])
"""


def test_no_other_mouth_speaks(ran: Path) -> None:
    """A library's warning, log line, dying thread or destructor says nothing, and the run goes on."""
    done = call("check", ran, "--again", first=OTHER_MOUTHS)
    assert (done.code, done.err) == (0, "")
    assert "SECRET" not in done.out


def test_a_step_prints_what_was_done_and_what_is_next(ran: Path) -> None:
    """A step's command tells each step, whether it was done or unchanged, and the next command; nothing is on the error stream."""
    done = say("receive", ran, "--again")
    assert (done.code, done.err) == (0, "")
    said, *rest = done.out.splitlines()
    assert re.fullmatch(rf"  {STEPS[0].says}(  [\d.]+ s)?", said), "a step that took long says how long"
    assert rest == ["", f"Next: {typed('run', ran)}"]
    assert say("check", ran).out.count("(unchanged)") == 1


def test_check_prints_what_was_found_by_counts(ran: Path) -> None:
    """After the checks the analyst reads what to look at: how many of how many, what it means and what to do."""
    found = json.loads(say("check", ran, "--json").out)["findings"]
    assert found
    shown = say("check", ran).out
    for one in found:
        assert f"{one['found']:,} of {one['looked_at']:,}  {one['says']}" in shown
        assert one["remedy"] in shown
        assert one["severity"] in {"look", "note"}


@pytest.mark.parametrize(
    ("called", "folder", "shown"),
    [
        ("hearthlink", "study", "hearthlink run study"),
        ("hearthlink", "a study", "hearthlink run 'a study'"),
        ("/elsewhere/hearthlink", "study", "hearthlink run study"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="quotes are others on Windows")
def test_the_next_command_can_be_pasted(called: str, folder: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next command is the name this program was called by, with the folder quoted."""
    monkeypatch.setattr("sys.argv", [called])
    assert typed("run", Path(folder)) == shown


def test_quiet_and_json_print_the_result_alone(ran: Path) -> None:
    """--quiet prints nothing for a step, --json one JSON value, and status the same facts in both forms."""
    assert say("check", ran, "--quiet") == Done(0, "", "")
    done = say("check", ran, "--json")
    assert (done.code, done.err, json.loads(done.out)["step"]) == (0, "", "check")
    rows = json.loads(say("status", ran, "--json").out)
    assert [row["step"] for row in rows] == [step.name for step in STEPS]
    assert [row["done"] for row in rows] == [True, True] + [False] * (len(STEPS) - 2)
    shown = say("status", ran).out
    assert shown.count("done     ") == 2
    assert shown.count("not yet  ") == len(STEPS) - 2
    assert f"Next: {typed('run', ran)}" in shown


def test_status_writes_nothing_and_needs_no_permission(tmp_path: Path) -> None:
    """Asking where a fresh study stands makes no file, no key and no ledger line."""
    folder = tmp_path / "study"
    say("init", folder)
    before = sorted(folder.rglob("*"))
    assert say("status", folder).code == 0
    assert sorted(folder.rglob("*")) == before


def test_help_is_quick_because_nothing_else_is_loaded() -> None:
    """Asking for help loads no engine, no arrays and no stage."""
    heavy = {"duckdb", "pyarrow", "numpy", "hearthlink.study"}
    look = f"import atexit, sys; atexit.register(lambda: print('LOADED', sorted(set({heavy!r}) & set(sys.modules))))"
    done = call("--help", first=look)
    assert done.code == 0
    assert "LOADED []" in done.out


def test_what_is_wrong_with_a_setting_is_said_of_its_option(tmp_path: Path) -> None:
    """More months held back than there are: the option is named as it is typed, and nothing is made."""
    done = say(
        "synthesise",
        tmp_path / "made",
        "--months",
        "13",
        "--held-back",
        "13",
        "--children",
        "50",
        "--households",
        "130",
    )
    assert done.code == 2
    assert done.err.startswith("--held-back: ")
    assert not (tmp_path / "made" / "in").exists()


def test_the_version_is_said() -> None:
    """`--version` says which version this is, and does nothing besides."""
    assert say("--version") == Done(0, f"Hearthlink {__version__}\n", "")


USED_WRONGLY = (
    # what was typed, the exit code, what is said
    (("match",), 2, "Missing argument 'left'.\n  hearthlink match --help says what it takes.\n"),
    (("protocol", "sig"), 2, "No such command 'sig'. Did you mean 'sign'?\n  hearthlink protocol --help says what it takes.\n"),
    (("check", "absent.xml"), 1, "absent.xml: The file was not found.\n  Put it there and run again.\n"),
    (("init", "absent", "--year", "2019-21"), 2, 'year: The year is not a census year.\n  Write it as "2019-20".\n'),
    (("verify", "absent.zip", "--protocol", "abc"), 2,
     ("--protocol: A digest has 64 figures and letters from a to f, and this has not.\n"
      "  The council prints it with: hearthlink protocol show STUDY\n")),
)  # fmt: skip


@pytest.mark.parametrize(("words", "code", "said"), USED_WRONGLY, ids=[" ".join(words) for words, *_ in USED_WRONGLY])
def test_a_command_used_wrongly_says_what_to_do(words: tuple[str, ...], code: int, said: str) -> None:
    """A slip at the keyboard is answered by what was wrong and where to read on, and calls nothing a column that is none."""
    done = say(*words)
    assert (done.code, done.err) == (code, said)


def test_a_setting_is_not_called_a_column() -> None:
    """In a file of settings the place is a setting, in a table a column, and outside both what the user named."""
    assert WrongUse("No.", file="study.toml", line=3, column="year").where == "study.toml, line 3, setting year"
    assert WrongUse("No.", file="a.csv", column="year").where == "a.csv, column year"
    assert WrongUse("No.", column="year").where == "year"
    assert DataProblem("No.", column="year").where == "column year"


def test_a_group_of_commands_named_alone_lists_them_and_no_more() -> None:
    """Its help is the answer, with no remark after it, and the exit code is that of wrong use."""
    done = say("release")
    assert (done.code, done.out) == (2, "")
    assert "withdraw" in done.err
    assert "says what it takes" not in done.err


def _unanswered(before: type[BaseException]) -> None:
    try:
        raise before  # noqa: TRY301 - what the library of commands was stopped by
    except before:
        raise typer.Abort from None


def test_a_question_that_nobody_answers_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody is at the keyboard a question ends the command with a sentence and code 2; an interrupt at it is an interrupt."""
    assert at_the_door(lambda: _unanswered(EOFError)) == 2
    assert "without an answer" in capsys.readouterr().err
    assert at_the_door(lambda: _unanswered(KeyboardInterrupt)) == 130
    assert "Stopped." in capsys.readouterr().err


def _gone() -> None:
    try:
        raise BrokenPipeError  # noqa: TRY301 - as a print would
    except BrokenPipeError:
        sys.exit(1)


def test_a_reader_who_has_gone_is_no_fault_of_the_data() -> None:
    """A command whose output is cut short by `head` ends well, though the library of commands leaves with 1."""
    assert at_the_door(_gone) == 0
