"""Where a study stands, and why a step is to be done again: in words, with nothing opened."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from made_authority import copy_of, say

from hearthlink.study import STEPS, open_study, standing
from hearthlink.study.standing import WORDS

NAMES = [step.name for step in STEPS]


def edited(name: str, old: str, new: str) -> Callable[[Path], None]:
    """A file of the study with other words in it."""

    def edit(study: Path) -> None:
        path = study / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return edit


def objected(study: Path) -> None:
    (study / "objections.csv").write_text("about,person_id\nchild,AAA\n", encoding="utf-8")


def table_gone(study: Path) -> None:
    next((study / "rooms" / "identity").glob("link.*")).unlink()


def index_of_before(study: Path) -> None:
    """An index as an earlier version wrote it, without the parts."""
    path = study / "rooms" / "index.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    for one in said.values():
        one.pop("because", None)
        one["fingerprint"] = "of another version"
    path.write_text(json.dumps(said), encoding="utf-8")


CHANGED: Mapping[str, tuple[Callable[[Path], None], str, str]] = {
    "a name": (edited("study.toml", 'name = "real"', 'name = "another"'), "report", "name in study.toml has changed"),
    "the plan": (edited("analysis.toml", '["age"]', '["ethnic_group"]'), "answer", WORDS["plan"]),
    "an objection": (objected, "receive", WORDS["objections"]),
    "a table gone": (table_gone, "link", WORDS["missing"]),
    "another version": (index_of_before, "receive", WORDS["program"]),
}


@pytest.mark.parametrize("case", CHANGED)
def test_status_says_why_a_step_is_to_be_done_again(real: Path, tmp_path: Path, case: str) -> None:
    """The first step says what has changed; those after it that they follow it, or what has changed for them besides."""
    study = copy_of(real, tmp_path / "study")
    change, first, words = CHANGED[case]
    change(study)
    rows = standing(open_study(study))
    undone = [row for row in rows if not row.done]
    assert [row.step for row in undone] == NAMES[NAMES.index(first) :]
    assert words in undone[0].why
    assert all(row.why for row in undone)
    assert not any(row.why for row in rows if row.done)
    assert words in say("status", study).out


def test_a_study_that_was_never_run_says_so_once(practice: Path, tmp_path: Path) -> None:
    """Before the first run the first step was not done yet, and each other follows it."""
    rows = standing(open_study(copy_of(practice, tmp_path / "study")))
    assert [row.why for row in rows] == [WORDS["never"], *["it follows receive"] * (len(STEPS) - 1)]


def test_what_is_kept_of_a_list_of_objections_does_not_tell_whom_it_names(real: Path, tmp_path: Path) -> None:
    """The index has a hash of each part but the list's: of a list of one child a hash would tell which."""
    study = copy_of(real, tmp_path / "study")
    objected(study)
    kept = json.loads((study / "rooms" / "index.json").read_text(encoding="utf-8"))
    assert set(kept["receive"]["because"]) >= {"program", "setting year", "columns"}
    assert not [name for one in kept.values() for name in one.get("because", {}) if "objection" in name.split(" ")[0]]
