"""Estimation against what is known: simulated pairs, a plain EM over every pair of a universe, and the likelihood's own law."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from hearthlink.linkage.comparisons import ADDRESS, FIELDS, HOME_FIELDS, PERSON_FIELDS
from hearthlink.linkage.estimate import STARTS, _stated, fitted
from hearthlink.linkage.model import (
    CLASSES,
    SAME_HOUSEHOLD,
    SAME_PERSON,
    STATED,
    UNRELATED,
    Floats,
    every_pattern,
    from_table,
    normalised,
    to_table,
)
from hearthlink.linkage.precision import Seen, Turn, Unformed, chance
from hearthlink.linkage.rules import formed
from hearthlink.linkage.turns import em_turn
from hearthlink.tables.identity import PARAMETER

CHILDREN, MEMBERS = 2_000, 6_000
MIDDLE = next(number for number, field in enumerate(FIELDS) if field.of == "middle")
PATTERNS = np.unique(np.where(np.arange(len(FIELDS)) == MIDDLE, FIELDS[MIDDLE].missing, every_pattern()), axis=0)
"""Every combination of levels, further forenames being recorded in neither file."""

OBSERVED = tuple(field for field in FIELDS if field.of != "middle")

FORMED = formed(PATTERNS)
UNFORMED = Unformed(PATTERNS[~FORMED], np.ones(int((~FORMED).sum())))
Shares = dict[str, dict[str, Floats]]


def shares(**rates: tuple[float, ...]) -> dict[str, Floats]:
    return {field.of: normalised(np.array(rates.get(field.of, STATED[field.of])), field.missing) for field in FIELDS}


AT_HOME = {
    "address": (0.7, 0.06, 0.02, 0.02, 0.0, 0.2),
    "carer": (0.75, 0.1, 0.02, 0.0, 0.13),
    "ages": (0.8, 0.12, 0.0, 0.08),
}
TRUTH: Shares = {
    SAME_PERSON: shares(forename=(0.84, 0.09, 0.04, 0.0, 0.03), surname=(0.8, 0.1, 0.0, 0.1), birth_date=(0.9, 0.06, 0.025, 0.0, 0.015),
                        sex=(0.97, 0.0, 0.03), **AT_HOME),
    SAME_HOUSEHOLD: shares(forename=(0.004, 0.006, 0.04, 0.0, 0.95), surname=(0.8, 0.05, 0.0, 0.15), birth_date=(0.02, 0.01, 0.06, 0.0, 0.91),
                           sex=(0.5, 0.0, 0.5), **AT_HOME),
    UNRELATED: shares(forename=(0.004, 0.004, 0.03, 0.0, 0.962), surname=(0.003, 0.004, 0.0, 0.993), birth_date=(0.00018, 0.003, 0.02, 0.0, 0.97682),
                      sex=(0.5, 0.0, 0.5), address=(0.0003, 0.0002, 0.001, 0.002, 0.0, 0.9965), carer=(0.0001, 0.0002, 0.0004, 0.0, 0.9993),
                      ages=(0.18, 0.22, 0.0, 0.6)),
}  # fmt: skip
"""Shares of levels that differ from the stated ones in every field, so that estimation has something to find."""


def pairs_drawn(random: np.random.Generator, matches: int = 1_000, siblings: int = 1_200) -> dict[str, Floats]:
    """How often each pattern occurs among all pairs of the universe, class by class: arrays (patterns,)."""
    sizes = {SAME_PERSON: matches, SAME_HOUSEHOLD: siblings, UNRELATED: CHILDREN * MEMBERS - matches - siblings}
    return {c: random.multinomial(n, _proper(chance(PATTERNS, TRUTH[c]))).astype(float) for c, n in sizes.items()}


def _proper(probability: Floats) -> Floats:
    return probability / probability.sum()


def pattern_table(random: np.random.Generator, drawn: dict[str, Floats]) -> pa.Table:
    """The `agreement_pattern` table of such a universe: candidates counted, siblings and random pairs drawn, sizes stated."""
    every = sum(drawn.values(), np.zeros(len(PATTERNS)))
    parts = [("candidate", PATTERNS[FORMED], every[FORMED])]
    for kind, pair_class, size in (("sibling", SAME_HOUSEHOLD, 20_000), ("random", UNRELATED, 100_000)):
        counts = random.multinomial(size, _proper(chance(PATTERNS, TRUTH[pair_class])))
        level = PATTERNS.copy()
        for number, field in enumerate(FIELDS):
            level[:, number] = field.missing if field in HOME_FIELDS else level[:, number]
        parts.append((kind, level, counts.astype(float)))
    nothing = np.array([[field.missing for field in FIELDS]])
    birthdays = TRUTH[UNRELATED]["birth_date"][0] * MEMBERS * (MEMBERS - 1)
    sizes = {"universe": CHILDREN * MEMBERS, "household": CHILDREN * 2_500, "child": CHILDREN, "neighbour": 9_000,
             "birthday": birthdays, "two members": MEMBERS * (MEMBERS - 1)}  # fmt: skip
    parts += [(kind, nothing, np.array([size])) for kind, size in sizes.items()]
    rows = [
        {
            "drawn_from": kind,
            **{f"{f.of}_level": int(lv) for f, lv in zip(FIELDS, level, strict=True)},
            "pairs": round(float(n)),
        }
        for kind, levels, counts in parts
        for level, n in zip(levels, counts, strict=True)
        if n
    ]
    return pa.Table.from_pylist(rows)


def test_known_shares_are_recovered() -> None:
    """From simulated pairs m comes back within four of its standard errors, h and u within those of counting, and the classes' sizes too."""
    random = np.random.default_rng(1)
    model = fitted(pattern_table(random, pairs_drawn(random)))
    assert model.identified
    assert model.converged
    for field in OBSERVED:
        keep = np.arange(len(field.levels)) != field.missing
        found, true, error = (
            x[keep]
            for x in (
                model.shares[SAME_PERSON][field.of],
                TRUTH[SAME_PERSON][field.of],
                model.errors[SAME_PERSON][field.of],
            )
        )
        assert np.all(np.abs(found - true) < 4 * error + 0.004), field.of
    for pair_class, size in ((SAME_HOUSEHOLD, 20_000), (UNRELATED, 100_000)):
        for field in set(PERSON_FIELDS) & set(OBSERVED):
            found, true = model.shares[pair_class][field.of], TRUTH[pair_class][field.of]
            assert np.all(np.abs(found - true) < 4 * np.sqrt(true * (1 - true) / size) + 0.001), field.of
    sizes = model.prior * CHILDREN * MEMBERS
    assert sizes[0] == pytest.approx(1_000, rel=0.03)
    assert sizes[1] == pytest.approx(1_200, rel=0.08)


