"""Forename and surname in the wrong columns throughout one file: found by holding its names against the other file's."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hearthlink.standardise.given import FEW, Given
from hearthlink.standardise.letters import plain

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


def _turned(side: Given) -> Given:
    columns = side.columns
    return replace(side, columns={**columns, "forename": columns["surname"], "surname": columns["forename"]})


def _names(side: Given, kind: str) -> Counter[str]:
    return Counter(plain(text) for text in side.text(kind).drop_null().to_pylist())


def _among(names: Counter[str], others: Counter[str]) -> float:
    """The share of one file's names that the other has too."""
    return sum(count for name, count in names.items() if name in others) / max(sum(names.values()), 1)


def _shared_at_home(side: Given, kind: str) -> float:
    """The share of names that somebody else of the same family or household bears."""
    group = side.text("household_id" if side.has("household_id") else "family_id").to_pylist()
    rows = [(home, name) for home, name in zip(group, side.text(kind).to_pylist(), strict=True) if home and name]
    counts = Counter(rows)
    return sum(count for count in counts.values() if count > 1) / max(len(rows), 1)
