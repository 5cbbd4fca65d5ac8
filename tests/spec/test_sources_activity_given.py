"""Activity by mapping: whatever words a supplier has for referrals and what followed, what is read is what the census says."""

from __future__ import annotations

import csv
import sqlite3
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from made_activity import Grid, grids, mapping
from made_extracts import write
from made_workbooks import made_xlsx

from hearthlink.errors import DataProblem
from hearthlink.sources.activity.census import Census, census_of, read_census, read_xml
from hearthlink.sources.activity.flat import TABLES, read_flat
from hearthlink.sources.database.connection import open_query
from hearthlink.sources.database.settings import Database
from hearthlink.sources.intake.activity import ACTIVITY_TABLES, ELEMENTS
from hearthlink.sources.mapping.layout_tables import table_to_fill
from hearthlink.sources.mapping.mapped import no_database, read_given
from hearthlink.sources.reading.files import Given, SourceFiles, source_files
from hearthlink.sources.reading.text_columns import Tabular
from hearthlink.sources.reading.years import census_year
from hearthlink.synthetic.settings import Settings
from hearthlink.synthetic.synthesise import wards
from hearthlink.synthetic.writing.formats import LAYOUTS
from hearthlink.tables.census import FLAT

YEAR = census_year("2019-20")
PARTS = ("child", "referral", "assessment", "section47", "protection_plan")


def practice(folder: Path, layout: str) -> Path:
    """The files of one layout of a small practice authority."""
    asked = Settings(children=150, households=300, months=13, year=YEAR.text, error_scale=1)
    form = next(form for form in LAYOUTS if form.name == layout)
    files = dict(form.begin(asked))
    for ward in wards(asked):
        for name, part in form.part(ward, asked).items():
            files[name] += part.body
    for name, text in form.end(asked, {}).items():
        files[name] += text
    write(folder, files)
    return folder / "in"


@cache
def told() -> tuple[Census, dict[str, Grid]]:
    """A census read from its XML, and the same in a supplier's words."""
    with TemporaryDirectory() as made:
        (path,) = practice(Path(made), "cin").glob("*.xml")
        return read_xml(path, YEAR), grids(read_flat([path], "cin").tables)


def of_workbook(folder: Path) -> tuple[SourceFiles, list[Given]]:
    """The supplier's workbook with a sheet for each table, and the mapping beside it."""
    _, held = told()
    folder.mkdir(exist_ok=True)
    (folder / "case.xlsx").write_bytes(made_xlsx(dict(held)))
    (folder / "case.toml").write_text(mapping(held, workbook=True), encoding="utf-8")
    given = [Given(table, folder / "case.xlsx", mapping=folder / "case.toml") for table in held]
    return SourceFiles(folder, {}, tuple(given)), given


def require_same(made: Census, wanted: Census) -> None:
    for name in PARTS:
        assert getattr(made, name).equals(getattr(wanted, name)), name


def test_a_mapped_workbook_gives_the_census_row_for_row(tmp_path: Path) -> None:
    """Children, referrals, needs, assessments, factors, enquiries, plans: a supplier's workbook gives what the XML of the same authority gives."""
    wanted, held = told()
    assert {"cin_child", "referral", "assessment", "assessment_factor", "section47", "protection_plan"} <= set(held)
    files, given = of_workbook(tmp_path)
    made = read_census(files, YEAR, read_given(given, no_database))
    require_same(made, wanted)
    assert made.tally.source == "activity"
    assert made.tally.file == "case.xlsx, cin_child"
    assert {one.file for one in made.others} == {f"case.xlsx, {table}" for table in held if table != "cin_child"}


def test_queries_give_the_census_row_for_row(tmp_path: Path) -> None:
    """The same tables out of a database, by a query each, give the same; each is named by its database and its table."""
    wanted, held = told()
    with sqlite3.connect(tmp_path / "case.db") as made:
        for table, (headers, *rows) in held.items():
            made.execute(f"create table {table} ({', '.join(f'[{h}]' for h in headers)})")
            made.executemany(f"insert into {table} values ({', '.join('?' * len(headers))})", rows)
    made.close()
    (tmp_path / "case.toml").write_text(mapping(held), encoding="utf-8")
    given = [
        Given(
            table, database="case", mapping=tmp_path / "case.toml",
            query=f"SELECT {', '.join(f'[{h}]' for h in grid[0])} FROM {table}",
        )
        for table, grid in held.items()
    ]  # fmt: skip

    def opened(name: str, query: str, source: str) -> Tabular:
        return open_query(Database(name, "sqlite:///case.db", folder=tmp_path), query, source)

    read = read_census(SourceFiles(tmp_path, {}, tuple(given)), YEAR, read_given(given, opened))
    require_same(read, wanted)
    assert read.tally.file == "database case, cin_child"


