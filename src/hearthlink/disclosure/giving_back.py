"""Figures of the measures that were held back for others' sake and need not be: shown again one by one, as long as nothing comes out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from hearthlink.disclosure.asked import Key
from hearthlink.disclosure.policy import Verdict
from hearthlink.disclosure.sheets import Sheet
from hearthlink.disclosure.state import Place, Shown

Verdicts = tuple[dict[Place, Verdict], dict[tuple[Key, Place], Verdict], dict[tuple[Key, Place], Verdict]]
"""The verdicts on children, on those observed and on those of whom it is true, as they were."""


def verdicts_now(shown: Shown) -> Verdicts:
    """The verdicts as they are, to be gone back to."""
    return dict(shown.children), dict(shown.observed), dict(shown.having)


def give_back(
    on: Sheet, before: Verdicts, shown: Shown, safe: Callable[[], bool], last: Collection[Place] = ()
) -> None:
    """Show again what was held back since, the largest group first, wherever the reader still learns nothing by it.

    `last` are the groups that were to be held back first, and are shown again last. A group that is the same in several topics is shown
    again in all of them or in none. Where one figure alone was held back it was
    needed, for without it something came out.
    """
    held = list(_held_since(on, before, shown))
    if len(held) < 2:
        return
    chosen = [any(place in last for place in places) for places in on.places]
    for *_, number, name, key in sorted(held, key=lambda one: (not chosen[one[1]], one), reverse=True):
        now = verdicts_now(shown)
        for place in on.places[number]:
            _restore(before, shown, place, name, key)
        if not safe():
            shown.children, shown.observed, shown.having = now


def _held_since(on: Sheet, before: Verdicts, shown: Shown) -> Iterator[tuple[int, int, str, Key]]:
    """Each figure held back since: the size of its group, the group's number, which figure, and of which question."""
    for number, places in enumerate(on.places):
        for place in places:
            if place in before[0] and before[0][place] != shown.children[place]:
                yield on.sizes[number], number, "children", ("", "")
            for name, then, now in (("observed", before[1], shown.observed), ("having", before[2], shown.having)):
                yield from (
                    (on.sizes[number], number, name, key)
                    for key in on.parts
                    if (key, place) in then and then[key, place] != now[key, place]
                )


def _restore(before: Verdicts, shown: Shown, place: Place, name: str, key: Key) -> None:
    if name == "children":
        shown.children[place] = before[0].get(place, shown.children[place])
    else:
        then, now = (before[1], shown.observed) if name == "observed" else (before[2], shown.having)
        if (key, place) in then:
            now[key, place] = then[key, place]
