"""Levels of agreement, as tables of pairs: what each comparison calls the same, close, missing or different."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from made_persons import REFERRED, Records, Row, carer, child, claimant, lives, member, tables

from hearthlink.engine import Engine, Query, open_engine
from hearthlink.linkage.block import find_candidates
from hearthlink.linkage.compare import compare
from hearthlink.linkage.comparisons import FIELDS
from hearthlink.linkage.prepare import lay_out

OWN_PAIRS = Query(
    "candidate",
    ("child", "household"),
    "SELECT unit_no, child_no, household_no FROM child JOIN household ON right(child_id, 3) = right(household_id, 3)",
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """An engine for the whole file."""
    with open_engine(threads=1) as opened:
        yield opened


def levels(engine: Engine, cases: list[Records]) -> list[Row]:
    """The candidate pair of child and dependant in each case, case n being child Cn, family Fn and household Hn, all else left out."""
    every = sum(cases, Records())
    given = tables(every)
    lay_out(engine, given)
    find_candidates(engine)
    engine.run(OWN_PAIRS)
    compare(engine)
    return [
        row
        for row in engine.take("candidate_pair").to_pylist()
        if row["member_no"] in _dependants(given["person"].to_pylist())
    ]


def _dependants(persons: list[Row]) -> set[object]:
    return {row["person_no"] for row in persons if row["role"] == "dependant"}


def cells(table: str) -> list[tuple[str, ...]]:
    """The rows of a table drawn with bars, without its heading."""
    lines = table.strip("\n").rstrip().splitlines()
    return [tuple(part.strip() for part in line.split("|")) for line in lines[1:]]


def case(number: int, left: Row, right: Row, *, more: Records | None = None) -> Records:
    ours = {"record_id": f"C{number:03d}", "group_id": f"F{number:03d}"}
    theirs = {"record_id": f"H{number:03d}|1", "group_id": f"H{number:03d}"}
    adult = claimant(f"H{number:03d}", "ZZZ", "YYY")
    return Records([child("", "", "AAA", "BBB") | left | ours, member("", 1, "AAA", "BBB") | right | theirs, adult]) + (
        more or Records()
    )


def names(forenames: str, surname: str) -> Row:
    """A person by forenames and surname as written: the first forename, and the last part of a surname of several, are kept apart."""
    return {
        "forename": forenames.partition(" ")[0] or None,
        "forenames": forenames or None,
        "surname": surname.replace(" ", "") or None,
        "surname_last": surname.rpartition(" ")[2] or None,
    }


NAMES = """
    child: forenames | surname     | member: forenames | surname   | forename | surname | because
    CATHERINE        | SMITH       | CATHERINE         | SMITH     | 0 | 0 | the same
    CATHERINE        | SMITH       | KATHERINE         | SMYTH     | 1 | 1 | one letter wrong in four or more
    JOSHUA           | MARTIN      | JOSUHA            | MARTNI    | 1 | 1 | two neighbours swapped
    ABC              | ABC         | ABD               | ABD       | 2 | 3 | one letter in three is not close
    ANNA MARIA       | SMITH       | MARIA             | SMITH     | 1 | 0 | known by a middle name
    MARIA            | SMITH       | ANNA MARIA        | SMITH     | 1 | 0 | the same, the other way round
    SMITH            | ANNA        | ANNA              | SMITH     | 1 | 1 | forename and surname swapped
    ALEXANDER        | SMITH JONES | ALEX              | JONES     | 2 | 1 | cut short; the last part of two
    ELISABETH        | SMITH JONES | BETH              | SMITH     | 2 | 1 | one inside the other; the first part of two
    AL               | LI          | ALBERTINA         | LINDEMANN | 4 | 3 | two letters inside another say nothing
                     | SMITH       | ANNA              |           | 3 | 2 | missing on one side
                     |             |                   |           | 3 | 2 | missing on both is no agreement
    ANNA             | SMITH       | OWEN              | BROWN     | 4 | 3 | different