def test_the_flat_census_needs_no_mapping(tmp_path: Path) -> None:
    """Tables whose columns go by the census's own names are read as they are, wherever they lie."""
    folder = practice(tmp_path, "flat") / "cin_csv"
    asked = [
        Given(table, path)
        for table, (name, _) in ELEMENTS.items()
        if (path := folder / f"{name}.csv").is_file() and path.read_text(encoding="utf-8").count("\n") > 1
    ]
    made = read_census(SourceFiles(tmp_path, {}, tuple(asked)), YEAR, read_given(asked, no_database))
    require_same(made, census_of(read_flat([folder], "cin_csv"), YEAR))


def test_the_dataset_s_tables_may_be_given(tmp_path: Path) -> None:
    """The safeguarding dataset's tables, named one by one, tell what their folder tells."""
    folder = practice(tmp_path / "made", "ssd") / "ssd"
    asked = [Given(name, path) for name in sorted(TABLES) if (path := folder / f"{name}.csv").is_file()]
    assert len(asked) >= 8
    (tmp_path / "in" / "cts").mkdir(parents=True)
    (tmp_path / "in" / "cts" / "person_period.csv").write_text("never opened", encoding="utf-8")
    files = source_files(tmp_path / "in", asked)
    made = read_census(files, YEAR, read_given(asked, no_database))
    require_same(made, census_of(read_flat([folder], "ssd"), YEAR))


def test_every_block_of_the_census_can_be_filled() -> None:
    """Each flat table but the header has a table to fill, plans of children in need with the spells of care; each asks whose child it is."""
    filled = {ELEMENTS[table.name][0] for table in ACTIVITY_TABLES}
    assert filled | {"Header", "CINplanDates", "Reviews"} >= set(FLAT)
    assert table_to_fill("cin_plan") is not None
    for name, (flat, elements) in ELEMENTS.items():
        table = table_to_fill(name)
        assert table is not None
        assert set(elements) <= set(table.names)
        assert set(elements.values()) - {"AssessmentFactor"} <= set(FLAT[flat])
        assert table.column("child_id").required or name in {"assessment_factor", "protection_review"}


# --- what stands together by less than an id ---------------------------------------------------------------------


def little(folder: Path, **tables: Grid) -> Census:
    """A census of a few rows, by the names of our own columns."""
    held: dict[str, Grid] = {
        "cin_child": [["child_id", "birth_date"], ["C1", "01/02/2010"], ["C2", "01/02/2011"]],
        "referral": [
            ["child_id", "referral_id", "referral_date", "primary_need"],
            ["C1", "R1", "02/04/2019", "N1 - Abuse or neglect"], ["C1", "R2", "01/09/2019", "n5"], ["C2", "R3", "01/06/2019", ""],
        ],
        **tables,
    }  # fmt: skip
    for table, grid in held.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(grid)
    given = [Given(table, folder / f"{table}.csv") for table in held]
    return read_census(SourceFiles(folder, {}, tuple(given)), YEAR, read_given(given, no_database))


def days(table: pa.Table, name: str = "start_day") -> list[tuple[str, int, date]]:
    start = table.column(name).cast(pa.date32())
    return list(
        zip(
            table.column("child_id").to_pylist(),
            table.column("referral_no").to_pylist(),
            start.to_pylist(),
            strict=True,
        )
    )


def test_a_row_that_names_no_referral_is_of_the_latest_begun_by_then(tmp_path: Path) -> None:
    """An assessment without a referral's id belongs to its child's latest referral before it, one before all of them to the first."""
    made = little(
        tmp_path,
        assessment=[
            ["child_id", "assessment_id", "assessment_start_date", "assessment_end_date"],
            ["C1", "A1", "10/09/2019", ""], ["C1", "A2", "03/05/2019", "01/06/2019"], ["C1", "A3", "01/04/2019", ""], ["C2", "A4", "02/06/2019", ""],
        ],
    )  # fmt: skip
    assert days(made.assessment) == [
        ("C1", 1, date(2019, 4, 1)), ("C1", 1, date(2019, 5, 3)), ("C1", 2, date(2019, 9, 10)), ("C2", 1, date(2019, 6, 2)),
    ]  # fmt: skip
    assert sum(rows for words, rows in made.tally.notes.items() if "latest begun by then" in words) == 3


