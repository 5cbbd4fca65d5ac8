"""Links as at earlier days in the research room: what crosses, the chance of an earlier claim, a cohort at a baseline, and shares that use both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from made_linked import DAY, Row, award, crossed, world
from made_research import filled, research

from hearthlink.analysis.cohort import cohort
from hearthlink.analysis.ground import ground
from hearthlink.analysis.measured import said_of
from hearthlink.analysis.shares import TRUE
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.measures import Window
from hearthlink.tables.research import RESEARCH_CANDIDATE_BEFORE, RESEARCH_CHILD, RESEARCH_DRAW_BEFORE

NONE_NOW: dict[str, tuple[Row, ...]] = {
    "candidate_posterior": ({"child_id": "AAA", "rank": 0, "probability": 1.0, "p_member": 0.0},),
    "link": ({"child_id": "AAA", "family_id": "F1", "outcome": "none", "p_household": 0.0, "p_person": 0.0, "p_none": 1.0},),
    "link_draw": ({"child_id": "AAA", "ranks": [0, 0, 0]},),
}  # fmt: skip
"""The child of the made world, in no household on file on the day."""


def candidates(months: int, **chances: float) -> tuple[Row, ...]:
    """Candidates of the child as at so many months before, by household, the rest being none."""
    rows: list[Row] = [
        {"months": months, "child_id": "AAA", "rank": 0, "probability": 1.0 - sum(chances.values()), "p_member": 0.0}
    ]
    rows += [
        {"months": months, "child_id": "AAA", "rank": n, "household_id": home, "probability": chance, "p_member": 0.0}
        for n, (home, chance) in enumerate(chances.items(), 1)
    ]
    return tuple(rows)  # fmt: skip


def ended(days: int) -> Row:
    """An award that ended so many days before the referral."""
    return award(end_date=DAY - timedelta(days))


def chances(*before: tuple[Row, ...], **changes: tuple[Row, ...]) -> tuple[float | None, float | None]:
    """The two columns of the only child."""
    (row,) = crossed(world(**{**NONE_NOW, "candidate_posterior_before": sum(before, ()), **changes}))["child"]
    return row["ever_before_12_otherwise"], row["ever_before_24_otherwise"]


ENDED_LATELY, ENDED_LONG_AGO = (ended(100),), (ended(500),)
DAY_HALF = {
    "candidate_posterior": (
        {"child_id": "AAA", "rank": 0, "probability": 0.5, "p_member": 0.0},
        {"child_id": "AAA", "rank": 1, "household_id": "H1", "probability": 0.5, "p_member": 0.0},
    ),
    "link": NONE_NOW["link"],
}
CHANCES: tuple[tuple[str, tuple[float | None, float | None], tuple[tuple[Row, ...], ...], Mapping[str, tuple[Row, ...]]], ...] = (
    ("in one whose claim ended within the year", (1.0, 1.0), (candidates(12, H1=1.0),), {"award": ENDED_LATELY}),
    ("in one whose claim ended the year before", (0.0, 1.0), (candidates(12, H1=1.0),), {"award": ENDED_LONG_AGO}),
    ("in one only two years before", (None, 1.0), (candidates(24, H1=1.0),), {"award": ENDED_LONG_AGO}),
    ("half a chance", (0.5, 0.5), (candidates(12, H1=0.5),), {"award": ENDED_LATELY}),
    ("the largest of several days", (0.75, 0.75), (candidates(6, H1=0.75), candidates(12, H1=0.25)), {"award": ENDED_LATELY}),
    ("two homes add up", (0.5, 0.5), (candidates(12, H1=0.25, H2=0.25),), {"award": (ended(100), {**ended(100), "household_key": 2})}),
    ("a home without a claim adds nothing", (0.25, 0.25), (candidates(12, H1=0.25, H2=0.25),), {"award": ENDED_LATELY}),
    ("in none then either", (0.0, 0.0), (candidates(12),), {"award": ENDED_LATELY}),
    ("not yet born", (None, None), (), {"award": ENDED_LATELY}),
    ("a nil award is none", (0.0, 0.0), (candidates(12, H1=1.0),), {"award": (award(weekly_pence=0),)}),
    ("as likely then as now says nothing of none", (0.0, 0.0), (candidates(12, H1=0.5),), {**DAY_HALF, "award": (award(),)}),
    ("likelier then than now says the rest of none", (1.0, 1.0), (candidates(12, H1=1.0),), {**DAY_HALF, "award": (award(),)}),
    ("the claim that another followed is the same household", (0.0, 0.0), (candidates(12, H2=0.5),),
     {**DAY_HALF, "award": (award(),), "household_followed": ({"household_key": 1, "follows_key": 2, "first_key": 2, "rule": "reference"},)}),
)  # fmt: skip


@pytest.mark.parametrize(("expected", "before", "changes"), [one[1:] for one in CHANCES], ids=[one[0] for one in CHANCES])  # fmt: skip
def test_the_chance_of_an_earlier_claim(
    expected: tuple[float | None, float | None],
    before: tuple[tuple[Row, ...], ...],
    changes: Mapping[str, tuple[Row, ...]],
) -> None:
    """Trap: conditioning on survival. Of a child in none on the day, the chance of a household whose claim was ended before it."""
    assert chances(*before, **changes) == expected


def test_a_candidate_as_at_an_earlier_day_is_asked_about_the_day_of_referral_by_its_chain() -> None:
    """Its flags are of the windows before the referral and of its day, whichever reference the claim goes by by then; its events cross too."""
    made = crossed(
        world(
            **NONE_NOW,
            candidate_posterior_before=(*candidates(12, H2=0.75), *candidates(18, H1=0.5)),
            link_before=({**NONE_NOW["link"][0], "months": 12, "outcome": "unlisted", "household_id": "H2"},),
            link_draw_before=({"months": 12, "child_id": "AAA", "ranks": [1, 0, 1]},),
            household_followed=({"household_key": 1, "follows_key": 2, "first_key": 2, "rule": "reference"},),
            household_event=(
                {"household_key": 2, "kind": "move", "day": DAY - timedelta(8), "month": 30, "basis": "seen"},
            ),
        )
    )
    none, home = made["candidate_before"]
    assert (none["months"], none["rank"], none["best"], none["household_pseudonym"]) == (12, 0, False, None)
    flags = ("best", "on_benefit", "on_window", "ever_before_12", "ever_before_24")
    assert all(home[name] for name in flags)
    assert home["household_pseudonym"] in {row["household_pseudonym"] for row in made["household"]}
    assert [(row["months"], row["ranks"]) for row in made["draw_before"]] == [(12, [1, 0, 1])]
    assert [(row["months"], row["rank"], row["kind"], row["weeks"]) for row in made["child_event_before"]] == [(12, 1, "move", -2)]  # fmt: skip
    assert not made["child_event"], "the household is no candidate of the day"


@pytest.mark.parametrize("spell", [True, False])
def test_a_child_in_care_is_on_no_benefit_by_an_earlier_link_either(spell: bool) -> None:
    """It counts with the household until it came into care, and not on the day."""
    care = ({"child_key": 7, "start_date": DAY - timedelta(30)},) if spell else ()
    made = crossed(world(**NONE_NOW, candidate_posterior_before=candidates(12, H1=1.0), looked_after=care))
    home = made["candidate_before"][-1]
    assert (home["on_benefit"], home["ever_before_12"]) == (not spell, True)


# --- a cohort at a baseline ---------------------------------------------------------------------------------------


def at_baseline(names: int = 0) -> dict[str, pa.Table]:
    """A research room where the links as at 24 months before have every child in none, and those at 12 are the day's."""
    made = research(7, names=names)
    rows = [row for row in made["research_candidate_before"].to_pylist() if row["months"] == 12]
    children = sorted({row["child_pseudonym"] for row in rows})
    alone = [{"months": 24, "child_pseudonym": child, "rank": 0, "best": True} for child in children[1:]]
    drawn = [row for row in made["research_draw_before"].to_pylist() if row["months"] == 12]
    drawn += [{"months": 24, "child_pseudonym": child, "ranks": [0] * 20} for child in children[1:]]
    made["research_candidate_before"] = filled(RESEARCH_CANDIDATE_BEFORE, [*rows, *alone])
    made["research_draw_before"] = filled(RESEARCH_DRAW_BEFORE, drawn)
    events = made["research_child_event_before"]
    made["research_child_event_before"] = events.filter(pa.array(np.asarray(events.column("months")) == 12))
    return made


