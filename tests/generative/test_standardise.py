"""Standardising holds for anything that can be written, and does not ask in which order."""

from __future__ import annotations

import re
from datetime import date
from random import Random

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from hearthlink.engine import open_engine
from hearthlink.standardise import people
from hearthlink.standardise.addresses import read_address
from hearthlink.standardise.families import family_groups
from hearthlink.standardise.names import forenames, surname, surname_tokens
from hearthlink.standardise.postcodes import postcode, property_number
from hearthlink.tables.identity import IDENTITY_TABLES

SPECS = {spec.name: spec for spec in IDENTITY_TABLES}
CAPITALS = re.compile(r"[A-Z]+")
ANYTHING = st.text(max_size=24) | st.text("ABC abcé'-,().123/Ã©", max_size=16)


@given(ANYTHING)
def test_forenames_are_plain_capitals(text: str) -> None:
    """Whatever is written, a forename is plain capitals, stands first among the forenames, and is itself when standardised again."""
    first, every = forenames(text)
    assert (first is None) == (every is None)
    if first is not None and every is not None:
        assert every.split(" ")[0] == first
        assert all(CAPITALS.fullmatch(name) for name in every.split(" "))


@given(ANYTHING)
def test_surnames_are_plain_capitals(text: str) -> None:
    """Whatever is written, a surname is plain capitals, ends in its last part, and is among its own tokens."""
    joined, last = surname(text)
    if joined is None:
        assert last is None
        assert not surname_tokens(text)
        return
    assert CAPITALS.fullmatch(joined)
    assert joined.endswith(last or "")
    assert joined in surname_tokens(text)


@given(ANYTHING)
def test_postcodes_are_stable(text: str) -> None:
    """A standardised postcode or property number stays what it is when standardised again."""
    for act in (postcode, property_number):
        once = act(text)
        assert once is None or act(once) == once


@given(ANYTHING)
def test_any_line_is_read(text: str) -> None:
    """No address line breaks the reader, and a number never holds a blank."""
    line = read_address(text)
    assert line.number is None or (line.number and " " not in line.number)
    assert not (line.hidden and line.number)


@given(
    st.integers(1, 200),
    st.integers(1, 60),
    st.sampled_from(["FLAT {1}, {0} ELM ROAD", "Flt {1} {0} Elm Rd", "APT {1}, {0} ELM RD"]),
)
def test_one_flat_has_one_number(house: int, flat: int, style: str) -> None:
    """A flat is the same flat in every usual way of writing it."""
    assert read_address(style.format(house, flat)).number == f"{house}/{flat}"


IDS = st.sampled_from([f"C{n}" for n in range(9)])


@given(st.lists(st.lists(IDS, min_size=1, max_size=4), max_size=8), st.randoms(use_true_random=False))
def test_families_are_components(ties: list[list[str]], random: Random) -> None:
    """Families are the same in any order of ties, hold every tie whole, and are named for their smallest member."""
    children = [f"C{n}" for n in range(9)]
    family = family_groups(children, ties)
    shuffled = random.sample([random.sample(tie, len(tie)) for tie in ties], len(ties))
    assert family_groups(random.sample(children, len(children)), shuffled) == family
    for tie in ties:
        assert len({family[child] for child in tie}) == 1
    for child in children:
        assert family[child] == min(other for other in children if family[other] == family[child])


SURNAMES = st.sampled_from(["BBB", "Bbb-Ccc", "CCC", "DDD", None])
ADDRESSES = st.sampled_from(["10 HIGH ST", "FLAT 1, 10 HIGH ST", "ROSE COTTAGE, X LANE", None])
POSTCODES = st.sampled_from(["AA1 2BB", "aa12bb", "AA1 3BB", None])


@st.composite
def authorities(draw: st.DrawFn) -> dict[str, list[dict[str, object]]]:
    """A handful of children and households with homes and related adults."""
    count = draw(st.integers(1, 6))
    ids = [f"C{n}" for n in range(count)]
    homes = st.fixed_dictionaries({"address": ADDRESSES, "postcode": POSTCODES, "uprn": st.sampled_from(["100", None])})
    return {
        "child_identifier": [
            {
                "child_id": name, "child_key": n, "forename": "AAA", "surname": draw(SURNAMES),
                "birth_date": draw(st.dates(date(1880, 1, 1), date(2022, 1, 1))), "birth_date_estimated": False,
                "sex": "F", "restricted": draw(st.booleans()), "unborn": False,
            }
            for n, name in enumerate(ids)
        ],
        "child_referral": [{"child_id": name, "referral_date": date(2019, 9, 2)} for name in ids],
        "child_address": [{"child_id": draw(st.sampled_from(ids)), **draw(homes)} for _ in range(draw(st.integers(0, 6)))],
        "child_adult": [
            {"child_id": draw(st.sampled_from(ids)), "adult_id": draw(st.sampled_from("MNP")), "relationship": "mother", "forename": "EEE"}
            for _ in range(draw(st.integers(0, 6)))
        ],
        "household_identifier": [],
        "household_member": [
            {"household_id": f"H{n}", "member_id": f"H{n}-1", "role": "dependant", "surname": draw(SURNAMES)} for n in range(3)
        ],
        "household_residence": [{"household_id": f"H{n}", **draw(homes)} for n in range(3)],
    }  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(authorities(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_no_matter(rows: dict[str, list[dict[str, object]]], random: Random) -> None:
    """The same rows in another order give the same tables, number for number."""
    with open_engine(threads=1) as engine:
        one = people(
            engine, {name: pa.Table.from_pylist(made, schema=SPECS[name].schema) for name, made in rows.items()}
        )
        for made in rows.values():
            random.shuffle(made)
        other = people(
            engine, {name: pa.Table.from_pylist(made, schema=SPECS[name].schema) for name, made in rows.items()}
        )
    assert all(one[name].equals(other[name]) for name in one)
