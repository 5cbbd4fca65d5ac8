"""Draws of the whole linkage: parameters vary by what the files leave open, and rivals for one person are never both that person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from made_persons import BORN, Records, Row, Town, child, claimant, member, town
from made_towns import Ours, bytes_of, doubtful, ours, rough, shuffled

from hearthlink.linkage.drawing import Drawn, linkages, persons
from hearthlink.linkage.drawing_rivals import Turn, in_turn, turns_of
from hearthlink.linkage.draws import as_if_known
from hearthlink.linkage.households import posterior
from hearthlink.linkage.learn import drawn_from, expected
from hearthlink.linkage.linkage import _side, link
from hearthlink.linkage.model import Flags, Wholes, to_table
from hearthlink.linkage.rivals import Rivals, rivals_of

DRAWS = 3_000


def stream(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


@dataclass(frozen=True, slots=True)
class Contest:
    """A town where units are rivals: the claims, the turns, and linkages drawn in turn."""

    our: Ours
    rivals: Rivals
    turns: tuple[Turn, ...]
    drawn: Drawn


def rivalled(seed: int) -> Town:
    """A town with six names, each borne by a listed child of two or three households and by two children who could be either of them."""
    made = town(seed, families=60, households=120)
    people: list[Row] = []
    for number in range(6):
        name, born = f"{'ABCDEF'[number]}RUNO", BORN + timedelta(days=number)
        row = {"birth_date": born, "sex": None}
        for home in range(2 + number % 2):
            people.append(claimant(f"HZ{number}{home}", "ODRUN", f"KEL{name}"))
            people.append(member(f"HZ{number}{home}", 1, f"RU{name}", f"KEL{name}", **row))
        people.append(child(f"CZ{number}A", f"FZ{number}A", f"RU{name}", None, **row))
        people.append(child(f"CZ{number}B", f"FZ{number}B", None, f"KEL{name}", **row))
    return replace(made, records=made.records + Records(people))


def contest(seed: int) -> Contest:
    our = ours(rivalled(seed))
    rivals = rivals_of(our.evidence, our.model, our.home, our.where, _side(our.tables["person"], "child"))
    assert rivals is not None
    where = posterior(our.evidence, our.model, our.home, rivals.free)
    turns = turns_of(our.evidence, our.model, rivals)
    alone = linkages(our.evidence, where, DRAWS, stream(1))
    drawn = in_turn(alone, turns, rivals.claims, model=our.model, home=our.home, random=stream(2))
    return Contest(our, rivals, turns, drawn)


def given_no_clash(found: Contest) -> tuple[Wholes, dict[int, Flags]]:
    """Cells drawn for each unit by itself, and for each group of rivals which of the draws give no member to two of its children."""
    our, claims = found.our, found.rivals.claims
    drawn = linkages(our.evidence, our.where, 10 * DRAWS, stream(3))
    pair, _ = persons(our.evidence, our.where, drawn, stream(4))
    whose = our.evidence.cell_child[our.evidence.listed.cell[claims.pair]]
    is_member = pair[whose] == claims.pair[:, None]
    group = groups(found)
    fine = {of: np.ones(10 * DRAWS, dtype=bool) for of in set(group.values())}
    for whom in range(int(claims.member.max()) + 1):
        mine = [n for n in np.flatnonzero(claims.member == whom).tolist() if int(claims.unit[n]) in group]
        for one in mine:
            for other in mine:
                if claims.unit[one] < claims.unit[other] and claims.child[one] != claims.child[other]:
                    fine[group[int(claims.unit[one])]] &= ~(is_member[one] & is_member[other])
    return drawn.cell, fine


def groups(found: Contest) -> dict[int, int]:
    """Of each unit that has a turn, the least unit that it is a rival of, be it by way of others."""
    claims = found.rivals.claims
    turned = sorted(int(unit) for turn in found.turns for unit in turn.units)
    least = {unit: unit for unit in turned}
    for _ in turned:
        for whom in range(int(claims.member.max()) + 1):
            mine = [int(unit) for unit in claims.unit[claims.member == whom] if int(unit) in least]
            least |= dict.fromkeys(mine, min((least[unit] for unit in mine), default=0))
    return least


def test_rivals_are_drawn_as_if_clashes_had_been_thrown_away() -> None:
    """Drawing in turn gives each rival its household as often as throwing away every draw in which two children are one person."""
    found = contest(32)
    cell, fine = given_no_clash(found)
    group, unit = groups(found), found.our.evidence.unit_of_child
    shares: list[tuple[float, float]] = []
    for who in np.flatnonzero(np.isin(unit, list(group))).tolist():
        kept = cell[who, fine[group[int(unit[who])]]]
        assert len(kept) > DRAWS
        mine, others = Counter(found.drawn.cell[who].tolist()), Counter(kept.tolist())
        shares += [(mine[one] / DRAWS, others[one] / len(kept)) for one in mine.keys() | others.keys()]
    ours_, theirs = np.array(shares).T
    assert len(group) > 1
    assert ((theirs > 0.05) & (theirs < 0.95)).sum() > 2
    assert np.abs(ours_ - theirs).max() < 0.05


def test_nobody_is_two_children_in_a_draw() -> None:
    """Drawn each by itself rivals are often one person; drawn in turn they are hardly ever both where they could only be that person."""
    found = contest(32)
    where = posterior(found.our.evidence, found.our.model, found.our.home, found.rivals.free)
    alone = linkages(found.our.evidence, where, DRAWS, stream(5))
    assert both_there(found, alone.cell) > 1.0
    assert both_there(found, found.drawn.cell) < 0.01


def both_there(found: Contest, cell: Wholes) -> float:
    """How often two rivals are in the household of the member, for whom it is nearly sure that they are the member if they are there."""
    evidence, claims = found.our.evidence, found.rivals.claims
    at = evidence.listed.cell[claims.pair]
    sure = found.our.where.member[claims.pair] > 0.95 * found.our.where.cell[at]
    there = cell[evidence.cell_child[at]] == at[:, None]
    total = 0.0
    for one in np.flatnonzero(sure).tolist():
        rival = sure & (claims.member == claims.member[one]) & (claims.unit > claims.unit[one])
        rival &= claims.child != claims.child[one]
        total += float((there[one] & there[rival]).mean(axis=1).sum())
    return total


def test_a_turn_weighs_its_units_as_they_are_weighed_among_all() -> None:
    """The evidence of one turn alone gives its units' homes and members the probabilities they have among all."""
    found = contest(32)
    where = found.our.where
    for turn in found.turns:
        mine = posterior(turn.evidence, found.our.model, found.our.home, by_chance=turn.by_chance)
        np.testing.assert_allclose(mine.block, where.block[turn.blocks], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(mine.cell, where.cell[turn.cells], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(mine.child_none, where.child_none[turn.children], rtol=1e-9, atol=1e-12)


def test_a_linkage_drawn_is_one_that_can_be() -> None:
    """Taken as known, a linkage has every child in one place or none, at most one member each, and no member twice within a family."""
    our = ours(rough(doubtful(33, families=100, households=200), 33))
    known = as_if_known(our.evidence, our.where, linkages(our.evidence, our.where, 1, stream(6)), stream(7))
    evidence = our.evidence
    in_some = np.bincount(evidence.cell_child, known.cell, len(known.child_none))
    assert np.array_equal(in_some + known.child_none, np.ones(len(known.child_none)))
    assert np.array_equal(
        np.bincount(evidence.block_unit, known.block, evidence.units) + known.none, np.ones(evidence.units)
    )
    found = np.flatnonzero(known.member)
    assert len(found) > 20
    assert np.all(known.cell[evidence.listed.cell[found]] == 1)
    unit = evidence.unit_of_child[evidence.cell_child[evidence.listed.cell[found]]]
    assert len({*zip(unit.tolist(), evidence.listed.member[found].tolist(), strict=True)}) == len(found)


def test_persons_are_drawn_as_often_as_the_posterior_says() -> None:
    """Over many draws each child is each member as often as its probability, within chance."""
    our = ours(rough(doubtful(33, families=100, households=200), 33))
    drawn = linkages(our.evidence, our.where, DRAWS, stream(8))
    pair, _ = persons(our.evidence, our.where, drawn, stream(9))
    often = np.bincount(pair[pair >= 0], minlength=len(our.where.member)) / DRAWS
    spread = np.sqrt(our.where.member * (1 - our.where.member) / DRAWS)
    assert np.mean(np.abs(often - our.where.member) < 5 * spread + 0.01) > 0.995


def test_parameters_vary_by_what_the_links_leave_open() -> None:
    """Where links are in doubt, the share of children on no file varies more over draws of links and parameters in turn than if links were known."""
    our = ours(rough(doubtful(34, families=150, households=300), 34))
    start = expected(our.evidence, our.model, our.where)
    random, counts = stream(10), start
    in_turn_drawn: list[float] = []
    for _ in range(150):
        home = drawn_from(counts, random)
        where = posterior(our.evidence, our.model, home)
        known = as_if_known(our.evidence, where, linkages(our.evidence, where, 1, random), random)
        counts = expected(our.evidence, our.model, known)
        in_turn_drawn.append(home.absent)
    as_known = [drawn_from(start, random).absent for _ in range(150)]
    assert np.std(in_turn_drawn[10:]) > 1.15 * np.std(as_known)
    assert abs(np.mean(in_turn_drawn[10:]) - np.mean(as_known)) < 2 * np.std(in_turn_drawn)


def test_the_order_of_rows_changes_no_draw_of_rivals() -> None:
    """Where there are rivals, candidate pairs and people in any order give the same bytes of draws, and as many draws as are asked for."""
    our = ours(rough(doubtful(32, families=150, households=300), 32))
    given = {**our.tables, "parameter": to_table(our.model)}
    first = link(given, draws=30, cut=0.5)["link_draw"]
    mixed = {name: shuffled(given[name], 1) for name in ("candidate_pair", "person", "parameter")}
    assert bytes_of(first) == bytes_of(link(mixed, draws=30, cut=0.5)["link_draw"])
