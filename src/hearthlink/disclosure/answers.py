"""The answers beyond the headline, checked together with it and made into tables that may leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from hearthlink.disclosure.asked import ON_DAY, Asked, Key, Part, answered, asked, in_order
from hearthlink.disclosure.attack import too_narrow
from hearthlink.disclosure.beside import Elsewhere, bounds, compared, roads, staged
from hearthlink.disclosure.changed import drift_of, is_same
from hearthlink.disclosure.cleared import ClearedTable
from hearthlink.disclosure.curves import Curve, around, curves, insides, windows
from hearthlink.disclosure.effects import Beside, effects
from hearthlink.disclosure.jointly import Checked, Verdicts, jointly
from hearthlink.disclosure.measured import by_group, measures, unseen
from hearthlink.disclosure.nesting import Around
from hearthlink.disclosure.outside import NOTHING, Outside, met_with
from hearthlink.disclosure.policy import Policy, Verdict, released
from hearthlink.disclosure.protect import Held
from hearthlink.disclosure.reading import View, attacked, rounding
from hearthlink.disclosure.remembered import Before
from hearthlink.disclosure.shares import WHOLE, Row, Topic, number
from hearthlink.disclosure.sheets import Links, sheet
from hearthlink.disclosure.spans import Inside, nearly_all_observed, told
from hearthlink.disclosure.state import TOP, Place
from hearthlink.disclosure.wholes import reasons
from hearthlink.tables.plan import Plan

Rows = Sequence[Row]


@dataclass(frozen=True, slots=True)
class Given:
    """The rows of each table of answers; one that is not there is not printed."""

    measured: Rows = ()
    unseen: Rows = ()
    monthly: Rows = ()
    effect: Rows = ()
    bound: Rows = ()
    compared: Rows = ()
    staged: Rows = ()
    error_check: Rows = ()

    @property
    def each(self) -> tuple[Rows, ...]:
        """The rows of every table, in the order they are named here."""
        return (
            self.measured, self.unseen, self.monthly, self.effect, self.bound, self.compared, self.staged, self.error_check,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class First:
    """The headline's row, and what was made of it and of its own topics before anything else was in view."""

    row: Row
    held: Held
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """What may leave of the answers, the verdicts on the headline's own topics with them in view, and what was held back by reason.

    `told` says that no figure may be printed anew beside earlier releases, `same` which of them, by number, are about the same data.
    `outside` are the registered tables as they stand to this study.
    """

    tables: tuple[ClearedTable, ...]
    topics: tuple[Topic, ...]
    refusals: Counter[tuple[str, Verdict]] = field(default_factory=Counter[tuple[str, Verdict]])
    told: bool = False
    same: frozenset[int] = frozenset()
    outside: Outside = NOTHING


@dataclass(frozen=True, slots=True)
class Known:
    """What a reader has besides this release: the earlier ones, and the registered tables of others."""

    before: Sequence[Before] = ()
    outside: Outside = NOTHING

    def __bool__(self) -> bool:
        return bool(self.before or self.outside.sizes or self.outside.crosses)


NOTHING_KNOWN = Known()


def answers(given: Given, first: First, plan: Plan, policy: Policy, known: Known = NOTHING_KNOWN) -> Answers:
    """Check the answers and the headline's own topics together, beside what else a reader has. Raises OurFault where they do not fit together."""
    before = known.before
    given = Given(*(in_order(rows) for rows in given.each))
    headline, whole, topics = first.row, first.held, first.topics
    checked, met = _checked(given, first, plan, policy, known) if given.measured or known else (None, NOTHING)
    if checked and checked.told:
        return Answers((), tuple(topics), told=True, outside=met)
    same = frozenset(one.number for one in before if checked and is_same(drift_of(checked.topics, checked.whole, one)))
    after = tuple(_again(topic, checked) for topic in topics) if checked else tuple(topics)
    tables: list[ClearedTable] = []
    refused: Counter[tuple[str, Verdict]] = Counter()
    if checked and given.measured:
        tables += measures(checked, policy)
        tables += unseen(given.unseen, checked.shown, policy)
        tables += by_group(checked, {topic.name: None for topic in after}, policy)
        refused += _refused(checked)
    lines, chosen = curves(given.monthly, checked, policy)
    tables += lines
    tables += effects(given.effect, _containers(checked, chosen), policy, _windows(checked, chosen, policy))
    if given.bound:
        tables.append(bounds(given.bound, policy))
    if given.compared:
        tables.append(compared(given.compared, lambda row: _base(row, checked, headline, whole, policy), policy))
    if given.staged:
        tables.append(staged(given.staged, _elsewhere(headline, whole, after), policy))
    if given.error_check:
        tables.append(roads(given.error_check, released(whole.having), policy))
    return Answers(tuple(tables), after, refused, same=same, outside=met)


