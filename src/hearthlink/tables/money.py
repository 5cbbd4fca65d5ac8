"""The content room, continued: a household's money, rent and home over time. No name, no reference, no address."""

from __future__ import annotations

from hearthlink.tables.spec import Column, Kind, Room, Sensitivity, TableSpec

LINK, ATTR, FINE = Sensitivity.LINKING, Sensitivity.ATTRIBUTE, Sensitivity.DISCLOSIVE
TEXT, WHOLE, DATE, FLAG, NUMBER = Kind.TEXT, Kind.WHOLE, Kind.DATE, Kind.FLAG, Kind.NUMBER


def _table(name: str, says: str, *columns: Column, key: tuple[str, ...] = ()) -> TableSpec:
    return TableSpec(name, Room.CONTENT, says, columns, key)


def _household_key() -> Column:
    return Column("household_key", WHOLE, "the household, by its random key", LINK, True)


def _span() -> tuple[Column, Column]:
    return (
        Column("start_date", DATE, "first day", FINE, True),
        Column("end_date", DATE, "last day; empty where it still runs at the last extract", FINE),
    )


def _pence(name: str, says: str) -> Column:
    return Column(name, WHOLE, f"{says}, in pence; empty where not known, which is not nought", FINE)


HOUSEHOLD_PERIOD = _table(
    "household_period",
    "A household's circumstances over an unbroken stretch in which none of them changed. Amounts are for a week unless said.",
    _household_key(),
    *_span(),
    Column("source", TEXT, "shbe, cts, academy or mapped", ATTR, True),
    Column("tenure", TEXT, "council, council_temporary, private, housing_association, owner or other", ATTR),
    _pence("rent", "contractual rent"),
    _pence("eligible_rent", "rent that counts for Housing Benefit"),
    Column("bedrooms", WHOLE, "bedrooms in the home", ATTR),
    Column("lha_rooms", WHOLE, "bedrooms that the local housing allowance allows", ATTR),
    _pence("lha_rate", "local housing allowance"),
    _pence("hb", "Housing Benefit"),
    _pence("cts", "council tax support"),
    _pence("dhp", "discretionary housing payment"),
    _pence("benefit_cap", "reduction by the benefit cap"),
    _pence("size_criteria", "reduction for spare bedrooms"),
    _pence("non_dependant_deduction", "deduction for non-dependants"),
    _pence("overpayment_recovery", "taken back for an overpayment"),
    Column("passported", FLAG, "entitled through another benefit, so income is not held", ATTR),
    Column("uc_in_payment", FLAG, "Universal Credit is in payment", ATTR),
    _pence("uc_award", "Universal Credit as the claim states it, for a month"),
    _pence("earnings", "net earnings of claimant and partner"),
    _pence("other_income", "other income counted, benefits among it"),
    _pence("capital", "capital, not by the week"),
    Column("claimant_hours", NUMBER, "hours worked a week by the claimant", FINE),
    Column("partner_hours", NUMBER, "hours worked a week by the partner", FINE),
    Column("out_of_work_benefit", FLAG, "a jobseeker's or sickness benefit is among the income", ATTR),
    Column(
        "jobseeker_benefit", FLAG, "a jobseeker's benefit is among the income, or is what passports the claim", ATTR
    ),
    Column(
        "passport_benefit",
        TEXT,
        "income_support, jobseeker, sickness, pension_credit or other; empty where the claim is not passported or it is not told",
        ATTR,
    ),
    _pence("council_tax_balance", "council tax owed, not by the week"),
    Column("recovery_stage", TEXT, "how far recovery of council tax has gone", ATTR),
    Column("status", TEXT, "in_payment, suspended, nil or ended", ATTR),
    Column("suspension_reason", TEXT, "the system's code", ATTR),
    Column("end_reason", TEXT, "the system's code", ATTR),
    Column("arrears_payment", FLAG, "paid to the landlord because rent is owed", ATTR),
)

HOUSEHOLD_FOLLOWED = _table(
    "household_followed",
    "A household that goes on as another: its claim ended and another began, so the end is none.",
    _household_key(),
    Column("follows_key", WHOLE, "the household whose claim ended before it, by its random key", LINK, True),
    Column("first_key", WHOLE, "the first household of the chain; the same for all that are one", LINK, True),
    Column("rule", TEXT, "reference, claimant, swap, children or name: the sign it was told by", ATTR, True),
    key=("household_key",),
)

