"""The figures for all children of every measure, and the reasons why some cannot be seen, checked against each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from hearthlink.disclosure.asked import NOBODY, ON_DAY, Key, Part
from hearthlink.disclosure.attack import Programme, Target, too_narrow
from hearthlink.disclosure.nesting import families, kept_first, related, within
from hearthlink.disclosure.policy import Policy, Verdict, worst
from hearthlink.disclosure.reading import Trio, View, rounding, targets, trio
from hearthlink.disclosure.shares import Row, number
from hearthlink.disclosure.sheets import Sheet
from hearthlink.disclosure.state import TOP, Shown

FIGURES = ("having", "lacking", "unseen")

OF_FILES = ("Months of which no file speaks", "No file reaches a year after the referral")
"""Reasons that hold of everybody or of nobody, as files were given."""


@dataclass(frozen=True, slots=True)
class Reason:
    """How many children cannot be seen for one reason, and the verdict on that by itself.

    `of_files`: the reason is about files, not about children, and there is none of it: nobody, which tells nothing of anybody.
    """

    key: Key
    reason: str
    children: float
    own: Verdict
    of_files: bool = False


def reasons(rows: Sequence[Row], policy: Policy) -> list[Reason]:
    """The rows of `unseen`, each judged by its smallest draw and its families."""
    made: list[Reason] = []
    for row in rows:
        children, fewest = number(row, "children") or 0.0, number(row, "fewest")
        least = children if fewest is None else min(fewest, children)
        families_, largest = number(row, "families"), number(row, "largest_family")
        few = (
            families_ is None
            or largest is None
            or families_ < policy.families
            or largest > policy.largest_family * children
        )
        size = Verdict.RELEASE if least >= policy.threshold else Verdict.SMALL
        own = worst([size, Verdict.FAMILIES if few else Verdict.RELEASE])
        none = row["reason"] in OF_FILES and children == 0 and number(row, "most") == 0
        made.append(Reason((str(row["measure"]), str(row["window"])), str(row["reason"]), children, own, none))
    return made


def check_wholes(whole: Mapping[Key, Part], every: Sequence[Reason], shown: Shown, policy: Policy) -> None:
    """Hold back figures for all children until none that is held back can be worked out from the others.

    The reasons for not being seen add up to those not seen; windows and events lie within others.
    """
    # A reason held back for one measure is held back beside others too, and may then be told by what those print: so all are asked again.
    while any(_check_family(family, whole, every, shown, policy) for family in families(whole)):
        pass


def _check_family(
    family: Sequence[Key], whole: Mapping[Key, Part], every: Sequence[Reason], shown: Shown, policy: Policy
) -> bool:
    """Hold back figures of one family of questions; whether any was."""
    mine = [one for one in every if one.key in family]
    held = False
    while True:
        _apart(mine, every, shown, policy)
        told = {place for place, one in enumerate(mine) if _told(one, every, shown)}
        marks = _narrow(
            {key: whole[key] for key in family}, mine, told, View(alone(whole, family), shown, policy, exact=False)
        )
        if not any(_hold(mark, family, mine, every, shown) for mark in marks[:1]):
            return held
        held = True


def alone(whole: Mapping[Key, Part], family: Sequence[Key]) -> Sheet:
    """The figures of all children for some questions, without any group."""
    parts = {key: {0: whole[key]} for key in family}
    return Sheet(((),), (0,), parts, (), (), frozenset(), (), dict.fromkeys(family, 0))


def _apart(mine: Sequence[Reason], every: Sequence[Reason], shown: Shown, policy: Policy) -> None:
    """Where one reason in a shorter window differs by few from the same in a longer one, one of the two is held back."""
    for inner in mine:
        for outer in mine:
            if inner.reason != outer.reason or not related(inner.key, outer.key):
                continue
            gap = abs(outer.children - inner.children)
            if (
                NOBODY < gap < policy.threshold
                and shown.shows_reason(inner.key, inner.reason)
                and shown.shows_reason(outer.key, outer.reason)
            ):
                _hold_reason(max(inner.key, outer.key, key=kept_first), inner.reason, every, shown)


def _narrow(
    whole: Mapping[Key, Part], mine: Sequence[Reason], told: Collection[int], view: View
) -> list[tuple[str, int, int]]:
    """The marks of the figures of a family that could be worked out: a figure's name, its question, and its reason.

    `told` are the places of the reasons that are printed, here or beside another measure.
    """
    known, made, wanted = attacked_whole(whole, view)
    wanted += _reasons_known(known, {key: one[2] for key, one in made.items()}, mine, told, view.policy)
    return [one.mark for one in too_narrow(known, wanted)]


def attacked_whole(whole: Mapping[Key, Part], view: View) -> tuple[Programme, dict[Key, Trio], list[Target]]:
    """What is known of the figures of all children for a family of questions, their variables, and what of them must not come out."""
    keys, known = list(whole), Programme()
    everybody = next(iter(whole.values())).children
    children = known.variable(everybody, everybody, everybody)
    made = {key: trio(known, view, key, 0, children) for key in keys}
    wanted = [one for number_, key in enumerate(keys) for one in targets(view, key, number_, 0, made[key])]
    for one in within(keys, {key: [part] for key, part in whole.items()}):
        inside, outside = FIGURES.index(one.inside), FIGURES.index(one.outside)
        known.tie([made[one.outer][outside]], [made[one.inner][inside]], 0.0, inf)
    return known, made, wanted


def _reasons_known(
    known: Programme, unseen: Mapping[Key, int], mine: Sequence[Reason], told: Collection[int], policy: Policy
) -> list[Target]:
    """The reasons as variables that add up to those not seen, and lie within each other where they do so."""
    keys = list(unseen)
    wanted: list[Target] = []
    at: list[int] = []
    for place, one in enumerate(mine):
        most = 0.0 if one.of_files else inf
        at.append(known.variable(one.children, *(rounding(one.children, policy) if place in told else (0.0, most))))
        if place not in told and not one.of_files:
            wanted.append(Target((at[-1],), policy.width, 0, ("reason", keys.index(one.key), place)))
    for key in keys:
        parts = [at[place] for place, one in enumerate(mine) if one.key == key]
        if parts:
            known.tie(parts, [unseen[key]], -NOBODY, NOBODY)
    for i, inner in enumerate(mine):
        for j, outer in enumerate(mine):
            if inner.reason == outer.reason and related(inner.key, outer.key):
                gap = outer.children - inner.children
                known.tie([at[j]], [at[i]], 0.0 if gap > -NOBODY else -inf, 0.0 if gap < NOBODY else inf)
    return wanted


def _twins(reason: Reason, every: Sequence[Reason]) -> list[Reason]:
    """The same number of children for the same reason, beside whatever measure and window: one figure, however often it stands."""
    return [one for one in every if one.reason == reason.reason and abs(one.children - reason.children) < NOBODY]


def _told(reason: Reason, every: Sequence[Reason], shown: Shown) -> bool:
    """Whether a reason's number is printed anywhere."""
    return any(shown.shows_reason(one.key, one.reason) for one in _twins(reason, every))