def test_standard_errors_are_of_the_size_of_the_errors() -> None:
    """Over simulations the estimates of m scatter about as widely as their standard errors say."""
    ratios: list[float] = []
    found: dict[str, list[tuple[float, float]]] = {field.of: [] for field in OBSERVED}
    for seed in range(30):
        random = np.random.default_rng(100 + seed)
        model = fitted(pattern_table(random, pairs_drawn(random)))
        for field in OBSERVED:
            found[field.of].append(
                (float(model.shares[SAME_PERSON][field.of][0]), float(model.errors[SAME_PERSON][field.of][0]))
            )
    for field in OBSERVED:
        estimates, errors = np.array(found[field.of]).T
        ratios.append(float(estimates.std(ddof=1) / errors.mean()))
    assert max(ratios) < 1.6
    assert min(ratios) > 0.55


def turns(seen: Seen, unformed: Unformed, start: Turn, count: int) -> list[Turn]:
    states = [start]
    for _ in range(count):
        states.append(em_turn(states[-1], seen, unformed))
    return states


def start_of(spread: float, seen: Seen) -> Turn:
    begun = _stated(
        {f.of: TRUTH[UNRELATED][f.of] for f in PERSON_FIELDS},
        {f.of: TRUTH[SAME_HOUSEHOLD][f.of] for f in PERSON_FIELDS},
        spread,
    )
    matches = 800 / seen.universe
    return Turn(begun, np.array([matches, matches, 1 - 2 * matches]), -np.inf, 0.0)