def test_at_a_baseline_the_links_are_those_of_its_day() -> None:
    """Candidates, draws and events are the baseline's; a child with none of it, not born by then, is as one that was not linked."""
    made = at_baseline()
    of_the_day, twelve, none = (cohort(made, baseline) for baseline in (None, 12, 24))
    for name in ("first", "count", "household", "ranks"):
        assert np.array_equal(getattr(of_the_day, name), getattr(twelve, name)), name
    assert np.array_equal(np.sort(of_the_day.struck_candidate), np.sort(twelve.struck_candidate))
    assert (none.household == -1).all()
    assert not len(none.child_events)
    unborn = none.count == 0
    assert unborn.sum() == 1
    assert (none.ranks[unborn] == -1).all()
    assert (none.ranks[~unborn] == 0).all()
    assert len(none.children) == len(of_the_day.children)


# --- ever on benefit, of a child that is in none on the day -------------------------------------------------------


def with_chance(chance: float | None, names: int = 0) -> dict[str, pa.Table]:
    """A research room where every child has that chance of an earlier claim where it is in none on the day."""
    made = research(8, names=names)
    rows = made["research_child"].to_pylist()
    for row in rows:
        row["ever_before_12_otherwise"] = row["ever_before_24_otherwise"] = chance
    return {**made, "research_child": filled(RESEARCH_CHILD, rows)}


