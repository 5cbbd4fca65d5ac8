"""Checks of money, rent and home: amounts that were lost or told for another period, months that are missing, signs turned round."""

from __future__ import annotations

from datetime import date

from hearthlink.checks.card import Card, Example, Severity

_PERIOD = {"household_key": 1, "source": "shbe", "tenure": "private", "start_date": date(2019, 4, 1)}
_TENANTS = "tenure IN ('council', 'council_temporary', 'private', 'housing_association')"

ENDED_WITHOUT_END = Card(
    code="ended_without_end",
    severity=Severity.LOOK,
    says="Claims that give a reason why they ended, and run on in payment",
    about=("household_period.end_reason", "household_period.status", "household_period.end_date"),
    sql="""
        SELECT count(*) AS looked_at, count_if(status = 'in_payment' AND end_date IS NULL) AS found
        FROM household_period WHERE end_reason IS NOT NULL
    """,
    remedy="Ask for the end dates: a claim that runs on counts as in payment at every later referral.",
    passing=Example(
        {"household_period": ({**_PERIOD, "end_reason": "1", "status": "ended"}, {**_PERIOD, "status": "in_payment"})},
        1,
        0,
    ),
    failing=Example({"household_period": ({**_PERIOD, "end_reason": "1", "status": "in_payment"},)}, 1, 1),
)

_CLAIMANT = {
    "household_id": "H",
    "role": "claimant",
    "forename": "AAA",
    "surname": "BBB",
    "birth_date": date(1985, 6, 9),
}
_AWARD = {"household_key": 1, "benefit": "hb", "status": "in_payment", "start_date": date(2019, 4, 1)}
_TWO_HOUSEHOLDS = ({"household_id": "H", "household_key": 1}, {"household_id": "J", "household_key": 2})
_SECOND = {**_AWARD, "household_key": 2, "start_date": date(2019, 9, 1)}

DUPLICATE_CLAIMS = Card(
    code="duplicate_claims",
    severity=Severity.LOOK,
    says="Households whose claimant has another claim for the same benefit at the same time, for more than a week",
    about=(
        "household_member.role", "household_member.forename", "household_member.surname", "household_member.birth_date",
        "household_identifier.household_key", "award.benefit", "award.start_date", "award.end_date", "award.status",
    ),
    sql="""
        WITH claim AS (
            SELECT h.household_key, trim(lower(m.forename)) AS forename, trim(lower(m.surname)) AS surname, m.birth_date,
                   a.benefit, a.start_date, coalesce(a.end_date, DATE '9999-12-31') AS end_date
            FROM household_member AS m
            JOIN household_identifier AS h ON h.household_id = m.household_id
            JOIN award AS a ON a.household_key = h.household_key
            WHERE m.role = 'claimant' AND m.forename IS NOT NULL AND m.surname IS NOT NULL AND m.birth_date IS NOT NULL
              AND a.status <> 'ended'
        ),
        twice AS (
            SELECT DISTINCT a.household_key
            FROM claim AS a
            JOIN claim AS b ON b.forename = a.forename AND b.surname = a.surname AND b.birth_date = a.birth_date
                           AND b.benefit = a.benefit AND b.household_key <> a.household_key
            WHERE date_diff('day', greatest(a.start_date, b.start_date), least(a.end_date, b.end_date)) > 7
        )
        SELECT c.households AS looked_at, t.households AS found
        FROM (SELECT count(DISTINCT household_key) AS households FROM claim) AS c
        CROSS JOIN (SELECT count(*) AS households FROM twice) AS t
    """,
    remedy="Check that two systems or two exports of one month do not tell of the same claims: a household would count twice.",
    passing=Example(
        {
            "household_identifier": _TWO_HOUSEHOLDS,
            "household_member": (_CLAIMANT, {**_CLAIMANT, "household_id": "J"}),
            "award": ({**_AWARD, "end_date": date(2019, 9, 7)}, _SECOND),
        },
        2,
        0,
    ),
    failing=Example(
        {
            "household_identifier": _TWO_HOUSEHOLDS,
            "household_member": (_CLAIMANT, {**_CLAIMANT, "household_id": "J"}),
            "award": (_AWARD, _SECOND),
        },
        2,
        2,
    ),
)  # fmt: skip

