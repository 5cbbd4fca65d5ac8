"""Figures for all children that are held back beside others of their kind: attacked through every topic at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hearthlink.disclosure.asked import Key, Part
from hearthlink.disclosure.attack import Programme, Target, too_narrow
from hearthlink.disclosure.nesting import families
from hearthlink.disclosure.policy import Policy
from hearthlink.disclosure.reading import Sheet, View, attacked
from hearthlink.disclosure.state import TOP, Shown

Mark = tuple[str, int, int]


def crossed(
    whole: Mapping[Key, Part], sheets: Sequence[Sheet], shown: Shown, policy: Policy
) -> list[tuple[tuple[Key, ...], Mark]]:
    """The figures of all children that topics tell together: their family of questions, and the mark of one of them.

    A figure of all children that is printed parts the topics; one that is not is what they have in common. The sizes of groups
    are taken as known: so no other question has a part in it.
    """
    found: list[tuple[tuple[Key, ...], Mark]] = []
    for family in families(whole):
        shows = [shown.shows_having(key, TOP) for key in family]
        if all(shows) or not any(shows):
            continue
        mine = [_of(on, family) for on in sheets if any(key in on.parts for key in family)]
        known, targets = _together([View(on, shown, policy, exact=True) for on in mine], family)
        narrow = too_narrow(known, targets)
        if narrow:
            found.append((family, narrow[0].mark))
    return found


def _of(on: Sheet, family: Sequence[Key]) -> Sheet:
    """The part of a sheet that is about these questions."""
    parts = {key: on.parts[key] for key in family if key in on.parts}
    nested = tuple(one for one in on.nested if one.inner in parts and one.outer in parts)
    return replace(on, parts=parts, nested=nested, families=dict.fromkeys(parts, 0))


def _together(views: Sequence[View], family: Sequence[Key]) -> tuple[Programme, list[Target]]:
    """All that is known of a family's questions through each topic, the figures for all children being the same in each."""
    known = Programme()
    targets: list[Target] = []
    first: dict[Key, tuple[int, ...]] = {}
    for view in views:
        one, wanted, made = attacked(view)
        start = known.add(one)
        keys = list(view.on.parts)
        for target in wanted:
            figure, question, number = target.mark
            if number == 0:
                moved = tuple(start + place for place in target.variables)
                targets.append(replace(target, variables=moved, mark=(figure, family.index(keys[question]), 0)))
        for key, trios in made.items():
            at = tuple(start + place for place in trios[0][:3])
            for mine, other in zip(at, first.setdefault(key, at), strict=True):
                if mine != other:
                    known.tie([mine], [other])
    return known, targets
