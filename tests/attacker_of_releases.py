"""An attacker who has the printed tables of every release of a study, and knows how figures went between them; it shares no code with the checks.

One linear programme over all releases: for each group and question the children having, lacking and unseen, tied by what is printed, by what
adds up, by what lies within what, and by what is known of the change: nothing, that children only came or only went, or that all is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from made_answers import Key, World
from solving import Known

from hearthlink.disclosure import ClearedTable, Marker
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.measures import WINDOW_WORDS

Group = tuple[str, str]
WHOLE: Group = ("", "")
ON_DAY: Key = ("on_benefit", "on_day")
WITHIN_WINDOWS = (("before_3", "before_12"), ("before_3", "before_24"), ("before_12", "before_24"))
SLACK = 1e-5
Name = tuple[object, ...]
Truth = dict[Group, tuple[int, dict[Key, tuple[float, float, float]]]]


def truth_of(made: World) -> Truth:
    """Of each group the number of children, and for each question those having, lacking and unseen."""
    groups: dict[Group, np.ndarray] = {WHOLE: np.ones(len(made.family), bool)}
    for topic, (names, codes) in made.labels.items():
        groups |= {(topic, name): codes == place for place, name in enumerate(names)}
    found: Truth = {}
    for group, inside in groups.items():
        size = int(inside.sum())
        figures: dict[Key, tuple[float, float, float]] = {}
        for key in made.seen:
            seen, true = float(made.seen[key][inside].sum(0).mean()), float(made.true[key][inside].sum(0).mean())
            figures[key] = (true, seen - true, size - seen)
        found[group] = size, figures
    return found


@dataclass
class Seen:
    """The printed numbers of one release, None where none is printed; `few`: only that fewer than the threshold cannot be seen."""

    children: dict[Group, int | None] = field(default_factory=dict[Group, int | None])
    observed: dict[tuple[Key, Group], int | None] = field(default_factory=dict[tuple[Key, Group], int | None])
    having: dict[tuple[Key, Group], int | None] = field(default_factory=dict[tuple[Key, Group], int | None])
    reasons: dict[tuple[Key, str], int | None] = field(default_factory=dict[tuple[Key, str], int | None])
    few: set[tuple[Key, Group]] = field(default_factory=set[tuple[Key, Group]])
    threshold: int = 10
    base: int = 5
    noughts: bool = False
    """Whether a group of nobody is printed as nought: then what is held back is of somebody."""

    @property
    def width(self) -> int:
        """How wide a range must be for a figure that is held back: as wide as all that it may be."""
        return self.threshold - (2 if self.noughts else 1)


def seen_in(tables: Iterable[ClearedTable], keys: Sequence[Key]) -> Seen:
    """Every printed number of the headline's tables and the measures."""
    seen = Seen()
    titles = {one.title: name for name, one in MEASURES.items()}
    windows = {words: name for name, words in WINDOW_WORDS.items()}

    def note(key: Key, group: Group, line: Mapping[str, object], few: bool) -> None:
        def number(name: str) -> int | None:
            value = line.get(name)
            return value if isinstance(value, int) else None

        having = number("having") if "having" in line else number("on_benefit")
        seen.children[group] = number("children") if seen.children.get(group) is None else seen.children[group]
        seen.observed[key, group] = None if few else number("observed")
        seen.having[key, group] = having if seen.having.get((key, group)) is None else seen.having[key, group]
        if few:
            seen.few.add((key, group))

    for table in tables:
        seen.threshold, seen.base, seen.noughts = table.threshold, table.base, table.profile != "strict"
        for place, row in enumerate(table.rows):
            line = {column.name: cell.value for column, cell in zip(table.columns, row, strict=True)}
            few = any(column.name == "observed" and cell.marker is Marker.AT_LEAST
                      for column, cell in zip(table.columns, row, strict=True))  # fmt: skip
            if table.name == "headline":
                note(ON_DAY, WHOLE, line, few)
            elif table.name.startswith("measures_"):
                note((titles[str(line["measure"])], windows[str(line["window"])]), WHOLE, line, few)
            elif table.name.startswith("unseen_"):
                key = titles[str(line["measure"])], windows[str(line["window"])]
                value = line["children"]
                seen.reasons[key, str(line["reason"])] = value if isinstance(value, int) else None
            elif table.name.startswith("on_benefit_by_") and place:
                note(ON_DAY, (table.name.removeprefix("on_benefit_by_"), str(line["group"])), line, few)
            elif table.name.startswith("measured_") and place:
                key = next(key for key in keys if table.name.startswith(f"measured_{key[0]}_{key[1]}_by_"))
                note(key, (table.name.split("_by_")[-1], str(line["group"])), line, few)
    return seen