DEPENDANTS_CUT = Card(
    code="dependants_cut",
    severity=Severity.LOOK,
    says="Households that count more dependants than any household in the extract lists, so the list may be cut short",
    about=("household_identifier.dependants_stated", "household_member.role"),
    sql="""
        SELECT count(*) AS looked_at, count_if(h.dependants_stated > m.most) AS found
        FROM household_identifier AS h
        CROSS JOIN (SELECT max(listed) AS most
                    FROM (SELECT count(*) AS listed FROM household_member WHERE role = 'dependant' GROUP BY household_id) AS c) AS m
        WHERE h.dependants_stated IS NOT NULL
    """,
    remedy="Ask whether the export stops at a number of dependants: the youngest children of large families would be missed.",
    passing=Example(
        {
            "household_identifier": ({"household_id": "H", "dependants_stated": 1},),
            "household_member": ({"household_id": "H", "role": "dependant"},),
        },
        1,
        0,
    ),
    failing=Example(
        {
            "household_identifier": ({"household_id": "H", "dependants_stated": 3},),
            "household_member": ({"household_id": "H", "role": "dependant"}, {"household_id": "H", "role": "claimant"}),
        },
        1,
        1,
    ),
)

EVERY_AWARD_NOUGHT = Card(
    code="every_award_nought",
    severity=Severity.LOOK,
    says="Awards in payment of a benefit for which every amount is missing or nought",
    about=("award.benefit", "award.status", "award.weekly_pence"),
    sql="""
        SELECT coalesce(sum(awards), 0) AS looked_at, coalesce(sum(CASE WHEN paid = 0 THEN awards ELSE 0 END), 0) AS found
        FROM (SELECT benefit, count(*) AS awards, count_if(coalesce(weekly_pence, 0) > 0) AS paid
              FROM award WHERE status = 'in_payment' GROUP BY benefit) AS b
    """,
    remedy="Ask for the column of weekly amounts: what is missing is not nought.",
    passing=Example({"award": ({**_AWARD, "weekly_pence": 9000}, {**_AWARD, "weekly_pence": 0})}, 2, 0),
    failing=Example(
        {"award": ({**_AWARD, "weekly_pence": 9000}, {**_AWARD, "benefit": "cts", "weekly_pence": 0})}, 2, 1
    ),
)

EVERY_RENT_NOUGHT = Card(
    code="every_rent_nought",
    severity=Severity.LOOK,
    says="Periods of tenants, in an extract in which every rent is missing or nought",
    about=("household_period.source", "household_period.tenure", "household_period.rent"),
    sql=f"""
        SELECT coalesce(sum(periods), 0) AS looked_at, coalesce(sum(CASE WHEN told = 0 THEN periods ELSE 0 END), 0) AS found
        FROM (SELECT source, count(*) AS periods, count_if(coalesce(rent, 0) > 0) AS told
              FROM household_period WHERE {_TENANTS} GROUP BY source) AS s
    """,
    remedy="Ask for the contractual rent: what is missing is not nought.",
    passing=Example({"household_period": ({**_PERIOD, "rent": 9000}, _PERIOD, {**_PERIOD, "tenure": "owner"})}, 2, 0),
    failing=Example({"household_period": (_PERIOD, _PERIOD)}, 2, 2),
)

EVERY_INCOME_NOUGHT = Card(
    code="every_income_nought",
    severity=Severity.LOOK,
    says="Periods of households that are not passported, in an extract in which every income is missing or nought",
    about=(
        "household_period.source", "household_period.passported", "household_period.earnings", "household_period.other_income",
    ),
    sql="""
        SELECT coalesce(sum(periods), 0) AS looked_at, coalesce(sum(CASE WHEN told = 0 THEN periods ELSE 0 END), 0) AS found
        FROM (SELECT source, count(*) AS periods, count_if(coalesce(earnings, 0) > 0 OR coalesce(other_income, 0) > 0) AS told
              FROM household_period WHERE NOT passported GROUP BY source) AS s
    """,
    remedy="Ask for the income columns of the extract: a household whose income is not told is not one without.",
    passing=Example({"household_period": ({**_PERIOD, "passported": False, "earnings": 9000}, _PERIOD)}, 1, 0),
    failing=Example({"household_period": ({**_PERIOD, "passported": False, "earnings": 0},)}, 1, 1),
)  # fmt: skip

_NEAR = "33 * abs({monthly} * 12 - {weekly} * 52) < {weekly} * 52"
_TENANCY = {"household_key": 1, "tenancy_no": 1, "start_date": date(2019, 4, 1), "tenancy_start": date(2019, 4, 1)}