"""


def test_names(engine: Engine) -> None:
    """Forenames and surnames reach the level that the table says."""
    rows = cells(NAMES)
    found = levels(engine, [case(n, names(r[0], r[1]), names(r[2], r[3])) for n, r in enumerate(rows)])
    assert [(r[6], str(f["forename_level"]), str(f["surname_level"])) for r, f in zip(rows, found, strict=True)] == [
        (r[6], r[4], r[5]) for r in rows
    ]


BIRTH_DATES = """
    child       | member      | level | because
    2010-06-14  | 2010-06-14  | 0 | the same
    2010-06-04  | 2010-04-06  | 1 | day and month swapped
    2010-06-14  | 2010-06-15  | 1 | one digit wrong
    2010-06-12  | 2010-06-21  | 1 | two digits swapped
    2010-06-14  | 2011-06-14  | 1 | one digit of the year wrong
    2010-06-01? | 2010-06-23  | 1 | a day that systems fill in
    2010-06-23  | 2010-06-15? | 1 | the same on the other side
    2010-06-14  | 2010-06-29  | 2 | two parts of three, the day quite another
    2010-06-14  | 2008-06-14  | 2 | two parts of three, the year quite another
    2010-06-14  | 2010-11-14  | 2 | two parts of three, the month quite another
    2010-06-01? | 2011-06-23  | 4 | a filled-in day forgives no other year
                | 2010-06-14  | 3 | missing on one side
                |             | 3 | missing on both
    2010-06-14  | 2009-08-25  | 4 | different
    2010-06-14  | 2011-06-15  | 4 | one part of three
"""


def born(written: str) -> Row:
    plain = written.rstrip("?")
    return {"birth_date": date.fromisoformat(plain) if plain else None, "birth_date_weak": written.endswith("?")}


def test_birth_dates(engine: Engine) -> None:
    """Birth dates reach the level that the table says; a question mark is a date that the system itself doubts."""
    rows = cells(BIRTH_DATES)
    found = levels(engine, [case(n, born(r[0]), born(r[1])) for n, r in enumerate(rows)])
    assert [(r[3], str(f["birth_date_level"])) for r, f in zip(rows, found, strict=True)] == [
        (r[3], r[2]) for r in rows
    ]


def test_sexes(engine: Engine) -> None:
    """Sex is the same, missing on either side, or different."""
    rows = [("F", "F", 0), ("F", None, 1), (None, None, 1), ("F", "M", 2)]
    found = levels(engine, [case(n, {"sex": left}, {"sex": right}) for n, (left, right, _) in enumerate(rows)])
    assert [f["sex_level"] for f in found] == [level for *_, level in rows]


ADDRESSES = """
    child: uprn | postcode | number | household: uprn | postcode | number | communal | level | because
    100         | AA11AA   | 1      | 100             | AA11AA   | 1      |     | 0 | the same property
    100         | AA11AA   | 1      | 100             |          |        |     | 0 | by property number alone
                | AA11AA   | 1 2    |                 | AA11AA   | 1 2    |     | 0 | by postcode and numbers alone
    100         | AA11AA   | 1      | 200             | AA11AA   | 1      |     | 0 | one of the two is enough
    100         | AA11AA   | 1      | 100             | AA11AA   | 1      | yes | 1 | a building that many families share
    100         | AA11AA   | 1      | 200             | AA11AA   | 2      |     | 3 | neighbours
                | AA11AA   |        |                 | AA11AA   |        |     | 3 | a postcode without numbers is no home
    100         | AA11AA   | 1      | 200             | BB22BB   | 1      |     | 5 | different
    100         |          |        |                 | BB22BB   | 1      |     | 4 | nothing that could be compared
                |          |        |                 |          |        |     | 4 | missing
