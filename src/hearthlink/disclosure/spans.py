"""Spans of curves and the exposed of ratios, in one programme with the windows that hold them.

A window that is held back lies between what is printed within it and what its spans, or the exposed and those of whom nothing is known, are
together. Of what holds what, all is taken to be known that the numbers agree with: a reader may know it from the definitions. What is
printed is taken to be known exactly: a ratio, and the ends of a rate, tell more of it than its rounding leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from hearthlink.disclosure.asked import NOBODY, Key, Part
from hearthlink.disclosure.attack import Programme, Target, too_narrow
from hearthlink.disclosure.jointly import Checked
from hearthlink.disclosure.nesting import MONTHS_BEFORE, families, part_of_event
from hearthlink.disclosure.policy import Policy
from hearthlink.disclosure.reading import Trio, View
from hearthlink.disclosure.state import TOP
from hearthlink.disclosure.wholes import alone, attacked_whole


@dataclass(frozen=True, slots=True)
class Inside:
    """Referred children with an event in some months before the referral: in a span of a curve, or the exposed of a ratio.

    `cases` are those among whom the exposed are counted, None for a span. `shown`: it is printed.
    """

    measure: str
    first: int
    last: int
    having: float
    shown: bool = True
    cases: float | None = None


Drawn = Sequence[tuple[Inside, int]]
"""Spans and exposed, each with its variable."""


def told(inside: Sequence[Inside], checked: Checked | None, policy: Policy) -> bool:
    """Whether what is printed of spans and of the exposed tells of a window, or of a span, that is held back."""
    if checked is None:
        return False
    for family in families(checked.whole):
        whole = {key: checked.whole[key] for key in family}
        mine = [one for one in inside if any(_holds(key, one) for key in family)]
        view = View(alone(whole, family), checked.shown, policy, exact=False)
        if mine and _narrow(mine, checked, view) - _narrow([], checked, view):
            return True
    return False


def nearly_all_observed(one: Inside, checked: Checked | None, least: int) -> bool:
    """Whether the cases are so nearly all who were observed in those months, as printed, that who is exposed follows from the window."""
    if checked is None or one.cases is None:
        return False
    return any(
        key[0] == one.measure
        and MONTHS_BEFORE.get(key[1]) == -one.first
        and checked.shown.shows_observed(key, TOP)
        and 0 <= part.observed - one.cases < least
        for key, part in checked.whole.items()
    )


def _narrow(mine: Sequence[Inside], checked: Checked, view: View) -> set[tuple[str, int, int]]:
    """The marks of what comes out of the windows of a family with these spans and exposed."""
    whole = {key: checked.whole[key] for key in view.on.parts}
    known, made, wanted = attacked_whole(whole, view)
    everybody = next(iter(whole.values())).children
    drawn = [
        (one, known.variable(one.having, *((one.having, one.having) if one.shown else (0.0, everybody))))
        for one in mine
    ]
    wanted += [Target((at,), view.policy.width, 0, ("span", place, 0))
               for place, (one, at) in enumerate(drawn) if not one.shown]  # fmt: skip
    if not wanted:
        return set()
    for one, at in drawn:
        for other, around in drawn:
            if _within(one, other) and one.having <= other.having + NOBODY:
                known.tie([around], [at], 0.0, inf)
    for key, trio in made.items():
        _tie(known, (key, whole[key]), trio, drawn)
    return {one.mark for one in too_narrow(known, wanted)}


def _tie(known: Programme, of: tuple[Key, Part], trio: Trio, drawn: Drawn) -> None:
    """Tie a window to what lies within it, and to what it cannot be more than."""
    key, part = of
    tiles: list[tuple[Inside, int]] = []
    for one, at in drawn:
        if not _holds(key, one) or one.having > part.having + NOBODY:
            continue
        known.tie([trio[0]], [at], 0.0, inf)
        if one.measure != key[0]:
            continue
        if one.cases is None:
            tiles.append((one, at))
        elif one.first == -MONTHS_BEFORE[key[1]] and one.cases - one.having <= part.lacking + NOBODY:
            # Those of the cases who are not exposed are among those of whom it is not true.
            known.tie([trio[1], at], [known.variable(one.cases, one.cases, one.cases)], 0.0, inf)
    months = sum(one.last - one.first + 1 for one, _ in tiles)
    if months == MONTHS_BEFORE[key[1]] and sum(one.having for one, _ in tiles) >= part.having - NOBODY:
        known.tie([at for _, at in tiles], [trio[0]], 0.0, inf)


def _holds(key: Key, one: Inside) -> bool:
    """Whether a window holds a span, or the exposed, of its own event or of one that its event is made of."""
    return (
        key[1] in MONTHS_BEFORE
        and -MONTHS_BEFORE[key[1]] <= one.first <= one.last <= -1
        and (key[0] == one.measure or part_of_event(one.measure, key[0]))
    )


def _within(one: Inside, other: Inside) -> bool:
    """Whether a span is part of one of an event that its own is part of."""
    both = one.cases is None and other.cases is None
    return both and other.first <= one.first and one.last <= other.last and part_of_event(one.measure, other.measure)
