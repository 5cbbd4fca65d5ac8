"""Bedrooms: the bedroom standard against every way of sharing, and each trap by its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random

import numpy as np
import pytest

from hearthlink.measures import rooms
from hearthlink.measures.circumstances import circumstances
from hearthlink.measures.example import YEAR_START, Row, example_tables
from hearthlink.measures.months import grid_of

BEGAN = date(2017, 1, 2)
JUNE_2019 = 26


def seen(
    rows: Mapping[str, tuple[Row, ...]], column: str = "rooms_short", month: int = JUNE_2019, household: int = 1
) -> int:
    """A state of one household in a month, by its place from 0; June 2019 unless said."""
    tables = example_tables(rows)
    grid = grid_of(tables, YEAR_START)
    made = rooms.states(grid, tables, circumstances(grid, tables))
    return int(made[column][grid.row_of(np.array([household]))[0], month])


def award(start: date = BEGAN, end: date | None = None, **facts: object) -> Row:
    return {"benefit": "hb", "start_date": start, "end_date": end, "status": "in_payment", **facts}


def period(bedrooms: int | None, **facts: object) -> Row:
    return {"start_date": BEGAN, "source": "cts", "status": "in_payment", "bedrooms": bedrooms, **facts}


def person(role: str, born: date | None, sex: str | None = "F", **facts: object) -> Row:
    return {"person_no": 1, "role": role, "born": born, "sex": sex, "start_date": BEGAN, **facts}


MOTHER = person("claimant", date(1985, 1, 1))


def short(bedrooms: int | None, *people: Row, **more: tuple[Row, ...]) -> int:
    """Bedrooms short in June 2019, of a mother with others."""
    return seen(
        {"award": (award(),), "household_period": (period(bedrooms),), "household_person": (MOTHER, *people), **more}
    )


# --- the standard --------------------------------------------------------------------------------------------


def may_share(one: tuple[int, str], other: tuple[int, str]) -> bool:
    """Whether the standard lets two people who are no couple share: by age and sex."""
    if max(one[0], other[0]) >= 21:
        return False
    return (one[0] < 10 and other[0] < 10) or one[1] == other[1]


def rooms_for(people: list[tuple[int, str]]) -> int:
    """The fewest rooms of one or two, over every way of sharing."""
    if not people:
        return 0
    first, *others = people
    alone = 1 + rooms_for(others)
    shared = (
        1 + rooms_for(others[:place] + others[place + 1 :])
        for place, other in enumerate(others)
        if may_share(first, other)
    )
    return min([alone, *shared])


def answers(heads: int, people: list[tuple[int, str | None]]) -> Iterator[int]:
    """The answer for each sex that those of unknown sex may have."""
    unknown = next((place for place, (_, sex) in enumerate(people) if sex is None), None)
    if unknown is None:
        yield (1 if heads <= 2 else heads - 1) + rooms_for([(age, sex or "") for age, sex in people])
        return
    for sex in ("F", "M"):
        yield from answers(heads, [*people[:unknown], (people[unknown][0], sex), *people[unknown + 1 :]])


def there(row: Row, day: date) -> bool:
    start, end = row["start_date"], row.get("end_date")
    assert isinstance(start, date)
    return start <= day and (not isinstance(end, date) or end >= day)


def age_on(row: Row, day: date) -> int:
    born = row["born"]
    assert isinstance(born, date)
    return (day.year * 12 + day.month - born.year * 12 - born.month) // 12


def naive(people: list[Row], day: date) -> int | None:
    """The bedrooms of one household on a day; None where it cannot be told."""
    heads = [row for row in people if row["role"] in ("claimant", "partner") and there(row, day)]
    others = [row for row in people if row["role"] not in ("claimant", "partner") and there(row, day)]
    if not heads or not any(row["role"] == "dependant" for row in people) or any(row["born"] is None for row in others):
        return None
    told: list[tuple[int, str | None]] = []
    for row in others:
        sex = row["sex"]
        told.append((age_on(row, day), sex if isinstance(sex, str) else None))
    # Whom a room is given whatever the sex is sure of it.
    if sum(sex is None and age < 21 for age, sex in told) > 1:
        return None
    every = set(answers(len(heads), [(age, sex or "F") if age >= 21 else (age, sex) for age, sex in told]))
    return every.pop() if len(every) == 1 else None


def drawn(random: Random, key: int) -> list[Row]:
    """A random household: one or two heads and up to six others of any age, some of unknown sex or birth, some who come or go."""
    people = [person("claimant", date(1980, 1, 1), household_key=key)]
    if random.random() < 0.4:
        people.append(person("partner", date(1980, 1, 1), "M", household_key=key))
    for _ in range(random.randrange(7)):
        born = date(random.randrange(1994, 2020), random.randrange(1, 13), 1)
        start = max(born, BEGAN + timedelta(days=random.randrange(-400, 900)))
        end = start + timedelta(days=random.randrange(900)) if random.random() < 0.3 else None
        people.append(
            person(
                random.choice(("dependant", "dependant", "dependant", "non_dependant")),
                None if random.random() < 0.03 else born,
                None if random.random() < 0.12 else random.choice("FM"),
                household_key=key,
                start_date=start,
                end_date=end,
            )
        )
    return people


def test_the_standard_agrees_with_every_way_of_sharing() -> None:
    """On random households, month by month, the rooms counted by arrays are the fewest over every way of sharing, and unseen where nobody can tell."""
    random = Random(5)
    households = {key: drawn(random, key) for key in range(1, 301)}
    tables = example_tables(
        {
            "award": tuple(award(household_key=key) for key in households),
            "household_person": tuple(row for people in households.values() for row in people),
        }
    )
    grid = grid_of(tables, YEAR_START)
    made = rooms.bedrooms_needed(rooms.sleepers(grid, tables))
    days = [date(1970, 1, 1) + timedelta(days=int(day)) for day in grid.ends]
    told = 0
    for key, people in households.items():
        for month in range(0, 48, 5):
            expected = naive(people, days[month])
            told += expected is not None
            got = int(made[grid.row_of(np.array([key]))[0], month])
            assert got == (-1 if expected is None else expected), (key, month)
    assert told > 1_000


CHILD = {age: date(2019 - age, 3, 1) for age in range(25)}


@pytest.mark.parametrize(
    ("people", "needed"),
    [
        pytest.param((("dependant", 3, "F"),), 2, id="a mother and an infant do not share"),
        pytest.param((("dependant", 9, "F"), ("dependant", 8, "M")), 2, id="under ten any two share"),
        pytest.param((("dependant", 10, "F"), ("dependant", 9, "M")), 3, id="from ten only of one sex"),
        pytest.param((("dependant", 20, "F"), ("dependant", 9, "F")), 2, id="up to twenty with one under ten"),
        pytest.param((("non_dependant", 21, "F"), ("dependant", 9, "F")), 3, id="from twenty-one alone"),
        pytest.param(
            (("dependant", 16, "M"), ("dependant", 14, "M")), 2, id="a room alone from 16 is the allowance's rule"
        ),
        pytest.param(
            tuple(("dependant", age, "F" if age % 2 else "M") for age in range(11, 21)), 7, id="no limit of four"
        ),
    ],
)
def test_who_shares(people: tuple[tuple[str, int, str], ...], needed: int) -> None:
    """A mother with these people needs so many bedrooms: with one fewer she is one short, and with as many she is not."""
    listed = tuple(person(role, CHILD[age], sex) for role, age, sex in people)
    assert (short(needed - 1, *listed), short(needed, *listed)) == (1, 0)


# --- the traps -----------------------------------------------------------------------------------------------

GIRL, BOY = person("dependant", CHILD[12]), person("dependant", CHILD[13], "M")


def test_bedrooms_that_no_file_holds_are_not_seen() -> None:
    """Where no file holds bedrooms nothing is said, which is not that there are enough."""
    assert short(None, GIRL) == -1


def test_a_nought_is_a_blank_that_a_system_filled_in() -> None:
    """No bedrooms at all are not held, and the rent account is asked instead."""
    account: Row = {"tenancy_no": 1, "start_date": BEGAN, "bedrooms": 1, "tenancy_start": BEGAN, "tenure": "council"}
    assert short(0, GIRL) == -1
    assert short(0, GIRL, rent_account=(account,)) == 1
    assert short(3, GIRL, rent_account=(account,)) == 1, "the landlord knows better than the claim"


def test_a_child_whose_birth_is_not_held_leaves_the_rooms_untold() -> None:
    """A dependant without birth date may be of any age."""
    assert short(1, GIRL, person("dependant", None)) == -1


def test_a_sex_that_is_not_held_matters_only_where_it_decides() -> None:
    """A third child under ten shares with either; one of thirteen beside a girl of twelve may share or not."""
    assert short(1, person("dependant", CHILD[3], None)) == 1
    assert short(2, GIRL, person("dependant", CHILD[13], None)) == -1
    assert short(1, person("dependant", CHILD[3], None), person("dependant", CHILD[4], None)) == -1


def test_a_claim_that_lists_no_child_by_name_is_no_empty_home() -> None:
    """Children stated by number alone are not told, so that one bedroom is not called enough."""
    assert short(1) == -1


def test_a_claim_that_goes_on_under_another_reference_counts_nobody_twice() -> None:
    """Where two claims of a chain overlap, the people of the one that began last are counted."""
    again = date(2019, 5, 1)
    rows = {
        "award": (award(), award(again, household_key=2)),
        "household_period": (period(2), period(2, household_key=2, start_date=again)),
        "household_person": (MOTHER, GIRL, {**MOTHER, "household_key": 2}, {**GIRL, "household_key": 2}),
        "household_followed": ({"household_key": 2, "follows_key": 1, "first_key": 1, "rule": "claimant"},),
    }
    assert seen(rows) == 0


@pytest.mark.parametrize(("end", "expected"), [(date(2019, 6, 29), 0), (date(2019, 6, 30), 1)])
def test_who_left_within_the_month_is_not_there_at_its_end(end: date, expected: int) -> None:
    """A child is counted in a month on whose last day they are listed, and not in the one in which they left before it."""
    assert short(2, GIRL, {**BOY, "end_date": end}) == expected


@pytest.mark.parametrize(("born", "expected"), [(date(2009, 6, 1), 1), (date(2009, 7, 1), 0)])
def test_the_tenth_birthday_counts_from_its_month(born: date, expected: int) -> None:
    """A boy who turns ten in June has a room of his own in June, beside a sister of eight."""
    assert short(2, person("dependant", born, "M"), person("dependant", CHILD[8])) == expected


# --- poor homes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ({"household_period": (period(2, tenure="council_temporary"),)}, 1),
        ({"household_period": (period(2, tenure="private"),)}, 0),
        ({"household_period": (period(2),)}, -1),
        ({"rent_account": ({"tenancy_no": 1, "start_date": BEGAN, "tenancy_start": BEGAN, "tenure": "council_temporary"},)}, 1),
        ({"rent_account": ({"tenancy_no": 1, "start_date": BEGAN, "tenancy_start": BEGAN, "tenure": "council"},)}, 0),
        ({"temporary_accommodation": ({"case_no": 1, "start_date": date(2019, 6, 3), "kind": "hostel"},)}, 1),
        ({"temporary_accommodation": ({"case_no": 1, "start_date": BEGAN, "end_date": date(2019, 6, 3), "kind": "hostel"},)}, -1),
    ],
)  # fmt: skip
def test_a_poor_home_is_told_by_a_spell_or_by_tenure(rows: dict[str, tuple[Row, ...]], expected: int) -> None:
    """Temporary accommodation is a spell of it, or a home that the council lends; without a tenure nothing is said."""
    assert seen({"award": (award(),), **rows}, "poor_home") == expected
