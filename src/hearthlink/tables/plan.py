"""What is to be asked, as it was sealed before the data were seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from hearthlink.tables.measures import Window

Design = Literal["curve", "case_crossover", "case_time_control", "matched_cohort"]
DESIGNS: tuple[Design, ...] = ("curve", "case_crossover", "case_time_control", "matched_cohort")


@dataclass(frozen=True, slots=True)
class Question:
    """One measure over some windows, by some topics, and the designs that ask whether it came before referrals.

    `planned` is false where it was not in the sealed plan: it is then exploratory in every output. `cohort` is the month before
    referral at which the cohort is fixed: 12 or 24.
    """

    measure: str
    windows: tuple[Window, ...]
    topics: tuple[str, ...] = ()
    designs: tuple[Design, ...] = ()
    planned: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """The questions in order, the hash they were sealed under (empty where they are not sealed), and what cells are protected first.

    `protected` are (topic, group) pairs that are held back before others when something must be: chosen before results are seen.
    `assumptions` are the margins of the bounds: name to (low, high, source), each a share of the children not seen on benefit.
    """

    questions: tuple[Question, ...]
    sealed: str = ""
    cohort: Literal[12, 24] = 24
    exposure_months: tuple[int, int] = (1, 3)
    protected: tuple[tuple[str, str], ...] = ()
    assumptions: dict[str, tuple[float, float, str]] = field(default_factory=dict[str, tuple[float, float, str]])
