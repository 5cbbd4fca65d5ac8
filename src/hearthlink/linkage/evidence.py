"""Candidate pairs as arrays: every child of every unit against the members of its candidate households.

Three levels lie above one another. A *pair* is a child and a member; a *cell* is a child and a household; a *block* is a unit (the
children of one family referred on one day) and a household. Rows of each are sorted by content, and which row belongs to which is
worked out once, for the model goes over them many times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from hearthlink.errors import OurFault
from hearthlink.linkage.assignment import MOST_CHILDREN
from hearthlink.linkage.batches import Batch, batches
from hearthlink.linkage.comparisons import ADDRESS, AGES, BIRTH_DATE, CARER, FIELDS, SURNAME
from hearthlink.linkage.grouping import both, differs, places_within
from hearthlink.linkage.home_model import ELSEWHERE, OTHER_NAME
from hearthlink.linkage.model import Flags, Floats, Wholes
from hearthlink.linkage.patterns import level_of, packed

LATER = -1
"""The kind of listing in `candidate_pair` of a member listed only after the day."""

UNNAMED = -2
"""The kind of listing of a household that names nobody who may be a child."""

KINDS = ("dependant", "other", "adult")
"""What a member may be to the household. Children are seldom listed as anything but dependants, where a file tells them apart."""

MOST_SIZE = 12

MOSTLY_ALONE = 0.9
"""Share of households with one person who may be a child from which a file is one of people and not of households."""

READ = frozenset([*"child_no household_no member_no listing".split(), *(f"{field.of}_level" for field in FIELDS)])
"""The columns of `candidate_pair` that weighing needs."""


@dataclass(frozen=True, slots=True)
class Children:
    """The children to link, as arrays along them in order of `number`, their person_no.

    unit: which are weighed together. infant: in their first year that day. forename, surname: how common theirs are, 0 where unknown;
    forename_given_surname: how common their forename is among those of their surname.
    members, names, kinds: the person_no of every member, in order, how many surnames its household has, and which of the KINDS it is.
    sizes: how many households have each number of members who may be a child, the last column all with as many or more (MOST_SIZE + 1,).
    """

    number: Wholes
    unit: Wholes
    infant: Flags
    forename: Floats
    surname: Floats
    forename_given_surname: Floats
    members: Wholes
    names: Floats
    kinds: Wholes
    sizes: Floats


@dataclass(frozen=True, slots=True)
class Pairs:
    """Children against members, as arrays along the pairs.

    cell, member: the cell and the member's person_no. pattern: what the person fields reach, as one number (see patterns).
    forename_frequency: of the child's. listing: which of the KINDS the member is, and len(KINDS) more where it is listed only after the day.
    named: the pairs whose forenames are the same and of known frequency, by their place among the pairs.
    """

    cell: Wholes
    member: Wholes
    pattern: Wholes
    forename_frequency: Floats
    listing: Wholes
    named: Wholes


@dataclass(frozen=True, slots=True)
class Standings:
    """The ways in which a child stands to who is listed in a household, arrays along the ways.

    listed: how many are listed. births: which levels of birth date the child reaches with them (ways, levels). ages: its level with the
    ages that the household states. infant: it is in its first year.
    """

    listed: Wholes
    births: Flags
    ages: Wholes
    infant: Flags


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of every child, cell, block and pair.

    unit_of_child, infant lie along the children; cell_* along cells; block_* along blocks. `listed` pairs are with members listed on
    the day or only after it, `former` ones with members whose listing had ended. Home levels of a block are the best that any of its children reaches.
    cells_of_child: the cells in order of child, then household. listed_there: how many are listed in each cell (cells,).
    cell_parting: how the child parts from the household, were it its unit's home (cells,).
    standing: by which of the `standings` a child stands to who is listed there (cells,).
    alike: those over how many of them are of the pair's own kind, any of a kind being as likely as another to be the child (listed
    pairs,). first_cell: of each block (blocks,); the place of a child in its unit (children,), added to it, gives the child's cell.
    block_naming: whether the household names somebody who may be a child (blocks,).
    batches: the blocks of two children or more.
    sizes: as in Children. portions: the same evidence in portions of whole units, where there is much of it, which then hold the batches.
    """

    unit_of_child: Wholes
    infant: Flags
    cell_child: Wholes
    cell_block: Wholes
    cell_address: Wholes
    cell_surname: Wholes
    cell_surname_frequency: Floats
    cell_ages: Wholes
    cell_parting: Wholes
    block_unit: Wholes
    block_household: Wholes
    block_address: Wholes
    block_carer: Wholes
    block_surname: Wholes
    block_surname_frequency: Floats
    block_names: Floats
    block_naming: Wholes
    listed: Pairs
    former: Pairs
    cells_of_child: Wholes
    listed_there: Wholes
    standing: Wholes
    standings: Standings
    alike: Floats
    first_cell: Wholes
    place_in_unit: Wholes
    sizes: Floats
    batches: tuple[Batch, ...]
    portions: tuple[Portion, ...] = ()

    @property
    def has_hosts(self) -> bool:
        """Whether households are more than the people who may be children one by one, so that one may be a home to others than its own."""
        return bool(self.sizes[1] < MOSTLY_ALONE * self.sizes.sum())

    @property
    def units(self) -> int:
        """Number of units."""
        return int(self.unit_of_child.max(initial=-1)) + 1


