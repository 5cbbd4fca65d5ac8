"""`hearthlink next`: what waits for whom is shown and done in one sitting, nothing is decided without an answer, and nobody does another's."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from bench.hands_on import EVIDENCE, MOST, PAGE, ROLES, YES, Given, reckoned, walked, with_table
from made_authority import Done, copy_of, events, say

from hearthlink.cli.options import now
from hearthlink.study import open_study
from hearthlink.study.protocols.protocol import make_key, signing_keys
from hearthlink.study.waiting import Act, waits_for

NAMES = ("analyst", "keeper", "linker", "officer")


@dataclass(frozen=True, slots=True)
class Walked:
    """The tutorial, walked as printed: each command with what it showed, the study at its end, and a copy of it as it was handed in."""

    session: list[Given]
    study: Path
    handed_in: Path


@pytest.fixture(scope="module")
def walked_through(practice: Path, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """Every command of the page, in its order, every question answered with yes; the authority alone is a smaller one, made before."""
    place = tmp_path_factory.mktemp("walked")
    study, handed_in = place / "practice", place / "handed in"
    for name in NAMES:
        (signing_keys() / f"{name}.pem").unlink(missing_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)

        def give(words: Sequence[str]) -> str:
            patch.setattr("sys.stdin", io.StringIO(YES))
            if words[0] == "synthesise":
                copy_of(practice, study)
                for made in ("keys", "rooms", "out"):
                    shutil.rmtree(study / made, ignore_errors=True)
                return "Made a practice authority"
            done = say(*words)
            assert (done.code, done.err) == (0, ""), (words, done.err)
            if (study / "releases").exists() and not handed_in.exists():
                copy_of(study, handed_in)
            return done.out

        session = walked(PAGE.read_text(encoding="utf-8"), give)
    return Walked(session, study, handed_in)


@pytest.fixture(scope="module")
def keys(home: Path) -> Path:
    """The folder with the practice keys of the four, who make them where the page says."""
    for name in NAMES:
        if not (signing_keys() / f"{name}.pem").exists():
            make_key(name, ask=lambda _: "", practice=True)
    return signing_keys()


def given(study: Path, keys: Path, name: str, *answers: str, patch: pytest.MonkeyPatch) -> Done:
    """`next` by somebody, with what they type."""
    patch.setattr("sys.stdin", io.StringIO("".join(f"{one}\n" for one in answers)))
    return say("next", study, "--with", name, "--keys", keys)


def begun(practice: Path, keys: Path, folder: Path) -> Path:
    study = copy_of(practice, folder)
    assert say("protocol", "new", study, "--people", ",".join(NAMES), "--keys", keys).code == 0
    return study


@pytest.fixture
def handed_in(walked_through: Walked, keys: Path, tmp_path: Path) -> Path:
    """A study whose release waits for its checkers, gone there by `next` alone. It may be spoilt."""
    return copy_of(walked_through.handed_in, tmp_path / "handed in")


def test_the_page_ends_in_a_release_that_verifies(walked_through: Walked) -> None:
    """Typed as they stand, the commands of the tutorial lead from a protocol to an archive that holds, by two who did not make it."""
    last = walked_through.session[-1]
    assert last.command.split()[1] == "verify"
    assert last.shown.rstrip().endswith("It holds, to the byte.")
    assert "the protocol whose digest you gave" in last.shown
    assert waits_for(open_study(walked_through.study), now).act is Act.NOTHING
    approved = [one for one in events(walked_through.study) if one["event"] == "release approved"]
    assert len({one["by"] for one in approved}) == 2


def test_nobody_needs_ten_minutes(walked_through: Walked) -> None:
    """All that each reads, types and answers on the way, reckoned of what the commands showed, stays under the time that is promised."""
    brief = (walked_through.study / "releases" / "001" / "package" / "brief.html").read_text(encoding="utf-8")
    found = reckoned(PAGE.read_text(encoding="utf-8"), walked_through.session, brief)
    assert {role: one.minutes < MOST for role, one in found.items()} == dict.fromkeys(ROLES, True), found
    assert min(one.screen for one in found.values()) > 300, "what is shown is read"
    assert sum(one.answers for one in found.values()) >= 12
    kept = json.loads(EVIDENCE.read_text(encoding="utf-8"))["figures"]["people"]
    for role, one in found.items():
        assert (one.commands, one.answers) == (kept[role]["commands"], kept[role]["answers"]), role
        assert kept[role]["minutes"] < MOST
        # The plan of this test asks fewer questions, so that there is less to read of what comes of it.
        assert -0.5 < kept[role]["minutes"] - one.minutes < 1.5, (role, "measure again: python3 dev.py bench hands_on")


def test_the_page_says_what_was_measured() -> None:
    """Its table is that of the evidence, and both are of the page as it stands."""
    page = PAGE.read_text(encoding="utf-8")
    kept = json.loads(EVIDENCE.read_text(encoding="utf-8"))["figures"]["people"]
    assert with_table(page, kept) == page
    assert {one["page"] for one in kept.values()} == {reckoned(page, [], "")["linker"].page}


def test_who_is_next_is_said_to_everybody_else(
    practice: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever gives the command out of turn is told whose it is and by which command, and does nothing."""
    study = begun(practice, keys, tmp_path / "study")
    done = given(study, keys, "analyst", "yes", patch=monkeypatch)
    assert done.code == 0
    assert "Next: linker or officer, to read the protocol and sign it" in done.out
    assert not (study / "protocol.signatures.json").exists()


