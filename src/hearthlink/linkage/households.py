"""Families against households: where the children of one referral day live, all evidence of the home counted once.

For a unit g (children of one family referred on one day) and a household h on file that day,

    odds(g, h) = prior x address x carer x surname x sum over one-to-one assignments of children to listed dependants,

against living in no household on file. With a small probability a child lives apart from the rest of its unit, elsewhere on file
or nowhere on it; its own evidence then decides, and the family's home is not counted for it again. The prior of absence, the chance
of being listed, of living apart, and the agreement of homes are learnt from the units themselves.
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

OUTLIVES = (1.0, 999.0)
"""Stated, for nothing in the files shows it: of children still listed, how many have left and how many have not. A beta prior."""

STAYS_ON = (8.0, 2.0)
"""Stated: of children whose listing has ended, most often at 16 to 19, how many live there still and how many have left. A beta prior."""

LEAN = 30.0
"""How many units' worth of weight the pair model's shares keep in the family model."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Children against members, as arrays along the pairs: the cell and member_no of each, the level each person field reaches, and
    how frequent the child's forename is."""

    cell: Wholes
    member: Wholes
    level: Mapping[str, Wholes]
    forename_frequency: Floats


@dataclass(frozen=True, slots=True)
class Evidence:
    """Every child of every unit against the members of its candidate households. Rows are sorted by content.

    Cells are (child, household); blocks are (unit, household). `listed` pairs are with members listed on the day, `former` ones with
    members whose listing had ended. Home levels of a block are the best that any of its children reaches.
    """

    unit_of_child: Wholes
    infant: NDArrayBool
    cell_child: Wholes
    cell_block: Wholes
    cell_address: Wholes
    cell_surname: Wholes
    cell_surname_frequency: Floats
    block_unit: Wholes
    block_household: Wholes
    block_address: Wholes
    block_carer: Wholes
    block_surname: Wholes
    block_surname_frequency: Floats
    listed: Pairs
    former: Pairs


NDArrayBool = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class HomeModel:
    """What is learnt at the level of families.

    absent: P(in no household on file). listed: P(listed | lives there) for infants and for older children. apart: P(a child who has
    others in its unit lives apart from them). same, chance: shares of levels at the true household and at another, by home field and surname. person: m of
    the person fields. outlives, stays_on: as stated above.
    """

    absent: float
    listed: tuple[float, float]
    apart: float
    same: Mapping[str, Floats]
    chance: Mapping[str, Floats]
    person: Mapping[str, Floats]
    outlives: float
    stays_on: float


