"""Families against households: where the children of one referral day live, all evidence of the home counted once.

For a unit g (children of one family referred on one day) and a household h on file that day,

    odds(g, h) = prior x address x carer x surname x sum over one-to-one assignments of children to listed dependants,

against living in no household on file. With a small probability the children live apart and each is weighed alone. The prior of
absence, the chance of being listed, of living apart, and the agreement of homes are estimated from the units themselves, by
expectation-maximisation from the pair model's shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from hearthlink.linkage.assignment import MOST_CHILDREN, assign
from hearthlink.linkage.comparisons import ADDRESS, BIRTH_DATE, CARER, FORENAME, PERSON_FIELDS, SEX, SURNAME
from hearthlink.linkage.model import SAME_HOUSEHOLD, SAME_PERSON, UNRELATED, Floats, Model, Wholes, normalised

INFANT = 365
NAMES_IN_A_HOUSEHOLD = 1.4
"""Distinct surnames among the members of a household, so the chances a stranger's surname has of agreeing with one."""

LEAN = 30.0
"""How many units' worth of weight the pair model's shares keep in the family model."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Every child of every unit against every member of its candidate households, as arrays. Rows are sorted by content.

    Cells are (child, household) pairs; blocks are (unit, household). unit, child: numbers of each cell; block_of_cell. For pairs
    (child, listed member): cell, member_no, and their levels. Levels of a block: the best any of its children reaches.
    """

    unit_of_child: Wholes
    infant: NDArrayBool
    cell_child: Wholes
    cell_block: Wholes
    block_unit: Wholes
    block_household: Wholes
    pair_cell: Wholes
    pair_member: Wholes
    level: Mapping[str, Wholes]
    forename_frequency: Floats
    cell_address: Wholes
    cell_carer: Wholes
    cell_surname: Wholes
    cell_surname_frequency: Floats
    block_address: Wholes
    block_carer: Wholes
    block_surname: Wholes
    block_surname_frequency: Floats


NDArrayBool = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class HomeModel:
    """What is learnt at the level of families.

    absent: P(in no household on file). listed: P(listed | lives there) for infants and for older children. apart: P(children of a
    unit live apart). same, chance: shares of levels at the true household and at another, by home field and surname. person: m of
    the person fields.
    """

    absent: float
    listed: tuple[float, float]
    apart: float
    same: Mapping[str, Floats]
    chance: Mapping[str, Floats]
    person: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Posterior:
    """P(unit together in block) (blocks,), P(unit together, absent) (units,), P(apart) (units,), and for each child: P(cell | apart)
    (cells,), P(absent | apart) (children,), P(member | in the household) (pairs,)."""

    block: Floats
    none: Floats
    apart: Floats
    cell_apart: Floats
    none_apart: Floats
    member: Floats
    member_apart: Floats


def gather(pair: pa.Table, children: Wholes, unit_of_child: Wholes, infant: NDArrayBool) -> Evidence:
    """Candidate pairs as arrays. `children`, sorted, are the person numbers of all children; the others lie along them."""
    column = {name: pair.column(name).to_numpy() for name in pair.column_names}
    child = np.searchsorted(children, column["child_no"])
    unit = unit_of_child[child]
    cell_key = np.stack([unit, column["household_no"], child], axis=1)
    cells, first, cell = np.unique(cell_key, axis=0, return_index=True, return_inverse=True)
    cell = cell.reshape(-1)
    blocks, block = np.unique(cells[:, :2], axis=0, return_inverse=True)
    block = block.reshape(-1)
    surname_level = np.where(column["surname_level"] == SURNAME.missing, 99, column["surname_level"])
    cell_surname = np.full(len(cells), 99)
    np.minimum.at(cell_surname, cell, surname_level)
    listed = column["listed"].astype(bool)
    surname_frequency = np.nan_to_num(column["surname_frequency"].astype(np.float64), nan=0.0)[first]
    address, carer = column["address_level"][first], column["carer_level"][first]
    return Evidence(
        unit_of_child=unit_of_child,
        infant=infant,
        cell_child=cells[:, 2],
        cell_block=block,
        block_unit=blocks[:, 0],
        block_household=blocks[:, 1],
        pair_cell=cell[listed],
        pair_member=column["member_no"][listed],
        level={f.of: column[f"{f.of}_level"][listed] for f in PERSON_FIELDS},
        forename_frequency=np.nan_to_num(column["forename_frequency"].astype(np.float64), nan=0.0)[listed],
        cell_address=address,
        cell_carer=carer,
        cell_surname=np.where(cell_surname == 99, SURNAME.missing, cell_surname),
        cell_surname_frequency=surname_frequency,
        block_address=_best(address, block, len(blocks), ADDRESS.missing),
        block_carer=_best(carer, block, len(blocks), CARER.missing),
        block_surname=_best(np.where(cell_surname == 99, SURNAME.missing, cell_surname), block, len(blocks), SURNAME.missing),
        block_surname_frequency=_least_frequent(surname_frequency, block, len(blocks)),
    )


