"""The practice authority as a set: two person tables with dated rows, and its truth."""

from __future__ import annotations

from pathlib import Path

import duckdb

from bench.measure import cost_of
from bench.studies import HEARTHLINK

LEFT = """
    SELECT child.child_id AS person_id, family_id, 'child' AS role, forename, surname, cast(birth_date AS VARCHAR) AS birth_date, sex,
           address, postcode, uprn, cast(start_date AS VARCHAR) AS valid_from, cast(end_date AS VARCHAR) AS valid_to,
           cast(referral_date AS VARCHAR) AS as_at
    FROM child LEFT JOIN (FROM address WHERE side = 'child') ON owner_id = child.child_id
    WHERE NOT unborn
"""
"""One row for each dated address of a child."""

RIGHT = """
    WITH home AS (FROM address WHERE side <> 'child'),
    row AS (
        SELECT member.*, address, postcode, uprn, greatest(member.start_date, home.start_date) AS valid_from,
               least(member.end_date, home.end_date) AS valid_to
        FROM member LEFT JOIN home
          ON owner_id = household_id AND (home.end_date IS NULL OR member.start_date IS NULL OR home.end_date > member.start_date)
         AND (member.end_date IS NULL OR home.start_date IS NULL OR home.start_date < member.end_date)
    )
    SELECT member_id AS person_id, household_id, CASE role WHEN 'non_dependant' THEN 'other' ELSE role END AS role, forename, surname,
           cast(birth_date AS VARCHAR) AS birth_date, sex, address, postcode, uprn,
           cast(valid_from AS VARCHAR) AS valid_from, cast(valid_to AS VARCHAR) AS valid_to
    FROM row
"""
"""One row for each stretch of days on which a member is listed at one address."""

TRUTH = """
    WITH born AS (SELECT truth.*, forename, birth_date FROM truth JOIN child USING (child_id) WHERE NOT unborn)
    SELECT child_id AS left_person_id, nullif(born.member_id, '') AS right_person_id, nullif(born.household_id, '') AS household_id FROM born
    UNION
    SELECT child_id, NULL, second_household_id FROM born WHERE second_household_id <> ''
    UNION
    SELECT child_id, member.member_id, born.household_id FROM born JOIN member USING (household_id)
    WHERE outcome = 'unlisted' AND role = 'dependant'
      AND (upper(born.forename) = upper(member.forename) OR born.birth_date = member.birth_date)
"""
"""A child of two homes on file is right in either; one not listed on the day is right as the listing of it at another time."""


def practice(
    folder: Path, scratch: Path, *, children: int, errors: float, within: dict[str, str], seed: int = 1
) -> None:
    """Invent an authority of so many children, its rates of error times `errors`, and write it as a set."""
    made = scratch / folder.name
    size = ["--children", str(children), "--households", str(max(50, round(children * 5000 / 2200)))]
    scale = ["--error-scale", str(errors), "--seed", str(seed)]
    cost_of([HEARTHLINK, "synthesise", str(made), "--tables-only", "--quiet", *size, *scale], within=within)
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        for name, file in (("child", "children"), ("member", "members"), ("address", "addresses"), ("truth", "truth")):
            connection.read_parquet(str(made / "tables" / f"{file}.parquet")).create_view(name)
        for name, query in (("left", LEFT), ("right", RIGHT), ("truth", TRUTH)):
            connection.sql(f"FROM ({query}) ORDER BY ALL").write_parquet(str(folder / f"{name}.parquet"))
    told = f"practice authority, {children:,} children, rates of error times {errors:g}"
    (folder / "says.txt").write_text(told + "\n", encoding="utf-8")