HOUSEHOLD_PERSON = _table(
    "household_person",
    "A person of a household, without a name: who lives there decides how far an income goes and how many bedrooms are needed.",
    _household_key(),
    Column("person_no", WHOLE, "running number within the household: by role, then the eldest first", LINK, True),
    Column("role", TEXT, "claimant, partner, dependant or non_dependant", ATTR, True),
    Column("sex", TEXT, "F, M or empty", ATTR),
    Column("born", DATE, "first day of the month of birth; empty where not known", FINE),
    Column("start_date", DATE, "listed from; empty where not known", FINE),
    Column("end_date", DATE, "listed until; empty where it still holds", FINE),
    key=("household_key", "person_no"),
)

HOUSEHOLD_HOME = _table(
    "household_home",
    "A household's stay in one home: homes by number, without address, so that moves and rents at the same address can be told.",
    _household_key(),
    Column(
        "home_no", WHOLE, "running number of the household's homes, by date; a return has the old number", LINK, True
    ),
    Column("start_date", DATE, "first seen or stated; empty where not known", FINE),
    Column("end_date", DATE, "last seen or stated; empty where it still holds", FINE),
    Column(
        "same_postcode",
        FLAG,
        "the home before it has the same postcode, so that it may be the same one, corrected",
        ATTR,
        True,
    ),
)

UNIVERSAL_CREDIT = _table(
    "universal_credit",
    "A Universal Credit award for one assessment period, about a month. Amounts are for the period; times 12 / 52 they are for a week.",
    _household_key(),
    Column(
        "award_no", WHOLE, "running number of the household's awards, by date; a couple that parts has two", LINK, True
    ),
    Column("start_date", DATE, "assessment period begins", FINE, True),
    Column("end_date", DATE, "assessment period ends", FINE, True),
    Column("claim_date", DATE, "Universal Credit claimed", FINE),
    _pence("award", "paid"),
    _pence("standard_allowance", "standard allowance"),
    _pence("child_element", "child element"),
    _pence("disabled_child_element", "disabled child element"),
    _pence("lcwra_element", "limited capability for work element"),
    _pence("carer_element", "carer element"),
    _pence("childcare_element", "childcare element"),
    _pence("housing_element", "housing element"),
    _pence("earnings", "earnings taken into account"),
    _pence("other_income", "other income taken into account"),
    _pence("capital", "capital"),
    _pence("deductions", "taken off for debts"),
    _pence("sanction", "taken off by a sanction"),
    _pence("advance_recovery", "taken off for an advance"),
    _pence("benefit_cap", "taken off by the benefit cap"),
    Column("children", WHOLE, "children in the award", ATTR),
    Column("notice", TEXT, "new, change or stop", ATTR),
    Column(
        "pay_shift",
        TEXT,
        "two_paydays or no_payday where earnings look like it: the award falls or rises and nothing has changed; else empty",
        ATTR,
    ),
    Column(
        "uprated",
        FLAG,
        "the first period at the rates of a new year, so that a rise of it is nobody's event",
        ATTR,
        True,
    ),
)

HOMELESSNESS = _table(
    "homelessness",
    "A homelessness case of a household.",
    _household_key(),
    Column("case_no", WHOLE, "running number of the household's cases, by date", LINK, True),
    Column("opened_date", DATE, "approached the council", FINE, True),
    Column("assessed_date", DATE, "assessed", FINE),
    Column("duty", TEXT, "the furthest duty owed: none, prevention, relief or main", ATTR),
    Column("prevention_date", DATE, "prevention duty owed from", FINE),
    Column("relief_date", DATE, "relief duty owed from", FINE),
    Column("main_date", DATE, "main duty owed from", FINE),
    Column("loss_reason", TEXT, "group of reasons why the last settled home was lost", ATTR),
    Column("tenancy_reason", TEXT, "group of reasons why an assured shorthold tenancy ended", ATTR),
    Column("people", WHOLE, "people in the case; empty where they are not told", ATTR),
    Column("children", WHOLE, "of them under 18 when it opened; empty where they are not told", ATTR),
    Column("closed_date", DATE, "closed; empty where open", FINE),
    Column("outcome", TEXT, "group of ways in which it ended", ATTR),
    key=("household_key", "case_no"),
)

TEMPORARY_ACCOMMODATION = _table(
    "temporary_accommodation",
    "A spell of a household in temporary accommodation.",
    _household_key(),
    Column("case_no", WHOLE, "the homelessness case", LINK, True),
    *_span(),
    Column(
        "kind",
        TEXT,
        "bed_and_breakfast, hostel, refuge, nightly_paid, private_leased, council_or_association or other",
        ATTR,
    ),
    Column("out_of_area", FLAG, "in the area of another council; empty where not told", ATTR),
)

