"""Intake tables of money and homes: Universal Credit, homelessness, rent, payments, council tax debt, school meals (domain.md 2.5 to 2.9).

No public layout was found for any of these but free school meals, so the layouts are ours and take many other headers. Codes that no public
source gives stand as groups in words; a mapping says which code of a system belongs to which group.
"""

from __future__ import annotations

from hearthlink.sources.intake.claims import PERIOD, TENURE
from hearthlink.sources.intake.declared import (
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
from hearthlink.sources.intake.money_words import (
    ARREAR_STAGES,
    DUTIES,
    HOME_LOSSES,
    HOUSING_OUTCOMES,
    MEAL_CATEGORIES,
    NOTICES,
    PAYMENT_REASONS,
    TEMPORARY_KINDS,
    TENANCY_ENDS,
    TENANCY_LOSSES,
    spellings,
)


def _claim() -> tuple[IntakeColumn, ...]:
    return (
        identifying("claim_ref", "claim reference, where it is held", "claim_reference", "claim_id", "hb_ref", "ctr_ref", "benefit_ref"),
        identifying("ct_account_ref", "council tax account, where it is held", "account_ref", "ctax_ref", "council_tax_ref", "ct_ref"),
    )  # fmt: skip


def _person(prefix: str = "", who: str = "", *, bare: bool = True) -> tuple[IntakeColumn, ...]:
    """Who somebody is. With a prefix, the names without it are taken too where ``bare``, for a file with only one person in a row."""

    def also(*names: str) -> tuple[str, ...]:
        if not prefix:
            return names[1:]
        return (*(f"{prefix}{name}" for name in names[1:]), *(names if bare else ()))

    return (
        identifying(f"{prefix}forename", f"{who}forename", *also("forename", "first_name", "forenames", "given_name")),
        identifying(f"{prefix}surname", f"{who}surname", *also("surname", "last_name", "family_name")),
        identifying(f"{prefix}birth_date", f"{who}birth date", *also("birth_date", "dob", "date_of_birth"), kind=DATE),
        plain(f"{prefix}sex", CODE, f"{who}F, M or empty", *also("sex", "gender"), codes=SEX),
    )


def _home() -> tuple[IntakeColumn, ...]:
    return (
        identifying("uprn", "unique property reference number"),
        identifying("address_1", "address, first line", "address", "addr1", "address_line_1"),
        identifying("address_2", "second line", "addr2", "address_line_2"),
        identifying("address_3", "third line", "addr3", "address_line_3"),
        identifying("postcode", "postcode", "post_code"),
    )


def _sent() -> IntakeColumn:
    return plain("sent_date", DATE, "the row was sent, or last changed, on: the later of two rows stands", "extract_date", "file_date", "received_date", "updated_date")  # fmt: skip


UC_AWARD = IntakeTable(
    "uc_award",
    "A Universal Credit award for one assessment period.",
    "universal_credit",
    ("uc_award", "universal_credit", "ucds"),
    (
        *_claim(),
        identifying("uc_ref", "the award's own reference, the same for every period", "uc_claim_id", "award_reference", "uc_claim_ref"),
        identifying("nino", "claimant's National Insurance number; used only to join, in memory", "claimant_nino"),
        *_person("claimant_", "claimant's "),
        *_person("partner_", "partner's ", bare=False),
        identifying("partner_nino", "partner's National Insurance number; used only to join, in memory"),
        *_home(),
        plain("claim_date", DATE, "Universal Credit claimed on", "uc_claim_date"),
        plain("start_date", DATE, "assessment period begins", "assessment_period_start", "ap_start", "ap_start_date", required=True),
        plain("end_date", DATE, "assessment period ends", "assessment_period_end", "ap_end", "ap_end_date", required=True),
        plain("award", PENCE, "paid for the period", "award_amount", "uc_award", "take_home_award"),
        plain("standard_allowance", PENCE, "standard allowance for the period"),
        plain("child_element", PENCE, "child element for the period"),
        plain("disabled_child_element", PENCE, "disabled child element for the period"),
        plain("lcwra_element", PENCE, "limited capability for work element for the period", "lcw_element"),
        plain("carer_element", PENCE, "carer element for the period"),
        plain("childcare_element", PENCE, "childcare element for the period"),
        plain("housing_element", PENCE, "housing element for the period", "housing_costs", "housing_costs_element"),
        plain("earnings", PENCE, "earnings taken into account", "earned_income", "take_home_pay"),
        plain("other_income", PENCE, "other income taken into account", "unearned_income"),
        plain("capital", PENCE, "capital"),
        plain("deductions", PENCE, "taken off for debts", "total_deductions", "third_party_deductions"),
        plain("sanction", PENCE, "taken off by a sanction", "sanctions", "sanction_amount"),
        plain("advance_recovery", PENCE, "taken off for an advance", "advance_repayments", "advance_repayment"),
        plain("benefit_cap", PENCE, "taken off by the benefit cap", "benefit_cap_reduction", "benefit_cap_amount"),
        plain("children", WHOLE, "number of children", "number_of_children", "n_children", "child_count"),
        plain("notice", CODE, "new, change or stop", "notice_type", "record_type", codes=spellings(NOTICES)),
        _sent(),
    ),
)  # fmt: skip

HOMELESSNESS_CASE = IntakeTable(
    "homelessness_case",
    "A homelessness case: one household that asked for help.",
    "homelessness",
    ("homelessness_case", "hclic_main", "homelessness", "cases", "main"),
    (
        identifying("case_ref", "case reference", "case_id", "case_reference", "caseid", "casereference", required=True),
        *_claim(),
        *_home(),
        plain("opened_date", DATE, "approached on", "application_date", "date_opened", "approach_date", "date_of_application", "dateofapplication", required=True),
        plain("assessed_date", DATE, "assessed on", "assessment_date", "date_assessed"),
        plain("duty", CODE, "the furthest duty owed: none, prevention, relief or main", "duty_type", "duty_owed", codes=spellings(DUTIES)),
        plain("prevention_date", DATE, "prevention duty owed from", "prevention_start", "prevention_duty_start_date"),
        plain("relief_date", DATE, "relief duty owed from", "relief_start", "relief_duty_start_date"),
        plain("main_date", DATE, "main duty owed from", "main_duty_date", "main_duty_start_date", "final_duty_date"),
        plain("loss_reason", CODE, "why the last settled home was lost, as a group", "reason_for_loss", "reason_loss", "main_reason_for_loss", codes=spellings(HOME_LOSSES)),
        plain("tenancy_reason", CODE, "why an assured shorthold tenancy ended, as a group", "loss_subreason", "ast_reason", "reason_ast_ended", codes=spellings(TENANCY_LOSSES)),
        plain("temporary_start", DATE, "temporary accommodation from, where there was one spell", "ta_start", "ta_start_date"),
        plain("temporary_end", END, "temporary accommodation until, where there was one spell", "ta_end", "ta_end_date"),
        plain("temporary_kind", CODE, "kind of temporary accommodation, where there was one spell", "ta_type", "ta_kind", codes=spellings(TEMPORARY_KINDS)),
        plain("closed_date", END, "closed on", "date_closed", "case_closed_date"),
        plain("outcome", CODE, "how it ended, as a group", "case_outcome", "closure_reason", codes=spellings(HOUSING_OUTCOMES)),
        _sent(),
    ),
    may_be_bare=True,
)  # fmt: skip

HOMELESSNESS_PERSON = IntakeTable(
    "homelessness_person",
    "A person in a homelessness case.",
    "homelessness",
    ("homelessness_person", "hclic_people", "people"),
    (
        identifying("case_ref", "case reference", "case_id", "case_reference", "caseid", "casereference", required=True),
        *_person(),
        plain("relationship", TEXT, "applicant, partner, child …", "role", "relationship_to_applicant"),
    ),
    may_be_bare=True,
)  # fmt: skip

TEMPORARY_ACCOMMODATION = IntakeTable(
    "temporary_accommodation",
    "A spell of a homelessness case in temporary accommodation.",
    "homelessness",
    ("temporary_accommodation", "hclic_temporary_accommodation", "placements"),
    (
        identifying("case_ref", "case reference", "case_id", "case_reference", "caseid", "casereference", required=True),
        plain("start_date", DATE, "from", "ta_start", "ta_start_date", "entry_date", "placement_start", required=True),
        plain("end_date", END, "until", "ta_end", "ta_end_date", "exit_date", "placement_end"),
        plain("kind", CODE, "kind of accommodation", "ta_type", "accommodation_type", "temporary_kind", codes=spellings(TEMPORARY_KINDS)),
        plain("out_of_area", FLAG, "in the area of another council", "out_of_district", "outside_area"),
    ),
    may_be_bare=True,
)  # fmt: skip

RENT_ACCOUNT = IntakeTable(
    "rent_account",
    "A tenancy of the council, with its rent over a stretch of time; one row for each rent.",
    "rent",
    ("rent_account", "rent_accounts", "tenagree", "tenancies"),
    (
        identifying("tenancy_ref", "tenancy reference", "tag_ref", "account_ref", "rent_account_ref", required=True),
        *_claim()[:1],
        *_person(),
        *_home(),
        plain("tenure", CODE, "as in a claim", "tenancy_type", codes=TENURE),
        plain("start_date", DATE, "tenancy from", "cot", "tenancy_start", required=True),
        plain("end_date", END, "tenancy until", "eot", "tenancy_end"),
        plain("end_reason", CODE, "why the tenancy ended, as a group", "termination_reason", codes=spellings(TENANCY_ENDS)),
        plain("rent", PENCE, "rent by the period beside; a week where there is none", "weekly_rent", "net_rent"),
        plain("rent_period", CODE, "week, fortnight, four_weeks, month, quarter or year", "rent_frequency", codes=PERIOD),
        plain("charged_weeks", WHOLE, "weeks of the year in which rent is charged, such as 48 or 50; empty where every week", "rent_weeks"),
        plain("service_charge", PENCE, "service charge, by the same period, where it is not part of the rent", "service_charges"),
        plain("rent_from", DATE, "the rent holds from; empty where from the start", "rent_start_date", "rent_effective_date"),
        plain("bedrooms", WHOLE, "bedrooms", "no_beds", "bedroomsinproperty"),
        plain("notice_date", DATE, "notice seeking possession served", "nosp_date"),
        plain("possession_date", DATE, "possession order made", "possession_order_date"),
        plain("eviction_date", DATE, "evicted on", "date_of_eviction"),
        _sent(),
    ),
    may_be_bare=True,
)  # fmt: skip

RENT_PERSON = IntakeTable(
    "rent_person",
    "A tenant or other adult of a council tenancy, where the tenancy's own row does not name them all.",
    "rent",
    ("rent_person", "rent_people", "tenants", "member", "members"),
    (
        identifying("tenancy_ref", "tenancy reference", "tag_ref", "account_ref", "rent_account_ref", required=True),
        *_person(),
    ),
    may_be_bare=True,
)  # fmt: skip

RENT_BALANCE = IntakeTable(
    "rent_balance",
    "What a tenant owed on a day; a debt is positive.",
    "rent",
    ("rent_balance", "rent_balances", "balances", "arrears"),
    (
        identifying("tenancy_ref", "tenancy reference", "tag_ref", "account_ref", "rent_account_ref", required=True),
        plain("day", DATE, "the day", "date", "balance_date", "as_at", required=True),
        plain("balance", PENCE, "owed; below nought is in credit", "cur_bal", "current_balance", required=True),
    ),
    may_be_bare=True,
)  # fmt: skip

HOUSING_PAYMENT = IntakeTable(
    "housing_payment",
    "A discretionary housing payment.",
    "housing_payments",
    ("housing_payment", "housing_payments", "dhp"),
    (
        *_claim(),
        *_person(),
        *_home(),
        plain("decided_date", DATE, "decided on", "decision_date", "award_date"),
        plain("start_date", DATE, "first day", "from_date", "award_start", required=True),
        plain("end_date", END, "last day", "to_date", "award_end"),
        plain("weekly", PENCE, "a week", "weekly_amount", "award", "weekly_award"),
        plain("lump_sum", PENCE, "paid once", "one_off", "one_off_amount"),
        plain("reason", CODE, "why, as a group", "award_reason", "dhp_reason", codes=spellings(PAYMENT_REASONS)),
    ),
    may_be_bare=True,
)  # fmt: skip

COUNCIL_TAX_ARREAR = IntakeTable(
    "council_tax_arrear",
    "What was owed in council tax on a day, and how far its recovery had gone.",
    "council_tax",
    ("council_tax_arrear", "council_tax_arrears", "arrears"),
    (
        identifying("ct_account_ref", "council tax account", "account_ref", "ctax_ref", "council_tax_ref", required=True),
        *_claim()[:1],
        *_home(),
        identifying("liable_name", "the liable person's name in one string: SURNAME, TITLE FORENAMES", "lead_liab_name"),
        identifying("surname", "surname", "lead_liab_surname"),
        identifying("forename", "forename", "lead_liab_forename"),
        plain("day", DATE, "the day", "date", "as_at", "balance_date", required=True),
        plain(
            "tax_year", TEXT, "the year in which the debt arose, by its April: 2019, 2019-20 or 2019/2020", "debt_year", "financial_year"),
        plain("balance", PENCE, "owed", "arrears", "balance_due"),
        plain("stage", CODE, "how far recovery had gone by then", "recovery_stage", codes=spellings(ARREAR_STAGES)),
        plain("stage_date", DATE, "it reached that stage on", "recovery_stage_date"),
        *(
            plain(f"{stage}_date", DATE, f"{stage.replace('_', ' ')} on, where each stage has a column of its own")
            for stage in ARREAR_STAGES
            if stage != "none"
        ),
    ),
    may_be_bare=True,
)  # fmt: skip

SCHOOL_MEAL = IntakeTable(
    "school_meal",
    "A spell of entitlement to free school meals.",
    "school_meals",
    ("school_meal", "school_meals", "fsm", "fsmperiod", "fsmperiods", "fsmperiodsonroll"),
    (
        identifying("pupil_ref", "the pupil in a table of pupils, where names and numbers stand there", "pupilonrolltableid", "pupilnolongeronrolltableid", "pupil_id"),
        identifying("upn", "unique pupil number; used only to join, in memory", "unique_pupil_number"),
        *_person(),
        *_home(),
        plain("start_date", DATE, "eligible from", "fsmstartdate", "fsm_start_date", required=True),
        plain("end_date", END, "eligible until", "fsmenddate", "fsm_end_date"),
        plain("protected", FLAG, "kept by transitional protection", "transitional_protection"),
        plain("category", CODE, "means_tested, protected or universal", "fsmcategory", "fsm_type", codes=spellings(MEAL_CATEGORIES)),
        plain("country", TEXT, "country in which it was given, by the code of the school census", "ukcountry"),
    ),
    may_be_bare=True,
)  # fmt: skip

SCHOOL_PUPIL = IntakeTable(
    "school_pupil",
    "A pupil of the school census, where the spells hold no more than the pupil's key.",
    "school_meals",
    ("school_pupil", "school_pupils", "pupilonroll", "pupilnolongeronroll", "pupils"),
    (
        identifying("pupil_ref", "the pupil's key, as the spells have it", "pupilonrolltableid", "pupilnolongeronrolltableid", "pupil_id", required=True),
        identifying("upn", "unique pupil number; used only to join, in memory", "unique_pupil_number"),
        identifying("former_upn", "unique pupil number held before; used only to join, in memory", "formerupn"),
        *_person(),
        identifying("postcode", "postcode", "post_code"),
    ),
    may_be_bare=True,
)  # fmt: skip

MONEY_TABLES = (
    UC_AWARD, HOMELESSNESS_CASE, HOMELESSNESS_PERSON, TEMPORARY_ACCOMMODATION, RENT_ACCOUNT, RENT_PERSON, RENT_BALANCE,
    HOUSING_PAYMENT, COUNCIL_TAX_ARREAR, SCHOOL_MEAL, SCHOOL_PUPIL,
)  # fmt: skip
