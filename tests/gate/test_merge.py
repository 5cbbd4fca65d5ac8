"""What to count as one: told to the output checker by a command of its own, and left nowhere."""

from __future__ import annotations

import json
from pathlib import Path

from made_authority import copy_of, events, say

from hearthlink.study.merging import INSIDE


def files_of(study: Path) -> dict[str, bytes]:
    """Every file of a study but its ledger."""
    return {
        path.relative_to(study).as_posix(): path.read_bytes()
        for path in sorted(study.rglob("*"))
        if path.is_file() and path.name != "ledger.jsonl"
    }


def test_advice_is_given_by_itself_and_nothing_of_it_is_kept(real: Path, tmp_path: Path) -> None:
    """The command says for whom its words are, changes no file but the ledger, and the ledger counts topics and names none."""
    study = copy_of(real, tmp_path / "study")
    before = files_of(study)
    done = say("merge", study, "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told["for"] == INSIDE
    assert told["topics"], "of sixty children some figure is held back that a larger group would show"
    assert files_of(study) == before
    last = events(study)[-1]
    assert (last["step"], last["role"], last["counts"]) == ("merge", "output checker", {"topics": len(told["topics"])})
    words = say("merge", study).out
    assert words.startswith(INSIDE)
    assert all(group in words for topic in told["topics"] for names in topic["joined"] for group in names)


def test_nothing_that_leaves_says_which_groups_are_small(real: Path) -> None:
    """No file for release has the advice: its words are the output checker's alone."""
    left = [path for path in (real / "out").rglob("*") if path.suffix in {".html", ".csv", ".json"}]
    assert left
    assert not any(b"count as one" in path.read_bytes() for path in left)
