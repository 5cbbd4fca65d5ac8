"""Persons, places and carers made ready to be joined: one narrow table for each, with the keys that blocking and comparing use.

A day that is not known decides nothing: a child without a referral date meets every listing, and a listing without dates meets every
child. Keys that are missing are null and join nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from hearthlink.engine import Engine, Query
from hearthlink.tables.identity import HOUSEHOLD_COUNT

AROUND = 183
"""Days either side of the referral within which a dated address still counts (systems learn of a move at different times)."""

USELESS = 0.2
"""Share of households above which one postcode tells nothing: it is a filler, or the file covers one district."""

FEW = 30
"""Households up to which a postcode is never a filler, however small the file."""

PRECISE = 150
"""Households on file at one postcode up to which a postcode and a house number are one home. A British postcode holds some fifteen
homes; the codes of other countries hold thousands, and there the street must agree as well."""

_CONSONANTS = ("BFPVCGJKQSXZDTLMNR", "111122222222334556")
_FIRST = ("KQZJYE", "CCSGII")


def sound(name: str, classes: int = 4) -> str:
    """SQL for how a name sounds: its first letter and the classes of its further consonants (after Russell's Soundex of 1918).

    Vowels and marks fall away, doubled classes count once, the first `classes` are kept, and first letters that are written for one
    another are one.
    """
    rest = f"translate(right({name}, length({name}) - 1), '{_CONSONANTS[0]}AEIOUHWY''- .', '{_CONSONANTS[1]}')"
    for digit in "123456":
        rest = f"replace({rest}, '{digit * 2}', '{digit}')"
    return f"CASE WHEN length({name}) > 0 THEN translate(left({name}, 1), '{_FIRST[0]}', '{_FIRST[1]}') || left({rest}, {classes}) END"


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _mask(name: str) -> str:
    """SQL for which letters a name holds, one bit for each: names whose masks differ in much cannot be alike."""
    return " + ".join(
        f"CASE WHEN contains({name}, '{letter}') THEN {1 << n} ELSE 0 END" for n, letter in enumerate(_LETTERS)
    )


NAMES = Query(
    "name",
    ("person", "family_adult"),
    f"""
    WITH written AS (
        SELECT forename AS name FROM person UNION SELECT surname FROM person
        UNION SELECT forename FROM family_adult UNION SELECT surname FROM family_adult
    )
    SELECT name, cast(row_number() OVER (ORDER BY name) AS INTEGER) AS name_no,
           cast(dense_rank() OVER (ORDER BY {sound("name")}) AS INTEGER) AS sound,
           cast(dense_rank() OVER (ORDER BY left(name, 1)) AS SMALLINT) AS initial,
           cast(dense_rank() OVER (ORDER BY left(name, 3)) AS INTEGER) AS start, cast({_mask("name")} AS INTEGER) AS mask,
           cast(length(name) AS SMALLINT) AS letters
    FROM written WHERE length(name) > 0
    """,
)
"""Each name that occurs, once: what follows from a name is worked out once for it and not for each person who bears it.
Names, sounds, initials and starts are numbered, since mostly only whether two are the same is asked."""

_PERSON = """
    p.forename, p.forenames, p.surname, p.surname_last, p.surnames, p.birth_date, p.birth_date_weak,
    coalesce(cast(p.birth_date AS VARCHAR), p.birth_text) AS birth_key, p.sex,
    f.name_no AS forename_no, f.sound AS forename_sound, f.initial AS forename_initial, f.start AS forename_start, f.mask AS forename_mask,
    f.letters AS forename_letters,
    g.name_no AS surname_no, g.sound AS surname_sound, g.initial AS surname_initial, g.start AS surname_start, g.mask AS surname_mask,
    g.letters AS surname_letters, coalesce(p.forenames <> p.forename, FALSE) AS has_more,
    CASE WHEN left(p.forenames, length(p.forename) + 1) = p.forename || ' '
         THEN right(p.forenames, length(p.forenames) - length(p.forename) - 1) END AS middle,
    cast(year(p.birth_date) AS SMALLINT) AS birth_year, cast(month(p.birth_date) AS TINYINT) AS birth_month,
    cast(day(p.birth_date) AS TINYINT) AS birth_day
"""

_NAMED = "LEFT JOIN name AS f ON f.name = p.forename LEFT JOIN name AS g ON g.name = p.surname"

_PLACE = f"""
    p.uprn, CASE WHEN coalesce(s.useless, FALSE) THEN NULL ELSE p.postcode END AS postcode,
    coalesce(s.precise, TRUE) AS precise, p.number, p.street, {sound("p.street", 8)} AS street_sound, left(p.street, 1) AS street_initial,
    p.communal
"""

PREPARE = (
    NAMES,
    Query(
        "child",
        ("person", "name"),
        f"""
        SELECT cast(person_no AS INTEGER) AS child_no, cast(dense_rank() OVER (ORDER BY group_id, referral_date) AS INTEGER) AS unit_no,
               group_id AS family_id, record_id AS child_id, role, referral_date,
               {_PERSON}
        FROM person AS p {_NAMED} WHERE side = 'child'
        """,
    ),
    Query(
        "household",
        ("person",),
        """
        WITH listed AS (
            SELECT group_id, role IN ('claimant', 'partner') AS adult,
                   coalesce(start_date, DATE '0001-01-01') AS first_date, coalesce(end_date, DATE '9999-12-31') AS last_date
            FROM person WHERE side = 'member'
        ), spans AS (
            SELECT group_id, min(first_date) AS first_date, max(last_date) AS last_date,
                   min(CASE WHEN adult THEN first_date END) AS adult_first, max(CASE WHEN adult THEN last_date END) AS adult_last
            FROM listed GROUP BY group_id
        )
        SELECT group_id AS household_id, cast(row_number() OVER (ORDER BY group_id) AS INTEGER) AS household_no,
               coalesce(adult_first, first_date) AS listed_from, coalesce(adult_last, last_date) AS listed_until
        FROM spans
        """,
    ),
    Query(
        "adult",
        ("person", "household", "name"),
        f"""
        SELECT household_no, cast(person_no AS INTEGER) AS adult_no, p.forename, p.surname, p.birth_date, sex, start_date, end_date,
               f.initial AS forename_initial, f.sound AS forename_sound, g.sound AS surname_sound
        FROM person AS p JOIN household ON group_id = household_id {_NAMED}
        WHERE side = 'member' AND role IN ('claimant', 'partner', 'other') AND EXISTS (SELECT 1 FROM family_adult)
        """,
    ),
    Query(
        "member",
        ("person", "household", "child", "name"),
        f"""
        WITH young AS (SELECT min(birth_year) - 1 AS since, count_if(role <> 'child') > 0 AS of_people FROM child),
        named AS (SELECT forename, surname FROM child WHERE forename IS NOT NULL AND surname IS NOT NULL GROUP BY forename, surname),
        perhaps AS (
            SELECT p.* FROM person AS p CROSS JOIN young
            LEFT JOIN named AS c ON p.birth_date IS NULL AND c.forename = p.forename AND c.surname = p.surname
            WHERE side = 'member' AND (role IN ('dependant', 'other') OR year(birth_date) >= since
                                       OR birth_date IS NULL AND (of_people OR c.forename IS NOT NULL))
        )
        SELECT household_no, cast(person_no AS INTEGER) AS member_no, role, start_date, end_date, {_PERSON}
        FROM perhaps AS p JOIN household ON group_id = household_id {_NAMED}
        """,
    ),
    Query(
        "head",
        ("person", "household", "member", "name"),
        f"""
        SELECT household_no, cast(person_no AS INTEGER) AS member_no, {_PERSON}
        FROM person AS p JOIN (
            SELECT * FROM household AS h WHERE NOT EXISTS (SELECT 1 FROM member AS m WHERE m.household_no = h.household_no)
        ) ON group_id = household_id {_NAMED}
        WHERE side = 'member'
        """,
    ),
    Query(
        "live",
        ("household",),
        "SELECT household_no, listed_from AS first_date, listed_until AS last_date FROM household WHERE household_id IS NOT NULL",
    ),
    Query(
        "postcode_size",
        ("place", "household"),
        f"""
        WITH size AS (
            SELECT postcode, count(DISTINCT owner_id) AS households
            FROM place WHERE side = 'member' AND postcode IS NOT NULL GROUP BY postcode
        )
        SELECT postcode, households, households <= {PRECISE} AS precise,
               households > greatest({USELESS} * (SELECT count(*) FROM household), {FEW}) AS useless
        FROM size
        """,
    ),
    Query(
        "child_place",
        ("place", "child", "postcode_size"),
        f"""
        SELECT child_no, {_PLACE}
        FROM place AS p JOIN child ON p.owner_id = child_id LEFT JOIN postcode_size AS s ON s.postcode = p.postcode
        WHERE p.side = 'child'
          AND coalesce(date_diff('day', referral_date, p.start_date) <= {AROUND}, TRUE)
          AND coalesce(date_diff('day', p.end_date, referral_date) <= {AROUND}, TRUE)
        """,
    ),
    Query(
        "household_place",
        ("place", "household", "postcode_size"),
        f"""
        SELECT household_no, p.start_date, p.end_date, {_PLACE}
        FROM place AS p JOIN household ON p.owner_id = household_id LEFT JOIN postcode_size AS s ON s.postcode = p.postcode
        WHERE p.side = 'member'
        """,
    ),
    Query(
        "carer",
        ("family_adult", "child", "name"),
        f"""
        SELECT DISTINCT child_no, p.forename, p.surname, p.birth_date,
               f.initial AS forename_initial, f.sound AS forename_sound, g.sound AS surname_sound
        FROM family_adult AS p JOIN child USING (family_id) {_NAMED}
        """,
    ),
)
"""The tables, in the order in which they are made."""


def lay_out(engine: Engine, tables: Mapping[str, pa.Table]) -> None:
    """Put before the engine what linking compares: `person`, `place`, `family_adult` and, where given, `household_count`."""
    pa.default_memory_pool().release_unused()  # reading leaves more behind than what was read takes
    for name in ("person", "place", "family_adult"):
        engine.put(name, tables[name])
    engine.put("household_count", tables.get("household_count", HOUSEHOLD_COUNT.empty()))