RENT_BY_THE_MONTH = Card(
    code="rent_by_the_month",
    severity=Severity.LOOK,
    says="Tenancies whose rent is 52 / 12 times, or 12 / 52 of, the rent on the household's claim, more than one in ten",
    about=("household_period.rent", "rent_account.rent"),
    sql=f"""
        SELECT looked_at, CASE WHEN 10 * mixed > looked_at THEN mixed ELSE 0 END AS found
        FROM (
            SELECT count(*) AS looked_at,
                   count_if({_NEAR.format(monthly="h.rent", weekly="r.rent")}
                         OR {_NEAR.format(monthly="r.rent", weekly="h.rent")}) AS mixed
            FROM rent_account AS r
            JOIN household_period AS h
              ON h.household_key = r.household_key AND h.start_date <= coalesce(r.end_date, DATE '9999-12-31')
             AND r.start_date <= coalesce(h.end_date, DATE '9999-12-31')
            WHERE h.rent > 0 AND r.rent > 0
        ) AS counted
    """,
    remedy="One of the two is a rent for a month. Say so in its mapping, or ask which period the column is told for.",
    passing=Example(
        {"household_period": ({**_PERIOD, "rent": 9000},), "rent_account": ({**_TENANCY, "rent": 9100},)}, 1, 0
    ),
    failing=Example(
        {"household_period": ({**_PERIOD, "rent": 39000},), "rent_account": ({**_TENANCY, "rent": 9000},)}, 1, 1
    ),
)

RENT_CHANGES_PERIOD = Card(
    code="rent_changes_period",
    severity=Severity.LOOK,
    says="Rents that become 52 / 12 times or 12 / 52 of themselves from one period to the next, more than one in a hundred",
    about=("household_period.household_key", "household_period.source", "household_period.start_date", "household_period.rent"),
    sql=f"""
        SELECT looked_at, CASE WHEN 100 * mixed > looked_at THEN mixed ELSE 0 END AS found
        FROM (
            SELECT count(*) AS looked_at,
                   count_if({_NEAR.format(monthly="rent", weekly="before")}
                         OR {_NEAR.format(monthly="before", weekly="rent")}) AS mixed
            FROM (SELECT rent, lag(rent) OVER (PARTITION BY household_key, source ORDER BY start_date) AS before
                  FROM household_period WHERE rent > 0) AS followed
            WHERE before IS NOT NULL
        ) AS counted
    """,
    remedy="Ask whether the supplier or its export changed in between: some months tell the rent of a week, others of a month.",
    passing=Example(
        {"household_period": ({**_PERIOD, "rent": 9000}, {**_PERIOD, "start_date": date(2019, 9, 1), "rent": 9300})}, 1, 0
    ),
    failing=Example(
        {"household_period": ({**_PERIOD, "rent": 9000}, {**_PERIOD, "start_date": date(2019, 9, 1), "rent": 39000})}, 1, 1
    ),
)  # fmt: skip

_TWENTY = tuple({**_AWARD, "household_key": n, "weekly_pence": 9000, "end_date": date(2019, 8, 31)} for n in range(20))
_LATER = tuple({**award, "start_date": date(2019, 9, 1), "end_date": None} for award in _TWENTY)

LEVEL_SHIFT = Card(
    code="level_shift",
    severity=Severity.LOOK,
    says="Months in which the average award of a benefit is a quarter above or below the month before",
    about=("award.benefit", "award.status", "award.start_date", "award.end_date", "award.weekly_pence"),
    sql="""
        WITH month AS (
            SELECT a.benefit, m.start_date AS first_day, sum(a.weekly_pence) AS pence, count(*) AS awards
            FROM census_month AS m
            JOIN award AS a ON a.start_date <= m.end_date AND (a.end_date IS NULL OR a.end_date >= m.end_date)
            WHERE a.status = 'in_payment' AND a.weekly_pence > 0
            GROUP BY a.benefit, m.start_date
        ),
        followed AS (
            SELECT pence, awards, lag(pence) OVER (PARTITION BY benefit ORDER BY first_day) AS pence_before,
                   lag(awards) OVER (PARTITION BY benefit ORDER BY first_day) AS awards_before
            FROM month
        )
        SELECT count(*) AS looked_at, count_if(4 * abs(pence * awards_before - pence_before * awards) > pence_before * awards) AS found
        FROM followed WHERE awards >= 20 AND awards_before >= 20
    """,
    remedy="Ask whether the supplier changed, or the period that amounts are told for: such a step is no change in people's lives.",
    passing=Example({"award": (*_TWENTY, *({**award, "weekly_pence": 10000} for award in _LATER))}, 11, 0),
    failing=Example({"award": (*_TWENTY, *({**award, "weekly_pence": 39000} for award in _LATER))}, 11, 1),
)

