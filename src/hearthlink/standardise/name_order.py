"""Forename and surname in each other's column, throughout one file or in some rows: found by what the names are elsewhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import log

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.standardise.distinct import each_distinct
from hearthlink.standardise.given import FEW, OFTEN, Given
from hearthlink.standardise.letters import plain

CLEARLY = 12
"""How many times likelier than not the two names of a row must stand in each other's column, by how often each is which, to be turned."""

OF_THE_HOUSE = 50
"""How many times likelier a forename that is the surname of others of the home, beside a surname that none of them bears, is a surname."""

FAR_MORE = 1.5
"""How many times oftener the names of one file must be among the other's names of the other kind than among those of their own."""


def in_one_order(sides: tuple[Given, Given]) -> tuple[tuple[Given, Given], list[str]]:
    """Both files with forename and surname where the other has them, and what to say of it.

    The file that is turned is the one whose families and households share what it calls forenames, else the right.
    """
    if not all(side.has("forename") and side.has("surname") for side in sides):
        return sides, []
    names = [{kind: _names(side, kind) for kind in ("forename", "surname")} for side in sides]
    own = sum(_among(names[1][kind], names[0][kind]) for kind in names[0])
    other = _among(names[1]["forename"], names[0]["surname"]) + _among(names[1]["surname"], names[0]["forename"])
    few = min(sum(found.values()) for side in names for found in side.values()) < FEW
    if few or other < FAR_MORE * own or other < 0.2:
        return sides, []
    turned = 0 if _shared_at_home(sides[0], "forename") > _shared_at_home(sides[0], "surname") else 1
    made = [_turned(side) if n == turned else side for n, side in enumerate(sides)]
    said = f"names on the {sides[turned].which}: forename and surname stand in each other's column, and are taken so"
    return (made[0], made[1]), [said]


def each_in_order(sides: tuple[Given, Given]) -> tuple[tuple[Given, Given], list[str]]:
    """Both files with the names of single rows in the right columns, and what to say of it.

    A row is turned where its forename is oftener a surname, over both files, and its surname oftener a forename, the surnames of those
    it lives with counting most: one rule for both files, so that who is turned by chance is turned in either.
    """
    if not all(side.has("forename") and side.has("surname") for side in sides):
        return sides, []
    counts = {kind: sum((_names(side, kind) for side in sides), Counter[str]()) for kind in ("forename", "surname")}
    turned: list[Given] = []
    said: list[str] = []
    for side in sides:
        forename, surname = side.text("forename"), side.text("surname")
        odds = pc.add(
            _odds_of(forename, counts["surname"], counts["forename"]),
            _odds_of(surname, counts["forename"], counts["surname"]),
        )
        odds = pc.add(odds, pc.multiply(_of_the_house(side).cast(pa.float64()), log(OF_THE_HOUSE)))
        surely = pc.fill_null(pc.greater_equal(odds, log(CLEARLY)), False)
        share = pc.mean(surely.cast(pa.float64())).as_py() or 0.0
        columns = {"forename": pc.if_else(surely, surname, forename), "surname": pc.if_else(surely, forename, surname)}
        turned.append(replace(side, columns={**side.columns, **columns}) if share else side)
        if share >= OFTEN:
            said.append(
                f"names on the {side.which}: in {share:.0%} of rows forename and surname stand in each other's column"
            )
    return (turned[0], turned[1]), said


def _odds_of(names: pa.ChunkedArray, other: Counter[str], own: Counter[str]) -> pa.ChunkedArray:
    """How much likelier each name is of the other kind than of its own, as a logarithm; empty where there is no name."""
    (odds,) = each_distinct(
        names, lambda name: (log((other[plain(name)] + 0.5) / (own[plain(name)] + 0.5)),), (pa.float64(),)
    )
    return odds


def _of_the_house(side: Given) -> pa.ChunkedArray:
    """Whether each row's forename is the surname of others of its household or family, and its surname that of none of them."""
    group = side.text("household_id" if side.has("household_id") else "family_id")
    rows = pa.table({"group": group, "person": side.text("person_id"), "name": _plainly(side.text("surname"))})
    bearers = rows.drop_null().group_by(["group", "name"]).aggregate([("person", "count_distinct")])
    shared = bearers.filter(pc.greater(bearers.column("person_count_distinct"), 1))

    def among(kept: pa.Table, names: pa.ChunkedArray) -> pa.ChunkedArray:
        keys = pc.binary_join_element_wise(kept.column("group"), kept.column("name"), "\x1f").combine_chunks()
        return pc.is_in(pc.binary_join_element_wise(group, names, "\x1f"), value_set=keys)

    forename, surname = _plainly(side.text("forename")), rows.column("name")
    differ = pc.fill_null(pc.not_equal(forename, surname), False)
    return pc.and_(pc.and_(among(bearers, forename), differ), pc.invert(among(shared, surname)))


def _plainly(names: pa.ChunkedArray) -> pa.ChunkedArray:
    (made,) = each_distinct(names, lambda name: (plain(name),), (pa.string(),))
    return made


def _turned(side: Given) -> Given:
    columns = side.columns
    return replace(side, columns={**columns, "forename": columns["surname"], "surname": columns["forename"]})


def _names(side: Given, kind: str) -> Counter[str]:
    counted = pc.value_counts(side.text(kind).drop_null())
    made: Counter[str] = Counter()
    for text, count in zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True):
        made[plain(text)] += count
    return made


def _among(names: Counter[str], others: Counter[str]) -> float:
    """The share of one file's names that the other has too."""
    return sum(count for name, count in names.items() if name in others) / max(sum(names.values()), 1)


def _shared_at_home(side: Given, kind: str) -> float:
    """The share of names that somebody else of the same family or household bears."""
    group = side.text("household_id" if side.has("household_id") else "family_id").to_pylist()
    rows = [(home, name) for home, name in zip(group, side.text(kind).to_pylist(), strict=True) if home and name]
    counts = Counter(rows)
    return sum(count for count in counts.values() if count > 1) / max(len(rows), 1)
