"""Which field of an extract fills which columns of Hearthlink's own tables: where none of them is listed, the field is not read.

A field that stands in none of these is needed to say what a row is, to join it or to date it (an id, a reference, a name, a birth date,
the first day of a stretch), or to know what another means (the period that a rent is for); it is kept nowhere but where it is listed. A
field that fills nothing at all is read only where no protocol says what may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Fills: TypeAlias = Mapping[str, tuple[str, ...]]
"""For each field the columns it fills, as "table.column"."""

NOTHING = ""


def _fills(**fields: str) -> Fills:
    return {name: tuple(columns.split()) for name, columns in fields.items()}


def _same(table: str, *columns: str) -> dict[str, str]:
    return {column: f"{table}.{column}" for column in columns}


_SEX = "child_identifier.sex child.sex"
_MEMBER_SEX = "household_member.sex household_person.sex"
_ADDRESS, _HOME = "child_address.address", "household_residence.address"
_HOME_CODE = "household_residence.postcode household_home.same_postcode"
_PASSPORT = (
    "household_fact.passported household_period.passported household_period.passport_benefit household_period.earnings "
    "household_period.other_income household_period.capital household_period.out_of_work_benefit household_period.jobseeker_benefit "
    "household_period.claimant_hours household_period.partner_hours"
)
_INCOME = (
    "household_period.earnings household_period.other_income household_period.uc_in_payment household_period.uc_award"
)
_STOPPED = "award.status household_period.status household_period.suspension_reason"
_HOMELESS = "homelessness.people homelessness.children"
_STAGES = "council_tax_arrear.stage council_tax_arrear.stage_date"

CENSUS: Fills = _fills(
    Sex=_SEX, GenderCurrent=_SEX, Ethnicity="child.ethnicity", Disability="child.disabled",
    ReferralSource="referral.source", PrimaryNeedCode="referral.primary_need", ReferralNFA="referral.no_further_action",
    CINclosureDate="referral.closure_date", ReasonForClosure="referral.closure_reason",
    AssessmentActualStartDate="assessment.start_date", AssessmentAuthorisationDate="assessment.end_date", AssessmentFactor="assessment.factors",
    S47ActualStartDate="section47.start_date", DateOfInitialCPC="section47.conference_date",
    CPPstartDate="protection_plan.start_date", CPPendDate="protection_plan.end_date",
    InitialCategoryOfAbuse="protection_plan.initial_category", LatestCategoryOfAbuse="protection_plan.latest_category",
    CINPlanStartDate="cin_plan.start_date", CINPlanEndDate="cin_plan.end_date",
)  # fmt: skip
"""Elements of the census, in XML or as flat tables."""

FEED: Fills = _fills(
    sex=_SEX, ethnicity="child.ethnicity", disabilities="child.disabled", postcode="child_address.postcode",
    referral_source="referral.source", referral_no_further_action_flag="referral.no_further_action",
    closure_date="referral.closure_date", closure_reason="referral.closure_reason",
    factors="assessment.factors", authorisation_date="assessment.end_date",
    icpc_date="section47.conference_date", icpc_required_flag=NOTHING,
    child_and_family_assessments="assessment.start_date assessment.end_date assessment.factors",
    section_47_assessments="section47.start_date section47.conference_date",
    child_in_need_plans="cin_plan.start_date", child_protection_plans="protection_plan.start_date",
    child_looked_after_placements="looked_after.start_date child_address.postcode",
)  # fmt: skip
"""Names in a record of the daily feed, at any depth."""

SHBE: Fills = _fills(
    claimant_sex=_MEMBER_SEX, partner_sex=_MEMBER_SEX,
    claimant_middle="household_member.forename", partner_middle="household_member.forename",
    **{f"address_{n}": _HOME for n in (1, 2, 3, 4)}, postcode=_HOME_CODE,
    passport=_PASSPORT, dependants="household_identifier.dependants_stated household_count.dependants",
    pence="award.weekly_pence household_period.hb",
    **{name: f"household_period.{name}" for name in ("tenure", "eligible_rent", "bedrooms", "lha_rooms", "lha_rate", "dhp", "benefit_cap", "size_criteria", "end_reason", "claimant_hours", "partner_hours")},
    rent="household_period.rent", rent_code="household_period.rent", landlord_reason="household_period.arrears_payment",
    non_dependants=NOTHING, deduction="household_period.non_dependant_deduction",
    claimant_capital="household_period.capital", partner_capital="household_period.capital",
)  # fmt: skip
"""Fields of the monthly Housing Benefit extract, by our names for them."""

_ADULT = _fills(
    **_same("child_adult", "relationship", "forename", "surname", "birth_date", "lives_with"), former_surname=NOTHING, sex=NOTHING,
)  # fmt: skip

FILLS: Mapping[str, Fills] = {
    "child_person": _fills(sex=_SEX, **_same("child_identifier", "middle_names", "known_as", "former_surname")),
    "child_alias": _fills(forename="child_identifier.known_as", surname="child_identifier.former_surname"),
    "child_address": _fills(
        uprn="child_address.uprn", postcode="child_address.postcode", address_kind="child_address.address_kind", address=_ADDRESS,
        **{f"address_{n}": _ADDRESS for n in range(1, 6)},
    ),
    "child_adult": _ADULT, "related_adults": _ADULT,
    "ssd_person": _fills(pers_sex=_SEX, pers_ethnicity="child.ethnicity", pers_death_date=NOTHING),
    "ssd_address": _fills(
        addr_address_json="child_address.address child_address.uprn", addr_address_postcode="child_address.postcode",
        addr_address_type="child_address.address_kind",
    ),
    "ssd_cin_plans": _fills(cinp_cin_plan_end_date="cin_plan.end_date"),
    "ssd_cla_episodes": _fills(clae_cla_episode_ceased="looked_after.end_date"),
    "ssd_cin_episodes": _fills(
        cine_referral_source_code="referral.source", cine_cin_primary_need_code="referral.primary_need", cine_close_date="referral.closure_date",
        cine_close_reason="referral.closure_reason", cine_referral_nfa="referral.no_further_action",
    ),
    "ssd_disability": _fills(disa_disability_code="child.disabled"),
    "ssd_cin_assessments": _fills(cina_assessment_auth_date="assessment.end_date"),
    "ssd_assessment_factors": _fills(cinf_assessment_factors_json="assessment.factors"),
    "ssd_s47_enquiry": _fills(s47e_s47_end_date=NOTHING),
    "ssd_initial_cp_conference": _fills(icpc_icpc_date="section47.conference_date"),
    "ssd_cp_plans": _fills(
        cppl_cp_plan_initial_category="protection_plan.initial_category", cppl_cp_plan_latest_category="protection_plan.latest_category",
        cppl_cp_plan_end_date="protection_plan.end_date",
    ),
    "dm_persons": _fills(gender=_SEX),
    "dm_addresses": _fills(
        address=_ADDRESS, post_code="child_address.postcode", unique_id="child_address.uprn", address_type="child_address.address_kind",
    ),
    "dim_person": _fills(gender_main_code=_SEX, middle_name="child_identifier.middle_names"),
    "dim_person_address": _fills(
        **dict.fromkeys(("room_no", "floor_no", "flat_no", "building", "house_no", "street", "town"), _ADDRESS),
        postcode="child_address.postcode", uprn="child_address.uprn", addss_type="child_address.address_kind",
    ),
    "cin_plan": _fills(end_date="cin_plan.end_date"),
    "looked_after": _fills(end_date="looked_after.end_date"),
    "cin_child": _fills(sex=_SEX, gender_current=_SEX, ethnicity="child.ethnicity", disabilities="child.disabled"),
    "child_ethnicity": _fills(ethnicity="child.ethnicity"),
    "child_disability": _fills(disability="child.disabled"),
    "referral": _fills(
        referral_source="referral.source", first_conference_date="section47.conference_date",
        **_same("referral", "primary_need", "closure_date", "closure_reason", "no_further_action"),
    ),
    "assessment": _fills(assessment_end_date="assessment.end_date", factors="assessment.factors"),
    "section47": _fills(first_conference_date="section47.conference_date"),
    "protection_plan": _fills(
        protection_end_date="protection_plan.end_date", first_category="protection_plan.initial_category",
        latest_category="protection_plan.latest_category",
    ),
    "claim_period": _fills(
        uprn="household_residence.uprn", postcode=_HOME_CODE, **{f"address_{n}": _HOME for n in (1, 2, 3, 4)},
        suspension_date=NOTHING, household_size=NOTHING, excess_income=NOTHING, contractual_rent="household_period.rent",
        rent_period="household_period.rent", hb_award="award.weekly_pence award.benefit household_period.hb",
        cts_award="award.weekly_pence household_period.cts", dhp_award="household_period.dhp", passport_benefit=_PASSPORT,
        hours="household_period.claimant_hours household_period.partner_hours",
        dependants="household_count.dependants household_identifier.dependants_stated", dependant_ages="household_count.ages",
        **_same(
            "household_period", "suspension_reason", "end_reason", "tenure", "eligible_rent", "bedrooms", "lha_rooms", "lha_rate", "benefit_cap",
            "size_criteria", "non_dependant_deduction", "overpayment_recovery", "uc_in_payment", "uc_award", "earnings", "other_income",
            "capital", "council_tax_balance", "recovery_stage",
        ),
    ),
    "claim_person": _fills(
        title=NOTHING, employment=NOTHING, sanction=NOTHING, disability=NOTHING, sex=_MEMBER_SEX, other_names="household_member.forename",
        hours="household_period.claimant_hours household_period.partner_hours",
    ),
    "hbclaim": _fills(
        hb_suspend_date=_STOPPED, ctb_suspend_date=_STOPPED, suspend_pay_ind=_STOPPED, susp_reason_code="household_period.suspension_reason",
        hb_end_reason="household_period.end_reason", ctb_end_reason="household_period.end_reason",
    ),
    "hbhousehold": _fills(
        **{f"addr{n}": _HOME for n in (1, 2, 3, 4)}, post_code=_HOME_CODE, uprn="household_residence.uprn", inc_supp_ind=_PASSPORT,
    ),
    "hbmember": _fills(
        title=NOTHING, disable_ind=NOTHING, gender=_MEMBER_SEX,
        hours_worked="household_period.claimant_hours household_period.partner_hours",
    ),
    "hbinccode": _fills(descrip1=f"{_INCOME} household_period.out_of_work_benefit"),
    "ctproperty": _fills(no_beds="household_period.bedrooms", uprn="household_residence.uprn"),
    "uc_award": _fills(
        claimant_sex="household_member.sex", partner_sex="household_member.sex",
        children="universal_credit.children household_fact.has_dependants household_identifier.dependants_stated",
        child_element="universal_credit.child_element household_fact.has_dependants",
        earnings="universal_credit.earnings universal_credit.pay_shift",
        **_same(
            "universal_credit", "claim_date", "award", "standard_allowance", "disabled_child_element", "lcwra_element", "carer_element",
            "childcare_element", "housing_element", "other_income", "capital", "deductions", "sanction", "advance_recovery", "benefit_cap",
        ),
    ),
    "homelessness_case": _fills(
        temporary_start="temporary_accommodation.start_date", temporary_end="temporary_accommodation.end_date",
        temporary_kind="temporary_accommodation.kind",
        **_same(
            "homelessness", "assessed_date", "duty", "prevention_date", "relief_date", "main_date", "loss_reason", "tenancy_reason", "outcome",
        ),
    ),
    "homelessness_person": _fills(sex=NOTHING, relationship=NOTHING),
    "temporary_accommodation": _fills(**_same("temporary_accommodation", "end_date", "kind", "out_of_area")),
    "rent_account": _fills(
        sex=NOTHING, rent="rent_account.rent rent_balance.weeks_owed",
        **_same("rent_account", "tenure", "end_reason", "service_charge", "bedrooms", "notice_date", "possession_date", "eviction_date"),
    ),
    "rent_person": _fills(sex=NOTHING),
    "housing_payment": _fills(sex=NOTHING, **_same("housing_payment", "decided_date", "weekly", "lump_sum", "reason")),
    "council_tax_arrear": _fills(
        tax_year="council_tax_arrear.tax_year", balance="council_tax_arrear.balance", stage="council_tax_arrear.stage",
        stage_date="council_tax_arrear.stage_date",
        **dict.fromkeys(
            ("reminder_date", "final_notice_date", "summons_date", "liability_order_date", "enforcement_agent_date", "attachment_date", "committal_date"),
            _STAGES,
        ),
    ),
    "school_meal": _fills(sex=NOTHING, protected="school_meal.protected", category="school_meal.category"),
    "school_pupil": _fills(sex=NOTHING),
}  # fmt: skip
"""Fields of the intake tables and of suppliers' own, table by table."""

