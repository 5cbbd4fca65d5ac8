"""The figures of the measures as the checks see them: children, those observed, those of whom it is true, each with its verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hearthlink.disclosure.policy import Policy, Verdict, worst
from hearthlink.disclosure.shares import TITLES, WHOLE, Row, number
from hearthlink.errors import OurFault
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.measures import WINDOW_WORDS
from hearthlink.tables.plan import DESIGNS

Key = tuple[str, str]
"""A measure and a window."""

ON_DAY: Key = ("on_benefit", "on_day")
"""The headline's own question."""

TREATMENTS = ("draws", "corrected", "best_link")
"""How links were treated in a ratio, in the order in which that is shown."""

BY_AGE = "age"
"""The topic whose groups tell by themselves whether a child is too young for a window."""

UNDER_ONE, A_YEAR = "Under 1", ("before_12", "before_24")
"""A group of ages that has not lived as long as these windows are."""

NOBODY = 1e-9
"""Numbers of children nearer to each other than this are the same."""


@dataclass(frozen=True, slots=True)
class Part:
    """The true figures of one group for one question; `own` holds the verdicts on each by itself: children, observed, having.

    `fixed` says that everybody is observed by the definition of the measure, so that nobody unobserved tells nothing. `nearly`: of a
    claim in a window only children too young for it are not observed, and here they are so few that only that is said. `nobody`:
    by its age nobody of the group can have been observed for so long, or it has no children and that is printed (`nought`).
    """

    children: int
    observed: float
    having: float
    own: tuple[Verdict, Verdict, Verdict]
    row: Row
    fixed: bool = False
    nearly: bool = False
    nobody: bool = False
    nought: bool = False

    @property
    def lacking(self) -> float:
        """Those observed of whom it is not true."""
        return self.observed - self.having

    @property
    def unseen(self) -> float:
        """Those of whom it cannot be seen."""
        return max(0.0, self.children - self.observed)