def leaning(turn: Turn) -> float:
    """The logarithm of the prior that the made-up counts of a turn amount to, up to a constant."""
    total = 0.0
    for field in FIELDS:
        keep = np.arange(len(field.levels)) != field.missing
        stated = np.array(STATED[field.of])[keep] / np.array(STATED[field.of])[keep].sum()
        total += 4.0 * float((stated * np.log(turn.shares[SAME_PERSON][field.of][keep])).sum())
        if field in HOME_FIELDS:
            total += 0.1 * float((stated * np.log(turn.shares[UNRELATED][field.of][keep])).sum())
    return total


@pytest.mark.parametrize("spread", STARTS)
def test_no_turn_lowers_the_likelihood(spread: float) -> None:
    """Whatever the start, each turn raises the likelihood of what was seen, the made-up counts reckoned with (Dempster, Laird and Rubin 1977)."""
    random = np.random.default_rng(2)
    every = sum(pairs_drawn(random).values(), np.zeros(len(PATTERNS)))
    seen = Seen(PATTERNS[FORMED], every[FORMED], float(every.sum()))
    states = turns(seen, UNFORMED, start_of(spread, seen), 40)
    heights = [after.likelihood + leaning(before) for before, after in pairwise(states)]
    assert np.all(np.diff(heights) > -1e-6)
    assert heights[-1] > heights[0]


def plain_turn(shares_now: Shares, prior: Floats, counts: Floats) -> tuple[Shares, Floats]:
    """One turn of EM in plain loops over every pattern of a universe in which all pairs were compared."""
    weight = {c: [0.0] * len(PATTERNS) for c in CLASSES}
    for row, pattern in enumerate(PATTERNS.tolist()):
        odds = [
            prior[n] * np.prod([shares_now[c][f.of][lv] for f, lv in zip(FIELDS, pattern, strict=True)])
            for n, c in enumerate(CLASSES)
        ]
        for n, c in enumerate(CLASSES):
            weight[c][row] = counts[row] * odds[n] / sum(odds)
    after = {c: dict(shares_now[c]) for c in CLASSES}
    for number, field in enumerate(FIELDS):

        def level_sums(*which: str, number: int = number, size: int = len(field.levels)) -> Floats:
            sums = np.zeros(size)
            for c in which:
                np.add.at(sums, PATTERNS[:, number], weight[c])
            return sums

        stated = np.array(STATED[field.of])
        if field in HOME_FIELDS:
            both = normalised(level_sums(SAME_PERSON, SAME_HOUSEHOLD), field.missing, towards=stated, strength=4.0)
            after[SAME_PERSON][field.of] = after[SAME_HOUSEHOLD][field.of] = both
            after[UNRELATED][field.of] = normalised(level_sums(UNRELATED), field.missing, towards=stated, strength=0.1)
        else:
            after[SAME_PERSON][field.of] = normalised(
                level_sums(SAME_PERSON), field.missing, towards=stated, strength=4.0
            )
    sizes = np.array([sum(weight[c]) for c in CLASSES])
    return after, sizes / sizes.sum()


def test_pairs_never_formed_are_reckoned_with() -> None:
    """Candidates alone, with the pairs that blocking left out as one pattern, lead where a plain EM over every pair leads."""
    random = np.random.default_rng(3)
    every = sum(pairs_drawn(random).values(), np.zeros(len(PATTERNS)))
    seen = Seen(PATTERNS[FORMED], every[FORMED], float(every.sum()))
    start = start_of(1.0, seen)
    blocked = turns(seen, UNFORMED, start, 40)[-1]
    plain, prior = start.shares, start.prior
    for _ in range(12):
        plain, prior = plain_turn(plain, prior, every)
    for field in FIELDS:
        np.testing.assert_allclose(
            blocked.shares[SAME_PERSON][field.of], plain[SAME_PERSON][field.of], atol=0.012, err_msg=field.of
        )
    np.testing.assert_allclose(blocked.prior[:2] * seen.universe, prior[:2] * seen.universe, rtol=0.05)


