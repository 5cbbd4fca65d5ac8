"""What is asked of households month by month: every state and every event, and what each means. No name, no amount, no day crosses with it.

Months are numbered: 1 is the April two years before the census year, 25 its first, 37 the first of the year after. A household is one
however often its claim reference changed (`household_followed`), and it is known by the first of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hearthlink.tables.spec import Column, Kind, Room, Sensitivity, TableSpec

LINK, ATTR, FINE = Sensitivity.LINKING, Sensitivity.ATTRIBUTE, Sensitivity.DISCLOSIVE
TEXT, WHOLE, DATE, FLAG = Kind.TEXT, Kind.WHOLE, Kind.DATE, Kind.FLAG

MONTHS = 48
"""Months from two years before the census year to one year after it."""
YEAR_FIRST, YEAR_LAST = 25, 36
"""The first and the last month of the census year."""
BEFORE, AFTER = 24, 12
"""How many months before and after a referral are looked at."""


def _flag(name: str, says: str) -> Column:
    return Column(name, FLAG, f"{says}; empty where it cannot be seen", ATTR)


STATE_COLUMNS: tuple[Column, ...] = (
    Column("status", TEXT, "of its claim on the last day of the month: in_payment, suspended, nil; credit_only", ATTR, True),
    _flag("housing_benefit", "Housing Benefit in payment"),
    _flag("council_tax_support", "council tax support in payment"),
    _flag("universal_credit", "Universal Credit in payment"),
    _flag("passported", "entitled through another benefit, so that income is not held"),
    Column("adults", WHOLE, "claimant and partner: 1 or 2; empty where not known", ATTR),
    Column("children", WHOLE, "dependants, 5 standing for 5 and more; empty where not known", ATTR),
    Column("youngest", WHOLE, "age band of the youngest: 0 under 1, 1 to 4 is 1, 5 to 9 is 2, 10 to 15 is 3, 16 and over is 4; empty where not known", ATTR),
    Column("tenure", TEXT, "council, council_temporary, private, housing_association, owner or other; empty where not known", ATTR),
    Column("income_before_costs", WHOLE, "equivalised income before housing costs against the poverty line: 1 under 70% of it, 2 under it, 3 under 130%, 4 above; empty where it cannot be seen", ATTR),
    Column("income_after_costs", WHOLE, "the same after housing costs", ATTR),
    _flag("low_income_before_costs", "in low income before housing costs"),
    _flag("low_income_after_costs", "in low income after housing costs"),
    _flag("workless", "no adult of the couple works"),
    _flag("unemployed", "no adult of the couple works and one of them is looking for work"),
    _flag("overcrowded", "fewer bedrooms than the bedroom standard gives"),
    Column("rooms_short", WHOLE, "bedrooms fewer than the standard gives, 2 standing for 2 and more", ATTR),
    _flag("poor_home", "in temporary accommodation, a hostel, a refuge or bed and breakfast"),
    Column("shortfall", WHOLE, "rent that no benefit covers, by the week: 0 none, 1 under 25 pounds, 2 under 50, 3 more; empty where it cannot be seen", ATTR),
    _flag("rent_arrears", "owes more than four weeks' rent"),
    _flag("tax_arrears", "council tax recovery has come to a summons or further"),
    _flag("recovery", "something is being taken back or off: an overpayment, an advance, a debt or a sanction"),
    _flag("capped", "the benefit cap takes something off"),
    _flag("spare_room_cut", "a reduction for spare bedrooms"),
    Column("precarity", WHOLE, "band of financial precarity, 0 to 3; empty where it cannot be seen", ATTR),
    _flag("strain", "in acute strain"),
    _flag("volatile", "income over the past twelve months went up and down by much"),
)  # fmt: skip
"""What is known of a household in a month, as at its last day. An empty cell is *not seen*, which is never *no*."""

STATE_NAMES = tuple(column.name for column in STATE_COLUMNS)


def _span(sensitivity: Sensitivity) -> tuple[Column, Column]:
    return (
        Column("first_month", WHOLE, "number of the first month", sensitivity, True),
        Column("last_month", WHOLE, "number of the last month", sensitivity, True),
    )


HOUSEHOLD_STATE = TableSpec(
    "household_state",
    Room.CONTENT,
    "A household over an unbroken run of months in which nothing that is asked of it changed. A month in no run was not observed.",
    (Column("household_key", WHOLE, "the first household of its chain, by its random key", LINK, True), *_span(ATTR), *STATE_COLUMNS),
    key=("household_key", "first_month"),
)  # fmt: skip

HOUSEHOLD_EVENT = TableSpec(
    "household_event",
    Room.CONTENT,
    "Something that befell a household, by the day it was decided where that is known.",
    (
        Column("household_key", WHOLE, "the first household of its chain, by its random key", LINK, True),
        Column("kind", TEXT, "which event, of EVENTS", ATTR, True),
        Column("day", DATE, "the day", FINE, True),
        Column("month", WHOLE, "number of its month", ATTR, True),
        Column(
            "basis", TEXT, "which day it is: decided, effective or seen (first shown by a monthly file)", ATTR, True
        ),
        Column("dose", WHOLE, "how large, 1 to 3, by the event's own bands; empty where it has none", ATTR),
    ),
)

MONTH_CALENDAR = TableSpec(
    "month_calendar",
    Room.CONTENT,
    "The calendar that serves every question: what befell everybody in a month, and whether files speak of it.",
    (
        Column("month", WHOLE, "number of the month", ATTR, True),
        Column("season", WHOLE, "1 April to June, 2 July to September, 3 October to December, 4 January to March", ATTR, True),
        Column("year_no", WHOLE, "1 to 4", ATTR, True),
        Column("covered", FLAG, "a file of Housing Benefit or council tax support speaks of it", ATTR, True),
        Column("uprated", FLAG, "rates and social rents changed at its beginning: a change of that day is nobody's event", ATTR, True),
        Column("five_mondays", FLAG, "a month of five weekly payments", ATTR, True),
        Column("uplifted", FLAG, "the Universal Credit uplift of April 2020 began or ended", ATTR, True),
        Column("evictions_stayed", FLAG, "evictions were stayed", ATTR, True),
        Column("allowance_reset", FLAG, "local housing allowance was set anew", ATTR, True),
        Column("credit_covered", FLAG, "a file of Universal Credit speaks of it", ATTR, True),
        Column("homelessness_covered", FLAG, "a file of homelessness cases speaks of it", ATTR, True),
        Column("rent_covered", FLAG, "a file of rent accounts speaks of it", ATTR, True),
        Column("balance_covered", FLAG, "a file of rent balances speaks of it", ATTR, True),
        Column("tax_covered", FLAG, "a file of council tax arrears speaks of it", ATTR, True),
    ),
    key=("month",),
)  # fmt: skip

MEASURE_TABLES = (HOUSEHOLD_STATE, HOUSEHOLD_EVENT, MONTH_CALENDAR)

MeasureKind = Literal["benefit", "state", "lasting", "event"]
"""A claim on a day or in a window; a state on the day; a state that lasted through a window; an event within a window."""

Window = Literal["on_day", "before_3", "before_12", "before_24", "after_12"]
WINDOW_WORDS: dict[Window, str] = {
    "on_day": "on the day of referral",
    "before_3": "in the 3 months before the referral",
    "before_12": "in the 12 months before the referral",
    "before_24": "in the 24 months before the referral",
    "after_12": "in the 12 months after the referral",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One question of the study: what is counted, of whom, over which windows, what cannot be seen, what spoils it and what is done against it.

    `columns` are the state columns or the kinds of event it is made from. `theme` is the heading it stands under in a report.
    """

    name: str
    theme: str
    title: str
    kind: MeasureKind
    windows: tuple[Window, ...]
    columns: tuple[str, ...]
    numerator: str
    denominator: str
    unobservable: str
    spoils: str
    guard: str