KEPT_IN: Mapping[str, tuple[str, ...]] = {
    "uc_award": ("universal_credit", "household_fact"),
    **dict.fromkeys(("homelessness_case", "homelessness_person"), ("homelessness", "temporary_accommodation")),
    "temporary_accommodation": ("temporary_accommodation",),
    **dict.fromkeys(("rent_account", "rent_person"), ("rent_account", "rent_balance")),
    "rent_balance": ("rent_balance",), "housing_payment": ("housing_payment",), "council_tax_arrear": ("council_tax_arrear",),
    **dict.fromkeys(("school_meal", "school_pupil"), ("school_meal",)),
    **dict.fromkeys(("child_adult", "related_adults", "ssd_mother", "ssd_family", "dm_personal_relationships", "dm_personal_rel_types", "fact_person_relation"), ("child_adult",)),
    "ssd_cla_episodes": ("looked_after",), "looked_after": ("looked_after",), "cin_plan": ("cin_plan",), "ssd_cin_plans": ("cin_plan",),
    **dict.fromkeys(("ssd_cin_assessments", "ssd_assessment_factors", "assessment", "assessment_factor"), ("assessment",)),
    **dict.fromkeys(("ssd_s47_enquiry", "ssd_initial_cp_conference", "section47"), ("section47",)),
    **dict.fromkeys(("ssd_cp_plans", "ssd_cp_reviews", "protection_plan", "protection_review"), ("protection_plan",)),
}  # fmt: skip
"""Our tables that the rows of a file end in: where none of them is listed, nothing of the file is read but how many rows it has."""

TIMES: Mapping[str, tuple[str, str]] = {
    "uc_award": ("start_date", "end_date"),
    "homelessness_case": ("opened_date", "closed_date"),
    "temporary_accommodation": ("start_date", "end_date"),
    "rent_account": ("start_date", "end_date"),
    "rent_balance": ("day", "day"),
    "housing_payment": ("start_date", "end_date"),
    "council_tax_arrear": ("day", "day"),
    "school_meal": ("start_date", "end_date"),
    "claim_period": ("start_date", "end_date"),
    "claim_person": ("start_date", "end_date"),
}
"""The first and last day that a row of an intake table speaks for."""

SAYS_WITHHELD: Mapping[str, frozenset[str]] = {
    "child_address": frozenset({"address_kind", "address", *(f"address_{n}" for n in range(1, 6))}),
    "ssd_address": frozenset({"addr_address_json", "addr_address_type"}),
    "dm_addresses": frozenset({"address", "address_type"}),
    "dim_person_address": frozenset({"building", "street", "town", "addss_type"}),
}
"""Fields in which systems write that an address is withheld: of one that is not listed, the word that says so is all that is taken."""
