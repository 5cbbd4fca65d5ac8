"""Topics as the attack takes them: groups of children that add up, groups that are the same in two topics, and groups within others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hearthlink.disclosure.asked import NOBODY, ON_DAY, Asked, Key, Part
from hearthlink.disclosure.nesting import Within, families, within
from hearthlink.disclosure.policy import Policy, Verdict
from hearthlink.disclosure.state import Place, Shown, places

HIGHEST = "stage_six_months"
REACHED = (
    "assessment_six_months", "section47_six_months", "cin_plan_six_months", "protection_plan_six_months", "looked_after_six_months",
)  # fmt: skip
"""The highest stage within six months, and whether each was reached: who got to one as their highest did reach it."""

REST = "\0rest"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some topics that tell of each other, with every question that asks them. Number 0 is all children, each other number a group.

    `places` holds for each number the topics and groups that it is; `sizes` its children; `parts` its figures for each question that
    asks it. `partitions` are numbers that add up to all children, `inside` pairs of which the first is part of the second. `rests` are
    numbers that stand for the children of no group. `families` numbers the questions that tell of each other.
    """

    places: tuple[tuple[Place, ...], ...]
    sizes: tuple[int, ...]
    parts: Mapping[Key, Mapping[int, Part]]
    partitions: tuple[tuple[int, ...], ...]
    inside: tuple[tuple[int, int], ...]
    rests: frozenset[int]
    nested: tuple[Within, ...]
    families: Mapping[Key, int]

    def of(self, keys: Sequence[Key]) -> Sheet:
        """The same for some of its questions alone."""
        parts = {key: self.parts[key] for key in keys if key in self.parts}
        nested = tuple(one for one in self.nested if one.inner in parts and one.outer in parts)
        return replace(self, parts=parts, nested=nested, families=dict.fromkeys(parts, 0))


@dataclass(frozen=True, slots=True)
class Links:
    """Groups of different topics that are the same children, each by the first of them; and groups that lie within others."""

    same: Mapping[Place, Place]
    inside: tuple[tuple[Place, Place], ...]


def links(topics: Mapping[str, Asked]) -> Links:
    """What groups of different topics have to do with each other: told by their words, or by all their figures being the same.

    Figures that are the same by chance hold back more than need be, never less. A group too small to be printed is left out.
    """
    same: dict[Place, Place] = {}
    seen: dict[tuple[float, ...], Place] = {}
    for topic in topics.values():
        for place in places(topic):
            part = topic.parts.get(ON_DAY, {}).get(place[1])
            if part is None or part.children < 2:
                continue
            first = seen.setdefault((part.children, round(part.having, 6)), place)
            if first != place and first[0] != place[0] and _alike(topics, first, place):
                same[place] = first
    inside: list[tuple[Place, Place]] = []
    highest = topics.get(HIGHEST)
    for name in REACHED if highest is not None else ():
        reached = topics.get(name)
        if highest is None or reached is None:
            continue
        inside += [((HIGHEST, group), (name, other)) for group in highest.groups for other in reached.groups
                   if group == other and (name, other) not in same and (HIGHEST, group) not in same]  # fmt: skip
    return Links(same, tuple(one for one in inside if _holds(topics, *one)))


def _alike(topics: Mapping[str, Asked], one: Place, other: Place) -> bool:
    return _holds(topics, one, other) and _holds(topics, other, one)


def _holds(topics: Mapping[str, Asked], small: Place, large: Place) -> bool:
    """Whether no figure of a group is more than that of another."""
    inner, outer = topics[small[0]].parts, topics[large[0]].parts
    pairs = [(inner[key][small[1]], outer[key][large[1]]) for key in inner if key in outer]
    return bool(pairs) and all(
        a.children <= b.children and a.having <= b.having + NOBODY and a.lacking <= b.lacking + NOBODY and a.unseen <= b.unseen + NOBODY
        for a, b in pairs
    )  # fmt: skip


def clusters(topics: Iterable[str], found: Links) -> list[tuple[str, ...]]:
    """The topics in sets that tell of each other."""
    order = list(topics)
    sets = [{name} for name in order]
    for one, other in (*found.same.items(), *found.inside):
        met = [names for names in sets if one[0] in names or other[0] in names]
        sets = [names for names in sets if names not in met]
        sets.append({name for names in met for name in names})
    return sorted(
        (tuple(name for name in order if name in names) for names in sets), key=lambda names: order.index(names[0])
    )


