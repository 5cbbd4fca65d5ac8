"""Checks of claims: who is listed, whether the listing adds up, and whether the series of months has holes."""

from __future__ import annotations

from datetime import date

from hearthlink.checks.card import Card, Example, Severity

DEPENDANTS_DO_NOT_ADD_UP = Card(
    code="dependants_do_not_add_up",
    severity=Severity.LOOK,
    says="Households that list more or fewer dependants than their claim counts",
    about=(
        "household_identifier.dependants_stated", "household_identifier.last_date", "household_member.role",
        "household_member.start_date", "household_member.end_date",
    ),
    sql="""
        SELECT count(*) AS looked_at, count_if(listed <> stated) AS found
        FROM (
            SELECT h.household_id, h.dependants_stated AS stated, count(m.member_id) AS listed
            FROM household_identifier AS h
            CROSS JOIN census_year AS y
            LEFT JOIN household_member AS m
                   ON m.household_id = h.household_id AND m.role = 'dependant'
                      AND (m.start_date IS NULL OR m.start_date <= coalesce(h.last_date, y.end_date))
                      AND (m.end_date IS NULL OR m.end_date >= coalesce(h.last_date, y.end_date))
            WHERE h.dependants_stated IS NOT NULL
            GROUP BY h.household_id, h.dependants_stated
        ) AS counted
    """,
    remedy="Check that the dependants' own records are in the extract: a child who is not listed can be linked by the family only.",
    passing=Example(
        {
            "household_identifier": ({"household_id": "H", "dependants_stated": 1},),
            "household_member": (
                {"household_id": "H", "member_id": "1", "role": "claimant"},
                {"household_id": "H", "member_id": "2", "role": "dependant"},
                {"household_id": "H", "member_id": "3", "role": "dependant", "end_date": date(2019, 9, 1)},
            ),
        },
        1,
        0,
    ),
    failing=Example(
        {
            "household_identifier": ({"household_id": "H", "dependants_stated": 2}, {"household_id": "J"}),
            "household_member": ({"household_id": "H", "member_id": "2", "role": "dependant"},),
        },
        1,
        1,
    ),
)  # fmt: skip

_LISTED = {
    "household_id": "H", "member_id": "H1", "role": "dependant", "forename": "AAA", "surname": "BBB",
    "birth_date": date(2010, 6, 9), "end_date": date(2019, 8, 31),
}  # fmt: skip
_MOVED = {**_LISTED, "household_id": "J", "member_id": "J1", "start_date": date(2019, 9, 1), "end_date": None}

DEPENDANT_IN_TWO_HOUSEHOLDS = Card(
    code="dependant_in_two_households",
    severity=Severity.LOOK,
    says="Dependants who are listed in two households at once",
    about=tuple(
        f"household_member.{column}"
        for column in ("role", "forename", "surname", "birth_date", "start_date", "end_date")
    ),
    sql="""
        WITH dependant AS (
            SELECT household_id, member_id, trim(lower(forename)) AS forename, trim(lower(surname)) AS surname, birth_date,
                   coalesce(start_date, DATE '1900-01-01') AS start_date, coalesce(end_date, DATE '9999-12-31') AS end_date
            FROM household_member
            WHERE role = 'dependant' AND forename IS NOT NULL AND surname IS NOT NULL AND birth_date IS NOT NULL
        ),
        twice AS (
            SELECT DISTINCT a.household_id, a.member_id
            FROM dependant AS a
            JOIN dependant AS b ON b.forename = a.forename AND b.surname = a.surname AND b.birth_date = a.birth_date
            WHERE b.household_id <> a.household_id AND a.start_date <= b.end_date AND b.start_date <= a.end_date
        )
        SELECT d.people AS looked_at, t.people AS found
        FROM (SELECT count(*) AS people FROM dependant) AS d CROSS JOIN (SELECT count(*) AS people FROM twice) AS t
    """,
    remedy="Claims that overlap after a move or a parting are common; a child in two of them counts once, in either.",
    passing=Example({"household_member": (_LISTED, _MOVED)}, 2, 0),
    failing=Example(
        {"household_member": (_LISTED, {**_MOVED, "start_date": date(2019, 8, 31), "forename": "Aaa "})}, 2, 2
    ),
)

