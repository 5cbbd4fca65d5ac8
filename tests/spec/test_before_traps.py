"""Every trap of what came before a referral, by its name: on rooms of a few households it is met, and would be seen if it were not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from made_before import Home, Kid, room
from made_research import filled

from hearthlink.analysis import case_time_control, crossover, curve, matched, panel
from hearthlink.analysis.cohort import Cohort
from hearthlink.analysis.conditional import Sets
from hearthlink.analysis.over_draws import by_draw, estimates, joined, less
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.research import RESEARCH_STRETCH

MONTHS = (1, 3)


def exposure(cohort: Cohort, name: str) -> panel.Exposure:
    """The exposure of an event measure over the three months before."""
    measure = MEASURES[name]
    band, bands = panel.event_bands(cohort.panel, measure.columns, doses=False)
    return panel.of_events(cohort.panel, measure, band, bands, MONTHS)


def own(sets: Sets, place: int = 0) -> tuple[int, int, int] | None:
    """Of a set its case's band, and how many of all its members are not exposed and are; None where it is unusable."""
    number = sets.pattern[place]
    return None if number < 0 else (int(sets.case[number]), int(sets.members[number, 0]), int(sets.members[number, 1]))


def one(events: tuple[tuple[object, ...], ...], name: str = "suspension", *, month: int = 30, lived: int | None = 24,
        months: tuple[int, int] = (1, 48)) -> tuple[int, int, int] | None:  # fmt: skip
    """The case-crossover set of one child in one household."""
    cohort = room([Home(months, events)], [Kid(month, (0,), lived=lived)])
    return own(crossover.crossover(cohort, exposure(cohort, name)))


@pytest.mark.parametrize(
    ("month", "found"),
    [(29, (1, 2, 1)), (27, (1, 2, 1)), (26, (0, 3, 0)), (30, (0, 3, 0)), (31, (0, 3, 0)), (17, (0, 2, 1)), (5, (0, 2, 1)), (20, (0, 3, 0))],
)  # fmt: skip
def test_windows_are_the_months_before_and_the_same_of_earlier_years(month: int, found: tuple[int, int, int]) -> None:
    """Months 1 to 3 before a referral in month 30 are set beside those before months 18 and 6; its own month is in no window."""
    assert one((("suspension", month),)) == found


@pytest.mark.parametrize("month", range(30, 49))
def test_referents_after_the_referral(month: int) -> None:
    """Nothing that happens from the month of the referral on changes a set: a referral may bring it about."""
    assert one((("suspension", month),)) == one(())


@pytest.mark.parametrize(
    ("name", "flag", "month", "found"),
    [
        ("rent_rise", "uprated", 29, None), ("rent_rise", "uprated", 17, (0, 2, 0)), ("suspension", "uprated", 29, (0, 3, 0)),
        ("eviction", "evictions_stayed", 28, None), ("reduction", "uplifted", 16, (0, 2, 0)), ("sanction", "credit_covered", 28, None),
        ("suspension", "covered", 27, None), ("suspension", "covered", 6, (0, 3, 0)), ("homelessness", "homelessness_covered", 5, (0, 2, 0)),
    ],
)  # fmt: skip
def test_shocks_to_everybody_and_missing_files(
    name: str, flag: str, month: int, found: tuple[int, int, int] | None
) -> None:
    """A window with a month of uprating, of the stay of evictions, of the uplift or without a file is not seen, of what that spoils."""
    cohort = room([Home()], [Kid(30, (0,))], **{flag: (month,)})
    assert own(crossover.crossover(cohort, exposure(cohort, name))) == found


@pytest.mark.parametrize(
    ("lived", "found"), [(24, (0, 3, 0)), (21, (0, 2, 0)), (12, (0, 2, 0)), (9, None), (0, None), (None, None)]
)
def test_impossible_time_of_infants(lived: int | None, found: tuple[int, int, int] | None) -> None:
    """A time at which a child was not yet born is no referent, and a child of whom that is not known has none."""
    assert one((), lived=lived) == found


