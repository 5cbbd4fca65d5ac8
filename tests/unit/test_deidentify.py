"""De-identification: who is on benefit on the day, how far a case went, and what is left behind."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest
from made_linked import DAY, YEAR, Row, award, crossed, names, table, world

from hearthlink.deidentify import deidentify
from hearthlink.engine import open_engine
from hearthlink.errors import OurFault


def one(tables: dict[str, pa.Table]) -> Row:
    """The only row of the research table."""
    rows = crossed(tables)["child"]
    assert len(rows) == 1
    return rows[0]


@pytest.mark.parametrize(
    ("changes", "on_day", "on_window", "status"),
    [
        ({}, True, True, "in_payment"),
        ({"weekly_pence": None}, True, True, "in_payment"),
        ({"weekly_pence": 0}, False, False, "nil"),
        ({"status": "nil"}, False, False, "nil"),
        ({"status": "suspended"}, False, False, "suspended"),
        ({"status": "ended"}, False, False, "ended"),
        ({"end_date": DAY}, True, True, "in_payment"),
        ({"end_date": DAY - timedelta(1)}, False, True, "ended"),
        ({"end_date": DAY - timedelta(31)}, False, True, "ended"),
        ({"end_date": DAY - timedelta(32)}, False, False, "ended"),
        ({"start_date": DAY}, True, True, "in_payment"),
        ({"start_date": DAY + timedelta(1)}, False, True, "none"),
        ({"start_date": DAY + timedelta(31)}, False, True, "none"),
        ({"start_date": DAY + timedelta(32)}, False, False, "none"),
    ],
)
def test_a_claim_in_payment_covers_the_day_by_its_effective_dates(
    changes: Row, on_day: bool, on_window: bool, status: str
) -> None:
    """A child is on benefit when an award in payment covers the day; within 31 days counts for the sensitivity alone."""
    row = one(world(award=(award(**changes),)))
    assert (row["on_benefit"], row["on_window"], row["household_status"]) == (on_day, on_window, status)
    assert row["on_draws"] == ([1, 1, 0] if on_day else [0, 0, 0])


def test_a_household_known_from_universal_credit_alone_is_on_no_council_benefit() -> None:
    """A child linked with one is marked so, and counts as on no benefit of the council on the day or about it."""
    fact = {"household_key": 1, "has_dependants": True, "has_partner": False, "credit_only": True}
    row = one(world(award=(), household_fact=(fact,)))
    assert (row["on_benefit"], row["on_window"], row["household_status"]) == (False, False, "credit_only")
    row = one(world(household_fact=(fact | {"credit_only": False},)))
    assert (row["on_benefit"], row["household_status"]) == (True, "in_payment")


def member(household: str, **changes: object) -> Row:
    """A dependant as a household lists it."""
    return {
        "person_no": 9, "side": "member", "group_id": household, "record_id": f"{household}-1", "role": "dependant",
        "forename": "AAA", "surname": "AAA", "birth_date": date(2010, 9, 11), "birth_date_weak": False,
    } | changes  # fmt: skip


SECOND_HOMES: tuple[tuple[Row, bool], ...] = (
    ({}, True),
    ({"start_date": DAY, "end_date": DAY}, True),
    ({"end_date": DAY - timedelta(1)}, False),
    ({"start_date": DAY + timedelta(1)}, False),
    ({"birth_date": date(2010, 9, 12)}, False),
    ({"birth_date": None}, False),
    ({"surname": "BBB"}, False),
)


@pytest.mark.parametrize(("changes", "two_homes"), SECOND_HOMES)
def test_a_child_in_two_homes_counts_by_any_of_them_and_by_the_main_one_apart(changes: Row, two_homes: bool) -> None:
    """Another household that lists the same name and birth date on the day is a second home; its award counts in the headline alone."""
    people = (*world()["person"].to_pylist(), member("H1"), member("H2", **changes))
    row = one(world(person=people, award=(award(household_key=2),)))
    assert (row["two_homes"], row["on_benefit"], row["on_main_home"]) == (two_homes, two_homes, False)
    assert row["on_draws"] == ([1, 1, 0] if two_homes else [0, 0, 0])


def test_other_candidates_are_doubt_and_not_two_homes() -> None:
    """Where the child may live in either of two households, an award counts by its probability, and in the draws that chose it."""
    candidates = (
        {"child_id": "AAA", "rank": 0, "probability": 0.1, "p_member": 0.0},
        {"child_id": "AAA", "rank": 1, "household_id": "H2", "member_id": "H2-1", "probability": 0.6, "p_member": 0.6},
        {"child_id": "AAA", "rank": 2, "household_id": "H1", "member_id": "H1-1", "probability": 0.3, "p_member": 0.3},
    )
    row = one(world(candidate_posterior=candidates, link_draw=({"child_id": "AAA", "ranks": [0, 1, 2]},)))
    assert (row["two_homes"], row["on_benefit"], row["on_draws"]) == (False, False, [0, 0, 1])


CARE: tuple[tuple[Row, bool], ...] = (
    ({"start_date": DAY - timedelta(1)}, True),
    ({"start_date": DAY - timedelta(40), "end_date": DAY}, True),
    ({"start_date": DAY - timedelta(40), "end_date": DAY - timedelta(1)}, False),
    ({"start_date": DAY}, False),
)


@pytest.mark.parametrize(("episode", "in_care"), CARE)
def test_a_child_in_care_on_the_day_is_in_no_household(episode: Row, in_care: bool) -> None:
    """Looked after from before the referral, a child has left its parents' claim; one who enters care that day has not."""
    row = one(world(looked_after=({"child_key": 7} | episode,)))
    expected = (True, False, "none") if in_care else (False, True, "in_payment")
    assert (row["in_care"], row["on_benefit"], row["household_status"]) == expected
    assert row["on_draws"] == ([0, 0, 0] if in_care else [1, 1, 0])


