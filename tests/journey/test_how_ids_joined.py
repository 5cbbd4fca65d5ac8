"""How the ids of children joined, as the custodian sees it in the check."""

from __future__ import annotations

import json
from pathlib import Path

from made_authority import SMALL, practice_study, real_study, say


def test_the_check_says_how_children_were_found(tmp_path: Path) -> None:
    """The summary gives how many children were found, by which id, and at which stage; the table says the same."""
    study = practice_study(tmp_path / "study", SMALL)
    told = say("check", study)
    assert told.code == 0, told.err
    joined = json.loads(say("check", study, "--json").out)["joined"]
    every = joined[0]
    assert every["stage"] == "every child"
    assert every["by"] == "legacy id"
    assert every["joined"] == every["children"] > SMALL.children
    assert {"referral", "assessment", "plan"} <= {one["stage"] for one in joined}
    assert f"Children found in the case system: {every['joined']} of {every['children']}, by legacy id" in told.out


def test_groups_that_fall_behind_are_looked_at(tmp_path: Path) -> None:
    """Where the case system's extract lacks a quarter of the persons, the check says in how many groups that shows, and names no child."""
    made = practice_study(tmp_path / "made", SMALL)
    study = real_study(tmp_path / "study", made / "in")
    persons = study / "in" / "ssd" / "ssd_person.csv"
    head, *rows = persons.read_text(encoding="utf-8").splitlines(keepends=True)
    persons.write_text(head + "".join(row for n, row in enumerate(rows) if n % 4), encoding="utf-8")
    told = say("check", study)
    assert told.code == 0, told.err
    assert "Stages and years of birth in which fewer than nine children in ten" in told.out
    every = json.loads(say("check", study, "--json").out)["joined"][0]
    assert 0.7 < every["joined"] / every["children"] < 0.8
    lost = [row.split(",")[0] for n, row in enumerate(rows) if not n % 4]
    assert not any(child in told.out for child in lost)