@pytest.mark.parametrize(
    ("months", "found"),
    [((1, 48), (0, 3, 0)), ((15, 48), (0, 2, 0)), ((16, 48), None), ((1, 26), (0, 3, 0)), ((1, 25), None)],
)
def test_referents_lie_inside_observed_claim_time(months: tuple[int, int], found: tuple[int, int, int] | None) -> None:
    """A window counts where the household was observed when it began, and a claim that ends within it counts to its end."""
    assert one((), months=months) == found


@pytest.mark.parametrize(("end", "found"), [(27, (1, 2, 1)), (16, (0, 2, 1)), (20, (0, 3, 0))])
def test_surviving_the_cuts_that_are_studied(end: int, found: tuple[int, int, int]) -> None:
    """Of a claim that ended, all windows count from the earliest at which it was observed: none is dropped for what it held."""
    assert one((("claim_end", end),), "disruption", months=(1, end - 1)) == found


def test_weeks_0_to_4_are_shown_apart() -> None:
    """An event in the four weeks before is found by their own window, beside the same weeks of the year before."""
    near = Kid(30, (0,), weeks=(("suspension", -4),))
    far = replace(near, weeks=(("suspension", -5), ("suspension", 0), ("suspension", -52)))
    year = replace(near, weeks=(("suspension", -56),))
    for kid, found in ((near, (1, 1, 1)), (far, (0, 2, 0)), (year, (0, 1, 1))):
        cohort = room([Home()], [kid])
        assert own(crossover.weeks_before(cohort, MEASURES["suspension"])) == found


def test_states_are_not_for_the_case_crossover() -> None:
    """A state that lasts is asked of the matched comparison alone, whatever designs are asked for."""
    from hearthlink.analysis.effects import before
    from hearthlink.tables.plan import DESIGNS, Plan, Question

    cohort = room([Home(states={"overcrowded": True})] * 3, [Kid(30, (0,))])
    made = before(cohort, Plan((Question("overcrowded", ("on_day",), designs=DESIGNS),)))
    assert set(made["effect"].column("design").to_pylist()) == {"matched_cohort"}
    assert made["monthly"].num_rows == 0


def test_an_empty_cell_is_not_seen_which_is_never_no() -> None:
    """A household whose state is not seen is neither case nor control."""
    homes = [Home(states={"overcrowded": True}), *[Home()] * 5, *[Home(states={"overcrowded": False})] * 2]
    cohort = room(homes, [Kid(30, (0,)), Kid(30, (1,))])
    among, sets = _matched(cohort, panel.of_states(cohort.panel, MEASURES["overcrowded"]))
    assert sorted(filter(None, (own(sets, place) for place in range(4)))) == [(1, 2, 1)]
    assert len(set(among.household.tolist())) == 3


def _matched(cohort: Cohort, asked: panel.Exposure) -> tuple[matched.Pool, Sets]:
    among = matched.pool(cohort, asked, matched.matching(cohort.panel, 24))
    referred = case_time_control.referred_by(cohort, matched.best_ranks(cohort))[:, 0]
    return among, matched.candidate_sets(cohort, asked, among, referred)


@pytest.mark.parametrize(
    ("other", "controls"),
    [
        pytest.param(Kid(36, (1,)), 2, id="referred later: still a control"),
        pytest.param(Kid(26, (1,)), 1, id="referred before: none"),
        pytest.param(Kid(30, (1,)), 1, id="referred by then: none"),
        pytest.param(Kid(26, (1,), ranks=(1, 1)), 2, id="not given to a referred child: a control"),
    ],
)
def test_who_is_at_risk_may_be_referred_later(other: Kid, controls: int) -> None:
    """A household is a control until a child of it is referred, as far as the draw has it, and not for what comes after."""
    cohort = room([Home(), Home(), Home()], [Kid(30, (0,)), other])
    first = int(np.flatnonzero(cohort.index_month[cohort.child] == 30)[0]) if other.month != 30 else 0
    found = own(_matched(cohort, exposure(cohort, "suspension"))[1], first)
    assert found == (0, 1 + controls, 0)


def test_a_family_never_controls_itself() -> None:
    """No household that the child might be in is its control: a missed link would make a family the twin of its own control."""
    cohort = room([Home(), Home(), Home()], [Kid(30, (0, 1), ranks=(0, 1))])
    for draw in range(2):
        asked = exposure(cohort, "suspension")
        among = matched.pool(cohort, asked, matched.matching(cohort.panel, 24))
        referred = case_time_control.referred_by(cohort, cohort.ranks)
        drawn = matched.drawn_sets(cohort, asked, among, cohort.ranks, referred)
        assert drawn.sets.members[drawn.pattern[0, draw]].tolist() == [2, 0]


