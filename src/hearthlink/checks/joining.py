"""Checks of ids: does what one extract says of a child or a household find the child or the household in the other?"""

from __future__ import annotations

from datetime import date

from hearthlink.checks.card import Card, Example, Severity

_CHILD = {"child_id": "A", "child_key": 1, "forename": "AAA", "surname": "BBB"}
_NAMELESS = {"child_id": "B", "child_key": 2}
_UNBORN = {"child_id": "C", "child_key": 3, "unborn": True}

CHILDREN_WITHOUT_NAMES = Card(
    code="children_without_names",
    severity=Severity.LOOK,
    says="Children in the census for whom the case system gave no name",
    about=("child_identifier.forename", "child_identifier.surname"),
    sql="""
        SELECT count(*) AS looked_at, count_if(forename IS NULL AND surname IS NULL) AS found
        FROM child_identifier WHERE NOT unborn
    """,
    remedy="Ask for the persons of every child in the census, by the id that the census carries.",
    passing=Example({"child_identifier": (_CHILD, _UNBORN)}, 1, 0),
    failing=Example({"child_identifier": (_CHILD, _NAMELESS, _UNBORN)}, 2, 1),
)

FEW_CHILDREN_JOIN = Card(
    code="few_children_join",
    severity=Severity.STOPS,
    says="Fewer than half of the children in the census have a name in the case system, so the ids of the two do not join",
    about=("child_identifier.child_id", "child_identifier.forename", "child_identifier.surname"),
    sql="""
        SELECT looked_at, CASE WHEN 2 * nameless > looked_at THEN nameless ELSE 0 END AS found
        FROM (SELECT count(*) AS looked_at, count_if(forename IS NULL AND surname IS NULL) AS nameless
              FROM child_identifier WHERE NOT unborn) AS counted
    """,
    remedy="Check that census and identifiers are of one system and one year, and that the legacy id is in the extract.",
    passing=Example({"child_identifier": (_CHILD, _NAMELESS)}, 2, 0),
    failing=Example({"child_identifier": (_NAMELESS, _UNBORN)}, 1, 1),
)

_STAGE = {"source": "ssd", "by": "as joined", "stage": "plan", "children": 40, "joined": 40}

JOIN_UNEVEN = Card(
    code="join_uneven",
    severity=Severity.LOOK,
    says="Stages and years of birth in which fewer than nine children in ten have a record in the case system",
    about=("join_rate.stage", "join_rate.children", "join_rate.joined"),
    sql="""
        SELECT count(*) AS looked_at, count_if(10 * joined < 9 * children) AS found
        FROM join_rate WHERE stage <> 'every child' AND children >= 20
    """,
    remedy="Ask for the persons of that stage or age too: who is lost here is lost to the answer, and not by chance.",
    passing=Example({"join_rate": (_STAGE, {**_STAGE, "children": 19, "joined": 1})}, 1, 0),
    failing=Example(
        {"join_rate": (_STAGE, {**_STAGE, "stage": "born in 2019", "joined": 35}, {**_STAGE, "stage": "every child"})},
        2,
        1,
    ),
)

REFERRED_BUT_UNKNOWN = Card(
    code="referred_but_unknown",
    severity=Severity.STOPS,
    says="Referrals of children who are not among the children",
    about=("child_referral.child_id", "child_identifier.child_id"),
    sql="""
        SELECT count(*) AS looked_at, count_if(i.child_id IS NULL) AS found
        FROM child_referral AS r LEFT JOIN (SELECT DISTINCT child_id FROM child_identifier) AS i ON i.child_id = r.child_id
    """,
    remedy="Receive census and identifiers again, from extracts of the same day.",
    passing=Example({"child_identifier": (_CHILD,), "child_referral": ({"child_id": "A"},)}, 1, 0),
    failing=Example({"child_identifier": (_CHILD,), "child_referral": ({"child_id": "A"}, {"child_id": "B"})}, 2, 1),
)

CHILD_TWICE = Card(
    code="child_twice",
    severity=Severity.STOPS,
    says="Child ids that stand on more than one child",
    about=("child_identifier.child_id",),
    sql="""
        SELECT count(*) AS looked_at, count_if(rows_of_id > 1) AS found
        FROM (SELECT child_id, count(*) AS rows_of_id FROM child_identifier GROUP BY child_id) AS counted
    """,
    remedy="Ask for one record a child: a child counted twice would count twice in the answer (census rule 8510).",
    passing=Example({"child_identifier": (_CHILD, _NAMELESS)}, 2, 0),
    failing=Example({"child_identifier": (_CHILD, {**_NAMELESS, "child_id": "A"})}, 1, 1),
)

_ACTIVITY = ("assessment", "section47", "protection_plan", "cin_plan", "looked_after")

ACTIVITY_WITHOUT_CHILD = Card(
    code="activity_without_child",
    severity=Severity.LOOK,
    says="Assessments, enquiries, plans and episodes of care that belong to no child in the census",
    about=("child.child_key", *(f"{table}.child_key" for table in _ACTIVITY)),
    sql=f"""
        SELECT count(*) AS looked_at, count_if(c.child_key IS NULL) AS found
        FROM ({" UNION ALL ".join(f"SELECT child_key FROM {table}" for table in _ACTIVITY)}) AS activity
        LEFT JOIN (SELECT DISTINCT child_key FROM child) AS c ON c.child_key = activity.child_key
    """,
    remedy="Check that the case system's tables cover the census year and carry the same ids: stages would be missed.",
    passing=Example({"child": ({"child_key": 1},), "cin_plan": ({"child_key": 1},)}, 1, 0),
    failing=Example(
        {"child": ({"child_key": 1},), "assessment": ({"child_key": 1},), "looked_after": ({"child_key": 2},)}, 2, 1
    ),
)

