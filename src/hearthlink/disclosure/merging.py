"""Which groups, counted as one, would let more be shown: found by trying. For the output checker alone, since it tells which are small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hearthlink.disclosure.policy import Policy
from hearthlink.disclosure.protect import Group, Held, judge, settled
from hearthlink.disclosure.shares import TITLES, WHOLE, Row, group_of

ORDERED = frozenset({"age", "deprivation", "stage", "stage_six_months", "months_observed"})
"""Topics whose groups stand in an order: only neighbours are counted as one."""

MOST = 4
"""How many times two groups of a topic are counted as one, at most."""


@dataclass(frozen=True, slots=True)
class Merging:
    """What counting some groups of a topic as one would do, for the share on benefit by that topic.

    `joined`: the groups that would be one, each set by their names. `held_before`, `held_after`: figures held back of the numbers of
    children and of those on benefit, and `shown_before`, `shown_after`: how many such figures are shown.
    """

    topic: str
    joined: tuple[tuple[str, ...], ...]
    held_before: int
    held_after: int
    shown_before: int
    shown_after: int

    @property
    def title(self) -> str:
        """The topic in plain words."""
        return TITLES.get(self.topic, self.topic.replace("_", " ").capitalize())


Named = tuple[tuple[str, ...], Group]
"""Groups that are counted as one, and their figures."""


def mergings(rows: Sequence[Row], policy: Policy) -> list[Merging]:
    """For each topic of the share on benefit with a figure held back, the groups that are best counted as one; none where nothing helps.

    Groups are counted as one, two at a time, so that the fewest figures stay held back. It helps where no fewer figures are shown
    for it, and two groups or more are left; of such steps the one with the most figures shown is said, and of those the fewest held back.
    """
    of_question = [row for row in rows if row["question"] == "on_benefit"]
    whole = next((group_of(row) for row in of_question if row["topic"] == WHOLE), None)
    if whole is None:
        return []
    everything = judge(whole, policy, everybody=True)
    if not everything.having_shown:
        return []
    found = (
        _best(topic, [row for row in of_question if row["topic"] == topic], whole, everything, policy)
        for topic in dict.fromkeys(str(row["topic"]) for row in of_question if row["topic"] != WHOLE and not row["overlapping"])
    )  # fmt: skip
    return [one for one in found if one is not None]


def _best(topic: str, rows: Sequence[Row], whole: Group, everything: Held, policy: Policy) -> Merging | None:
    def outcome(groups: Sequence[Named]) -> tuple[int, int]:
        """Figures held back and, as a number below nought, figures shown."""
        made = settled([[group for _, group in groups]], whole, policy, everything)
        there = [held for (_, group), held in zip(groups, made.held[0], strict=True) if not group.nobody(policy)]
        shown = sum(one.children_shown + one.having_shown for one in there)
        return 2 * len(there) - shown, -shown

    now: list[Named] = [((str(row["group"]),), group_of(row)) for row in rows]
    first = last = outcome(now)
    made: list[tuple[int, int, list[Named]]] = []
    while len(made) < MOST and last[0]:
        tried = [(outcome(groups), place, groups) for place, groups in enumerate(_pairs(now, topic in ORDERED))]
        if not tried or min(tried)[0][0] >= last[0]:
            break
        last, _, now = min(tried)
        made.append((last[1], last[0], now))
    useful = [one for one in made if one[0] <= min(first[1], -1) and len(one[2]) > 1]
    if not useful:
        return None
    shown, held, groups = min(useful, key=lambda one: one[:2])
    return Merging(topic, tuple(names for names, _ in groups if len(names) > 1), first[0], held, -first[1], -shown)


def _pairs(groups: Sequence[Named], ordered: bool) -> Iterator[list[Named]]:  # noqa: FBT001
    """The groups with two of them counted as one: neighbours where they stand in an order, and else any two, the smallest first."""
    places = range(len(groups))
    pairs = [(one, other) for one in places for other in places if one < other and (other == one + 1 or not ordered)]
    for one, other in sorted(pairs, key=lambda pair: sum(groups[place][1].children for place in pair)):
        made = (groups[one][0] + groups[other][0], _together(groups[one][1], groups[other][1]))
        yield [made if place == one else groups[place] for place in places if place != other]


def _together(one: Group, other: Group) -> Group:
    """Two groups as one. Families of both may be the same, and draws differ: what is not known is taken at its worst."""
    having = None if one.having is None or other.having is None else one.having + other.having
    return replace(
        one,
        children=one.children + other.children,
        having=having,
        fewest=None if one.fewest is None or other.fewest is None else one.fewest + other.fewest,
        most=None if one.most is None or other.most is None else one.most + other.most,
        families=tuple(max(pair) for pair in zip(one.families, other.families, strict=True)),
        largest=tuple(sum(pair) for pair in zip(one.largest, other.largest, strict=True)),
    )
