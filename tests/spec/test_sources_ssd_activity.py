"""Activity out of the safeguarding dataset: rows find their episode, and say what the census would have said."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_case_systems import rows
from made_extracts import table, write

from hearthlink.sources.case import ssd_activity
from hearthlink.sources.case.identifier_tables import Where
from hearthlink.sources.census.flat_rows import Flat

PERSONS = "pers_person_id pers_sex pers_upn pers_ethnicity pers_dob pers_expected_dob"
EPISODES = "cine_person_id cine_referral_id cine_referral_date cine_referral_source_code cine_cin_primary_need_code cine_close_date cine_referral_nfa"


def read_flat(folder: Path) -> Flat:
    return ssd_activity.read_flat(Where(folder))


def dataset(folder: Path, **more: tuple[str, list[tuple[str, ...]]]) -> Path:
    made = {
        "ssd_person": (
            PERSONS,
            [
                ("P2", "M", "", "WBRI", "", "2010-01-15 00:00:00"), ("P1", "F", "", "WBRI", "2012-05-03 00:00:00", ""),
                ("P3", "U", "", "SSD_PH", "", "2020-06-01 00:00:00"), ("P9", "F", "", "", "1985-01-01", ""),
            ],
        ),
        "ssd_cin_episodes": (
            EPISODES,
            [
                ("P1", "R2", "2019-09-01 00:00:00", "6", "N1", "NULL", "N"), ("P1", "R1", "2019-04-02 00:00:00", "6", "N1", "2019-08-01", "N"),
                ("P2", "R3", "2019-06-10", "1A", "N4", "", "Y"), ("P3", "R4", "2020-01-10", "", "", "", ""), ("P7", "R7", "2019-06-10", "", "", "", ""),
            ],
        ),
        **more,
    }  # fmt: skip
    write(folder, {f"{name}.csv": table(headers, held) for name, (headers, held) in made.items()})
    return folder


def test_children_are_those_with_an_episode(tmp_path: Path) -> None:
    """Adults among the persons are no children; an estimated birth date is one; an episode of nobody is counted."""
    flat = read_flat(dataset(tmp_path))
    assert rows(flat.tables["ChildIdentifiers"], "LAchildID", "PersonBirthDate", "ExpectedPersonBirthDate") == [
        ("P1", "2012-05-03", None), ("P2", "2010-01-15", None), ("P3", None, "2020-06-01"),
    ]  # fmt: skip
    assert flat.notes["of a person who is not there, left out"] == 1
    assert flat.rows_in == 3


LEGACY = (
    ("every child has one of its own", ("L2", "L1", "L3"), ["L1", "L2", "L3"]),
    ("one has none", ("L2", "", "L3"), ["P1", "P2", "P3"]),
    ("two share one", ("L2", "L2", "L3"), ["P1", "P2", "P3"]),
)


@pytest.mark.parametrize(("legacy", "expected"), [case[1:] for case in LEGACY], ids=[case[0] for case in LEGACY])
def test_children_are_called_by_the_id_that_returns_are_sent_with(
    tmp_path: Path, legacy: tuple[str, str, str], expected: list[str]
) -> None:
    """That is the legacy id where it tells every child apart, and the system's own otherwise."""
    persons = [(person_id, one, "2012-05-03") for person_id, one in zip(("P2", "P1", "P3"), legacy, strict=True)]
    flat = read_flat(
        dataset(
            tmp_path, ssd_person=("pers_person_id pers_legacy_id pers_dob pers_sex", [(*row, "F") for row in persons])
        )
    )
    assert [child for (child,) in rows(flat.tables["ChildIdentifiers"], "LAchildID")] == expected


def test_episodes_are_numbered_by_date(tmp_path: Path) -> None:
    """Episodes of a child count from its first, and NULL is no date."""
    flat = read_flat(dataset(tmp_path))
    assert rows(flat.tables["CINdetails"], "LAchildID", "CINdetailsID", "CINreferralDate", "CINclosureDate", "ReferralNFA")[:2] == [
        ("P1", "1", "2019-04-02", "2019-08-01", "N"), ("P1", "2", "2019-09-01", None, "N"),
    ]  # fmt: skip


