"""Who takes part in a study, in which roles, and which roles one person may hold together: the smallest lawful team follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from itertools import combinations

from hearthlink.governance.roles import Role


class Part(Enum):
    """A part in a study: the roles that reach a room, and beside them who writes the protocol and who approves it."""

    AUTHOR = "author"
    APPROVER = "approver"
    CUSTODIAN = Role.CUSTODIAN.value
    LINKER = Role.LINKER.value
    REVIEWER = Role.REVIEWER.value
    ANALYST = Role.ANALYST.value
    OUTPUT_CHECKER = Role.OUTPUT_CHECKER.value


NEEDED: dict[Part, int] = {
    Part.AUTHOR: 1,
    Part.APPROVER: 2,
    Part.CUSTODIAN: 1,
    Part.LINKER: 1,
    Part.REVIEWER: 1,
    Part.ANALYST: 1,
    Part.OUTPUT_CHECKER: 2,
}
"""How many different people each part needs at least. Two approve the protocol, and two clear what leaves."""

APART: dict[frozenset[Part], str] = {
    frozenset({Part.AUTHOR, Part.APPROVER}): "nobody approves a protocol that they wrote",
    frozenset({Part.ANALYST, Part.APPROVER}): "nobody approves their own use of the data",
    frozenset({Part.CUSTODIAN, Part.LINKER}): "the custodian opens needs, and whoever links must not know them",
    frozenset(
        {Part.CUSTODIAN, Part.REVIEWER}
    ): "the custodian opens needs, and whoever reviews pairs must not know them",
    frozenset({Part.CUSTODIAN, Part.ANALYST}): "the custodian opens names, and whoever analyses must not know them",
    frozenset({Part.LINKER, Part.ANALYST}): "the linker opens names, and whoever analyses must not know them",
    frozenset({Part.REVIEWER, Part.ANALYST}): "the reviewer sees names, and whoever analyses must not know them",
    frozenset({Part.LINKER, Part.OUTPUT_CHECKER}): "the linker opens names, and the checker sees the research tables",
    frozenset(
        {Part.REVIEWER, Part.OUTPUT_CHECKER}
    ): "the reviewer sees names, and the checker sees the research tables",
    frozenset({Part.ANALYST, Part.OUTPUT_CHECKER}): "nobody clears their own results",
}
"""Parts that no one person may hold together, and why. Every other pair may be one person's."""

SMALLEST: dict[str, tuple[Part, ...]] = {
    "The analyst": (Part.AUTHOR, Part.ANALYST),
    "Whoever keeps the extracts": (Part.CUSTODIAN, Part.OUTPUT_CHECKER),
    "Whoever links": (Part.LINKER, Part.REVIEWER, Part.APPROVER),
    "The information-governance officer": (Part.APPROVER, Part.OUTPUT_CHECKER),
}
"""A smallest team: four people. Three cannot do it: custodian, linker and analyst are three, and of these only the custodian may clear results."""


def clashes(parts: Iterable[Part]) -> list[str]:
    """Why one person may not hold these parts together, a sentence a pair; none where they may."""
    return [
        f"{first.value} and {second.value} are for two people, for {APART[frozenset({first, second})]}"
        for first, second in combinations(dict.fromkeys(parts), 2)
        if frozenset({first, second}) in APART
    ]


def lacking(held: Mapping[str, Iterable[Part]]) -> list[str]:
    """What a team still needs: each part that fewer people hold than must."""
    count = {part: sum(part in set(parts) for parts in held.values()) for part in Part}
    return [
        f"{part.value}: {needed} {'is' if needed == 1 else 'are'} needed, and {count[part]} named"
        for part, needed in NEEDED.items()
        if count[part] < needed
    ]