PLANS: tuple[tuple[dict[str, tuple[Row, ...]], str], ...] = (
    ({}, "referral"),
    ({"assessment": ({"child_key": 7, "referral_no": 1, "factors": []},)}, "assessment"),
    ({"assessment": ({"child_key": 7, "referral_no": 2, "factors": []},)}, "referral"),
    ({"section47": ({"child_key": 7, "referral_no": 1, "start_date": DAY},)}, "section 47"),
    ({"cin_plan": ({"child_key": 7, "start_date": DAY},)}, "child in need plan"),
    ({"cin_plan": ({"child_key": 7, "start_date": DAY - timedelta(1)},)}, "referral"),
    ({"cin_plan": ({"child_key": 7, "start_date": date(2020, 4, 1)},)}, "referral"),
    ({"protection_plan": ({"child_key": 7, "referral_no": 1, "start_date": DAY},)}, "protection plan"),
    ({"looked_after": ({"child_key": 7, "start_date": date(2020, 3, 31)},)}, "looked after"),
)


@pytest.mark.parametrize(("changes", "stage"), PLANS)
def test_the_stage_is_the_highest_that_follows_from_the_referral_in_the_year(
    changes: dict[str, tuple[Row, ...]], stage: str
) -> None:
    """A step counts when it belongs to the referral, or starts from its day on, within the census year."""
    assert one(world(**changes))["stage"] == stage


def test_factors_are_those_of_completed_assessments_in_groups() -> None:
    """Codes of a completed assessment fall into groups once each; an open assessment gives none."""
    completed = {"child_key": 7, "referral_no": 1, "end_date": DAY, "factors": ["3B", "3A", "18A", "9A", "QQ"]}
    opened = {"child_key": 7, "referral_no": 1, "factors": ["16A"]}
    row = one(world(assessment=(completed, opened)))
    assert row["factors"] == ["Domestic abuse", "Physical abuse", "Unaccompanied asylum seeker"]
    assert (row["assessed"], row["unaccompanied"]) == (True, True)
    assert one(world(assessment=(opened,)))["assessed"] is False


