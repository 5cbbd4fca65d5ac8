"""How many bedrooms a household needs, by two rules: the bedroom standard, and that of the local housing allowance."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from hearthlink.synthetic.world import TruePerson


def needed(couple: bool, adults: int, children: Iterable[TruePerson], day: date) -> int:
    """Bedrooms by the bedroom standard, as the allocation guidance under the Housing Act 1996 has it.

    One for each couple and each other person of 21 or over, one for each two of the same sex between 10 and 20, one for each
    two under 10; a child of 10 to 20 left over may share with one under 10 of the same sex.
    """
    return _rooms(couple, adults, children, day, 21)


def entitled(couple: bool, adults: int, children: Iterable[TruePerson], day: date) -> int:
    """Bedrooms by the rule of Housing Benefit, before its limit of four: as the standard, but alone from 16."""
    return _rooms(couple, adults, children, day, 16)


def _rooms(couple: bool, adults: int, children: Iterable[TruePerson], day: date, alone_from: int) -> int:
    rooms = (1 if couple else 0) + max(adults - (2 if couple else 0), 0)
    older = {"M": 0, "F": 0}
    young = {"M": 0, "F": 0}
    for child in children:
        age = (day - child.birth_date).days / 365.25
        if age >= alone_from:
            rooms += 1
        elif age >= 10:
            older[child.sex] += 1
        else:
            young[child.sex] += 1
    for sex, count in older.items():
        rooms += (count + 1) // 2
        if count % 2 and young[sex]:
            young[sex] -= 1
    return max(rooms + (sum(young.values()) + 1) // 2, 1)