_STAGES = {table: f"SELECT DISTINCT '{table}' AS stage, child_key FROM {table}" for table in _ACTIVITY}
_TEN = tuple({**_CHILD, "child_id": f"A{n}", "child_key": n} for n in range(10))

FEW_JOIN_AT_A_STAGE = Card(
    code="few_join_at_a_stage",
    severity=Severity.LOOK,
    says="Children without a name at a stage at which fewer than nine in ten children have one",
    about=(
        "child_identifier.child_key", "child_identifier.forename", "child_identifier.surname",
        *(f"{table}.child_key" for table in _ACTIVITY),
    ),
    sql=f"""
        SELECT coalesce(sum(children), 0) AS looked_at,
               coalesce(sum(CASE WHEN children >= 10 AND 10 * nameless > children THEN nameless ELSE 0 END), 0) AS found
        FROM (
            SELECT s.stage, count(*) AS children, count_if(i.forename IS NULL AND i.surname IS NULL) AS nameless
            FROM ({" UNION ALL ".join(_STAGES.values())}) AS s
            JOIN child_identifier AS i ON i.child_key = s.child_key
            WHERE NOT i.unborn
            GROUP BY s.stage
        ) AS counted
    """,
    remedy="Ask for the persons of those children: a stage whose children are not found looks as if it had fewer on benefit.",
    passing=Example(
        {
            "child_identifier": (*_TEN[1:], {**_NAMELESS, "child_key": 0}),
            "cin_plan": tuple({"child_key": n} for n in range(10)),
        },
        10,
        0,
    ),
    failing=Example(
        {
            "child_identifier": (*_TEN[2:], {**_NAMELESS, "child_key": 0}, {**_NAMELESS, "child_id": "C", "child_key": 1}),
            "cin_plan": tuple({"child_key": n} for n in range(10)),
        },
        10,
        2,
    ),
)  # fmt: skip

_HOUSEHOLD = {"household_id": "H", "household_key": 1}

MEMBER_WITHOUT_HOUSEHOLD = Card(
    code="member_without_household",
    severity=Severity.STOPS,
    says="People listed on a claim that is not among the households",
    about=("household_member.household_id", "household_identifier.household_id"),
    sql="""
        SELECT count(*) AS looked_at, count_if(h.household_id IS NULL) AS found
        FROM household_member AS m
        LEFT JOIN (SELECT DISTINCT household_id FROM household_identifier) AS h ON h.household_id = m.household_id
    """,
    remedy="Receive the benefits extracts again: persons and households must come from the same export.",
    passing=Example({"household_identifier": (_HOUSEHOLD,), "household_member": ({"household_id": "H"},)}, 1, 0),
    failing=Example({"household_identifier": (_HOUSEHOLD,), "household_member": ({"household_id": "J"},)}, 1, 1),
)

AWARD_WITHOUT_HOUSEHOLD = Card(
    code="award_without_household",
    severity=Severity.STOPS,
    says="Awards of a claim that is not among the households",
    about=("award.household_key", "household_identifier.household_key"),
    sql="""
        SELECT count(*) AS looked_at, count_if(h.household_key IS NULL) AS found
        FROM award AS a
        LEFT JOIN (SELECT DISTINCT household_key FROM household_identifier) AS h ON h.household_key = a.household_key
    """,
    remedy="Receive the benefits extracts again: awards and households must come from the same export.",
    passing=Example({"household_identifier": (_HOUSEHOLD,), "award": ({"household_key": 1},)}, 1, 0),
    failing=Example({"household_identifier": (_HOUSEHOLD,), "award": ({"household_key": 2},)}, 1, 1),
)

HOUSEHOLD_WITHOUT_AWARD = Card(
    code="household_without_award",
    severity=Severity.NOTE,
    says="Households with no award on file",
    about=("household_identifier.household_key", "award.household_key"),
    sql="""
        SELECT count(*) AS looked_at, count_if(a.household_key IS NULL) AS found
        FROM household_identifier AS h
        LEFT JOIN (SELECT DISTINCT household_key FROM award) AS a ON a.household_key = h.household_key
    """,
    remedy="Check that the periods with money cover the same months as the people: these households count as not on benefit.",
    passing=Example(
        {"household_identifier": (_HOUSEHOLD,), "award": ({"household_key": 1, "start_date": date(2019, 4, 1)},)}, 1, 0
    ),
    failing=Example({"household_identifier": (_HOUSEHOLD,), "award": ()}, 1, 1),
)

CARDS = (
    CHILDREN_WITHOUT_NAMES, FEW_CHILDREN_JOIN, JOIN_UNEVEN, REFERRED_BUT_UNKNOWN, CHILD_TWICE, ACTIVITY_WITHOUT_CHILD,
    FEW_JOIN_AT_A_STAGE, MEMBER_WITHOUT_HOUSEHOLD, AWARD_WITHOUT_HOUSEHOLD, HOUSEHOLD_WITHOUT_AWARD,
)  # fmt: skip
