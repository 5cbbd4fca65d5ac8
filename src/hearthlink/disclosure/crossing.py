"""Figures for all children that are held back beside others of their kind: attacked through every topic at once."""

from __future__ import annotations

from collections.abc import Mapping

from hearthlink.disclosure.asked import Key, Part
from hearthlink.disclosure.attack import too_narrow
from hearthlink.disclosure.nesting import families
from hearthlink.disclosure.outside import NOTHING, Outside
from hearthlink.disclosure.policy import Policy
from hearthlink.disclosure.reading import View, attacked
from hearthlink.disclosure.sheets import Sheet
from hearthlink.disclosure.state import TOP, Shown

Mark = tuple[str, int, int]


def crossed(
    whole: Mapping[Key, Part], everything: Sheet, shown: Shown, policy: Policy, outside: Outside = NOTHING
) -> list[tuple[tuple[Key, ...], Mark]]:
    """The figures of all children that topics tell together: their family of questions, and the mark of one of them.

    A figure of all children that is printed parts the topics; one that is not is what they have in common. The sizes of groups
    are taken as known: so no other question has a part in it. `everything` is the sheet of all topics.
    """
    found: list[tuple[tuple[Key, ...], Mark]] = []
    for family in families(whole):
        shows = [shown.shows_having(key, TOP) for key in family]
        on = everything.of(family)
        if all(shows) or not any(shows) or not on.parts:
            continue
        known, targets, _ = attacked(View(on, shown, policy, exact=True, outside=outside))
        keys = list(on.parts)
        narrow = too_narrow(known, [target for target in targets if target.mark[2] == 0])
        if narrow:
            figure, question, number = narrow[0].mark
            found.append((family, (figure, family.index(keys[question]), number)))
    return found
