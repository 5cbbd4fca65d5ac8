"""What the rules of the census are asked of, where activity is told by another source than the census itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from made_engine import engine_at_hand

from hearthlink.checks import census_findings
from hearthlink.sources import SourceFiles
from hearthlink.sources.activity.flat import Flat, Kind
from hearthlink.sources.census.flat_rows import flat_tables
from hearthlink.study.checked import as_given, census_asked, with_files
from hearthlink.tables.census import FLAT

EPISODE = {"LAchildID": "1-2", "CINdetailsID": "1", "CINreferralDate": "2024-05-01"}


def flat(source: str, nfa: str | None, others: tuple[str, ...] = ()) -> Flat:
    """A child with one episode, as a source tells of it."""
    cells = {**EPISODE, "ReferralNFA": nfa}
    rows = {"CINdetails": [(1, 3, *(cells.get(name) for name in FLAT["CINdetails"]))]}
    return Flat(flat_tables(rows), source, "first", "", 1, {}, dict.fromkeys(others, ("", 1)))


def codes(source: Kind, nfa: str | None) -> set[str]:
    """The rules that find something."""
    with engine_at_hand() as engine:
        given = as_given(flat(source, nfa), source)
        return {*census_findings(engine, given, reference_date=date(2025, 3, 31)).column("code").to_pylist()}


@pytest.mark.parametrize(("source", "nfa", "fires"), [
    ("cin", "Y", True), ("cin", None, True), ("cin", "true", False), ("ssd", "Y", False), ("ssd", "N", False), ("ssd", "perhaps", True),
    ("ssd", None, False), ("daily_api", "yes", False),
])  # fmt: skip
def test_a_source_is_held_to_its_own_spelling(source: Kind, nfa: str | None, fires: bool) -> None:
    """Yes and no are no fault outside the census, and what a source never tells is not asked for."""
    assert ("8568" in codes(source, nfa)) is fires


@pytest.mark.parametrize(("source", "others", "file"), [
    ("cin", (), "first"), ("ssd", ("episodes", "assessments"), "episodes"), ("daily_api", ("second", "third"), "first or 2 more"),
    ("daily_api", (), "first"), ("cin_csv", ("CIN_details.csv", "Assessments.csv"), "CIN_details.csv"),
])  # fmt: skip
def test_an_episode_is_looked_for_in_the_file_of_its_line(source: Kind, others: tuple[str, ...], file: str) -> None:
    """Each source keeps its episodes in a file of its own way, or in one for all."""
    held = flat(source, None, others)
    with engine_at_hand() as engine:
        places = census_findings(engine, held.tables, reference_date=date(2025, 3, 31))
    named = {row["file"] for row in with_files(places, held).to_pylist() if row["table"] == "CINdetails"}
    assert named == {file}


@pytest.mark.parametrize(("layouts", "tables", "kind"), [
    ("ssd", "ssd_person ssd_cin_episodes", "ssd"), ("ssd", "ssd_cin_episodes", None), ("ssd", "ssd_person", None),
    ("ssd cin", "ssd_person", "cin"), ("shbe", "", None),
])  # fmt: skip
def test_rules_are_asked_where_a_census_lies(tmp_path: Path, layouts: str, tables: str, kind: Kind | None) -> None:
    """Where a database or tables of the council's own tell of activity there is no census to ask."""
    for name in tables.split():
        (tmp_path / f"{name}.csv").write_text("a,b\n", encoding="utf-8")
    assert census_asked(SourceFiles(tmp_path, dict.fromkeys(layouts.split(), (tmp_path,)), ())) == kind