def _best(level: Wholes, block: Wholes, blocks: int, missing: int) -> Wholes:
    best = np.full(blocks, 99)
    np.minimum.at(best, block, np.where(level == missing, 99, level))
    return np.where(best == 99, missing, best)


def _least_frequent(frequency: Floats, block: Wholes, blocks: int) -> Floats:
    most = np.zeros(blocks)
    np.maximum.at(most, block, frequency)
    return most


def first_model(model: Model) -> HomeModel:
    """Where the family model starts: the pair model's shares, half the children absent, nearly all listed."""
    same = {f: model.shares[SAME_HOUSEHOLD][f].copy() for f in ("address", "carer")}
    chance = {f: model.shares[UNRELATED][f].copy() for f in ("address", "carer")}
    neighbours = model.neighbours / model.households
    chance["address"] = normalised(
        np.array([0.3 / model.households, 0.3 / model.households, neighbours, 0.0, 1.0]), ADDRESS.missing
    )
    chance["carer"] = normalised(np.array([0.1 / model.households, 0.5 / model.households, 0.0, 1.0]), CARER.missing)
    same["surname"] = np.array([0.92, 0.05, 1.0, 0.03])
    u = model.shares[UNRELATED]["surname"]
    close = min(NAMES_IN_A_HOUSEHOLD * u[1], 0.5)
    chance["surname"] = np.array([np.nan, close, 1.0, 1.0 - close])
    person = {f.of: model.shares[SAME_PERSON][f.of].copy() for f in PERSON_FIELDS}
    return HomeModel(0.5, (0.75, 0.97), 0.05, same, chance, person)


def pair_ratio(evidence: Evidence, model: Model, home: HomeModel) -> Floats:
    """Likelihood ratio of each pair being one person, against a stranger's forename, birth date and sex, given the household.

    The surname is weighed against a brother's or sister's, for the household's surname is counted once, with the home.
    """
    u, h, m = model.shares[UNRELATED], model.shares[SAME_HOUSEHOLD], home.person
    forename = evidence.level["forename"]
    by_chance = u["forename"][forename]
    known = (forename == 0) & (evidence.forename_frequency > 0)
    by_chance = np.where(known, evidence.forename_frequency, by_chance)
    ratio = m["forename"][forename] / by_chance
    for name in ("birth_date", "sex"):
        ratio *= (m[name] / u[name])[evidence.level[name]]
    return ratio * (m["surname"] / h["surname"])[evidence.level["surname"]]


def home_ratio(model: Model, home: HomeModel, address: Wholes, carer: Wholes, surname: Wholes, frequency: Floats) -> Floats:
    """Likelihood ratio of the home's evidence: address once, carer once, surname once. Arrays lie along cells or along blocks."""
    agreed = np.clip(NAMES_IN_A_HOUSEHOLD * frequency * model.names_together**0.5, 1e-6, 0.9)
    u = home.chance["surname"]
    surname_chance = np.where(surname == 0, agreed, u[surname])
    return (
        (home.same["address"] / home.chance["address"])[address]
        * (home.same["carer"] / home.chance["carer"])[carer]
        * home.same["surname"][surname]
        / surname_chance
    )


