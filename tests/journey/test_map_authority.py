"""`hearthlink map` on every plain table that the practice authority writes, whatever the layout: 95 columns in 100 are told right."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hearthlink.errors import DataProblem
from hearthlink.sources.intake.activity import ELEMENTS
from hearthlink.sources.intake.catalogue import INTAKE
from hearthlink.sources.mapping.guess import Sureness
from hearthlink.sources.mapping.shipped import open_shipped
from hearthlink.sources.reading.delimited import normal
from hearthlink.sources.reading.tabular import open_tabular
from hearthlink.study import Settings, layouts_asked, make_practice
from hearthlink.study.mapping import look

RIGHT = 0.95

BY_NAME = {
    "cts/household_period.csv": "claim_period", "cts/person_period.csv": "claim_person", "identifiers/child_person.csv": "child_person",
    "identifiers/child_address.csv": "child_address", "identifiers/child_adult.csv": "child_adult", "identifiers/child_alias.csv": "child_alias",
    "ssd/related_adults.csv": "child_adult", "universal_credit/uc_award.csv": "uc_award", "rent/tenagree.csv": "rent_account",
    "rent/rent_balance.csv": "rent_balance", "homelessness/homelessness_case.csv": "homelessness_case",
    "homelessness/homelessness_person.csv": "homelessness_person", "housing_payments/dhp.csv": "housing_payment", "school_meals/fsm_periods.csv": "school_meal",
    **{f"cin_csv/{flat}.csv": name for name, (flat, _) in ELEMENTS.items() if name not in {"pre_proceedings", "assessment_factor"}},
}  # fmt: skip
"""Tables whose columns go by names that are ours: what is right is what those names say."""

BY_MAPPING = {
    "mosaic/DM_PERSONS.csv": ("mosaic", "child_person"), "mosaic/DM_ADDRESSES.csv": ("mosaic", "child_address"),
    "liquidlogic/DIM_PERSON.csv": ("liquidlogic", "child_person"), "liquidlogic/DIM_PERSON_ADDRESS.csv": ("liquidlogic", "child_address"),
    "academy/hbhousehold.csv": ("academy", "claim_period"), "academy/hbmember.csv": ("academy", "claim_person"),
    "ssda903/SSDA903_2020_episodes.csv": ("ssda903", "looked_after"),
}  # fmt: skip
"""Tables in a supplier's own words: what is right is what the mapping that ships says."""

BY_HAND: dict[str, tuple[str, dict[str, str]]] = {
    "ssd/ssd_person.csv": ("child_person", {
        "person_id": "pers_person_id", "legacy_id": "pers_legacy_id", "upn": "pers_upn", "forename": "pers_forename", "surname": "pers_surname",
        "birth_date": "pers_dob", "expected_birth_date": "pers_expected_dob", "sex": "pers_sex",
    }),
    "ssd/ssd_address.csv": ("child_address", {
        "person_id": "addr_person_id", "address_kind": "addr_address_type", "start_date": "addr_address_start_date",
        "end_date": "addr_address_end_date", "postcode": "addr_address_postcode",
    }),
    "ssd/ssd_cin_plans.csv": ("cin_plan", {
        "person_id": "cinp_person_id", "start_date": "cinp_cin_plan_start_date", "end_date": "cinp_cin_plan_end_date",
    }),
    "ssd/ssd_cla_episodes.csv": ("looked_after", {
        "person_id": "clae_person_id", "start_date": "clae_cla_episode_start_date", "end_date": "clae_cla_episode_ceased",
    }),
    "liquidlogic/FACT_PERSON_RELATION.csv": ("child_adult", {
        "person_id": "DIM_PERSON_ID", "adult_id": "DIM_RELATED_PERSON_ID", "birth_date": "DIM_RELATED_PERSON_DOB", "end_date": "END_DTTM",
    }),
    "ssd/ssd_cin_episodes.csv": ("referral", {
        "child_id": "cine_person_id", "referral_id": "cine_referral_id", "referral_date": "cine_referral_date",
        "referral_source": "cine_referral_source_code", "primary_need": "cine_cin_primary_need_code", "closure_date": "cine_close_date",
        "closure_reason": "cine_close_reason", "no_further_action": "cine_referral_nfa",
    }),
    "ssd/ssd_cin_assessments.csv": ("assessment", {
        "child_id": "cina_person_id", "referral_id": "cina_referral_id", "assessment_id": "cina_assessment_id",
        "assessment_start_date": "cina_assessment_start_date", "assessment_end_date": "cina_assessment_auth_date",
    }),
    "ssd/ssd_s47_enquiry.csv": ("section47", {
        "child_id": "s47e_person_id", "referral_id": "s47e_referral_id", "enquiry_start_date": "s47e_s47_start_date",
    }),
    "ssd/ssd_cp_plans.csv": ("protection_plan", {
        "child_id": "cppl_person_id", "referral_id": "cppl_referral_id", "protection_plan_id": "cppl_cp_plan_id",
        "protection_start_date": "cppl_cp_plan_start_date", "protection_end_date": "cppl_cp_plan_end_date",
        "first_category": "cppl_cp_plan_initial_category", "latest_category": "cppl_cp_plan_latest_category",
    }),
    "council_tax/council_tax_arrears.csv": ("council_tax_arrear", {
        "ct_account_ref": "account_ref", "uprn": "uprn", "address_1": "address_1", "address_2": "address_2", "address_3": "address_3",
        "postcode": "postcode", "surname": "lead_liab_name", "forename": "lead_liab_name", "day": "as_at", "balance": "balance_due",
        "stage": "recovery_stage",
    }),
}  # fmt: skip