def sheet(topics: Sequence[Asked], found: Links, whole: Mapping[Key, Part], policy: Policy) -> Sheet:
    """The topics as one sheet: a group that is the same in two of them stands once."""
    numbers: dict[Place, int] = {}
    named: list[list[Place]] = [[]]
    parts: dict[Key, dict[int, Part]] = {}
    partitions: list[tuple[int, ...]] = []
    rests: set[int] = set()
    for topic in topics:
        mine: list[int] = []
        left = _left(topic, whole, policy)
        for place in (*places(topic), *([(topic.topic, REST)] if left else [])):
            first = found.same.get(place, place)
            number = numbers.setdefault(first, len(named))
            if number == len(named):
                named.append([])
            named[number].append(place)
            mine.append(number)
            for key, groups in topic.parts.items():
                parts.setdefault(key, {0: whole[key]}).setdefault(
                    number, left[key] if place[1] == REST else groups[place[1]]
                )
        if left:
            rests.add(mine[-1])
        if not topic.overlapping:
            partitions.append(tuple(mine))
    sizes = tuple(
        next(part[number].children for part in parts.values() if number in part) for number in range(len(named))
    )
    sets = families(whole)
    nested = tuple(one for family in sets for one in _within([key for key in family if key in parts], parts))
    inside = tuple((numbers[one], numbers[other]) for one, other in found.inside if one in numbers and other in numbers)
    numbered = {key: number for number, family in enumerate(sets) for key in family}
    return Sheet(
        tuple(tuple(one) for one in named), sizes, parts, tuple(partitions), inside, frozenset(rests), nested, numbered,
    )  # fmt: skip


def _within(family: Sequence[Key], parts: Mapping[Key, Mapping[int, Part]]) -> list[Within]:
    """What lies within what in every group that both questions ask."""
    found: list[Within] = []
    for place, one in enumerate(family):
        for other in family[place + 1 :]:
            both = [number for number in parts[one] if number in parts[other]]
            found += within((one, other), {key: [parts[key][number] for number in both] for key in (one, other)})
    return found


def _left(topic: Asked, whole: Mapping[Key, Part], policy: Policy) -> dict[Key, Part]:
    """The children of no group, where the groups are not all: a figure of theirs that is small, or leaves few, is protected too."""
    if topic.overlapping:
        return {}
    made = {key: _rest(whole[key], list(parts.values()), policy) for key, parts in topic.parts.items()}
    return made if any(part.children for part in made.values()) else {}


def _rest(whole: Part, ones: Sequence[Part], policy: Policy) -> Part:
    children = max(0, whole.children - sum(part.children for part in ones))
    observed = max(0.0, whole.observed - sum(part.observed for part in ones))
    having = min(observed, max(0.0, whole.having - sum(part.having for part in ones)))
    unseen = observed if whole.fixed else children - observed
    small = (children, min(observed, unseen), min(having, observed - having))
    first, second, third = (Verdict.SMALL if one < policy.threshold else Verdict.RELEASE for one in small)
    return Part(children, observed, having, (first, second, third), {}, whole.fixed)


def apart(found: Links, topics: Mapping[str, Asked], shown: Shown, least: int) -> None:
    """The same group is held back in every topic where it is in one; of one within another with few between, the outer is held back."""
    for other, first in found.same.items():
        _alike_shown(first, other, topics, shown)
    for small, large in found.inside:
        inner, outer = topics[small[0]].parts, topics[large[0]].parts
        for key in inner:
            if key not in outer:
                continue
            a, b = inner[key][small[1]], outer[key][large[1]]
            if shown.shows_children(small) and shown.shows_children(large) and b.children - a.children < least:
                shown.hold_children(large)
            if (
                shown.shows_observed(key, small)
                and shown.shows_observed(key, large)
                and _near((b.observed - a.observed, *(() if a.fixed else (b.unseen - a.unseen,))), least)
            ):
                shown.hold_observed(key, large)
            if (
                shown.shows_having(key, small)
                and shown.shows_having(key, large)
                and _near((b.having - a.having, b.lacking - a.lacking), least)
            ):
                shown.hold_having(key, large)


def _near(gaps: Sequence[float], least: int) -> bool:
    return min(gaps) < least


def _alike_shown(one: Place, other: Place, topics: Mapping[str, Asked], shown: Shown) -> None:
    """Hold back in each of two places what is held back in the other."""
    pairs = ((one, other), (other, one))
    for place, twin in pairs:
        if not shown.shows_children(place) and shown.shows_children(twin):
            shown.hold_children(twin)
        for key in topics[one[0]].parts:
            if key not in topics[other[0]].parts:
                continue
            if not shown.shows_observed(key, place) and shown.shows_observed(key, twin):
                shown.hold_observed(key, twin)
            if not shown.shows_having(key, place) and shown.shows_having(key, twin):
                shown.hold_having(key, twin)
