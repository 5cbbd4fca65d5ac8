"""All tables of the measures checked together: figures are held back until none that is held back can be worked out too narrowly."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from hearthlink.disclosure.asked import NOBODY, ON_DAY, Asked, Key, Part, whole_of
from hearthlink.disclosure.changed import Asking, Settled, hold_beside
from hearthlink.disclosure.crossing import crossed
from hearthlink.disclosure.giving_back import give_back, verdicts_now
from hearthlink.disclosure.nesting import VALUE, Figure, families, kept_first, within
from hearthlink.disclosure.outside import NOTHING, Outside
from hearthlink.disclosure.over_time import Page, comes_out, pages, told_anyway
from hearthlink.disclosure.policy import Policy, Verdict, worst
from hearthlink.disclosure.remembered import Before
from hearthlink.disclosure.shares import FACTOR_BASE, WHOLE
from hearthlink.disclosure.sheets import Sheet, apart, links, sheet
from hearthlink.disclosure.state import EVERYBODY, TOP, Place, Shown, cascade, places, started
from hearthlink.disclosure.wholes import Reason, check_wholes, hold_whole

Protected = Collection[Place]
Verdicts = tuple[Verdict, Verdict]
"""On the children of a group, and on those on benefit."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The measures by topic, their figures for all children, and the verdict on each.

    `told` says that beside earlier releases no figure may be printed anew.
    """

    topics: Mapping[str, Asked]
    whole: Mapping[Key, Part]
    shown: Shown
    told: bool = False


def jointly(
    topics: Mapping[str, Asked],
    policy: Policy,
    *,
    unseen: Sequence[Reason] = (),
    protected: Protected = (),
    held: Mapping[Place, Verdicts] | None = None,
    before: Sequence[Before] = (),
    outside: Outside = NOTHING,
) -> Checked:
    """The verdict on every figure of the measures, all tables read together.

    `held` says what the headline's own tables show already; `protected` are the cells to be held back first when some must be;
    `before` are the earlier releases and `outside` the registered tables, which every reader has.
    """
    whole = whole_of(topics)
    parted = {name: topic for name, topic in topics.items() if name != WHOLE}
    shown = started(parted, whole)
    for place, (children, having) in (held or {}).items():
        shown.children[place] = worst([shown.children.get(place, children), children])
        if (ON_DAY, place) in shown.having:
            shown.having[ON_DAY, place] = having
    shown.reasons.update({(one.key, one.reason): one.own for one in unseen})
    _children_by_families(parted, shown)
    asking = Asking(parted, whole, unseen)
    settled = hold_beside(asking, shown, before, policy, alone=not (outside.sizes or outside.crosses))
    if settled is not None:
        return Checked(parted, whole, shown, settled is Settled.TOLD)
    if not parted and not before:
        _wholes(whole, unseen, shown, policy)
        return Checked(parted, whole, shown)
    found = links(parted)
    sheets = pages(parted, found, whole, policy, before=before, outside=outside)
    everything = sheet(list(parted.values()), found, whole, policy)
    _wholes(whole, unseen, shown, policy)
    cascade(shown, parted)
    for topic in parted.values():
        if topic.overlapping:
            _rests(topic, parted, whole, shown, policy)
    told = False
    while True:
        last = _shown_wholes(whole, shown)
        for topic in parted.values():
            _differences(topic, shown, policy)
        apart(found, parted, shown, policy.threshold)
        for on in sheets:
            told = _protect(on, shown, policy, protected) or told
        for family, mark in crossed(whole, everything, shown, policy, outside):
            hold_whole(mark, family, shown)
        if _shown_wholes(whole, shown) == last:
            return Checked(parted, whole, shown, told)
        _wholes(whole, unseen, shown, policy)
        cascade(shown, parted)


def _children_by_families(topics: Mapping[str, Asked], shown: Shown) -> None:
    """Groups of topics of which the answer knows nothing: their families are those of the question that sees most of them."""
    for topic in topics.values():
        if ON_DAY in topic.parts:
            continue
        for place in places(topic):
            parts = [parts[place[1]] for parts in topic.parts.values() if place[1] in parts]
            fullest = max(parts, key=lambda part: part.observed)
            shown.hold_children(place, Verdict.FAMILIES if fullest.own[1] is Verdict.FAMILIES else Verdict.RELEASE)


def _shown_wholes(whole: Mapping[Key, Part], shown: Shown) -> list[tuple[bool, bool]]:
    return [(shown.shows_observed(key, TOP), shown.shows_having(key, TOP)) for key in whole]


def _wholes(whole: Mapping[Key, Part], unseen: Sequence[Reason], shown: Shown, policy: Policy) -> None:
    """The figures of all children: those that lie within others stand apart by the threshold, and the rest cannot be worked out."""
    everybody = {key: {EVERYBODY: part} for key, part in whole.items()}
    topic = Asked(WHOLE, (EVERYBODY,), everybody, overlapping=True)
    _differences(topic, shown, policy)
    check_wholes(whole, unseen, shown, policy)


def _differences(topic: Asked, shown: Shown, policy: Policy) -> None:
    """Where one figure lies within another and fewer than the threshold lie between, one of the two is held back."""
    groups = list(topic.groups)
    for family in families(topic.parts):
        parts = {key: [topic.parts[key][group] for group in groups] for key in family}
        for one in within(family, parts):
            if one.inside != one.outside:
                continue
            value, less = VALUE[one.inside], max(one.inner, one.outer, key=kept_first)
            apart = [
                value(large) - value(small) for small, large in zip(parts[one.inner], parts[one.outer], strict=True)
            ]
            if one.inside == "unseen" and all(abs(gap) < NOBODY for gap in apart):
                continue
            for number, (group, gap) in enumerate(zip(groups, apart, strict=True)):
                place = (topic.topic, group)
                pair = parts[one.inner][number], parts[one.outer][number]
                if one.inside == "unseen" and any(part.fixed or part.nearly for part in pair):
                    continue
                both = [_shows(shown, one.inside, key, place) for key in (one.inner, one.outer)]
                if all(both) and gap < policy.threshold - NOBODY:
                    (shown.hold_observed if one.inside == "unseen" else shown.hold_having)(less, place)


def _shows(shown: Shown, figure: Figure, key: Key, place: Place) -> bool:
    return shown.shows_observed(key, place) if figure == "unseen" else shown.shows_having(key, place)


def _rests(topic: Asked, topics: Mapping[str, Asked], whole: Mapping[Key, Part], shown: Shown, policy: Policy) -> None:
    """Groups that overlap: what each leaves of its base is large enough in each figure, for it can be had by subtraction."""
    for key, parts in topic.parts.items():
        bases: list[tuple[Part, Place]] = [(whole[key], TOP)]
        assessed = topics.get(FACTOR_BASE[0])
        if assessed is not None and FACTOR_BASE[1] in assessed.parts.get(key, {}):
            bases.append((assessed.parts[key][FACTOR_BASE[1]], FACTOR_BASE))
        for group, part in parts.items():
            for base in bases:
                _rest((key, (topic.topic, group)), part, base, shown, policy.threshold)


def _rest(at: tuple[Key, Place], part: Part, of: tuple[Part, Place], shown: Shown, least: int) -> None:
    (key, group), (base, place) = at, of
    if shown.shows_children(place) and base.children - part.children < least:
        shown.hold_children(group, Verdict.COMPLEMENT)
    seen = [base.observed - part.observed, *(() if part.fixed else (base.unseen - part.unseen,))]
    if shown.shows_observed(key, place) and min(seen) < least:
        shown.hold_observed(key, group, Verdict.COMPLEMENT)
    if shown.shows_having(key, place) and min(base.having - part.having, base.lacking - part.lacking) < least:
        shown.hold_having(key, group, Verdict.COMPLEMENT)


def _protect(page: Page, shown: Shown, policy: Policy, protected: Protected) -> bool:
    """Hold back further figures of a topic until an attacker learns none of those held back.

    True where one of them comes out all the same, beside an earlier release and not without it.
    """
    given_up: set[tuple[str, int, int]] = set()
    start = verdicts_now(shown)

    while True:
        marks = comes_out(page, shown, policy, given_up)
        if not marks and not page.beside and not given_up:
            give_back(page.on, start, shown, lambda: not comes_out(page, shown, policy), protected)
        if not marks:
            return bool(page.beside and given_up) and not told_anyway(page, shown, policy, given_up)
        moved: set[tuple[str, int]] = set()
        for mark in sorted(marks, key=lambda one: (one[0], one[1], one[2])):
            if mark[:2] in moved:
                continue
            if _hold_for(page, mark, shown, protected):
                moved.add(mark[:2])
            else:
                given_up.add(mark)


def _hold_for(page: Page, mark: tuple[str, int, int], shown: Shown, protected: Protected) -> bool:
    """Hold back one more figure for the sake of this one; beside earlier releases itself first, and numbers of children last."""
    if not page.beside:
        return _hold_one_more(page.on, mark, shown, protected)
    every = (mark, ("children", -1, mark[2]))
    return _hold_itself(page.on, mark, shown) or any(_hold_one_more(page.on, one, shown, protected) for one in every)


def _hold_itself(on: Sheet, mark: tuple[str, int, int], shown: Shown) -> bool:
    """Hold back a figure that is printed and tells how it changed since it was printed before."""
    figure, question, number = mark
    keys = list(on.parts)
    if not number or number in on.rests or (figure != "children" and question < 0):
        return False
    names: dict[str, Literal["children", "observed", "having"]] = {
        "children": "children",
        "observed": "observed",
        "having": "having",
    }
    one = _Figure(shown, names[figure], keys[question] if question >= 0 else ON_DAY)
    shows = [place for place in on.places[number] if one.shows(place)]
    for place in shows:
        one.hold(place)
    return bool(shows)


def _hold_one_more(on: Sheet, mark: tuple[str, int, int], shown: Shown, protected: Protected) -> bool:
    """Hold back the next figure that helps to work out this one; false where there is none left."""
    figure, question, number = mark
    keys = list(on.parts)
    near_first = _near_first(
        on, _Figure(shown, "children" if figure == "children" else "having", keys[max(question, 0)]), number
    )
    scopes = [*near_first, set(range(1, len(on.sizes)))]
    if figure == "children":
        sizes = dict(enumerate(on.sizes))
        return any(_hold_next(on, one, _Figure(shown, "children"), sizes, protected) for one in scopes)
    key = keys[question]
    near = sorted(
        (one for one in keys if on.families[one] == on.families[key] and one != key), key=kept_first, reverse=True
    )
    for one in (key, *near):
        if one == ON_DAY != key:
            continue
        parts = on.parts[one]
        having = {n: min(part.having, part.lacking) for n, part in parts.items()}
        seen = {n: min(part.observed, part.unseen) for n, part in parts.items()}
        if figure == "having" and any(
            _hold_next(on, scope, _Figure(shown, "having", one), having, protected) for scope in scopes
        ):
            return True
        if not parts[0].fixed and any(
            _hold_next(on, scope, _Figure(shown, "observed", one), seen, protected) for scope in scopes
        ):
            return True
    return _hold_whole([key, *near], shown)


@dataclass(frozen=True, slots=True)
class _Figure:
    """One of the three figures, for one question unless it is the children."""

    shown: Shown
    name: Literal["children", "observed", "having"]
    key: Key = ON_DAY

    def shows(self, place: Place) -> bool:
        if place in self.shown.noughts:
            return False
        if self.name == "children":
            return self.shown.shows_children(place)
        if (self.key, place) not in self.shown.having:
            return False
        return (self.shown.shows_having if self.name == "having" else self.shown.shows_observed)(self.key, place)

    def hold(self, place: Place) -> None:
        if self.name == "children":
            self.shown.hold_children(place)
        elif (self.key, place) in self.shown.having:
            (self.shown.hold_having if self.name == "having" else self.shown.hold_observed)(self.key, place)


def _near_first(on: Sheet, figure: _Figure, number: int) -> list[set[int]]:
    """The topics: those of the number itself first, the one in which fewest others are held back at the head, for it tells most."""

    def tells(one: set[int]) -> tuple[bool, int]:
        held = [other for other in one if not any(figure.shows(place) for place in on.places[other])]
        return number not in one, len(held)

    return sorted((set(one) for one in on.partitions), key=tells)


def _hold_next(
    on: Sheet, scope: Collection[int], figure: _Figure, sizes: Mapping[int, float], protected: Protected
) -> bool:
    """Hold back the smallest figure of some numbers that is shown, those chosen beforehand first; wherever its group stands."""
    left = [
        (not any(place in protected for place in on.places[number]), sizes[number], number)
        for number in scope
        if number not in on.rests and number in sizes and any(figure.shows(place) for place in on.places[number])
    ]
    if not left:
        return False
    for place in on.places[min(left)[2]]:
        figure.hold(place)
    return True


def _hold_whole(keys: Sequence[Key], shown: Shown) -> bool:
    """Hold back the figure for all children of a question that is not the headline's: then nothing of it is known."""
    for key in keys:
        if key == ON_DAY:
            continue
        if shown.shows_having(key, TOP):
            shown.hold_having(key, TOP)
            return True
        if shown.shows_observed(key, TOP):
            shown.hold_observed(key, TOP)
            return True
    return False
