"""Candidate households: every household on file that some cheap agreement ties to a child of the family.

Each rule is one query from keys to (child, household). What a rule finds is only a candidate; comparing decides.
"""

from __future__ import annotations

from hearthlink.engine import Engine, Query

AROUND = 183
"""Days either side of the referral within which a dated address still counts (systems learn of a move at different times)."""

PREPARE = (
    Query(
        "child",
        ("person",),
        """
        SELECT person_no AS child_no, dense_rank() OVER (ORDER BY group_id, referral_date) AS unit_no,
               group_id AS family_id, record_id AS child_id, forename, forenames, surname, surname_last,
               birth_date, birth_date_weak, cast(birth_date AS VARCHAR) AS birth_text, sex, referral_date,
               left(forename, 1) AS forename_initial, left(surname, 1) AS surname_initial,
               year(birth_date) AS birth_year, month(birth_date) AS birth_month, day(birth_date) AS birth_day,
               date_diff('day', birth_date, referral_date) AS age_in_days
        FROM person WHERE side = 'child'
        """,
    ),
    Query(
        "household",
        ("person",),
        """
        SELECT group_id AS household_id, row_number() OVER (ORDER BY group_id) AS household_no
        FROM (SELECT DISTINCT group_id FROM person WHERE side = 'member')
        """,
    ),
    Query(
        "adult",
        ("person", "household"),
        """
        SELECT household_no, person_no AS adult_no, forename, surname, birth_date, start_date, end_date
        FROM person JOIN household ON group_id = household_id
        WHERE role IN ('claimant', 'partner')
        """,
    ),
    Query(
        "member",
        ("person", "household", "child"),
        """
        SELECT household_no, person_no AS member_no, role, forename, forenames, surname, surname_last,
               birth_date, birth_date_weak, cast(birth_date AS VARCHAR) AS birth_text, sex, start_date, end_date,
               left(forename, 1) AS forename_initial, left(surname, 1) AS surname_initial,
               year(birth_date) AS birth_year, month(birth_date) AS birth_month, day(birth_date) AS birth_day
        FROM person JOIN household ON group_id = household_id
        WHERE side = 'member'
          AND (role = 'dependant' OR year(birth_date) >= (SELECT min(birth_year) - 1 FROM child))
        """,
    ),
    Query(
        "live",
        ("adult",),
        """
        SELECT household_no, min(coalesce(start_date, DATE '0001-01-01')) AS first_date, max(coalesce(end_date, DATE '9999-12-31')) AS last_date
        FROM adult GROUP BY household_no
        """,
    ),
    Query(
        "child_place",
        ("place", "child"),
        f"""
        SELECT child_no, uprn, postcode, number, communal
        FROM place JOIN child ON owner_id = child_id
        WHERE side = 'child'
          AND coalesce(date_diff('day', referral_date, start_date) <= {AROUND}, TRUE)
          AND coalesce(date_diff('day', end_date, referral_date) <= {AROUND}, TRUE)
        """,
    ),
    Query(
        "household_place",
        ("place", "household"),
        """
        SELECT household_no, start_date, end_date, uprn, postcode, number, communal
        FROM place JOIN household ON owner_id = household_id
        WHERE side = 'member'
        """,
    ),
    Query(
        "carer",
        ("family_adult", "child"),
        """
        SELECT DISTINCT child_no, a.forename, a.surname, a.birth_date, left(a.forename, 1) AS forename_initial
        FROM family_adult AS a JOIN child USING (family_id)
        """,
    ),
)

NAMES_AGREE_A_LITTLE = """
    jaro_winkler_similarity(l.forename, r.forename) >= 0.8 OR jaro_winkler_similarity(l.surname, r.surname) >= 0.8
    OR l.surname_last = r.surname_last OR l.forename = r.surname OR l.surname = r.forename
"""

RULES = {
    "birth date and forename initial": f"""
        SELECT child_no, household_no FROM child AS l JOIN member AS r USING (birth_date, forename_initial)
        WHERE {NAMES_AGREE_A_LITTLE}""",
    "birth date and surname initial": f"""
        SELECT child_no, household_no FROM child AS l JOIN member AS r USING (birth_date, surname_initial)
        WHERE {NAMES_AGREE_A_LITTLE}""",
    "birth date and swapped names": """
        SELECT child_no, household_no FROM child AS l JOIN member AS r
        ON l.birth_date = r.birth_date AND l.forename_initial = r.surname_initial AND l.forename = r.surname""",
    "both names and birth year": """
        SELECT child_no, household_no FROM child AS l JOIN member AS r USING (forename, surname)
        WHERE l.birth_year IS NULL OR r.birth_year IS NULL OR abs(l.birth_year - r.birth_year) <= 1""",
    "same property": """
        SELECT child_no, household_no FROM child_place JOIN household_place USING (uprn)""",
    "same postcode and number": """
        SELECT child_no, household_no FROM child_place JOIN household_place USING (postcode, number)""",
    "same postcode and forename": """
        SELECT l.child_no, r.household_no FROM child AS l JOIN child_place AS p USING (child_no)
        JOIN household_place AS q USING (postcode) JOIN member AS r
        ON r.household_no = q.household_no AND r.forename = l.forename""",
    "same postcode and birth month": """
        SELECT l.child_no, r.household_no FROM child AS l JOIN child_place AS p USING (child_no)
        JOIN household_place AS q USING (postcode) JOIN member AS r
        ON r.household_no = q.household_no AND r.birth_year = l.birth_year AND r.birth_month = l.birth_month""",
    "carer's birth date and initial": """
        SELECT child_no, household_no FROM carer AS l JOIN adult AS r
        ON l.birth_date = r.birth_date AND l.forename_initial = left(r.forename, 1)
        AND jaro_winkler_similarity(l.forename, r.forename) >= 0.85""",
    "carer's birth date and surname": """
        SELECT child_no, household_no FROM carer AS l JOIN adult AS r USING (birth_date, surname)""",
    "carer's names": """
        SELECT child_no, household_no FROM carer AS l JOIN adult AS r USING (forename, surname)
        WHERE l.birth_date IS NULL OR r.birth_date IS NULL OR year(l.birth_date) = year(r.birth_date)""",
}  # fmt: skip

TIES = Query(
    "tie",
    ("child", "member", "adult", "carer", "child_place", "household_place"),
    " UNION ".join(RULES.values()),
)

EVERYTHING = Query(
    "tie",
    ("child", "household", "searched"),
    "SELECT child_no, household_no FROM child JOIN searched USING (child_id) CROSS JOIN household",
)
"""In the place of the rules: every household on file, for the children of the table `searched`."""

CANDIDATES = Query(
    "candidate",
    ("tie", "child", "live"),
    """
    WITH unit_household AS (
        SELECT DISTINCT unit_no, household_no
        FROM tie JOIN child USING (child_no) JOIN live USING (household_no)
        WHERE referral_date BETWEEN first_date AND last_date
    )
    SELECT unit_no, child_no, household_no FROM unit_household JOIN child USING (unit_no)
    """,
)


def find_candidates(engine: Engine, *, without_rules: bool = False) -> None:
    """Make `candidate`: each child with each household on file on its day that a rule ties to it or to a sibling referred with it.

    Expects `person`, `place` and `family_adult` in the engine; leaves the prepared tables there for comparing. `without_rules`: every
    household instead, for the children named in the table `searched` (by `child_id`) and those referred with them.
    """
    for query in (*PREPARE, EVERYTHING if without_rules else TIES, CANDIDATES):
        engine.run(query)
