"""Checks of referrals and of the children referred."""

from __future__ import annotations

from datetime import date

from hearthlink.checks.card import Card, Example, Severity

_IN_YEAR = {"child_id": "A", "referral_date": date(2020, 3, 31)}

NOBODY_REFERRED = Card(
    code="nobody_referred",
    severity=Severity.STOPS,
    says="Of the children in the census, none was referred in the year",
    about=("child_identifier.child_id", "child_referral.child_id"),
    sql="""
        SELECT c.children AS looked_at, CASE WHEN r.referrals = 0 THEN c.children ELSE 0 END AS found
        FROM (SELECT count(*) AS children FROM child_identifier) AS c
        CROSS JOIN (SELECT count(*) AS referrals FROM child_referral) AS r
    """,
    remedy="Check that `year` in study.toml is the year of the census file.",
    passing=Example({"child_identifier": ({"child_id": "A"},), "child_referral": (_IN_YEAR,)}, 1, 0),
    failing=Example({"child_identifier": ({"child_id": "A"},), "child_referral": ()}, 1, 1),
)

REFERRED_OUTSIDE_YEAR = Card(
    code="referred_outside_year",
    severity=Severity.STOPS,
    says="Children taken as referred in the year whose referral lies outside it",
    about=("child_referral.referral_date",),
    sql="""
        SELECT count(*) AS looked_at, count_if(r.referral_date < y.start_date OR r.referral_date > y.end_date) AS found
        FROM child_referral AS r CROSS JOIN census_year AS y
    """,
    remedy="Check that `year` in study.toml is the year of the census file, and receive again.",
    passing=Example({"child_referral": (_IN_YEAR,)}, 1, 0),
    failing=Example({"child_referral": (_IN_YEAR, {"child_id": "B", "referral_date": date(2019, 3, 31)})}, 2, 1),
)

REFERRAL_AFTER_REFERENCE = Card(
    code="referral_after_reference",
    severity=Severity.LOOK,
    says="Referrals dated more than a year after the census's reference date",
    about=("referral.referral_date",),
    sql="""
        SELECT count(*) AS looked_at, count_if(date_diff('day', y.end_date, r.referral_date) > 366) AS found
        FROM referral AS r CROSS JOIN census_year AS y
    """,
    remedy="They are in no year that is looked at (census rule 8600). Ask whether the file is of a later census.",
    passing=Example({"referral": ({"referral_date": date(2017, 5, 1)}, {"referral_date": date(2020, 3, 31)})}, 2, 0),
    failing=Example({"referral": ({"referral_date": date(2021, 4, 2)},)}, 1, 1),
)

CLOSED_BEFORE_REFERRED = Card(
    code="closed_before_referred",
    severity=Severity.NOTE,
    says="Referrals that closed before they began",
    about=("referral.referral_date", "referral.closure_date"),
    sql="""
        SELECT count(*) AS looked_at, count_if(closure_date < referral_date) AS found
        FROM referral WHERE closure_date IS NOT NULL
    """,
    remedy="The closing date is not used (census rule 8630).",
    passing=Example({"referral": ({"referral_date": date(2019, 5, 1), "closure_date": date(2019, 5, 1)},)}, 1, 0),
    failing=Example({"referral": ({"referral_date": date(2019, 5, 2), "closure_date": date(2019, 5, 1)},)}, 1, 1),
)

SEX_OFTEN_MISSING = Card(
    code="sex_often_missing",
    severity=Severity.LOOK,
    says="Born children without a sex, more than one in fifty",
    about=("child_identifier.sex",),
    sql="""
        SELECT looked_at, CASE WHEN 50 * missing > looked_at THEN missing ELSE 0 END AS found
        FROM (SELECT count(*) AS looked_at, count_if(sex IS NULL) AS missing FROM child_identifier WHERE NOT unborn) AS counted
    """,
    remedy="Ask how the system codes sex (census rule 2886Q); the link makes do without it.",
    passing=Example({"child_identifier": (*({"sex": "F"} for _ in range(49)), {"sex": None}, {"unborn": True})}, 50, 0),
    failing=Example({"child_identifier": (*({"sex": "F"} for _ in range(24)), {"sex": None})}, 25, 1),
)

CARDS = (
    NOBODY_REFERRED, REFERRED_OUTSIDE_YEAR, REFERRAL_AFTER_REFERENCE, CLOSED_BEFORE_REFERRED, SEX_OFTEN_MISSING,
)  # fmt: skip
