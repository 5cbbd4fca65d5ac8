"""Checks of addresses and postcodes, on both sides."""

from __future__ import annotations

from hearthlink.checks.card import Card, Example, Severity

_CAPITALS, _FIGURES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
_SHAPES = "'A99AA', 'A999AA', 'AA99AA', 'AA999AA', 'A9A9AA', 'AA9A9AA'"
_SHAPE = f"translate(upper(replace(postcode, ' ', '')), '{_CAPITALS}{_FIGURES}', '{'A' * 26}{'9' * 10}')"
_KNOWN_SHAPE = f"{_SHAPE} IN ({_SHAPES})"


def _misshapen(code: str, whose: str, table: str) -> Card:
    return Card(
        code=code,
        severity=Severity.LOOK,
        says=f"Postcodes of {whose} that have not the shape of a postcode",
        about=(f"{table}.postcode",),
        sql=f"""
            SELECT count(*) AS looked_at, count_if(NOT {_KNOWN_SHAPE}) AS found
            FROM {table} WHERE postcode IS NOT NULL
        """,
        remedy="They are mended where 0 and O or 1 and I are exchanged, else taken as missing. If many: is it the right column?",
        passing=Example({table: ({"postcode": "AA1 2BB"}, {"postcode": "a1b2cc"}, {"postcode": None})}, 2, 0),
        failing=Example({table: ({"postcode": "AA1 2BB"}, {"postcode": "AAI 2BB"}, {"postcode": "AA1"})}, 3, 2),
    )


def _all_missing(code: str, whose: str, table: str) -> Card:
    return Card(
        code=code,
        severity=Severity.LOOK,
        says=f"Every postcode of {whose} is missing",
        about=(f"{table}.postcode",),
        sql=f"SELECT count(*) AS looked_at, CASE WHEN count(postcode) = 0 THEN count(*) ELSE 0 END AS found FROM {table}",
        remedy="Look at the postcode column of the extract. Without it the link leans on names and birth dates alone.",
        passing=Example({table: ({"postcode": "AA1 2BB"}, {"postcode": None})}, 2, 0),
        failing=Example({table: ({"postcode": None}, {"postcode": None})}, 2, 2),
    )


CHILD_POSTCODES_MISSHAPEN = _misshapen("child_postcodes_misshapen", "children", "child_address")
HOUSEHOLD_POSTCODES_MISSHAPEN = _misshapen("household_postcodes_misshapen", "households", "household_residence")
EVERY_CHILD_POSTCODE_MISSING = _all_missing("every_child_postcode_missing", "the children", "child_address")
EVERY_HOUSEHOLD_POSTCODE_MISSING = _all_missing(
    "every_household_postcode_missing", "the households", "household_residence"
)

_HAS_ADDRESS = "address IS NOT NULL OR postcode IS NOT NULL OR uprn IS NOT NULL"

CHILDREN_WITHOUT_ADDRESS = Card(
    code="children_without_address",
    severity=Severity.LOOK,
    says="Referred children, records not locked, for whom the case system gave no address at all",
    about=("child_referral.child_id", "child_identifier.restricted", "child_address.child_id"),
    sql=f"""
        SELECT count(*) AS looked_at, count_if(a.child_id IS NULL) AS found
        FROM child_referral AS r
        JOIN child_identifier AS i ON i.child_id = r.child_id
        LEFT JOIN (SELECT DISTINCT child_id FROM child_address WHERE {_HAS_ADDRESS}) AS a ON a.child_id = r.child_id
        WHERE NOT i.restricted AND NOT i.unborn
    """,
    remedy="Ask for every address on file for the children of the census, with its dates.",
    passing=Example(
        {
            "child_referral": ({"child_id": "A"}, {"child_id": "B"}),
            "child_identifier": ({"child_id": "A"}, {"child_id": "B", "restricted": True}),
            "child_address": ({"child_id": "A", "postcode": "AA1 2BB"},),
        },
        1,
        0,
    ),
    failing=Example(
        {
            "child_referral": ({"child_id": "A"},),
            "child_identifier": ({"child_id": "A"},),
            "child_address": ({"child_id": "A"},),
        },
        1,
        1,
    ),
)

HOUSEHOLDS_WITHOUT_ADDRESS = Card(
    code="households_without_address",
    severity=Severity.LOOK,
    says="Households with no address at all",
    about=("household_member.household_id", "household_residence.household_id"),
    sql=f"""
        SELECT count(*) AS looked_at, count_if(r.household_id IS NULL) AS found
        FROM (SELECT DISTINCT household_id FROM household_member) AS h
        LEFT JOIN (SELECT DISTINCT household_id FROM household_residence WHERE {_HAS_ADDRESS}) AS r
               ON r.household_id = h.household_id
    """,
    remedy="Ask for the address lines, postcode and property number of every claim.",
    passing=Example(
        {
            "household_member": ({"household_id": "H"},),
            "household_residence": ({"household_id": "H", "uprn": "1"},),
        },
        1,
        0,
    ),
    failing=Example(
        {"household_member": ({"household_id": "H"},), "household_residence": ({"household_id": "H"},)}, 1, 1
    ),
)

CARDS = (
    CHILD_POSTCODES_MISSHAPEN, HOUSEHOLD_POSTCODES_MISSHAPEN, EVERY_CHILD_POSTCODE_MISSING,
    EVERY_HOUSEHOLD_POSTCODE_MISSING, CHILDREN_WITHOUT_ADDRESS, HOUSEHOLDS_WITHOUT_ADDRESS,
)  # fmt: skip
