"""Of how many children each measure of the plan is true, over its windows and by its topics: those observed before those who have it.

What a child's household shows depends on which household it is, and so each draw of the linkage has its own observed and its own having.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.analysis import unseen as why
from hearthlink.analysis.cohort import UNSEEN, Cohort, Flags, Small
from hearthlink.analysis.ground import WEEKS, Ground
from hearthlink.analysis.shares import FALSE, REASON, TRUE, Members, Record, Said, members, rows, said, said_outright
from hearthlink.analysis.topics import Topic, topics
from hearthlink.errors import OurFault
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.measures import BEFORE, Measure, Window
from hearthlink.tables.plan import Plan

EVERYBODY = "all_children"
MONTHS_OF: dict[Window, int] = {"before_3": 3, "before_12": 12, "before_24": 24}
TRUE_FROM = {"precarity": 2}
"""From which band a state in bands counts as true, where that is not the first above nought."""

NO_INCOME_IF_PASSPORTED = frozenset(
    {
        "low_income_before_costs",
        "low_income_after_costs",
        "precarity",
        "strain",
        "volatile",
        "workless",
        "unemployed",
    }
)
"""States that a passported claim does not tell, for it holds neither income nor hours: not known, which is never nought."""

MOST_OF_THE_TIME = (3, 4)
"""In low income for three in four of the months seen is most of the time."""
FEWEST_MONTHS = 12
"""So many months must be seen before anything is said to last."""

STREAM = 31_03_2021
"""Names the stream of random numbers for claims that ended before the day of referral, so that figures come out the same again."""

MONTHS_OBSERVED = ("None", "1 to 11", "12 to 23", "All 24")


@dataclass(frozen=True, slots=True)
class Asked:
    """One measure over one window, the topics it is asked by, and which of them stood in the plan; the whole is asked always."""

    measure: Measure
    window: Window
    topics: Mapping[str, bool]


def asked(plan: Plan) -> tuple[Asked, ...]:
    """The questions of a plan, each measure and window once, in the plan's order. Raises OurFault where a measure is not known."""
    found: dict[tuple[str, Window], dict[str, bool]] = {}
    for question in plan.questions:
        if question.measure not in MEASURES:
            raise OurFault("The plan asks for a measure that there is not.")
        for window in question.windows:
            wanted = found.setdefault((question.measure, window), {})
            for topic in (EVERYBODY, *question.topics):
                wanted[topic] = wanted.get(topic, False) or question.planned
    return tuple(Asked(MEASURES[measure], window, wanted) for (measure, window), wanted in found.items())


def measured(base: Ground, plan: Plan) -> tuple[list[Record], list[Record]]:
    """The rows of the tables `measured` and `unseen`. Raises OurFault where the draws do not fit together."""
    wanted = asked(plan)
    made = _members(base, {topic for one in wanted for topic in one.topics})
    having: list[Record] = []
    without: list[Record] = []
    for one in wanted:
        found = said_of(base, one.measure, one.window)
        key = {"measure": one.measure.name, "window": one.window}
        for topic, planned in one.topics.items():
            # A topic that the study has no figures for, such as six months that nobody was followed, is asked in vain.
            if topic in made:
                having += [{**key, **row, "planned": planned} for row in rows(found, made[topic])]
        marked = {**key, "planned": one.topics[EVERYBODY]}
        without += [{**marked, **row} for row in why.unseen_rows(found, made[EVERYBODY])]
    return having, without


def _members(base: Ground, wanted: set[str]) -> dict[str, Members]:
    every = (*topics(base.cohort.children), months_observed(base))
    return {topic.name: members(topic, base.cohort.family) for topic in every if topic.name in {EVERYBODY, *wanted}}


def months_observed(base: Ground) -> Topic:
    """Children by how many of the 24 months before the referral the household of the best link was observed in.

    To ask for twelve months seen, or for a whole window, selects families that stay. By this topic the reader sees by how much.
    """
    count = base.months(base.observed, np.full(len(base.cohort.child), BEFORE))
    best = np.where(base.cohort.best < 0, 0, np.append(count, 0)[base.cohort.best])
    band = np.digitize(best, (1, 12, BEFORE))
    return Topic(
        "months_observed", tuple((name, np.flatnonzero(band == place)) for place, name in enumerate(MONTHS_OBSERVED))
    )


