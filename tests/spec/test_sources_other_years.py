"""Censuses of other years: what they add about the children referred in the study's year, once, and nothing about anybody else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from tests.made_extracts import census, child, episode, extracts, write
from tests.spec.test_sources_receive import received

from hearthlink.errors import DataProblem

D = date
Rows = list[tuple[object, ...]]


def assessment(start: str, end: str = "", factors: str = "") -> str:
    done = f"<AssessmentAuthorisationDate>{end}</AssessmentAuthorisationDate>" if end else ""
    found = f"<FactorsIdentifiedAtAssessment><AssessmentFactors>{factors}</AssessmentFactors></FactorsIdentifiedAtAssessment>"
    return f"<Assessments><AssessmentActualStartDate>{start}</AssessmentActualStartDate>{done}{found if factors else ''}</Assessments>"


def enquiry(start: str, conference: str = "") -> str:
    held = f"<DateOfInitialCPC>{conference}</DateOfInitialCPC>" if conference else ""
    return f"<Section47><S47ActualStartDate>{start}</S47ActualStartDate>{held}<ICPCnotRequired>false</ICPCnotRequired></Section47>"


def plan(start: str, end: str = "") -> str:
    over = f"<CPPendDate>{end}</CPPendDate>" if end else ""
    return (
        f"<ChildProtectionPlans><CPPstartDate>{start}</CPPstartDate>{over}<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>"
        "<LatestCategoryOfAbuse>NEG</LatestCategoryOfAbuse><NumberOfPreviousCPP>0</NumberOfPreviousCPP></ChildProtectionPlans>"
    )


def closed(day: str, on: str, inside: str = "") -> str:
    closure = f"<CINclosureDate>{on}</CINclosureDate><ReasonForClosure>RC7</ReasonForClosure>"
    return episode(day).replace("<ReferralNFA>", f"{closure}{inside}<ReferralNFA>")


def told(folder: Path, own: bytes, **others: bytes) -> dict[str, pa.Table]:
    """What is received of the year's own census and of others (`next_year`, `previous_year`)."""
    files = extracts(census={"cin_2019_20.xml": own})
    return received(write(folder, files | {f"{place}/cin.xml": data for place, data in others.items()}))


def of(made: dict[str, pa.Table], table: str, *columns: str, child_id: str = "C1") -> Rows:
    """The rows of a child, by some columns."""
    key = {row["child_id"]: row["child_key"] for row in made["child_identifier"].to_pylist()}
    return [tuple(row[c] for c in columns) for row in made[table].to_pylist() if row["child_key"] == key[child_id]]


def after(*children: str) -> bytes:
    return census(*children, reference="2021-03-31")


def before(*children: str) -> bytes:
    return census(*children, reference="2019-03-31")


REFERRED = ("referral_no", "referral_date", "in_year", "closure_date")


def test_a_later_referral_is_brought_and_the_cohort_stays(tmp_path: Path) -> None:
    """A child referred again in the next year has a second referral, not of the year; who was referred in the year stays as it was."""
    own = census(child("C1", episode("2019-06-10")), child("C2", episode("2018-01-05")))
    made = told(
        tmp_path,
        own,
        next_year=after(child("C1", episode("2020-07-01")), child("C2", episode("2020-08-01")), child("N1")),
    )
    assert of(made, "referral", *REFERRED) == [(1, D(2019, 6, 10), True, None), (2, D(2020, 7, 1), False, None)]
    assert [(r["child_id"], r["referral_date"]) for r in made["child_referral"].to_pylist()] == [("C1", D(2019, 6, 10))]
    assert set(made["child_identifier"].column("child_id").to_pylist()) == {"C1", "C2"}
    assert of(made, "referral", "referral_date", child_id="C2") == [(D(2018, 1, 5),)]


def test_an_episode_of_both_censuses_is_one(tmp_path: Path) -> None:
    """An open episode is in both: it is there once, with the ends that the later census knows within six months, and what followed it."""
    first = episode("2020-02-03", assessment("2020-02-10") + enquiry("2020-03-02"))
    second = closed(
        "2020-02-03", "2020-06-30",
        assessment("2020-02-10", "2020-04-06", "3A") + assessment("2020-05-04", "2020-05-20", "4A")
        + enquiry("2020-03-02", "2020-04-02") + plan("2020-04-02"),
    )  # fmt: skip
    made = told(tmp_path, census(child("C1", first)), next_year=after(child("C1", second)))
    assert of(made, "referral", *REFERRED) == [(1, D(2020, 2, 3), True, D(2020, 6, 30))]
    assert of(made, "assessment", "referral_no", "start_date", "end_date", "factors") == [
        (1, D(2020, 2, 10), D(2020, 4, 6), ["3A"]),
        (1, D(2020, 5, 4), D(2020, 5, 20), ["4A"]),
    ]
    assert of(made, "section47", "start_date", "conference_date") == [(D(2020, 3, 2), D(2020, 4, 2))]
    assert of(made, "protection_plan", "start_date", "end_date") == [(D(2020, 4, 2), None)]


SIX_MONTHS = [
    ("the last day of six months", "2020-08-04", True),
    ("the day after", "2020-08-05", False),
]


