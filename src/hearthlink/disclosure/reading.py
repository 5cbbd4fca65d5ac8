"""What a reader of every table knows of one topic, and the figures of it that are not to be worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from hearthlink.disclosure.asked import Asked, Key, Part
from hearthlink.disclosure.attack import Programme, Target
from hearthlink.disclosure.nesting import FIGURES, Within, families, within
from hearthlink.disclosure.policy import Policy, Verdict, released
from hearthlink.disclosure.state import TOP, Place, Shown

Trio = tuple[int, int, int]
"""The variables of those having, lacking and unseen."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One topic: for each question its parts, all children first, then the groups in order; and what of them lies within what.

    `rest` says that the last group stands for the children who are in no group of the topic.
    """

    topic: str
    groups: tuple[str, ...]
    parts: Mapping[Key, tuple[Part, ...]]
    nested: tuple[Within, ...]
    families: Mapping[Key, int]
    overlapping: bool
    rest: bool

    def place(self, number: int) -> Place:
        """The place of a part."""
        return (self.topic, self.groups[number - 1]) if number else TOP


def sheet(topic: Asked, whole: Mapping[Key, Part], policy: Policy) -> Sheet:
    """The topic with all children before its groups, and the rest after them where the groups are not all."""
    groups = list(topic.groups)
    parts = {key: [whole[key], *(topic.parts[key][group] for group in groups)] for key in topic.parts}
    left = {key: _left(ones, policy) for key, ones in parts.items()}
    rest = not topic.overlapping and any(part.children for part in left.values())
    if rest:
        parts = {key: [*ones, left[key]] for key, ones in parts.items()}
    sets = families(parts)
    nested = tuple(one for family in sets for one in within(family, parts))
    numbered = {key: number for number, family in enumerate(sets) for key in family}
    named = (*groups, "\0rest") if rest else tuple(groups)
    fixed = {key: tuple(ones) for key, ones in parts.items()}
    return Sheet(topic.topic, named, fixed, nested, numbered, topic.overlapping, rest)


def _left(ones: Sequence[Part], policy: Policy) -> Part:
    """The children of no group. A figure of theirs that is small, or leaves few, is to be protected like another."""
    whole = ones[0]
    children = whole.children - sum(part.children for part in ones[1:])
    observed = max(0.0, whole.observed - sum(part.observed for part in ones[1:]))
    having = min(observed, max(0.0, whole.having - sum(part.having for part in ones[1:])))
    sound = (Verdict.RELEASE, Verdict.RELEASE, Verdict.RELEASE)
    part = Part(max(0, children), observed, having, sound, {}, whole.fixed)
    small = [min(pair) < policy.threshold for pair in
             ((part.children, part.children), (part.observed, part.observed if part.fixed else part.unseen), (having, part.lacking))]  # fmt: skip
    first, second, third = (Verdict.SMALL if one else Verdict.RELEASE for one in small)
    return Part(part.children, observed, having, (first, second, third), {}, whole.fixed)


@dataclass(frozen=True, slots=True)
class View:
    """A reader of a sheet: what is shown, by which rules; `exact` if every number of children is known to them from elsewhere."""

    on: Sheet
    shown: Shown
    policy: Policy
    exact: bool

    def is_rest(self, number: int) -> bool:
        """Whether a part stands for the children of no group, of whom nothing is printed."""
        return self.on.rest and number == len(self.on.groups)

    def children(self, number: int) -> bool:
        """Whether a part's number of children is printed."""
        return not self.is_rest(number) and self.shown.shows_children(self.on.place(number))

    def observed(self, key: Key, number: int) -> bool:
        """Whether the number of them observed is."""
        return not self.is_rest(number) and self.shown.shows_observed(key, self.on.place(number))

    def having(self, key: Key, number: int) -> bool:
        """Whether the number of whom it is true is."""
        return not self.is_rest(number) and self.shown.shows_having(key, self.on.place(number))


