"""Ratios, bounds and standardised ratios against other people's programs, formulas and printed examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from made_research import research
from scipy.optimize import root_scalar
from scipy.special import expit
from scipy.stats import norm
from scipy.stats import t as student
from statsmodels.regression.linear_model import OLS

from hearthlink.analysis.bounds import Found, bound_rows, imbens_manski
from hearthlink.analysis.cohort import cohort
from hearthlink.analysis.compared import Rate, compared_rows, expected_of
from hearthlink.analysis.ground import ground
from hearthlink.analysis.intervals import rubin_degrees
from hearthlink.analysis.roads import road_rows
from hearthlink.analysis.shares import REASON, Said, members, rows
from hearthlink.analysis.staged import staged_rows
from hearthlink.analysis.topics import Topic
from hearthlink.tables.record import COMPARATOR

EXACT = 1e-9
"""Two ways to the same closed formula: nothing but the rounding of floating point lies between."""


Row = dict[str, Any]


def plain(records: Iterable[Mapping[str, object]]) -> list[Row]:
    """Rows whose values may be anything."""
    return [dict(one) for one in records]


def told(codes: npt.NDArray[np.int64]) -> Said:
    """What draws say, from a code for each child and draw."""
    every = np.arange(len(codes))
    return Said(codes[:, 0].astype(np.int8), every, codes.astype(np.int8), codes[:, 0].astype(np.int8), codes.shape[1])


def test_a_ratio_over_draws_is_joined_by_rubin_with_the_variance_of_a_clustered_regression() -> None:
    """Of those observed in a draw, a regression on a constant clustered by family has our variance within; the rest is Rubin on the logit."""
    random = np.random.default_rng(3)
    family, draws = np.arange(150) % 30, 8
    codes = random.choice([0, 1, REASON], (150, draws), p=[0.4, 0.4, 0.2])
    everybody = Topic("all_children", (("All children", np.arange(150)),))
    (row,) = plain(rows(told(codes), members(everybody, family)))
    share, within, families = list[float](), list[float](), list[int]()
    for draw in range(draws):
        seen = codes[:, draw] < REASON
        y = codes[seen, draw].astype(float)
        fitted = OLS(y, np.ones(len(y))).fit(cov_type="cluster", cov_kwds={"groups": family[seen]})
        share.append(y.mean())
        within.append(fitted.cov_params()[0, 0] / (y.mean() * (1 - y.mean())) ** 2)
        families.append(len(np.unique(family[seen])))
    scale = np.log(np.array(share) / (1 - np.array(share)))
    between, inside = scale.var(ddof=1), float(np.mean(within))
    observed = (codes < REASON).sum() / draws
    assert len(set(families)) == 1, "the degrees of freedom are those of the fewest families"
    for name, total, degrees in (
        ("these", (1 + 1 / draws) * between, draws - 1),
        ("process", inside + (1 + 1 / draws) * between, rubin_degrees(between, inside, draws, families[0] - 1)),
    ):
        reach = student.ppf(0.975, degrees) * total**0.5
        assert row[f"{name}_low"] == pytest.approx(observed * expit(scale.mean() - reach), rel=EXACT)
        assert row[f"{name}_high"] == pytest.approx(observed * expit(scale.mean() + reach), rel=EXACT)


def test_shares_at_the_ends_have_wilsons_interval_with_families_for_trials() -> None:
    """Where no draw has anybody of whom it is true, the upper end is Wilson's for nought of the families observed."""
    codes = np.zeros((60, 5), np.int64)
    codes[50:, 2:] = REASON
    everybody = Topic("all_children", (("All children", np.arange(60)),))
    (row,) = plain(rows(told(codes), members(everybody, np.arange(60) // 2)))
    z = norm.ppf(0.975)
    assert (row["observed"], row["fewest_observed"], row["most_observed"]) == (54.0, 50, 60)
    assert row["process_low"] == 0
    assert row["process_high"] == pytest.approx(54 * z**2 / (25 + z**2), rel=EXACT)


def paper(width: float, low: float, high: float) -> float:
    """The reach of Imbens and Manski (2004), with normal errors of the two ends and the width between them."""
    found = root_scalar(
        lambda c: norm.cdf(c + width / max(low, high)) - norm.cdf(-c) - 0.95, bracket=(0, 10), xtol=1e-13
    )
    return float(found.root)


@pytest.mark.parametrize(
    ("low", "high", "error_low", "error_high"),
    [(0.4, 0.4, 0.02, 0.02), (0.4, 0.42, 0.02, 0.01), (0.3, 0.9, 0.02, 0.03), (0.48, 1.0, 0.015, 0.0)],
)
def test_the_interval_for_a_bounded_share_is_that_of_the_paper(
    low: float, high: float, error_low: float, error_high: float
) -> None:
    """By the paper's equation: 1.96 errors where the ends meet, 1.64 where they are far apart, between them elsewhere."""
    ends = imbens_manski(Found(low, error_low, np.inf), Found(high, error_high, np.inf))
    reach = paper(high - low, error_low, error_high)
    assert ends == pytest.approx((low - reach * error_low, min(1.0, high + reach * error_high)), abs=1e-9)
    assert 1.6448 < reach < 1.96
    if low == high:
        assert reach == pytest.approx(1.95996, abs=1e-4)


@pytest.mark.parametrize("where", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("width", [0.0, 0.02, 0.3])
def test_the_interval_covers_the_share_wherever_it_lies_between_the_bounds(width: float, where: float) -> None:
    """In 4,000 samples with the share at either end or between, at least 95% cover it, give or take three Monte Carlo errors; never fewer."""
    random = np.random.default_rng(11)
    error, truth, trials = 0.02, 0.4 + where * width, 4000
    noise = random.normal(0, error, trials)
    covered = 0
    for one in noise:
        ends = imbens_manski(Found(0.4 + one, error, np.inf), Found(0.4 + width + one, error, np.inf))
        covered += ends is not None and ends[0] <= truth <= ends[1]
    assert covered / trials > 0.95 - 3 * (0.95 * 0.05 / trials) ** 0.5
    if where in {0.0, 1.0}:
        assert covered / trials < 0.95 + 3 * (0.95 * 0.05 / trials) ** 0.5, "at an end no wider than it must be"


def test_bounds_are_the_worst_and_best_of_all_that_may_be_true() -> None:
    """By brute force over every truth of a few children that the assumption allows, for the draws of a small study."""
    made = research(7, children=9, households=12, draws=6)
    base = ground(cohort(made))
    found = {row["name"]: row for row in plain(bound_rows(base, {"not_claimed": (0.0, 0.5, "A source")}))}
    children = base.cohort.children.to_pylist()
    count = len(children)
    draws = np.array([row["on_draws"] for row in children])
    # Without an assumption any child may be on benefit, and only those whom every draw has so must be.
    sure = [all(row["on_draws"]) for row in children]
    allowed = [truth for truth in product((0, 1), repeat=count) if all(truth[n] for n in range(count) if sure[n])]
    assert found["No assumption"]["low"] == min(sum(truth) for truth in allowed)
    assert found["No assumption"]["high"] == max(sum(truth) for truth in allowed) == count
    assert found["Matches err as they say"]["low"] == pytest.approx(draws.sum(0).mean())
    # Up to half of those not seen, whichever they are, in each draw.
    most = np.mean([max(sum(truth) for truth in product((0, 1), repeat=count)
                        if all(truth[n] >= draw[n] for n in range(count))
                        and sum(truth) - draw.sum() <= 0.5 * (count - draw.sum())) for draw in draws.T])  # fmt: skip
    assert found["Not claimed"]["low"] == pytest.approx(draws.sum(0).mean())
    assert 0 <= found["Not claimed"]["high"] - most < 1, "a margin is of expected children, who need not be whole"
    assert found["No assumption"]["low"] <= found["Matches err as they say"]["low"], (
        "the lower bound is not the observed share"
    )


def test_each_bound_lies_within_those_of_fewer_assumptions_and_names_its_source() -> None:
    """Narrower with every assumption added, within its interval, and never without a source."""
    base = ground(cohort(research(8, children=200, draws=40)))
    found = plain(bound_rows(base, {"universal_credit": (0.05, 0.2, "One"), "not_claimed": (0.0, 0.1, "Another")}))
    whole, links = found[0], found[1]
    assert whole["low"] <= links["low"] <= links["high"] <= whole["high"] == whole["children"]
    for row in found:
        assert row["assumption"]
        assert row["source"]
        assert whole["low"] <= row["low"] <= row["high"] <= whole["high"]
        if row["low_end"] is not None:
            assert 0 <= row["low_end"] <= row["low"] + EXACT
            assert row["high"] - EXACT <= row["high_end"] <= row["children"]
    by_name = {row["name"]: row for row in found}
    together = by_name["All of these together"]
    apart = [by_name["Universal Credit without a local claim"], by_name["Not claimed"]]
    seen = links["low"]
    assert together["high"] - seen == pytest.approx(sum(row["high"] - seen for row in apart))
    shared = by_name["With the Universal Credit data share"]
    assert shared["low"] == pytest.approx(shared["high"])
    assert shared["low"] >= seen


def test_without_a_file_of_universal_credit_there_is_no_bound_with_one() -> None:
    """A data share that the study does not have narrows nothing."""
    made = research(8, children=60)
    calendar = made["research_calendar"]
    never = pa.array([False] * len(calendar))
    made["research_calendar"] = calendar.set_column(calendar.schema.get_field_index("credit_covered"), calendar.schema.field("credit_covered"), never)  # fmt: skip
    names = [str(row["name"]) for row in bound_rows(ground(cohort(made)), {})]
    assert names == ["No assumption", "Matches err as they say", "Others are on no benefit"]


BLAND = ((1080, 5.859), (12860, 13.050), (11510, 46.937), (10330, 161.503), (7790, 271.358))
"""Male doctors of England and Wales by age, and deaths from cirrhosis of the liver per million men of that age (Bland, An introduction
to medical statistics, chapter on demography: 14 deaths where 4.4967 were expected, a standardised ratio of 3.11)."""


def test_indirect_standardisation_gives_the_printed_example() -> None:
    """The doctors' ages take the places of five deprivation tenths, and the number expected of them is the printed one."""
    children = pa.table(
        {
            "age_band": pa.array(["5 to 9"] * sum(people for people, _ in BLAND)),
            "imd_decile": pa.array([tenth for tenth, (people, _) in enumerate(BLAND, 1) for _ in range(people)]),
        }
    )
    rates = [Rate(None, tenth, deaths / 1e6) for tenth, (_, deaths) in enumerate(BLAND, 1)]
    expected = float(expected_of(children, rates, {}).sum())
    assert expected == pytest.approx(4.4967, abs=2e-4)
    assert 14 / expected == pytest.approx(3.11, abs=0.005)


def figures(*rows_: Mapping[str, object]) -> pa.Table:
    """Published figures."""
    usual = {"measure": "low_income_children", "area": "E09000001", "year": "2019-20", "definition": "relative", "housing_costs": "before",
             "unit": "share", "source": "A publication"}  # fmt: skip
    filled = [{name: {**usual, **row}.get(name) for name in COMPARATOR.names} for row in rows_]
    return COMPARATOR.conform(pa.Table.from_pylist(filled, schema=COMPARATOR.schema))


def test_rates_by_age_are_weighed_by_the_children_of_each_age() -> None:
    """Two rates, of children under 5 and of 5 to 15: each child of ours has its own age's; those of 16 and more are not compared."""
    base = cohort(research(9, children=100))
    (row,) = plain(
        compared_rows(
            base, figures({"age_from": 0, "age_to": 4, "value": 0.5}, {"age_from": 5, "age_to": 15, "value": 0.1})
        )
    )
    bands = base.children.column("age_band").to_pylist()
    young = sum(band in {"under 1", "1 to 4"} for band in bands)
    assert row["expected"] == pytest.approx(0.5 * young + 0.1 * (len(bands) - young))
    assert row["share"] == pytest.approx(row["expected"] / row["children"])
    assert row["standardised"]


def test_years_of_age_within_a_band_weigh_by_people() -> None:
    """A rate that changes at 3 counts for children of 1 to 4 by how many people are of each year of age."""
    rates = [Rate((0, 2), 0, 0.2), Rate((3, 15), 0, 0.4)]
    children = pa.table({"age_band": ["1 to 4", "5 to 9", "16 and 17", None], "imd_decile": pa.array([1, 1, 1, 1])})
    alike = expected_of(children, rates, {})
    weighed = expected_of(children, rates, {1: 10.0, 2: 10.0, 3: 70.0, 4: 10.0, **dict.fromkeys(range(5, 10), 5.0)})
    assert alike[:2] == pytest.approx([0.3, 0.4])
    assert weighed[:2] == pytest.approx([0.2 * 0.2 + 0.8 * 0.4, 0.4])
    assert np.isnan(alike[2:]).all(), "nobody is compared with figures that do not speak of its age"


def test_of_several_areas_none_is_taken_for_our_own_and_of_several_years_the_nearest() -> None:
    """A file of every council cannot say which is ours; of years, 2019-20 is nearer to 2020-21 than 2014-15 is."""
    base = cohort(research(9, children=60))
    country = {"area": "K02000001", "value": 0.19}
    many = figures(
        {"value": 0.2}, {"area": "E09000002", "value": 0.3}, country, {**country, "year": "2014-15", "value": 0.1}
    )
    assert [row["share"] for row in plain(compared_rows(base, many, year="2020-21"))] == pytest.approx([0.19])
    own = figures({"value": 0.2}, country)
    assert [row["share"] for row in plain(compared_rows(base, own))] == pytest.approx([0.2, 0.19])


def test_the_roads_meet_where_every_link_is_sure() -> None:
    """With matches that are all right and none missed, the identity is the best match's own number."""
    made = research(10, children=80)
    table = made["research_child"]
    linked = [name != "none" for name in table.column("best_link").to_pylist()]
    for name, values in (("expected_right", [1.0] * len(table)), ("expected_on_file", [float(one) for one in linked])):
        table = table.set_column(table.schema.get_field_index(name), table.schema.field(name), pa.array(values))
    made["research_child"] = table
    by_road = {row["road"]: row for row in plain(road_rows(cohort(made)))}
    assert by_road["identity"]["having"] == pytest.approx(by_road["best_link"]["having"])
    assert (by_road["identity"]["precision"], by_road["identity"]["recall"]) == (1.0, 1.0)
    drawn = [sum(one) / 20 for one in table.filter(table.column("counted")).column("on_draws").to_pylist()]
    assert by_road["draws"]["having"] == pytest.approx(sum(drawn))


def test_each_stage_is_part_of_the_one_before_and_the_last_is_the_share() -> None:
    """From referral to claim nobody comes back, and the last number is that of the draws of the day."""
    made = research(11, children=150)
    base = ground(cohort(made))
    stages = plain(staged_rows(base, made["research_child"]))
    counts = [row["children"] for row in stages]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 150
    assert counts[1] == len(base.cohort.first)
    assert counts[-1] == pytest.approx(next(row["having"] for row in plain(road_rows(base.cohort))))
    homes = base.cohort.drawn((base.cohort.household >= 0).astype(np.int8), none=0).sum(axis=0)
    assert (counts[3], stages[3]["fewest"], stages[3]["most"]) == (
        pytest.approx(homes.mean()),
        homes.min(),
        homes.max(),
    )
