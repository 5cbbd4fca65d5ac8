"""The census: what the parser accepts, and what it refuses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from made_extracts import census, child, episode

from hearthlink.errors import DataProblem
from hearthlink.sources.activity.census import Census, read_xml
from hearthlink.sources.reading.dates import day_of
from hearthlink.sources.reading.years import census_year


def read(tmp_path: Path, data: bytes) -> Census:
    path = tmp_path / "cin.xml"
    path.write_bytes(data)
    return read_xml(path, census_year("2019-20"))


def assessment(inside: str, start: str = "2019-06-11", end: str = "2019-07-01") -> str:
    return (
        f"<Assessments><AssessmentActualStartDate>{start}</AssessmentActualStartDate>"
        f"<AssessmentAuthorisationDate>{end}</AssessmentAuthorisationDate>{inside}</Assessments>"
    )


def factors(*codes: str) -> str:
    return "".join(f"<AssessmentFactors>{code}</AssessmentFactors>" for code in codes)


FACTORS = (
    ("in their wrapper", f"<FactorsIdentifiedAtAssessment>{factors('3B', '4B')}</FactorsIdentifiedAtAssessment>"),
    ("without a wrapper", factors("4B", "3B")),
    ("twice, in small letters, with a label or blanks", factors("3b", "3B", " 4B - mental health ", "4B")),
    ("beside one that is no code", factors("3B", "4B", "RB")),
)


@pytest.mark.parametrize("inside", [case[1] for case in FACTORS], ids=[case[0] for case in FACTORS])
def test_factors_are_found_however_they_are_wrapped(tmp_path: Path, inside: str) -> None:
    """Factors are read with or without their wrapper, each code once, and what is no code is left out."""
    made = read(tmp_path, census(child("C1", episode(inside=assessment(inside)))))
    assert made.assessment.column("factors").to_pylist() == [["3B", "4B"]]


@pytest.mark.parametrize(
    ("said", "means"), [("true", True), ("TRUE", True), ("1", True), ("false", False), ("0", False), ("", None)]
)
def test_flags_are_read_however_they_are_spelt(tmp_path: Path, said: str, means: bool | None) -> None:
    """True and false come as words or digits, and silence is neither."""
    made = read(tmp_path, census(child("C1", episode(nfa=said))))
    assert made.referral.column("no_further_action").to_pylist() == [means]


def test_stray_text_comments_and_a_namespace_do_no_harm(tmp_path: Path) -> None:
    """Stray text between elements, comments, a namespace and blanks around values change nothing."""
    plain = census(child("C1"))
    odd = plain.replace(b"<Message>", b"<!-- a -->\n<Message xmlns='urn:x'>").replace(
        b"<CINdetails>", b"stray <!-- b --><CINdetails>"
    )
    odd = odd.replace(b">C1<", b"> C1\n<")
    assert read(tmp_path, odd).child.to_pylist() == read(tmp_path, plain).child.to_pylist()
    assert read(tmp_path, odd).referral.to_pylist() == read(tmp_path, plain).referral.to_pylist()


def test_referrals_are_numbered_by_date(tmp_path: Path) -> None:
    """Referrals are numbered by date, in whatever order they stand, so that a second export gives the same numbers."""
    one, two = episode("2019-09-01"), episode("2019-05-01")
    made = read(tmp_path, census(child("C1", one, two))).referral
    assert made.column("referral_no").to_pylist() == [1, 2]
    assert [day_of(day) for day in made.column("referral_day").to_pylist()] == [date(2019, 5, 1), date(2019, 9, 1)]
    assert made.equals(read(tmp_path, census(child("C1", two, one))).referral)


def test_a_child_that_stands_in_the_file_twice_is_one(tmp_path: Path) -> None:
    """Two Child blocks with one id become one child with the episodes of both, and that is noted."""
    made = read(tmp_path, census(child("C1", episode("2019-05-01"), born=None), child("C1", episode("2019-09-01"))))
    assert made.child.num_rows == 1
    assert made.child.column("birth_day").null_count == 0
    assert made.referral.num_rows == 2
    assert made.tally.notes["same child id again, merged"] == 1


def test_what_cannot_be_placed_is_counted(tmp_path: Path) -> None:
    """A child without an id is set aside; a referral without a date, or after the reference date, is left out; both counted."""
    made = read(tmp_path, census(child(""), child("C1", episode(""), episode("2020-04-01"), episode("2019-05-01"))))
    assert made.tally.rows_in == 2
    assert made.tally.refused == {"no child id": 1}
    assert made.referral.num_rows == 1
    assert made.tally.notes["a referral without a date up to the reference date, left out"] == 2


def test_an_end_before_its_start_is_missing(tmp_path: Path) -> None:
    """An assessment that ends before it starts has no end, and that is noted."""
    made = read(tmp_path, census(child("C1", episode(inside=assessment("", "2019-07-01", "2019-06-01")))))
    assert made.assessment.column("end_day").to_pylist() == [None]
    assert made.tally.notes["an end before its start, taken as missing"] == 1


def test_a_conference_of_its_own_is_kept(tmp_path: Path) -> None:
    """A conference at the level of the episode counts, and is not counted again beside the enquiry it came from."""
    conference = "<DateOfInitialCPC>2019-07-01</DateOfInitialCPC>"
    enquiry = f"<Section47><S47ActualStartDate>2019-06-15</S47ActualStartDate>{conference}</Section47>"
    assert read(tmp_path, census(child("C1", episode(inside=conference)))).section47.num_rows == 1
    assert read(tmp_path, census(child("C1", episode(inside=conference + enquiry)))).section47.num_rows == 1


def test_a_census_without_a_header_is_read_with_a_note(tmp_path: Path) -> None:
    """The header may be missing; then the year goes unchecked, and the receipt says so."""
    note = "no reference date in a header, so the year was not checked"
    made = read(tmp_path, census(child("C1"), reference=None))
    assert made.child.num_rows == 1
    assert made.tally.notes[note] == 1
    assert note not in read(tmp_path, census(child("C1"))).tally.notes


WHOLE = census(child("C1"), child("C2"))
ENTITY = b"<!DOCTYPE Message [<!ENTITY a 'bbbb'><!ENTITY b '&a;&a;'>]>\n<Message>&b;"
REFUSED = (
    ("a document type", WHOLE.replace(b"<Message>", ENTITY), "document type", 2),
    ("cut off", WHOLE[: WHOLE.index(b"C2") + 30], "cut off", 5),
    ("not well formed", WHOLE.replace(b"</CINdetails>", b"</CINdetail>"), "well formed", 4),
    ("another root", WHOLE.replace(b"Message>", b"Return>"), "not a census return", None),
    ("another return", WHOLE.replace(b">CIN<", b">SSDA903<"), "Collection", None),
    ("no XML", b"claim_ref,postcode\nA,B\n", "not XML", 1),
    ("another year", census(child("C1"), reference="2021-03-31"), "2020-21", None),
    ("no child", census().split(b"<Children>")[0] + b"<Children/></Message>", "no child", None),
)


@pytest.mark.parametrize(("data", "words", "line"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_file_that_is_no_census_of_the_year_is_refused(
    tmp_path: Path, data: bytes, words: str, line: int | None
) -> None:
    """Each kind of wrong file gives its own sentence, with the line where there is one, and quotes nothing from inside."""
    with pytest.raises(DataProblem, match=words) as problem:
        read(tmp_path, data)
    assert problem.value.line == line
    assert "2012-05-03" not in str(problem.value)
    assert problem.value.__cause__ is None


def test_a_document_type_in_utf16_is_refused_as_well(tmp_path: Path) -> None:
    """An encoding does not hide a document type."""
    data = WHOLE.replace(b"<Message>", ENTITY).replace(b"utf-8", b"utf-16").decode().encode("utf-16")
    with pytest.raises(DataProblem, match="document type"):
        read(tmp_path, data)


def test_a_census_in_utf16_reads_as_in_utf8(tmp_path: Path) -> None:
    """A census in UTF-16 gives the same children, and the receipt notes it."""
    data = WHOLE.replace(b"utf-8", b"utf-16").decode().encode("utf-16")
    made = read(tmp_path, data)
    assert made.child.equals(read(tmp_path, WHOLE).child)
    assert "read as UTF-16 text" in made.tally.notes