@pytest.mark.parametrize(
    "unlike",
    [Home(states={"children": 2}), Home(states={"youngest": 3}), Home((20, 48)), Home((31, 48))],
    ids=["other children", "other ages", "shorter history", "not yet observed"],
)  # fmt: skip
def test_same_history_number_and_ages_of_children(unlike: Home) -> None:
    """A household with other children or another history is no control."""
    cohort = room([Home(), Home(), unlike], [Kid(30, (0,))])
    assert own(_matched(cohort, exposure(cohort, "suspension"))[1]) == (0, 2, 0)


def test_controls_are_five_at_most_and_the_same_in_every_run() -> None:
    """Of many that are alike five are taken, and the same whatever the pseudonyms."""
    cohort = room(
        [Home(), *[Home(events=(("suspension", 29),)) if place % 3 == 0 else Home() for place in range(40)]],
        [Kid(30, (0,))],
    )
    found = [own(_matched(cohort, exposure(cohort, "suspension"))[1]) for _ in range(2)]
    assert found[0] == found[1]
    assert found[0] is not None
    assert sum(found[0][1:]) == 6


def test_siblings_and_repeated_referrals_are_one_family() -> None:
    """To tell every child's story three times over, as of three siblings, leaves the ratio and its variance as they were."""
    random = np.random.default_rng(3)
    homes = [Home(events=tuple(("suspension", int(month)) for month in random.integers(1, 36, 6))) for _ in range(80)]
    months = random.integers(28, 37, 80)
    alone = [Kid(int(months[place]), (place,), family=place) for place in range(80)]
    found = []
    for kids in (alone, alone * 3):
        cohort = room(homes, kids)
        sets = by_draw(cohort, crossover.crossover(cohort, exposure(cohort, "suspension")), cohort.ranks)
        told = estimates(sets, cohort.family)
        assert told is not None
        found.append(told)
    assert found[0].beta == pytest.approx(found[1].beta)
    assert found[0].covariance == pytest.approx(found[1].covariance)
    assert found[0].families == found[1].families


def test_a_trend_of_everybody_is_taken_off() -> None:
    """What becomes commoner for all households from year to year looks like an effect to the case-crossover, and not to the case-time-control."""
    random = np.random.default_rng(4)
    chance = np.where(np.arange(1, 49) > 24, 0.12, 0.04)
    homes = [
        Home(events=tuple(("suspension", int(month)) for month in np.flatnonzero(random.random(48) < chance) + 1))
        for _ in range(2400)
    ]
    cohort = room(homes, [Kid(int(random.integers(34, 37)), (place,)) for place in range(500)])
    asked = exposure(cohort, "suspension")
    cases = by_draw(cohort, crossover.crossover(cohort, asked), cohort.ranks)
    raw = estimates(cases, cohort.family)
    trend = case_time_control.trend(
        cohort,
        case_time_control.control_sets(cohort, asked),
        cases,
        case_time_control.referred_by(cohort, cohort.ranks),
    )
    assert raw is not None
    assert trend is not None
    fooled, mended = joined(raw)[0], joined(less(raw, trend))[0]
    assert fooled.low > 0.5
    assert mended.low < 0 < mended.high
    assert mended.high - mended.low > fooled.high - fooled.low


def test_a_placebo_moves_events_and_loses_none() -> None:
    """A placebo has as many months with an event, all of them observed, in other places, and is always the same."""
    random = np.random.default_rng(6)
    homes = [Home((int(first), int(first) + 30), events=(("suspension", int(first) + int(month)),))
             for first, month in zip(random.integers(1, 17, 60), random.integers(0, 31, 60), strict=True)]  # fmt: skip
    cohort = room(homes, [Kid(30, (0,))])
    band = cohort.panel.had(["suspension"]).astype(np.int8)
    moved = panel.placebo(cohort.panel, band)
    assert (moved.sum(axis=1) == band.sum(axis=1)).all()
    assert not (moved > cohort.panel.observed()).any()
    assert (moved & band).sum() == 0
    assert (panel.placebo(cohort.panel, band) == moved).all()