RENT_ACCOUNT = _table(
    "rent_account",
    "A tenancy of the council at one rent, over an unbroken stretch of time.",
    _household_key(),
    Column(
        "tenancy_no",
        WHOLE,
        "running number of the household's tenancies, by date; the same home as long as it is the same",
        LINK,
        True,
    ),
    *_span(),
    Column("tenure", TEXT, "council, council_temporary, housing_association or other", ATTR),
    _pence("rent", "rent a week, on average over the year"),
    _pence("service_charge", "service charge a week besides"),
    Column(
        "rent_period", TEXT, "the period the rent was told for: a rise that comes with another period may be none", ATTR
    ),
    Column("charged_weeks", WHOLE, "weeks of the year in which it is charged; empty where every week", ATTR),
    Column("bedrooms", WHOLE, "bedrooms", ATTR),
    Column("tenancy_start", DATE, "the tenancy began", FINE, True),
    Column("tenancy_end", DATE, "the tenancy ended; empty where it runs", FINE),
    Column(
        "end_reason",
        TEXT,
        "group of reasons why the tenancy ended: eviction, abandoned, transfer, exchange, notice, death, …",
        ATTR,
    ),
    Column("notice_date", DATE, "notice seeking possession", FINE),
    Column("possession_date", DATE, "possession order", FINE),
    Column("eviction_date", DATE, "evicted", FINE),
)

RENT_BALANCE = _table(
    "rent_balance",
    "What a tenant of the council owed on a day.",
    _household_key(),
    Column("tenancy_no", WHOLE, "the tenancy", LINK, True),
    Column("day", DATE, "the day", FINE, True),
    Column("balance", WHOLE, "owed, in pence; below nought is in credit", FINE, True),
    Column(
        "weeks_owed",
        NUMBER,
        "weeks of the rent of that day that are owed; below nought in credit; empty where the rent is not known",
        FINE,
    ),
    key=("household_key", "tenancy_no", "day"),
)

HOUSING_PAYMENT = _table(
    "housing_payment",
    "A discretionary housing payment.",
    _household_key(),
    *_span(),
    Column("decided_date", DATE, "decided", FINE),
    _pence("weekly", "paid a week"),
    _pence("lump_sum", "paid once"),
    Column(
        "reason",
        TEXT,
        "group of reasons: benefit_cap, size_criteria, lha, rent_shortfall, deposit, moving, core or other",
        ATTR,
    ),
)

COUNCIL_TAX_ARREAR = _table(
    "council_tax_arrear",
    "What a household owed in council tax on a day, or the day on which its recovery came to a stage.",
    _household_key(),
    Column("account_no", WHOLE, "running number of the household's council tax accounts, by date", LINK, True),
    Column("day", DATE, "the day", FINE, True),
    Column("tax_year", WHOLE, "the April in whose year the debt arose; empty where not told", ATTR),
    _pence("balance", "owed"),
    Column(
        "stage",
        TEXT,
        "none, reminder, final_notice, summons, liability_order, enforcement_agent, attachment or committal",
        ATTR,
    ),
    Column("stage_date", DATE, "it came to that stage; empty where not told", FINE),
)

SCHOOL_MEAL = _table(
    "school_meal",
    "A spell of entitlement to free school meals: of a child, or of a child of a household who is no child of the study.",
    Column(
        "child_key", WHOLE, "the child, by their random key; empty where the pupil is not a child of the study", LINK
    ),
    Column("household_key", WHOLE, "the household of the pupil, where the child cannot be told; else empty", LINK),
    *_span(),
    Column(
        "protected",
        FLAG,
        "kept by transitional protection, so that the end of need is not seen; empty where not told",
        ATTR,
    ),
    Column("category", TEXT, "means_tested, protected or universal", ATTR),
)

MONTH_COVERED = _table(
    "month_covered",
    "A calendar month of the time from 24 months before the year to 12 after it, and whether the files of a source speak of it.",
    Column("month", DATE, "first day of the month", ATTR, True),
    Column(
        "source",
        TEXT,
        "hb, cts, universal_credit, homelessness, rent, rent_balance, housing_payments, council_tax or school_meals",
        ATTR,
        True,
    ),
    Column(
        "covered", FLAG, "a file speaks of it; where none does, what is not seen there is no gap and no end", ATTR, True
    ),
    key=("month", "source"),
)

MONEY_TABLES = (
    HOUSEHOLD_PERIOD, HOUSEHOLD_FOLLOWED, HOUSEHOLD_PERSON, HOUSEHOLD_HOME, UNIVERSAL_CREDIT, HOMELESSNESS, TEMPORARY_ACCOMMODATION, RENT_ACCOUNT, RENT_BALANCE, HOUSING_PAYMENT,
    COUNCIL_TAX_ARREAR, SCHOOL_MEAL, MONTH_COVERED,
)  # fmt: skip