@pytest.mark.parametrize("answers", [(), ("",), ("no",), ("perhaps",)])
def test_no_answer_signs_nothing(
    practice: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: tuple[str, ...]
) -> None:
    """The page is shown before it is asked; anything but a yes leaves it unsigned."""
    study = begun(practice, keys, tmp_path / "study")
    done = given(study, keys, "officer", *answers, patch=monkeypatch)
    assert done.out.index("PROTOCOL practice") < done.out.index("Sign it as officer?")
    assert "Nothing was done" in done.out
    assert not (study / "protocol.signatures.json").exists()


def test_each_checker_sees_the_page_and_answers(handed_in: Path, keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is shown before anything is asked, and what the first says is told to nobody."""
    study = handed_in
    first = given(study, keys, "officer", *["yes"] * 5, patch=monkeypatch)
    assert first.out.index("RELEASE 001") < first.out.index("Is it what the protocol planned")
    assert "approved" not in first.out, "what the first reviewer said is told to nobody"
    assert "Next: keeper" in first.out


def test_the_author_of_a_release_is_not_asked_to_review_it(
    handed_in: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two others are: whoever made it, and whoever is no output checker, is told so; once reviewed, one person is not asked again."""
    study = handed_in
    for name in ("analyst", "linker"):
        assert "keeper or officer" in given(study, keys, name, *["yes"] * 5, patch=monkeypatch).out
    given(study, keys, "officer", *["yes"] * 5, patch=monkeypatch)
    again = given(study, keys, "officer", *["yes"] * 5, patch=monkeypatch)
    assert "Next: keeper" in again.out
    told = json.loads(say("release", "show", study, "--json").out)
    assert told["state"] == "reviewed once"


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        (("yes", "no", "say more of table two", "no"), "returned"),
        (("no", "one family can be told", "yes"), "rejected"),
    ],
)
def test_a_no_needs_a_reason_and_sends_it_back(
    handed_in: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: tuple[str, ...], state: str
) -> None:
    """One question answered with no asks for the reason; with the second review in, the release is returned, or over."""
    study = handed_in
    assert given(study, keys, "officer", *answers, patch=monkeypatch).code == 0
    given(study, keys, "keeper", *["yes"] * 5, patch=monkeypatch)
    assert json.loads(say("release", "show", study, "--json").out)["state"] == state
    back = given(study, keys, "analyst", "no", patch=monkeypatch)
    assert ("say more of table two" in back.out) is (state == "returned")


@pytest.mark.parametrize(
    "answers", [(), ("yes",), ("yes", "yes", "yes", "yes"), ("no",), ("no", "a reason"), ("yes",) * 4 + ("no",)]
)
def test_a_review_that_is_broken_off_enters_nothing(
    handed_in: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: tuple[str, ...]
) -> None:
    """Wherever the answers end, no review is entered but a whole one, and the release waits as before."""
    study = handed_in
    before, count = (study / "releases" / "001" / "state.json").read_bytes(), len(events(study))
    done = given(study, keys, "officer", *answers, patch=monkeypatch)
    assert (done.code, "Nothing was done" in done.out) == (0, True)
    assert (study / "releases" / "001" / "state.json").read_bytes() == before
    assert len(events(study)) == count


def test_a_stranger_and_a_frozen_study_are_refused(
    handed_in: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that the protocol does not name does nothing; while the study is frozen nobody does."""
    study = handed_in
    make_key("stranger", ask=lambda _: "", practice=True, folder=tmp_path / "others")
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n" * 6))
    assert say("next", study, "--with", "stranger", "--keys", tmp_path / "others").code == 3
    assert say("incident", study, "--with", "officer", "--keys", keys, "--what", "A page was lost.").code == 0
    done = given(study, keys, "officer", *["yes"] * 5, patch=monkeypatch)
    assert done.code == 3
    assert "frozen" in done.err
