"""Families against households: where the children of one referral day live, all evidence of the home counted once.

For a unit g (children of one family referred on one day) and a household h on file that day,

    odds(g, h) = prior x address x carer x surname x sum over one-to-one assignments of children to listed dependants,

against living in no household on file. A household that only hosts the family, as grandparents and landladies do, lists none of its
children and has a surname of its own oftener; which share are such is learnt too, apart for households that name nobody who may be a
child. With a small probability a child lives apart from the rest of its unit, elsewhere on file or nowhere on it; its own evidence then
decides, and the family's home is not counted for it again. The prior of absence, the chance of being listed, of living apart, and the
agreement of homes are learnt from the units themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hearthlink.linkage.assignment import assign, ways_to_choose
from hearthlink.linkage.comparisons import AGES, CARER, SURNAME
from hearthlink.linkage.evidence import Evidence, Pairs, Standings
from hearthlink.linkage.grouping import summed
from hearthlink.linkage.home_model import AT_HOME, HOST, NOWHERE, HomeModel, first_model, per_household
from hearthlink.linkage.model import SAME_HOUSEHOLD, UNRELATED, Flags, Floats, Model, Wholes
from hearthlink.linkage.patterns import level_of

INFANT = 365
"""Days from birth for which a child may not be listed yet."""

MOST_KIN = 4.0
"""Stated: how many brothers and sisters in their household children have at most, for what it proves."""

HOPELESS = 1e-7
"""Probability at first look below which a household is not looked at again. What is reported begins far above it."""

NOT_NAMED = 0.05
"""Stated: of children whose family's home is a household that counts its dependants and names none, how many are not among them."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """Where units and children live.

    block: P(the unit's home is the block's household) (blocks,); none: P(it is on no file) (units,). hosted: P(the household only hosts
    the unit | it is its home) (blocks,).
    leaves: P(the child lives apart | the unit's home is the cell's household) (cells,); leaves_none: the same where it is on no file
    (children,). off: P(the child is in no household on file | it lives apart from the cell's household) (cells,); off_none: the same of a
    home on no file (children,). alone: weight of the cell's household for a child that lives apart and is on file (cells,).
    gone: P(the child has left | it would be in the cell's household) (cells,).
    cell: P(child lives in the cell's household) (cells,); child_none: P(child is in none on file) (children,).
    member: P(child is that member and lives there) (pairs,).
    """

    block: Floats
    none: Floats
    hosted: Floats
    leaves: Floats
    leaves_none: Floats
    off: Floats
    off_none: Floats
    alone: Floats
    gone: Floats
    cell: Floats
    child_none: Floats
    member: Floats


def pair_ratio(pairs: Pairs, model: Model, home: HomeModel) -> Floats:
    """Likelihood ratio of each pair being one person rather than two of one household: shape (pairs,).

    Forename and sex are weighed against a stranger's. Surname and birth date are weighed against a brother's or sister's: the
    household's surname is counted once, with the home, and a birth date shared with a listed dependant speaks for a twin as well.
    """
    u, h, m = model.shares[UNRELATED], model.shares[SAME_HOUSEHOLD], home.person
    rest = [(m["sex"] / u["sex"])[level_of("sex")]]
    rest += [(m[name] / h[name])[level_of(name)] for name in ("surname", "birth_date", "middle")]
    by_pattern = (m["forename"] / u["forename"])[level_of("forename")]
    ratio = np.multiply.reduce([by_pattern, *rest])[pairs.pattern]
    named = pairs.pattern[pairs.named]
    ratio[pairs.named] = np.multiply.reduce(
        [m["forename"][0] / pairs.forename_frequency[pairs.named], *(each[named] for each in rest)]
    )
    return ratio


def kin_ratio(standings: Standings, model: Model, home: HomeModel) -> Floats:
    """Likelihood ratio of a child living in a household at all, by how its birth date lies to those listed: shape (ways to stand,).

    The nearest counts, less in a household of many, few of whom can be kin, so that a hostel proves no more than a home. Where nobody
    is listed by name, the ages that the household states stand in; where both are, they would be counted twice.
    """
    u, h = model.shares[UNRELATED]["birth_date"], model.shares[SAME_HOUSEHOLD]["birth_date"]
    nearest = np.where(standings.births, h / u, 0.0).max(axis=1, initial=0.0)
    kin = np.minimum(1.0, MOST_KIN / np.maximum(standings.listed, 1))
    nearest = np.where(nearest > 1.0, 1.0 + kin * (nearest - 1.0), nearest)
    return np.where(standings.listed > 0, nearest, (home.same["ages"] / home.chance["ages"])[standings.ages])


@dataclass(frozen=True, slots=True)
class Chances:
    """P(a child's surname reaches the level it does with any member of a stranger's household), along cells and along blocks."""

    cell: Floats
    block: Floats


def chances(evidence: Evidence, model: Model) -> Chances:
    """What surnames in common are by chance, which no learning about homes changes."""
    names = evidence.block_names
    return Chances(
        _surname_chance(model, evidence.cell_surname, evidence.cell_surname_frequency, names[evidence.cell_block]),
        _surname_chance(model, evidence.block_surname, evidence.block_surname_frequency, names),
    )


def _surname_chance(model: Model, level: Wholes, frequency: Floats, names: Floats) -> Floats:
    """P(the surname reaches its level with any member of a stranger's household). `names`: how many surnames that has, each a chance."""
    u = model.shares[UNRELATED]["surname"]
    agreed = np.clip(names * frequency * model.names_together**0.5, 1e-7, 0.9)
    between = (np.arange(len(u)) > 0) & (np.arange(len(u)) < SURNAME.missing)
    close = np.minimum(names * u[level], 0.5)
    rest = np.maximum(1.0 - names * float(u[between].sum()), 0.1)
    return np.select([level == 0, level == SURNAME.missing, between[level]], [agreed, 1.0, close], rest)


def surname_ratio(home: HomeModel, level: Wholes, chance: Floats) -> tuple[Floats, Floats]:
    """Likelihood ratio of a child's surname reaching a level with any member of its own household rather than of a stranger's.

    The first where the household lists its children, the second where it is a host. Arrays lie along cells or along blocks.
    """
    return home.same["surname"][level] / chance, home.same[HOST][level] / chance


def hopeful(evidence: Evidence, model: Model) -> Flags:
    """Which blocks are worth going over again: some child may live there, or address or carer agrees, which teaches what chance does.

    In a large file most candidates are people born on one day with names a little alike, and come to nothing at the first look.
    """
    where = posterior(evidence, model, first_model(model))
    likeliest = np.zeros(len(evidence.block_unit))
    np.maximum.at(likeliest, evidence.cell_block, where.cell)
    address = AT_HOME[evidence.block_address]
    carer = evidence.block_carer < CARER.missing
    return (likeliest >= HOPELESS) | address | carer


@dataclass(frozen=True, slots=True)
class Weights:
    """What each child's own evidence says, before the family's home is weighed.

    on_list: weight of each listed pair (pairs,). off_list: weight of being no listed member (cells,).
    alone, alone_member: weight of the cell's household (cells,) for a child that lives apart, and P(that member | it does) (pairs,).
    anywhere: weight of all the homes on file that a child that lives apart may have (children,).
    nowhere, other: weight of none on file for a child that lives apart from the cell's household, and of all the other homes (cells,);
    nowhere_none: of none for one whose unit's home is on no file (children,). A child alone in its unit is where it lives or where it is
    listed, so that its weight of none is nought.
    apart: P(the child lives apart | its unit's home is the cell's household) before any other evidence (cells,); away: the same of a
    home on no file, from which a child alone cannot live apart (children,).
    """

    on_list: Floats
    off_list: Floats
    alone: Floats
    alone_member: Floats
    anywhere: Floats
    nowhere: Floats
    other: Floats
    nowhere_none: Floats
    apart: Floats
    away: Floats


def posterior(
    evidence: Evidence, model: Model, home: HomeModel, free: Floats | None = None, *, by_chance: Chances | None = None
) -> Posterior:
    """Where every unit and every child lives, given the model. `free`: P(the member is no child of another unit's) (pairs,).

    `by_chance`: `chances` of this evidence and model, where they are worked out already.

    Three steps: where each unit's home is; where its children live, those apart from it included; and which of them have left.
    """
    if evidence.portions:
        return _by_portions(evidence, model, home, free, by_chance)
    cells, child, block = evidence.listed.cell, evidence.cell_child, evidence.cell_block
    unit = evidence.unit_of_child
    by_chance = by_chance or chances(evidence, model)
    weights = weigh(evidence, model, home, by_chance, free)
    total, member, stays, hosted = _at_home(evidence, home, by_chance, weights)
    in_block, in_none = _homes(
        evidence, home, weights, (1.0 - home.absent) * per_household(model, home)[evidence.block_naming] * total
    )
    leaves = 1.0 - stays
    left = np.maximum(weights.anywhere + weights.nowhere_none, 1e-300)
    leaves_none = weights.away * left / (1.0 - weights.away + weights.away * left)
    apart, apart_none = in_block[block] * leaves, in_none[unit] * leaves_none
    off = weights.nowhere / np.maximum(weights.nowhere + weights.other, 1e-300)
    off_none = weights.nowhere_none / left
    sent = apart * (1.0 - off) / np.maximum(weights.anywhere[child] - weights.alone, 1e-300)
    reached = summed(child, sent, len(unit)) + apart_none / left
    came = weights.alone * (reached[child] - sent)
    in_cell = in_block[block] * stays + came
    is_member = in_block[block][cells] * member + came[cells] * weights.alone_member
    gone = _gone(evidence, model, home, in_cell, summed(cells, is_member, len(child)))
    return Posterior(
        block=in_block,
        none=in_none,
        hosted=hosted,
        leaves=leaves,
        leaves_none=leaves_none,
        off=off,
        off_none=off_none,
        alone=weights.alone,
        gone=gone,
        cell=in_cell * (1.0 - gone),
        child_none=in_none[unit] * (1.0 - leaves_none)
        + apart_none * off_none
        + summed(child, apart * off, len(unit))
        + summed(child, in_cell * gone, len(unit)),
        member=is_member * (1.0 - gone[cells]),
    )


ALONG = {
    "blocks": ("block", "hosted"),
    "units": ("none",),
    "cells": ("leaves", "off", "alone", "gone", "cell"),
    "children": ("leaves_none", "off_none", "child_none"),
    "pairs": ("member",),
}
"""What each part of a posterior lies along."""


def _by_portions(
    evidence: Evidence, model: Model, home: HomeModel, free: Floats | None, by_chance: Chances | None
) -> Posterior:
    """The posterior worked out a portion at a time and put together."""
    sizes = {
        "blocks": len(evidence.block_unit),
        "units": evidence.units,
        "cells": len(evidence.cell_child),
        "children": len(evidence.unit_of_child),
        "pairs": len(evidence.listed.cell),
    }
    whole = {name: np.empty(sizes[along]) for along, names in ALONG.items() for name in names}
    for portion in evidence.portions:
        chance = by_chance and Chances(by_chance.cell[portion.cells], by_chance.block[portion.blocks])
        part = posterior(portion.evidence, model, home, None if free is None else free[portion.pairs], by_chance=chance)
        for along, names in ALONG.items():
            for name in names:
                whole[name][getattr(portion, along)] = getattr(part, name)
    return Posterior(**whole)


def weigh(evidence: Evidence, model: Model, home: HomeModel, by_chance: Chances, free: Floats | None = None) -> Weights:
    """Each child against each candidate household, as if it were the only child of its unit."""
    pairs, child, unit = evidence.listed, evidence.cell_child, evidence.unit_of_child
    standing, ways = evidence.standing, evidence.standings
    naming = evidence.block_naming[evidence.cell_block]
    kin = kin_ratio(ways, model, home)
    listed = np.where(ways.infant, home.listed[0], home.listed[1])
    by_listing = np.outer([1.0 - home.later, home.later], home.kinds).reshape(-1)
    on_list = (listed * kin)[standing][pairs.cell] * pair_ratio(pairs, model, home)
    on_list *= by_listing[pairs.listing] * evidence.alike
    if free is not None:
        on_list = on_list * free
    # A household that names nobody cannot list the child, so that it does not says nothing.
    off_list = np.where(naming, ((1.0 - listed) * kin)[standing], kin[standing])
    total, member = _one_child(pairs.cell, on_list, off_list, 1.0 / np.maximum(evidence.listed_there, 1))
    named, of_host = surname_ratio(home, evidence.cell_surname, by_chance.cell)
    hosts = (home.hosts * evidence.has_hosts)[naming]
    own, host = (1.0 - hosts) * total * named, hosts * of_host
    alone = (1.0 - home.absent) * per_household(model, home)[naming] * (own + host)
    several = (np.bincount(unit, minlength=evidence.units) > 1)[unit]
    anywhere = summed(child, alone, len(unit))
    off = home.off_file[evidence.cell_parting]
    return Weights(
        on_list=on_list,
        off_list=off_list,
        alone=alone,
        alone_member=member * (own / np.maximum(own + host, 1e-300))[pairs.cell],
        anywhere=anywhere,
        nowhere=np.where(several[child], off, 0.0),
        other=(1.0 - off) / (1.0 - home.absent) * np.maximum(anywhere[child] - alone, 0.0),
        nowhere_none=np.where(several, home.absent, 0.0),
        apart=home.apart[evidence.cell_parting],
        away=np.where(several, home.apart[NOWHERE], 0.0),
    )


def _one_child(cell: Wholes, on_list: Floats, off_list: Floats, one_of: Floats) -> tuple[Floats, Floats]:
    """The assignment sum of one child (cells,) and P(member) of each pair (pairs,). `one_of`: worth of any one way of choosing (cells,)."""
    each = on_list * one_of[cell]
    total = off_list + summed(cell, each, len(off_list))
    return total, each / np.maximum(total, 1e-300)[cell]


def _at_home(
    evidence: Evidence, home: HomeModel, by_chance: Chances, weights: Weights
) -> tuple[Floats, Floats, Floats, Floats]:
    """Units against their candidate homes: what lists and surnames say (blocks,), P(member | the home) (pairs,), P(child stays | the home) (cells,) and P(it is a host | the home) (blocks,).

    A household that lists its children is weighed by the sum over assignments; a host lists none of them. A child that lives apart
    from its unit's home is, for that home, one that is no listed member.
    """
    pairs, child = evidence.listed, evidence.cell_child
    stay = 1.0 - weights.apart
    elsewhere = weights.apart * (weights.nowhere + weights.other)
    on_list, unlisted = stay[pairs.cell] * weights.on_list, stay * weights.off_list
    otherwise = unlisted + elsewhere
    worth = home.left_over / (evidence.sizes[:, None] + 1.0) * (evidence.sizes.sum() + len(evidence.sizes))
    # A household whose listings have all ended is rare, but that nobody is left over there speaks for no family.
    worth[0] = 1.0
    listed_there = evidence.listed_there
    ways = ways_to_choose(1, int(listed_there.max(initial=0)), worth)
    one, member = _one_child(pairs.cell, on_list, otherwise * ways[0][listed_there], ways[1][listed_there])
    total = one[evidence.first_cell]
    for batch in evidence.batches:
        shape = (*batch.cell.shape, batch.places)
        listed = np.zeros(shape)
        listed.reshape(-1)[batch.stands] = on_list[batch.pair]
        found = assign(listed, otherwise[batch.cell], batch.dependants, worth)
        total[batch.block] = found.total
        member[batch.pair] = found.member.reshape(-1)[batch.stands]
    unassigned = np.clip(1.0 - summed(pairs.cell, member, len(child)), 0.0, 1.0)
    leaves = unassigned * elsewhere / np.maximum(otherwise, 1e-300)
    named, of_host = surname_ratio(home, evidence.block_surname, by_chance.block)
    nobody = np.exp(summed(evidence.cell_block, np.log(stay + elsewhere), len(total)))
    hosts = (home.hosts * evidence.has_hosts)[evidence.block_naming]
    own, host = (1.0 - hosts) * named * total, hosts * of_host * nobody
    hosted = host / np.maximum(own + host, 1e-300)
    lists = 1.0 - hosted
    leaves = lists[evidence.cell_block] * leaves + hosted[evidence.cell_block] * elsewhere / (stay + elsewhere)
    return own + host, member * lists[evidence.cell_block[pairs.cell]], 1.0 - leaves, hosted


def _homes(evidence: Evidence, home: HomeModel, weights: Weights, weight: Floats) -> tuple[Floats, Floats]:
    """P(the unit's home is the block's household) (blocks,) and P(it is on no file) (units,).

    `weight`: of each block by what its lists and surnames say (blocks,).
    """
    unit, ratio = evidence.block_unit, np.ones(len(weight))
    for name, level in (("address", evidence.block_address), ("carer", evidence.block_carer)):
        ratio *= (home.same[name] / home.chance[name])[level]
    weight = weight * ratio
    elsewhere = np.log(1.0 - weights.away + weights.away * (weights.nowhere_none + weights.anywhere))
    none = np.log(home.absent) + summed(evidence.unit_of_child, elsewhere, evidence.units)
    some = np.log(np.maximum(weight, 1e-300))
    most = none.copy()
    np.maximum.at(most, unit, some)
    in_block, in_none = np.exp(some - most[unit]), np.exp(none - most)
    whole = in_none + summed(unit, in_block, evidence.units)
    return in_block / whole[unit], in_none / whole


def _gone(evidence: Evidence, model: Model, home: HomeModel, in_cell: Floats, listed: Floats) -> Floats:
    """P(the child has left the household that all else points to), for each cell.

    A child not listed on the day who was listed before has most likely left. A listing that still runs sometimes outlives a stay,
    and does so the likelier where the child's own address is another.
    """
    same, chance = home.same["address"], home.chance["address"]
    outlived = (home.outlives / (home.outlives + (1.0 - home.outlives) * (same / chance)))[evidence.cell_address]
    was = np.zeros(len(in_cell))
    np.maximum.at(was, evidence.former.cell, pair_ratio(evidence.former, model, home))
    ended = (1.0 - home.stays_on) * was / (was + 1.0)
    share_listed = np.clip(listed / np.maximum(in_cell, 1e-300), 0.0, 1.0)
    counted_only = evidence.cell_ages != AGES.missing
    counted_only[evidence.listed.cell] = counted_only[evidence.former.cell] = False
    not_there = np.where(counted_only, np.maximum(ended, NOT_NAMED), ended)
    return share_listed * outlived + (1.0 - share_listed) * not_there
