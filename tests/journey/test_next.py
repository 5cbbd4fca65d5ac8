"""`hearthlink next`: what waits for whom is shown and done in one sitting, nothing is decided without an answer, and nobody does another's."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from made_authority import Done, copy_of, events, say

from hearthlink.cli.options import now
from hearthlink.study import open_study
from hearthlink.study.protocols.protocol import make_key
from hearthlink.study.waiting import Act, waits_for

NAMES = ("analyst", "keeper", "linker", "officer")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with four people's practice keys."""
    folder = tmp_path_factory.mktemp("people")
    for name in NAMES:
        make_key(name, ask=lambda _: "", practice=True, folder=folder)
    return folder


def given(study: Path, keys: Path, name: str, *answers: str, patch: pytest.MonkeyPatch) -> Done:
    """`next` by somebody, with what they type."""
    patch.setattr("sys.stdin", io.StringIO("".join(f"{one}\n" for one in answers)))
    return say("next", study, "--with", name, "--keys", keys)


def begun(practice: Path, keys: Path, folder: Path) -> Path:
    study = copy_of(practice, folder)
    assert say("protocol", "new", study, "--people", ",".join(NAMES), "--keys", keys).code == 0
    return study


@pytest.fixture(scope="module")
def handed_in(practice: Path, keys: Path, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study that went from its protocol to a release that waits for its checkers, by `next` alone. To be copied, never changed."""
    study = begun(practice, keys, tmp_path_factory.mktemp("next") / "study")
    with pytest.MonkeyPatch.context() as patch:
        for name, answers in (
            ("officer", ["yes"]), ("linker", ["yes"]), ("keeper", []), ("linker", []), ("keeper", []), ("analyst", []), ("officer", []),
            ("analyst", ["yes", "yes"]),
        ):  # fmt: skip
            done = given(study, keys, name, *answers, patch=patch)
            assert (done.code, done.err) == (0, ""), (name, done.err)
    return study


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


def test_the_path_ends_in_a_release_that_two_approved(
    handed_in: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each checker sees the page, answers, and approves; the second lets it leave; then nobody is waited for, and it verifies."""
    study = copy_of(handed_in, tmp_path / "study")
    first = given(study, keys, "officer", *["yes"] * 5, patch=monkeypatch)
    assert first.out.index("RELEASE 001") < first.out.index("Is it what the protocol planned")
    assert "approved" not in first.out, "what the first reviewer said is told to nobody"
    assert "Next: keeper" in first.out
    done = given(study, keys, "keeper", *["yes"] * 6, patch=monkeypatch)
    assert (done.code, done.err) == (0, "")
    assert "Nobody is waited for." in done.out
    archive = study / "releases" / "001" / "release-001.zip"
    assert json.loads(say("verify", archive, "--json").out)["holds"] is True
    assert waits_for(open_study(study), now).act is Act.NOTHING
    assert "Nobody is waited for." in given(study, keys, "analyst", patch=monkeypatch).out


def test_the_author_of_a_release_is_not_asked_to_review_it(
    handed_in: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two others are: whoever made it, and whoever is no output checker, is told so; once reviewed, one person is not asked again."""
    study = copy_of(handed_in, tmp_path / "study")
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
    study = copy_of(handed_in, tmp_path / "study")
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
    study = copy_of(handed_in, tmp_path / "study")
    before, count = (study / "releases" / "001" / "state.json").read_bytes(), len(events(study))
    done = given(study, keys, "officer", *answers, patch=monkeypatch)
    assert (done.code, "Nothing was done" in done.out) == (0, True)
    assert (study / "releases" / "001" / "state.json").read_bytes() == before
    assert len(events(study)) == count


def test_a_stranger_and_a_frozen_study_are_refused(
    handed_in: Path, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that the protocol does not name does nothing; while the study is frozen nobody does."""
    study = copy_of(handed_in, tmp_path / "study")
    make_key("stranger", ask=lambda _: "", practice=True, folder=tmp_path / "others")
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n" * 6))
    assert say("next", study, "--with", "stranger", "--keys", tmp_path / "others").code == 3
    assert say("incident", study, "--with", "officer", "--keys", keys, "--what", "A page was lost.").code == 0
    done = given(study, keys, "officer", *["yes"] * 5, patch=monkeypatch)
    assert done.code == 3
    assert "frozen" in done.err