MONTHS_WITHOUT_PERIODS = Card(
    code="months_without_periods",
    severity=Severity.LOOK,
    says="Months of the year in which an extract tells of no household's circumstances, though it does of other months",
    about=("household_period.source", "household_period.start_date", "household_period.end_date"),
    sql="""
        SELECT count(*) AS looked_at, count_if(periods = 0) AS found
        FROM (
            SELECT s.source, m.start_date, count(p.household_key) AS periods
            FROM (SELECT DISTINCT source FROM household_period) AS s
            CROSS JOIN census_month AS m
            LEFT JOIN household_period AS p
                   ON p.source = s.source AND p.start_date <= m.end_date AND (p.end_date IS NULL OR p.end_date >= m.start_date)
            GROUP BY s.source, m.start_date
        ) AS counted
    """,
    remedy="Ask for the files of those months.",
    passing=Example({"household_period": (_PERIOD,)}, 12, 0),
    failing=Example({"household_period": ({**_PERIOD, "start_date": date(2019, 6, 1)},)}, 12, 2),
)

_UC = {
    "household_key": 1, "award_no": 1, "start_date": date(2019, 4, 10), "end_date": date(2019, 5, 9), "award": 50000,
}  # fmt: skip

UC_MONTHS_MISSING = Card(
    code="uc_months_missing",
    severity=Severity.LOOK,
    says="Universal Credit awards that go on after a break of one to three assessment periods",
    about=(
        "universal_credit.household_key", "universal_credit.award_no", "universal_credit.start_date", "universal_credit.end_date",
    ),
    sql="""
        SELECT count(*) AS looked_at, count_if(date_diff('day', end_date, next_start) BETWEEN 20 AND 95) AS found
        FROM (SELECT end_date, lead(start_date) OVER (PARTITION BY household_key, award_no ORDER BY start_date) AS next_start
              FROM universal_credit) AS followed
        WHERE next_start IS NOT NULL
    """,
    remedy="If many fall in one month, ask for that month's file. An award that pays nothing may be left out of the share.",
    passing=Example(
        {"universal_credit": (_UC, {**_UC, "start_date": date(2019, 5, 10), "end_date": date(2019, 6, 9)})}, 1, 0
    ),
    failing=Example(
        {"universal_credit": (_UC, {**_UC, "start_date": date(2019, 6, 10), "end_date": date(2019, 7, 9)})}, 1, 1
    ),
)  # fmt: skip


def _turned_round(code: str, whose: str, table: str, key: str) -> Card:
    def owed(*pence: int) -> Example:
        rows = tuple({"household_key": 1, key: 1, "day": date(2019, 4, 1), "balance": each} for each in pence)
        below = sum(each < 0 for each in pence)
        return Example({table: rows}, sum(each != 0 for each in pence), below if 10 * below > 9 * len(pence) else 0)

    return Card(
        code=code,
        severity=Severity.LOOK,
        says=f"Balances of {whose} that are in credit, where nearly all are, so that the sign may be turned round",
        about=(f"{table}.balance",),
        sql=f"""
            SELECT looked_at, CASE WHEN 10 * below > 9 * looked_at THEN below ELSE 0 END AS found
            FROM (SELECT count(*) AS looked_at, count_if(balance < 0) AS below FROM {table} WHERE balance <> 0) AS counted
        """,
        remedy="Ask whether the system writes what is owed as a negative number, and say so in the mapping.",
        passing=owed(5000, -5000),
        failing=owed(-5000, -6000),
    )


RENT_TURNED_ROUND = _turned_round("rent_turned_round", "rent accounts", "rent_balance", "tenancy_no")
COUNCIL_TAX_TURNED_ROUND = _turned_round("council_tax_turned_round", "council tax", "council_tax_arrear", "account_no")

CARDS = (
    ENDED_WITHOUT_END, DUPLICATE_CLAIMS, DEPENDANTS_CUT, EVERY_AWARD_NOUGHT, EVERY_RENT_NOUGHT, EVERY_INCOME_NOUGHT,
    RENT_BY_THE_MONTH, RENT_CHANGES_PERIOD, LEVEL_SHIFT, MONTHS_WITHOUT_PERIODS, UC_MONTHS_MISSING, RENT_TURNED_ROUND,
    COUNCIL_TAX_TURNED_ROUND,
)  # fmt: skip
