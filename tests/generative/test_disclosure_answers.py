"""An attacker who reads every cleared table of the measures at once, and tries to work out what they hold back."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import product
from math import inf
from types import SimpleNamespace

import numpy as np
import pytest
from attacker_of_ends import narrowed
from hypothesis import given, settings
from hypothesis import strategies as st
from made_answers import FLAGS, PLAN, TOPICS, Key, World, tables, world
from solving import Known

from hearthlink.disclosure import STRICT, ClearedTable, Comparator, Marker, Policy, clear
from hearthlink.disclosure.attack import Programme, Target, too_narrow
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.measures import WINDOW_WORDS
from hearthlink.tables.record import FINDING, LINK_SUMMARY, RECEIPT
from hearthlink.tables.research import QUALITY_BY_GROUP

COMPARATOR = Comparator(1 / 3, "a third", "made up", "made up")
ANY_FAMILY = replace(STRICT, families=1, largest_family=1.0)
"""The families rule holds more back; without it the attacker has more to go on."""

NHS, DFE = (replace(Policy.of(name), families=1, largest_family=1.0) for name in ("nhs", "dfe"))

POLICIES = (ANY_FAMILY, NHS, DFE, STRICT, NHS, DFE, replace(ANY_FAMILY, totals_known=False))

TRIALS = int(os.environ.get("PROVE_COUNT", "0"))
STUDIES = TRIALS // 10 or 28
"""Studies to try; each has ten tables and more."""
SLACK = 1e-5
ENDS = ("these_low", "these_high", "process_low", "process_high")
SHORTER = {("before_3", "before_12"), ("before_3", "before_24"), ("before_12", "before_24")}
ON_DAY: Key = ("on_benefit", "on_day")
ALL = "All children referred and counted"
Group = tuple[str, str]
WHOLE: Group = ("", "")


def leaves(made: World, policy: Policy) -> dict[str, ClearedTable]:
    """What leaves of a made-up study."""
    printed = clear(
        **tables(made), plan=PLAN, quality_by_group=QUALITY_BY_GROUP.empty(), link_summary=LINK_SUMMARY.empty(),
        receipt=RECEIPT.empty(), finding=FINDING.empty(), policy=policy, comparator=COMPARATOR,
    )  # fmt: skip
    return {table.name: table for table in printed}


@cache
def left_of(profile: str, seed: int) -> tuple[World, dict[str, ClearedTable]]:
    """A made-up study and what leaves of it."""
    made = study(seed)
    return made, leaves(made, Policy.of(profile))


@dataclass
class Printed:
    """All printed numbers: children by group; observed and having by question and group; reasons by question. None is held back."""

    children: dict[Group, int | None] = field(default_factory=dict[Group, int | None])
    observed: dict[tuple[Key, Group], int | None] = field(default_factory=dict[tuple[Key, Group], int | None])
    having: dict[tuple[Key, Group], int | None] = field(default_factory=dict[tuple[Key, Group], int | None])
    reasons: dict[tuple[Key, str], int | None] = field(default_factory=dict[tuple[Key, str], int | None])
    few: set[tuple[Key, Group]] = field(default_factory=set[tuple[Key, Group]])
    """Where only that is said, that fewer than the threshold cannot be seen."""
    ends: dict[tuple[Key, Group], tuple[dict[str, object], int]] = field(
        default_factory=dict[tuple[Key, Group], tuple[dict[str, object], int]]
    )
    """The numbers that a share is made of with the ends of its interval for the process, and the decimals of them."""

    def note(self, key: Key, group: Group, line: dict[str, object]) -> None:
        """Take up a printed row."""
        children, observed, having = (number(line.get(name)) for name in ("children", "observed", "having"))
        assert self.children.setdefault(group, children) == children
        self.observed[key, group], self.having[key, group] = None if line["few"] else observed, having
        if line["few"]:
            self.few.add((key, group))
        elif having is not None and isinstance(line["process_low"], float) and isinstance(line["decimals"], int):
            ends = {"over": having, "under": observed, "low": line["process_low"], "high": line["process_high"]}
            self.ends[key, group] = (ends, line["decimals"])


def cells(table: ClearedTable, row: int) -> dict[str, object]:
    """A printed row by column; None where a marker stands."""
    line = table.rows[row]
    assert all(cell.value is not None or cell.marker is not Marker.NONE for cell in line)
    found: dict[str, object] = {column.name: cell.value for column, cell in zip(table.columns, line, strict=True)}
    at = [column.name for column in table.columns]
    found["decimals"] = max(cell.decimals for cell in line)
    found["few"] = "observed" in at and line[at.index("observed")].marker is Marker.AT_LEAST
    return found


def number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def read(printed: dict[str, ClearedTable], made: World) -> Printed:
    """Every number in the tables, and that the same figure is the same wherever it is printed."""
    seen = Printed()
    titles = {one.title: one.name for one in MEASURES.values()}
    windows = {words: name for name, words in WINDOW_WORDS.items()}

    for name, table in printed.items():
        lines = [cells(table, row) for row in range(len(table.rows))]
        if name.startswith("measures_"):
            for line in lines:
                seen.note((titles[str(line["measure"])], windows[str(line["window"])]), WHOLE, line)
        elif name.startswith("unseen_"):
            for line in lines:
                key = titles[str(line["measure"])], windows[str(line["window"])]
                seen.reasons[key, str(line["reason"])] = number(line["children"])
        elif name.startswith("on_benefit_by_"):
            for line in lines[1:]:
                group = name.removeprefix("on_benefit_by_"), str(line["group"])
                seen.note(
                    ("on_benefit", "on_day"),
                    group,
                    {**line, "observed": line["children"], "having": line["on_benefit"]},
                )
        elif name.startswith("measured_"):
            key = next(key for key in made.seen if name.startswith(f"measured_{key[0]}_{key[1]}_by_"))
            for line in lines[1:]:
                seen.note(key, (name.split("_by_")[1], str(line["group"])), line)
    return seen


class Attacker(Known):
    """One linear programme over every group of every topic and every question, from the printed numbers and the definitions alone."""

    def __init__(self, seen: Printed, made: World, policy: Policy, sizes: dict[Group, int] | None) -> None:
        self.policy, self.seen, self.sizes = policy, seen, sizes
        super().__init__()
        groups = [WHOLE, *((topic, name) for topic, (names, _) in made.labels.items() for name in names)]
        for group in groups:
            self.children(group)
            for key in made.seen:
                self.question(key, group)
        for topic, (names, _) in made.labels.items():
            for what in ("n", *((figure, key) for key in made.seen for figure in "hlu")):
                parts = what if isinstance(what, tuple) else (what,)
                self.limit({self.v(*parts, (topic, name)): 1.0 for name in names} | {self.v(*parts, WHOLE): -1.0}, 0, 0)
        for key, reasons in made.why.items():
            if reasons:
                self.reasons(key, list(reasons))
        for group in groups:
            self.definitions(made, group)
        self.stages(made)

    def children(self, group: Group) -> None:
        """The number of children: known from elsewhere, or to its rounding."""
        printed = self.seen.children.get(group)
        if self.sizes is not None:
            self.limit({self.v("n", group): 1.0}, self.sizes[group], self.sizes[group])
        elif printed is not None:
            below, above = self.policy.base // 2, (self.policy.base - 1) // 2
            self.limit(
                {self.v("n", group): 1.0},
                max(self.policy.threshold, printed - below) if printed else 0,
                printed + above if printed else 0,
            )
        elif self.policy.noughts and group != WHOLE:
            self.limit({self.v("n", group): 1.0}, 1, 1e9)

    def question(self, key: Key, group: Group) -> None:
        """What a printed row of a question says: two numbers to their roundings, and nothing small left over."""
        h, el, u, n = self.v("h", key, group), self.v("l", key, group), self.v("u", key, group), self.v("n", group)
        least, half = self.policy.threshold, self.policy.base / 2
        self.limit({h: 1.0, el: 1.0, u: 1.0, n: -1.0}, 0, 0)
        observed, having = self.seen.observed[key, group], self.seen.having[key, group]
        if (key, group) in self.seen.few:
            self.limit({u: 1.0}, 0, least)
        elif key[0] == "on_benefit" and key[1] != "after_12":
            self.limit({u: 1.0}, 0, 0)
        elif key[0] == "on_benefit" and observed is not None and observed == self.seen.children[group]:
            # Ten or more unseen would be printed as five or more.
            self.limit({u: 1.0}, 0, 0)
        elif observed is not None:
            self.limit({h: 1.0, el: 1.0}, max(least, observed - half), observed + half)
            self.limit({u: 1.0}, least, 1e9)
        if having is not None:
            self.limit({h: 1.0}, *self.ends(key, group, (max(least, having - half), having + half)))
            self.limit({el: 1.0}, least, 1e9)

    def ends(self, key: Key, group: Group, limits: tuple[float, float]) -> tuple[float, float]:
        """What the ends of its interval leave of a printed number, for a reader who knows how they are made and that no match is in doubt."""
        if (key, group) not in self.seen.ends:
            return limits
        said, decimals = self.seen.ends[key, group]
        under, half = number(said["under"]) or 0, self.policy.base / 2
        sizes = max(self.policy.threshold, under - half), under + half
        if self.sizes is not None and key == ON_DAY:
            sizes = self.sizes[group], self.sizes[group]
        low, high = (one if isinstance(one, int | float) else None for one in (said["low"], said["high"]))
        return narrowed(int(str(said["over"])), under, (low, high), limits, sizes, self.policy, decimals)

    def reasons(self, key: Key, reasons: list[str]) -> None:
        """The reasons add up to those not seen."""
        self.limit({self.v("r", key, one): 1.0 for one in reasons} | {self.v("u", key, WHOLE): -1.0}, 0, 0)
        for one in reasons:
            printed = self.seen.reasons[key, one]
            if printed is not None:
                half = self.policy.base / 2
                self.limit({self.v("r", key, one): 1.0}, max(self.policy.threshold, printed - half), printed + half)

    def definitions(self, made: World, group: Group) -> None:
        """What the definitions say lies within what."""

        def within(small: tuple[object, ...], large: tuple[object, ...]) -> None:
            self.limit({self.v(*small, group): 1.0, self.v(*large, group): -1.0}, -1e9, 0)

        for one in made.seen:
            for other in made.seen:
                if one[0] == other[0] == "on_benefit" and (one[1], other[1]) in SHORTER | {
                    ("on_day", "before_12"),
                    ("on_day", "before_24"),
                }:
                    within(("h", one), ("h", other))
                elif (one, other) == (ON_DAY, ("on_benefit", "after_12")):
                    within(("l", other), ("l", one))
                elif one[0] == other[0] and (one[1], other[1]) in SHORTER:
                    within(("u", one), ("u", other))
                    within(("l", other), ("l", one))
                elif (one[0], other[0]) == ("suspension", "disruption") and one[1] == other[1]:
                    within(("h", one), ("h", other))
                    within(("u", one), ("u", other))
                    within(("u", other), ("u", one))

    def stages(self, made: World) -> None:
        """Who was looked after has that as the highest stage; who has a plan as the highest stage has had a plan."""
        for topic, (reached, _) in FLAGS.items():
            if topic in made.labels and "stage_six_months" in made.labels:
                for what in (("n",), *((figure, key) for key in made.seen for figure in "hlu")):
                    terms = {self.v(*what, (topic, reached)): 1.0, self.v(*what, ("stage_six_months", reached)): -1.0}
                    self.limit(terms, 0, 0 if topic.startswith("looked") else 1e9)

    def true(self, made: World) -> dict[int, float]:
        """The true numbers, by their places."""
        sizes, figures = truths(made)
        found: dict[int, float] = {self.v("n", group): size for group, size in sizes.items()}
        for (key, group), three in figures.items():
            found |= {self.v(figure, key, group): one for figure, one in zip("hlu", three, strict=True)}
        for key, reasons in made.why.items():
            found |= {self.v("r", key, one): float(flags.sum(0).mean()) for one, flags in reasons.items()}
        return found


@dataclass(frozen=True)
class Hidden:
    """A figure that is held back: its name for the attacker, its true number, and whether it is small itself or leaves few."""

    name: tuple[tuple[object, ...], ...]
    truth: float
    small: bool


def truths(made: World) -> tuple[dict[Group, int], dict[tuple[Key, Group], tuple[float, float, float]]]:
    """The true number of children of each group, and of those having, lacking and unseen."""
    groups: dict[Group, np.ndarray] = {WHOLE: np.ones(len(made.family), bool)}
    groups |= {
        (topic, name): codes == place
        for topic, (names, codes) in made.labels.items()
        for place, name in enumerate(names)
    }
    sizes = {group: int(inside.sum()) for group, inside in groups.items()}
    figures: dict[tuple[Key, Group], tuple[float, float, float]] = {}
    for key in made.seen:
        for group, inside in groups.items():
            seen, true = made.seen[key][inside].sum(0).mean(), made.true[key][inside].sum(0).mean()
            figures[key, group] = float(true), float(seen - true), float(sizes[group] - seen)
    return sizes, figures


def hidden(seen: Printed, made: World, policy: Policy) -> list[Hidden]:
    """Every figure that the tables hold back."""
    sizes, figures = truths(made)
    found = [Hidden((("n", group),), sizes[group], small=sizes[group] < policy.threshold)
             for group, printed in seen.children.items() if printed is None]  # fmt: skip
    for (key, group), (having, lacking, unseen) in figures.items():
        if seen.children[group] == 0:
            continue
        if seen.having[key, group] is None:
            small = min(having, lacking) < policy.threshold
            found += [Hidden((("h", key, group),), having, small), Hidden((("l", key, group),), lacking, small)]
        if (key[0] != "on_benefit" or key[1] == "after_12") and seen.observed[key, group] is None:
            small = min(having + lacking, unseen) < policy.threshold
            found += [Hidden((("u", key, group),), unseen, small),
                      Hidden((("h", key, group), ("l", key, group)), having + lacking, small)]  # fmt: skip
    for (key, reason), printed in seen.reasons.items():
        if printed is None:
            truth = float(made.why[key][reason].sum(0).mean())
            found.append(Hidden((("r", key, reason),), truth, truth < policy.threshold))
    return found


def study(seed: int) -> World:
    """A small study of a few questions and two or three topics, with small groups in plenty."""
    draw = random.Random(seed)
    families = [
        [("on_benefit", "on_day"), ("on_benefit", "before_12"), ("on_benefit", "before_24")],
        [(name, window) for name in ("suspension", "disruption") for window in ("before_3", "before_12")],
        [("reduction", window) for window in ("before_3", "before_12", "before_24")],
        [("overcrowded", "on_day"), ("low_income_after_costs", "on_day")],
    ]
    chosen = draw.sample(families[1:], draw.randint(1, 2))
    after = [("on_benefit", "after_12")] if draw.random() < 0.5 else []
    keys = tuple(key for family in (families[0][: draw.randint(1, 3)], after, *chosen) for key in family)
    topics = draw.sample(list(TOPICS), draw.randint(1, 3))
    if draw.random() < 0.3:
        topics = ["stage_six_months", *FLAGS]
    return world(draw.choice((40, 80, 120, 200, 300, 500)), seed, topics=topics, keys=keys, draws=draw.choice((1, 3)))


@pytest.mark.parametrize("start", range(4))
def test_no_figure_that_any_table_holds_back_can_be_worked_out_from_all_tables_together(start: int) -> None:
    """Whatever is held back keeps a range of nine or more; a reader who knows each group's size learns no more of a small figure."""
    attacked = 0
    for seed in range(start, STUDIES, 4):
        made, policy = study(seed), POLICIES[(seed // 4 + start) % len(POLICIES)]
        seen = read(leaves(made, policy), made)
        sizes, _ = truths(made)
        if seen.having[ON_DAY, WHOLE] is None:
            on = made.true[ON_DAY].sum(0)
            assert sizes[WHOLE] < 500 or min(on.min(), sizes[WHOLE] - on.max()) < policy.threshold
            continue
        every = hidden(seen, made, policy)
        for exact in (None, sizes) if policy.totals_known else (None,):
            attacker = Attacker(seen, made, policy, exact)
            open_ = [one for one in every if exact is None or (one.small and one.name[0][0] != "n")]
            assert attacker.holds(attacker.true(made))
            asked = [
                policy.width if exact is None or one.name[0][0] == "r" else min(policy.width, sizes[one.name[0][-1]])  # type: ignore[index]
                for one in open_
            ]
            terms = [{attacker.at[name]: 1.0 for name in one.name} for one in open_]
            told = attacker.narrower(list(zip(terms, asked, strict=True)))
            assert not told, (seed, open_[told[0].place], exact is not None, told[0])
            attacked += len(open_)
    assert attacked >= 12


@pytest.mark.parametrize("profile", ["strict", "nhs", "dfe"])
def test_shares_and_ends_are_made_of_printed_numbers_alone(profile: str) -> None:
    """Whatever share is printed is that of the two numbers beside it, and an end is the number less or more some multiple of five, or the limit."""
    looked = 0
    for seed in range(3):
        policy = Policy.of(profile)
        for name, table in left_of(profile, seed)[1].items():
            if not name.startswith(("headline", "on_benefit_by_", "measures_", "measured_")):
                continue
            for line in range(len(table.rows)):
                found = cells(table, line)
                over = number(found["on_benefit"] if "on_benefit" in found else found["having"])
                under = number(found["children"] if "on_benefit" in found or found["few"] else found["observed"])
                places = next(
                    cell.decimals
                    for cell, one in zip(table.rows[line], table.columns, strict=True)
                    if one.name == "share"
                )
                if over is None or under is None or found["share"] is None:
                    assert all(found[end] is None for end in ENDS)
                    continue
                assert found["share"] == round(over / under, places + 2)
                step, most = max(policy.base, 5), under if not found["few"] else number(found["observed"]) or 0
                reached = {0, under, most, *range(over, -step, -step), *range(over, under + step, step)}
                may_be = {round(one / of, places + 2) for one in reached for of in (under, most) if 0 <= one <= of}
                assert all(found[end] is None or found[end] in may_be for end in ENDS), (name, found)
                looked += 1
    assert looked > 5


@pytest.mark.parametrize("profile", ["strict", "nhs", "dfe"])
def test_nothing_is_said_of_a_group_that_holds_of_all_or_of_none_of_it(profile: str) -> None:
    """Of a number that is printed the threshold have it and the threshold lack it, and of a group no more than 95% have it, in every draw."""
    policy, looked = Policy.of(profile), 0
    for seed in range(3):
        made, left = left_of(profile, seed)
        seen = read(left, made)
        for (key, group), printed in seen.having.items():
            if printed is None:
                continue
            inside = (
                np.ones(len(made.family), bool)
                if group == WHOLE
                else made.labels[group[0]][1] == made.labels[group[0]][0].index(group[1])
            )
            observed, having = made.seen[key][inside].sum(0), made.true[key][inside].sum(0)
            assert min(having.min(), (observed - having).min()) >= policy.threshold
            every = made.true[key].sum(0).max() > policy.alike * made.seen[key].sum(0).mean()
            assert every or group == WHOLE or having.max() <= policy.alike * observed.mean()
            looked += 1
    assert looked > 5


def test_a_solver_that_gives_up_makes_more_be_held_back_and_never_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no programme is solved in time, nothing is printed that was not printed before, much is not, and the headline stays."""
    made = study(5)
    before = leaves(made, NHS)
    gave_up = SimpleNamespace(x=None, success=False, status=1, message="Time limit reached")
    monkeypatch.setattr("scipy.optimize.milp", lambda *_, **__: gave_up)
    after = leaves(made, NHS)
    assert after["headline"] == before["headline"]
    lost = 0
    for name, table in after.items():
        for row, line in enumerate(table.rows):
            for place, cell in enumerate(line):
                if table.columns[place].kind == "count" and cell.value is not None:
                    assert before[name].rows[row][place] == cell
                lost += cell.value is None and before[name].rows[row][place].value is not None
    assert lost > 10


SMALL = st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2))
"""Those having, lacking and unseen of a group."""


def limits_of(value: int, printed: bool) -> tuple[float, float]:
    """A printed number is known to one more or less; one that is not, not at all."""
    return (max(0, value - 1), value + 1) if printed else (0, inf)


@settings(max_examples=TRIALS or 40, deadline=None, derandomize=True)
@given(groups=st.lists(st.tuples(SMALL, st.booleans(), st.booleans()), min_size=2, max_size=3))
def test_ranges_in_three_parts_are_those_found_by_trying_every_table(
    groups: list[tuple[tuple[int, int, int], bool, bool]],
) -> None:
    """Groups of known size that add up to known numbers: a figure is too narrow just where counting through all tables says so."""
    known = Programme()
    trios: list[list[int]] = []
    for (having, lacking, unseen), first, last in groups:
        trios.append([known.variable(having, *limits_of(having, first)), known.variable(lacking),
                      known.variable(unseen, *limits_of(unseen, last))])  # fmt: skip
        known.tie(trios[-1], (), having + lacking + unseen, having + lacking + unseen)
    sums = [sum(parts[figure] for parts, *_ in groups) for figure in range(3)]
    for figure in range(3):
        known.tie([trio[figure] for trio in trios], (), sums[figure], sums[figure])
    ways = [
        [(h, size - h - u, u) for h, u in product(range(size + 1), repeat=2) if h + u <= size
         and limits_of(parts[0], first)[0] <= h <= limits_of(parts[0], first)[1]
         and limits_of(parts[2], last)[0] <= u <= limits_of(parts[2], last)[1]]
        for parts, first, last in groups for size in [sum(parts)]
    ]  # fmt: skip
    every = [way for way in product(*ways) if [sum(parts[figure] for parts in way) for figure in range(3)] == sums]
    for group, trio in enumerate(trios):
        for figure, variable in enumerate(trio):
            values = [way[group][figure] for way in every]
            spread = max(values) - min(values)
            asked = [Target((variable,), spread + more, 0, ("x", group, figure)) for more in (0, 0.5)]
            assert [bool(too_narrow(known, [one])) for one in asked] == [False, True]
