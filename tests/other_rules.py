"""What other rules print of a study, and what the same attacker works out of it, beside what leaves by the profiles.

`alone`: small figures are held back and the others rounded, and that is all. `two per line`: exact figures, small ones held back, and at
least two in every row and column that has one. `removed`: the records of small cells are taken out and the sums made anew, as ACRO does
when it suppresses; the report beside it says how many children there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from attacker import Attacker, Solver, Terms, read_by_name
from made_answers import TOPICS, World, tables, world

from hearthlink.disclosure import Comparator, Policy, clear, pack
from hearthlink.tables.record import FINDING, LINK_SUMMARY, RECEIPT
from hearthlink.tables.research import QUALITY_BY_GROUP

LEAST, BASE = 10, 5
COMPARATOR = Comparator(1 / 3, "a third", "made up", "made up")
SIZES = (300, 800, 2200)
"""Children of the studies, in turn."""
KEY = ("on_benefit", "on_day")
Topics = Mapping[str, list[tuple[int, int]]]
"""Of each topic its groups: children, and of them those on benefit."""


@dataclass
class Outcome:
    """Figures that a rule had to print and those it lost, the sum of what it changed in the others, and what the attacker found out.

    `small`: figures under the rule's own threshold, noughts left out where the rule prints them. `narrow`, `exact`: those of them whose
    range the attacker narrows further than the rule holds back, and those known to the child.
    """

    figures: int = 0
    lost: int = 0
    changed: float = 0.0
    small: int = 0
    narrow: int = 0
    exact: int = 0
    studies_open: int = 0

    def add(self, other: Outcome) -> None:
        """Take in the outcome of another study."""
        self.studies_open += bool(other.narrow)
        for name in ("figures", "lost", "changed", "small", "narrow", "exact"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass
class Leaves:
    """What a rule prints of a study: each figure by topic, group and what it counts, None where it does not; and what is known by it."""

    solver: Solver
    threshold: int
    width: int
    noughts: bool
    at: Mapping[tuple[str, int], int]
    printed: dict[tuple[str, int, str], float | None] = field(default_factory=dict[tuple[str, int, str], float | None])


def study(seed: int) -> tuple[World, Topics]:
    """A made-up study of which every child is counted once in each topic, and who of them was on benefit."""
    made = world(SIZES[seed % len(SIZES)], seed, topics=tuple(TOPICS), keys=(KEY,), draws=1)
    on = made.true[KEY][:, 0]
    return made, {
        topic: [(int((codes == place).sum()), int(on[codes == place].sum())) for place in range(len(names))]
        for topic, (names, codes) in made.labels.items()
    }


def by_profile(made: World, topics: Topics, profile: str) -> Leaves:
    """What leaves by one of the profiles, read from the file of cleared tables."""
    answer = tables(made)["answer"]
    given = {"quality_by_group": QUALITY_BY_GROUP.empty(), "link_summary": LINK_SUMMARY.empty()}
    printed = clear(
        answer=answer, receipt=RECEIPT.empty(), finding=FINDING.empty(), policy=Policy.of(profile), comparator=COMPARATOR, **given
    )  # fmt: skip
    rule, whole, seen = read_by_name(pack(printed))
    attacker = Attacker(rule, whole, list(seen.values()))
    at = {
        (name, group): attacker.at[place, group]
        for place, name in enumerate(seen)
        for group in range(len(topics[name]))
    }
    made_ = Leaves(attacker, rule.threshold, rule.width, rule.noughts, at)
    for name, readings in seen.items():
        for group, one in enumerate(readings):
            on = 0 if one.children == 0 else one.on
            off = None if one.children is None or on is None else one.children - on
            made_.printed |= {
                (name, group, "children"): one.children,
                (name, group, "on"): on,
                (name, group, "off"): off,
            }
    return made_


def _solver(topics: Topics) -> tuple[Solver, dict[tuple[str, int], int]]:
    """Variables of those on and those off in each group, and the number of children in all and on benefit, which every rule prints."""
    places = [(topic, group) for topic, groups in topics.items() for group in range(len(groups))]
    at = {place: 2 * number for number, place in enumerate(places)}
    return Solver(2 * len(places)), at


def _whole(solver: Solver, at: Mapping[tuple[str, int], int], topics: Topics, within: float) -> None:
    for topic, groups in topics.items():
        on = sum(n for _, n in groups)
        off = sum(n for n, _ in groups) - on
        for step, total in ((0, on), (1, off)):
            solver.between(
                [(at[topic, group] + step, 1.0) for group in range(len(groups))], total - within, total + within
            )


def alone(topics: Topics) -> Leaves:
    """Each small figure held back by itself, the others rounded."""
    solver, at = _solver(topics)
    made = Leaves(solver, LEAST, LEAST - 1, noughts=False, at=at)
    _whole(solver, at, topics, 2)
    for (topic, group), place in at.items():
        for what, terms, true in _figures(topics, topic, group, place):
            rounded = BASE * ((true + 2) // BASE)
            made.printed[topic, group, what] = None if true < LEAST else rounded
            solver.between(terms, *((0, LEAST - 1) if true < LEAST else (max(LEAST, rounded - 2), rounded + 2)))
    return made


def two_per_line(topics: Topics) -> Leaves:
    """Exact figures; small ones held back, and further ones until no row or column has just one that is."""
    solver, at = _solver(topics)
    made = Leaves(solver, LEAST, LEAST - 1, noughts=False, at=at)
    _whole(solver, at, topics, 0)
    for topic, groups in topics.items():
        lines = [[on, children - on, children] for children, on in groups]
        held = [[value < LEAST for value in line] for line in lines]
        while _one_more(lines, held):
            pass
        for group in range(len(groups)):
            for (what, terms, true), hidden in zip(
                _figures(topics, topic, group, at[topic, group]), held[group], strict=True
            ):
                made.printed[topic, group, what] = None if hidden else true
                solver.between(terms, *((0, 1e6) if hidden else (true, true)))
    return made


def _one_more(lines: Sequence[Sequence[int]], held: Sequence[list[bool]]) -> bool:
    """Hold back the smallest other figure of a row or column in which just one is held back; false where there is none."""
    rows = [[(row, column) for column in range(3)] for row in range(len(lines))]
    columns = [[(row, column) for row in range(len(lines))] for column in range(3)]
    for line in (*rows, *columns):
        shown = [(lines[row][column], row, column) for row, column in line if not held[row][column]]
        if len(line) - len(shown) == 1 and shown:
            _, row, column = min(shown)
            held[row][column] = True
            return True
    return False


def removed(topics: Topics) -> Leaves:
    """The records of cells under the threshold taken out of each table, and its sums made anew; the number of all children is known."""
    solver, at = _solver(topics)
    made = Leaves(solver, LEAST, LEAST - 1, noughts=False, at=at)
    _whole(solver, at, topics, 0)
    for (topic, group), place in at.items():
        on, off, _ = _figures(topics, topic, group, place)
        for what, terms, true in (on, off):
            made.printed[topic, group, what] = None if true < LEAST else true
            solver.between(terms, *((0, LEAST - 1) if true < LEAST else (true, true)))
        left = sum(true for _, _, true in (on, off) if true >= LEAST)
        made.printed[topic, group, "children"] = left or None
    return made


RULES = {
    "small figures held back, the others rounded": alone,
    "two per line": two_per_line,
    "small cells removed, as ACRO does": removed,
}


def _figures(topics: Topics, topic: str, group: int, place: int) -> tuple[tuple[str, Terms, int], ...]:
    children, on = topics[topic][group]
    one, other = (place, 1.0), (place + 1, 1.0)
    return ("on", [one], on), ("off", [other], children - on), ("children", [one, other], children)


def judged(leaves: Leaves, topics: Topics) -> Outcome:
    """How much a rule printed, how true that is, and what the attacker works out of the small figures that it did not print."""
    found = Outcome()
    for (topic, group), place in leaves.at.items():
        for what, terms, true in _figures(topics, topic, group, place):
            printed = leaves.printed[topic, group, what]
            found.figures += 1
            found.lost += printed is None
            found.changed += 0 if printed is None else abs(printed - true)
            if true >= leaves.threshold or (leaves.noughts and not true):
                continue
            low, high = leaves.solver.range(terms)
            assert low - 1e-6 <= true <= high + 1e-6, (topic, group, what, low, true, high)
            found.small += 1
            found.narrow += high - low < leaves.width - 1e-6
            found.exact += high - low < 1 - 1e-6
    return found


def compared(seeds: Sequence[int]) -> dict[str, Outcome]:
    """The outcome of every profile and every other rule over the same studies."""
    every: dict[str, Outcome] = {}
    for seed in seeds:
        made, topics = study(seed)
        for profile in ("strict", "nhs", "dfe"):
            every.setdefault(profile, Outcome()).add(judged(by_profile(made, topics, profile), topics))
        for name, rule in RULES.items():
            every.setdefault(name, Outcome()).add(judged(rule(topics), topics))
    return every
