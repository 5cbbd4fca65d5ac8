"""Checks of birth dates: the field that links best, so the one whose faults cost most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hearthlink.checks.card import Card, Example, Severity

_BORN = date(2010, 6, 9)

CHILD_BIRTH_DATE_BEYOND_REASON = Card(
    code="child_birth_date_beyond_reason",
    severity=Severity.LOOK,
    says="Children whose birth date lies after the year's end or more than 26 years before its start",
    about=("child_identifier.birth_date",),
    sql="""
        SELECT count(*) AS looked_at,
               count_if(i.birth_date > y.end_date OR year(y.start_date) - year(i.birth_date) > 26) AS found
        FROM child_identifier AS i CROSS JOIN census_year AS y
        WHERE i.birth_date IS NOT NULL
    """,
    remedy="These dates are taken as missing. If there are many, ask how the system exports dates (two-digit years, swapped parts).",
    passing=Example({"child_identifier": ({"birth_date": _BORN}, {"birth_date": None})}, 1, 0),
    failing=Example({"child_identifier": ({"birth_date": date(1920, 6, 9)}, {"birth_date": date(2020, 6, 9)})}, 2, 2),
)

MEMBER_BIRTH_DATE_BEYOND_REASON = Card(
    code="member_birth_date_beyond_reason",
    severity=Severity.LOOK,
    says="People on claims whose birth date lies after the year's end or before 1901",
    about=("household_member.birth_date",),
    sql="""
        SELECT count(*) AS looked_at, count_if(m.birth_date > y.end_date OR m.birth_date < DATE '1901-01-02') AS found
        FROM household_member AS m CROSS JOIN census_year AS y
        WHERE m.birth_date IS NOT NULL
    """,
    remedy="These dates are taken as missing. If there are many, ask what the system writes where a date is not known.",
    passing=Example({"household_member": ({"birth_date": date(1950, 6, 9)},)}, 1, 0),
    failing=Example({"household_member": ({"birth_date": date(1900, 1, 1)}, {"birth_date": _BORN})}, 2, 1),
)

REFERRED_LONG_BEFORE_BIRTH = Card(
    code="referred_long_before_birth",
    severity=Severity.LOOK,
    says="Children referred more than 280 days before they were born",
    about=("child_referral.referral_date", "child_identifier.birth_date"),
    sql="""
        SELECT count(*) AS looked_at, count_if(date_diff('day', r.referral_date, i.birth_date) > 280) AS found
        FROM child_referral AS r JOIN child_identifier AS i ON i.child_id = r.child_id
        WHERE i.birth_date IS NOT NULL
    """,
    remedy="One of the two dates is wrong (census rule 8606). Ask which.",
    passing=Example(
        {
            "child_referral": ({"child_id": "A", "referral_date": date(2019, 6, 1)},),
            "child_identifier": ({"child_id": "A", "birth_date": date(2019, 9, 1)},),
        },
        1,
        0,
    ),
    failing=Example(
        {
            "child_referral": ({"child_id": "A", "referral_date": date(2019, 4, 2)},),
            "child_identifier": ({"child_id": "A", "birth_date": date(2020, 3, 30)},),
        },
        1,
        1,
    ),
)

REFERRED_BEFORE_BIRTH = Card(
    code="referred_before_birth",
    severity=Severity.NOTE,
    says="Children referred before they were born, and born since",
    about=("child_referral.referral_date", "child_identifier.birth_date"),
    sql="""
        SELECT count(*) AS looked_at, count_if(date_diff('day', r.referral_date, i.birth_date) BETWEEN 1 AND 280) AS found
        FROM child_referral AS r JOIN child_identifier AS i ON i.child_id = r.child_id
        WHERE i.birth_date IS NOT NULL
    """,
    remedy="Nothing: no claim can list them on the day of referral, so they are linked through their family.",
    passing=Example(
        {
            "child_referral": ({"child_id": "A", "referral_date": date(2019, 6, 1)},),
            "child_identifier": ({"child_id": "A", "birth_date": date(2019, 6, 1)},),
        },
        1,
        0,
    ),
    failing=Example(
        {
            "child_referral": ({"child_id": "A", "referral_date": date(2019, 6, 1)},),
            "child_identifier": ({"child_id": "A", "birth_date": date(2019, 6, 2)},),
        },
        1,
        1,
    ),
)


def _all_missing(code: str, whose: str, table: str, where: str, remedy: str) -> Card:
    column = f"{table}.birth_date"
    return Card(
        code=code,
        severity=Severity.STOPS,
        says=f"Every birth date of {whose} is missing, or all but one in twenty",
        about=(column,),
        sql=f"""
            SELECT count(*) AS looked_at,
                   CASE WHEN 20 * count(birth_date) <= count(*) THEN count(*) - count(birth_date) ELSE 0 END AS found
            FROM {table} WHERE {where}
        """,
        remedy=remedy,
        passing=Example({table: ({"birth_date": _BORN}, {"birth_date": None})}, 2, 0),
        failing=Example({table: ({"birth_date": None}, {"birth_date": None})}, 2, 2),
    )


EVERY_CHILD_BIRTH_DATE_MISSING = _all_missing(
    "every_child_birth_date_missing", "the children", "child_identifier", "NOT unborn",
    "Look at the birth date column of the persons file: it may be blank, renamed, or in a form that is not a date.",
)  # fmt: skip
EVERY_MEMBER_BIRTH_DATE_MISSING = _all_missing(
    "every_member_birth_date_missing", "the people on claims", "household_member", "TRUE",
    "Ask for the newer layout of the extract: the older one leaves out the dependants' birth dates.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Heap:
    """Days on which systems pile dates: their name, how likely a date falls there, how to tell one, and one of them."""

    name: str
    says: str
    chance: str
    falls: str
    example: date


_FIRST_OR_FIFTEENTH = _Heap(
    "heaped", "on the 1st or 15th of a month", "24 / 365.25", "day(birth_date) IN (1, 15)", date(2010, 6, 15)
)
_NEW_YEAR = _Heap(
    "new_year", "on 1 January", "1 / 365.25", "day(birth_date) = 1 AND month(birth_date) = 1", date(2010, 1, 1)
)


def _heaped(side: str, whose: str, table: str, heap: _Heap) -> Card:
    """A card that finds dates on certain days where there are a quarter more than chance gives, and four standard errors more."""
    scattered = tuple({"birth_date": date(2000 + n % 18, 1 + n % 12, 2 + n % 11)} for n in range(24))
    return Card(
        code=f"{side}_birth_dates_{heap.name}",
        severity=Severity.NOTE,
        says=f"{whose} born {heap.says}, far more than by chance",
        about=(f"{table}.birth_date",),
        sql=f"""
            SELECT looked_at,
                   CASE WHEN heaped > 1.25 * expected AND (heaped - expected) * (heaped - expected) > 16 * expected
                        THEN heaped ELSE 0 END AS found
            FROM (SELECT count(*) AS looked_at, count_if({heap.falls}) AS heaped, count(*) * {heap.chance} AS expected
                  FROM {table} WHERE birth_date IS NOT NULL) AS counted
        """,
        remedy="Nothing, if the system fills in a day where it is not known: such dates count for less in the link.",
        passing=Example({table: scattered}, 24, 0),
        failing=Example({table: (*scattered, *({"birth_date": heap.example} for _ in range(12)))}, 36, 12),
    )


_CHILDREN = ("child", "Children", "child_identifier")
_MEMBERS = ("member", "People on claims", "household_member")
CHILD_BIRTH_DATES_HEAPED = _heaped(*_CHILDREN, _FIRST_OR_FIFTEENTH)
MEMBER_BIRTH_DATES_HEAPED = _heaped(*_MEMBERS, _FIRST_OR_FIFTEENTH)
CHILD_BIRTH_DATES_NEW_YEAR = _heaped(*_CHILDREN, _NEW_YEAR)
MEMBER_BIRTH_DATES_NEW_YEAR = _heaped(*_MEMBERS, _NEW_YEAR)

CARDS = (
    CHILD_BIRTH_DATE_BEYOND_REASON, MEMBER_BIRTH_DATE_BEYOND_REASON, REFERRED_LONG_BEFORE_BIRTH, REFERRED_BEFORE_BIRTH,
    EVERY_CHILD_BIRTH_DATE_MISSING, EVERY_MEMBER_BIRTH_DATE_MISSING, CHILD_BIRTH_DATES_HEAPED, MEMBER_BIRTH_DATES_HEAPED,
    CHILD_BIRTH_DATES_NEW_YEAR, MEMBER_BIRTH_DATES_NEW_YEAR,
)  # fmt: skip