LISTED_BACKWARDS = Card(
    code="listed_backwards",
    severity=Severity.LOOK,
    says="People whose time on a claim ends before it starts",
    about=("household_member.start_date", "household_member.end_date"),
    sql="""
        SELECT count(*) AS looked_at, count_if(end_date < start_date) AS found
        FROM household_member WHERE start_date IS NOT NULL AND end_date IS NOT NULL
    """,
    remedy="Ask whether the extract swaps the two columns or their days and months.",
    passing=Example({"household_member": ({"start_date": date(2019, 5, 1), "end_date": date(2019, 5, 1)},)}, 1, 0),
    failing=Example({"household_member": ({"start_date": date(2019, 5, 2), "end_date": date(2019, 5, 1)},)}, 1, 1),
)

EVERY_MEMBER_NAME_MISSING = Card(
    code="every_member_name_missing",
    severity=Severity.STOPS,
    says="Every name of the people on claims is missing",
    about=("household_member.forename", "household_member.surname"),
    sql="""
        SELECT count(*) AS looked_at, CASE WHEN count(forename) + count(surname) = 0 THEN count(*) ELSE 0 END AS found
        FROM household_member
    """,
    remedy="Ask for the extract with names: without them nobody can be linked.",
    passing=Example({"household_member": ({"surname": "AAA"}, {})}, 2, 0),
    failing=Example({"household_member": ({}, {})}, 2, 2),
)

_AWARD = {"household_key": 1, "benefit": "hb", "status": "in_payment", "start_date": date(2018, 4, 1)}
_FIRST = {**_AWARD, "end_date": date(2019, 6, 30)}

AWARD_GAPS = Card(
    code="award_gaps",
    severity=Severity.NOTE,
    says="Breaks of up to 13 weeks between two awards of one benefit to one household",
    about=("award.household_key", "award.benefit", "award.start_date", "award.end_date", "award.status"),
    sql="""
        SELECT count(*) AS looked_at, count_if(date_diff('day', end_date, next_start) BETWEEN 2 AND 91) AS found
        FROM (
            SELECT end_date, lead(start_date) OVER (
                       PARTITION BY household_key, benefit ORDER BY start_date, end_date NULLS LAST) AS next_start
            FROM award WHERE status <> 'ended'
        ) AS followed
        WHERE next_start IS NOT NULL AND end_date IS NOT NULL
    """,
    remedy="Nothing, if claims really broke off. If many begin in one month, look for a monthly file that is missing.",
    passing=Example({"award": (_FIRST, {**_AWARD, "start_date": date(2019, 7, 1), "end_date": None})}, 1, 0),
    failing=Example({"award": (_FIRST, {**_AWARD, "start_date": date(2019, 8, 1), "end_date": None})}, 1, 1),
)

AWARDS_OVERLAP = Card(
    code="awards_overlap",
    severity=Severity.LOOK,
    says="Awards that begin before the household's last award of that benefit ended",
    about=("award.household_key", "award.benefit", "award.start_date", "award.end_date", "award.status"),
    sql="""
        SELECT count(*) AS looked_at, count_if(next_start <= coalesce(end_date, DATE '9999-12-31')) AS found
        FROM (
            SELECT end_date, lead(start_date) OVER (
                       PARTITION BY household_key, benefit ORDER BY start_date, end_date NULLS LAST) AS next_start
            FROM award WHERE status <> 'ended'
        ) AS followed
        WHERE next_start IS NOT NULL
    """,
    remedy="Check that two exports of the same months were not put in the folder together.",
    passing=Example({"award": (_FIRST, {**_AWARD, "start_date": date(2019, 7, 1), "end_date": None})}, 1, 0),
    failing=Example({"award": (_FIRST, {**_AWARD, "start_date": date(2019, 6, 30), "end_date": None})}, 1, 1),
)

