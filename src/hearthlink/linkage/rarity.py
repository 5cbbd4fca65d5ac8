"""How common a child's names are, by the whole of both files: what two strangers agreeing on one is worth.

The two records that agree are not evidence of how common their name is, so they are left out of the count; what a name that nobody
else bears keeps is a stated half of one bearer. Surnames are counted by homes and families, for a family shares one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.linkage.grouping import distinct
from hearthlink.linkage.model import Flags, Floats, Wholes

UNSEEN = 0.5
"""Bearers, besides the two records that agree, that a name borne by nobody else is taken to have."""

FIRM = 15.0
"""Bearers of a surname that the share of a forename among everybody weighs as much as."""

ADULTS = ("claimant", "partner", "non_dependant")


@dataclass(frozen=True, slots=True)
class Rarity:
    """forename: share of people, surname: share of homes and families, with the child's; 0 where it has none. Shape (children,).

    given_surname: share of the people of the child's surname who bear its forename, for names of one community go together.
    """

    forename: Floats
    surname: Floats
    given_surname: Floats


@dataclass(frozen=True, slots=True)
class Bearers:
    """Who bears which name: the children and after them the members, as whole numbers, the same for the same text, -1 where empty.

    forename, surname, group: shape (children + members,); groups are told apart within a side alone. young: which members may be children, by their role (members,).
    """

    forename: Wholes
    surname: Wholes
    group: Wholes
    young: Flags
    children: int


def bearers_of(child: pa.Table, member: pa.Table) -> Bearers:
    """The names of both sides, read once. Rows as in `person`."""
    forename, surname = (_codes(child.column(name), member.column(name)) for name in ("forename", "surname"))
    group = np.concatenate([_groups(child.column("group_id")), _groups(member.column("group_id"))])
    young = ~pc.is_in(member.column("role"), pa.array(ADULTS)).to_numpy(zero_copy_only=False)
    return Bearers(forename, surname, group, young, child.num_rows)


def rarity(bearers: Bearers) -> Rarity:
    """How common each child's names are among the members who may be children and the children themselves."""
    young = bearers.young if bearers.young.any() else np.ones(len(bearers.young), dtype=bool)
    which = np.append(np.ones(bearers.children, dtype=bool), young)
    first, last, group = (codes[which] for codes in (bearers.forename, bearers.surname, bearers.group))
    forename = _share(first, bearers.children, None)
    return Rarity(forename, _share(last, bearers.children, group), _given(first, last, forename))


def _given(first: Wholes, last: Wholes, forename: Floats) -> Floats:
    """The share of forenames among the bearers of a surname, leaning on the forename's share among all: shape (children,).

    Never less than that share: a family bears one surname and each forename once, which is no sign that strangers shun it.
    """
    both, names = (first >= 0) & (last >= 0), int(first.max(initial=0)) + 1
    mine = slice(0, len(forename))
    pair = last * names + first
    borne = np.sort(pair[both])
    alike = np.searchsorted(borne, pair[mine], side="right") - np.searchsorted(borne, pair[mine])
    bearers = np.bincount(np.where(both, last, 0), both, int(last.max(initial=0)) + 1)[np.maximum(last[mine], 0)]
    share = np.asarray(np.maximum(alike - 2.0, 0.0) + FIRM * forename, dtype=np.float64)
    share = share / (np.maximum(bearers - 2.0, 0.0) + FIRM)
    return np.where(both[mine], np.maximum(share, forename), forename)


def surnames_at_home(bearers: Bearers) -> Floats:
    """How many surnames the household of each member has, one at the least: shape (members,)."""
    home, name = (codes[bearers.children :] for codes in (bearers.group, bearers.surname))
    counts = [_distinct(home, name, which) for which in (bearers.young, ~bearers.young)]
    return np.maximum(np.where(counts[0] > 0, counts[0], counts[1]), 1.0)[home]


def _distinct(group: Wholes, value: Wholes, which: Flags) -> Floats:
    """How many values occur in each group among some of the rows: shape (groups,)."""
    some = which & (value >= 0)
    values = int(value.max(initial=0)) + 1
    pairs = distinct(group[some] * values + value[some])
    return np.bincount(pairs // values, minlength=int(group.max(initial=-1)) + 1).astype(np.float64)


def _share(name: Wholes, children: int, group: Wholes | None) -> Floats:
    """The share of bearers of each child's name among all, of both sides, people or groups: shape (children,)."""
    known = name >= 0
    borne = name[known]
    if group is not None:
        groups = int(group.max(initial=0)) + 1
        side = (np.arange(len(name)) >= children)[known]
        borne = distinct((borne * 2 + side) * groups + group[known]) // (2 * groups)
    count = np.append(np.bincount(borne, minlength=int(name.max(initial=-1)) + 1), 0)
    own = name[:children]
    share = (np.maximum(count[own] - 2.0, 0.0) + UNSEEN) / max(len(borne), 1)
    return np.where(own >= 0, share, 0.0)


def _codes(one: pa.ChunkedArray, other: pa.ChunkedArray) -> Wholes:
    """A whole number for each value of the first array and then of the second, the same for the same text; -1 where empty."""
    both = pa.chunked_array([*one.cast(pa.string()).chunks, *other.cast(pa.string()).chunks], pa.string())
    # Chunk by chunk, with one dictionary for all: the texts are never put together.
    codes = [chunk.indices for chunk in both.dictionary_encode().chunks]
    return pa.chunked_array(codes, pa.int32()).fill_null(-1).to_numpy().astype(np.int64)


def _groups(ids: pa.ChunkedArray) -> Wholes:
    """A whole number for each id, the same for the same. Ids that rise, as a household's members most often lie, are told apart by neighbours."""
    ids = ids.cast(pa.string())
    if len(ids) and ids.null_count == 0:
        before, after = ids.slice(0, len(ids) - 1), ids.slice(1)
        if pc.all(pc.less_equal(before, after)).as_py() in {True, None}:
            return np.concatenate([[0], np.cumsum(pc.not_equal(before, after).to_numpy())]).astype(np.int64)
    return _codes(ids, ids.slice(0, 0))
