"""Who is claimant, partner, child and other adult in hbmember: by the type's word, else by what those with that type are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.intake.declared import ROLE
from hearthlink.sources.reading.columns import Values, each, found_at, whole
from hearthlink.sources.reading.delimited import normal

LETTERS = {"c": "claimant", "p": "partner", "d": "dependant", "n": "non_dependant"}
CHILD_DAYS = 16 * 365
NEAR_IN_AGE = 12 * 365


def roles(member: pa.Table, claimant_nino: Values, start: Values) -> tuple[pa.Array, dict[str, int]]:
    """The role of each row, and notes on types whose meaning was told from the data.

    A word or its first letter says itself. The meaning of other codes is not published: a type whose people mostly carry the National
    Insurance number of their claim is the claimant; one whose people are mostly under sixteen is a dependant; of the others one whose
    people are mostly within twelve years of the claimant's age is the partner, and the rest are non-dependants.
    """
    kind = member.column("type")
    said = each(kind, _said, pa.string())
    told: dict[str, str] = {}
    for code in sorted({code for code in pc.unique(kind.filter(pc.is_null(said))).to_pylist() if code}):
        role = _meaning(member, whole(pc.fill_null(pc.equal(kind, code), fill_value=False)), claimant_nino, start)
        told[code] = "partner" if role == "claimant" and "claimant" in told.values() else role
    taken = each(kind, lambda code: told.get(code) if code else None, pa.string())
    role = whole(pc.coalesce(said, taken))
    notes = {
        f"type taken for {word.replace('_', ' ')}, by who they are": int(pc.sum(pc.equal(taken, word)).as_py() or 0)
        for word in told.values()
    }
    return role, {note: rows for note, rows in notes.items() if rows}


def _said(code: str | None) -> str | None:
    if not code:
        return None
    word = normal(code)
    role = LETTERS.get(word)
    if role is None and not word.isdigit():
        role = ROLE.get(word)
    return role


def _meaning(member: pa.Table, mask: Values, claimant_nino: Values, start: Values) -> str:
    of = member.filter(mask)
    own = pc.fill_null(pc.equal(of.column("nino"), claimant_nino.filter(mask)), fill_value=False)
    young = pc.subtract(start.filter(mask).cast(pa.int32()), of.column("birth_date").cast(pa.int32()))
    rows = of.num_rows
    if 2 * int(pc.sum(own).as_py() or 0) > rows:
        return "claimant"
    if 2 * int(pc.sum(pc.less(young, CHILD_DAYS)).as_py() or 0) > rows:
        return "dependant"
    apart = np.abs(_of_claimant(member, claimant_nino, mask) - of.column("birth_date").cast(pa.int32()).to_numpy())
    return "partner" if np.isfinite(apart).any() and np.nanmedian(apart) < NEAR_IN_AGE else "non_dependant"


def _of_claimant(member: pa.Table, claimant_nino: Values, mask: pa.Array) -> npt.NDArray[np.float64]:
    """The birth date, as days, of the claimant of each row's split, told by the claim's own number; not a number where unknown."""
    split = whole(pc.binary_join_element_wise(member.column("claim_id"), member.column("house_id"), "\x1f"))
    own = whole(pc.fill_null(pc.equal(member.column("nino"), claimant_nino), fill_value=False))
    birth = whole(member.column("birth_date")).cast(pa.int32()).filter(own)
    place = found_at(split.filter(mask), split.filter(own))
    return birth.take(place).cast(pa.float64()).to_numpy(zero_copy_only=False)
