"""What changed since an earlier release, figure by figure, and what of it two printed numbers tell by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from math import inf

from hearthlink.disclosure.asked import NOBODY, ON_DAY, Asked, Key, Part
from hearthlink.disclosure.policy import Policy, released
from hearthlink.disclosure.remembered import Before
from hearthlink.disclosure.state import TOP, Place, Shown
from hearthlink.disclosure.wholes import Reason

Figure = str
FIGURES: tuple[Figure, ...] = ("having", "lacking", "unseen", "children")
"""In the order of a part's variables."""
Drift = Mapping[tuple[Key, Figure], tuple[float, float]]
"""Between what any change of a figure must lie, as far as a reader may know how it went in all groups alike."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a release asks: its topics, the figures for all children, and why some cannot be seen."""

    topics: Mapping[str, Asked]
    whole: Mapping[Key, Part]
    unseen: Sequence[Reason]


class Settled(Enum):
    """That earlier releases leave nothing to be worked out: so few changed that any new figure would tell, or all was printed already."""

    TOLD = "told"
    AGAIN = "again"


def hold_beside(
    asking: Asking, shown: Shown, before: Sequence[Before], policy: Policy, *, alone: bool
) -> Settled | None:
    """Hold back what each earlier release by itself asks for. `alone`: no table of others is registered, so that what left before was whole."""
    if any(few_changed(asking.whole, shown, one, policy) for one in before):
        return Settled.TOLD
    for one in before:
        drift = drift_of(asking.topics, asking.whole, one)
        same = is_same(drift)
        hold_wholes(asking.whole, shown, one, policy)
        hold_reasons(asking.unseen, shown, one, policy, same=same)
        if same and one.policy == policy:
            hold_alike(shown, one)
        hold_changed(asking.topics, shown, one, drift, policy)
    again = alone and any(_says_again(asking, shown, one, policy) for one in before)
    return Settled.AGAIN if again else None


def value(part: Part, figure: Figure) -> float:
    """One of the figures of a part."""
    return float(getattr(part, figure))


def drift_of(topics: Mapping[str, Asked], whole: Mapping[Key, Part], before: Before) -> Drift:
    """How each figure of each question went, in all groups that both releases have."""
    found: dict[tuple[Key, Figure], tuple[float, float]] = {}
    every = [one - other for key in whole for _, (one, other) in _both(topics, whole, before, key, "children")]
    for key in whole:
        for figure in FIGURES:
            gaps = [one - other for _, (one, other) in _both(topics, whole, before, key, figure)]
            gaps = every if figure == "children" else gaps
            low = 0.0 if all(gap > -NOBODY for gap in gaps) else -inf
            found[key, figure] = low, (0.0 if all(gap < NOBODY for gap in gaps) else inf)
    return found


def _both(
    topics: Mapping[str, Asked], whole: Mapping[Key, Part], before: Before, key: Key, figure: Figure
) -> Iterator[tuple[Place, tuple[float, float]]]:
    if key in before.whole:
        yield TOP, (value(whole[key], figure), value(before.whole[key], figure))
    for name, topic in topics.items():
        old = before.topics[name].parts.get(key, {}) if name in before.topics else {}
        for group, part in topic.parts.get(key, {}).items():
            if group in old:
                yield (name, group), (value(part, figure), value(old[group], figure))


def is_same(drift: Drift) -> bool:
    """Whether nothing changed at all: then it is the same data."""
    return all(limits == (0.0, 0.0) for limits in drift.values())


def few_changed(whole: Mapping[Key, Part], shown: Shown, before: Before, policy: Policy) -> bool:
    """Whether so few children changed in all that any changed figure would tell of them."""
    if ON_DAY not in before.whole or not shown.shows_having(ON_DAY, TOP) or not before.shown.shows_having(ON_DAY, TOP):
        return False
    return any(
        few(value(whole[ON_DAY], figure) - value(before.whole[ON_DAY], figure), policy)
        for figure in ("children", "having", "lacking")
    )


def few(gap: float, policy: Policy) -> bool:
    """Whether a change is of fewer than the threshold, and not of nobody."""
    return NOBODY < abs(gap) < policy.threshold - NOBODY


def _says_again(asking: Asking, shown: Shown, before: Before, policy: Policy) -> bool:
    """Whether all that is to be printed was printed by an earlier release, of the same data by the same rules: then nothing new is told."""
    then = before.shown
    return (
        before.policy == policy
        and is_same(drift_of(asking.topics, asking.whole, before))
        and all(
            place in then.children and then.shows_children(place)
            for place in shown.children
            if shown.shows_children(place)
        )
        and all(at in then.observed and then.shows_observed(*at) for at in shown.observed if shown.shows_observed(*at))
        and all(at in then.having and then.shows_having(*at) for at in shown.having if shown.shows_having(*at))
        and all(at in then.reasons and then.shows_reason(*at) for at in shown.reasons if shown.shows_reason(*at))
    )