def said_of(base: Ground, measure: Measure, window: Window) -> Said:
    """What the draws say of each child for a measure and a window."""
    if measure.kind == "benefit":
        return _benefit(base, window)
    alone: list[tuple[str, Flags]] = [(why.IN_CARE, base.in_care), (why.NO_HOUSEHOLD, np.ones(len(base.in_care), bool))]
    if measure.kind == "state":
        values, names = _state(base, measure)
    elif measure.kind == "lasting":
        values, names = _lasting(base, measure, MONTHS_OF[window])
    else:
        values, names = _event(base, measure, MONTHS_OF[window])
    nothing = np.zeros(len(base.in_care), bool)
    by_itself = why.coded(nothing, nothing, alone)
    return said(base.cohort, values, by_itself, base.drawn, names)


def _benefit(base: Ground, window: Window) -> Said:
    """A claim in payment on the day of referral, by effective dates, or on any day of a window.

    Everybody is observed: a child in no household on file is not on benefit. Claims of a household before a child's birth count, for
    they are its mother's. The draws of the day hold a doubt about records beside the links', and other windows take over the same.
    """
    cohort = base.cohort
    drawn = on_draws(cohort.children)
    if window == "on_day":
        best = np.asarray(cohort.children.column("on_benefit").to_numpy(), bool).astype(np.int8)
        return said_outright(drawn, best)
    column = {"before_12": "ever_before_12", "before_24": "ever_before_24", "after_12": "ever_after_12"}.get(window)
    if column is None:
        raise OurFault(f"A claim cannot be asked for over the window {window}.")
    values = pc.fill_null(cohort.candidates.column(column).cast(pa.int8()), REASON).to_numpy().astype(np.int8)
    alone = _as_its_month(cohort, values)
    held = pc.fill_null(cohort.candidates.column("on_benefit").cast(pa.int8()), 0).to_numpy().astype(np.int8)
    codes, linked = (_drawn(cohort, one, drawn.shape[1]) for one in (values, held))
    codes = np.where(codes == UNSEEN, alone[:, None], codes)
    turned = np.where(linked == UNSEEN, 0, linked) != drawn
    codes = np.where(turned & (codes < REASON), TRUE - codes, codes).astype(np.int8)
    best = np.where(cohort.best < 0, alone, cohort.by_best(values)).astype(np.int8)
    if window != "after_12":
        codes, best = _or_otherwise(cohort, window, codes, best)
    return said_outright(codes, best, (why.NOT_REACHED,) if window == "after_12" else ())


def _or_otherwise(cohort: Cohort, window: Window, codes: Small, best: Small) -> tuple[Small, Small]:
    """The same, where a draw finds a child in no household on the day: was it in one with a claim before, as its earlier links say?

    Trap met: conditioning on survival. Only households on file on the day can be linked as at that day, and so families whose claim was
    ended before it would count as never on benefit. The brothers and sisters of a draw are taken together.
    """
    chance = pc.fill_null(cohort.children.column(f"ever_{window}_otherwise"), 0.0).to_numpy()
    none = (cohort.household < 0).astype(np.int8)
    rows = np.flatnonzero(chance > 0)
    homeless = _drawn(cohort, none, codes.shape[1])[rows] != 0
    _, family = np.unique(cohort.family[rows], return_inverse=True)
    random = np.random.Generator(np.random.PCG64([STREAM, MONTHS_OF[window]]))
    at = random.random((int(family.max(initial=-1)) + 1, codes.shape[1]), np.float32)[family]
    codes[rows] = np.where(homeless & (at < chance[rows, None]), TRUE, codes[rows])
    best = np.where((cohort.by_best(none) != 0) & (chance > 0.5), TRUE, best)
    return codes.astype(np.int8), best.astype(np.int8)


def _drawn(cohort: Cohort, values: Small, draws: int) -> Small:
    """What each draw says of each child; -1 where it was not linked, and throughout where nobody was."""
    found = cohort.drawn(values) if cohort.draws else np.full((len(cohort.first), draws), UNSEEN, np.int8)
    if found.shape[1] != draws:
        raise OurFault("The draws of the links and those of the day are not the same.")
    return found


def on_draws(children: pa.Table) -> Small:
    """1 or 0 for each child and draw: on benefit on the day of referral. Raises OurFault where children have different numbers of draws."""
    column = children.column("on_draws").combine_chunks()
    flat = column.flatten().to_numpy(zero_copy_only=False)
    if len(column) and len(flat) % len(column):
        raise OurFault("Children have different numbers of draws.")
    return flat.astype(np.int8).reshape(len(column), -1) if len(column) else np.zeros((0, 0), np.int8)


def _as_its_month(cohort: Cohort, values: Small) -> Small:
    """For a child that was not linked: not on benefit, but not seen where that holds of any child referred in its month."""
    late = np.zeros(int(cohort.index_month.max(initial=0)) + 1, bool)
    late[cohort.index_month[cohort.child[values == REASON]]] = True
    return np.where(late[cohort.index_month], REASON, FALSE).astype(np.int8)


