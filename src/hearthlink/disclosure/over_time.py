"""A release beside earlier ones: what each figure changed by is a figure too, which nobody printed and everybody can subtract.

The numbers of every release are variables of one programme, tied by what a reader may know: the same children give the same numbers;
where children only came or only went, or a figure only rose or only fell, in every group, a reader may know that as well.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf

from hearthlink.disclosure.asked import Asked, Key, Part
from hearthlink.disclosure.attack import Programme, Target, Ways, too_narrow, widths
from hearthlink.disclosure.changed import FIGURES, Drift, drift_of, few, is_same, runs, value
from hearthlink.disclosure.nesting import families
from hearthlink.disclosure.outside import NOTHING, Outside
from hearthlink.disclosure.policy import Policy, Verdict
from hearthlink.disclosure.reading import Four, View, attacked
from hearthlink.disclosure.remembered import Before
from hearthlink.disclosure.sheets import Links, Sheet, clusters, links, sheet
from hearthlink.disclosure.state import TOP, Shown

SLACK = 1e-3
"""How much narrower than before a range may be found to be by the rounding of the solver alone."""
Mark = tuple[str, int, int]
"""A figure, its question, and the number of its group."""
Pair = tuple[tuple[int, ...], tuple[int, ...]]
"""Groups of the new release, and those of an earlier one that are the same together."""


@dataclass(frozen=True, slots=True)
class Beside:
    """An earlier release beside a sheet of the new one: its own sheet, how the two hang together, and whether the data are the same."""

    before: Before
    on: Sheet
    drift: Drift
    same: bool
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of the new release with the earlier releases beside it, and what others publish.

    `told`: how wide ranges were before the new release, by whether sizes are known and by their variables, endless where they were as wide
    as is asked. It cannot be taken back, and must not be made narrower. `ways` are those in which all the figures might be, found so far.
    """

    on: Sheet
    beside: tuple[Beside, ...] = ()
    outside: Outside = NOTHING
    told: dict[tuple[bool, tuple[int, ...]], float] = field(default_factory=dict[tuple[bool, tuple[int, ...]], float])
    ways: Ways = field(default_factory=Ways)


def pages(
    topics: Mapping[str, Asked],
    found: Links,
    whole: Mapping[Key, Part],
    policy: Policy,
    *,
    before: Sequence[Before] = (),
    outside: Outside = NOTHING,
) -> list[Page]:
    """The sheets of a release, each with the earlier releases beside it: topics that tell of each other in any of them go together."""
    sets = [set(names) for names in clusters(topics, found)]
    linked = [links(one.topics) for one in before]
    met_before = [names for one, met in zip(before, linked, strict=True) for names in clusters(one.topics, met)]
    for names in (*met_before, *(cross.topics for cross in outside.crosses)):
        joined = [mine for mine in sets if mine & set(names)]
        sets = [mine for mine in sets if mine not in joined]
        sets.append(set(names).union(*joined))
    order = list(dict.fromkeys([*topics, *(name for one in before for name in one.topics)]))
    drifts = [drift_of(topics, whole, one) for one in before]
    made: list[Page] = []
    for names in sorted(sets, key=lambda one: min(order.index(name) for name in one)):
        mine = [topics[name] for name in topics if name in names]
        on = sheet(mine, found, whole, policy) if mine else _of_all(whole)
        near: list[Beside] = []
        for one, met, drift in zip(before, linked, drifts, strict=True):
            theirs = [one.topics[name] for name in one.topics if name in names]
            old = sheet(theirs, met, one.whole, one.policy) if theirs else _of_all(one.whole)
            pairs = tuple(_pairs(on, old, topics, one, same=is_same(drift)))
            near.append(Beside(one, old, drift, is_same(drift), pairs))
        made.append(Page(on, tuple(near), outside))
    return made


def _of_all(whole: Mapping[Key, Part]) -> Sheet:
    """The figures of all children, without any group."""
    children = next(iter(whole.values())).children
    parts = {key: {0: part} for key, part in whole.items()}
    numbered = {key: number for number, family in enumerate(families(whole)) for key in family}
    return Sheet(((),), (children,), parts, (), (), frozenset(), (), numbered)