@dataclass(frozen=True, slots=True)
class Portion:
    """The evidence of some of the units, numbered from nought, and where it lies in the whole."""

    evidence: Evidence
    units: slice
    children: Wholes
    blocks: slice
    cells: slice
    pairs: slice


def gather(pair: pa.Table, children: Children) -> Evidence:
    """Candidate pairs as arrays, for all the children, those without a candidate among them.

    Raises OurFault where a candidate household was not compared with every child of the unit.
    """
    column, child = _in_order(pair, children)
    unit_of_child, household = children.unit, column["household_no"]
    new_block = differs(unit_of_child[child], household)
    new_cell = new_block | differs(child)
    first = np.flatnonzero(new_cell)
    cell = np.cumsum(new_cell) - 1
    cell_child, cell_block = child[first], (np.cumsum(new_block) - 1)[first]
    block_first = np.flatnonzero(new_block)
    block_unit = unit_of_child[child[block_first]]
    first_cell = cell[block_first]
    place_in_unit, unit_size = places_within(unit_of_child)
    if not np.array_equal(np.diff(np.append(first_cell, len(first))), unit_size[block_unit]):
        raise OurFault("A candidate household was compared with some children of a unit and not with others.")
    cell_surname = _best(column["surname_level"], cell, len(first), SURNAME.missing)
    frequency = children.surname[cell_child]
    address, carer = column["address_level"][first], column["carer_level"][first]
    ages = column["ages_level"][first] if "ages_level" in column else np.full(len(first), AGES.missing)
    blocks = len(block_first)
    listed_then = (column["listing"] == 1) | (column["listing"] == LATER)
    frequency_of_forename = _where_named_alike(column["surname_level"], children, child)
    listed = _pairs(column, cell, frequency_of_forename, listed_then)
    listed_there = np.bincount(listed.cell, minlength=len(first))
    standing, standings = _standings(listed, listed_there, ages, children.infant[cell_child])
    block_address = _best(address, cell_block, blocks, ADDRESS.missing)
    block_surname = _best(cell_surname, cell_block, blocks, SURNAME.missing)
    return Evidence(
        unit_of_child=unit_of_child,
        infant=children.infant,
        cell_child=cell_child,
        cell_block=cell_block,
        cell_address=address,
        cell_surname=cell_surname,
        cell_surname_frequency=frequency,
        cell_ages=ages,
        cell_parting=_parting(address, cell_surname, block_surname[cell_block]),
        block_unit=block_unit,
        block_household=household[block_first],
        block_address=block_address,
        block_carer=_best(carer, cell_block, blocks, CARER.missing),
        block_surname=block_surname,
        block_surname_frequency=_most(frequency, cell_block, blocks),
        block_names=children.names[seats(children.members, column["member_no"][block_first])],
        block_naming=(column["listing"][block_first] != UNNAMED).astype(np.int64),
        listed=listed,
        former=_pairs(column, cell, frequency_of_forename, column["listing"] == 0),
        cells_of_child=np.argsort(cell_child, kind="stable"),
        listed_there=listed_there,
        standing=standing,
        standings=standings,
        alike=_alike(listed, len(first)),
        first_cell=first_cell,
        place_in_unit=place_in_unit,
        sizes=children.sizes,
        batches=batches(listed.cell, listed.member, cell_block, first_cell, unit_size[block_unit]),
    )