def posterior(evidence: Evidence, model: Model, home: HomeModel) -> Posterior:
    """Where every unit and every child lives, given the model."""
    ratio = pair_ratio(evidence, model, home)
    listed = np.where(evidence.infant, home.listed[0], home.listed[1])
    units, children = int(evidence.unit_of_child.max(initial=-1)) + 1, len(evidence.unit_of_child)
    share = (1.0 - home.absent) / model.households
    together, member = _assigned(evidence, ratio, listed, evidence.cell_block, len(evidence.block_unit))
    weight = share * together * home_ratio(
        model, home, evidence.block_address, evidence.block_carer, evidence.block_surname, evidence.block_surname_frequency
    )
    alone, member_apart = _assigned(evidence, ratio, listed, np.arange(len(evidence.cell_child)), len(evidence.cell_child))
    weight_alone = share * alone * home_ratio(
        model, home, evidence.cell_address, evidence.cell_carer, evidence.cell_surname, evidence.cell_surname_frequency
    )
    total = home.absent + np.bincount(evidence.block_unit, weight, units)
    total_alone = home.absent + np.bincount(evidence.cell_child, weight_alone, children)
    size = np.bincount(evidence.unit_of_child, minlength=units)
    apart_log = np.bincount(evidence.unit_of_child, np.log(total_alone), units)
    apart_prior = np.where(size > 1, home.apart, 0.0)
    odds_apart = np.exp(np.clip(apart_log - np.log(total), -700, 700))
    apart = apart_prior * odds_apart / (apart_prior * odds_apart + 1.0 - apart_prior)
    return Posterior(
        block=weight / total[evidence.block_unit],
        none=home.absent / total,
        apart=apart,
        cell_apart=weight_alone / total_alone[evidence.cell_child],
        none_apart=home.absent / total_alone,
        member=member,
        member_apart=member_apart,
    )


def _assigned(evidence: Evidence, ratio: Floats, listed: Floats, group_of_cell: Wholes, groups: int) -> tuple[Floats, Floats]:
    """Assignment sums of each group of cells (a block, or a cell alone), and P(member | in the household) of each pair."""
    order = np.argsort(group_of_cell, kind="stable")
    slot = np.empty(len(order), dtype=np.int64)
    size = np.bincount(group_of_cell, minlength=groups)
    starts = np.concatenate([[0], np.cumsum(size)[:-1]])
    slot[order] = np.arange(len(order)) - starts[group_of_cell[order]]
    pair_group = group_of_cell[evidence.pair_cell]
    place, places = _places(pair_group, evidence.pair_member, groups)
    total, member = np.ones(groups), np.zeros(len(ratio))
    for children in np.unique(size):
        for lists in np.unique(_rounded(places[size == children])):
            mine = np.flatnonzero((size == children) & (_rounded(places) == lists))
            position = np.full(groups, -1)
            position[mine] = np.arange(len(mine))
            cells = np.flatnonzero(position[group_of_cell] >= 0)
            pairs = np.flatnonzero(position[pair_group] >= 0)
            chance = np.zeros((len(mine), children))
            chance[position[group_of_cell[cells]], slot[cells]] = listed[evidence.cell_child[cells]]
            cube = np.zeros((len(mine), children, lists))
            where = (position[pair_group[pairs]], slot[evidence.pair_cell[pairs]], place[pairs])
            cube[where] = ratio[pairs]
            result = assign(cube, chance, places[mine].astype(np.float64))
            total[mine] = result.total
            member[pairs] = result.member[where]
    return total, member


def _rounded(places: Wholes) -> Wholes:
    """Household sizes brought to few values, so that few cubes are made: 0 to 4 as they are, then upwards to even numbers."""
    return np.where(places <= 4, places, places + places % 2)


def _places(group: Wholes, member: Wholes, groups: int) -> tuple[Wholes, Wholes]:
    """The place of each pair's member within its group's list, and how many members each group lists."""
    if not len(group):
        return np.zeros(0, dtype=np.int64), np.zeros(groups, dtype=np.int64)
    key = np.stack([group, member], axis=1)
    unique, inverse = np.unique(key, axis=0, return_inverse=True)
    counts = np.bincount(unique[:, 0], minlength=groups)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    return (np.arange(len(unique)) - starts[unique[:, 0]])[inverse.reshape(-1)], counts


def units_of_at_most(unit: Wholes) -> Wholes:
    """Units split so that none has more children than the assignment can take; renumbered without gaps."""
    order = np.argsort(unit, kind="stable")
    size = np.bincount(unit)
    starts = np.concatenate([[0], np.cumsum(size)[:-1]])
    turn = np.empty(len(unit), dtype=np.int64)
    turn[order] = (np.arange(len(unit)) - starts[unit[order]]) // MOST_CHILDREN
    _, small = np.unique(np.stack([unit, turn], axis=1), axis=0, return_inverse=True)
    return small.reshape(-1)


__all__ = [
    "BIRTH_DATE", "FORENAME", "INFANT", "LEAN", "SEX", "Evidence", "HomeModel", "Posterior", "first_model", "gather", "home_ratio",
    "pair_ratio", "posterior", "units_of_at_most",
]  # fmt: skip
