"""What a refresh says was added, changed and withdrawn, held against what truly was corrected in the practice authority's records."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from made_authority import permit, practice_study, real_study, run_study, table

from hearthlink.synthetic import Settings

BEFORE = Settings(children=300, households=500, months=13, layouts=("cin", "ssd", "cts", "geography"))
CHILDREN, BENEFITS = "children's services", "benefits"


def known_in(study: Path) -> set[str]:
    """The ids of the children and the households that a study keeps."""
    return {
        one
        for about in ("child", "household")
        for one in table(study, f"{about}_identifier").column(f"{about}_id").to_pylist()
    }


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, str]], set[str]]:
    """A study that has received a round of corrections, the truth of them, and the children and households it knew before."""
    folder = tmp_path_factory.mktemp("corrected")
    first = practice_study(folder / "first", BEFORE)
    then = practice_study(folder / "then", replace(BEFORE, refresh=1))
    study = real_study(folder / "study", first / "in")
    permit(study, since=date(1990, 1, 1), until=date(2100, 1, 1))  # every child of the census, whenever referred
    run_study(study, "receive")
    known = known_in(study)
    shutil.rmtree(study / "in")
    shutil.copytree(then / "in", study / "in")
    run_study(study, "receive")
    with (then / "truth" / "changes.csv").open(encoding="utf-8", newline="") as file:
        return study, list(csv.DictReader(file)), known


@pytest.mark.parametrize(
    ("name", "column", "truly"),
    [
        ("child_identifier", "added", lambda row: row == (CHILDREN, "added", "child")),
        ("child_identifier", "withdrawn", lambda row: row == (CHILDREN, "withdrawn", "child")),
        ("child_identifier", "changed", lambda row: row == (CHILDREN, "changed", "name")),
        ("referral", "changed", lambda row: row == (CHILDREN, "changed", "primary need")),
        ("household_identifier", "added", lambda row: row == (BENEFITS, "added", "claim")),
        ("household_identifier", "withdrawn", lambda row: row == (BENEFITS, "withdrawn", "claim")),
        ("award", "changed", lambda row: row == (BENEFITS, "changed", "award")),
    ],
)  # fmt: skip
def test_what_is_counted_is_what_was_corrected(
    corrected: tuple[Path, list[dict[str, str]], set[str]],
    name: str,
    column: str,
    truly: Callable[[tuple[str, str, str]], bool],
) -> None:
    """Each count is the number of children, or of households, that the study keeps and whose records were corrected so."""
    study, changes, known = corrected
    held = known | known_in(study)
    about = {row["record_id"] for row in changes if truly((row["system"], row["what"], row["about"]))}
    about &= held
    (counted,) = [row for row in table(study, "refresh").to_pylist() if row["table"] == name]
    assert about
    assert counted[column] == len(about)
