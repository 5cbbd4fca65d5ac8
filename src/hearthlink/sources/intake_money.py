"""Intake tables of money and homes: Universal Credit, homelessness, rent, payments, council tax debt, school meals (domain.md 2.5 to 2.9)."""

from __future__ import annotations

from hearthlink.sources.intake import (
    CODE,
    DATE,
    END,
    FLAG,
    PENCE,
    SEX,
    TEXT,
    WHOLE,
    IntakeColumn,
    IntakeTable,
    identifying,
    plain,
)
from hearthlink.sources.intake_claims import TENURE

STAGE = {
    "none": "none", "bill": "none", "reminder": "reminder", "final_notice": "final_notice", "summons": "summons",
    "liability_order": "liability_order", "enforcement_agent": "enforcement_agent", "enforcement": "enforcement_agent",
    "attachment": "attachment", "attachment_of_benefit": "attachment", "attachment_of_earnings": "attachment", "committal": "committal",
}  # fmt: skip


def _claim() -> tuple[IntakeColumn, ...]:
    return (
        identifying("claim_ref", "claim reference, where it is held", "claim_reference", "claim_id"),
        identifying("ct_account_ref", "council tax account, where it is held", "account_ref", "ctax_ref"),
    )


def _person(prefix: str = "", who: str = "") -> tuple[IntakeColumn, ...]:
    also = (lambda *names: tuple(f"{prefix}{name}" for name in names)) if prefix else (lambda *names: names)
    return (
        identifying(f"{prefix}forename", f"{who}forename", *also("first_name", "forenames")),
        identifying(f"{prefix}surname", f"{who}surname", *also("last_name")),
        identifying(f"{prefix}birth_date", f"{who}birth date", *also("dob", "date_of_birth"), kind=DATE),
        plain(f"{prefix}sex", CODE, f"{who}F, M or empty", *also("gender"), codes=SEX),
    )


def _home() -> tuple[IntakeColumn, ...]:
    return (
        identifying("uprn", "unique property reference number"),
        identifying("address_1", "address, first line", "address", "addr1", "address_line_1"),
        identifying("address_2", "second line", "addr2", "address_line_2"),
        identifying("address_3", "third line", "addr3", "address_line_3"),
        identifying("postcode", "postcode", "post_code"),
    )


UC_AWARD = IntakeTable(
    "uc_award",
    "A Universal Credit award for one assessment period.",
    "universal_credit",
    ("uc_award", "universal_credit", "ucds"),
    (
        *_claim(),
        identifying("uc_ref", "the award's own reference", "uc_claim_id", "award_reference"),
        identifying("nino", "claimant's National Insurance number; used only to join, in memory", "claimant_nino"),
        *_person("claimant_", "claimant's "),
        *_person("partner_", "partner's "),
        identifying("partner_nino", "partner's National Insurance number; used only to join, in memory"),
        *_home(),
        plain("claim_date", DATE, "Universal Credit claimed on", "uc_claim_date"),
        plain("start_date", DATE, "assessment period begins", "assessment_period_start", "ap_start", required=True),
        plain("end_date", DATE, "assessment period ends", "assessment_period_end", "ap_end", required=True),
        plain("award", PENCE, "paid for the period", "award_amount", "uc_award"),
        plain("standard_allowance", PENCE, "element"),
        plain("child_element", PENCE, "element"),
        plain("disabled_child_element", PENCE, "element"),
        plain("lcwra_element", PENCE, "limited capability for work element", "lcw_element"),
        plain("carer_element", PENCE, "element"),
        plain("childcare_element", PENCE, "element"),
        plain("housing_element", PENCE, "element", "housing_costs"),
        plain("earnings", PENCE, "earnings taken into account", "earned_income"),
        plain("other_income", PENCE, "other income taken into account", "unearned_income"),
        plain("capital", PENCE, "capital"),
        plain("deductions", PENCE, "taken off for debts", "total_deductions"),
        plain("sanction", PENCE, "taken off by a sanction", "sanctions", "sanction_amount"),
        plain("advance_recovery", PENCE, "taken off for an advance", "advance_repayments"),
        plain("benefit_cap", PENCE, "taken off by the benefit cap", "benefit_cap_reduction"),
        plain("children", WHOLE, "number of children", "number_of_children", "n_children"),
        plain("notice", CODE, "new, change or stop", "notice_type", codes={"new": "new", "change": "change", "stop": "stop"}),
    ),
)  # fmt: skip

HOMELESSNESS_CASE = IntakeTable(
    "homelessness_case",
    "A homelessness case: one household that asked for help.",
    "homelessness",
    ("homelessness_case", "hclic_main", "cases", "main"),
    (
        identifying("case_ref", "case reference", "case_id", "case_reference", required=True),
        *_claim(),
        *_home(),
        plain("opened_date", DATE, "approached on", "application_date", "date_opened", required=True),
        plain("assessed_date", DATE, "assessed on", "assessment_date"),
        plain("duty", CODE, "prevention, relief or main", "duty_type", codes={"prevention": "prevention", "relief": "relief", "main": "main", "final": "main", "main_duty": "main"}),
        plain("loss_reason", TEXT, "the code for why the last settled home was lost", "reason_for_loss", "reason_loss_code"),
        plain("loss_subreason", TEXT, "the code for why a tenancy ended", "ast_reason", "reason_ast_ended"),
        plain("temporary_start", DATE, "temporary accommodation from", "ta_start", "ta_start_date"),
        plain("temporary_end", END, "temporary accommodation until", "ta_end", "ta_end_date"),
        plain("temporary_kind", TEXT, "bed and breakfast, hostel …", "ta_type"),
        plain("closed_date", DATE, "closed on", "date_closed"),
        plain("outcome", TEXT, "the code for how it ended", "case_outcome"),
    ),
    may_be_bare=True,
)  # fmt: skip