def rows(cohort: Cohort, series: str, unit: str = "month") -> dict[int, dict[str, object]]:
    """The curve of suspensions by the first month of its spans."""
    found = curve.monthly(cohort, curve.around(cohort), MEASURES["suspension"], 24)
    return {int(str(row["first"])): row for row in found if (row["series"], row["unit"]) == (series, unit)}


def test_the_cohort_is_fixed_at_baseline_and_whoever_leaves_is_counted_out() -> None:
    """Only those observed 24 months before are followed; one whose claim ended on the way is counted while it is observed; infants are not."""
    homes = [Home(), Home((1, 20)), Home((20, 48)), Home()]
    kids = [
        Kid(30, (0,), weeks=(("suspension", -1), ("suspension", 20))),
        Kid(30, (1,)),
        Kid(30, (2,)),
        Kid(30, (3,), lived=21),
    ]
    found = rows(room(homes, kids), "referred")
    assert [found[first]["children"] for first in (-24, -14, -1, 0, 11)] == [2, 2, 1, 1, 1]
    assert {first for first, row in found.items() if row["having"]} == {-1, 5}
    assert sorted(found) == list(range(-24, 12))
    assert sorted(rows(room(homes, kids), "referred", "half")) == [-24, -18, -12, -6, 0, 6]


def test_each_draw_takes_away_the_households_it_gives_a_referred_child() -> None:
    """Households that a draw gives a referred child are no comparison in that draw."""
    homes = [Home() for _ in range(6)]
    found = rows(room(homes, [Kid(30, (0, 1), ranks=(0, 0, 1, 2))]), "comparison")
    assert found[-5]["children"] == 5 + 1 / 4


def test_a_month_that_the_calendar_spoils_is_observed_of_nobody() -> None:
    """Where no file speaks of a month, the spans that lie in it have nobody."""
    found = rows(room([Home()], [Kid(30, (0,))], covered=(28,)), "referred")
    assert {first for first, row in found.items() if not row["children"]} == {
        first for first in found if 28 - 30 in curve.Span("month", 0, first, first).offsets
    }


def test_a_claim_that_ended_long_before_is_still_followed() -> None:
    """Of a claim that ended between two windows the later ones count, as of one to which nothing more happened."""
    assert one((("claim_end", 11),), "disruption", months=(1, 10)) == (0, 3, 0)


@pytest.mark.parametrize(("lived", "found"), [(3, (0, 3, 0)), (0, None)])
def test_infants_have_no_window_before_birth_in_the_matched_comparison(
    lived: int, found: tuple[int, int, int] | None
) -> None:
    """A window of three months asks for three months of life; a state a month before asks for none."""
    homes = [Home(states={"overcrowded": False})] * 3
    cohort = room(homes, [Kid(30, (0,), lived=lived)])
    assert own(_matched(cohort, exposure(cohort, "suspension"))[1]) == found
    assert own(_matched(cohort, panel.of_states(cohort.panel, MEASURES["overcrowded"]))[1]) == (0, 3, 0)


def _months(values: Sequence[tuple[int, int, dict[str, object]]]) -> Cohort:
    """A room of one household with other states in other months, and another that has none."""
    made = room([Home(), Home()], [Kid(30, (0,))])
    home = made.household[0]
    name = made.panel.stretches.column("household_pseudonym").to_pylist()[
        int(np.flatnonzero(made.panel.household == home)[0])
    ]
    rows = [
        {"household_pseudonym": name, "first_month": first, "last_month": last, "status": "in_payment", **states}
        for first, last, states in values
    ]
    stretches = filled(RESEARCH_STRETCH, rows)
    return replace(made, panel=replace(made.panel, stretches=stretches, household=np.full(len(rows), home)))


def test_a_state_is_that_of_the_month_before() -> None:
    """The state at the end of the month before the referral is what counts, and not that of its own month, which it may have changed."""
    cohort = _months(
        [(1, 28, {"overcrowded": False}), (29, 29, {"overcrowded": True}), (30, 48, {"overcrowded": False})]
    )
    value = panel.of_states(cohort.panel, MEASURES["overcrowded"]).value[cohort.household[0]]
    assert [int(value[month - 1]) for month in (29, 30, 31)] == [0, 1, 0]