def comes_out(page: Page, shown: Shown, policy: Policy, given_up: Collection[Mark] = ()) -> set[Mark]:
    """The marks of the figures of a page that come out of what is shown, but for what is given up.

    Beside earlier releases numbers of children come first, alone: where one of them is held back, all else of its group is.
    """
    # Whoever knows the sizes knows more: the ways that are left to them are left to everybody.
    readers = (True, False) if policy.totals_known else (False,)
    if page.beside:
        sizes = _narrow(page, shown, policy, lambda mark: mark[0] == "children" and mark not in given_up, exact=False)
        if sizes:
            return sizes
    return {
        mark
        for exact in readers
        for mark in _narrow(page, shown, policy, lambda mark: mark not in given_up, exact=exact)
    }


def _narrow(page: Page, shown: Shown, policy: Policy, wanted: Callable[[Mark], bool], *, exact: bool) -> set[Mark]:
    """The marks of some figures that come out, but for those of which earlier releases tell as much when nothing of the new one is shown."""
    known, every = attacked_beside(page, shown, policy, exact=exact)
    found = too_narrow(known, [one for one in every if wanted(one.mark)], page.ways)
    if not page.beside or not found:
        return {one.mark for one in found}
    _tell(page, found, policy, exact=exact)
    told = [page.told[exact, one.variables] for one in found]
    lower = [replace(one, asked=width) for one, width in zip(found, told, strict=True) if width < one.asked]
    as_before = {one.variables for one in lower} - {one.variables for one in too_narrow(known, lower, page.ways)}
    return {one.mark for one in found if one.variables not in as_before}


def _tell(page: Page, asked: Sequence[Target], policy: Policy, *, exact: bool) -> None:
    """Note what earlier releases tell of some figures when nothing of the new one is printed, where that is not noted yet."""
    new = {one.variables for one in asked if (exact, one.variables) not in page.told}
    if not new:
        return
    places = [*(place for each in page.on.places for place in each), TOP]
    hidden = Shown(dict.fromkeys(places, Verdict.SUBTRACTION))
    for key in page.on.parts:
        hidden.observed.update({(key, place): Verdict.SUBTRACTION for place in places})
        hidden.having.update({(key, place): Verdict.SUBTRACTION for place in places})
    known, every = attacked_beside(page, hidden, policy, exact=exact)
    narrow = too_narrow(known, [one for one in every if one.variables in new], page.ways)
    page.told.update({(exact, variables): inf for variables in new})
    page.told.update(
        {(exact, one.variables): width - SLACK for one, width in zip(narrow, widths(known, narrow), strict=True)}
    )


def _pairs(on: Sheet, old: Sheet, topics: Mapping[str, Asked], before: Before, *, same: bool) -> Iterator[Pair]:
    """Groups of a sheet that an earlier one has too: all children, groups of the same name, and runs that are the same children."""
    yield (0,), (0,)
    mine = {place: number for number, places in enumerate(on.places) for place in places}
    theirs = {place: number for number, places in enumerate(old.places) for place in places}
    yield from sorted({((mine[place],), (theirs[place],)) for place in mine if place in theirs})
    for name in dict.fromkeys(place[0] for place in mine):
        topic, then = topics[name], before.topics.get(name)
        if then is None or topic.overlapping or not set(topic.groups) - set(then.groups):
            continue
        left = (
            [one for one in topic.groups if one not in then.groups],
            [one for one in then.groups if one not in topic.groups],
        )
        for one, other in runs(topic, then) if same else [left]:
            if one and other and (len(one), len(other)) != (1, 1):
                yield tuple(mine[name, each] for each in one), tuple(theirs[name, each] for each in other)


def attacked_beside(page: Page, shown: Shown, policy: Policy, *, exact: bool) -> tuple[Programme, list[Target]]:
    """What a reader of every release knows of a page, and what they must not learn: what any of them holds back, and changes of few."""
    known, found, made = attacked(View(page.on, shown, policy, exact, page.outside))
    if not page.beside:
        return known, found
    blocks = _blocks(page)
    mine = list(page.on.parts)
    wanted = [replace(one, block=blocks[mine[one.mark[1]]] if exact else 0) for one in found]
    last: tuple[Beside, Mapping[Key, Mapping[int, Four]], int] | None = None
    for one in page.beside:
        older, targets, theirs = attacked(View(one.on, one.before.shown, one.before.policy, exact))
        start = known.add(older)
        keys = list(one.on.parts)
        for target in targets:
            block = blocks[keys[target.mark[1]]] if exact else 0
            moved = tuple(start + each for each in target.variables)
            wanted.append(replace(target, variables=moved, mark=_mark(page, one, target), block=block))
        wanted += _tied(known, page, one, (made, theirs, start), policy, exact=exact)
        if last is not None:
            _tie_earlier(known, last, (one, theirs, start))
        last = one, theirs, start
    return known, wanted


