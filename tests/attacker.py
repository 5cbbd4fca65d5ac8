"""An attacker of printed tables, who shares no code with the checks: reads the file of cleared tables and solves for what it holds back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from solving import Known

SHOW_NOUGHTS = ("nhs", "dfe")
"""Profiles under which it is known that a group of nobody is printed as nought."""
Terms = list[tuple[int, float]]


@dataclass(frozen=True)
class Rule:
    """What stands beside the tables: what is held back, how the rest is rounded, and whether a nought is printed."""

    threshold: int
    base: int
    noughts: bool

    @property
    def width(self) -> int:
        """How wide the range of a held-back figure must be: from the least to the most of those that are held back."""
        return self.threshold - (2 if self.noughts else 1)


@dataclass(frozen=True)
class Reading:
    """A row as it is printed: its numbers, None where there is a marker."""

    children: int | None
    on: int | None


def read(packed: bytes) -> tuple[Rule, Reading, list[list[Reading]]]:
    """The rule, the headline and the groups of each topic of the share on benefit, from the bytes of the file alone."""
    rule, whole, topics = read_by_name(packed)
    return rule, whole, list(topics.values())


def read_by_name(packed: bytes) -> tuple[Rule, Reading, dict[str, list[Reading]]]:
    """The same with each topic by its name, in the order of the names."""
    tables = {one["name"]: one for one in json.loads(packed)["tables"]}
    first = tables["headline"]
    rule = Rule(first["threshold"], first["base"], first.get("profile", "strict") in SHOW_NOUGHTS)
    start = "on_benefit_by_"
    topics = {
        name.removeprefix(start): _rows(table)[1:] for name, table in sorted(tables.items()) if name.startswith(start)
    }
    return rule, _rows(first)[0], topics


def _rows(table: dict[str, list[list[object]]]) -> list[Reading]:
    names = [column[0] for column in table["columns"]]
    seen: list[Reading] = []
    for row in table["rows"]:
        found: list[int | None] = []
        for name in ("children", "on_benefit"):
            value, marker, _ = row[names.index(name)]  # type: ignore[misc]
            assert isinstance(value, int) or marker == "c" or (marker == "z" and found == [0]), (table, row)
            found.append(value if isinstance(value, int) else None)
        seen.append(Reading(found[0], found[1]))
    return seen


class Solver:
    """What is known of some numbers that are not below nought, as limits of their sums, and between what a sum of them must lie."""

    def __init__(self, size: int) -> None:
        self.known = Known(size)

    def between(self, terms: Terms, low: float, high: float) -> None:
        """A sum of numbers lies between these."""
        self.known.limit(dict(terms), low, high)

    def range(self, terms: Terms) -> tuple[float, float]:
        """The least and the most that a sum of numbers can be."""
        return self.known.range(dict(terms))


class Attacker(Solver):
    """A linear programme over every group of every topic: variables are those on and those off benefit in each.

    `sizes`: the exact number of children of each group, where the attacker has them from elsewhere. `alone`: as one who sees the
    headline and nothing of any group.
    """

    def __init__(
        self, rule: Rule, whole: Reading, topics: Sequence[Sequence[Reading]], sizes: Sequence[Sequence[int]] | None = None,
        *, alone: bool = False,
    ) -> None:  # fmt: skip
        self.rule, self.topics, self.sizes = rule, topics, sizes
        places = [(t, g) for t, topic in enumerate(topics) for g in range(len(topic))]
        self.at = {place: 2 * number for number, place in enumerate(places)}
        super().__init__(2 * len(places))
        for topic, groups in enumerate(topics):
            every = [self.at[topic, group] for group in range(len(groups))]
            self._know(
                whole,
                [(one, 1.0) for one in every],
                [(one + 1, 1.0) for one in every],
                None if sizes is None else sum(sizes[0]),
            )
            for step in (0, 1):
                # Two topics of the same children have the same sums.
                first = [(self.at[0, group] + step, -1.0) for group in range(len(topics[0]))]
                self.between(
                    [(one + step, 1.0) for one in every] + (first if topic else []), 0.0, 0.0 if topic else 1e6
                )
            for group, reading in enumerate(groups):
                own = None if sizes is None else sizes[topic][group]
                at = self.at[topic, group]
                self._know(
                    Reading(None, None) if alone else reading, [(at, 1.0)], [(at + 1, 1.0)], own, group=not alone
                )

    def _know(self, reading: Reading, on: Terms, off: Terms, exact: int | None, *, group: bool = False) -> None:
        """What a printed row says: roundings, the threshold, and that a printed count has a complement at the threshold too."""
        rule, least = self.rule, self.rule.threshold
        if exact is not None:
            self.between(on + off, exact, exact)
        elif reading.children is not None:
            low, high = reading.children - rule.base // 2, reading.children + (rule.base - 1) // 2
            self.between(on + off, *((max(least, low), high) if reading.children else (0, 0)))
        elif group and rule.noughts:
            self.between(on + off, 1, 1e6)
        if reading.on is not None:
            self.between(on, max(least, reading.on - rule.base / 2), reading.on + rule.base / 2)
            self.between(off, least, 1e6)

    def hidden(self, topic: int, group: int) -> Iterator[Terms]:
        """The figures of a group that are not printed: all its children (unless known), those on benefit, those off."""
        reading, at = self.topics[topic][group], self.at[topic, group]
        if reading.children is None and self.sizes is None:
            yield [(at, 1.0), (at + 1, 1.0)]
        if reading.on is None and reading.children != 0:
            yield [(at, 1.0)]
            yield [(at + 1, 1.0)]
