"""What a reader of every table knows of one topic, and the figures of it that are not to be worked out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf, nan

from hearthlink.disclosure.asked import Key, Part
from hearthlink.disclosure.attack import Programme, Target
from hearthlink.disclosure.nesting import FIGURES
from hearthlink.disclosure.outside import NOTHING, Cross, Outside
from hearthlink.disclosure.policy import Policy, released
from hearthlink.disclosure.sheets import Sheet
from hearthlink.disclosure.state import TOP, Place, Shown

Trio = tuple[int, int, int]
"""The variables of those having, lacking and unseen."""
Four = tuple[int, int, int, int]
"""The same, and that of all children of the part."""


@dataclass(frozen=True, slots=True)
class View:
    """A reader of a sheet: what is shown, by which rules; `exact` if every number of children is known to them from elsewhere.

    Whoever knows those has the registered tables from `outside` too.
    """

    on: Sheet
    shown: Shown
    policy: Policy
    exact: bool
    outside: Outside = NOTHING

    def places(self, number: int) -> tuple[Place, ...]:
        """The topics and groups that a number is; none for the children of no group, of whom nothing is printed."""
        return () if number in self.on.rests else self.on.places[number] if number else (TOP,)

    def children(self, number: int) -> bool:
        """Whether a part's number of children is printed."""
        return any(self.shown.shows_children(place) for place in self.places(number))

    def observed(self, key: Key, number: int) -> bool:
        """Whether the number of them observed is."""
        return any(
            self.shown.shows_observed(key, one) for one in self.places(number) if (key, one) in self.shown.observed
        )

    def having(self, key: Key, number: int) -> bool:
        """Whether the number of whom it is true is."""
        return any(self.shown.shows_having(key, one) for one in self.places(number) if (key, one) in self.shown.having)


def attacked(view: View) -> tuple[Programme, list[Target], dict[Key, dict[int, Four]]]:
    """What is known of a sheet, the targets in it, and for each question the variables of its parts."""
    on, known = view.on, Programme()
    counts = [_children(known, view, number, size) for number, size in enumerate(on.sizes)]
    for partition in on.partitions:
        known.tie([counts[number] for number in partition], counts[:1])
    for small, large in on.inside:
        known.tie([counts[large]], [counts[small]], 0.0, inf)
    found: list[Target] = []
    made: dict[Key, dict[int, Four]] = {}
    for question, (key, parts) in enumerate(on.parts.items()):
        made[key] = {number: (*trio(known, view, key, number, counts[number]), counts[number]) for number in parts}
        _add_up(known, on, made[key])
        for number in parts:
            found += targets(view, key, question, number, made[key][number][:3])
    for one in on.nested:
        inside, outside = FIGURES.index(one.inside), FIGURES.index(one.outside)
        for number, small in made[one.inner].items():
            if number in made[one.outer]:
                known.tie([made[one.outer][number][outside]], [small[inside]], 0.0, inf)
    if view.exact:
        for cross in view.outside.crosses:
            found += _cross(known, view, cross, made)
    else:
        found += [Target((counts[number],), view.policy.width, 0, ("children", -1, number))
                  for number in range(1, len(counts)) if _sought(view, number)]  # fmt: skip
    return known, found, made


def _cross(known: Programme, view: View, cross: Cross, made: Mapping[Key, Mapping[int, Four]]) -> Iterator[Target]:
    """Two topics that cross in known numbers of children: in each cell those having, lacking and unseen are so many together.

    Of a cell nothing is printed, so that none of its three figures may come out where it may be a small one.
    """
    on, off = view.on, cross.tolerance
    groups = [
        {group: number for number, places in enumerate(on.places) for topic, group in places if topic == name}
        for name in cross.topics
    ]
    down, across = ({group: number for group, number in one.items() if number not in on.rests} for one in groups)
    if not down or not across:
        return
    sizes = {(a, b): known.variable(nan, *((max(0.0, cell - off), cell + off) if cell is not None else (0.0, inf)))
             for a in down for b in across for cell in [cross.cells.get((a, b))]}  # fmt: skip
    for question, (key, numbers) in enumerate(made.items()):
        trios = {pair: [known.variable(nan) for _ in FIGURES] for pair in sizes}
        for pair, trio_ in trios.items():
            known.tie(trio_, [sizes[pair]])
        for place, own, other in ((0, down, groups[1]), (1, across, groups[0])):
            most = inf if len(other) > len((across, down)[place]) else 0.0
            for group, number in own.items():
                for figure in range(3) if number in numbers else ():
                    cells = [one[figure] for pair, one in trios.items() if pair[place] == group]
                    known.tie([numbers[number][figure]], cells, 0.0, most)
        for pair, trio_ in trios.items():
            both = (down[pair[0]], across[pair[1]])
            number = min(both, key=lambda one: (on.sizes[one], one))
            if any(one not in numbers or on.parts[key][one].nobody for one in both):
                continue
            asked = min(view.policy.width, cross.cells.get(pair, 0))
            for figure, name in zip(trio_, ("having", "having", "observed"), strict=True):
                if name == "having" or not on.parts[key][number].fixed:
                    yield Target((figure,), asked, on.families[key], (name, question, number), view.policy.threshold)


def _add_up(known: Programme, on: Sheet, made: Mapping[int, Four]) -> None:
    """Groups add up to all children in each figure, and none is more than all children, nor than one that it lies within."""
    for figure in range(3):
        for partition in on.partitions:
            if all(number in made for number in partition):
                known.tie([made[number][figure] for number in partition], [made[0][figure]])
        for number, variables in made.items():
            if number:
                known.tie([made[0][figure]], [variables[figure]], 0.0, inf)
        for small, large in on.inside:
            if small in made and large in made:
                known.tie([made[large][figure]], [made[small][figure]], 0.0, inf)


def _sought(view: View, number: int) -> bool:
    """Whether a number of children is held back: of the children of no group, whether it is small."""
    if number in view.on.rests:
        return view.on.sizes[number] < view.policy.threshold
    return not view.children(number)


def _children(known: Programme, view: View, number: int, size: int) -> int:
    """The variable of a part's children: known exactly, to its rounding, or not at all."""
    if number == 0 or view.exact:
        return known.variable(size, size, size)
    if not view.children(number):
        return known.variable(size, 0 if number in view.on.rests else view.policy.least_hidden)
    return known.variable(size, *view.policy.stands_for(size, whole=True))


def trio(known: Programme, view: View, key: Key, number: int, children: int) -> Trio:
    """The variables of a part for one question, with what its printed row says of them."""
    part, policy = view.on.parts[key][number], view.policy
    observed, having = (not part.nobody and shows(key, number) for shows in (view.observed, view.having))
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
    return policy.stands_for(count, whole=False)


def targets(view: View, key: Key, question: int, number: int, variables: Trio) -> list[Target]:
    """The figures of a part that are held back. To a reader who knows its size, those alone that are held back for their own sake."""
    part, rest = view.on.parts[key][number], number in view.on.rests
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
