"""Which figures of the measures lie within which: windows within longer ones, and an event within one that is made of several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Literal

from hearthlink.disclosure.asked import NOBODY, ON_DAY, Key, Part
from hearthlink.tables.definitions import MEASURES

Figure = Literal["having", "lacking", "unseen"]
FIGURES: tuple[Figure, ...] = ("having", "lacking", "unseen")
VALUE: dict[Figure, Callable[[Part], float]] = {
    "having": lambda part: part.having,
    "lacking": lambda part: part.lacking,
    "unseen": lambda part: part.unseen,
}
LONGER: dict[str, tuple[str, ...]] = {
    "on_day": ("before_3", "before_12", "before_24", "after_12"),
    "before_3": ("before_12", "before_24"),
    "before_12": ("before_24",),
}
"""The windows that contain each window."""

MONTHS_BEFORE = {"before_3": 3, "before_12": 12, "before_24": 24}
"""How many months before the referral each window reaches back."""

FIRST_KEPT = ("on_day", "before_12", "before_24", "before_3", "after_12")
"""Of two windows that tell too much beside each other, the earlier named here is kept."""


@dataclass(frozen=True, slots=True)
class Within:
    """One figure of a question lies within one of another, in every group."""

    inner: Key
    inside: Figure
    outer: Key
    outside: Figure


def families(keys: Iterable[Key]) -> list[tuple[Key, ...]]:
    """The questions in sets that can tell of each other, each with those to be kept first before the others."""
    sets: list[list[Key]] = []
    for key in sorted(keys, key=kept_first):
        met = [one for one in sets if any(related(key, other) or related(other, key) for other in one)]
        sets = [one for one in sets if one not in met]
        sets.append([*(other for one in met for other in one), key])
    return [tuple(sorted(one, key=kept_first)) for one in sets]


def kept_first(key: Key) -> tuple[bool, int, int, Key]:
    """The order in which questions are kept: the headline, then events made of several, then by window."""
    measure = MEASURES.get(key[0])
    parts = 0 if measure is None else len(measure.columns)
    return key != ON_DAY, -parts, FIRST_KEPT.index(key[1]) if key[1] in FIRST_KEPT else len(FIRST_KEPT), key


def within(family: Sequence[Key], groups: Mapping[Key, Sequence[Part]]) -> list[Within]:
    """What may be taken to lie within what, since it does in every group: a reader may know it from the definitions.

    `groups` holds each question's parts, in one order of groups.
    """
    found: list[Within] = []
    for inner, outer in permutations(family, 2):
        if not related(inner, outer):
            continue
        pairs = list(zip(groups[inner], groups[outer], strict=True))
        for inside in FIGURES:
            one = VALUE[inside]
            if all(one(small) <= one(large) + NOBODY for small, large in pairs):
                found.append(Within(inner, inside, outer, inside))
            if all(one(large) <= one(small) + NOBODY for small, large in pairs):
                found.append(Within(outer, inside, inner, inside))
    return found


@dataclass(frozen=True, slots=True)
class Around:
    """A printed number of children with an event in some months from the referral, and whose it is: of whom, and of which measure."""

    measure: str
    series: str
    first: int
    last: int
    having: float


def too_near(measure: str, inside: Around, printed: Sequence[Around], least: int) -> bool:
    """Whether a printed number holds this one within it with so few between them that the few could be had by subtraction."""
    return any(
        one.series == inside.series and one.first <= inside.first and inside.last <= one.last
        and (one.measure == measure or part_of_event(measure, one.measure)) and 0 <= one.having - inside.having < least
        for one in printed
    )  # fmt: skip


def part_of_event(inner: str, outer: str) -> bool:
    """Whether an event is one of those that another is made of."""
    one, other = MEASURES.get(inner), MEASURES.get(outer)
    if one is None or other is None or not one.kind == other.kind == "event":
        return False
    return set(one.columns) < set(other.columns)


def related(inner: Key, outer: Key) -> bool:
    """Whether an inner question may lie within an outer one: a shorter window of it, or a part of what it is made of."""
    same, short, long = inner[0] == outer[0], inner[1], outer[1]
    if same:
        return long in LONGER.get(short, ())
    return part_of_event(inner[0], outer[0]) and (short == long or long in LONGER.get(short, ()))
