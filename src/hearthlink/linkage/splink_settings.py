"""A Splink model as plain values: comparisons and their levels with m, u and term frequencies, the prior, and how pairs are found.

Splink's JSON is the same in versions 4 and 5 but for names that do not bear on a weight. What is read here weighs as Splink weighs:
a level without an m or u has the one that Splink gives it, a missing level weighs nothing, and the floor of a term frequency is
Splink's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from hearthlink.errors import WrongUse

NOT_OBSERVED = "level not observed in training dataset"
"""What may stand in place of a probability for a level that training never met. Splink weighs such a level as 1e-6 in the run that
trained it, and, loaded again from its file, as one that has no probability: that is followed here."""

ELSE = "TRUE"
"""The condition of the level that takes what no other took."""


@dataclass(frozen=True, slots=True)
class TermFrequency:
    """An adjustment by how common the value is: weight x (log2 base - log2 max(share left, share right, least)), in bits.

    column: whose values are counted, over both files together. base: u of the level on which the column agrees exactly, or of the
    level itself where `own_level` says so.
    """

    column: str
    weight: float
    least: float
    base: float
    own_level: bool = False


@dataclass(frozen=True, slots=True)
class SplinkLevel:
    """One level: its name, the condition under which it is reached (`l` and `r` the two records), and how often it is, m and u.

    A missing level says nothing for or against. columns, dates: what the condition looks at, and what of it has to be a date.
    """

    label: str
    when: str
    missing: bool
    m: float
    u: float
    frequency: TermFrequency | None = None
    columns: frozenset[str] = frozenset()
    dates: frozenset[str] = frozenset()

    @property
    def weight(self) -> float:
        """log2(m / u), in bits; 0 where missing."""
        return 0.0 if self.missing else math.log2(self.m / self.u)


@dataclass(frozen=True, slots=True)
class SplinkComparison:
    """A field that is compared, and its levels in order; a pair reaches the first level whose condition holds."""

    of: str
    levels: tuple[SplinkLevel, ...]
    description: str = ""

    @property
    def numbers(self) -> tuple[int, ...]:
        """Splink's number of each level: -1 for missing, the others counted down to 0 for the last."""
        return gammas([level.missing for level in self.levels])

    @property
    def column(self) -> str:
        """The name as it stands in the name of a column of results."""
        return self.of.replace(" ", "_")

    @property
    def case(self) -> str:
        """The SQL expression that gives Splink's number of the level reached."""
        *before, last = zip(self.levels, self.numbers, strict=True)
        whens = " ".join(f"WHEN {level.when} THEN {number}" for level, number in before)
        return f"CASE {whens} ELSE {last[1]} END"


@dataclass(frozen=True, slots=True)
class BlockingRule:
    """A condition that forms candidate pairs, and the columns it looks at."""

    when: str
    columns: frozenset[str]
    dates: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SplinkSettings:
    """A whole model for linking two files. prior: the probability that two records drawn at random are one person."""

    prior: float
    comparisons: tuple[SplinkComparison, ...]
    blocking: tuple[BlockingRule, ...] = ()
    unique_id: str = "unique_id"
    frequency_prefix: str = "tf_"

    @property
    def prior_weight(self) -> float:
        """log2 of the prior odds, in bits."""
        return math.log2(self.prior / (1.0 - self.prior))

    @property
    def frequency_columns(self) -> tuple[str, ...]:
        """The columns whose values are counted, in order of their names."""
        levels = (level for comparison in self.comparisons for level in comparison.levels)
        return tuple(sorted({level.frequency.column for level in levels if level.frequency is not None}))

    @property
    def columns(self) -> frozenset[str]:
        """Every column that both files have to hold."""
        levels = [level for comparison in self.comparisons for level in comparison.levels]
        looked_at = [*(level.columns for level in levels), *(rule.columns for rule in self.blocking)]
        return frozenset({self.unique_id, *self.frequency_columns}).union(*looked_at)

    @property
    def dates(self) -> frozenset[str]:
        """The columns that have to be dates."""
        levels = [level for comparison in self.comparisons for level in comparison.levels]
        return frozenset[str]().union(*(level.dates for level in levels), *(rule.dates for rule in self.blocking))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that only one of the two can say: where it stands, what it is, and what to do or what is lost."""

    where: str
    what: str
    remedy: str = ""

    @property
    def sentence(self) -> str:
        """The whole of it on one line."""
        return f"{self.where}: {self.what}" + (f" {self.remedy}" if self.remedy else "")


def gammas(missing: Iterable[bool]) -> tuple[int, ...]:
    """Splink's numbers of levels in order, by which of them are missing levels."""
    flags = list(missing)
    left = len(flags) - sum(flags)
    numbers: list[int] = []
    for flag in flags:
        left -= not flag
        numbers.append(-1 if flag else left)
    return tuple(numbers)


def stand_in(number: int, levels: int) -> tuple[float, float]:
    """The m and u that Splink gives the level of this number, of so many that are not missing, where its file has none.

    0.95 of matches agree fully and the rest fall evenly on the other levels; the weights run evenly from -5 to 3 bits, then 10.
    """
    rest = (1.0 - 0.95) / (levels - 1)
    if number == levels - 1:
        return 0.95, 0.95 / 2.0**10
    step = 8.0 / (levels - 2) if levels > 2 else 0.0
    return rest, rest / 2.0 ** (-5.0 + step * number)


def require_columns(settings: SplinkSettings, side: str, names: Iterable[str]) -> dict[str, str]:
    """Each column the settings ask for, in small letters, with the name it has in a file: capitals make no difference. Raises WrongUse for one that is not there."""
    there = {name.lower(): name for name in names}
    absent = sorted(name for name in settings.columns if name.lower() not in there)
    if absent:
        raise WrongUse(
            f"The {side} file has no column that the settings ask for: {', '.join(absent)}.",
            remedy="Give the column that name, or leave out what asks for it.",
        )
    brought = sorted({f"{settings.frequency_prefix}{c}".lower() for c in settings.frequency_columns} & there.keys())
    if brought:
        raise WrongUse(
            f"The {side} file brings term frequencies of its own ({', '.join(brought)}); Splink would take them, this counts them.",
            remedy="Leave those columns out.",
        )
    return {name.lower(): there[name.lower()] for name in settings.columns}
