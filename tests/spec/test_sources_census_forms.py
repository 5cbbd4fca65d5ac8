"""The census in every form it comes in, and the stages beside it: each form tells the same, and each is written by the practice authority."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from made_extracts import table, write

from hearthlink.errors import DataProblem
from hearthlink.sources.activity.annex_a import read_annex_a
from hearthlink.sources.activity.census import Census, census_of, read_census, read_xml
from hearthlink.sources.activity.flat import read_flat
from hearthlink.sources.activity.ssda903 import read_ssda903
from hearthlink.sources.activity.stages import read_stages
from hearthlink.sources.intake.spells import Spells
from hearthlink.sources.reading.files import SourceFiles
from hearthlink.sources.reading.years import census_year
from hearthlink.synthetic.settings import Settings
from hearthlink.synthetic.synthesise import wards
from hearthlink.synthetic.world import Ward
from hearthlink.synthetic.writing.formats import LAYOUTS
from hearthlink.synthetic.writing.workbook import Cell, write_workbook
from hearthlink.tables.census import COLUMNS_SAY, FLAT, TABLES_SAY, WHERE

TABLES = ("child", "referral", "assessment", "section47", "protection_plan", "cin_plan")
FIRST, LAST = 2016, 2026


def settings(first: int) -> Settings:
    return Settings(children=60, households=150, months=13, year=f"{first}-{(first + 1) % 100:02}", error_scale=0)


@cache
def authority(first: int) -> tuple[Ward, ...]:
    return tuple(wards(settings(first)))


def written(folder: Path, layout: str, first: int) -> Path:
    """The files of one layout, as the practice authority of a year writes them."""
    asked, form = settings(first), next(form for form in LAYOUTS if form.name == layout)
    files = dict(form.begin(asked))
    for ward in authority(first):
        for name, part in form.part(ward, asked).items():
            files[name] += part.body
    for name, text in form.end(asked, {}).items():
        files[name] += text
    write(folder, files)
    if form.finish is not None:
        form.finish(folder, asked)
    return folder / "in"


def same(one: Census, two: Census) -> bool:
    return all(getattr(one, name).equals(getattr(two, name)) for name in TABLES)


def test_every_table_and_column_of_the_flat_census_has_a_sentence() -> None:
    """Whoever checks a census can read what each table and column is."""
    assert set(TABLES_SAY) == set(FLAT)
    assert set(COLUMNS_SAY) == {*WHERE, *(name for columns in FLAT.values() for name in columns)}


@pytest.mark.parametrize("first", range(FIRST, LAST + 1))
def test_a_census_of_any_year_is_read_whole(tmp_path: Path, first: int) -> None:
    """Of every year from 2016-17 to 2026-27 nothing is unknown, no value is outside its code set, and XML and flat tables tell the same."""
    year = census_year(settings(first).year)
    xml = read_xml(next(written(tmp_path, "cin", first).glob("*.xml")), year)
    flat = census_of(read_flat([written(tmp_path, "flat", first) / "cin_csv"], "cin_csv"), year)
    assert same(xml, flat)
    assert {note: rows for note, rows in xml.tally.notes.items() if rows} == {}
    assert bool(xml.cin_plan.num_rows) == (first >= 2021)


def test_codes_and_elements_are_those_of_their_year(tmp_path: Path) -> None:
    """What a year added is in its census and in none before: split factors, plans, early help, Sex, pre-proceedings."""
    held = {
        first: next(written(tmp_path / str(first), "cin", first).glob("*.xml")).read_text()
        for first in range(FIRST, LAST + 1)
    }
    for mark, since in (
        (">18C<", 2020), ("<CINPlanDates>", 2021), (">24A<", 2021), (">5D<", 2022), (">RC9<", 2022), ("<Sex>", 2024),
        ("<PreProceedingsandFGDM>", 2026),
    ):  # fmt: skip
        assert {first for first, text in held.items() if mark in text} <= set(range(since, LAST + 1)), mark
        assert any(mark in text for text in held.values()), mark
    assert {first for first, text in held.items() if "<GenderCurrent>" in text} == set(range(FIRST, 2024))


@pytest.mark.parametrize(("first", "asked"), [(2019, "2020-21"), (2024, "2023-24")])
def test_a_census_of_another_year_is_refused_in_every_form(tmp_path: Path, first: int, asked: str) -> None:
    """XML and flat tables of another year are refused with a sentence that says which year they are of."""
    folder = written(tmp_path, "cin", first)
    written(tmp_path, "flat", first)
    for read in (
        lambda: read_xml(next(folder.glob("*.xml")), census_year(asked)),
        lambda: census_of(read_flat([folder / "cin_csv"], "cin_csv"), census_year(asked)),
    ):
        with pytest.raises(DataProblem, match=f"is of {settings(first).year}, but the study is of {asked}"):
            read()


def test_the_year_is_told_by_the_dates_where_there_is_no_header(tmp_path: Path) -> None:
    """Without a header the dates of the episodes tell the year: it is checked all the same."""
    path = next(written(tmp_path, "cin", 2019).glob("*.xml"))
    text = path.read_text()
    path.write_text(text[: text.index("  <Header>")] + text[text.index("  <Children>") :])
    assert "told by the dates" in " ".join(read_xml(path, census_year("2019-20")).tally.notes)
    with pytest.raises(DataProblem, match="is of 2019-20, by the dates of its episodes"):
        read_xml(path, census_year("2020-21"))


def test_flat_tables_may_lie_in_a_workbook(tmp_path: Path) -> None:
    """A sheet for each table reads as a file for each, whatever the case of its name, with dates that are a spreadsheet's own."""
    folder = written(tmp_path, "flat", 2021) / "cin_csv"
    wanted = census_of(read_flat([folder], "cin_csv"), census_year("2021-22"))
    sheets: dict[str, list[list[Cell]]] = {}
    for path in sorted(folder.iterdir()):
        with path.open(newline="") as opened:
            sheets[path.stem.upper()] = [[_dated(cell) for cell in row] for row in csv.reader(opened)]
        path.unlink()
    write_workbook(folder / "census.xlsx", sheets)
    assert same(census_of(read_flat([folder], "cin_csv"), census_year("2021-22")), wanted)