def clock() -> datetime:
    return datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every layout that the authority can write, small."""
    study = tmp_path_factory.mktemp("every") / "layout"
    make_practice(study, Settings(children=80, households=120, months=13, seed=3, layouts=layouts_asked("all")))
    return study / "in"


def right(path: Path, name: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    """The table that a file fills, and from which headers each column comes."""
    headers = open_tabular(path, "test").headers
    if name in BY_HAND:
        table, said = BY_HAND[name]
        return table, {ours: (header,) for ours, header in said.items()}
    if name in BY_MAPPING:
        mapping, table = BY_MAPPING[name]
        (rules,) = (one for one in open_shipped(mapping).tables if one.fills == table)
        return table, {
            ours: tuple(h for h in rule.headers if h in headers)
            for ours, rule in rules.columns.items()
            if {*rule.headers} & {*headers}
        }
    table = INTAKE[BY_NAME[name]]
    held = {normal(header): header for header in headers}
    said = {
        c.name: next((held[normal(n)] for n in (c.name, *c.also) if normal(n) in held), None) for c in table.columns
    }
    return table.name, {ours: (header,) for ours, header in said.items() if header is not None}


@pytest.mark.parametrize("name", sorted({*BY_NAME, *BY_MAPPING, *BY_HAND}))
def test_the_columns_of_a_file_are_told(extracts: Path, name: str) -> None:
    """The table and 95 columns in 100 are right, nothing wrong is called sure, and what is missed is missed and not put elsewhere."""
    table, said = right(extracts / name, name)
    (found,) = look(extracts / name, clock=clock).tables
    held = {one.column.name: one.rule.headers for one in found.columns}
    assert found.table.name == table
    missed = {
        ours: held.get(ours) for ours, headers in said.items() if not held.get(ours) or not {*held[ours]} <= {*headers}
    }
    assert len(missed) <= (1 - RIGHT) * len(said), missed
    sure = {one.column.name for one in found.columns if one.sureness is Sureness.SURE}
    assert sure & {*missed} == set()
    assert sure <= {*said}, "a column was put somewhere it does not belong, and called sure"


def test_a_workbook_s_sheets_are_looked_at_one_by_one(extracts: Path) -> None:
    """Of the Annex A workbook the lists of referrals, assessments, enquiries, plans and care are told, each with its sheet; others name children."""
    (path,) = (extracts / "annex_a").glob("*.xlsx")
    looked = look(path, clock=clock)
    assert {(one.table.name, one.sheet) for one in looked.tables} == {
        *(("cin_child", f"List {number}") for number in (1, 9, 10)), *(("assessment", f"List {number}") for number in (2, 4)),
        ("referral", "List 3"), ("section47", "List 5"), ("cin_plan", "List 6"), ("protection_plan", "List 7"), ("looked_after", "List 8"),
    }  # fmt: skip
    assert len(looked.strange) == 1


def test_tables_that_need_no_mapping_are_given_none(extracts: Path) -> None:
    """Of Academy's twelve tables the two that a mapping reads are told, and the others are not taken for what they happen to resemble."""
    looked = look(extracts / "academy", clock=clock)
    assert {(one.file, one.table.name) for one in looked.tables} == {
        ("hbhousehold", "claim_period"),
        ("hbmember", "claim_person"),
    }
    assert len([said for said in looked.strange if "read by its own name" in said]) == 10
    with pytest.raises(DataProblem, match="read by its own name"):
        look(extracts / "academy" / "ctaccount.csv", clock=clock)
