"""Published figures to compare with: each keeps its source and its year, and a council's own come first."""

from __future__ import annotations

from pathlib import Path

import pytest

from hearthlink.errors import DataProblem
from hearthlink.sources.geography.comparators import read_comparators
from hearthlink.tables.record import COMPARATOR


def test_every_figure_that_comes_along_has_a_source_and_a_year() -> None:
    """Nothing is compared with a figure from nowhere: the shipped ones are of a known table, with who published them and what year they are of."""
    table, tallies = read_comparators(None)
    assert tallies == ()
    assert table.schema.equals(COMPARATOR.schema)
    rows = table.to_pylist()
    assert {row["measure"] for row in rows} == {"low_income_children", "poverty_line"}
    assert all(len(row["source"]) > 20 and row["year"][:2] == "20" for row in rows)
    assert all(0 < row["value"] < 1 for row in rows if row["unit"] == "share")


def test_a_figure_of_the_councils_own_takes_the_place_of_ours(tmp_path: Path) -> None:
    """The same measure of the same area, year and definition is there once, and it is the council's."""
    ours, _ = read_comparators(None)
    (tmp_path / "children_in_low_income_families.csv").write_text(
        "Area code,Period,Age from,Age to,Definition,Housing costs,Share,Publication\n"
        "K02000001,2019-20,0,15,Relative,BHC,0.5,Somebody else\nE09000001,2019-20,0,15,relative,AHC,0.4,The council\n"
    )
    both, (counted,) = read_comparators(tmp_path)
    own = [row for row in both.to_pylist() if row["source"] in {"Somebody else", "The council"}]
    assert [(row["area"], row["value"], row["housing_costs"]) for row in own] == [
        ("E09000001", 0.4, "after"),
        ("K02000001", 0.5, "before"),
    ]
    assert (both.num_rows, counted.rows_in, counted.rows_kept) == (ours.num_rows + 1, 2, 2)


def test_the_estimates_of_the_office_for_national_statistics_are_read_as_they_come(tmp_path: Path) -> None:
    """A row for each area, sex and age and a column for each year become one figure for each area, age and year, both sexes together."""
    (tmp_path / "population.csv").write_text(
        "ladcode21,laname21,country,sex,age,population_2019,population_2020\n"
        "E09000001,A,E,1,0,10,11\nE09000001,A,E,2,0,20,22\nE09000001,A,E,1,1,5,\nE09000001,A,E,2,x,1,1\n"
    )
    table, _ = read_comparators(tmp_path)
    people = [row for row in table.to_pylist() if row["measure"] == "population"]
    assert [(row["year"], row["age_from"], row["age_to"], row["value"]) for row in people] == [
        ("2019", 0, 0, 30.0),
        ("2019", 1, 1, 5.0),
        ("2020", 0, 0, 33.0),
    ]


def test_a_line_in_pounds_is_kept_in_pence(tmp_path: Path) -> None:
    """Poverty lines are given in pounds a week, and kept as whole pence."""
    (tmp_path / "poverty_line.csv").write_text(
        "area,year,definition,housing_costs,pounds,source\nK02000001,2030,relative,after,301.50,A publication\n"
    )
    table, _ = read_comparators(tmp_path)
    (line,) = (row for row in table.to_pylist() if row["year"] == "2030")
    assert (line["value"], line["unit"]) == (30_150.0, "pence a week")


def test_a_figure_without_a_source_is_set_aside(tmp_path: Path) -> None:
    """A row that does not say who published it is counted and not used; a file without the column is refused."""
    (tmp_path / "population.csv").write_text("area,year,age,people,source\nE09000001,2019,3,50,\n")
    _, (counted,) = read_comparators(tmp_path)
    assert (counted.rows_kept, counted.refused["no source"]) == (0, 1)
    (tmp_path / "population.csv").write_text("area,year,age,people\nE09000001,2019,3,50\n")
    with pytest.raises(DataProblem, match="source"):
        read_comparators(tmp_path)
