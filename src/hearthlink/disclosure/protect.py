"""Which figures are held back: small ones, their complements, those of few families, and as many more as subtraction asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

from hearthlink.disclosure.bounds import NOBODY, Limits, Region, worked_out
from hearthlink.disclosure.policy import Policy, Verdict, released, worst

SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Group:
    """The true figures of one group, before the checks.

    `children`; `having`, how many of them have the attribute, None where none is asked for; `fewest`, `most`, the same in the draw
    with the fewest and the most; `whole`, whether `having` is a whole number and known to be. `families` and `largest` are those of
    the children, of those having, and of those lacking it.
    """

    children: int
    having: float | None = None
    fewest: float | None = None
    most: float | None = None
    whole: bool = False
    families: tuple[int, ...] = ()
    largest: tuple[int, ...] = ()

    def nobody(self, policy: Policy) -> bool:
        """Whether nobody is in the group, and that is printed."""
        return policy.noughts and self.children == 0

    @property
    def smallest_part(self) -> float:
        """The smaller of those having and those lacking the attribute."""
        return self.children if self.having is None else min(self.having, self.children - self.having)


@dataclass(frozen=True, slots=True)
class Held:
    """The verdicts on one group. `at_least`: of the attribute, only that fewer than the threshold lack it is said."""

    children: Verdict
    having: Verdict
    at_least: bool = False

    @property
    def children_shown(self) -> bool:
        """Whether the number of children is released."""
        return released(self.children)

    @property
    def having_shown(self) -> bool:
        """Whether the number having the attribute is released."""
        return released(self.having)


def judge(group: Group, policy: Policy, *, lenient: bool = False, everybody: bool = False) -> Held:
    """The verdicts on a group by itself. `lenient`: a small complement may be told as *at least*, as for the quality of links.

    Of `everybody`, all children counted, it may be said that nearly all are alike: that tells of no group.
    Where the policy prints that a group has no children, that is all there is to print of it.
    """
    if group.nobody(policy) and not everybody:
        return Held(Verdict.RELEASE, Verdict.UNCHECKED if group.having is None else Verdict.RELEASE)
    children = worst([_size(group.children, policy), _families(group, 0, group.children, policy)])
    if group.having is None:
        return Held(children, Verdict.UNCHECKED)
    fewest = group.having if group.fewest is None else group.fewest
    most = group.having if group.most is None else group.most
    lacking = group.children - most
    alike = not everybody and not lenient and most > policy.alike * group.children
    complement = Verdict.COMPLEMENT if alike or lacking < policy.threshold else Verdict.RELEASE
    having = worst(
        [
            children,
            _size(min(fewest, group.having), policy),
            _families(group, 1, group.having, policy),
            _families(group, 2, group.children - group.having, policy),
            complement,
        ]
    )
    at_least = lenient and having is Verdict.COMPLEMENT and released(children)
    return Held(children, having, at_least)


def _size(count: float, policy: Policy) -> Verdict:
    return Verdict.RELEASE if count >= policy.threshold else Verdict.SMALL


def _families(group: Group, place: int, count: float, policy: Policy) -> Verdict:
    if place >= len(group.families):
        return Verdict.RELEASE
    few = group.families[place] < policy.families or group.largest[place] > policy.largest_family * count
    return Verdict.FAMILIES if few else Verdict.RELEASE


def printed(group: Group, held: Held, policy: Policy, *, exact: bool = False) -> Region:
    """What a reader knows of a group from its own row alone; `exact` if the number of children is known from elsewhere."""
    if group.nobody(policy):
        return NOBODY
    children: Limits = (float(policy.least_hidden), inf)
    if exact:
        children = (group.children, group.children)
    elif held.children_shown:
        children = policy.stands_for(group.children, whole=True)
    if group.having is None:
        return Region((0.0, inf), (0.0, inf), children).tight
    if held.having_shown:
        return Region(policy.stands_for(group.having, whole=group.whole), (policy.threshold, inf), children).tight
    lacking = (0.0, policy.threshold - (1.0 if group.whole else 0.0)) if held.at_least else (0.0, inf)
    return Region((0.0, inf), lacking, children).tight


@dataclass(frozen=True, slots=True)
class Protection:
    """The verdicts on every group of every topic; `sound` is false where a small figure can be worked out all the same."""

    held: tuple[tuple[Held, ...], ...]
    sound: bool


HEADLINE_KEPT = 500
"""From how many children on what is printed of all of them is never held back for the sake of a group."""


def settled(topics: Sequence[Sequence[Group]], whole: Group, policy: Policy, everything: Held) -> Protection:
    """Each group by itself, then all topics together; from `HEADLINE_KEPT` children on, beside a headline that stays.

    Then a reader who knows the sizes of the groups from elsewhere may learn of a group what the headline alone would tell them.
    """
    most = whole.having if whole.most is None else whole.most
    nearly = most is not None and most > policy.alike * whole.children
    own = replace(policy, alike=1.0) if nearly else policy
    start = [[judge(group, own) for group in topic] for topic in topics]
    made = protect(topics, whole, policy, start=start, everything=everything)
    if made.sound or whole.children < HEADLINE_KEPT:
        return made
    return protect(topics, whole, policy, start=start, everything=everything, kept=True)


def protect(
    topics: Sequence[Sequence[Group]],
    whole: Group,
    policy: Policy,
    *,
    start: Sequence[Sequence[Held]],
    everything: Held,
    kept: bool = False,
) -> Protection:
    """Hold back further figures until none that is held back can be worked out to a range narrower than the policy asks.

    Each topic's groups add up to the whole, of which `everything` says what is printed; `start` are the verdicts on each group by
    itself. The smallest further figure of a topic goes first, and a topic may end with nothing to print. What then turns out not to be
    needed is given back, the largest first, each time only where the attacker still learns nothing. Where even all of a topic is not
    enough, because the whole itself is small, the result is not sound and the caller must hold back the whole. `kept`: nobody is
    asked to learn less of a group than what is printed of the whole tells by itself, to whoever knows how large the groups are.
    """
    told = _told(topics, whole, everything, policy) if kept else None
    held = [list(topic) for topic in start]
    while True:
        moved: set[int] = set()
        sound = True
        for place, group, figure in narrow(topics, held, whole, everything, policy, told=told):
            if place in moved:
                continue
            if _hold_one_more(topics[place], held[place], (group, figure), policy):
                moved.add(place)
            else:
                sound = False
        if not moved:
            break
    if sound:
        _give_back(
            topics, held, start, lambda tried: not any(narrow(topics, tried, whole, everything, policy, told=told))
        )
    return Protection(tuple(tuple(topic) for topic in held), sound)


def _give_back(
    topics: Sequence[Sequence[Group]],
    held: list[list[Held]],
    start: Sequence[Sequence[Held]],
    safe: Callable[[list[list[Held]]], bool],
) -> None:
    """Show again what was held back for others' sake and need not be, the largest first: one figure more each time that is safe."""
    places = [(group.children, group.smallest_part, place, number) for place, topic in enumerate(topics)
              for number, group in enumerate(topic) if held[place][number] != start[place][number]]  # fmt: skip
    for *_, place, number in sorted(places, reverse=True):
        now, own = held[place][number], start[place][number]
        for more in dict.fromkeys((own, Held(own.children, now.having))):
            if more == now:
                continue
            held[place][number] = more
            if safe(held):
                break
            held[place][number] = now


