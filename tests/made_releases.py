"""Releases of a made-up study one after another: children come, go, or are matched otherwise, and each release is cleared after the others."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
from made_answers import PLAN, Flags, Key, Whole, World, tables, world

from hearthlink.disclosure import ClearedTable, Comparator, Policy, pack
from hearthlink.disclosure.clear import Clearance, clearance
from hearthlink.disclosure.earlier import figures_of
from hearthlink.errors import DataProblem
from hearthlink.tables.record import FINDING, LINK_SUMMARY, RECEIPT
from hearthlink.tables.released import RELEASED_FIGURE
from hearthlink.tables.research import QUALITY_BY_GROUP

COMPARATOR = Comparator(1 / 3, "a third", "made up", "made up")


def part_of(made: World, chosen: Flags) -> World:
    """The same study with some of its children alone."""
    return World(
        made.family[chosen],
        {name: (groups, codes[chosen]) for name, (groups, codes) in made.labels.items()},
        {key: seen[chosen] for key, seen in made.seen.items()},
        {key: true[chosen] for key, true in made.true.items()},
        {key: {reason: flags[chosen] for reason, flags in why.items()} for key, why in made.why.items()},
        {name: months[chosen] for name, months in made.months.items()},
        made.linked[chosen],
        made.length[chosen],
    )


def matched_otherwise(made: World, which: Whole) -> World:
    """The same children, of whom some are on no benefit after all: their links were wrong."""
    kept = np.ones(len(made.family), bool)
    kept[which] = False
    true = {key: flags & kept[:, None] for key, flags in made.true.items()}
    return replace(made, true=true)


@dataclass
class History:
    """What was released so far: the studies, the printed tables, and the true numbers behind them."""

    policy: Policy
    worlds: list[World] = field(default_factory=list[World])
    printed: list[tuple[ClearedTable, ...]] = field(default_factory=list[tuple[ClearedTable, ...]])
    earlier: list[tuple[int, bytes]] = field(default_factory=list[tuple[int, bytes]])
    figures: pa.Table = field(default_factory=RELEASED_FIGURE.empty)
    repeats: list[int | None] = field(default_factory=list[int | None])

    def clear(self, made: World, outside: Sequence[tuple[str, bytes]] = (), **more: pa.Table) -> Clearance:
        """What may leave of a study after what was released before."""
        return clearance(
            **more,
            **tables(made), plan=PLAN, quality_by_group=QUALITY_BY_GROUP.empty(), link_summary=LINK_SUMMARY.empty(),
            receipt=RECEIPT.empty(), finding=FINDING.empty(), policy=self.policy, comparator=COMPARATOR,
            earlier=self.earlier, released_figure=self.figures, outside=outside,
        )  # fmt: skip

    def release(self, made: World, **more: pa.Table) -> Clearance:
        """Clear a study, and release what may leave."""
        cleared = self.clear(made, **more)
        number = len(self.earlier) + 1
        self.worlds.append(made)
        self.printed.append(cleared.tables)
        self.repeats.append(cleared.repeats)
        self.earlier.append((number, pack(cleared.tables)))
        self.figures = pa.concat_tables([self.figures, figures_of(number, tables(made) | more)])
        return cleared


KEYS: tuple[tuple[Key, ...], ...] = (
    (("on_benefit", "on_day"),),
    (("on_benefit", "on_day"), ("on_benefit", "before_12")),
    (("on_benefit", "on_day"), ("suspension", "before_3"), ("suspension", "before_12")),
    (("on_benefit", "on_day"), ("overcrowded", "on_day"), ("low_income_after_costs", "on_day")),
    (("on_benefit", "on_day"), ("suspension", "before_12"), ("disruption", "before_12")),
)
CHANGES = ("same", "came", "came", "went", "matched", "both")


def sequence(seed: int, policies: Sequence[Policy]) -> tuple[History, list[str]]:
    """A random history of a study, one release for each policy; and what changed before each release after the first."""
    draw = random.Random(seed)
    size = draw.choice((150, 300, 600, 1200))
    topics = draw.sample(["age", "sex", "ethnic_group", "stage", "deprivation"], draw.randint(1, 2))
    every = world(size, seed, topics=topics, keys=draw.choice(KEYS), draws=draw.choice((1, 3)))
    order = np.array(draw.sample(range(size), size))
    inside = np.zeros(size, bool)
    inside[order[: size * 2 // 3]] = True
    history, changes = History(policies[0]), list[str]()
    history.release(part_of(every, inside))
    wrong = list[int]()
    for policy in policies[1:]:
        history.policy = policy
        change, many = draw.choice(CHANGES), draw.choice((2, 15, 40, 120))
        changes.append(change)
        if change in ("came", "both"):
            inside[draw.sample(list(np.flatnonzero(~inside)), min(many, int((~inside).sum())))] = True
        if change in ("went", "both"):
            inside[draw.sample(list(np.flatnonzero(inside)), min(many // 2 + 1, int(inside.sum()) // 3))] = False
        if change == "matched":
            wrong += draw.sample([int(one) for one in np.flatnonzero(inside)], min(many, int(inside.sum()) // 3))
        with suppress(DataProblem):  # too few changed since a release by milder rules: then nothing leaves
            history.release(part_of(matched_otherwise(every, np.array(sorted(set(wrong)), int)), inside))
    return history, changes