def _dated(cell: str) -> Cell:
    parts = cell.split("/")
    return date(*map(int, parts[::-1])) if len(parts) == 3 and all(part.isdigit() for part in parts) else cell


def flat_folder(folder: Path, **tables: tuple[str, Iterable[tuple[str, ...]]]) -> Path:
    held = {
        "ChildIdentifiers": ("LAchildID PersonBirthDate Sex", [("C1", "03/05/2012", "F"), ("C2", "", "M")])
    } | tables
    return write(folder, {f"{name}.csv": table(headers, rows) for name, (headers, rows) in held.items()})


def test_ordinals_are_counted_anew_however_the_tool_counts(tmp_path: Path) -> None:
    """Ordinals that run on through the file, lists of factors in one cell, labels and lower case all come out as one form."""
    folder = flat_folder(
        tmp_path,
        CINdetails=("LAchildID CINdetailsID CINreferralDate PrimaryNeedCode ReferralSource", [
            ("C1", "901", "10/06/2019", "N1 - Abuse or neglect", "4.0"), ("C2", "902", "2019-07-01", "n5", "1a"), ("C2", "903", "02/09/2019", "", ""),
        ]),
        Assessments=("LAchildID CINdetailsID AssessmentActualStartDate AssessmentAuthorisationDate AssessmentFactors", [
            ("C1", "901", "11/06/2019", "01/07/2019", "['3B', '4B']"), ("C2", "903", "03/09/2019", "01/10/2019", "2b"), ("C2", "903", "03/09/2019", "01/10/2019", "16A"),
        ]),
        ChildProtectionPlans=("LAchildID CINdetailsID CPPID CPPstartDate", [("C2", "903", "77", "05/10/2019")]),
        Reviews=("LAchildID CINdetailsID CPPID CPPreviewDate", [("C2", "903", "77", "05/01/2020")]),
        Disabilities=("LAchildID Disability", [("C1", "None"), ("", "MOB"), ("C9", "LD")]),
    )  # fmt: skip
    flat = read_flat([folder], "cin_csv")
    assert flat.tables["CINdetails"].column("CINdetailsID").to_pylist() == ["1", "1", "2"]
    assert flat.tables["Reviews"].column("CPPID").to_pylist() == ["1"]
    assert flat.tables["CINdetails"].column("line").to_pylist() == [2, 3, 4]
    made = census_of(flat, census_year("2019-20"))
    assert made.assessment.column("factors").to_pylist() == [["3B", "4B"], ["16A", "2B"]]
    assert made.referral.column("source").to_pylist() == ["4", "1A", None]
    assert made.referral.column("primary_need").to_pylist() == ["N1", "N5", None]
    assert made.child.column("child_id").to_pylist() == ["C1", "C2", "C9"]
    assert made.child.column("disabled").to_pylist() == [False, None, True]
    assert flat.notes["Disabilities: a row without a child id, left out"] == 1


