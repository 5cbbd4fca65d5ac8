"""How common a child's names are, by the whole of both files: what two strangers agreeing on one is worth.

The two records that agree are not evidence of how common their name is, so they are left out of the count; what a name that nobody
else bears keeps is a stated half of one bearer. Surnames are counted by homes and families, for a family shares one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.linkage.model import Flags, Floats, Wholes

UNSEEN = 0.5
"""Bearers, besides the two records that agree, that a name borne by nobody else is taken to have."""

FIRM = 15.0
"""Bearers of a surname that the share of a forename among everybody weighs as much as."""

ADULTS = pa.array(["claimant", "partner", "non_dependant"])


@dataclass(frozen=True, slots=True)
class Rarity:
    """forename: share of people, surname: share of homes and families, with the child's; 0 where it has none. Shape (children,).

    given_surname: share of the people of the child's surname who bear its forename, for names of one community go together.
    """

    forename: Floats
    surname: Floats
    given_surname: Floats


def rarity(child: pa.Table, member: pa.Table) -> Rarity:
    """How common each child's names are among the members who may be children and the children themselves. Rows as in `person`."""
    young = member.filter(pc.invert(pc.is_in(member.column("role"), ADULTS)))
    young = young if young.num_rows else member
    forename = _share(child.column("forename"), young.column("forename"), None, None)
    return Rarity(
        forename,
        _share(child.column("surname"), young.column("surname"), child.column("group_id"), young.column("group_id")),
        _given(child, young, forename),
    )


def _given(child: pa.Table, member: pa.Table, forename: Floats) -> Floats:
    """The share of forenames among the bearers of a surname, leaning on the forename's share among all: shape (children,).

    Never less than that share: a family bears one surname and each forename once, which is no sign that strangers shun it.
    """
    first = _codes(child.column("forename"), member.column("forename"))
    last = _codes(child.column("surname"), member.column("surname"))
    both, names = (first >= 0) & (last >= 0), int(first.max(initial=0)) + 1
    _, pair = np.unique(np.where(both, last * names + first, -1), return_inverse=True)
    pair = pair.reshape(-1)
    mine = slice(0, len(forename))
    alike = np.bincount(pair, both)[pair[mine]]
    bearers = np.bincount(np.where(both, last, 0), both, int(last.max(initial=0)) + 1)[np.maximum(last[mine], 0)]
    share = np.asarray(np.maximum(alike - 2.0, 0.0) + FIRM * forename, dtype=np.float64)
    share = share / (np.maximum(bearers - 2.0, 0.0) + FIRM)
    return np.where(both[mine], np.maximum(share, forename), forename)


def surnames_at_home(member: pa.Table) -> Floats:
    """How many surnames the household of each member has, one at the least: shape (members,). Rows as in `person`."""
    home = _codes(member.column("group_id"), member.column("group_id").slice(0, 0))
    name = _codes(member.column("surname"), member.column("surname").slice(0, 0))
    young = ~pc.is_in(member.column("role"), ADULTS).to_numpy(zero_copy_only=False)
    counts = [_distinct(home, name, which) for which in (young, ~young)]
    return np.maximum(np.where(counts[0] > 0, counts[0], counts[1]), 1.0)[home]


def _distinct(group: Wholes, value: Wholes, which: Flags) -> Floats:
    """How many values occur in each group among some of the rows: shape (groups,)."""
    some = which & (value >= 0)
    values = int(value.max(initial=0)) + 1
    pairs = np.unique(group[some] * values + value[some])
    return np.bincount(pairs // values, minlength=int(group.max(initial=-1)) + 1).astype(np.float64)


def _share(
    mine: pa.ChunkedArray,
    theirs: pa.ChunkedArray,
    my_group: pa.ChunkedArray | None,
    their_group: pa.ChunkedArray | None,
) -> Floats:
    """The share of bearers of each of my names among all, mine and theirs, people or groups: shape (mine,)."""
    name = _codes(mine, theirs)
    side = np.arange(len(name)) >= len(mine)
    group = np.arange(len(name)) if my_group is None or their_group is None else _codes(my_group, their_group)
    known = name >= 0
    groups = int(group.max(initial=0)) + 1
    bearers = np.unique((name[known] * 2 + side[known]) * groups + group[known])
    count = np.append(np.bincount(bearers // (2 * groups), minlength=int(name.max(initial=-1)) + 1), 0)
    own = name[: len(mine)]
    share = (np.maximum(count[own] - 2.0, 0.0) + UNSEEN) / max(len(bearers), 1)
    return np.where(own >= 0, share, 0.0)


def _codes(one: pa.ChunkedArray, other: pa.ChunkedArray) -> Wholes:
    """A whole number for each value of the first array and then of the second, the same for the same text; -1 where empty."""
    both = pa.chunked_array([*one.cast(pa.string()).chunks, *other.cast(pa.string()).chunks], pa.string())
    codes = both.combine_chunks().dictionary_encode()
    return codes.indices.fill_null(-1).to_numpy().astype(np.int64)