@dataclass(frozen=True, slots=True)
class Asked:
    """One topic with the questions that ask it: for each its groups, by name, in order."""

    topic: str
    groups: tuple[str, ...]
    parts: Mapping[Key, Mapping[str, Part]]
    overlapping: bool


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Rows of any table of measures in the order in which they are reported, whatever order they come in."""
    return sorted(rows, key=_place)


def _place(row: Row) -> tuple[tuple[int, str], ...]:
    """Where a row stands: by measure, window, topic, then its own number, then words."""
    lists = (("measure", tuple(MEASURES)), ("window", tuple(WINDOW_WORDS)), ("topic", (WHOLE, *TITLES)), ("design", DESIGNS),
             ("treatment", TREATMENTS), ("term", ("any",)))  # fmt: skip
    listed = [_among(str(row.get(name, "")), known) for name, known in lists]
    words = [
        (0, str(row.get(name, "")))
        for name in ("series", "unit", "group", "reason", "name", "stage", "road", "comparator")
    ]
    return *listed[:3], (int(number(row, "order") or 0) if "order" in row else 0, ""), *listed[3:], *words


def _among(word: str, known: Sequence[str]) -> tuple[int, str]:
    return (known.index(word), "") if word in known else (len(known), word)


def asked(rows: Sequence[Row], policy: Policy) -> dict[str, Asked]:
    """The rows of `measured` by topic, all children as a topic of their own.

    Raises OurFault where two rows of one group do not agree on how many children it has, or where a question lacks a group.
    """
    found: dict[str, dict[Key, dict[str, Part]]] = {}
    groups: dict[str, dict[str, float]] = {}
    overlapping: dict[str, bool] = {}
    fixed, nearly = (
        _everybody_observed(rows),
        {_key(row) for row in rows if row["topic"] == WHOLE and _alike(row, policy)},
    )
    for row in in_order(rows):
        key, topic, group = (str(row["measure"]), str(row["window"])), str(row["topic"]), str(row["group"])
        # Where all children are alike it is said of them, and no group stands out by being so.
        rule = replace(policy, alike=1.0) if key in nearly else policy
        part = part_of(
            row, rule, fixed=key in fixed or (_of_claims(row) and topic == BY_AGE and key[1] in A_YEAR and _same(row))
        )
        if groups.setdefault(topic, {}).setdefault(group, part.children) != part.children:
            raise OurFault(f"The questions do not agree on how many children a group of {topic} has.")
        found.setdefault(topic, {}).setdefault(key, {})[group] = part
        overlapping[topic] = overlapping.get(topic, False) or bool(row["overlapping"])
    for topic, keys in found.items():
        if any(set(parts) != set(groups[topic]) for parts in keys.values()):
            raise OurFault(f"The questions by {topic} do not have the same groups, so they cannot be checked together.")
    return {topic: Asked(topic, tuple(groups[topic]), found[topic], overlapping[topic]) for topic in found}


def _everybody_observed(rows: Sequence[Row]) -> set[Key]:
    """Questions about claims themselves in which everybody is observed: there is nobody whom the definition cannot see."""
    every: dict[Key, bool] = {}
    for row in rows:
        key = str(row["measure"]), str(row["window"])
        every[key] = every.get(key, True) and _of_claims(row) and _same(row)
    return {key for key, same in every.items() if same}


def _of_claims(row: Row) -> bool:
    """Whether a row is about claims themselves: whoever has none on file has none, so that age alone can keep a child from being seen."""
    measure = MEASURES.get(str(row["measure"]))
    return measure is not None and measure.kind == "benefit"


def _same(row: Row) -> bool:
    children, fewest = number(row, "children") or 0.0, number(row, "fewest_observed")
    observed = number(row, "observed") or 0.0
    return abs(children - observed) < NOBODY and fewest == children


def part_of(row: Row, policy: Policy, *, fixed: bool) -> Part:
    """The figures of a row of `measured` with the verdict on each by itself, in every draw, and on what it leaves."""
    children = int(number(row, "children") or 0)
    observed, having = number(row, "observed") or 0.0, number(row, "having") or 0.0
    low_o, high_o = number(row, "fewest_observed"), number(row, "most_observed")
    low, high = number(row, "fewest"), number(row, "most")
    least, most = (observed if low_o is None else low_o), (observed if high_o is None else high_o)
    fewest, highest = (having if low is None else low), (having if high is None else high)
    if policy.noughts and not children:
        released = (Verdict.RELEASE, Verdict.RELEASE, Verdict.RELEASE)
        return Part(0, 0.0, 0.0, released, row, fixed, nobody=True, nought=True)
    everybody = _size(children, policy)
    families = [_families(row, name, base, policy)
                for name, base in (("", observed), ("on_", having), ("off_", observed - having))]  # fmt: skip
    seen = worst([_size(min(least, observed), policy), families[0]])
    nearly = (
        not fixed and _of_claims(row) and children - least >= 0 and children - min(least, observed) < policy.threshold
    )
    if not fixed and not nearly:
        seen = worst([seen, _complement(children - max(most, observed), policy)])
    rest = min(least - highest, observed - having)
    left = Verdict.COMPLEMENT if row["topic"] != WHOLE and _alike(row, policy) else _complement(rest, policy)
    true = worst([_size(min(fewest, having), policy), families[1], families[2], left])
    nobody = cannot_be(row) and not max(most, observed)
    return Part(children, observed, having, (everybody, seen, true), row, fixed, nearly, nobody)


def cannot_be(row: Row) -> bool:
    """Whether nobody of a group can have been observed by what the words mean: a nought of the definition, not of these children."""
    return (row["topic"], row["group"]) == (BY_AGE, UNDER_ONE) and row["window"] in A_YEAR


def _key(row: Row) -> Key:
    return str(row["measure"]), str(row["window"])


def _alike(row: Row, policy: Policy) -> bool:
    """Whether it is true of so many of those observed, in any draw, that all are taken to be alike."""
    observed, having, most = (number(row, name) for name in ("observed", "having", "most"))
    highest = (having if most is None else most) or 0.0
    return highest > policy.alike * (observed or 0.0)


def _size(count: float, policy: Policy) -> Verdict:
    return Verdict.RELEASE if count >= policy.threshold else Verdict.SMALL


def _complement(count: float, policy: Policy) -> Verdict:
    return Verdict.RELEASE if count >= policy.threshold else Verdict.COMPLEMENT


def _families(row: Row, which: str, base: float, policy: Policy) -> Verdict:
    families, largest = number(row, f"{which}families"), number(row, f"{which}largest_family")
    if families is None or largest is None:
        return Verdict.UNCHECKED
    return Verdict.FAMILIES if families < policy.families or largest > policy.largest_family * base else Verdict.RELEASE


def answered(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows of the answer on benefit as rows of `measured`: everybody is observed."""
    for row in rows:
        if row["question"] == "on_benefit" and number(row, "on_benefit") is not None:
            children = row["children"]
            yield {
                **row, "measure": ON_DAY[0], "window": ON_DAY[1], "having": row["on_benefit"], "fewest": row["fewest_on"],
                "most": row["most_on"], "observed": float(number(row, "children") or 0.0), "fewest_observed": children,
                "most_observed": children, "planned": True,
            }  # fmt: skip


def whole_of(topics: Mapping[str, Asked]) -> Mapping[Key, Part]:
    """Each question's figures for all children. Raises OurFault where one has none: it could not be checked."""
    every = topics.get(WHOLE)
    found = {} if every is None else {key: next(iter(parts.values())) for key, parts in every.parts.items()}
    missing = {key for one in topics.values() for key in one.parts} - set(found)
    if missing:
        raise OurFault("A measure by group has no figure for all children, so it cannot be checked.")
    return found
