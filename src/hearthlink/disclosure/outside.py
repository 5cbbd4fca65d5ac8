"""What others publish of the same children, exactly: a reader who has it knows the sizes of groups, and how two topics cross.

A table may count other children than the study does, by another day or another rule. It is not trusted less for that: a reader who takes it
for the study's own is played, who allows each number to be off by as much as is needed for the two to agree.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from hearthlink.disclosure.asked import Asked
from hearthlink.disclosure.attack import SECONDS
from hearthlink.disclosure.state import Place
from hearthlink.errors import DataProblem

Named = TypeVar("Named")

NOT_TOLD = frozenset({"", "c", "x", "z", ":", "*", "low"})
"""What stands where a publisher holds a number back, or has none."""
COLUMNS = ("source", "topic", "group", "topic_2", "group_2", "children")
ALWAYS = ("source", "topic", "group", "children")
MOST_ROWS = 10_000
"""Rows of an outside table beyond which it is no table of statistics."""


@dataclass(frozen=True, slots=True)
class Cross:
    """How two topics cross: children in each pair of groups that is told, and by how many each may be off in this study."""

    topics: tuple[str, str]
    cells: Mapping[tuple[str, str], int]
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class Outside:
    """The registered tables: sizes of groups by source, and crossings.

    `unmet` are those of its groups that this study does not know by their words, of which a reader could make nothing. `differing` groups
    are of another size here, the most of them by as many children as `most`.
    """

    sizes: Mapping[tuple[str, Place], int] = field(default_factory=dict[tuple[str, Place], int])
    crosses: tuple[Cross, ...] = ()
    unmet: int = 0
    differing: int = 0
    most: float = 0.0


NOTHING = Outside()


def read_outside(files: Sequence[tuple[str, bytes]]) -> Outside:
    """The tables in some files, by name. Raises DataProblem where one is not of the form that `register-outside-tables` gives."""
    sizes: dict[tuple[str, Place], int] = {}
    crosses: dict[tuple[str, str, str], dict[tuple[str, str], int]] = {}
    for name, content in files:
        for line, row in _rows(name, content):
            children = _children(name, line, row["children"])
            one, other = (row["topic"], row["group"]), (row["topic_2"], row["group_2"])
            if not all((row["source"], *one)) or bool(other[0]) != bool(other[1]) or one[0] == other[0]:
                raise _problem(
                    name,
                    line,
                    "topic",
                    "A row names its source, a topic and a group, and two of each where it crosses two.",
                )
            if children is None:
                continue
            if other[0]:
                first, second = sorted((one, other))
                _once(
                    crosses.setdefault((row["source"], first[0], second[0]), {}),
                    (first[1], second[1]),
                    children,
                    (name, line),
                )
            else:
                _once(sizes, (row["source"], one), children, (name, line))
    return Outside(sizes, tuple(Cross((one, other), cells) for (_, one, other), cells in crosses.items()))


def _once(known: dict[Named, int], key: Named, children: int, at: tuple[str, int]) -> None:
    if known.setdefault(key, children) != children:
        raise _problem(*at, "children", "The same source says two numbers for the same children.")


def _rows(name: str, content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        header = [one.strip() for one in next(lines, [])]
        if set(ALWAYS) - set(header) or set(header) - set(COLUMNS) or len(set(header)) < len(header):
            raise _problem(name, 1, "", f"Its columns are not {', '.join(COLUMNS)}.")
        for line in lines:
            if lines.line_num > MOST_ROWS:
                raise _problem(name, lines.line_num, "", "It is too long for a table of statistics.")
            if any(one.strip() for one in line):
                if len(line) != len(header):
                    raise _problem(name, lines.line_num, "", "A row has more or fewer columns than the first.")
                yield (
                    lines.line_num,
                    dict.fromkeys(COLUMNS, "")
                    | {column: cell.strip() for column, cell in zip(header, line, strict=True)},
                )
    except (UnicodeDecodeError, csv.Error):
        raise _problem(name, 1, "", "It is no table in UTF-8 with commas.") from None


def _children(name: str, line: int, said: str) -> int | None:
    plain = said.replace(",", "")
    if said in NOT_TOLD:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) < 10):
        raise _problem(name, line, "children", "This is no whole number of children.")
    return int(plain)


def _problem(name: str, line: int, column: str, what: str) -> DataProblem:
    return DataProblem(
        what, file=f"outside/{name}", line=line, column=column or None,
        remedy="Nothing was cleared. Write it as docs/how-to/register-outside-tables.md says.",
    )  # fmt: skip


def met_with(outside: Outside, topics: Mapping[str, Asked]) -> Outside:
    """The outside tables as they stand to this study: the crossings that it has both topics of, each with the tolerance that it needs."""
    if not outside.sizes and not outside.crosses:
        return outside
    ours = {(name, group): next(iter(topic.parts.values()))[group].children
            for name, topic in topics.items() for group in topic.groups}  # fmt: skip
    places = {place for _, place in outside.sizes}
    places |= {
        (name, pair[place])
        for cross in outside.crosses
        for place, name in enumerate(cross.topics)
        for pair in cross.cells
    }
    gaps = [abs(ours[place] - said) for (_, place), said in outside.sizes.items() if place in ours]
    crosses: list[Cross] = []
    for cross in outside.crosses:
        if all(name in topics and not topics[name].overlapping for name in cross.topics):
            one, other = (topics[name] for name in cross.topics)
            sizes = [[ours[topic.topic, group] for group in topic.groups] for topic in (one, other)]
            known = [[cross.cells.get((a, b)) for b in other.groups] for a in one.groups]
            tolerance = _tolerance(known, sizes[0], sizes[1])
            gaps += [tolerance] * (tolerance > 0)
            crosses.append(replace(cross, tolerance=tolerance))
    apart = [gap for gap in gaps if gap]
    unmet = len(places - ours.keys())
    return replace(outside, crosses=tuple(crosses), unmet=unmet, differing=len(apart), most=max(apart, default=0.0))


def _tolerance(known: Sequence[Sequence[int | None]], down: Sequence[int], across: Sequence[int]) -> float:
    """By how many children each cell must be allowed to be off for the cells to add up to this study's groups: the least that will do."""
    from scipy.optimize import linprog

    shape = len(down), len(across)
    size = shape[0] * shape[1]
    sums = np.zeros((sum(shape), size + 1))
    for place in range(size):
        sums[place // shape[1], place] = sums[shape[0] + place % shape[1], place] = 1
    over: list[np.ndarray] = []
    under: list[float] = []
    for place, cell in enumerate(cell for row in known for cell in row):
        for sign in (1.0, -1.0) if cell is not None else ():
            over.append(np.zeros(size + 1))
            over[-1][place], over[-1][size] = sign, -1.0
            under.append(sign * (cell or 0))
    if not over:
        return 0.0
    aim = np.zeros(size + 1)
    aim[size] = 1.0
    found = linprog(
        aim, A_ub=np.array(over), b_ub=np.array(under), A_eq=sums, b_eq=np.array([*down, *across], float),
        options={"time_limit": SECONDS},
    )  # fmt: skip
    # Where it cannot be said in time, the cells are taken to be right, and whatever does not agree with them is held back.
    return float(np.ceil(found.x[size] - 1e-6)) if found.status == 0 else 0.0