HOMELESSNESS_PERSON = IntakeTable(
    "homelessness_person",
    "A person in a homelessness case.",
    "homelessness",
    ("homelessness_person", "hclic_people", "people"),
    (
        identifying("case_ref", "case reference", "case_id", "case_reference", required=True),
        *_person(),
        plain("relationship", TEXT, "applicant, partner, child …", "role", "relationship_to_applicant"),
    ),
    may_be_bare=True,
)

RENT_ACCOUNT = IntakeTable(
    "rent_account",
    "A tenancy of the council, with its weekly rent over a stretch of time.",
    "rent",
    ("rent_account", "tenagree", "tenancies"),
    (
        identifying("tenancy_ref", "tenancy reference", "tag_ref", "account_ref", required=True),
        *_claim()[:1],
        *_person(),
        *_home(),
        plain("tenure", CODE, "as in a claim", "tenancy_type", codes=TENURE),
        plain("start_date", DATE, "tenancy from", "cot", "tenancy_start", required=True),
        plain("end_date", END, "tenancy until", "eot", "tenancy_end"),
        plain("end_reason", TEXT, "the system's code for why it ended", "termination_reason"),
        plain("rent", PENCE, "rent a week", "weekly_rent"),
        plain("rent_from", DATE, "the rent holds from; empty where from the start", "rent_start_date"),
        plain("bedrooms", WHOLE, "bedrooms", "no_beds", "bedroomsinproperty"),
        plain("notice_date", DATE, "notice seeking possession served", "nosp_date"),
        plain("possession_date", DATE, "possession order made", "possession_order_date"),
        plain("eviction_date", DATE, "evicted on", "date_of_eviction"),
    ),
    may_be_bare=True,
)

RENT_BALANCE = IntakeTable(
    "rent_balance",
    "What a tenant owed on a day; a debt is positive.",
    "rent",
    ("rent_balance", "balances", "arrears"),
    (
        identifying("tenancy_ref", "tenancy reference", "tag_ref", "account_ref", required=True),
        plain("day", DATE, "the day", "date", "balance_date", "as_at", required=True),
        plain("balance", PENCE, "owed; below nought is in credit", "cur_bal", "current_balance", required=True),
    ),
    may_be_bare=True,
)

HOUSING_PAYMENT = IntakeTable(
    "housing_payment",
    "A discretionary housing payment.",
    "housing_payments",
    ("housing_payment", "dhp", "housing_payments"),
    (
        *_claim(),
        *_person(),
        *_home(),
        plain("start_date", DATE, "first day", "from_date", "award_start", required=True),
        plain("end_date", END, "last day", "to_date", "award_end"),
        plain("weekly", PENCE, "a week", "weekly_amount", "award"),
        plain("lump_sum", PENCE, "paid once", "one_off"),
        plain("reason", TEXT, "the council's code for why", "award_reason"),
    ),
    may_be_bare=True,
)

COUNCIL_TAX_ARREAR = IntakeTable(
    "council_tax_arrear",
    "What was owed in council tax on a day, and how far its recovery had gone.",
    "council_tax",
    ("council_tax_arrear", "council_tax_arrears", "arrears"),
    (
        identifying("ct_account_ref", "council tax account", "account_ref", "ctax_ref", required=True),
        *_claim()[:1],
        *_home(),
        identifying("liable_name", "the liable person's name in one string", "lead_liab_name"),
        identifying("surname", "surname", "lead_liab_surname"),
        identifying("forename", "forename", "lead_liab_forename"),
        plain("day", DATE, "the day", "date", "as_at", "balance_date", required=True),
        plain("balance", PENCE, "owed", "arrears", "balance_due"),
        plain("stage", CODE, "none, reminder, final_notice, summons, liability_order, enforcement_agent, attachment or committal", "recovery_stage", codes=STAGE),
    ),
    may_be_bare=True,
)  # fmt: skip

SCHOOL_MEAL = IntakeTable(
    "school_meal",
    "A spell of entitlement to free school meals.",
    "school_meals",
    ("school_meal", "fsm", "fsm_periods", "fsmperiod", "fsmperiodsonroll"),
    (
        identifying("upn", "unique pupil number; used only to join, in memory", "unique_pupil_number", "pupil_id"),
        *_person(),
        *_home(),
        plain("start_date", DATE, "eligible from", "fsmstartdate", "fsm_start_date", required=True),
        plain("end_date", END, "eligible until", "fsmenddate", "fsm_end_date"),
        plain("protected", FLAG, "kept by transitional protection"),
    ),
    may_be_bare=True,
)

MONEY_TABLES = (
    UC_AWARD, HOMELESSNESS_CASE, HOMELESSNESS_PERSON, RENT_ACCOUNT, RENT_BALANCE, HOUSING_PAYMENT, COUNCIL_TAX_ARREAR, SCHOOL_MEAL,
)  # fmt: skip