def test_forgetting_them_would_inflate_the_matches() -> None:
    """The same candidates taken for all there is would make agreement on what they were blocked on look surer than it is."""
    random = np.random.default_rng(3)
    every = sum(pairs_drawn(random).values(), np.zeros(len(PATTERNS)))
    seen = Seen(PATTERNS[FORMED], every[FORMED], float(every.sum()))
    honest = turns(seen, UNFORMED, start_of(1.0, seen), 40)[-1]
    blind = turns(replace(seen, universe=float(every[FORMED].sum()) + 1e-6), UNFORMED, start_of(1.0, seen), 40)[-1]
    true = TRUTH[UNRELATED][ADDRESS.of][0]
    assert honest.shares[UNRELATED][ADDRESS.of][0] == pytest.approx(true, rel=0.15)
    assert blind.shares[UNRELATED][ADDRESS.of][0] > 20 * true


def test_every_turn_without_blocking_is_the_plain_one() -> None:
    """Where every pattern is a candidate, a turn is the plain turn over all pairs, to the last digits."""
    random = np.random.default_rng(4)
    every = sum(pairs_drawn(random).values(), np.zeros(len(PATTERNS)))
    seen = Seen(PATTERNS, every, float(every.sum()))
    start = start_of(2.5, seen)
    ours = em_turn(start, seen, Unformed(PATTERNS[[-1]], np.ones(1)))
    plain, prior = plain_turn(start.shares, start.prior, every)
    for pair_class in CLASSES:
        for field in FIELDS:
            np.testing.assert_allclose(ours.shares[pair_class][field.of], plain[pair_class][field.of], rtol=1e-9)
    np.testing.assert_allclose(ours.prior, prior, rtol=1e-9)


def sizes_of(table: pa.Table) -> dict[str, float]:
    return {
        row["label"]: row["value"] for row in table.to_pylist() if row["field"] == "model" and row["label"] != "prior"
    }


def test_without_matches_the_stated_rates_stand_in() -> None:
    """Where no child is in any household the classes cannot be told apart: stated rates are used, and `identified` says so."""
    random = np.random.default_rng(5)
    drawn = pairs_drawn(random)
    only_chance = {UNRELATED: drawn[UNRELATED]}
    model = fitted(pattern_table(random, only_chance))
    assert not model.identified
    for field in FIELDS:
        np.testing.assert_allclose(
            model.shares[SAME_PERSON][field.of], normalised(np.array(STATED[field.of]), field.missing)
        )
    assert sizes_of(to_table(model))["identified"] == 0.0


def test_without_candidates_the_stated_rates_stand_in() -> None:
    """Where blocking formed no pair at all nothing is estimated, and both `converged` and `identified` say so."""
    random = np.random.default_rng(5)
    table = pattern_table(random, pairs_drawn(random))
    model = fitted(table.filter(pc.not_equal(table.column("drawn_from"), "candidate")))
    assert (model.identified, model.converged, model.iterations) == (False, False, 0)


def test_stopping_early_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """An estimation cut short before it came to rest is recorded as not converged; one that came to rest as converged."""
    random = np.random.default_rng(6)
    table = pattern_table(random, pairs_drawn(random))
    rested = sizes_of(to_table(fitted(table)))
    assert (rested["converged"], rested["identified"]) == (1.0, 1.0)
    monkeypatch.setattr(import_module("hearthlink.linkage.turns"), "MOST_TURNS", 2)
    hurried = sizes_of(to_table(fitted(table)))
    assert hurried["converged"] == 0.0
    assert 0 < hurried["iterations"] < rested["iterations"]


def test_a_model_reads_back_as_written() -> None:
    """The `parameter` table is as specified and gives the same model back."""
    random = np.random.default_rng(7)
    model = fitted(pattern_table(random, pairs_drawn(random)))
    again = from_table(PARAMETER.conform(to_table(model)))
    assert to_table(again).equals(to_table(model))