class Attacker(Known):
    """What is known of all releases together. `sizes`: of every release the exact number of children in each group, if those are known."""

    def __init__(self, worlds: Sequence[World], seen: Sequence[Seen], *, exact: bool) -> None:
        super().__init__()
        self.truths = [truth_of(made) for made in worlds]
        for release, (made, one) in enumerate(zip(worlds, seen, strict=True)):
            self.release(release, made, one, exact=exact)
        for later in range(1, len(worlds)):
            for sooner in range(later):
                self.between(sooner, later)

    def know(self, terms: Mapping[int, float], low: float, high: float) -> None:
        """A sum of variables lies between these."""
        self.limit(terms, low, high)

    def true(self) -> dict[int, float]:
        """The true numbers of every release, by their places."""
        found: dict[int, float] = {}
        for r, truth in enumerate(self.truths):
            for group, (size, figures) in truth.items():
                found[self.v(r, "n", group)] = size
                for key, three in figures.items():
                    found |= {self.v(r, figure, key, group): one for figure, one in zip("hlu", three, strict=True)}
        return found

    def release(self, r: int, made: World, seen: Seen, *, exact: bool) -> None:
        """What one release says by itself."""
        near, least = seen.base / 2, seen.threshold
        for group, (size, figures) in self.truths[r].items():
            n = self.v(r, "n", group)
            printed = seen.children.get(group)
            if exact or group == WHOLE or printed == 0:
                self.know({n: 1.0}, size, size)
            elif printed is not None:
                self.know({n: 1.0}, max(least, printed - (seen.base // 2)), printed + (seen.base - 1) // 2)
            elif seen.noughts:
                self.know({n: 1.0}, 1, np.inf)
            for key in figures:
                self.question(r, key, group, seen)
        for topic, (names, _) in made.labels.items():
            for what in [("n",), *((figure, key) for key in made.seen for figure in "hlu")]:
                parts = {self.v(r, *what, (topic, name)): 1.0 for name in names}
                self.know(parts | {self.v(r, *what, WHOLE): -1.0}, 0, 0)
        for key, reasons in made.why.items():
            if reasons:
                parts = {self.v(r, "r", key, one): 1.0 for one in reasons}
                self.know(parts | {self.v(r, "u", key, WHOLE): -1.0}, 0, 0)
            for one in reasons:
                printed = seen.reasons.get((key, one))
                if printed is not None:
                    self.know({self.v(r, "r", key, one): 1.0}, max(least, printed - near), printed + near)
        self.definitions(r, list(made.seen))

    def question(self, r: int, key: Key, group: Group, seen: Seen) -> None:
        """What a printed row says of one group for one question."""
        near, least = seen.base / 2, seen.threshold
        h, el, u, n = (*(self.v(r, figure, key, group) for figure in "hlu"), self.v(r, "n", group))
        self.know({h: 1.0, el: 1.0, u: 1.0, n: -1.0}, 0, 0)
        if seen.children.get(group) == 0:
            return
        observed, having = seen.observed.get((key, group)), seen.having.get((key, group))
        if (key, group) in seen.few:
            self.know({u: 1.0}, 0, least)
        elif key[0] == "on_benefit" and key[1] != "after_12":
            self.know({u: 1.0}, 0, 0)
        elif observed is not None:
            self.know({h: 1.0, el: 1.0}, max(least, observed - near), observed + near)
            self.know({u: 1.0}, least, np.inf)
        if having is not None:
            self.know({h: 1.0}, max(least, having - near), having + near)
            self.know({el: 1.0}, least, np.inf)

    def definitions(self, r: int, keys: Sequence[Key]) -> None:
        """What lies within what by definition, in every group."""
        for group in self.truths[r]:
            for one in keys:
                for other in keys:
                    if one[0] == other[0] == "on_benefit" and (one[1], other[1]) in (
                        ("on_day", "before_12"),
                        ("on_day", "before_24"),
                        *WITHIN_WINDOWS,
                    ):
                        self.inside(r, ("h", one), ("h", other), group)
                    elif one[0] == other[0] and (one[1], other[1]) in WITHIN_WINDOWS:
                        self.inside(r, ("u", one), ("u", other), group)
                        self.inside(r, ("l", other), ("l", one), group)
                    elif (one[0], other[0]) == ("suspension", "disruption") and one[1] == other[1]:
                        self.inside(r, ("h", one), ("h", other), group)

    def inside(self, r: int, small: Name, large: Name, group: Group) -> None:
        """One figure of a group is part of another."""
        self.know({self.v(r, *large, group): 1.0, self.v(r, *small, group): -1.0}, 0, np.inf)

    def crossed(self, r: int, made: World, one: str, other: str) -> None:
        """The exact number of children in every pair of groups of two topics, as others publish it."""
        (down, codes), (across, others) = made.labels[one], made.labels[other]
        for key in made.seen:
            for figure in "hlu":
                for a in down:
                    cells = {self.v(r, figure, key, a, b): 1.0 for b in across}
                    self.know(cells | {self.v(r, figure, key, (one, a)): -1.0}, 0, 0)
                for b in across:
                    cells = {self.v(r, figure, key, a, b): 1.0 for a in down}
                    self.know(cells | {self.v(r, figure, key, (other, b)): -1.0}, 0, 0)
            for place, a in enumerate(down):
                for second, b in enumerate(across):
                    size = int(((codes == place) & (others == second)).sum())
                    self.know({self.v(r, figure, key, a, b): 1.0 for figure in "hlu"}, size, size)

    def between(self, sooner: int, later: int) -> None:
        """What may be known of the change: of each figure that it only rose, or only fell, in all groups, if it did."""
        old, new = self.truths[sooner], self.truths[later]
        shared = [group for group in new if group in old]
        keys = [key for key in new[WHOLE][1] if key in old[WHOLE][1]]
        figures: list[tuple[Name, list[float]]] = [(("n",), [new[group][0] - old[group][0] for group in shared])]
        figures += [((figure, key), [new[group][1][key][place] - old[group][1][key][place] for group in shared])
                    for key in keys for place, figure in enumerate("hlu")]  # fmt: skip
        for what, gaps in figures:
            low = 0.0 if min(gaps) > -1e-9 else -np.inf
            high = 0.0 if max(gaps) < 1e-9 else np.inf
            for group in shared:
                self.know({self.v(later, *what, group): 1.0, self.v(sooner, *what, group): -1.0}, low, high)


@dataclass(frozen=True)
class Secret:
    """A figure that is held back, or a change of few: its terms by the names of its parts, its true number, and what range is asked of it."""

    terms: tuple[tuple[Name, float], ...]
    truth: float
    asked: float
    small: bool


def secrets_of(worlds: Sequence[World], seen: Sequence[Seen], *, exact: bool) -> list[Secret]:
    """Everything that must not come out: what any release holds back, and by how few any figure changed."""
    truths = [truth_of(made) for made in worlds]
    found: list[Secret] = []
    for r, (truth, one) in enumerate(zip(truths, seen, strict=True)):
        threshold, width = one.threshold, one.width
        for group, (size, figures) in truth.items():
            if one.children.get(group) == 0:
                continue
            if group != WHOLE and one.children.get(group) is None and not exact:
                found.append(Secret((((r, "n", group), 1.0),), size, width, size < threshold))
            asked = min(width, size) if exact else width
            for key, (having, lacking, unseen) in figures.items():
                h, el, u = ((r, figure, key, group) for figure in "hlu")
                if one.having.get((key, group)) is None:
                    small = min(having, lacking) < threshold
                    found += [Secret(((h, 1.0),), having, asked, small), Secret(((el, 1.0),), lacking, asked, small)]
                if key[0] != "on_benefit" and one.observed.get((key, group)) is None and (key, group) not in one.few:
                    small = min(having + lacking, unseen) < threshold
                    found += [
                        Secret(((u, 1.0),), unseen, asked, small),
                        Secret(((h, 1.0), (el, 1.0)), having + lacking, asked, small),
                    ]
    for later in range(1, len(truths)):
        for sooner in range(later):
            found += _changes(truths, sooner, later, seen[later], exact=exact)
    return found if not exact else [one for one in found if one.small]


def _changes(truths: Sequence[Truth], sooner: int, later: int, last: Seen, *, exact: bool) -> Iterable[Secret]:
    old, new, width, threshold = truths[sooner], truths[later], last.width, last.threshold
    for group in new:
        if group == WHOLE or group not in old:
            continue
        grew = new[group][0] - old[group][0]
        if not exact and 0 < abs(grew) < threshold:
            yield Secret((((later, "n", group), 1.0), ((sooner, "n", group), -1.0)), grew, width, small=True)
        for key, figures in new[group][1].items():
            for place, figure in enumerate("hlu") if key in old[group][1] else ():
                gap = figures[place] - old[group][1][key][place]
                if 1e-9 < abs(gap) < threshold - 1e-9:
                    asked = min(width, abs(grew)) if exact and grew else width
                    yield Secret(
                        (((later, figure, key, group), 1.0), ((sooner, figure, key, group), -1.0)),
                        gap,
                        asked,
                        small=True,
                    )


@dataclass(frozen=True)
class Tried:
    """How many secrets were tried, and those whose range is narrower than is asked and than it was before the last release."""

    tried: int
    told: tuple[str, ...]


def attack(worlds: Sequence[World], seen: Sequence[Seen], *, exact: bool) -> Tried:
    """Try to work out every secret of all releases. What earlier ones told already the last did not tell, but may not narrow."""
    attacker = Attacker(worlds, seen, exact=exact)
    assert attacker.holds(attacker.true())
    every = secrets_of(worlds, seen, exact=exact)
    blind = Seen(threshold=seen[-1].threshold, base=seen[-1].base, noughts=seen[-1].noughts)
    earlier: Attacker | None = None
    told = list[str]()
    for found in attacker.narrower(
        [({attacker.at[name]: weight for name, weight in one.terms}, one.asked) for one in every]
    ):
        one = every[found.place]
        assert found.low - SLACK <= one.truth <= found.high + SLACK, one
        earlier = earlier or Attacker(worlds, [*seen[:-1], blind], exact=exact)
        start, end = earlier.range({earlier.at[name]: weight for name, weight in one.terms})
        if found.high - found.low < min(one.asked, end - start) - 0.01:
            told.append(f"{one.terms}: {found.low} to {found.high}, before {start} to {end}")
    return Tried(len(every), tuple(told))