def _blocks(page: Page) -> dict[Key, int]:
    keys = dict.fromkeys([*page.on.parts, *(key for one in page.beside for key in one.on.parts)])
    return {key: number for number, family in enumerate(families(keys)) for key in family}


def _mark(page: Page, one: Beside, target: Target) -> tuple[str, int, int]:
    """The figure of the new release that stands where one of an earlier release stood, as near as there is one."""
    figure, question, number = target.mark
    mine = {old: new[0] for new, each in one.pairs for old in each}
    keys, key = list(page.on.parts), list(one.on.parts)[question] if question >= 0 else None
    at = keys.index(key) if key in keys else -1
    if at < 0 and keys:
        figure = "children"
    return figure, at, mine.get(number, 0)


def _tied(
    known: Programme, page: Page, one: Beside, made: tuple[Mapping[Key, Mapping[int, Four]], Mapping[Key, Mapping[int, Four]], int],
    policy: Policy, *, exact: bool,
) -> Iterator[Target]:  # fmt: skip
    """Tie the numbers of an earlier release to those of the new one; give the changes of few that must not come out."""
    mine, theirs, start = made
    blocks = _blocks(page)
    counted: set[Pair] = set()
    for question, key in enumerate(page.on.parts):
        for pair in one.pairs if key in theirs else ():
            new, old = pair
            if any(each not in mine[key] for each in new) or any(each not in theirs[key] for each in old):
                continue
            grew = sum(page.on.parts[key][each].children for each in new) - sum(
                one.on.parts[key][each].children for each in old
            )
            for place, figure in enumerate(FIGURES):
                if figure == "children" and pair in counted:
                    continue
                low, high = one.drift.get((key, figure), (-inf, inf))
                gap = sum(value(page.on.parts[key][each], figure) for each in new) - sum(
                    value(one.on.parts[key][each], figure) for each in old
                )
                change = known.variable(gap, low, high)
                known.tie(
                    [mine[key][each][place] for each in new],
                    [*(start + theirs[key][each][place] for each in old), change],
                )
                if not few(gap, policy) or new == (0,) or (exact and figure == "children"):
                    continue
                asked = min(policy.width, abs(grew)) if exact and _one_way(one.drift, key) else policy.width
                named = {"lacking": "having", "unseen": "observed"}.get(figure, figure)
                yield Target(
                    (change,),
                    asked,
                    blocks[key] if exact else 0,
                    (named, -1 if figure == "children" else question, new[0]),
                )
            counted.add(pair)


def _one_way(drift: Drift, key: Key) -> bool:
    """Whether all figures of a question only rose, or all only fell: then no change is of more than its group grew by."""
    limits = [drift[key, figure] for figure in FIGURES]
    return all(low == 0 for low, _ in limits) or all(high == 0 for _, high in limits)


def _tie_earlier(
    known: Programme,
    last: tuple[Beside, Mapping[Key, Mapping[int, Four]], int],
    then: tuple[Beside, Mapping[Key, Mapping[int, Four]], int],
) -> None:
    """Tie two earlier releases to each other, as a reader may who knows how the figures went."""
    (one, first, start), (other, second, begin) = last, then
    drift = drift_of(other.before.topics, other.before.whole, one.before)
    places = {place: number for number, places in enumerate(one.on.places) for place in places}
    shared = {
        (number, places[place]) for number, each in enumerate(other.on.places) for place in each if place in places
    }
    for key in second:
        for new, old in sorted(shared | {(0, 0)}) if key in first else ():
            if new in second[key] and old in first[key]:
                for at, figure in enumerate(FIGURES):
                    low, high = drift.get((key, figure), (-inf, inf))
                    if (low, high) != (-inf, inf):
                        known.tie([begin + second[key][new][at]], [start + first[key][old][at]], low, high)


def told_anyway(page: Page, shown: Shown, policy: Policy, marks: Collection[tuple[str, int, int]]) -> bool:
    """Whether figures that cannot be kept from being worked out would come out of the new release alone."""
    told: set[tuple[str, int, int]] = set()
    for exact in (False, True) if policy.totals_known else (False,):
        known, wanted, _ = attacked(View(page.on, shown, policy, exact, page.outside))
        told |= {one.mark for one in too_narrow(known, wanted)}
    return set(marks) <= told
