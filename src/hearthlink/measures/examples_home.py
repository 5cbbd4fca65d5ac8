"""Worked examples of work, rooms, rent, losing a home and moves: each is shown in the reference, and is a test.

Month 1 is April 2017, 25 April 2019 and 36 March 2020. Every household has a Housing Benefit claim from January 2019 unless more is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hearthlink.measures.example import Example, Row
from hearthlink.measures.examples_money import BEGAN, INFANT, MOTHER, award, credit, period, person

CLAIM: Mapping[str, tuple[Row, ...]] = {"award": (award(BEGAN),)}
FATHER = person(4, "partner", date(1988, 2, 1))


def home(number: int, start: date, end: date | None = None, *, same_postcode: bool = False) -> Row:
    """A row of `household_home`."""
    return {"home_no": number, "start_date": start, "end_date": end, "same_postcode": same_postcode}


def tenancy(start: date, end: date | None = None, **facts: object) -> Row:
    """A row of `rent_account`: a stretch of a council tenancy that began with the claim."""
    return {"tenancy_no": 1, "start_date": start, "end_date": end, "tenure": "council", "tenancy_start": BEGAN, **facts}


def balance(day: date, weeks: float) -> Row:
    """A row of `rent_balance` at a rent of 100 pounds."""
    return {"tenancy_no": 1, "day": day, "balance": int(weeks * 10_000), "weeks_owed": weeks}


def case(opened: date, duty: str, reason: str) -> Row:
    """A row of `homelessness`."""
    return {"case_no": 1, "opened_date": opened, "duty": duty, "loss_reason": reason}


WORK = (
    Example(
        "workless",
        "Earnings to the end of June, none in July; in September the claim is passported by income support, whose rule is no work to speak of; from "
        "October by pension credit, which has no such rule.",
        {
            **CLAIM,
            "household_period": (
                period(BEGAN, date(2019, 6, 30), earnings=12_000, claimant_hours=16.0),
                period(date(2019, 7, 1), date(2019, 8, 31), earnings=0, claimant_hours=0.0),
                period(date(2019, 9, 1), date(2019, 9, 30), passported=True, passport_benefit="income_support"),
                period(date(2019, 10, 1), passported=True, passport_benefit="pension_credit"),
            ),
        },
        column="workless",
        by_month={27: False, 28: True, 30: True, 31: None},
    ),
    Example(
        "unemployed",
        "No work throughout: on a jobseeker's benefit in May and on a sickness benefit in July. From September a council tax support claim alone "
        "is on file, which does not tell.",
        {
            "award": (award(BEGAN, date(2019, 8, 31)), award(date(2019, 9, 1), benefit="cts", pence=2_000)),
            "household_period": (
                period(BEGAN, date(2019, 6, 30), source="shbe", earnings=0, out_of_work_benefit=True, jobseeker_benefit=True),
                period(date(2019, 7, 1), date(2019, 8, 31), source="shbe", earnings=0, out_of_work_benefit=True, jobseeker_benefit=False),
                period(date(2019, 9, 1), earnings=0),
            ),
        },
        column="unemployed",
        by_month={26: True, 28: False, 30: None},
    ),
    Example(
        "job_loss",
        "Earnings of 150 pounds a week stop on 12 August: the second band of the dose.",
        {
            **CLAIM,
            "household_period": (
                period(BEGAN, date(2019, 8, 11), earnings=15_000),
                period(date(2019, 8, 12), earnings=0),
            ),
        },
        events=(("job_loss", 29, 2),),
    ),
    Example(
        "job_loss",
        "The father leaves in August, and with him go the earnings: the couple parted, and nobody lost work.",
        {
            **CLAIM,
            "household_period": (
                period(BEGAN, date(2019, 8, 11), earnings=15_000),
                period(date(2019, 8, 12), earnings=0),
            ),
            "household_person": (MOTHER, {**FATHER, "end_date": date(2019, 8, 11)}, INFANT),
        },
    ),
)  # fmt: skip

ROOMS = (
    Example(
        "overcrowded",
        "A couple, a girl of 12, a boy of 9 and a boy of 6 in three bedrooms: one for the couple, one for the girl and one for the boys. In September the "
        "elder boy turns 10, and may still share with his brother. In November a son of 22 comes back, and they are one short.",
        {
            **CLAIM,
            "household_period": (period(BEGAN, bedrooms=3),),
            "household_person": (
                {**MOTHER, "sex": "F"},
                FATHER,
                {**person(5, "dependant", date(2007, 2, 1)), "sex": "F"},
                {**person(6, "dependant", date(2009, 9, 1)), "sex": "M"},
                {**person(7, "dependant", date(2013, 4, 1)), "sex": "M"},
                {**person(8, "non_dependant", date(1997, 3, 1)), "sex": "M", "start_date": date(2019, 11, 4)},
            ),
        },
        column="overcrowded",
        by_month={29: False, 30: False, 32: True},
    ),
    Example(
        "overcrowded",
        "The same family where no file holds bedrooms: not seen, which is not enough of them.",
        {**CLAIM, "household_period": (period(BEGAN),), "household_person": (MOTHER, {**INFANT, "sex": "M"})},
        column="overcrowded",
        by_month={29: None},
    ),
    Example(
        "poor_home",
        "Bed and breakfast from 20 May to 10 July, while the claim still names the private home left behind.",
        {
            **CLAIM,
            "household_period": (period(BEGAN),),
            "temporary_accommodation": (
                {"case_no": 1, "start_date": date(2019, 5, 20), "end_date": date(2019, 7, 10), "kind": "bed_and_breakfast"},
            ),
        },
        column="poor_home",
        by_month={25: False, 26: True, 27: True, 28: False},
    ),
)  # fmt: skip

RENT = (
    Example(
        "shortfall",
        "A rent of 160 and Housing Benefit of 120 leave 40 pounds: the second band. A discretionary payment of 38 from July leaves 2: the first.",
        {
            **CLAIM,
            "household_period": (period(BEGAN, rent=16_000),),
            "housing_payment": ({"start_date": date(2019, 7, 1), "end_date": date(2019, 12, 29), "weekly": 3_800},),
        },
        column="shortfall",
        by_month={27: 2, 28: 1},
    ),
    Example(
        "shortfall",
        "On Universal Credit with a housing element of 520 pounds a month, which is 120 a week, but an award that earnings have brought down to 260: "
        "60 a week of a rent of 130 are paid, and 70 are not.",
        {
            "award": (award(BEGAN, benefit="cts", pence=2_000),),
            "household_period": (period(BEGAN, rent=13_000, uc_in_payment=True),),
            "universal_credit": (credit(date(2019, 6, 11), date(2019, 7, 10), 26_000, housing_element=52_000),),
        },
        column="shortfall",
        by_month={26: None, 27: 3},
    ),
    Example(
        "rent_arrears",
        "3.5 weeks owed in May, 5 in June and July: it comes to more than four weeks in June. By October the last balance is too old to say.",
        {
            **CLAIM,
            "rent_account": (tenancy(BEGAN, rent=10_000),),
            "rent_balance": (
                balance(date(2019, 5, 31), 3.5),
                balance(date(2019, 6, 30), 5.0),
                balance(date(2019, 7, 31), 5.0),
            ),
        },
        column="rent_arrears",
        by_month={26: False, 27: True, 28: True, 31: None},
        events=(("rent_arrears", 27, 1),),
    ),
    Example(
        "rent_rise",
        "A private rent of 150 goes to 160 in August, which is 6.7%: the first band of the dose. In February it goes to 165, which is 3.1% and none.",
        {
            **CLAIM,
            "household_period": (
                period(BEGAN, date(2019, 8, 4), rent=15_000),
                period(date(2019, 8, 5), date(2020, 2, 2), rent=16_000),
                period(date(2020, 2, 3), rent=16_500),
            ),
            "household_home": (home(1, BEGAN),),
        },
        events=(("rent_rise", 29, 1),),
    ),
    Example(
        "rent_rise",
        "The same rents, but the household moved home in July and the office heard of it on 5 August: another home's rent is no rise.",
        {
            **CLAIM,
            "household_period": (
                period(BEGAN, date(2019, 8, 4), rent=15_000),
                period(date(2019, 8, 5), rent=16_000),
            ),
            "household_home": (home(1, BEGAN, date(2019, 7, 14)), home(2, date(2019, 7, 15))),
        },
    ),
)

LOSING = (
    Example(
        "eviction",
        "Notice in May, an order of possession in August and eviction in October, each told by two stretches of rent, and each once.",
        {
            **CLAIM,
            "rent_account": tuple(
                tenancy(
                    start, end, rent=rent, tenancy_end=date(2019, 10, 10), end_reason="eviction", notice_date=date(2019, 5, 7),
                    possession_date=date(2019, 8, 20), eviction_date=date(2019, 10, 10),
                )
                for start, end, rent in (
                    (BEGAN, date(2019, 3, 31), 10_000),
                    (date(2019, 4, 1), date(2019, 10, 10), 9_900),
                )
            ),
        },
        events=(("notice", 26, 1), ("notice", 29, 2), ("eviction", 31, None)),
    ),
    Example(
        "eviction",
        "A private tenant whose landlord wants the home comes to the council, which owes relief: evicted, as far as anybody sees. Had the family no longer "
        "been willing to have them, it would be none.",
        {**CLAIM, "homelessness": (case(date(2019, 6, 3), "relief", "private_tenancy"),)},
        events=(("eviction", 27, None),),
    ),
    Example(
        "homelessness",
        "A case opens in June with relief owed, and two temporary homes with five days between are one stay. A second household, to which no duty is owed, "
        "has no event.",
        {
            "award": (award(BEGAN), {**award(BEGAN), "household_key": 2}),
            "homelessness": (
                case(date(2019, 6, 3), "relief", "family"),
                {**case(date(2019, 6, 3), "none", "family"), "household_key": 2},
            ),
            "temporary_accommodation": (
                {"case_no": 1, "start_date": date(2019, 6, 5), "end_date": date(2019, 7, 1), "kind": "bed_and_breakfast"},
                {"case_no": 1, "start_date": date(2019, 7, 6), "end_date": date(2019, 9, 1), "kind": "private_leased"},
            ),
        },
        events=(("homelessness", 27, 2), ("temporary", 27, None)),
    ),
    Example(
        "move",
        "Moved in May, and back to the first home in September: two moves. The third home, of the same postcode as the one before it, is taken as a correction.",
        {
            **CLAIM,
            "household_home": (
                home(1, BEGAN, date(2019, 5, 19)),
                home(2, date(2019, 5, 20), date(2019, 6, 30)),
                home(3, date(2019, 7, 1), date(2019, 9, 15), same_postcode=True),
                home(1, date(2019, 9, 16)),
            ),
        },
        events=(("move", 26, None), ("move", 30, None)),
    ),
)  # fmt: skip

HOME_EXAMPLES = (*WORK, *ROOMS, *RENT, *LOSING)
"""In the order in which they are shown."""
