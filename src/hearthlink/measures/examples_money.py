"""Worked examples of benefits, income, precarity, reductions and disruptions: each is shown in the reference, and is a test.

Month 1 is April 2017, 25 April 2019 and 36 March 2020. The poverty line is 300 pounds a week before and 250 after housing costs.
"""

from __future__ import annotations

from datetime import date

from hearthlink.measures.example import Example, Row

BEGAN = date(2019, 1, 7)


def award(
    start: date, end: date | None = None, *, pence: int = 12_000, benefit: str = "hb", status: str = "in_payment"
) -> Row:
    """A row of `award` with its amount."""
    return {"benefit": benefit, "start_date": start, "end_date": end, "status": status, "weekly_pence": pence}


def period(start: date, end: date | None = None, **facts: object) -> Row:
    """A row of `household_period` of a council tax support extract; a standard claim without Universal Credit unless said."""
    plain = {"source": "cts", "status": "in_payment", "passported": False, "uc_in_payment": False, "tenure": "private"}
    return {"start_date": start, "end_date": end, **plain, **facts}


def person(number: int, role: str, born: date, *, end: date | None = None) -> Row:
    """A row of `household_person`: somebody there from the claim's beginning."""
    return {"person_no": number, "role": role, "born": born, "start_date": BEGAN, "end_date": end}


def credit(start: date, end: date, award: int, **facts: object) -> Row:
    """A row of `universal_credit`: one assessment period."""
    return {"award_no": 1, "start_date": start, "end_date": end, "award": award, "uprated": False, **facts}


MOTHER = person(1, "claimant", date(1990, 5, 1))
INFANT, TEENAGER = person(2, "dependant", date(2016, 3, 1)), person(3, "dependant", date(2005, 8, 1))
FAMILY = (MOTHER, INFANT, TEENAGER)
EARNING = period(BEGAN, earnings=15_000, other_income=8_000, rent=14_000)
"""150 pounds earned and 80 of other income against a rent of 140."""

BENEFIT = (
    Example(
        "on_benefit",
        "A claim in payment, then suspended, then nil: nil is no payment, and a claim that has not begun is no month at all.",
        {
            "award": (
                award(date(2019, 5, 6), date(2019, 6, 30)),
                award(date(2019, 7, 1), date(2019, 7, 31), status="suspended"),
                award(date(2019, 8, 1), date(2019, 9, 15), pence=0, status="nil"),
            )
        },
        column="status",
        by_month={25: None, 26: "in_payment", 27: "in_payment", 28: "suspended", 29: "nil", 30: None},
    ),
    Example(
        "capped",
        "The benefit cap takes 40 pounds a week off from 10 June.",
        {
            "award": (award(BEGAN),),
            "household_period": (
                period(BEGAN, date(2019, 6, 9), benefit_cap=0),
                period(date(2019, 6, 10), benefit_cap=4_000),
            ),
        },
        column="capped",
        by_month={26: False, 27: True},
    ),
    Example(
        "cap",
        "The same, as an event: 40 pounds are the second band of its dose.",
        {
            "award": (award(BEGAN),),
            "household_period": (
                period(BEGAN, date(2019, 6, 9), benefit_cap=0),
                period(date(2019, 6, 10), benefit_cap=4_000),
            ),
        },
        events=(("cap", 27, 2),),
    ),
    Example(
        "spare_room_cut",
        "A reduction for a spare bedroom; where the source does not hold it, it is not seen.",
        {
            "award": (award(BEGAN),),
            "household_period": (
                period(BEGAN, date(2019, 6, 9), size_criteria=1_400),
                period(date(2019, 6, 10)),
            ),
        },
        column="spare_room_cut",
        by_month={26: True, 27: None},
    ),
    Example(
        "recovery",
        "An overpayment is taken back from July to September.",
        {
            "award": (award(BEGAN),),
            "household_period": (
                period(BEGAN, date(2019, 6, 30), overpayment_recovery=0),
                period(date(2019, 7, 1), date(2019, 9, 15), overpayment_recovery=1_110),
                period(date(2019, 9, 16), overpayment_recovery=0),
            ),
        },
        column="recovery",
        by_month={27: False, 28: True, 29: True, 30: False},
        events=(("recovery", 28, 2),),
    ),
    Example(
        "sanction",
        "Of three assessment periods the second bears a sanction of 200 pounds, which is 46 a week.",
        {
            "award": (award(BEGAN, benefit="cts", pence=2_000),),
            "universal_credit": (
                credit(date(2019, 5, 11), date(2019, 6, 10), 90_000, sanction=0),
                credit(date(2019, 6, 11), date(2019, 7, 10), 70_000, sanction=20_000),
                credit(date(2019, 7, 11), date(2019, 8, 10), 90_000, sanction=0),
            ),
        },
        events=(("sanction", 27, 2),),
    ),
)