def _in_order(pair: pa.Table, children: Children) -> tuple[dict[str, np.ndarray], Wholes]:
    """The columns that weighing needs, with the kind of listing and the pattern of each pair, and its child, in order of content."""
    column = {name: _slim(name, pair.column(name).to_numpy()) for name in pair.column_names if name in READ}
    child = seats(children.number, column["child_no"])
    order = np.lexsort((both(child, column["member_no"]), both(children.unit[child], column["household_no"])))
    column = {name: values[order] for name, values in column.items()}
    seat = seats(children.members, column["member_no"])
    column["kind"] = children.kinds[seat] + len(KINDS) * (column["listing"] == LATER)
    column["pattern"] = packed(column)
    return column, child[order]


def _parting(address: Wholes, surname: Wholes, of_unit: Wholes) -> Wholes:
    """How each child parts from a home at which its unit is found: nought where its own address may be there. Shape (cells,).

    address, surname: the levels that the child reaches. of_unit: the best level of surname that any of its unit does.
    """
    other_name = (surname == len(SURNAME.levels) - 1) & (of_unit < SURNAME.missing)
    return np.where(address == len(ADDRESS.levels) - 1, np.where(other_name, OTHER_NAME, ELSEWHERE), 0)


def _where_named_alike(surname: Wholes, children: Children, child: Wholes) -> Floats:
    """How common the child's forename is among strangers: those of its surname, where the member bears it (pairs,)."""
    return np.where(surname == 0, children.forename_given_surname[child], children.forename[child])


def _alike(pairs: Pairs, cells: int) -> Floats:
    place = pairs.cell * len(KINDS) + pairs.listing % len(KINDS)
    kinds = np.bincount(place, minlength=cells * len(KINDS))
    listed = kinds.reshape(-1, len(KINDS)).sum(axis=1)
    return listed[pairs.cell] / kinds[place]


def _standings(listed: Pairs, there: Wholes, ages: Wholes, infant: Flags) -> tuple[Wholes, Standings]:
    """By which of the standings that occur each child stands to a household: shape (cells,), and the standings."""
    levels = len(BIRTH_DATE.levels)
    births = np.zeros((len(there), levels), dtype=bool)
    births.reshape(-1)[listed.cell * levels + level_of(BIRTH_DATE.of)[listed.pattern]] = True
    bits = births @ (1 << np.arange(levels))
    shape = (int(there.max(initial=0)) + 1, 1 << levels, len(AGES.levels), 2)
    code = np.ravel_multi_index((there, bits, ages, infant.astype(np.int64)), shape)
    occurs = np.bincount(code) > 0
    listed_by, bits_by, ages_by, infant_by = np.unravel_index(np.flatnonzero(occurs), shape)
    births_by = (bits_by[:, None] >> np.arange(levels)) % 2 > 0
    return (np.cumsum(occurs) - 1)[code], Standings(listed_by, births_by, ages_by, infant_by > 0)


