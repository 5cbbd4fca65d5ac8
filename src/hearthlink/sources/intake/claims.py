"""Intake tables of benefit claims: one row for each household and period, and one for each person and period (domain.md 2.4)."""

from __future__ import annotations

from hearthlink.sources.intake.declared import (
    CODE,
    DATE,
    END,
    FLAG,
    NUMBER,
    PENCE,
    ROLE,
    SEX,
    TEXT,
    WHOLE,
    IntakeTable,
    identifying,
    plain,
)

STATUS = {
    "live": "in_payment", "in_payment": "in_payment", "active": "in_payment", "current": "in_payment", "suspended": "suspended",
    "ended": "ended", "cancelled": "ended", "closed": "ended", "nil": "nil",
}  # fmt: skip
TENURE = {
    "council_tenant": "council", "council": "council", "la_tenant": "council", "hra": "council",
    "council_tenant_non_hra": "council_temporary", "temporary": "council_temporary", "temporary_accommodation": "council_temporary",
    "private_tenant": "private", "private": "private", "private_regulated": "private", "private_deregulated": "private",
    "housing_association_tenant": "housing_association", "housing_association": "housing_association", "registered_provider": "housing_association",
    "owner_occupier": "owner", "owner": "owner", "not_owner": "other", "other": "other",
}  # fmt: skip
CLAIM_TYPE = {
    "hb": "hb", "hb_only": "hb", "housing_benefit": "hb", "ctr": "cts", "cts": "cts", "ctr_only": "cts", "cts_only": "cts",
    "council_tax_support": "cts", "council_tax_reduction": "cts", "both": "both", "hb_and_ctr": "both", "hb_and_cts": "both", "hb_ctr": "both",
}  # fmt: skip
PERIOD = {
    "weekly": "week", "week": "week", "w": "week", "1": "week", "fortnightly": "fortnight", "2": "fortnight",
    "four_weekly": "four_weeks", "4_weekly": "four_weeks", "4": "four_weeks", "monthly": "month", "month": "month",
    "calendar_monthly": "month", "m": "month", "quarterly": "quarter", "yearly": "year", "annual": "year", "annually": "year",
}  # fmt: skip
_FROM = ("from_date", "from", "period_from", "start")
_TO = ("to_date", "to", "period_to", "end")

CLAIM_PERIOD = IntakeTable(
    "claim_period",
    "A claim over a stretch in which nothing changed.",
    "cts",
    ("household_period", "claim_period", "claims"),
    (
        identifying("claim_ref", "claim reference", "claim_reference", "claim_id", "claim_number", required=True),
        identifying("ct_account_ref", "council tax account", "account_ref", "ctax_ref", "council_tax_reference"),
        identifying("uprn", "unique property reference number"),
        identifying("address_1", "address, first line", "addr1", "address_line_1", "address", needed=True),
        identifying("address_2", "second line", "addr2", "address_line_2"),
        identifying("address_3", "third line", "addr3", "address_line_3"),
        identifying("address_4", "fourth line", "addr4", "address_line_4"),
        identifying("postcode", "postcode", "post_code", needed=True),
        plain("start_date", DATE, "first day", *_FROM, required=True),
        plain("end_date", END, "last day", *_TO, needed=True),
        plain("claim_type", CODE, "hb, cts or both", codes=CLAIM_TYPE),
        plain("status", CODE, "in_payment, suspended, nil or ended", "claim_status", codes=STATUS),
        plain("suspension_date", DATE, "suspended on"),
        plain("suspension_reason", TEXT, "the system's code for why"),
        plain("end_reason", TEXT, "the system's code for why it ended"),
        plain("tenure", CODE, "council, council_temporary, private, housing_association, owner or other", "tenancy_type", codes=TENURE),
        plain("contractual_rent", PENCE, "rent by contract, for the period beside", "rent"),
        plain("rent_period", CODE, "week, fortnight, four_weeks, month, quarter or year", "rent_frequency", codes=PERIOD),
        plain("eligible_rent", PENCE, "eligible rent a week"),
        plain("bedrooms", WHOLE, "bedrooms in the home", "no_beds", "bedroom_count"),
        plain("household_size", WHOLE, "people in the household"),
        plain("lha_rooms", WHOLE, "bedrooms that the local housing allowance allows", "lha_bedrooms"),
        plain("lha_rate", PENCE, "local housing allowance a week"),
        plain("hb_award", PENCE, "Housing Benefit a week", "hb_weekly_award"),
        plain("cts_award", PENCE, "council tax support a week", "ctr_weekly_award", "cts_weekly_award"),
        plain("dhp_award", PENCE, "discretionary housing payment a week", "dhp_weekly_award"),
        plain("benefit_cap", PENCE, "reduction by the benefit cap, a week", "benefit_cap_reduction"),
        plain("size_criteria", PENCE, "reduction for spare bedrooms, a week", "size_criteria_reduction"),
        plain("non_dependant_deduction", PENCE, "deduction for non-dependants, a week", "non_dependant_deductions"),
        plain("overpayment_recovery", PENCE, "taken back a week for an overpayment"),
        plain("passport_benefit", TEXT, "the passporting benefit, or empty"),
        plain("uc_in_payment", FLAG, "Universal Credit is in payment"),
        plain("uc_award", PENCE, "Universal Credit a month"),
        plain("earnings", PENCE, "net earnings a week"),
        plain("other_income", PENCE, "other income a week"),
        plain("capital", PENCE, "capital"),
        plain("excess_income", PENCE, "income over the applicable amount, a week"),
        plain("hours", NUMBER, "hours worked a week, claimant and partner together", "hours_worked"),
        plain("council_tax_balance", PENCE, "council tax owed", "ct_balance"),
        plain("recovery_stage", TEXT, "reminder, summons, liability order, enforcement agent …"),
        plain("dependants", WHOLE, "dependants stated, where none are listed by name", "n_dependants", "number_of_children"),
        plain("dependant_ages", TEXT, "their ages in whole years, parted by spaces"),
    ),
)  # fmt: skip

CLAIM_PERSON = IntakeTable(
    "claim_person",
    "A person on a claim over a stretch of time.",
    "cts",
    ("person_period", "claim_person", "members"),
    (
        identifying("claim_ref", "claim reference", "claim_reference", "claim_id", "claim_number", required=True),
        identifying("person_ref", "the person within the claim", "person_reference", "member_id"),
        plain("role", CODE, "claimant, partner, dependant or non_dependant", "relationship", "type", codes=ROLE, required=True),
        identifying("title", "title"),
        identifying("forename", "forename", "first_name", "forenames", needed=True),
        identifying("other_names", "further forenames", "middle_names", "middle_name"),
        identifying("surname", "surname", "last_name", needed=True),
        identifying("birth_date", "birth date", "dob", "date_of_birth", kind=DATE, needed=True),
        plain("sex", CODE, "F, M or empty", "gender", codes=SEX),
        identifying("nino", "National Insurance number; used only to follow a household, in memory", "national_insurance_number", "ni_no"),
        plain("start_date", DATE, "in the household from", *_FROM),
        plain("end_date", END, "in the household until", *_TO),
        plain("employment", TEXT, "the system's word for it", "employment_status"),
        plain("hours", NUMBER, "hours worked a week", "hours_worked"),
        plain("sanction", FLAG, "under a sanction", "sanctioned"),
        plain("disability", FLAG, "a disability is recorded", "disabled", "disable_ind"),
    ),
)  # fmt: skip

CLAIM_TABLES = (CLAIM_PERIOD, CLAIM_PERSON)