def _state(base: Ground, measure: Measure) -> tuple[Small, tuple[str, ...]]:
    """A state on the last month end before the referral."""
    name = measure.columns[0]
    value = base.before(base.state(name))
    seen = base.before(base.observed, empty=0) == 1
    filed = base.calendar_months(base.filed, np.ones(len(value), np.int64)) == 1
    reasons: list[tuple[str, Flags]] = [
        (why.IN_CARE, base.away),
        (why.NO_HOUSEHOLD, base.lone),
        (why.NO_FILE, ~filed & ~seen),
        (why.NO_CLAIM, ~seen),
        *_not_held(base, name),
    ]
    return why.coded(value >= TRUE_FROM.get(name, 1), value >= 0, reasons), tuple(name for name, _ in reasons)


def _not_held(base: Ground, name: str) -> Iterator[tuple[str, Flags]]:
    """Why a household that was seen does not show a state."""
    if name in NO_INCOME_IF_PASSPORTED:
        yield why.PASSPORTED, base.before(base.state("passported")) == 1
    yield why.CREDIT_ALONE, base.before(_credit_alone(base)) == 1
    yield why.NOT_HELD, np.ones(len(base.lone), bool)


def _credit_alone(base: Ground) -> Small:
    return base.cohort.panel.state("status", {"credit_only": 1})


def _lasting(base: Ground, measure: Measure, months: int) -> tuple[Small, tuple[str, ...]]:
    """A state in three of four or more of the months seen, of which there are twelve or more.

    A month not observed is never one without the state: leavers are not seen to be out of poverty. Months before a child's birth are
    not its own, so that a child of eighteen months has eighteen of a window of 24.
    """
    state = base.state(measure.columns[0])
    lived = base.aged
    reach = np.minimum(months, np.maximum(lived, 0))
    seen, true = base.months(state >= 0, reach), base.months(state >= TRUE_FROM.get(measure.columns[0], 1), reach)
    held = base.months(base.observed, reach)
    passported = base.months(base.observed & (state < 0) & (base.state("passported") == 1), reach)
    part, of = MOST_OF_THE_TIME
    reasons: list[tuple[str, Flags]] = [
        (why.IN_CARE, base.away),
        (why.NO_HOUSEHOLD, base.lone),
        (why.TOO_YOUNG, why.too_young(lived, FEWEST_MONTHS)),
        (why.NO_AGE, lived < 0),
        (why.NO_FILE, base.calendar_months(base.filed, reach) < FEWEST_MONTHS),
        (why.FEW_MONTHS, held < FEWEST_MONTHS),
        (why.PASSPORTED, seen + passported >= FEWEST_MONTHS),
        (why.NOT_HELD, np.ones(len(lived), bool)),
    ]
    return why.coded(of * true >= part * seen, seen >= FEWEST_MONTHS, reasons), tuple(name for name, _ in reasons)


def _event(base: Ground, measure: Measure, months: int) -> tuple[Small, tuple[str, ...]]:
    """An event in the weeks before the referral, by the day it was decided: a decision backdated to before does not count as before.

    Observed is a household with a claim on file on the first month end of the window, and so to the end of its claim: to ask that the
    claim last to the referral would leave out those whose benefit was cut off. A claim that began within the window is not seen before
    it began. A month in which nothing would be told of such an event makes the window unseen, for everybody.
    """
    struck = np.zeros(len(base.lone), bool)
    events = base.cohort.child_events
    weeks = events.column("weeks").to_numpy()
    kept = pc.is_in(events.column("kind"), pa.array(measure.columns, pa.string())).to_numpy().astype(bool)
    kept &= (weeks < 0) & (weeks >= -WEEKS[months])
    struck[base.cohort.struck_candidate[kept]] = True
    lived = base.aged
    told = base.calendar_months(base.told(measure.columns), np.full(len(lived), months)) == months
    there = base.cohort.at_offset(base.observed, -months, empty=0) == 1
    reasons: list[tuple[str, Flags]] = [
        (why.IN_CARE, base.away),
        (why.NO_HOUSEHOLD, base.lone),
        (why.TOO_YOUNG, why.too_young(lived, months)),
        (why.NO_AGE, lived < 0),
        (why.NO_FILE, ~told),
        (why.NOT_THROUGHOUT, base.months(base.observed, np.full(len(lived), months)) > 0),
        (why.NO_CLAIM, np.ones(len(lived), bool)),
    ]
    return why.coded(struck, there, reasons), tuple(name for name, _ in reasons)