def seats(numbers: Wholes, wanted: Wholes) -> Wholes:
    """The place of each wanted number among the numbers, which rise. They most often run without a gap, and then none is searched for."""
    if len(numbers) and int(numbers[-1] - numbers[0]) == len(numbers) - 1:
        return wanted - numbers[0]
    return np.searchsorted(numbers, wanted)


def _slim(name: str, values: np.ndarray) -> np.ndarray:
    return values.astype(np.int8) if name.endswith("_level") or name == "listing" else values


def kept(evidence: Evidence, keep: Flags) -> Evidence:
    """The evidence of some of the blocks (blocks,) alone."""
    cells = keep[evidence.cell_block]
    cell_block = (np.cumsum(keep) - 1)[evidence.cell_block[cells]]
    first_cell = (np.cumsum(cells) - 1)[evidence.first_cell[keep]]
    listed = _kept_pairs(evidence.listed, cells)
    size = np.bincount(evidence.unit_of_child)
    some = along(evidence, keep, cells) | {
        "cell_block": cell_block,
        "listed": listed,
        "former": _kept_pairs(evidence.former, cells),
        "cells_of_child": np.argsort(evidence.cell_child[cells], kind="stable"),
        "alike": evidence.alike[cells[evidence.listed.cell]],
        "first_cell": first_cell,
        "batches": batches(listed.cell, listed.member, cell_block, first_cell, size[evidence.block_unit[keep]]),
        "portions": (),
    }
    return replace(evidence, **some)


def along(evidence: Evidence, blocks: Flags | slice, cells: Flags | slice) -> dict[str, Any]:
    """What lies along blocks and along cells, of some of them."""
    of_cells = [name for name in Evidence.__slots__ if name.startswith("cell_")] + ["listed_there", "standing"]
    of_blocks = [name for name in Evidence.__slots__ if name.startswith("block_")]
    return {name: getattr(evidence, name)[cells] for name in of_cells} | {
        name: getattr(evidence, name)[blocks] for name in of_blocks
    }


def _kept_pairs(pairs: Pairs, cells: Flags) -> Pairs:
    which = cells[pairs.cell]
    return Pairs(
        cell=(np.cumsum(cells) - 1)[pairs.cell[which]],
        member=pairs.member[which],
        pattern=pairs.pattern[which],
        forename_frequency=pairs.forename_frequency[which],
        listing=pairs.listing[which],
        named=(np.cumsum(which) - 1)[pairs.named[which[pairs.named]]],
    )


def _pairs(column: Mapping[str, np.ndarray], cell: Wholes, frequency: Floats, which: Flags) -> Pairs:
    mine = frequency[which]
    return Pairs(
        cell=cell[which],
        member=column["member_no"][which],
        pattern=column["pattern"][which].astype(np.int64),
        forename_frequency=mine,
        listing=column["kind"][which],
        named=np.flatnonzero((column["forename_level"][which] == 0) & (mine > 0)),
    )


def _best(level: Wholes, group: Wholes, groups: int, missing: int) -> Wholes:
    """The strongest level in each group, missing where all are: shape (groups,)."""
    best = np.full(groups, 99, dtype=level.dtype)  # of one type with the levels, or numpy takes its slow way
    np.minimum.at(best, group, np.where(level == missing, 99, level))
    return np.where(best == 99, missing, best).astype(np.int64)


def _most(value: Floats, group: Wholes, groups: int) -> Floats:
    most = np.zeros(groups)
    np.maximum.at(most, group, value)
    return most


def units_of_at_most(unit: Wholes) -> Wholes:
    """Units split so that none has more children than the assignment can take; renumbered without gaps."""
    place, size = places_within(unit)
    most = int(size.max(initial=1))
    _, small = np.unique(unit * most + place // MOST_CHILDREN, return_inverse=True)
    return small.reshape(-1)