def test_a_flat_table_that_cannot_be_told_is_refused(tmp_path: Path) -> None:
    """A column that stands there twice, and a table that does not say whose its rows are, are refused by the column's name."""
    for headers, words in (
        ("LAchildID ReferralSource referral_source", "more than once"),
        ("CINdetailsID ReferralSource", "missing"),
    ):
        rows = [tuple("1" for _ in headers.split())]
        folder = flat_folder(tmp_path / words.split()[0], CINdetails=(headers, rows))
        with pytest.raises(DataProblem, match=words):
            read_flat([folder], "cin_csv")


def test_of_two_forms_the_xml_is_read(tmp_path: Path) -> None:
    """Where the XML and the flat tables both lie there, the XML is read, and the receipt says so of the other."""
    folder = written(tmp_path, "cin", 2019)
    written(tmp_path, "flat", 2019)
    places = {"cin": tuple(folder.glob("*.xml")), "cin_csv": (folder / "cin_csv",)}
    made = read_census(SourceFiles(folder, places), census_year("2019-20"))
    assert made.tally.source == "cin"
    assert made.others[0].notes == {"the census's XML was read instead": 0}
    assert (
        read_census(SourceFiles(folder, {"cin_csv": places["cin_csv"]}), census_year("2019-20")).tally.source
        == "cin_csv"
    )


@pytest.mark.parametrize("missing", ["ChildIdentifiers", "CINdetails"])
def test_a_needed_flat_table_is_asked_for_by_name(tmp_path: Path, missing: str) -> None:
    """Where a table is missing without which there is no census, the message names it."""
    folder = flat_folder(tmp_path, CINdetails=("LAchildID CINreferralDate", [("C1", "10/06/2019")]))
    (folder / f"{missing}.csv").unlink()
    with pytest.raises(DataProblem, match=f"table {missing} was not found"):
        read_flat([folder], "cin_csv")


# --- the looked-after return ------------------------------------------------------------------------


def days(read: Iterable[Spells]) -> list[tuple[str, str, str | None]]:
    rows = [row for one in read for row in one.table.to_pylist()]
    return sorted((r["person_id"], str(r["start_date"]), r["end_date"] and str(r["end_date"])) for r in rows)


EPISODES = "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE HOME_POST PL_POST URN"


def episode(child: str, start: str, end: str = "", legal: str = "C2", ceased: str = "") -> tuple[str, ...]:
    return (child, start, "S", legal, "N1", "U4", "PR1", end, ceased, "", "ZZ1 1AA", "ZZ1 1AB", "")