def attacked(view: View) -> tuple[Programme, list[Target], dict[Key, list[tuple[int, int, int, int]]]]:
    """What is known of a topic, the targets in it, and for each question the variables of its parts: having, lacking, unseen, all."""
    on, known = view.on, Programme()
    first = next(iter(on.parts.values()))
    counts = [_children(known, view, number, part) for number, part in enumerate(first)]
    if not on.overlapping:
        known.tie(counts[1:], counts[:1])
    found: list[Target] = []
    made: dict[Key, list[Trio]] = {}
    for question, (key, parts) in enumerate(on.parts.items()):
        made[key] = [trio(known, view, key, number, counts[number]) for number in range(len(parts))]
        for figure in range(3):
            whole, *groups = (one[figure] for one in made[key])
            if on.overlapping:
                for one in groups:
                    known.tie([whole], [one], 0.0, inf)
            else:
                known.tie(groups, [whole])
        for number in range(len(parts)):
            found += targets(view, key, question, number, made[key][number])
    for one in on.nested:
        inside, outside = FIGURES.index(one.inside), FIGURES.index(one.outside)
        for small, large in zip(made[one.inner], made[one.outer], strict=True):
            known.tie([large[outside]], [small[inside]], 0.0, inf)
    if not view.exact:
        found += [Target((counts[number],), view.policy.width, 0, ("children", -1, number))
                  for number in range(1, len(counts))
                  if not (released(first[number].own[0]) if view.is_rest(number) else view.children(number))]  # fmt: skip
    return (
        known,
        found,
        {key: [(*one, counts[number]) for number, one in enumerate(trios)] for key, trios in made.items()},
    )


def _children(known: Programme, view: View, number: int, part: Part) -> int:
    """The variable of a part's children: known exactly, to its rounding, or not at all."""
    if number == 0 or view.exact:
        return known.variable(part.children, part.children, part.children)
    if not view.children(number):
        return known.variable(part.children)
    middle, base = view.policy.rounded(part.children), view.policy.base
    return known.variable(part.children, max(middle - base // 2, view.policy.threshold), middle + (base - 1) // 2)


def trio(known: Programme, view: View, key: Key, number: int, children: int) -> Trio:
    """The variables of a part for one question, with what its printed row says of them."""
    part, policy = view.on.parts[key][number], view.policy
    observed, having = view.observed(key, number), view.having(key, number)
    if number == 0:
        true = _whole(known, part.having, sure=having)
        not_true = _whole(known, part.lacking, sure=having and not part.nearly)
        unseen = _whole(known, part.unseen, sure=(observed and not part.nearly) or part.fixed)
    else:
        least = float(policy.threshold)
        most = 0.0 if part.nobody else inf
        true = known.variable(part.having, *(rounding(part.having, policy) if having else (0.0, most)))
        not_true = known.variable(part.lacking, least if having else 0.0, most)
        unseen = known.variable(part.unseen, *_unseen_limits(part, least, shown=observed))
        if observed and not part.fixed and not part.nearly:
            known.tie([true, not_true], (), *rounding(part.observed, policy))
    known.tie([true, not_true, unseen], [children])
    return true, not_true, unseen


def _unseen_limits(part: Part, least: float, *, shown: bool) -> tuple[float, float]:
    """What is known of the number not seen: nobody by definition, few, at least the threshold, or nothing."""
    if part.fixed:
        return 0.0, 0.0
    if not shown:
        return 0.0, inf
    return (0.0, least) if part.nearly else (least, inf)


def _whole(known: Programme, value: float, *, sure: bool) -> int:
    return known.variable(value, value, value) if sure else known.variable(value)


def rounding(count: float, policy: Policy) -> tuple[float, float]:
    """The range that a rounded number, which need not be whole, stands for."""
    middle = policy.rounded(count)
    return max(middle - policy.base / 2, policy.threshold), middle + policy.base / 2


def targets(view: View, key: Key, question: int, number: int, variables: Trio) -> list[Target]:
    """The figures of a part that are held back. To a reader who knows its size, those alone that are held back for their own sake."""
    part, rest = view.on.parts[key][number], view.is_rest(number)
    if part.nobody:
        return []
    asked = min(view.policy.width, part.children) if view.exact else view.policy.width
    block = view.on.families[key] if view.exact else 0
    _, seen, true = (not released(verdict) for verdict in part.own)
    own_alone = (view.exact and number > 0) or rest
    found: list[Target] = []
    if not view.having(key, number) and (true or not own_alone):
        found += [Target((one,), asked, block, ("having", question, number)) for one in variables[:2]]
    hidden = part.nearly or not view.observed(key, number)
    if hidden and not part.fixed and (seen or part.nearly or not own_alone):
        found += [Target(one, asked, block, ("observed", question, number)) for one in (variables[2:], variables[:2])]
    return found