def _told(topics: Sequence[Sequence[Group]], whole: Group, everything: Held, policy: Policy) -> list[list[float]]:
    """How wide the range of each group's figure is to who knows the sizes of the groups and sees the whole alone."""
    nothing = Held(Verdict.SUBTRACTION, Verdict.SUBTRACTION)
    known = [[printed(group, nothing, policy, exact=True) for group in topic] for topic in topics]
    regions = worked_out(known, printed(whole, everything, policy, exact=True))
    return [[min(_width(region.having), _width(region.lacking)) for region in topic] for topic in regions]


def narrow(
    topics: Sequence[Sequence[Group]],
    held: Sequence[Sequence[Held]],
    whole: Group,
    everything: Held,
    policy: Policy,
    *,
    told: Sequence[Sequence[float]] | None = None,
) -> Iterator[tuple[int, int, str]]:
    """Each held-back figure that could be worked out too narrowly: its topic, its group and which figure.

    A reader who knows the sizes of the groups from elsewhere must not learn a figure that is held back for its own sake beyond
    what its group's size allows; one held back only to protect others may come out, since it is no small one.
    """
    for exact in (False, True) if policy.totals_known else (False,):
        known = [[printed(g, h, policy, exact=exact) for g, h in zip(*both, strict=True)]
                 for both in zip(topics, held, strict=True)]  # fmt: skip
        regions = worked_out(known, printed(whole, everything, policy, exact=exact))
        for place, topic in enumerate(regions):
            for number, region in enumerate(topic):
                group, verdicts = topics[place][number], held[place][number]
                if group.nobody(policy):
                    continue
                asked = min(policy.width, group.children) if exact else policy.width
                if exact and told is not None:
                    asked = min(asked, told[place][number])
                if not exact and not verdicts.children_shown and _width(region.all) < asked - SLACK:
                    yield place, number, "children"
                if group.having is None or verdicts.having_shown or (exact and verdicts.having is Verdict.SUBTRACTION):
                    continue
                if min(_width(region.having), _width(region.lacking)) < asked - SLACK:
                    yield place, number, "having"


def _width(limits: Limits) -> float:
    return limits[1] - limits[0]


def _hold_one_more(groups: Sequence[Group], held: list[Held], failing: tuple[int, str], policy: Policy) -> bool:
    """Hold back the next figure of a topic; false where nothing is left to hold back. A printed nought is never held back."""
    number, figure = failing
    if figure == "having" and held[number].at_least:
        held[number] = replace(held[number], at_least=False)
        return True
    sizes = [
        (group.smallest_part, group.children, place) for place, group in enumerate(groups) if not group.nobody(policy)
    ]
    if figure == "having":
        shown = [size for size in sizes if held[size[2]].having_shown or held[size[2]].at_least]
        if shown:
            place = min(shown)[2]
            held[place] = Held(held[place].children, worst([held[place].having, Verdict.SUBTRACTION]))
            return True
    shown = [(children, place) for _, children, place in sizes if held[place].children_shown]
    if not shown:
        return False
    place = min(shown)[1]
    held[place] = Held(Verdict.SUBTRACTION, worst([held[place].having, Verdict.SUBTRACTION]))
    return True