CASES = (
    ("on the day", [episode("A", "01/05/2019", "01/07/2019"), episode("A", "01/07/2019", "01/09/2019")], [("2019-05-01", "2019-09-01")]),
    ("the day after, as it says", [episode("A", "01/05/2019", "01/07/2019", ceased="X1"), episode("A", "02/07/2019")], [("2019-05-01", None)]),
    ("the day after, ended", [episode("A", "01/05/2019", "01/07/2019", ceased="E8"), episode("A", "02/07/2019")], [("2019-05-01", "2019-07-01"), ("2019-07-02", None)]),
    ("later", [episode("A", "01/05/2019", "01/07/2019"), episode("A", "01/09/2019")], [("2019-05-01", "2019-07-01"), ("2019-09-01", None)]),
    ("without an end", [episode("A", "01/05/2019"), episode("A", "01/09/2019", "01/10/2019")], [("2019-05-01", "2019-10-01")]),
    ("within another", [episode("A", "01/05/2019", "01/10/2019"), episode("A", "01/06/2019", "01/07/2019")], [("2019-05-01", "2019-10-01")]),
    ("short breaks", [episode("A", "01/05/2019", "03/05/2019", legal="V4"), episode("A", "01/07/2019", legal="V3")], []),
    ("backwards, undated, nobody's", [episode("A", "01/05/2019", "01/04/2019"), episode("A", ""), episode("", "01/05/2019")], []),
)  # fmt: skip