EVENTS: dict[str, str] = {
    "reduction": "benefit income fell",
    "suspension": "a benefit was suspended",
    "gap": "a claim ended and began again within thirteen weeks",
    "claim_end": "a claim ended and no other followed",
    "cap": "the benefit cap began",
    "sanction": "a sanction began",
    "recovery": "something began to be taken back",
    "job_loss": "earnings fell to nothing",
    "rent_rise": "the rent rose by more than the yearly uprating, in the same home",
    "rent_arrears": "rent owed passed four weeks",
    "tax_order": "council tax recovery came to a summons or further",
    "notice": "notice or an order to leave the home",
    "eviction": "evicted",
    "homelessness": "came to the council as homeless or about to be",
    "temporary": "moved into temporary accommodation",
    "move": "moved home",
}
"""Every kind of event, in plain words."""

TOLD_BY: dict[str, tuple[str, ...]] = {
    "sanction": ("credit_covered",),
    "rent_arrears": ("balance_covered", "covered"),
    "tax_order": ("tax_covered", "covered"),
    "notice": ("rent_covered", "homelessness_covered"),
    "eviction": ("rent_covered", "homelessness_covered"),
    "homelessness": ("homelessness_covered",),
    "temporary": ("homelessness_covered", "covered"),
}
"""The flags of `month_calendar` any of which says that an event of a kind would be told of in a month; `covered` for every other kind.

Where none of them holds, no event is *not seen*, which is never *none*: a study without a file of homelessness cases has no homeless to count.
"""
