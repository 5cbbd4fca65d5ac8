"""Link two masked files: by the tokens that their records have in common, and with no name, date or address in sight."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hearthlink.errors import Refused, WrongUse
from hearthlink.linkage.masked import Floats, Shared, Worth, probabilities, shared, worth
from hearthlink.linkage.masked_households import Families, at_home, likeliest, listed
from hearthlink.study.matching.masked_file import Masked, is_masked, read_masked
from hearthlink.tables.match import MASKED_LINKS


def both_masked(left: Path, right: Path, *, names: object = None) -> bool:
    """Whether both files are masked. Raises WrongUse where one alone is, or where names of columns are given for masked files."""
    masked = [is_masked(path) for path in (left, right)]
    if not any(masked):
        return False
    if not all(masked):
        clear = (left, right)[masked.index(False)]
        raise WrongUse(
            "One file is masked, and this one is not.",
            file=clear.name,
            remedy="Its owner masks it with the same key: hearthlink mask PERSONS OUT --key FILE",
        )
    if names:
        raise WrongUse("A masked file has no columns to name.", column="--map", remedy="Leave --map out.")
    return True


def read_both(left: Path, right: Path) -> tuple[Masked, Masked]:
    """Two masked files that may be linked. Raises Refused where they were masked under two keys, WrongUse where they are one file."""
    sides = read_masked(left), read_masked(right)
    if sides[0].key != sides[1].key:
        raise Refused(
            "These files were masked with two different keys, so nothing in them agrees.",
            file=right.name,
            remedy="Both parties compare the fingerprints of their keys, and the one with the wrong key masks again.",
        )
    if not set(sides[0].ids).isdisjoint(sides[1].ids):
        raise WrongUse("Both are the same masked file.", file=right.name, remedy="Give the file of each party once.")
    return sides


def match_masked(left: Masked, right: Masked) -> tuple[pa.Table, tuple[str, ...]]:
    """The links of two masked files and sentences about them. One row for each record of the left, in the order of its id.

    A record that has nothing in common with any has no probabilities: whether it is on file is not known from masked files.
    """
    size = len(left.ids), len(right.ids)
    pairs = shared(left.tokens, right.tokens)
    value = worth(pairs, *size)
    chance = probabilities(pairs, value, *size)
    person, p_person, _ = likeliest(listed(pairs, chance, np.arange(size[1])), size[0])
    home, p_home, p_any = likeliest(_homes(left, right, pairs, chance), size[0])
    p_none = np.clip(1 - p_any, 0.0, 1.0)
    home_ids = right.ids if right.household is None else right.household_ids
    common = _in_common(pairs, person)
    weight = value.weight[common]
    unknown = home < 0
    is_home = p_home > p_none
    columns = {
        "left_person_id": pa.array(left.ids, pa.string()),
        "household_id": _named(home_ids, home, is_home),
        "household_probability": pa.array(p_home, mask=unknown),
        "right_person_id": _named(right.ids, person, is_home & (p_person > p_none) & (p_person > p_home - p_person)),
        "person_probability": pa.array(p_person, mask=unknown),
        "none_probability": pa.array(p_none, mask=unknown),
        "tokens_in_common": pa.array(common),
        "match_weight": pa.array(weight, mask=(common == 0) | np.isnan(weight)),
    }
    links = pa.table({name: columns[name] for name in MASKED_LINKS}).sort_by("left_person_id")
    return links, tuple(_said(left, right, links, value))


def _homes(left: Masked, right: Masked, pairs: Shared, chance: Floats) -> dict[int, dict[int, float]]:
    """Chance of each left record of being in each household of the right; where the right has none, each of its records stands alone."""
    if right.household is None:
        return listed(pairs, chance, np.arange(len(right.ids)))
    direct = listed(pairs, chance, right.household)
    if left.household is None or left.household_tokens is None or right.household_tokens is None:
        return direct
    size = len(left.household_ids), len(right.household_ids)
    near = shared(left.household_tokens, right.household_tokens)
    return at_home(direct, Families(left.household, near, probabilities(near, worth(near, *size), *size)))


def _in_common(pairs: Shared, person: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many tokens each left record shares with the record that it likeliest is."""
    made = np.zeros(len(person), np.int64)
    mine = person[pairs.left] == pairs.right
    made[pairs.left[mine]] = pairs.tokens[mine]
    return made


def _named(ids: Sequence[str], number: NDArray[np.int64], said: NDArray[np.bool_]) -> pa.Array:
    return pa.array(
        [ids[n] if yes else None for n, yes in zip(number.tolist(), said.tolist(), strict=True)], pa.string()
    )


def _said(left: Masked, right: Masked, links: pa.Table, value: Worth) -> list[str]:
    """Sentences for a person, by counts alone; what the tokens cannot tell among them."""
    persons, homes = (len(links) - links.column(name).null_count for name in ("right_person_id", "household_id"))
    alone = links.column("none_probability").null_count
    sure = links.column("none_probability").drop_null().to_numpy()
    unsure = int(np.count_nonzero(np.abs(sure - 0.5) < 0.4))
    told = [
        f"{len(left.ids):,} records to link, and {len(right.ids):,} to find them among; the key of both is {left.key}.",
        *(_worth(n, value) for n in range(1, len(value.pairs)) if value.pairs[n]),
        f"{persons:,} of {len(links):,} are found as a person; {unsure:,} answers are not sure (between 10% and 90%).",
    ]
    if right.household is not None:
        told.append(f"{homes:,} of {len(links):,} are in a household on file, listed there or not.")
    return [
        *told,
        f"{alone:,} have no token in common with anybody: not on file, or missed. Masked files cannot tell which, so they have no probability.",
        "Tokens forgive what their sets leave out and no other slip, and nobody can look at a doubtful pair: more is missed than by names.",
    ]


def _worth(number: int, value: Worth) -> str:
    tokens = "1 token" if number == 1 else f"{number} tokens"
    chance = value.probability[number]
    likely = "over 99.9%" if chance > 0.999 else f"{chance:.1%}"
    return f"{value.pairs[number]:,} pairs share {tokens}: a match with a chance of {likely} where nobody rivals it."
