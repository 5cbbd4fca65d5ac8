"""The content room: needs, stages and money, joined by random keys, and no name."""

from __future__ import annotations

from hearthlink.tables.spec import Column, Kind, Room, Sensitivity, TableSpec

LINK, ATTR, FINE = Sensitivity.LINKING, Sensitivity.ATTRIBUTE, Sensitivity.DISCLOSIVE
TEXT, WHOLE, DATE, FLAG, TEXTS = Kind.TEXT, Kind.WHOLE, Kind.DATE, Kind.FLAG, Kind.TEXTS


def _table(name: str, says: str, *columns: Column, key: tuple[str, ...] = ()) -> TableSpec:
    return TableSpec(name, Room.CONTENT, says, columns, key)


def _child_key() -> Column:
    return Column("child_key", WHOLE, "the child, by its random key", LINK, True)


def _referral_no() -> Column:
    return Column("referral_no", WHOLE, "running number of the child's referrals, by date", LINK, True)


CHILD = _table(
    "child",
    "A child in the census.",
    _child_key(),
    Column("sex", TEXT, "F, M or empty", ATTR),
    Column("ethnicity", TEXT, "census code; empty where missing or not in the code set", ATTR),
    Column("disabled", FLAG, "any disability code other than NONE; empty where none is recorded", ATTR),
    Column("unborn", FLAG, "not born by the reference date", ATTR, True),
    key=("child_key",),
)

REFERRAL = _table(
    "referral",
    "One CIN episode: a referral and how it closed.",
    _child_key(),
    _referral_no(),
    Column("referral_date", DATE, "day of referral", FINE, True),
    Column("in_year", FLAG, "the referral lies in the census year", ATTR, True),
    Column("source", TEXT, "referral source code", ATTR),
    Column("primary_need", TEXT, "N0 to N9; empty where not stated", ATTR),
    Column("no_further_action", FLAG, "closed as a referral; empty where not stated", ATTR),
    Column("closure_date", DATE, "empty where open", FINE),
    Column("closure_reason", TEXT, "RC code", ATTR),
    key=("child_key", "referral_no"),
)

ASSESSMENT = _table(
    "assessment",
    "An assessment within a referral.",
    _child_key(),
    _referral_no(),
    Column("start_date", DATE, "began", FINE),
    Column("end_date", DATE, "authorised; empty where open", FINE),
    Column("factors", TEXTS, "factor codes found; empty list where none is recorded", ATTR),
)

SECTION47 = _table(
    "section47",
    "A section 47 enquiry within a referral.",
    _child_key(),
    _referral_no(),
    Column("start_date", DATE, "began", FINE),
    Column("conference_date", DATE, "initial child protection conference; empty where none", FINE),
)

PROTECTION_PLAN = _table(
    "protection_plan",
    "A child protection plan within a referral.",
    _child_key(),
    _referral_no(),
    Column("start_date", DATE, "began", FINE, True),
    Column("end_date", DATE, "empty where open", FINE),
    Column("initial_category", TEXT, "category of abuse", ATTR),
    Column("latest_category", TEXT, "category of abuse", ATTR),
)

CIN_PLAN = _table(
    "cin_plan",
    "A child in need plan, from the census (which holds none before 2021-22), the case system or Annex A.",
    _child_key(),
    Column("start_date", DATE, "began", FINE, True),
    Column("end_date", DATE, "empty where open", FINE),
)

LOOKED_AFTER = _table(
    "looked_after",
    "An episode or a spell of being looked after, from the case system, the looked-after return or Annex A.",
    _child_key(),
    Column("start_date", DATE, "began", FINE, True),
    Column("end_date", DATE, "empty where open", FINE),
)

AWARD = _table(
    "award",
    "What a household was awarded, for one benefit, over one unbroken stretch of time.",
    Column("household_key", WHOLE, "the household, by its random key", LINK, True),
    Column("benefit", TEXT, "hb (Housing Benefit) or cts (council tax support)", ATTR, True),
    Column("start_date", DATE, "first day, by effective date", FINE, True),
    Column("end_date", DATE, "last day; empty where it still runs at the last extract", FINE),
    Column("status", TEXT, "in_payment, suspended, nil or ended", ATTR, True),
    Column("weekly_pence", WHOLE, "award in pence a week; empty where not stated", FINE),
)

HOUSEHOLD_FACT = _table(
    "household_fact",
    "What kind of household a claim is for.",
    Column("household_key", WHOLE, "the household, by its random key", LINK, True),
    Column("has_dependants", FLAG, "listed a dependant at any time", ATTR, True),
    Column("has_partner", FLAG, "listed a partner at any time", ATTR, True),
    Column("passported", FLAG, "entitled through another benefit, so income details are not held", ATTR),
    Column(
        "credit_only", FLAG, "known from Universal Credit alone: no claim of it is on file at the council", ATTR, True
    ),
    key=("household_key",),
)

POSTCODE_AREA = _table(
    "postcode_area",
    "The deprivation of the small area a postcode lies in, for every postcode of a sector where somebody of the study lived.",
    Column("postcode", TEXT, "no spaces", FINE, True),
    Column("lsoa", TEXT, "small area code", FINE, True),
    Column("lsoa_edition", WHOLE, "census year that the small area is of: 2011 or 2021", ATTR, True),
    Column("imd_decile", WHOLE, "1 the most deprived tenth in England", ATTR),
    Column("idaci_decile", WHOLE, "1 the most deprived tenth in England", ATTR),
    key=("postcode",),
)

CONTENT_TABLES = (
    CHILD, REFERRAL, ASSESSMENT, SECTION47, PROTECTION_PLAN, CIN_PLAN, LOOKED_AFTER, AWARD, HOUSEHOLD_FACT,
    POSTCODE_AREA,
)  # fmt: skip