def test_attributes_are_coarse() -> None:
    """Age, ethnicity and area are groups, and a birthday the day after the referral is not yet reached."""
    row = one(world())
    assert (row["age_band"], row["ethnic_group"], row["sex"], row["imd_decile"]) == ("5 to 9", "Asian", "female", 3)


def test_a_child_not_born_on_the_day_is_left_out_with_the_reason() -> None:
    """An unborn child stays in the table, apart, and is on benefit in no draw."""
    child = {
        "child_id": "AAA", "child_key": 7, "birth_date": DAY + timedelta(30), "birth_date_estimated": False,
        "restricted": False, "unborn": False,
    }  # fmt: skip
    row = one(world(child_identifier=(child,), link=(), candidate_posterior=(), link_draw=()))
    assert (row["counted"], row["left_out"], row["age_band"], row["on_benefit"]) == (False, "unborn", None, False)


PLACES: tuple[tuple[Row, bool, str], ...] = (
    ({}, False, "observable"),
    ({"postcode": "YY11YY"}, False, "out of area"),
    ({"postcode": None}, False, "no address"),
    ({"postcode": None}, True, "restricted record"),
    ({"start_date": DAY + timedelta(183)}, False, "observable"),
    ({"start_date": DAY + timedelta(184)}, False, "no address"),
)


@pytest.mark.parametrize(("place", "restricted", "expected"), PLACES)
def test_why_a_child_could_not_be_observed(place: Row, restricted: bool, expected: str) -> None:
    """No address near the day, a locked record, or a district where no family on file lives make a child unobservable."""
    base = world()
    child = base["child_identifier"].to_pylist()[0] | {"restricted": restricted}
    places = base["place"].to_pylist()
    places[0] |= place
    assert one(world(child_identifier=(child,), place=tuple(places)))["observability"] == expected


def test_nothing_that_identifies_crosses() -> None:
    """No id, key, date or postcode of the child is found anywhere in the research table."""
    text = repr(one(world()))
    assert not any(word in text for word in ("AAA", "H1", "F1", "ZZ1", "2019", "2010", "datetime"))


def test_rows_stand_in_the_order_of_their_pseudonyms_and_keep_their_own_draws() -> None:
    """Pseudonyms that run backwards turn the order of the census ids round, and every row keeps its own draws with it."""
    tables = dict(world())
    for name in (
        "child_identifier",
        "child_referral",
        "child",
        "referral",
        "person",
        "link",
        "candidate_posterior",
        "link_draw",
    ):
        first = tables[name].to_pylist()
        changed = (
            {"child_id": f"C{n}", "record_id": f"C{n}", "child_key": n, "ranks": [int(n < 3)] * 2} for n in range(5)
        )
        rows = [row | {key: value for key, value in new.items() if key in row} for new in changed for row in first]
        tables[name] = table(name, *rows)
    forwards = names()
    with open_engine(threads=1) as engine:
        made = deidentify(engine, tables, **YEAR, new_pseudonyms=lambda kind, ids: forwards(kind, ids)[::-1])
    rows = made["research_child"].to_pylist()
    pseudonyms = [row["child_pseudonym"] for row in rows]
    assert pseudonyms == sorted(pseudonyms)
    assert [row["on_draws"] for row in rows] == [[0, 0], [0, 0], [1, 1], [1, 1], [1, 1]]


def test_draws_that_point_nowhere_stop_the_run() -> None:
    """A draw of a rank that is not among the candidates is our fault, and is said so."""
    with pytest.raises(OurFault, match="points to a candidate that is not there"):
        one(world(link_draw=({"child_id": "AAA", "ranks": [2]},)))