@pytest.mark.parametrize(("says", "day", "there"), SIX_MONTHS, ids=[one[0] for one in SIX_MONTHS])
def test_follow_up_is_equal(tmp_path: Path, says: str, day: str, there: bool) -> None:
    """What began, or ended, within 183 days of the first referral is brought, and nothing later, in whichever referral it is."""
    second = [closed("2020-02-03", day, assessment(day)), episode("2020-07-01", plan(day))]
    made = told(tmp_path, census(child("C1", episode("2020-02-03"))), next_year=after(child("C1", *second)))
    expected = [(1, date.fromisoformat(day))] if there else []
    assert of(made, "assessment", "referral_no", "start_date") == expected, says
    assert of(made, "protection_plan", "referral_no") == ([(2,)] if there else []), says
    assert (of(made, "referral", "closure_date")[0] == (date.fromisoformat(day),)) == there, says


def test_two_referrals_of_one_day_stay_two(tmp_path: Path) -> None:
    """Episodes of one child and one day are told apart by their place, so that two in both censuses are two."""
    both = (episode("2020-03-02"), episode("2020-03-02", assessment("2020-03-10")))
    made = told(tmp_path, census(child("C1", *both)), next_year=after(child("C1", *both)))
    assert of(made, "referral", "referral_no", "referral_date") == [(1, D(2020, 3, 2)), (2, D(2020, 3, 2))]
    assert len(of(made, "assessment", "start_date")) == 1


def test_a_child_under_a_new_id_joins_by_pupil_number(tmp_path: Path) -> None:
    """Where the id is another one, a pupil number that each census holds once tells the child, unless the births differ."""
    own = census(
        child("C1", episode("2019-06-10")).replace("CANARYUPN", "CANARYUPN1"),
        child("C2", episode("2019-06-11")).replace("CANARYUPN", "CANARYUPN2"),
    )
    later = after(
        child("X1", episode("2020-07-01")).replace("CANARYUPN", "CANARYUPN1"),
        child("X2", episode("2020-07-01"), born="2011-01-01").replace("CANARYUPN", "CANARYUPN2"),
    )
    made = told(tmp_path, own, next_year=later)
    assert [len(of(made, "referral", "referral_no", child_id=one)) for one in ("C1", "C2")] == [2, 1]
    notes = {row["reason"]: row["rows_kept"] for row in made["receipt"].to_pylist() if row["file"] == "cin.xml"}
    assert notes["joined by pupil number"] == 1


def test_the_year_before_brings_earlier_referrals(tmp_path: Path) -> None:
    """A referral that had closed before the year is numbered before those of the year, and what followed these keeps to them."""
    own = census(child("C1", episode("2019-06-10", assessment("2019-06-12"))))
    made = told(
        tmp_path, own, previous_year=before(child("C1", closed("2018-09-03", "2018-12-01", assessment("2018-09-04"))))
    )
    assert of(made, "referral", *REFERRED) == [
        (1, D(2018, 9, 3), False, D(2018, 12, 1)),
        (2, D(2019, 6, 10), True, None),
    ]
    assert of(made, "assessment", "referral_no", "start_date") == [(2, D(2019, 6, 12))]


def test_the_time_covered_is_told(tmp_path: Path) -> None:
    """followed_up has a row for the year's own census and for each other: whether six months are whole follows from the last day."""
    one = child("C1", episode("2019-06-10"))
    alone = told(tmp_path / "alone", census(one))["followed_up"].to_pylist()
    assert [tuple(row.values()) for row in alone] == [("year", D(2019, 4, 1), D(2020, 3, 31), 1)]
    both = told(
        tmp_path / "both",
        census(one),
        next_year=after(one, child("N1")),
        previous_year=before(child("N1").replace("CANARYUPN", "CANARYUPN9")),
    )
    assert [tuple(row.values()) for row in both["followed_up"].to_pylist()][1:] == [
        ("next_year", D(2020, 4, 1), D(2021, 3, 31), 1),
        ("previous_year", D(2018, 4, 1), D(2019, 3, 31), 0),
    ]


def test_a_census_of_another_year_is_refused(tmp_path: Path) -> None:
    """A census that is not of the year after is refused by name, and nothing of it is taken."""
    with pytest.raises(DataProblem) as refused:
        told(tmp_path, census(child("C1")), next_year=census(child("C1")))
    assert refused.value.file == "cin.xml"
    assert "the folder next_year is for 2020-21" in str(refused.value)


def test_nothing_changes_without_another_census(tmp_path: Path) -> None:
    """The tables are those of the year's own census, and the same again where the next census adds nothing."""
    own = census(
        child(
            "C1",
            episode("2019-06-10", assessment("2019-06-12") + enquiry("2019-06-20")),
            closed("2020-01-10", "2020-02-01"),
        ),
        child("C2", episode("2020-03-01", plan("2020-03-20"))),
    )
    alone = told(tmp_path / "alone", own)
    both = told(tmp_path / "both", own, next_year=after(child("N1")))
    for name in ("referral", "assessment", "section47", "protection_plan"):
        for child_id in ("C1", "C2"):
            columns = [c for c in alone[name].column_names if c != "child_key"]
            assert of(alone, name, *columns, child_id=child_id) == of(both, name, *columns, child_id=child_id)
