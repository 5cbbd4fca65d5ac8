"""From a run to a package that an outsider has checked, by the commands alone, with practice keys."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from made_authority import call, copy_of, events, run_study, say
from made_release import People, practice_people


@pytest.fixture(scope="module")
def ran(practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice study that was run. To be copied, never changed."""
    folder = copy_of(practice, tmp_path_factory.mktemp("ran") / "study")
    run_study(folder)
    return folder


@pytest.fixture
def study(ran: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return copy_of(ran, tmp_path / "study")


@pytest.fixture(scope="module")
def people(home: Path) -> People:
    """An analyst and three checkers, each with a practice key."""
    return practice_people(home / "practice people")


def test_from_a_run_to_a_verified_package(study: Path, people: People, tmp_path: Path) -> None:
    """Made, handed in, approved by two others, finished, verified elsewhere, withdrawn: at each step it is said what is next, and by whom."""
    done = people.say("analyst", "release", "new", study)
    assert (done.code, done.err) == (0, "")
    assert "checked" in done.out
    assert re.search(r"Next: the analyst .*\n.*release submit", done.out)
    done = people.say("analyst", "release", "submit", study)
    assert "an output checker looks at it" in done.out
    own = people.say("analyst", "release", "approve", study)
    assert own.code == 3
    assert "nobody reviews what they made or submitted" in own.err
    done = people.say("first-checker", "release", "approve", study)
    assert "another output checker" in done.out
    assert not [line for line in done.out.splitlines() if "approved" in line]
    again = people.say("first-checker", "release", "approve", study)
    assert again.code == 3
    assert "one person reviews once" in again.err
    early = people.say("first-checker", "release", "finish", study)
    assert early.code == 3
    done = people.say("second-checker", "release", "approve", study)
    assert "approved twice" in done.out
    done = people.say("second-checker", "release", "finish", study)
    assert done.code == 0
    archive = study / "releases" / "001" / "release-001.zip"
    assert str(archive) in done.out
    sent = tmp_path / "sent.zip"
    sent.write_bytes(archive.read_bytes())
    seen = say("verify", sent)
    assert (seen.code, seen.err) == (0, "")
    assert "nobody stands behind it" in seen.out
    assert json.loads(say("verify", sent, "--json").out)["holds"] is True
    done = people.say("second-checker", "release", "withdraw", study, "--why", "a wrong link")
    assert "withdrawn" in done.out
    beside = say("verify", archive)
    assert beside.code == 1
    assert re.search(r"withdrawn on \d{4}-\d\d-\d\d by second-checker, output checker: a wrong link", beside.out)
    assert say("verify", sent).code == 0, "whoever has no notice is told nothing of it"
    (archive.parent / "withdrawn.json").write_text("{}", encoding="utf-8")
    assert "no notice that Hearthlink wrote" in say("verify", archive).out
    assert json.loads(say("release", "list", study, "--json").out)[0]["state"] == "withdrawn"
    told = [one["event"] for one in events(study)]
    assert (
        told.index("release checked")
        < told.index("release submitted")
        < told.index("released")
        < told.index("release withdrawn")
    )
    assert "refused" in told


def test_returned_it_comes_back_under_its_own_number(study: Path, people: People) -> None:
    """What a checker asks for is told once both have spoken; the analyst makes it again, and it is looked at from the beginning."""
    people.say("analyst", "release", "new", study)
    people.say("analyst", "release", "submit", study)
    assert people.say("first-checker", "release", "return", study).code == 2, "a reason is needed"
    people.say("first-checker", "release", "return", study, "--why", "no context for table two")
    assert "table two" not in say("release", "show", study).out
    done = people.say("second-checker", "release", "approve", study)
    assert "returned" in done.out
    assert "no context for table two" in done.out
    assert people.say("second-checker", "release", "finish", study).code == 3
    same = people.say("analyst", "release", "new", study)
    assert same.code == 2
    assert "nothing has been mended" in same.err
    done = people.say("analyst", "release", "new", study, "--why", "its context stands in section four")
    assert "Release 001: checked" in done.out
    people.say("analyst", "release", "submit", study)
    for who in ("first-checker", "third-checker"):
        done = people.say(who, "release", "approve", study)
    assert "approved twice" in done.out


def test_rejected_it_is_over(study: Path, people: People) -> None:
    """A rejected release goes no further; the next begins under a number of its own."""
    people.say("analyst", "release", "new", study)
    people.say("analyst", "release", "submit", study)
    people.say("first-checker", "release", "approve", study)
    assert "rejected" in people.say("second-checker", "release", "reject", study, "--why", "one family can be told").out
    assert people.say("second-checker", "release", "finish", study).code == 3
    assert "Release 002" in people.say("analyst", "release", "new", study).out


def test_a_second_release_waits_for_a_clearing_that_knows_the_first(study: Path, people: People) -> None:
    """After a release has left, the next package needs a clearing that had it before it; run again, it may be made."""
    for who, word in (
        ("analyst", "new"),
        ("analyst", "submit"),
        ("first-checker", "approve"),
        ("second-checker", "approve"),
        ("first-checker", "finish"),
    ):
        assert people.say(who, "release", word, study).code == 0, word
    told = say("status", study)
    assert "not yet" not in told.out, "what was released is not to be done again"
    early = people.say("analyst", "release", "new", study)
    assert early.code == 1
    assert "clear is to be done, for a release has left since" in early.err
    run_study(study)
    assert "Release 002: checked" in people.say("analyst", "release", "new", study).out


def test_two_reviewers_at_once_lose_no_vote(study: Path, people: People) -> None:
    """Two people review in the same moment: each vote is entered, or whoever came second is told to try again, and then it is."""
    people.say("analyst", "release", "new", study)
    people.say("analyst", "release", "submit", study)

    def review(who: str) -> subprocess.Popen[str]:
        words = ["release", "approve", str(study), "--with", who, "--keys", str(people.folder)]
        return subprocess.Popen(
            [sys.executable, "-m", "hearthlink", *words],
            env=dict(os.environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    both = {who: review(who) for who in ("first-checker", "second-checker")}
    said = {who: process.communicate(timeout=600) for who, process in both.items()}
    for who, process in both.items():
        if process.returncode:
            assert "Another run is at work" in said[who][1], said[who]
            assert people.say(who, "release", "approve", study).code == 0
    told = json.loads(say("release", "show", study, "--json").out)
    assert told["state"] == "approved twice"
    assert sorted(line.rpartition(" ")[2] for line in told["says"] if "approved" in line) == [
        "first-checker",
        "second-checker",
    ]


def test_a_study_not_run_to_its_end_releases_nothing(practice: Path, people: People, tmp_path: Path) -> None:
    """Without a report there is nothing to release, and it is said what to do."""
    study = copy_of(practice, tmp_path / "study")
    done = people.say("analyst", "release", "new", study)
    assert done.code == 1
    assert "hearthlink run" in done.err


def test_the_commands_of_the_page_do_what_it_says(study: Path, people: People) -> None:
    """Typed as they stand on the page, with three practice keys, they end in an archive that verifies."""
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "release.md").read_text(encoding="utf-8")
    section = page.split("## ")[1]
    lines = [line.strip().split() for line in section.splitlines() if line.startswith("    hearthlink ")]
    typed = [words[1:] for words in lines if words[1] in {"release", "verify"}]
    assert len(typed) == 6
    done = say("release", "list", study)
    for words in typed:
        here = [word.replace("hearthlink-demo", str(study)) for word in words]
        done = say(*here, "--keys", people.folder) if words[0] == "release" else say(*here)
        assert done.code == 0, (words, done.err)
    assert "It holds" in done.out


def test_after_the_study_is_destroyed_what_left_still_verifies(study: Path, people: People) -> None:
    """The archive outlives the study; the certificate of its destruction is verified by the same command; nothing more is released."""
    for who, word in (
        ("analyst", "new"),
        ("analyst", "submit"),
        ("first-checker", "approve"),
        ("second-checker", "approve"),
        ("first-checker", "finish"),
    ):
        assert people.say(who, "release", word, study).code == 0, word
    archive = study / "releases" / "001" / "release-001.zip"
    sent = study.parent / "sent.zip"
    sent.write_bytes(archive.read_bytes())
    for who in ("first-checker", "second-checker"):
        done = people.say(who, "destroy", study)
        assert done.code == 0, done.err
    certificate = say("verify", study / "destruction.json")
    assert (certificate.code, certificate.err) == (0, "")
    assert "It holds" in certificate.out
    assert say("verify", sent).code == 0
    assert people.say("analyst", "release", "new", study).code == 3
    changed = study.parent / "changed.json"
    changed.write_text(
        (study / "destruction.json").read_text(encoding="utf-8").replace('"method"', '"methods"', 1), encoding="utf-8"
    )
    assert say("verify", changed).code == 1


KILL_AT = """
import os, signal, sys
count = 0
def note(event, args):
    global count
    write = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
    if (write or event == "os.rename") and {folder!r} in str(args[0]):
        count += 1
        if count == {number}:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(note)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot end itself so on Windows")
def test_killed_at_each_move_a_release_goes_on(study: Path, people: People) -> None:
    """Killed in the middle of each command, the same command given again comes to the same end, and the package verifies."""
    out = {path.name: path.read_bytes() for path in (study / "out").rglob("*") if path.is_file()}
    for who, word, number in (
        ("analyst", "new", 9),
        ("analyst", "submit", 3),
        ("first-checker", "approve", 3),
        ("second-checker", "approve", 3),
        ("first-checker", "finish", 8),
        ("first-checker", "finish", 0),
    ):
        given = ("release", word, study, "--with", who, "--keys", people.folder)
        if number:
            assert call(*given, first=KILL_AT.format(folder=str(study), number=number)).code == -9, word
        if word != "finish" or not number:
            done = people.say(who, "release", word, study)
            assert done.code == 0, (word, done.err)
    archive = study / "releases" / "001" / "release-001.zip"
    assert json.loads(say("verify", archive, "--json").out)["holds"] is True
    package = study / "releases" / "001" / "package"
    left = {path.name: path.read_bytes() for path in package.rglob("*") if path.is_file()}
    assert {name: left.get(name) for name in out} == out
    assert list((study / "releases").rglob("*.new")) == []
    assert say("ledger", "verify", study).code == 0


def test_nothing_leaves_while_an_objection_waits(study: Path, people: People) -> None:
    """Once somebody has objected since the extracts were received, status says that they are to be received, and nothing is handed in or leaves."""
    people.say("analyst", "release", "new", study)
    people.say("analyst", "release", "submit", study)
    for who in ("first-checker", "second-checker"):
        people.say(who, "release", "approve", study)
    (study / "objections.csv").write_text("about,person_id,reason\nchild,AAA,objection\n", encoding="utf-8")
    done = people.say("second-checker", "release", "finish", study)
    assert done.code == 3
    assert "objections" in done.err
    assert not (study / "releases" / "001" / "release-001.zip").exists()
    first = json.loads(say("status", study, "--json").out)[0]
    assert first == {"step": "receive", "done": False, "why": "objections.csv has changed"}
    assert people.say("analyst", "release", "new", study).code == 1