INCOME = (
    Example(
        "low_income_before_costs",
        "A mother with children of 3 and 13 counts as 0.67 + 0.20 + 0.20 of a couple. 150 earned, 80 of other income and 120 of Housing Benefit are "
        "327 pounds for a couple, over the line of 300. From August the elder is 14 and counts 0.33: 292 pounds, under it.",
        {"award": (award(BEGAN),), "household_period": (EARNING,), "household_person": FAMILY},
        column="low_income_before_costs",
        by_month={28: False, 29: True},
    ),
    Example(
        "low_income_after_costs",
        "The same family after a rent of 140: 210 pounds over 0.58 + 0.20 + 0.20 are 214 for a couple, under the line of 250. Rent is not held from "
        "September, and so nothing is said.",
        {
            "award": (award(BEGAN),),
            "household_period": (
                period(BEGAN, date(2019, 8, 31), earnings=15_000, other_income=8_000, rent=14_000),
                period(date(2019, 9, 1), earnings=15_000, other_income=8_000),
            ),
            "household_person": FAMILY,
        },
        column="low_income_after_costs",
        by_month={28: True, 30: None},
    ),
    Example(
        "low_income_before_costs",
        "A claim that goes through another benefit holds no income: not seen, which is not nought.",
        {
            "award": (award(BEGAN),),
            "household_period": (period(BEGAN, passported=True),),
            "household_person": FAMILY,
        },
        column="low_income_before_costs",
        by_month={28: None},
    ),
    Example(
        "persistent_low_income_before_costs",
        "Months that count towards low income that lasts: low from January to June 2019, a job in July and August, then low again; January 2020 is not "
        "seen. Of the twelve months seen before it ten are low, which is three quarters and more.",
        {
            "award": (award(BEGAN),),
            "household_period": (
                period(BEGAN, date(2019, 6, 30), earnings=0, other_income=9_000),
                period(date(2019, 7, 1), date(2019, 8, 31), earnings=24_000, other_income=9_000),
                period(date(2019, 9, 1), date(2019, 12, 31), earnings=0, other_income=9_000),
                period(date(2020, 1, 1), passported=True),
            ),
            "household_person": FAMILY,
        },
        column="low_income_before_costs",
        by_month={22: True, 27: True, 28: False, 29: False, 30: True, 33: True, 34: None},
    ),
)

