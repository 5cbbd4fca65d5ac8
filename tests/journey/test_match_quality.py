"""Match quality from files to report: what was lost, for whom, and groups of surnames only where the permission lists them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from made_authority import copy_of, events, run_for, run_study, table

from hearthlink.errors import Refused

GROUPS = ("A to F", "G to M", "N to Z")


@pytest.fixture(scope="module")
def done(practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice study whose permission lists name origin, with every surname of its children in one of three groups, run to its end."""
    study = copy_of(practice, tmp_path_factory.mktemp("quality") / "study")
    run_study(study, "standardise")
    people = table(study, "person")
    names = {
        name
        for name, side in zip(people["surname"].to_pylist(), people["side"].to_pylist(), strict=True)
        if name and side == "child"
    }
    write_groups(
        study, [f"{name},{GROUPS[0 if name[0] < 'G' else 1 if name[0] < 'N' else 2]}" for name in sorted(names)]
    )
    permit(study)
    run_study(study, "report")
    return study


def write_groups(study: Path, lines: Sequence[str]) -> None:
    """A list of names in the study's folder."""
    (study / "names").mkdir(exist_ok=True)
    (study / "names" / "name_groups.csv").write_text("\n".join(["surname,group", *lines]) + "\n", encoding="utf-8")


def permit(study: Path) -> None:
    """Let the permission list name origin."""
    path = study / "study.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("[permission]", "[permission]\nname_origin = true", 1),
        encoding="utf-8",
    )


def test_groups_of_surnames_reach_the_report_where_they_are_permitted(done: Path) -> None:
    """The three groups stand in a table of their own, and no surname crosses the wall."""
    children = table(done, "research_child")
    assert set(children.column("name_group").to_pylist()) <= {*GROUPS, None}
    assert "surname" not in children.column_names
    page = (done / "out" / "report.html").read_text(encoding="utf-8")
    assert all(group in page for group in GROUPS)
    assert "Group of the surname" in page


def test_the_list_of_names_is_not_opened_where_the_permission_does_not_list_it(practice: Path, tmp_path: Path) -> None:
    """A list of seven groups stops a study that asks for it, is refused, and troubles nothing where nobody asks."""
    study = copy_of(practice, tmp_path / "study")
    write_groups(study, [f"{letter},{letter}" for letter in "ABCDEFG"])
    run_for(study, "evaluate")
    assert set(table(study, "link_quality").column("name_group").to_pylist()) == {None}
    assert not any("names" in str(event.get("counts")) for event in events(study))
    permit(study)
    with pytest.raises(Refused, match="has 7 groups"):
        run_for(study, "evaluate")


def test_what_was_lost_and_the_account_stand_in_the_report(done: Path) -> None:
    """The practice truth says that few were lost before weighing; the account has each item and marks what a person must write."""
    page = (done / "out" / "report.html").read_text(encoding="utf-8")
    for words in (
        "Matches lost before weighing",
        "Can the chances be believed?",
        "RECORD 12.3",
        "GUILD 2",
        "A person must write this.",
    ):
        assert words in page, words
    rows = {(row["basis"], row["measure"], row["level"]): row for row in table(done, "link_summary").to_pylist()}
    assert rows["truth", "compared", "household"]["value"] > 0.98
    assert rows["truth", "calibration_error", "answer"]["value"] < 0.02
    lost = {row["measure"]: row for row in table(done, "blocking_summary").to_pylist()}
    assert lost["searched"]["value"] > 0
    assert lost["lost"]["value"] < 0.02
