"""Ours against a linker in plain loops, on small made authorities; and what must hold of links and draws of any."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from made_persons import compared, linked, tables, town
from made_towns import Ours, authority, bytes_of, doubtful, ours, rough, shuffled
from naive_linker import Answer, link_naively

from hearthlink.engine import open_engine
from hearthlink.linkage import agreement, estimate, link
from hearthlink.linkage.drawing import linkages
from hearthlink.linkage.evidence import kept
from hearthlink.linkage.households import hopeful, posterior
from hearthlink.linkage.learn import learn
from hearthlink.linkage.model import Floats

SAME = 1e-6
WRITTEN = ("candidate_posterior", "link", "link_draw")


def restless(our: Ours) -> Ours:
    """The same town by a model in which children often live apart from their unit, with hosts, and often have left where they are listed."""
    home = replace(
        our.home,
        apart=np.array([0.4, 0.3, 0.5, 0.4]),
        off_file=np.array([0.2, 0.6, 0.7]),
        outlives=0.3,
        stays_on=0.4,
        hosts=np.array([0.3, 0.3]),
    )
    return replace(our, home=home, where=posterior(our.evidence, our.model, home))


def by_child(our: Ours, kind: str) -> dict[str, Answer]:
    """P(household) or P(member) of each child, by the council's own ids."""
    person = our.tables["person"].to_pylist()
    name = {row["person_no"]: row["record_id"] for row in person}
    home_of = {row["person_no"]: row["group_id"] for row in person}
    pair = our.tables["candidate_pair"].to_pylist()
    household = {row["household_no"]: home_of[row["member_no"]] for row in pair}
    children = [row["record_id"] for row in person if row["side"] == "child"]
    found: dict[str, Answer] = {child: defaultdict(float) for child in children}
    evidence, where = our.evidence, our.where
    if kind == "household":
        for cell, probability in enumerate(where.cell):
            found[children[evidence.cell_child[cell]]][
                household[int(evidence.block_household[evidence.cell_block[cell]])]
            ] += float(probability)
        for child, probability in zip(children, where.child_none, strict=True):
            found[child][None] = float(probability)
    else:
        for cell, member, probability in zip(evidence.listed.cell, evidence.listed.member, where.member, strict=True):
            found[children[evidence.cell_child[cell]]][name[int(member)]] += float(probability)
    return found


def apart(one: Mapping[str, Answer], other: Mapping[str, Answer]) -> Floats:
    """The greatest difference of any probability, for each child."""
    return np.array(
        [
            max((abs(one[c].get(k, 0.0) - other[c].get(k, 0.0)) for k in one[c].keys() | other[c].keys()), default=0.0)
            for c in one
        ]
    )


@pytest.mark.parametrize("seed", range(6))
def test_the_plain_linker_finds_the_same(seed: int) -> None:
    """With the same shares and candidates, loops over every pair and every assignment give each child the same probabilities."""
    our = ours(authority(seed) if seed < 3 else rough(doubtful(seed, families=45, households=60), seed))
    our = our if seed % 2 else restless(our)
    household, member = by_child(our, "household"), by_child(our, "member")
    candidates = {child: {home for home in answer if home is not None} for child, answer in household.items()}
    naive = link_naively(our.tables, our.model, our.home, candidates)
    assert len(household) >= 45
    assert apart(household, naive.household).max() < SAME
    assert apart(member, naive.member).max() < SAME


@pytest.mark.parametrize("seed", range(2))
def test_blocking_loses_next_to_nothing(seed: int) -> None:
    """Weighing every household on file instead of the candidates changes the answer of hardly any child."""
    our = ours(town(seed, families=14, households=24, error=0.08, sizes=(1, 2)))
    every = link_naively(our.tables, our.model, our.home)
    change = apart(by_child(our, "household"), every.household)
    assert np.mean(change < 0.02) > 0.95
    assert change.mean() < 0.01


def test_what_is_not_looked_at_again_does_not_matter() -> None:
    """Households that come to nothing at the first look are many, and leaving them out changes no probability that is ever reported."""
    our = ours(rough(doubtful(41, families=150, households=300), 41))
    fewer = kept(our.evidence, hopeful(our.evidence, our.model))
    home, _ = learn(fewer, our.model)
    where = posterior(fewer, our.model, home)
    assert len(fewer.block_unit) < 0.8 * len(our.evidence.block_unit)
    np.testing.assert_allclose(where.child_none, our.where.child_none, atol=1e-5)
    assert where.cell.sum() == pytest.approx(our.where.cell.sum(), abs=1e-3)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    """Records in any order, and candidate pairs in any order, give links and draws of the same bytes."""
    given = tables(authority(10 + seed).records)
    first = linked(given)
    again = linked({name: shuffled(table, seed) for name, table in given.items()})
    assert {name: bytes_of(first[name]) for name in WRITTEN} == {name: bytes_of(again[name]) for name in WRITTEN}
    mixed = {name: shuffled(first[name], seed + 1) for name in ("candidate_pair", "person", "parameter")}
    third = link(mixed, draws=20, cut=0.5)
    assert {name: bytes_of(first[name]) for name in WRITTEN} == {name: bytes_of(third[name]) for name in WRITTEN}