_LIVE = """
    WITH live AS (
        SELECT b.benefit, m.start_date AS first_day, count(a.household_key) AS awards
        FROM (SELECT DISTINCT benefit FROM award) AS b
        CROSS JOIN census_month AS m
        LEFT JOIN award AS a ON a.benefit = b.benefit AND a.status <> 'ended' AND a.start_date <= m.end_date
                                AND (a.end_date IS NULL OR a.end_date >= m.start_date)
        GROUP BY b.benefit, m.start_date
    )
"""
_ABOUT_MONTHS = ("award.benefit", "award.start_date", "award.end_date", "award.status")
_TO_JUNE = {**_AWARD, "end_date": date(2019, 6, 30)}
_FROM_AUGUST = {**_AWARD, "start_date": date(2019, 8, 1)}

MONTHS_WITHOUT_AWARDS = Card(
    code="months_without_awards",
    severity=Severity.STOPS,
    says="Months of the year in which no household has an award of any benefit",
    about=_ABOUT_MONTHS,
    sql=f"""
        {_LIVE}
        SELECT count(*) AS looked_at, count_if(coalesce(l.awards, 0) = 0) AS found
        FROM census_month AS m
        LEFT JOIN (SELECT first_day, sum(awards) AS awards FROM live GROUP BY first_day) AS l ON l.first_day = m.start_date
    """,
    remedy="Ask for the benefits extracts of those months: every child referred then would count as not on benefit.",
    passing=Example({"award": (_TO_JUNE, {**_FROM_AUGUST, "start_date": date(2019, 7, 31)})}, 12, 0),
    failing=Example({"award": (_TO_JUNE, _FROM_AUGUST)}, 12, 1),
)

MONTHS_WITH_FEW_AWARDS = Card(
    code="months_with_few_awards",
    severity=Severity.LOOK,
    says="Months of the year in which a benefit has fewer than half the awards of its fullest month",
    about=_ABOUT_MONTHS,
    sql=f"""
        {_LIVE}
        SELECT count(*) AS looked_at, count_if(2 * l.awards < f.fullest) AS found
        FROM live AS l JOIN (SELECT benefit, max(awards) AS fullest FROM live GROUP BY benefit) AS f ON f.benefit = l.benefit
    """,
    remedy="Check that every monthly file is in the folder, and that none is cut short.",
    passing=Example({"award": (_AWARD, {**_AWARD, "benefit": "cts"})}, 24, 0),
    failing=Example({"award": (_TO_JUNE, _FROM_AUGUST, {**_AWARD, "benefit": "cts"})}, 24, 1),
)

MONTHS_WITHOUT_A_FILE = Card(
    code="months_without_a_file",
    severity=Severity.LOOK,
    says="Months of the window for which there is no Housing Benefit extract",
    about=("receipt.source", "receipt.file", "receipt.reason"),
    sql="""
        SELECT count(DISTINCT file) AS looked_at,
               count(DISTINCT CASE WHEN reason = 'no file for this month' THEN file END) AS found
        FROM receipt
        WHERE source = 'shbe'
          AND reason NOT IN ('outside the time from 24 months before the year to 12 after it',
                             'no file for these months of the 24 before the year', 'no file for these months of the 12 after the year')
    """,
    remedy="Ask for the months that the receipt names. No claim is taken to have ended for want of a file.",
    passing=Example({"receipt": ({"source": "shbe", "file": "A", "reason": "kept"},)}, 1, 0),
    failing=Example(
        {
            "receipt": (
                {"source": "shbe", "file": "A", "reason": "kept"},
                {"source": "shbe", "file": "B", "reason": "no file for this month"},
            )
        },
        2,
        1,
    ),
)

CARDS = (
    MONTHS_WITHOUT_A_FILE, DEPENDANTS_DO_NOT_ADD_UP, DEPENDANT_IN_TWO_HOUSEHOLDS, LISTED_BACKWARDS, EVERY_MEMBER_NAME_MISSING, AWARD_GAPS,
    AWARDS_OVERLAP, MONTHS_WITHOUT_AWARDS, MONTHS_WITH_FEW_AWARDS,
)  # fmt: skip
