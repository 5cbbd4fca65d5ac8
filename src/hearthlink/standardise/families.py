"""Which referred children are one family: they share a parent or carer, or a home and a surname."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from hearthlink.standardise.names import surname_tokens

MOST_CHILDREN = 20
"""An adult tied to more children than this is no parent but a filler id or a member of staff."""


class Tie(Enum):
    """When an adult makes one family of the children related to them."""

    ALWAYS = "always"
    UNLESS_APART = "unless known to live apart"
    TOGETHER = "only if known to live together"
    NEVER = "never"


_NO_KIN = re.compile(
    r"FOSTER|WORKER|SOCIAL|PROFESSIONAL|TEACHER|SCHOOL|SOLICITOR|DOCTOR|NURSE|FRIEND|NEIGHBOUR|ADVOCATE|RESPITE"
)
_WIDER_KIN = re.compile(r"GRAND|AUNT|UNCLE|COUSIN|SIBLING|BROTHER|SISTER|NEPHEW|NIECE|GREAT")
_PARENT = re.compile(r"MOTHER|FATHER|PARENT|CARER|GUARDIAN|MUM|DAD|PARTNER|SPECIAL GUARDIAN|ADOPT")
_MOTHER = re.compile(r"^(?:BIRTH |NATURAL |BIOLOGICAL )?(?:MOTHER|MUM)\b")


def tie_of(relationship: str) -> Tie:
    """What an adult's relationship says of the children who share them.

    A mother ties her children wherever they live. A father, step-parent or carer ties those who are not known to live apart
    from them: half-siblings by one father often live in two households. Wider kin tie only the children they live with, and
    foster carers and professionals none.
    """
    words = relationship.upper()
    if _NO_KIN.search(words):
        return Tie.NEVER
    if _MOTHER.search(words):
        return Tie.ALWAYS
    if _PARENT.search(words) and not _WIDER_KIN.search(words):
        return Tie.UNLESS_APART
    return Tie.TOGETHER


@dataclass(frozen=True, slots=True)
class Dwelling:
    """A home of a child on the day of referral that is not communal, beside the surname the child is recorded under."""

    child_id: str
    surname: str
    uprn: str | None
    postcode: str | None
    number: str | None


def family_groups(children: Iterable[str], ties: Iterable[Sequence[str]]) -> dict[str, str]:
    """The family of each child: the smallest id among all whom a chain of ties reaches. The order of rows changes nothing.

    Args:
        children: ids; those in no tie are families of one.
        ties: ids that belong together; an id that is not among the children is passed over.

    """
    parent = {child: child for child in children}
    for tie in ties:
        members = [child for child in tie if child in parent]
        roots = [_root(parent, child) for child in members]
        if roots:
            smallest = min(roots)
            for root in roots:
                parent[root] = smallest
    return {child: _root(parent, child) for child in parent}


def _root(parent: dict[str, str], child: str) -> str:
    while parent[child] != child:
        parent[child] = parent[parent[child]]
        child = parent[child]
    return child


def adult_ties(related: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The children of each adult, from pairs of adult and child."""
    children: Mapping[str, set[str]] = _gathered(related)
    return [sorted(found) for found in children.values() if 1 < len(found) <= MOST_CHILDREN]


def dwelling_ties(homes: Iterable[Dwelling]) -> list[list[str]]:
    """Children who share a property or a postcode and number, and a part of their surname.

    A property number that stands for a whole building is often given for its flats: where the flats' numbers under one property
    differ, only those with the same number are tied.
    """
    by_property: defaultdict[tuple[str, str], list[Dwelling]] = defaultdict(list)
    by_number: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for home in homes:
        for token in surname_tokens(home.surname):
            if home.uprn is not None:
                by_property[home.uprn, token].append(home)
            if home.postcode is not None and home.number is not None:
                by_number[home.postcode, home.number, token].add(home.child_id)
    ties = [found for sharing in by_property.values() for found in _same_door(sharing)]
    return [sorted(found) for found in (*ties, *by_number.values()) if len(found) > 1]


def _same_door(sharing: Sequence[Dwelling]) -> list[set[str]]:
    numbers = {home.number for home in sharing if home.number is not None}
    if len(numbers) <= 1:
        return [{home.child_id for home in sharing}]
    return [{home.child_id for home in sharing if home.number == number} for number in numbers]


def _gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    gathered: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        gathered[one].add(other)
    return gathered