@pytest.mark.parametrize(("rows", "wanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_episodes_that_follow_on_are_one_spell(
    tmp_path: Path, rows: list[tuple[str, ...]], wanted: list[tuple[str, str | None]]
) -> None:
    """An episode that begins on the day another ends continues it; every row is kept, joined or set aside by a reason."""
    read = read_ssda903(write(tmp_path, {"episodes.csv": table(EPISODES, rows)}))
    assert [(start, end) for _, start, end in days(read)] == wanted
    (tally,) = (one.tally for one in read)
    assert tally.rows_in == len(rows)
    assert tally.rows_kept == len(wanted)


def test_returns_of_two_years_tell_a_spell_once(tmp_path: Path) -> None:
    """An episode open in one year's return and ended in the next is one spell with its end; other files of the return stay closed."""
    files = {
        "SSDA903_2019_episodes.csv": table(EPISODES, [episode("A", "01/05/2018", "")]),
        "SSDA903_2020_episodes.csv": table(
            EPISODES, [episode("A", "01/05/2018", "01/08/2019"), episode("B", "05/06/2019")]
        ),
        "SSDA903_2020_header.csv": table("CHILD SEX DOB", [("A", "1", "03/05/2012")]),
    }
    read = read_ssda903(write(tmp_path, files))
    assert days(read) == [("A", "2018-05-01", "2019-08-01"), ("B", "2019-06-05", None)]
    assert [one.tally.rows_kept for one in read] == [0, 2, 0]
    assert read[0].tally.refused == {"told by the return of a later year as well": 1}


def test_spells_of_the_practice_return_are_those_of_its_casework(tmp_path: Path) -> None:
    """Reading the return gives back every spell of care that touches its year, episodes joined."""
    asked = settings(2019)
    wanted = sorted(
        (
            record.legacy_id,
            str(spell.start),
            str(spell.ceased) if spell.ceased and spell.ceased <= asked.year_end else None,
        )
        for ward in authority(2019)
        for record in ward.care_records
        for spell in record.looked_after
        if spell.start <= asked.year_end and (spell.ceased is None or spell.ceased >= asked.year_start)
    )
    starts = {(child, start) for child, start, _ in wanted}
    read = days(read_ssda903(written(tmp_path, "ssda903", 2019) / "ssda903"))
    assert wanted
    assert {(child, end) for child, _, end in read} == {(child, end) for child, _, end in wanted}
    assert {(child, start) for child, start, _ in read if start >= str(asked.year_start)} <= starts


# --- Annex A ------------------------------------------------------------------------------------------

HEADS = (
    (("Child Unique ID", "CIN Start Date", "CIN Closure Date", "Case Status"), ("Child Unique ID", "Date Started to be Looked After", "Date Ceased to be Looked After")),
    (("Unique ID of Child", "Start date of CIN", "CIN end date", "Status"), ("child_unique_id", "DATE  STARTED TO BE LOOKED AFTER ", "Date ceased being looked after")),
)  # fmt: skip


@pytest.mark.parametrize(("need", "care"), HEADS, ids=["as the template", "as a council"])
def test_annex_a_lists_are_told_by_the_words_of_their_headers(
    tmp_path: Path, need: tuple[str, ...], care: tuple[str, ...]
) -> None:
    """Lists 6 and 8 are found by name and their columns by their words; a case on another footing than a plan is set aside."""
    sheets: dict[str, list[list[Cell]]] = {
        "List 1": [["Child Unique ID", "Date of Contact"], ["A", date(2019, 1, 1)]],
        "List_06 CIN": [
            list(need),
            ["A", date(2019, 5, 1), None, "c) Child in need plan (CiN)"],
            ["B", date(2019, 5, 2), date(2019, 6, 1), "CIN Plan"],
            ["C", date(2019, 5, 3), None, "d) Open Assessment"],
        ],
        "List 8": [list(care), ["B", date(2019, 7, 1), None], [None, date(2019, 7, 1), None]],
    }
    write_workbook(tmp_path / "annex.xlsx", sheets)
    read = {one.tally.file: one for one in read_annex_a(tmp_path)}
    assert days([read["annex.xlsx, List_06 CIN"]]) == [("A", "2019-05-01", None), ("B", "2019-05-02", "2019-06-01")]
    assert days([read["annex.xlsx, List 8"]]) == [("B", "2019-07-01", None)]
    assert read["annex.xlsx, List_06 CIN"].stage == "cin_plan"
    assert [one.tally.rows_kept for one in read.values()] == [0, 2, 1]


def test_a_list_without_its_dates_is_refused(tmp_path: Path) -> None:
    """A list 8 in which no header speaks of being looked after is refused by the name of what is missing."""
    write(tmp_path, {"List 8.csv": table(("Child Unique ID", "Begin", "Finish"), [("A", "01/05/2019", "")])})
    with pytest.raises(DataProblem, match="List 8 of Annex A has no column for the start") as problem:
        read_annex_a(tmp_path)
    assert problem.value.line == 1


def test_the_practice_workbook_gives_back_its_looked_after_children(tmp_path: Path) -> None:
    """List 8 of the written workbook tells the spells of the casework, and list 6 those on a plan when the year ended."""
    read = {
        one.tally.file.rpartition(" ")[2]: one for one in read_annex_a(written(tmp_path, "annex_a", 2019) / "annex_a")
    }
    assert len(read) == 11
    asked = settings(2019)
    records = [record for ward in authority(2019) for record in ward.care_records]
    wanted = sum(
        spell.start <= asked.year_end and (spell.ceased is None or spell.ceased >= asked.year_start)
        for record in records
        for spell in record.looked_after
    )
    assert read["8"].table.num_rows == wanted > 0
    planned = {record.legacy_id for record in records if record.cin_plans}
    assert read["6"].table.num_rows > 0
    assert set(read["6"].table.column("person_id").to_pylist()) <= planned


# --- the stages together ------------------------------------------------------------------------------


def test_stages_come_from_whatever_lies_there(tmp_path: Path) -> None:
    """Plans come from the census where it holds them, and from list 6 where nothing else does; care from the return and list 8."""
    read = {}
    for first in (2019, 2023):
        folder = tmp_path / str(first)
        places = {layout: (written(folder, layout, first) / layout,) for layout in ("ssda903", "annex_a")}
        census = read_xml(next(written(folder, "cin", first).glob("*.xml")), census_year(settings(first).year))
        told = read_stages(SourceFiles(folder / "in", places), census)
        read[first] = {one.tally.file: (one.stage, one.table.num_rows) for one in told if one.table.num_rows}
        assert all(one.tally.rows_kept == one.table.num_rows for one in told if one.tally.sha256 != "not read")
    assert [stage for stage, _ in read[2019].values()] == ["looked_after", "cin_plan", "looked_after"]
    assert [stage for stage, _ in read[2023].values()] == ["cin_plan", "looked_after", "looked_after"]
    assert next(iter(read[2023])).endswith(".xml")


def test_scratch_folders_are_left_as_they_were(tmp_path: Path) -> None:
    """Writing the workbook leaves no text of a list behind."""
    with TemporaryDirectory(dir=tmp_path) as made:
        folder = written(Path(made), "annex_a", 2019) / "annex_a"
        assert [path.suffix for path in folder.iterdir()] == [".xlsx"]