def test_rows_find_the_episode_they_name_or_the_latest_before_them(tmp_path: Path) -> None:
    """A row belongs to the episode it names, if that is the same child's; else to the latest begun by its day."""
    held = [
        ("A1", "P1", "R1", "2019-10-01", ""), ("A2", "P1", "", "2019-10-02", "2019-11-01"), ("A3", "P1", "R3", "2019-05-01", ""),
        ("A4", "P1", "", "2018-01-01", ""), ("A5", "P8", "", "2019-05-01", ""),
    ]  # fmt: skip
    headers = "cina_assessment_id cina_person_id cina_referral_id cina_assessment_start_date cina_assessment_auth_date"
    factors = (
        "cinf_assessment_id cinf_assessment_factors_json",
        [("A2", '["1B", "3B"]'), ("A1", "1A, 4B"), ("A3", "SSD_PH"), ("A4", "[")],
    )
    flat = read_flat(dataset(tmp_path, ssd_cin_assessments=(headers, held), ssd_assessment_factors=factors))
    found = rows(flat.tables["Assessments"], "CINdetailsID", "AssessmentID", "AssessmentActualStartDate")
    assert found == [
        ("1", "1", "2018-01-01"),
        ("1", "2", "2019-05-01"),
        ("1", "3", "2019-10-01"),
        ("2", "1", "2019-10-02"),
    ]
    assert rows(flat.tables["AssessmentFactors"], "CINdetailsID", "AssessmentID", "AssessmentFactor") == [
        ("1", "3", "1A"), ("1", "3", "4B"), ("2", "1", "1B"), ("2", "1", "3B"),
    ]  # fmt: skip
    assert flat.notes["of no episode that is there, left out"] == 1


def test_conferences_stand_with_their_enquiry_or_their_episode(tmp_path: Path) -> None:
    """A conference that names an enquiry stands with it; one that names none stands with the episode."""
    flat = read_flat(
        dataset(
            tmp_path,
            ssd_s47_enquiry=(
                "s47e_s47_enquiry_id s47e_person_id s47e_referral_id s47e_s47_start_date",
                [("S1", "P1", "R1", "2019-05-01")],
            ),
            ssd_initial_cp_conference=(
                "icpc_person_id icpc_referral_id icpc_s47_enquiry_id icpc_icpc_target_date icpc_icpc_date",
                [("P1", "R1", "S1", "2019-05-21", "2019-05-20"), ("P1", "R2", "", "", "2019-10-20")],
            ),
        )
    )
    assert rows(flat.tables["Section47"], "CINdetailsID", "InitialCPCtarget", "DateOfInitialCPC") == [
        ("1", "2019-05-21", "2019-05-20")
    ]
    assert rows(flat.tables["CINdetails"], "DateOfInitialCPC")[:2] == [(None,), ("2019-10-20",)]


def test_plans_carry_their_reviews_and_count_those_before(tmp_path: Path) -> None:
    """Protection plans are numbered within the episode; the number of previous plans is counted over the child."""
    flat = read_flat(
        dataset(
            tmp_path,
            ssd_cp_plans=(
                "cppl_cp_plan_id cppl_person_id cppl_referral_id cppl_cp_plan_start_date cppl_cp_plan_initial_category",
                [("K2", "P1", "R2", "2019-10-01", "NEG"), ("K1", "P1", "R1", "2019-05-01", "EMO")],
            ),
            ssd_cp_reviews=(
                "cppr_cp_plan_id cppr_cp_review_date",
                [("K1", "2019-08-01"), ("K1", ""), ("K9", "2019-08-01")],
            ),
        )
    )
    assert rows(flat.tables["ChildProtectionPlans"], "CINdetailsID", "CPPID", "InitialCategoryOfAbuse", "NumberOfPreviousCPP") == [
        ("1", "1", "EMO", "0"), ("2", "1", "NEG", "1"),
    ]  # fmt: skip
    assert rows(flat.tables["Reviews"], "CINdetailsID", "CPPID", "CPPreviewDate") == [("1", "1", "2019-08-01")]