@dataclass(frozen=True, slots=True)
class Posterior:
    """Where units and children live.

    block: P(the unit's home is the block's household) (blocks,); none: P(it is on no file) (units,).
    leaves: P(the child lives apart | the unit's home is the cell's household) (cells,); leaves_none: the same where it is on no file
    (children,). alone: weight of the cell's household for a child that lives apart (cells,), against `absent` for none.
    gone: P(the child has left | it would be in the cell's household) (cells,).
    cell: P(child lives in the cell's household) (cells,); child_none: P(child is in none on file) (children,).
    member: P(child is that member and lives there) (pairs,).
    """

    block: Floats
    none: Floats
    leaves: Floats
    leaves_none: Floats
    alone: Floats
    absent: float
    gone: Floats
    cell: Floats
    child_none: Floats
    member: Floats


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
    surname_frequency = np.nan_to_num(column["surname_frequency"].astype(np.float64), nan=0.0)[first]
    address, carer = column["address_level"][first], column["carer_level"][first]
    cell_surname = np.where(cell_surname == 99, SURNAME.missing, cell_surname)

    def pairs(which: NDArrayBool) -> Pairs:
        return Pairs(
            cell=cell[which],
            member=column["member_no"][which],
            level={f.of: column[f"{f.of}_level"][which] for f in PERSON_FIELDS},
            forename_frequency=np.nan_to_num(column["forename_frequency"].astype(np.float64), nan=0.0)[which],
        )

    return Evidence(
        unit_of_child=unit_of_child,
        infant=infant,
        cell_child=cells[:, 2],
        cell_block=block,
        cell_address=address,
        cell_surname=cell_surname,
        cell_surname_frequency=surname_frequency,
        block_unit=blocks[:, 0],
        block_household=blocks[:, 1],
        block_address=_best(address, block, len(blocks), ADDRESS.missing),
        block_carer=_best(carer, block, len(blocks), CARER.missing),
        block_surname=_best(cell_surname, block, len(blocks), SURNAME.missing),
        block_surname_frequency=_least_frequent(surname_frequency, block, len(blocks)),
        listed=pairs(column["listing"] == 1),
        former=pairs(column["listing"] == 0),
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
    chance["carer"] = normalised(np.array([0.1, 0.3, 0.3, 0.0, model.households]) / model.households, CARER.missing)
    same["surname"] = np.array([0.92, 0.05, 1.0, 0.03])
    u = model.shares[UNRELATED]["surname"]
    close = min(NAMES_IN_A_HOUSEHOLD * u[1], 0.5)
    chance["surname"] = np.array([np.nan, close, 1.0, 1.0 - close])
    person = {f.of: model.shares[SAME_PERSON][f.of].copy() for f in PERSON_FIELDS}
    return HomeModel(0.5, (0.75, 0.97), 0.03, same, chance, person, _mean(OUTLIVES), _mean(STAYS_ON))


def _mean(beta: tuple[float, float]) -> float:
    return beta[0] / (beta[0] + beta[1])


def pair_ratio(pairs: Pairs, model: Model, home: HomeModel) -> Floats:
    """Likelihood ratio of each pair being one person rather than two of one household: shape (pairs,).

    Forename and sex are weighed against a stranger's. Surname and birth date are weighed against a brother's or sister's: the
    household's surname is counted once, with the home, and a birth date shared with a listed dependant speaks for a twin as well.
    """
    u, h, m = model.shares[UNRELATED], model.shares[SAME_HOUSEHOLD], home.person
    forename = pairs.level["forename"]
    known = (forename == 0) & (pairs.forename_frequency > 0)
    ratio = m["forename"][forename] / np.where(known, pairs.forename_frequency, u["forename"][forename])
    ratio *= (m["sex"] / u["sex"])[pairs.level["sex"]]
    for name in ("surname", "birth_date"):
        ratio *= (m[name] / h[name])[pairs.level[name]]
    return ratio


def kin_ratio(pairs: Pairs, cells: int, model: Model) -> Floats:
    """Likelihood ratio of a child living in a household at all, by how its birth date lies to those listed: shape (cells,)."""
    u, h = model.shares[UNRELATED]["birth_date"], model.shares[SAME_HOUSEHOLD]["birth_date"]
    best = np.zeros(cells)
    np.maximum.at(best, pairs.cell, (h / u)[pairs.level["birth_date"]])
    return np.where(best > 0, best, 1.0)


def home_ratio(
    model: Model, home: HomeModel, address: Wholes, carer: Wholes, surname: Wholes, frequency: Floats
) -> Floats:
    """Likelihood ratio of the home's evidence: address once, carer once, surname once. Arrays lie along cells or along blocks.

    A child that lives apart is weighed without address and carer: they are its unit's, and are counted for the unit's home.
    """
    agreed = np.clip(NAMES_IN_A_HOUSEHOLD * frequency * model.names_together**0.5, 1e-6, 0.9)
    u = home.chance["surname"]
    surname_chance = np.where(surname == 0, agreed, u[surname])
    ratio = home.same["surname"][surname] / surname_chance
    for name, level in (("address", address), ("carer", carer)):
        if level is not None:
            ratio = ratio * (home.same[name] / home.chance[name])[level]
    return ratio


def posterior(evidence: Evidence, model: Model, home: HomeModel) -> Posterior:
    """Where every unit and every child lives, given the model."""
    units, children = int(evidence.unit_of_child.max(initial=-1)) + 1, len(evidence.unit_of_child)
    child, block = evidence.cell_child, evidence.cell_block
    unit = evidence.unit_of_child
    share = (1.0 - home.absent) / model.households
    pairs = evidence.listed
    ratio, kin = pair_ratio(pairs, model, home), kin_ratio(pairs, len(child), model)
    listed = np.where(evidence.infant, home.listed[0], home.listed[1])[child]
    surname_alone = home_ratio(model, home, None, None, evidence.cell_surname, evidence.cell_surname_frequency)
    on_list = (listed * kin)[pairs.cell] * ratio
    off_list = (1.0 - listed) * kin
    each = np.arange(len(child))
    single, single_member = _assigned(pairs, on_list, off_list, each, len(child))
    alone = share * single * surname_alone
    anywhere = home.absent + np.bincount(child, alone, children)
    apart = np.where(np.bincount(unit, minlength=units) > 1, home.apart, 0.0)[unit]
    elsewhere = apart[child] * (anywhere[child] - alone)
    stay = 1.0 - apart[child]
    total, member = _assigned(
        pairs, stay[pairs.cell] * on_list, stay * off_list + elsewhere, block, len(evidence.block_unit)
    )
    by_block = home_ratio(
        model,
        home,
        evidence.block_address,
        evidence.block_carer,
        evidence.block_surname,
        evidence.block_surname_frequency,
    )
    weight = share * total * by_block
    leave_none = apart * anywhere
    stay_none = np.bincount(unit, np.log(1.0 - apart + leave_none), units)
    odds = np.log(home.absent) + stay_none
    most = odds.copy()
    logs = np.log(np.maximum(weight, 1e-300))
    np.maximum.at(most, evidence.block_unit, logs)
    in_block, in_none = np.exp(logs - most[evidence.block_unit]), np.exp(odds - most)
    whole = in_none + np.bincount(evidence.block_unit, in_block, units)
    in_block, in_none = in_block / whole[evidence.block_unit], in_none / whole
    unassigned = np.clip(1.0 - np.bincount(pairs.cell, member, len(child)), 0.0, 1.0)
    leaves = unassigned * elsewhere / np.maximum(stay * off_list + elsewhere, 1e-300)
    leaves_none = leave_none / (1.0 - apart + leave_none)
    gone = in_block[block] * leaves / np.maximum(anywhere[child] - alone, 1e-300)
    reached = np.bincount(child, gone, children) + in_none[unit] * leaves_none / anywhere
    came = alone * (reached[child] - gone)
    in_cell = in_block[block] * (1.0 - leaves) + came
    is_member = in_block[block][pairs.cell] * member + came[pairs.cell] * single_member
    gone = _gone(evidence, model, home, in_cell, np.bincount(pairs.cell, is_member, len(child)))
    return Posterior(
        block=in_block,
        none=in_none,
        leaves=leaves,
        leaves_none=leaves_none,
        alone=alone,
        absent=home.absent,
        gone=gone,
        cell=in_cell * (1.0 - gone),
        child_none=in_none[unit] * (1.0 - leaves_none)
        + home.absent * reached
        + np.bincount(child, in_cell * gone, children),
        member=is_member * (1.0 - gone[pairs.cell]),
    )


def _gone(evidence: Evidence, model: Model, home: HomeModel, in_cell: Floats, listed: Floats) -> Floats:
    """P(the child has left the household that all else points to), for each cell.

    A child not listed on the day who was listed before has most likely left. A listing that still runs sometimes outlives a stay,
    and does so the likelier where the child's own address is another.
    """
    same, chance = home.same["address"], home.chance["address"]
    outlived = home.outlives / (home.outlives + (1.0 - home.outlives) * (same / chance))[evidence.cell_address]
    was = np.zeros(len(in_cell))
    np.maximum.at(was, evidence.former.cell, pair_ratio(evidence.former, model, home))
    ended = (1.0 - home.stays_on) * was / (was + 1.0)
    share_listed = np.clip(listed / np.maximum(in_cell, 1e-300), 0.0, 1.0)
    return share_listed * outlived + (1.0 - share_listed) * ended


def _assigned(
    pairs: Pairs, on_list: Floats, off_list: Floats, group_of_cell: Wholes, groups: int
) -> tuple[Floats, Floats]:
    """Assignment sums of groups of cells (a block, or a cell alone), and P(member | the group's household) of each pair.

    on_list: weight of each pair (pairs,). off_list: weight of each child being no listed member (cells,).
    """
    order = np.argsort(group_of_cell, kind="stable")
    slot = np.empty(len(order), dtype=np.int64)
    size = np.bincount(group_of_cell, minlength=groups)
    starts = np.concatenate([[0], np.cumsum(size)[:-1]])
    slot[order] = np.arange(len(order)) - starts[group_of_cell[order]]
    pair_group = group_of_cell[pairs.cell]
    place, places = _places(pair_group, pairs.member, groups)
    total, member = np.ones(groups), np.zeros(len(on_list))
    rounded = _rounded(places)
    for children in np.unique(size):
        for lists in np.unique(rounded[size == children]):
            mine = np.flatnonzero((size == children) & (rounded == lists))
            position = np.full(groups, -1)
            position[mine] = np.arange(len(mine))
            cells = np.flatnonzero(position[group_of_cell] >= 0)
            found = np.flatnonzero(position[pair_group] >= 0)
            otherwise = np.ones((len(mine), children))
            otherwise[position[group_of_cell[cells]], slot[cells]] = off_list[cells]
            cube = np.zeros((len(mine), children, lists))
            where = (position[pair_group[found]], slot[pairs.cell[found]], place[found])
            cube[where] = on_list[found]
            result = assign(cube, otherwise, places[mine].astype(np.float64))
            total[mine] = result.total
            member[found] = result.member[where]
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
    "BIRTH_DATE", "FORENAME", "INFANT", "LEAN", "OUTLIVES", "SEX", "STAYS_ON", "Evidence", "HomeModel", "Posterior", "first_model", "gather", "home_ratio",
    "pair_ratio", "posterior", "units_of_at_most",
]  # fmt: skip