STRAIN = (
    Example(
        "precarious",
        "100 pounds after rent over 0.98 of a couple are 102: one sign. Council tax comes to a summons in July, an overpayment is taken back from "
        "August, and Housing Benefit is suspended in October: the band is 3 for 3 and more.",
        {
            "award": (
                award(BEGAN, date(2019, 9, 30)),
                award(date(2019, 10, 1), status="suspended"),
            ),
            "household_period": (
                period(
                    BEGAN, date(2019, 7, 31), earnings=4_000, other_income=8_000, rent=14_000, overpayment_recovery=0
                ),
                period(date(2019, 8, 1), earnings=4_000, other_income=8_000, rent=14_000, overpayment_recovery=1_110),
            ),
            "council_tax_arrear": tuple(
                {"account_no": 1, "day": day, "balance": 30_000, "stage": "summons"}
                for day in (date(2019, 7, 31), date(2019, 8, 31), date(2019, 9, 30), date(2019, 10, 31))
            ),
            "household_person": (MOTHER, INFANT, person(3, "dependant", date(2010, 8, 1))),
        },
        column="precarity",
        by_month={27: 1, 28: 2, 29: 3, 31: 3},
    ),
    Example(
        "strain",
        "60 pounds left after rent and a liability order: two of the gravest signs. Without the order one of them, which is no acute strain.",
        {
            "award": (award(BEGAN),),
            "household_period": (period(BEGAN, earnings=0, other_income=8_000, rent=14_000),),
            "council_tax_arrear": (
                {"account_no": 1, "day": date(2019, 7, 31), "balance": 30_000, "stage": "liability_order"},
            ),
            "household_person": (MOTHER, INFANT, person(3, "dependant", date(2010, 8, 1))),
        },
        column="strain",
        by_month={27: False, 28: True, 29: False},
    ),
    Example(
        "volatile",
        "Income of 250 pounds a week, and of 600 in May and August 2019: over the twelve months to December its standard deviation is more than a "
        "quarter of its mean. In November eleven months are known, and nothing is said.",
        {
            "award": (award(BEGAN, pence=10_000),),
            "household_period": (
                period(BEGAN, date(2019, 5, 1), earnings=10_000, other_income=5_000),
                period(date(2019, 5, 2), date(2019, 6, 1), earnings=45_000, other_income=5_000),
                period(date(2019, 6, 2), date(2019, 8, 1), earnings=10_000, other_income=5_000),
                period(date(2019, 8, 2), date(2019, 9, 1), earnings=45_000, other_income=5_000),
                period(date(2019, 9, 2), earnings=10_000, other_income=5_000),
            ),
        },
        column="volatile",
        by_month={32: None, 33: True},
    ),
    Example(
        "tax_arrears",
        "A reminder is none; a summons is. A month without a balance owes nothing.",
        {
            "award": (award(BEGAN),),
            "council_tax_arrear": (
                {"account_no": 1, "day": date(2019, 6, 30), "balance": 20_000, "stage": "reminder"},
                {"account_no": 1, "day": date(2019, 7, 31), "balance": 30_000, "stage": "summons"},
            ),
        },
        column="tax_arrears",
        by_month={27: False, 28: True, 29: False},
    ),
    Example(
        "tax_order",
        "A stage with a date of its own is dated by it. An enforcement agent within a quarter of the order is the same recovery.",
        {
            "award": (award(BEGAN),),
            "council_tax_arrear": (
                {
                    "account_no": 1,
                    "day": date(2019, 7, 31),
                    "balance": 20_000,
                    "stage": "liability_order",
                    "stage_date": date(2019, 6, 20),
                },
                {"account_no": 1, "day": date(2019, 8, 31), "balance": 20_000, "stage": "enforcement_agent"},
            ),
        },
        events=(("tax_order", 27, 2),),
    ),
)

FALLS = (
    Example(
        "reduction",
        "Housing Benefit of 120 pounds falls by 30 in July: a quarter of it, which is the second band of the dose. A fall of 4 pounds in September is none.",
        {
            "award": (
                award(BEGAN, date(2019, 7, 7)),
                award(date(2019, 7, 8), date(2019, 9, 8), pence=9_000),
                award(date(2019, 9, 9), pence=8_600),
            )
        },
        events=(("reduction", 28, 2),),
    ),
    Example(
        "suspension",
        "Housing Benefit is suspended on 8 July: 120 pounds a week held up are the second band of the dose.",
        {
            "award": (
                award(BEGAN, date(2019, 7, 7)),
                award(date(2019, 7, 8), date(2019, 8, 4), status="suspended"),
                award(date(2019, 8, 5)),
            )
        },
        events=(("suspension", 28, 2),),
    ),
    Example(
        "disruption",
        "A claim breaks off for five weeks, which is a gap of the second band, begins again, and ends for good in November.",
        {
            "award": (
                award(BEGAN, date(2019, 6, 2)),
                award(date(2019, 7, 8), date(2019, 11, 17)),
                award(date(2019, 11, 18), status="ended", pence=0),
            )
        },
        events=(("gap", 27, 2), ("claim_end", 32, None)),
    ),
)

MONEY_EXAMPLES = (*BENEFIT, *INCOME, *STRAIN, *FALLS)
"""In the order in which they are shown."""
