"""What is shown of every figure of the measures while the checks go on: figures are only ever held back, never shown again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hearthlink.disclosure.asked import Asked, Key, Part
from hearthlink.disclosure.policy import Verdict, released, worst
from hearthlink.disclosure.shares import WHOLE

EVERYBODY = ""
"""The one group of the topic of all children."""
Place = tuple[str, str]
"""A topic and a group."""
TOP: Place = (WHOLE, EVERYBODY)


@dataclass(slots=True)
class Shown:
    """The verdicts so far. Children are shown before those observed, and those before the ones of whom it is true.

    `noughts` are the groups of whom it is printed that they have no children: to hold that back would hide nothing.
    """

    children: dict[Place, Verdict] = field(default_factory=dict[Place, Verdict])
    observed: dict[tuple[Key, Place], Verdict] = field(default_factory=dict[tuple[Key, Place], Verdict])
    having: dict[tuple[Key, Place], Verdict] = field(default_factory=dict[tuple[Key, Place], Verdict])
    reasons: dict[tuple[Key, str], Verdict] = field(default_factory=dict[tuple[Key, str], Verdict])
    noughts: set[Place] = field(default_factory=set[Place])

    def shows_children(self, place: Place) -> bool:
        """Whether the number of children of a group is shown."""
        return released(self.children[place])

    def shows_observed(self, key: Key, place: Place) -> bool:
        """Whether the number observed is shown."""
        return self.shows_children(place) and released(self.observed[key, place])

    def shows_having(self, key: Key, place: Place) -> bool:
        """Whether the number of whom it is true is shown."""
        return self.shows_observed(key, place) and released(self.having[key, place])

    def hold_children(self, place: Place, verdict: Verdict = Verdict.SUBTRACTION) -> None:
        """Hold back a group's number of children, and with it all else of the group."""
        if place in self.noughts:
            return
        self.children[place] = worst([self.children[place], verdict])

    def hold_observed(self, key: Key, place: Place, verdict: Verdict = Verdict.SUBTRACTION) -> None:
        """Hold back the number observed, and with it those of whom it is true."""
        if place in self.noughts:
            return
        self.observed[key, place] = worst([self.observed[key, place], verdict])

    def hold_having(self, key: Key, place: Place, verdict: Verdict = Verdict.SUBTRACTION) -> None:
        """Hold back the number of whom it is true."""
        if place in self.noughts:
            return
        self.having[key, place] = worst([self.having[key, place], verdict])

    def shows_reason(self, key: Key, reason: str) -> bool:
        """Whether the number not seen for a reason is shown."""
        return self.shows_observed(key, TOP) and released(self.reasons[key, reason])

    def hold_reason(self, key: Key, reason: str, verdict: Verdict = Verdict.SUBTRACTION) -> None:
        """Hold back the number not seen for a reason."""
        self.reasons[key, reason] = worst([self.reasons[key, reason], verdict])


def places(topic: Asked) -> tuple[Place, ...]:
    """A topic's groups as places."""
    return tuple((topic.topic, group) for group in topic.groups)


def started(topics: Mapping[str, Asked], whole: Mapping[Key, Part]) -> Shown:
    """Each figure by its own verdict."""
    shown = Shown()
    for key, part in whole.items():
        _start(shown, key, TOP, part)
    for topic in topics.values():
        for key, parts in topic.parts.items():
            for group, part in parts.items():
                _start(shown, key, (topic.topic, group), part)
    return shown


def _start(shown: Shown, key: Key, place: Place, part: Part) -> None:
    if part.nought:
        shown.noughts.add(place)
    shown.children[place] = worst([shown.children.get(place, Verdict.RELEASE), part.own[0]])
    shown.observed[key, place] = part.own[1]
    shown.having[key, place] = part.own[2]


def cascade(shown: Shown, topics: Mapping[str, Asked]) -> None:
    """What is held back of all children is held back of every group."""
    for topic in topics.values():
        for key in topic.parts:
            for place in places(topic):
                if (key, place) not in shown.observed:
                    continue
                if not shown.shows_observed(key, TOP):
                    shown.hold_observed(key, place)
                elif not shown.shows_having(key, TOP):
                    shown.hold_having(key, place)