def test_a_second_run_on_more_threads_is_the_same() -> None:
    """The same records on one thread and on four give the same bytes of every table of linkage."""
    given = tables(authority(3).records)
    runs: list[dict[str, bytes]] = []
    for threads in (1, 4):
        with open_engine(threads=threads) as engine:
            made = {**given, **agreement(engine, given, progress=lambda words, share: None)}
            made["parameter"] = estimate(made["agreement_pattern"])
            made |= link(made, draws=20, cut=0.5)
        runs.append({name: bytes_of(table) for name, table in made.items()})
    assert runs[0] == runs[1]


DRAWS = 4_000


def test_draws_fall_as_often_as_the_posterior_says() -> None:
    """With the parameters held fixed, each child falls in each household, and in none, as often as its probability, within chance."""
    our = restless(ours(rough(doubtful(31, families=150, households=300), 31)))
    cell = linkages(our.evidence, our.where, DRAWS, np.random.Generator(np.random.PCG64(7))).cell
    children = len(our.evidence.unit_of_child)
    assert cell.shape == (children, DRAWS)
    found = np.bincount(cell[cell >= 0], minlength=len(our.where.cell)) / DRAWS
    for often, probability in ((found, our.where.cell), ((cell < 0).mean(axis=1), our.where.child_none)):
        spread = np.sqrt(np.maximum(probability * (1 - probability), 1e-12) / DRAWS)
        z = (often - probability) / spread
        assert np.all(np.abs(often - probability) < 5 * spread + 1e-3)
        between = (probability > 0.02) & (probability < 0.98)
        assert between.sum() > 10
        assert 0.6 < float(z[between].std()) < 1.5
    assert np.all(our.evidence.cell_child[cell[cell >= 0]] == np.nonzero(cell >= 0)[0])


def test_families_are_drawn_together() -> None:
    """Children of one unit fall in one household together far oftener than their probabilities alone would have it."""
    our = ours(rough(doubtful(32, families=150, households=300), 32))
    cell = linkages(our.evidence, our.where, 2_000, np.random.Generator(np.random.PCG64(8))).cell
    block = np.where(cell >= 0, our.evidence.cell_block[cell], -1)
    unit = our.evidence.unit_of_child
    together, expected = 0.0, 0.0
    for number in range(our.evidence.units):
        mine = np.flatnonzero(unit == number)
        share = (block[mine[0]] >= 0).mean()
        if len(mine) > 1 and 0.02 < share < 0.98:
            together += float(((block[mine[0]] >= 0) == (block[mine[1]] >= 0)).mean())
            other = (block[mine[1]] >= 0).mean()
            expected += float(share * other + (1 - share) * (1 - other))
    assert expected > 0
    assert together > 1.1 * expected


def test_ranks_of_draws_are_answers_of_the_child() -> None:
    """Every rank drawn is one that `candidate_posterior` lists for the child, and a certain child falls in one place alone."""
    made = linked(tables(authority(4).records), draws=60)
    ranks: dict[str, set[int]] = defaultdict(set)
    sure: dict[str, int] = {}
    for row in made["candidate_posterior"].to_pylist():
        ranks[row["child_id"]].add(row["rank"])
        if row["probability"] > 0.9999:
            sure[row["child_id"]] = row["rank"]
    for row in made["link_draw"].to_pylist():
        assert set(row["ranks"]) <= ranks[row["child_id"]]
    drawn = {row["child_id"]: row["ranks"] for row in made["link_draw"].to_pylist()}
    often = [np.mean(np.array(drawn[child]) == rank) for child, rank in sure.items()]
    assert len(often) > 10
    assert np.mean(often) > 0.995


def test_probabilities_are_about_as_often_right_as_they_say() -> None:
    """Over towns with many errors, doubtful probabilities come true about as often as they say, and their sum is near the truth."""
    said: list[float] = []
    true: list[bool] = []
    for seed in range(6):
        made = doubtful(200 + seed, families=150, households=300)
        for row in linked(tables(made.records), draws=1)["candidate_posterior"].to_pylist():
            said.append(row["probability"])
            true.append(made.household[row["child_id"]] == row["household_id"])
    p, right = np.array(said), np.array(true)
    for low, high in ((0.0, 0.1), (0.1, 0.5), (0.5, 0.9), (0.9, 1.01)):
        mine = (p >= low) & (p < high)
        slack = 3 * np.sqrt((p[mine] * (1 - p[mine])).sum()) / max(mine.sum(), 1)
        assert abs(right[mine].mean() - p[mine].mean()) < slack + 0.05, (low, high)


def test_the_day_decides_the_unit() -> None:
    """Children of one family referred on different days are separate units, and each is linked as on its own day."""
    made = authority(5)
    children = [row for row in made.records.persons if row["side"] == "child"]
    moved = [row | {"referral_date": date(2019, 10, 1)} if row is children[0] else row for row in made.records.persons]
    pair = compared(tables(replace(made.records, persons=moved)))["candidate_pair"].to_pylist()
    units: dict[int, set[int]] = defaultdict(set)
    for row in pair:
        units[row["unit_no"]].add(row["child_no"])
    assert all(0 not in others or len(others) == 1 for others in units.values())