def _elsewhere(headline: Row, whole: Held, topics: Sequence[Topic]) -> Elsewhere:
    """What other tables say that stages of the matching may tell of."""
    both = [(float(group.children), held.children_shown, topic.name) for topic in topics
            for group, held in zip(topic.groups, topic.held, strict=True)]  # fmt: skip
    printed = [
        (number(headline, "children"), whole.children_shown),
        (number(headline, "on_benefit"), whole.having_shown),
    ]
    return Elsewhere(
        tuple(one for one, shown in printed if shown and one is not None),
        tuple(count for count, shown, _ in both if not shown),
        tuple(count for count, shown, name in both if shown and name == "observability"),
    )


def _checked(given: Given, first: First, plan: Plan, policy: Policy, besides: Known) -> tuple[Checked, Outside]:
    headline, whole, topics = first.row, first.held, first.topics
    known = {topic.name for topic in topics} | {WHOLE}
    rows = [row for row in given.measured if (row["measure"], row["window"]) != ON_DAY or row["topic"] not in known]
    of_answer = [*answered([headline]), *(row for topic in topics for row in answered(topic.rows))]
    held: dict[Place, Verdicts] = {TOP: (whole.children, whole.having)}
    for topic in topics:
        held |= {(topic.name, str(row["group"])): (one.children, one.having)
                 for row, one in zip(topic.rows, topic.held, strict=True)}  # fmt: skip
    made = {name: _settled(topic, held) for name, topic in asked([*of_answer, *rows], policy).items()}
    why = reasons(given.unseen, policy)
    met = met_with(besides.outside, made)
    checked = jointly(made, policy, unseen=why, protected=plan.protected, held=held, before=besides.before, outside=met)
    return checked, met


def _settled(topic: Asked, held: Mapping[Place, Verdicts]) -> Asked:
    """The topic with the headline's question as it was judged before: a figure held back for others' sake is no small one."""
    parts = dict(topic.parts)
    if ON_DAY in parts:
        parts[ON_DAY] = {group: _judged(part, held.get(TOP if topic.topic == WHOLE else (topic.topic, group)))
                         for group, part in parts[ON_DAY].items()}  # fmt: skip
    return replace(topic, parts=parts)


def _judged(part: Part, verdicts: Verdicts | None) -> Part:
    if verdicts is None:
        return part
    children, having = (Verdict.RELEASE if one is Verdict.SUBTRACTION else one for one in verdicts)
    return replace(part, own=(children, Verdict.RELEASE, having), fixed=True)


def _again(topic: Topic, checked: Checked) -> Topic:
    """The verdicts on a topic of the headline, with what the answers beside it made to be held back."""
    held: list[Held] = []
    for row, one in zip(topic.rows, topic.held, strict=True):
        place = topic.name, str(row["group"])
        children = checked.shown.children[place]
        having = (
            Verdict.SUBTRACTION if one.having_shown and not checked.shown.shows_having(ON_DAY, place) else one.having
        )
        held.append(Held(children, having, one.at_least))
    return replace(topic, held=tuple(held))


def _refused(checked: Checked) -> Counter[tuple[str, Verdict]]:
    """Figures held back by question and reason, for the record of the run."""
    found: Counter[tuple[str, Verdict]] = Counter()
    for figures in (checked.shown.observed, checked.shown.having):
        for (key, _), verdict in figures.items():
            if not released(verdict):
                found["_".join(key), verdict] += 1
    for (key, _), verdict in checked.shown.reasons.items():
        if not released(verdict):
            found[f"unseen_{'_'.join(key)}", verdict] += 1
    return found