"""


def test_addresses(engine: Engine) -> None:
    """Addresses reach the level that the table says."""
    rows = cells(ADDRESSES)
    cases = [
        case(
            n,
            {},
            {},
            more=Records(places=[_place(f"C{n:03d}", r[0:3]), _place(f"H{n:03d}", r[3:6], communal=r[6] == "yes")]),
        )
        for n, r in enumerate(rows)
    ]
    found = levels(engine, cases)
    assert [(r[8], str(f["address_level"])) for r, f in zip(rows, found, strict=True)] == [(r[8], r[7]) for r in rows]


def _place(owner: str, parts: tuple[str, ...], **more: object) -> Row:
    uprn, postcode, number = (part or None for part in parts)
    return lives(owner, "", "") | {"uprn": uprn, "postcode": postcode, "number": number} | more


@pytest.mark.parametrize(
    ("since", "until", "level"),
    [
        (None, None, 0),
        (183, None, 0),
        (184, None, 4),
        (-900, -183, 0),
        (-900, -184, 4),
        (None, -400, 4),
        (400, None, 4),
    ],
)
def test_addresses_count_within_half_a_year(engine: Engine, since: int | None, until: int | None, level: int) -> None:
    """An address of either side counts if it held within 183 days of the referral (days from it), for systems learn late of a move."""
    days = {"start_date": since, "end_date": until}
    dated = {name: None if day is None else REFERRED + timedelta(days=day) for name, day in days.items()}
    for mine, theirs in (({}, dated), (dated, {})):
        places = [lives("C000", "1", "AA11AA", **mine), lives("H000", "1", "AA11AA", **theirs)]
        (found,) = levels(engine, [case(0, {}, {}, more=Records(places=places))])
        assert found["address_level"] == level


CARERS = """
    carer: forename | surname | born       | adult: forename | surname | born       | level | because
    ANNA            | SMITH   | 1985-03-04 | ANNA            | SMITH   | 1985-03-04 | 0 | the same person
    ANNA            | SMITH   | 1985-03-04 | ANNE            | BROWN   | 1985-03-04 | 0 | birth date and a like forename; surnames change
    ANNA            | SMITH   | 1985-03-04 | MARIA           | SMITH   | 1985-03-04 | 1 | birth date and surname
    ANNA            | SMITH   |            | ANNA            | SMITH   | 1985-03-04 | 1 | names, birth date missing
    ANNA            | SMITH   | 1985-03-04 | ANNA            | SMITH   | 1985-04-03 | 1 | names, day and month swapped
    ANNA            | SMITH   | 1985-03-04 | ANNA            | SMITH   | 1985-03-05 | 1 | names, one digit wrong
    ANNA            | SMITH   | 1985-03-04 | ANNA            | SMITH   | 1985-12-25 | 2 | names and year
    ANNA            | SMITH   | 1985-03-04 | ANNA            | SMITH   | 1970-12-25 | 4 | a namesake of another age
    ANNA            | SMITH   | 1985-03-04 | OWEN            | BROWN   | 1985-03-04 | 4 | a birth date alone
                    | SMITH   | 1985-03-04 | ANNA            | SMITH   | 1985-03-04 | 3 | no forename to compare
"""


def test_carers(engine: Engine) -> None:
    """Carers reach the level that the table says, the best of any carer against any adult of the household."""
    rows = cells(CARERS)
    cases: list[Records] = []
    for n, r in enumerate(rows):
        whole = case(
            n, {}, {}, more=Records(adults=[carer(f"F{n:03d}", r[0], r[1]) | {"forename": r[0] or None} | _born(r[2])])
        )
        cases.append(
            Records([*whole.persons[:2], claimant(f"H{n:03d}", r[3], r[4], **_born(r[5]))], whole.places, whole.adults)
        )
    found = levels(engine, cases)
    assert [(r[7], str(f["carer_level"])) for r, f in zip(rows, found, strict=True)] == [(r[7], r[6]) for r in rows]


def _born(written: str) -> Row:
    return {"birth_date": date.fromisoformat(written) if written else None}


@pytest.mark.parametrize(
    ("starts", "ends", "birth", "listing"),
    [
        (None, None, -3000, 1),
        (-400, 0, -3000, 1),
        (-400, -1, -3000, 0),
        (1, None, -3000, -1),
        (20, None, -30, 1),
        (190, None, 0, 1),
        (210, None, 0, -1),
    ],
)
def test_listing_on_the_day(engine: Engine, starts: int | None, ends: int | None, birth: int, listing: int) -> None:
    """A dependant is listed on the day, only before or only after it; a baby added within 200 days of its birth counts as listed."""
    start, end = (None if days is None else REFERRED + timedelta(days=days) for days in (starts, ends))
    on = REFERRED + timedelta(days=birth)
    (found,) = levels(engine, [case(0, {"birth_date": on}, {"birth_date": on, "start_date": start, "end_date": end})])
    assert found["listing"] == listing


def test_every_comparison_ends_in_different_and_knows_missing() -> None:
    """Each comparison has one missing level, and its last level takes what no other did."""
    for field in FIELDS:
        assert sum(level.missing for level in field.levels) == 1
        assert field.levels[-1].when == "TRUE"
        assert not field.levels[-1].missing