def _hold(
    mark: tuple[str, int, int], family: Sequence[Key], mine: Sequence[Reason], every: Sequence[Reason], shown: Shown
) -> bool:
    """Hold back one more figure of a family; false where there is none left that may be."""
    figure, question, _ = mark
    key = family[question]
    if figure == "reason":
        left = [(one.children, one.reason) for one in mine if one.key == key and _told(one, every, shown)]
        if left:
            _hold_reason(key, min(left)[1], every, shown)
            return True
    return hold_whole(mark, family, shown)


def _hold_reason(key: Key, reason: str, every: Sequence[Reason], shown: Shown) -> None:
    """Hold back a reason, and the same wherever it is the same number of children."""
    mine = next(one for one in every if (one.key, one.reason) == (key, reason))
    for one in _twins(mine, every):
        shown.hold_reason(one.key, one.reason)


def hold_whole(mark: tuple[str, int, int], family: Sequence[Key], shown: Shown) -> bool:
    """Hold back one more figure for all children of a family, never the headline; false where there is none left."""
    figure, question, _ = mark
    key = family[question]
    near = [key, *sorted((one for one in family if one != key), key=kept_first, reverse=True)]
    for one in near:
        if one != ON_DAY and figure == "having" and shown.shows_having(one, TOP):
            shown.hold_having(one, TOP)
            return True
    for one in near:
        if one != ON_DAY and shown.shows_observed(one, TOP):
            shown.hold_observed(one, TOP)
            return True
    return False