@pytest.mark.parametrize(("low", "seen", "found"), [(9, 12, 1), (8, 12, 0), (9, 11, -1), (11, 11, -1)])
def test_twelve_months_are_asked_for_of_everybody(low: int, seen: int, found: int) -> None:
    """A state lasts where it held in nine of the twelve months before, all of them seen; fewer seen is not seen, and never no."""
    first = 30 - seen
    cohort = _months(
        [
            (first, first + low - 1, {"low_income_before_costs": True}),
            (first + low, 48, {"low_income_before_costs": False}),
        ]
    )
    value = panel.of_lasting(cohort.panel, MEASURES["persistent_low_income_before_costs"]).value[cohort.household[0]]
    assert value[30 - 1] == found


def test_children_and_ages_are_those_of_the_baseline() -> None:
    """A child born since the baseline makes no household another one."""
    cohort = _months([(1, 10, {"children": 1, "youngest": 2}), (11, 48, {"children": 2, "youngest": 0})])
    before, after = (matched.keys(cohort.panel, months)[cohort.household[0]] for months in (24, 12))
    # The month is part of a key: what is left of it are history, children and age.
    assert before[30 - 25] % 40 == 2 * 8 + 3
    assert after[30 - 25] % 40 == 3 * 8 + 1


def test_households_of_the_trend_were_not_referred_by_then_and_stand_beside_the_months_of_the_cases() -> None:
    """Where events and referrals both crowd into some months, the trend is that of those months, of households not yet referred."""
    random = np.random.default_rng(7)
    # Exposed before month 28 twice as often as in other years, and before other months half as often.
    chance = np.full(48, 0.06)
    chance[24:27], chance[30:] = 0.18, 0.02
    homes = [
        Home(events=tuple(("suspension", int(month)) for month in np.flatnonzero(random.random(48) < chance) + 1))
        for _ in range(2500)
    ]
    cohort = room(homes, [Kid(28, (place,)) for place in range(600)])
    asked = exposure(cohort, "suspension")
    cases = by_draw(cohort, crossover.crossover(cohort, asked), cohort.ranks)
    referred = case_time_control.referred_by(cohort, cohort.ranks)
    trend = case_time_control.trend(cohort, case_time_control.control_sets(cohort, asked), cases, referred)
    raw = estimates(cases, cohort.family)
    assert trend is not None
    assert raw is not None
    assert trend.beta[0, 0] == pytest.approx(raw.beta[0, 0], abs=0.25)
    # The households of the referred are taken away: those left are fewer by as many as tell anything.
    everybody = case_time_control.trend(
        cohort, case_time_control.control_sets(cohort, asked), cases, np.full_like(referred, case_time_control.NEVER)
    )
    assert everybody is not None
    assert trend.families < 0.85 * everybody.families


def test_calendar_months_of_the_comparison_are_brought_to_four_weeks() -> None:
    """Each of a household's months has an event: in four weeks there are 28 days' worth of them."""
    homes = [Home(), *[Home(events=tuple(("suspension", month) for month in range(1, 49))) for _ in range(4)]]
    found = rows(room(homes, [Kid(30, (0,))]), "comparison")
    assert found[-10]["children"] == 4
    assert found[-10]["having"] == pytest.approx(4 * 28 / (365.25 / 12))


@pytest.mark.parametrize(("later", "found"), [(30, (0, 3, 0)), (31, None)])
def test_what_a_siblings_referral_brought_about(later: int, found: tuple[int, int, int] | None) -> None:
    """A child referred in a later month than its brother is no case: what came between may come of the first referral."""
    homes = [Home(states={"overcrowded": False})] * 3
    cohort = room(homes, [Kid(30, (0,), family=1), Kid(later, (0,), family=1, lived=21 + 3)])
    place = int(np.flatnonzero(cohort.index_month[cohort.child] == later)[-1])
    last = place - place % 2
    assert own(crossover.crossover(cohort, exposure(cohort, "suspension")), last) == found
    states = _matched(cohort, panel.of_states(cohort.panel, MEASURES["overcrowded"]))[1]
    assert (own(states, last) is None) == (found is None)