def test_a_factor_and_a_review_may_name_what_they_belong_to_alone(tmp_path: Path) -> None:
    """A factor that names its assessment, in a row of its own or several in a cell, needs neither child nor referral."""
    made = little(
        tmp_path,
        assessment=[
            ["child_id", "referral_id", "assessment_id", "assessment_start_date", "assessment_end_date"],
            ["C1", "R2", "A1", "10/09/2019", "01/10/2019"], ["C2", "R3", "A4", "02/06/2019", "01/07/2019"],
        ],
        assessment_factor=[["assessment_id", "factor"], ["A4", "3B"], ["A4", "['4B', '1A']"], ["A1", "2B"], ["A9", "2B"]],
    )  # fmt: skip
    assert made.assessment.column("factors").to_pylist() == [["2B"], ["1A", "3B", "4B"]]
    assert made.tally.notes["assessment_factor: of no assessment or plan that is there, left out"] == 1


def test_ethnicity_disability_and_factors_may_stand_in_a_wider_table(tmp_path: Path) -> None:
    """A child's ethnicity and disabilities may be columns of the children, and factors a column of the assessments."""
    made = little(
        tmp_path,
        cin_child=[
            ["child_id", "date_of_birth", "gender", "ethnicity", "disability"],
            ["C1", "01/02/2010", "Male", "WBRI", "MOB, HAND"],
            ["C2", "01/02/2011", "2", "", "NONE"],
        ],
        assessment=[
            ["child_id", "assessment_start_date", "assessment_end_date", "factors"],
            ["C2", "02/06/2019", "01/07/2019", "3B;4B"],
        ],
    )
    assert made.child.select(["sex", "ethnicity", "disabled"]).to_pylist() == [
        {"sex": "M", "ethnicity": "WBRI", "disabled": True},
        {"sex": "F", "ethnicity": None, "disabled": False},
    ]
    assert made.assessment.column("factors").to_pylist() == [["3B", "4B"]]


def test_years_besides_are_left_out(tmp_path: Path) -> None:
    """A case system's table holds every year: a referral closed before the year or made after it is left out and counted."""
    made = little(
        tmp_path,
        referral=[
            ["child_id", "referral_id", "referral_date", "closure_date"],
            ["C1", "R0", "01/02/2018", "01/03/2018"], ["C1", "R1", "02/04/2019", "01/06/2020"], ["C2", "R3", "01/06/2019", ""],
            ["C2", "R4", "01/06/2020", ""],
        ],
    )  # fmt: skip
    assert days(made.referral, "referral_day") == [("C1", 1, date(2019, 4, 2)), ("C2", 1, date(2019, 6, 1))]
    assert made.referral.column("closure_day").null_count == 2
    assert made.tally.notes["episodes that were not open in the year, left out"] == 2


@pytest.mark.parametrize(("named", "lacking"), [("referral", "cin_child"), ("cin_child", "referral")])
def test_what_activity_cannot_do_without_is_asked_for(tmp_path: Path, named: str, lacking: str) -> None:
    """Referrals without children, or children without referrals, are told by the name of the table that is lacking."""
    (tmp_path / "x.csv").write_text("child_id,referral_date,birth_date\nC1,2019-06-01,2010-01-01\n", encoding="utf-8")
    given = [Given(named, tmp_path / "x.csv")]
    with pytest.raises(DataProblem, match=f"fills {lacking}"):
        census_of(read_flat([], "given", read_given(given, no_database)), YEAR)


@pytest.mark.parametrize(("named", "words"), [("assessment", "fills cin_child"), ("ssd_cp_plans", "not found")])
def test_no_table_that_is_named_is_passed_over(tmp_path: Path, named: str, words: str) -> None:
    """One table of activity alone, beside a census, is not left unread in silence: it is said what it wants for company."""
    folder = practice(tmp_path, "cin")
    files = SourceFiles(folder, {"cin": tuple(folder.glob("*.xml"))}, (Given(named, tmp_path / "x.csv"),))
    with pytest.raises(DataProblem, match=words):
        read_census(files, YEAR, {})


def test_what_is_wrong_is_told_by_file_line_and_column(tmp_path: Path) -> None:
    """A mapped column that is not there, and dates none of which is understood, are told by file, line and column, and no value is quoted."""
    files, given = of_workbook(tmp_path)
    text = (tmp_path / "case.toml").read_text(encoding="utf-8")
    (tmp_path / "case.toml").write_text(text.replace("REF referral date X", "REF referral day X"), encoding="utf-8")
    with pytest.raises(DataProblem) as problem:
        read_given(given, no_database)
    assert (problem.value.file, problem.value.line, problem.value.column) == ("case.xlsx", 1, "REF referral day X")
    assert 'closest header is "REF referral date X"' in str(problem.value)
    canary = [["child_id", "referral_date"], *([f"C{n}", "CANARY 01-04-19"] for n in range(30))]
    with pytest.raises(DataProblem) as problem:
        little(tmp_path, referral=canary)
    assert (problem.value.file, problem.value.column) == ("referral.csv", "referral_date")
    assert "CANARY" not in str(problem.value)
    assert files.given == tuple(given)
