"""Practice permission is good for made-up files alone: for whatever synthesise would not make again, it is refused."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from made_authority import copy_of, events, run_for, run_study, say

from hearthlink.study.practice import _memory


def replaced(pattern: str, words: str) -> Callable[[Path], None]:
    def change(study: Path) -> None:
        path = study / "study.toml"
        text, count = re.subn(pattern, words, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert count == 1
        path.write_text(text, encoding="utf-8")

    return change


def one_letter(study: Path) -> None:
    path = study / "in" / "ssd" / "ssd_person.csv"
    content = bytearray(path.read_bytes())
    content[-10] ^= 1
    path.write_bytes(content)


def another_file(study: Path) -> None:
    shutil.copy(study / "in" / "cts" / "household_period.csv", study / "in" / "cts" / "person_period.csv")


def extra_file(study: Path) -> None:
    (study / "in" / "shbe" / "SHBE_201712.txt").write_text("H|\n", encoding="utf-8")


def hidden_file(study: Path) -> None:
    (study / "in" / ".real").write_text("anything", encoding="utf-8")


def missing_file(study: Path) -> None:
    (study / "in" / "ssd" / "related_adults.csv").unlink()


def no_file(study: Path) -> None:
    shutil.rmtree(study / "in")


def other_truth(study: Path) -> None:
    with (study / "truth" / "members.csv").open("a", encoding="utf-8") as file:
        file.write("anything\n")


def half_the_truth(study: Path) -> None:
    (study / "truth" / "members.csv").unlink()


SPOILT: dict[str, tuple[Callable[[Path], None], str]] = {
    "a changed letter": (one_letter, "in/ssd/ssd_person.csv"),
    "a replaced file": (another_file, "in/cts/person_period.csv"),
    "an extra file": (extra_file, "in/shbe/SHBE_201712.txt"),
    "a hidden file": (hidden_file, "in/.real"),
    "a missing file": (missing_file, "in/ssd/related_adults.csv"),
    "no file": (no_file, "in/"),
    "another truth": (other_truth, "truth/members.csv"),
    "half the truth": (half_the_truth, "truth/members.csv"),
    "another seed": (replaced(r"^seed = 1$", "seed = 2"), "in/"),
    "another size": (replaced(r"^children = 60$", "children = 61"), "in/"),
    "another year": (replaced(r'^year = "2019-20"$', 'year = "2018-19"'), "in/"),
    "another version": (replaced(r'^version = ".*"$', 'version = "0"'), "practice.version"),
}


@pytest.mark.parametrize("case", SPOILT)
def test_practice_permission_refuses_what_synthesise_would_not_make(tmp_path: Path, practice: Path, case: str) -> None:
    """Each way in which files are not the stated practice files ends with 3, names the file, and is entered in the ledger."""
    study = copy_of(practice, tmp_path / "study")
    spoil, names = SPOILT[case]
    spoil(study)
    done = say("run", study, "--quiet")
    assert (done.code, done.out) == (3, "")
    assert names in done.err
    assert events(study)[-1]["event"] == "refused"
    assert not (study / "out").exists()


def test_practice_files_are_known_again_where_nothing_is_remembered(
    tmp_path: Path, practice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On another machine, which has never seen them, the files are made again, found the same, and let by."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "new home"))
    study = copy_of(practice, tmp_path / "study")
    run_study(study, "check")
    assert events(study)[-1]["event"] == "run finished"
    assert len(list(_memory().iterdir())) == 2


def test_what_is_remembered_is_of_these_files_alone(tmp_path: Path, practice: Path) -> None:
    """Having been let by once, a study is refused as soon as one of its files changes."""
    study = copy_of(practice, tmp_path / "study")
    run_study(study, "receive")
    one_letter(study)
    assert say("receive", study).code == 3


def test_the_truth_may_be_missing(tmp_path: Path, practice: Path) -> None:
    """A practice study with no truth at all runs, as a real one does."""
    study = copy_of(practice, tmp_path / "study")
    shutil.rmtree(study / "truth")
    run_for(study, "evaluate")
    assert events(study)[-1]["event"] == "run finished"


def test_practice_permission_still_needs_every_line(tmp_path: Path, practice: Path) -> None:
    """A [practice] section stands beside the permission and not in its place."""
    study = copy_of(practice, tmp_path / "study")
    replaced(r'^ethics = ".*"$', 'ethics = ""')(study)
    done = say("run", study)
    assert done.code == 3
    assert "permission.ethics" in done.err
