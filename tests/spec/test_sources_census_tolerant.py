"""What a tolerant reader of the census has to accept (domain.md 1.2, thirteen points), and what it says of it; each point a test.

Further points are tested beside: missing header and repeated ids (`test_sources_census`), flattened tables (`test_sources_census_forms`).
"""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from made_extracts import census, child, episode

from hearthlink.sources.activity.census import Census, read_xml
from hearthlink.sources.activity.flat import Flat, read_flat
from hearthlink.sources.reading.years import census_year

PLAN = (
    "<ChildProtectionPlans><CPPstartDate>2019-07-01</CPPstartDate><InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>"
    "{}</ChildProtectionPlans>"
)
WRAPPER = "FactorsIdentifiedAtAssessment"
DAYS = ("<CPPreviewDate>2019-08-01</CPPreviewDate>", "<CPPreviewDate>2019-09-01</CPPreviewDate>")


def saved(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "cin.xml"
    path.write_bytes(data)
    return path


def read(tmp_path: Path, data: bytes, year: str = "2019-20") -> Census:
    return read_xml(saved(tmp_path, data), census_year(year))


def flat(tmp_path: Path, data: bytes) -> Flat:
    return read_flat([saved(tmp_path, data)], "cin")


def cells(tmp_path: Path, data: bytes, table: str, column: str) -> list[str | None]:
    return flat(tmp_path, data).tables[table].column(column).to_pylist()


@pytest.mark.parametrize(
    ("said", "means"),
    [("true", True), ("TRUE", True), ("1", True), (" true ", True), ("false", False), ("FALSE", False), ("0", False), ("maybe", None)],
)  # fmt: skip
def test_point_1_flags(tmp_path: Path, said: str, means: bool | None) -> None:
    """Booleans come in words of any case and in digits; another word is missing, and counted by its element."""
    made = read(tmp_path, census(child("C1", episode(nfa=said))))
    assert made.referral.column("no_further_action").to_pylist() == [means]
    assert made.tally.notes.get("ReferralNFA: neither true nor false, taken as missing", 0) == (means is None)


@pytest.mark.parametrize(
    ("wrapped", "codes"),
    [
        ("<FactorsIdentifiedAtAssessment/>", []),
        ("<FactorsIdentifiedAtAssessment> </FactorsIdentifiedAtAssessment>", []),
        ("<AssessmentFactors>3B</AssessmentFactors><AssessmentFactors>4B</AssessmentFactors>", ["3B", "4B"]),
        ("<FactorsIdentifiedAtAssessment><AssessmentFactors/></FactorsIdentifiedAtAssessment>", [None]),
        (
            "".join(f"<{WRAPPER}><AssessmentFactors>{code}</AssessmentFactors></{WRAPPER}>" for code in ("3B", "4B")),
            ["3B", "4B"],
        ),
    ],
    ids=["empty wrapper", "blank wrapper", "no wrapper", "empty factor", "two wrappers"],
)
def test_point_2_factors(tmp_path: Path, wrapped: str, codes: list[str | None]) -> None:
    """Factors stand in a wrapper, in several, in none; an empty wrapper is no factor."""
    data = census(child("C1", episode(inside=f"<Assessments>{wrapped}</Assessments>")))
    assert cells(tmp_path, data, "AssessmentFactors", "AssessmentFactor") == codes
    assert cells(tmp_path, data, "AssessmentFactors", "AssessmentID") == ["1"] * len(codes)
    assert read(tmp_path, data).assessment.column("factors").to_pylist() == [[code for code in codes if code]]


@pytest.mark.parametrize(
    "inside",
    [
        "<Disabilities><Disability>LD</Disability><Disability>MOB</Disability></Disabilities>",
        "<Disabilities><Disability>LD</Disability></Disabilities><Disabilities><Disability>MOB</Disability></Disabilities>",
    ],
    ids=["one wrapper", "a wrapper each"],
)
def test_point_3_disabilities(tmp_path: Path, inside: str) -> None:
    """Disabilities stand in one wrapper or in a wrapper each."""
    data = census(child("C1")).replace(b"</ChildCharacteristics>", inside.encode() + b"</ChildCharacteristics>")
    assert cells(tmp_path, data, "Disabilities", "Disability") == ["LD", "MOB"]
    assert read(tmp_path, data).child.column("disabled").to_pylist() == [True]


@pytest.mark.parametrize(
    "inside",
    [
        f"<Reviews>{''.join(DAYS)}</Reviews>",
        "".join(f"<Reviews>{day}</Reviews>" for day in DAYS),
        f"<CPPreviews>{''.join(DAYS)}</CPPreviews>",
        "".join(DAYS),
    ],
    ids=["one wrapper", "a wrapper each", "CPPreviews", "no wrapper"],
)
def test_point_4_reviews(tmp_path: Path, inside: str) -> None:
    """Reviews stand in one wrapper, in a wrapper each, or in one of another name."""
    data = census(child("C1", episode(inside=PLAN.format(inside))))
    assert cells(tmp_path, data, "Reviews", "CPPreviewDate") == ["2019-08-01", "2019-09-01"]
    assert cells(tmp_path, data, "Reviews", "CPPID") == ["1", "1"]
    assert flat(tmp_path, data).notes == {}


def test_point_5_year_and_reference_date_at_odds(tmp_path: Path) -> None:
    """Where Year and ReferenceDate disagree the date is trusted, and the receipt says so."""
    made = read(tmp_path, census(child("C1")).replace(b"<Year>2020<", b"<Year>2019<"))
    assert made.tally.notes["the header's Year is not that of its ReferenceDate, which was trusted"] == 1


def test_point_6_stray_text_and_blanks(tmp_path: Path) -> None:
    """Text between elements is no value, and blanks around a value are not part of it."""
    data = census(child("C1")).replace(b"<CINdetails>", b"stray<CINdetails>text").replace(b">N1<", b">\n N1\t<")
    assert read(tmp_path, data).referral.equals(read(tmp_path, census(child("C1"))).referral)
    assert cells(tmp_path, data, "CINdetails", "PrimaryNeedCode") == ["N1"]


def test_point_7_codes_outside_their_set(tmp_path: Path) -> None:
    """A code that is none is missing and counted by its element; Sex may hold the digits of GenderCurrent, and is no fault then."""
    factor = "<Assessments><AssessmentFactors>RB</AssessmentFactors></Assessments>"
    data = census(child("C1", episode(inside=factor))).replace(b">WBRI<", b">XXXX<")
    data = data.replace(b"<GenderCurrent>2</GenderCurrent>", b"<Sex>2</Sex>")
    made = read(tmp_path, data)
    assert made.child.column("sex").to_pylist() == ["F"]
    assert made.child.column("ethnicity").to_pylist() == [None]
    assert made.tally.notes["AssessmentFactor: not in its code set, taken as missing"] == 1
    assert made.tally.notes["Ethnicity: not in its code set, taken as missing"] == 1
    assert not any(note.startswith("Sex: not") for note in made.tally.notes)
    assert not any("XXXX" in note or "RB" in note for note in made.tally.notes)


def test_point_8_dates_as_they_come(tmp_path: Path) -> None:
    """A date out of order or in the future is kept or left out by rule, one that is none is missing, and all are counted."""
    made = read(tmp_path, census(child("C1", episode("2019-06-10"), episode("2031-01-01"), born="2021-05-03")))
    assert made.child.column("birth_day").to_pylist() == [None]
    assert made.tally.notes["a birth date after the reference date, taken as missing"] == 1
    assert made.tally.notes["a referral without a date up to the reference date, left out"] == 1
    bad = read(tmp_path, census(child("C1", episode("2019-06-10"), born="2012-02-31")))
    assert bad.tally.notes["PersonBirthDate: a date not understood, taken as missing"] == 1


@pytest.mark.parametrize(
    ("said", "sex"),
    [("<Sex>M</Sex><GenderCurrent>2</GenderCurrent>", "M"), ("", None), ("<Sex>U</Sex><GenderCurrent>2</GenderCurrent>", "F")],
)  # fmt: skip
def test_point_8_sex_both_or_neither(tmp_path: Path, said: str, sex: str | None) -> None:
    """Of Sex and GenderCurrent both, one or neither may be there; the first that says it counts."""
    data = census(child("C1")).replace(b"<GenderCurrent>2</GenderCurrent>", said.encode())
    assert read(tmp_path, data).child.column("sex").to_pylist() == [sex]


def test_point_9_episodes_are_told_apart_by_date(tmp_path: Path) -> None:
    """Two referrals of one day keep their own assessments, in whichever order the file has them."""
    one = episode(
        "2019-06-10",
        inside="<Assessments><AssessmentActualStartDate>2019-06-11</AssessmentActualStartDate></Assessments>",
    )
    two = episode(
        "2019-06-10",
        inside="<Assessments><AssessmentActualStartDate>2019-06-20</AssessmentActualStartDate></Assessments>",
    )
    first, second = (read(tmp_path, census(child("C1", *order))) for order in ((one, two), (two, one)))
    assert first.referral.equals(second.referral)
    assert first.assessment.equals(second.assessment)
    assert first.assessment.column("referral_no").to_pylist() == [1, 2]


def test_point_10_a_repeated_id_stays_two_records_for_the_checks(tmp_path: Path) -> None:
    """Flat tables number the Child blocks, so that the check of a repeated id can see it; the census merges them."""
    data = census(
        child("C1", episode("2019-05-01")), child("C1", episode("2019-09-01")), child("", episode("2019-07-01"))
    )
    assert flat(tmp_path, data).tables["CINdetails"].column("child_no").to_pylist() == [1, 2, 3]
    assert cells(tmp_path, data, "CINdetails", "LAchildID") == ["C1", "C1", None]
    assert flat(tmp_path, data).rows_in == 3


@pytest.mark.parametrize("said", ["n1", "N1 ", "N1 - Abuse or neglect", "N1: abuse"])
def test_point_11_codes_with_labels(tmp_path: Path, said: str) -> None:
    """Small letters, blanks and a label after the code are tidied away, while the flat table keeps what was written."""
    data = census(child("C1")).replace(b">N1<", f">{said}<".encode())
    assert read(tmp_path, data).referral.column("primary_need").to_pylist() == ["N1"]
    assert cells(tmp_path, data, "CINdetails", "PrimaryNeedCode") == [said.strip()]


def test_point_12_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Ten times the children do not take six times the memory while they are read and typed."""

    def peak(children: int) -> int:
        path = saved(tmp_path, census(*(child(f"C{n}") for n in range(children))))
        tracemalloc.start()
        read_xml(path, census_year("2019-20"))
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return held

    peak(100)
    assert peak(15_000) < 6 * peak(1_500)


# --- and what it says of what it does not know ---------------------------------------------------------


def test_unknown_elements_are_counted_by_name(tmp_path: Path) -> None:
    """An element that no census has is left unread with all it holds, and the receipt names it and how often it came."""
    strange = "<LocalNeed><PrimaryNeedCode>N9</PrimaryNeedCode></LocalNeed>"
    made = read(tmp_path, census(child("C1", episode(inside=strange)), child("C2", episode(inside=strange))))
    assert made.referral.column("primary_need").to_pylist() == ["N1", "N1"]
    assert made.tally.notes["LocalNeed: not an element of the census, left unread"] == 2


@pytest.mark.parametrize("name", ["é" * 5, "x" * 41, "Ünsaid", "a.b:" + "y" * 41])
def test_a_name_that_is_not_short_and_plain_is_not_repeated(tmp_path: Path, name: str) -> None:
    """A name may be anything, so it is repeated only where it is short, and of plain letters."""
    made = flat(tmp_path, census(child("C1", episode(inside=f"<{name} xmlns:a.b='u'>1</{name}>"))))
    assert made.notes == {"another name: not an element of the census, left unread": 1}


def test_names_without_end_are_counted_together(tmp_path: Path) -> None:
    """A file that invents a name for every element does not fill the receipt."""
    inside = "".join(f"<Made{n}/>" for n in range(500))
    made = flat(tmp_path, census(child("C1", episode(inside=inside))))
    assert len(made.notes) == 51
    assert sum(made.notes.values()) == 500


def test_elements_and_codes_of_other_years_are_kept_and_said(tmp_path: Path) -> None:
    """A child in need plan, or a code, that came in a later year is read in any year, and the receipt says that it was there."""
    plan = "<CINPlanDates><CINPlanStartDate>2019-07-01</CINPlanStartDate></CINPlanDates>"
    data = census(child("C1", episode(inside=plan))).replace(b">6<", b">5D<")
    made = read(tmp_path, data)
    assert made.cin_plan.num_rows == 1
    assert made.referral.column("source").to_pylist() == ["5D"]
    assert made.tally.notes["CINPlanStartDate: an element of other years, read all the same"] == 1
    assert made.tally.notes["ReferralSource: a code of other years, kept"] == 1


def test_a_value_written_twice_is_the_first(tmp_path: Path) -> None:
    """Where a block holds an element twice the first is taken, and the receipt says so."""
    data = census(child("C1")).replace(b"<PrimaryNeedCode>", b"<PrimaryNeedCode>N4</PrimaryNeedCode><PrimaryNeedCode>")
    made = read(tmp_path, data)
    assert made.referral.column("primary_need").to_pylist() == ["N4"]
    assert made.tally.notes["PrimaryNeedCode: written twice in one block, the first taken"] == 1


def test_lines_are_those_of_the_file_however_long(tmp_path: Path) -> None:
    """The line of a record is told past 65,535 lines, where some parsers stop counting."""
    data = census(child("C1"), "\n" * 70_000, child("C2", episode(inside="\n<Section47>\n</Section47>")))
    made = flat(tmp_path, data)
    text = data.decode()
    for table, mark in (("ChildIdentifiers", "<ChildIdentifiers><LAchildID>C2"), ("Section47", "<Section47>")):
        line = 1 + text[: text.index(mark)].count("\n")
        assert made.tables[table].column("line").to_pylist()[-1] == line > 70_000


def test_children_without_blocks_still_have_a_row(tmp_path: Path) -> None:
    """A Child block that holds nothing has its row among identifiers and characteristics, at its own line."""
    made = flat(tmp_path, census(child("C1"), "<Child/>\n", child("C3")))
    for table in ("ChildIdentifiers", "ChildCharacteristics"):
        assert made.tables[table].column("child_no").to_pylist() == [1, 2, 3]
        assert made.tables[table].column("line").to_pylist() == [4, 5, 6]


def test_several_identifier_blocks_are_one_child(tmp_path: Path) -> None:
    """What a second block of identifiers adds is taken, and what it says again is not."""
    more = (
        b"<ChildIdentifiers><LAchildID>C1</LAchildID><PersonBirthDate>2011-01-01</PersonBirthDate></ChildIdentifiers>"
    )
    data = census(child("C1", born=None)).replace(b"<ChildCharacteristics>", more + b"<ChildCharacteristics>")
    made = read(tmp_path, data)
    assert made.child.num_rows == 1
    assert made.child.column("birth_day").null_count == 0