Truths = npt.NDArray[np.bool_]


def said(tables: Mapping[str, pa.Table], window: Window) -> Truths:
    """Whether each draw has each child ever on benefit, children in the cohort's order."""
    found = said_of(ground(cohort(tables)), MEASURES["on_benefit"], window)
    codes = np.repeat(found.fixed[:, None], found.draws, axis=1)
    codes[found.varying] = found.codes
    return codes == TRUE


def by_name(tables: Mapping[str, pa.Table], window: Window) -> Truths:
    """The same, children by their pseudonyms: their order goes by what is known of them, a chance among it."""
    return said(tables, window)[names_in_order(tables)]


def names_in_order(tables: Mapping[str, pa.Table]) -> npt.NDArray[np.int64]:
    return np.argsort(np.asarray(cohort(tables).children.column("child_pseudonym").to_pylist()))


def in_none(tables: Mapping[str, pa.Table]) -> Truths:
    """Whether each draw has each child in no household, children by their pseudonyms."""
    base = cohort(tables)
    return (base.drawn((base.household < 0).astype(np.int8)) != 0)[names_in_order(tables)]


@pytest.mark.parametrize("window", ["before_12", "before_24"])
def test_a_draw_that_finds_no_household_takes_the_chance_of_an_earlier_one(window: Window) -> None:
    """With certainty every draw in none counts, with no chance or none known nothing changes, and half a chance is half of them."""
    plain, none = by_name(with_chance(None), window), in_none(with_chance(None))
    assert none.any()
    assert np.array_equal(by_name(with_chance(0.0), window), plain)
    assert np.array_equal(by_name(with_chance(1.0), window), plain | none)
    half = by_name(with_chance(0.5), window)
    assert (half >= plain).all()
    assert (half <= (plain | none)).all()
    open_to = none & ~plain
    assert abs(half[open_to].mean() - 0.5) < 5 * 0.5 / np.sqrt(open_to.sum() / 2)


def test_brothers_and_sisters_of_a_draw_are_taken_together() -> None:
    """Two children of a family, both in none in a draw with the same chance, either were both in one before or neither was."""
    tables = with_chance(0.5)
    family = cohort(tables).family[names_in_order(tables)]
    plain, half, none = by_name(with_chance(None), "before_12"), by_name(tables, "before_12"), in_none(tables)
    pairs = [np.flatnonzero(family == one) for one in np.unique(family)]
    pairs = [one for one in pairs if len(one) == 2]
    together = [(half[a] == half[b])[none[a] & none[b] & ~plain[a] & ~plain[b]] for a, b in pairs]
    assert sum(len(one) for one in together) > 50
    assert all(one.all() for one in together)


def test_the_year_after_and_the_day_take_no_earlier_claim() -> None:
    """A household whose claim has ended says nothing of the day of referral, nor of what followed."""
    windows: tuple[Window, ...] = ("on_day", "after_12")
    for window in windows:
        assert np.array_equal(by_name(with_chance(1.0), window), by_name(with_chance(None), window))


def test_pseudonyms_change_no_draw_of_an_earlier_claim() -> None:
    """Random numbers fall on the same children under other pseudonyms and in another order of rows."""
    one, other = (said(with_chance(0.5, names), "before_12") for names in (1, 2))
    assert np.array_equal(one, other)