def _windows(checked: Checked | None, chosen: Sequence[Curve], policy: Policy) -> Beside:
    """What the windows say to the exposed, beside the curves and the exposed that were asked of before and do not tell."""
    printed = [one for curve in chosen for one in insides(curve.rows, curve.passes)]

    def tells(one: Inside) -> bool:
        if told([*printed, one], checked, policy):
            return True
        printed.append(one)
        return False

    return Beside(tells, lambda one: nearly_all_observed(one, checked, policy.threshold))


def _containers(checked: Checked | None, chosen: Sequence[Curve]) -> list[Around]:
    """Printed numbers that the exposed referrals of a measure may lie within: windows and spans."""
    spans = [around(row) for curve in chosen for row, passes in zip(curve.rows, curve.passes, strict=True)
             if passes and row["series"] == "referred"]  # fmt: skip
    return windows(checked) + spans


NEARLY_ALL = 0.9
"""The share of all children from which on a comparison may be made with all of them."""


def _base(row: Row, checked: Checked | None, headline: Row, held: Held, policy: Policy) -> Row | None:
    """Whose figures are printed in a row that is set beside others: its own, or those of all children, or none."""
    if _may_compare(row, checked, headline, held, policy):
        return row
    key = str(row["measure"]), ON_DAY[1]
    if checked is None or key not in checked.whole or not checked.shown.shows_having(key, TOP):
        return None
    every = checked.whole[key]
    nearly = (number(row, "children") or 0.0) >= NEARLY_ALL * every.children
    return {**every.row, "children": every.children, "having": every.having} if nearly else None


def _may_compare(row: Row, checked: Checked | None, headline: Row, held: Held, policy: Policy) -> bool:
    """Whether a row may be set beside others: it is that of all children, or nothing can be worked out from it and their groups."""
    children, having = number(row, "children") or 0.0, number(row, "having") or 0.0
    whole = number(headline, "children"), number(headline, "on_benefit")
    if row["measure"] == ON_DAY[0] and (children, having) == whole:
        return held.having_shown
    key = str(row["measure"]), ON_DAY[1]
    if checked is None or key not in checked.whole or not checked.shown.shows_having(key, TOP):
        return False
    part = checked.whole[key]
    if (children, having) in ((part.children, part.having), (part.observed, part.having)):
        return True
    return any(_some_groups((children, having), key, name, checked, policy) for name in ("age", "deprivation"))


def _some_groups(figures: tuple[float, float], key: Key, name: str, checked: Checked, policy: Policy) -> bool:
    """Whether a row is of some groups of a topic alone, and printing it lets nobody work out a figure that is held back."""
    topic, whole = checked.topics.get(name), checked.whole[key]
    if topic is None or key not in topic.parts:
        return False
    children, having = figures
    rest = whole.children - children, whole.having - having
    if min(*rest, rest[0] - rest[1], having, children - having) < policy.threshold:
        return False
    on = sheet([topic], Links({}, ()), checked.whole, policy)
    for numbers in _runs(on.parts[key], children, having):
        shows = [checked.shown.shows_having(key, place) for one in numbers for place in on.places[one]]
        views = [
            View(on, checked.shown, policy, exact) for exact in ((False, True) if policy.totals_known else (False,))
        ]
        if any(shows) and not any(_told(view, key, numbers, figures) for view in views):
            return True
    return False


def _runs(parts: Mapping[int, Part], children: float, having: float) -> Iterator[tuple[int, ...]]:
    """The runs of groups next to each other that have so many children, of whom it is true of so many."""
    for first, after in combinations(range(1, len(parts) + 1), 2):
        run = [one for one in range(first, after) if one in parts]
        if (
            sum(parts[one].children for one in run) == children
            and abs(sum(parts[one].having for one in run) - having) < 1e-6
        ):
            yield tuple(run)


def _told(view: View, key: Key, numbers: Sequence[int], figures: tuple[float, float]) -> bool:
    """Whether an attacker who has these sums too works out what is held back."""
    known, targets, made = attacked(view)
    for place, figure in ((3, figures[0]), (0, figures[1])):
        known.tie([made[key][one][place] for one in numbers], (), *rounding(figure, view.policy))
    return bool(too_narrow(known, targets))