def hold_wholes(whole: Mapping[Key, Part], shown: Shown, before: Before, policy: Policy) -> None:
    """Hold back figures for all children that changed by few since they were printed: they are taken to be known exactly."""
    for key, part in whole.items():
        old = before.whole.get(key)
        if old is None or key == ON_DAY:
            continue
        moved = {figure: few(value(part, figure) - value(old, figure), policy) for figure in FIGURES}
        if before.shown.shows_observed(key, TOP) and moved["unseen"] and shown.shows_observed(key, TOP):
            shown.hold_observed(key, TOP)
        if (
            before.shown.shows_having(key, TOP)
            and (moved["having"] or moved["lacking"])
            and shown.shows_having(key, TOP)
        ):
            shown.hold_having(key, TOP)


def hold_reasons(every: Sequence[Reason], shown: Shown, before: Before, policy: Policy, *, same: bool) -> None:
    """Hold back reasons that changed by few since they were printed, and those of the same data that were held back."""
    for one in every:
        old = before.reasons.get((one.key, one.reason))
        if old is None or one.of_files:
            continue
        printed = before.shown.shows_reason(one.key, one.reason)
        if (printed and few(one.children - old, policy)) or (same and not printed):
            shown.hold_reason(one.key, one.reason)


def hold_alike(shown: Shown, before: Before) -> None:
    """Hold back of the same data what an earlier release by the same rules held back: then it is printed as it was."""
    for place in shown.children:
        if place in before.shown.children and not before.shown.shows_children(place):
            shown.hold_children(place)
    for key, place in shown.having:
        if (key, place) in before.shown.having:
            if not released(before.shown.observed[key, place]):
                shown.hold_observed(key, place)
            if not released(before.shown.having[key, place]):
                shown.hold_having(key, place)


def hold_changed(topics: Mapping[str, Asked], shown: Shown, before: Before, drift: Drift, policy: Policy) -> None:
    """Hold back what two printed numbers alone tell of a change of few; and groups cut otherwise than before."""
    same = is_same(drift)
    for name, topic in topics.items():
        old = before.topics.get(name)
        if old is None:
            continue
        for one in crossing(topic, old, same=same):
            shown.hold_children((name, one))
        for key, parts in topic.parts.items():
            for group, part in parts.items():
                then = old.parts.get(key, {}).get(group)
                if then is not None and not same:
                    _hold_group((key, (name, group), drift), (part, then), shown, before, policy)


def _hold_group(
    at: tuple[Key, Place, Drift], parts: tuple[Part, Part], shown: Shown, before: Before, policy: Policy
) -> None:
    (key, place, drift), (new, old) = at, parts
    if shown.shows_children(place) and before.shown.shows_children(place):
        ranges = _difference(new.children, old.children, (policy, before.policy), whole=True)
        if _toofew(new.children - old.children, ranges, drift[key, "children"], policy):
            shown.hold_children(place)
    both = shown, before.shown
    if all(one.shows_having(key, place) for one in both):
        ranges = _difference(new.having, old.having, (policy, before.policy), whole=False)
        if _toofew(new.having - old.having, ranges, drift[key, "having"], policy):
            shown.hold_having(key, place)
    if all(one.shows_observed(key, place) for one in both) and not new.fixed and not new.nearly and not old.nearly:
        ranges = _difference(new.observed, old.observed, (policy, before.policy), whole=False)
        if _toofew(new.observed - old.observed, ranges, (-inf, inf), policy):
            shown.hold_observed(key, place)


def _difference(new: float, old: float, policies: tuple[Policy, Policy], *, whole: bool) -> tuple[float, float]:
    now, then = policies[0].stands_for(new, whole=whole), policies[1].stands_for(old, whole=whole)
    return now[0] - then[1], now[1] - then[0]


def _toofew(gap: float, ranges: tuple[float, float], drift: tuple[float, float], policy: Policy) -> bool:
    low, high = max(ranges[0], drift[0]), min(ranges[1], drift[1])
    return few(gap, policy) and high - low < policy.width - NOBODY


def crossing(topic: Asked, old: Asked, *, same: bool) -> list[str]:
    """The groups of a topic that was cut otherwise before, in so far as no group of the one is made of whole groups of the other."""
    mine, theirs = set(topic.groups) - set(old.groups), set(old.groups) - set(topic.groups)
    if not mine or not theirs or topic.overlapping:
        return sorted(mine) if mine and theirs else []
    if not same:
        return sorted(mine)
    return [group for one, other in runs(topic, old) if len(one) > 1 and len(other) > 1 for group in one]


def runs(topic: Asked, old: Asked) -> list[tuple[list[str], list[str]]]:
    """The shortest runs of groups of a topic that are the same children, cut in two ways, each in its order."""
    keys = [key for key in topic.parts if key in old.parts]

    def figures(of: Asked, groups: Iterable[str]) -> list[float]:
        return [sum(value(of.parts[key][group], one) for group in groups) for key in keys for one in FIGURES]

    found: list[tuple[list[str], list[str]]] = []
    mine, theirs = list(topic.groups), list(old.groups)
    while mine and theirs:
        one, other = [mine.pop(0)], [theirs.pop(0)]
        while any(abs(a - b) > 1e-6 for a, b in zip(figures(topic, one), figures(old, other), strict=True)):
            less = figures(topic, one)[-1] <= figures(old, other)[-1]
            if (mine if less else theirs) == []:
                one, other, mine, theirs = one + mine, other + theirs, [], []
                break
            (one if less else other).append((mine if less else theirs).pop(0))
        found.append((one, other))
    return found
