"""The plan of analysis: what is to be asked, written in analysis.toml, and sealed by its hash before anything is answered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from hearthlink.errors import DataProblem, WrongUse
from hearthlink.study.store import write_whole
from hearthlink.study.toml import line_of, read_toml
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.measures import WINDOW_WORDS, Window
from hearthlink.tables.plan import DESIGNS, Design, Plan, Question

PLAN_FILE, SEALS_FILE = "analysis.toml", "analysis.seals.json"

TOPICS = (
    "age", "sex", "ethnic_group", "disability", "primary_need", "assessment_factor", "deprivation", "stage", "stage_six_months",
    "referred_before", "referred_again", "unaccompanied", "months_observed",
)  # fmt: skip
"""What a question may be broken down by."""

EASY, HARD = 30, 10
"""Children expected in the smaller part: as many as a group needs, and fewer than which are held back."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class QuestionLines(_Section):
    """One measure, over which windows, by what, by which designs; and the share that is expected of it."""

    measure: str
    windows: tuple[Window, ...] = ()
    by: tuple[str, ...] = ()
    designs: tuple[Design, ...] = ()
    expected: Annotated[float, Field(gt=0, lt=1)] = 0.1


class ExpectedLines(_Section):
    """What is expected before any record is seen: it gives the expected count of each question."""

    children: Annotated[int, Field(ge=1)] = 2200
    on_file: Annotated[float, Field(gt=0, lt=1)] = 0.5
    seen: Annotated[float, Field(gt=0, le=1)] = 0.6


class CohortLines(_Section):
    """When the cohort of what came before is fixed, and how long before the referral an event counts as before it."""

    months_before: Literal[12, 24] = 24
    exposure_months: tuple[int, int] = (1, 3)


class AssumptionLines(_Section):
    """The margin of a bound: of the children not seen on benefit, between which shares are on it all the same, and who says so."""

    low: Annotated[float, Field(ge=0, le=1)]
    high: Annotated[float, Field(ge=0, le=1)]
    source: str


class ProtectedLines(_Section):
    """Groups that are held back before others where something must be: a topic, and its group."""

    topic: str
    group: str


class PlanLines(_Section):
    """The whole of analysis.toml."""

    expected: ExpectedLines = ExpectedLines()
    cohort: CohortLines = CohortLines()
    question: tuple[QuestionLines, ...] = ()
    assumption: dict[str, AssumptionLines] = Field(default_factory=dict)
    protected: tuple[ProtectedLines, ...] = ()


@dataclass(frozen=True, slots=True)
class Seal:
    """A plan as it was sealed: its hash, when, whether nothing had been answered yet, and what it asked."""

    digest: str
    sealed_at: str
    before_answers: bool
    asked: frozenset[tuple[str, str, str, str]]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What is expected of one question on the whole: children counted, of whom it can be seen, of whom it is true; and in words what can be told."""

    measure: str
    window: str
    counted: int
    seen: int
    having: int
    says: str
    planned: bool


def read_plan(folder: Path) -> PlanLines:
    """The plan in a study's folder, or the one that comes with Hearthlink where the folder has none.

    Raises WrongUse where it is not understood, or names a measure, a window, a topic or a design that there is not.
    """
    path = folder / PLAN_FILE
    if not path.is_file():
        return default_plan()
    lines, text = read_toml(path, PlanLines)
    for number, one in enumerate(lines.question):
        _require_known(one, number, text)
    for name, assumed in lines.assumption.items():
        if assumed.low > assumed.high or not assumed.source.strip():
            raise WrongUse(
                "A margin runs from low to high, and has a source.", file=PLAN_FILE,
                line=line_of(("assumption", name, "low"), text), column=f"assumption.{name}",
            )  # fmt: skip
    first, last = lines.cohort.exposure_months
    # A year or more would overlap the same months of the year before, which it is compared with.
    if not 0 < first <= last <= 12:
        raise WrongUse("The months before a referral run from the nearest to the farthest, twelve at most.", file=PLAN_FILE,
                       line=line_of(("cohort", "exposure_months"), text), column="cohort.exposure_months",
                       remedy="Write, for example, exposure_months = [1, 3].")  # fmt: skip
    return lines


def _require_known(one: QuestionLines, number: int, text: str) -> None:
    line = [n for n, words in enumerate(text.splitlines(), start=1) if words.strip() == "[[question]]"][number]
    known: dict[str, tuple[Sequence[str], Sequence[str]]] = {
        "measure": ((one.measure,), tuple(MEASURES)),
        "by": (one.by, TOPICS),
    }
    if one.measure in MEASURES:
        known["windows"] = (one.windows, MEASURES[one.measure].windows)
    for column, (asked, there) in known.items():
        strange = [name for name in asked if name not in there]
        if strange:
            raise WrongUse(
                f"There is no such {column.removesuffix('s')} for this question.", file=PLAN_FILE, line=line, column=column,
                remedy=f"There are: {', '.join(there)}.",
            )  # fmt: skip


def default_plan() -> PlanLines:
    """Every question of the study, by the breakdowns it asks for."""
    return PlanLines(
        question=tuple(
            QuestionLines(
                measure=one.name, windows=one.windows, by=_topics_of(one.name), designs=_designs_of(one.kind),
                expected=EXPECTED.get(one.name, 0.1),
            )
            for one in MEASURES.values()
        ),
        assumption={
            name: AssumptionLines(low=low, high=high, source=source) for name, (low, high, source) in ASSUMED.items()
        },
    )  # fmt: skip


ALIKE = 1.4
"""How much wider an interval is in variance, for the children of one family are referred together."""

PART_OF_YEAR: dict[Window, float] = {
    "on_day": 1.0,
    "before_3": 0.25,
    "before_12": 1.0,
    "before_24": 2.0,
    "after_12": 1.0,
}
"""An event is expected in proportion to the window, and its share is stated for a year."""

EXPECTED = {
    "on_benefit": 0.48,
    "low_income_after_costs": 0.6,
    "low_income_before_costs": 0.5,
    "workless": 0.5,
    "shortfall": 0.4,
}
"""Shares that are expected, for the counts shown at sealing. No figure of the report is made from them."""

ASSUMED: dict[str, tuple[float, float, str]] = {}
"""Margins that come with Hearthlink: none, for each needs a source that holds for the authority."""


def _topics_of(measure: str) -> tuple[str, ...]:
    if measure == "on_benefit":
        return ("age", "ethnic_group", "disability", "primary_need", "assessment_factor", "deprivation", "stage_six_months", "referred_before", "referred_again")  # fmt: skip
    return ("primary_need", "stage_six_months") if measure in {"low_income_after_costs", "persistent_low_income_after_costs", "workless", "overcrowded"} else ()  # fmt: skip


def _designs_of(kind: str) -> tuple[Design, ...]:
    return {"event": DESIGNS, "state": ("matched_cohort",)}.get(kind, ())  # type: ignore[return-value]


def plan_of(folder: Path) -> Plan:
    """The plan that the questions are asked by, each part marked by whether it was sealed before anything was answered."""
    lines = read_plan(folder)
    seals = read_seals(folder)
    planned = frozenset[tuple[str, str, str, str]]().union(*(seal.asked for seal in seals if seal.before_answers))
    digest = digest_of(lines)
    return Plan(
        questions=tuple(part for one in lines.question for part in _parts(one, planned)),
        sealed=digest if any(seal.digest == digest for seal in seals) else "",
        cohort=lines.cohort.months_before,
        exposure_months=lines.cohort.exposure_months,
        protected=tuple((one.topic, one.group) for one in lines.protected),
        assumptions={name: (one.low, one.high, one.source) for name, one in lines.assumption.items()},
    )


def _parts(one: QuestionLines, planned: frozenset[tuple[str, str, str, str]]) -> Iterator[Question]:
    """A question, parted into what was planned and what was not."""
    for is_planned in (True, False):

        def kept(column: str, names: Sequence[str], *, was: bool = is_planned) -> list[str]:
            return [name for name in names if ((one.measure, column, name, "") in planned) is was]

        windows, topics, designs = kept("window", one.windows), kept("by", one.by), kept("design", one.designs)
        if is_planned and windows:
            yield Question(one.measure, tuple(windows), tuple(topics), tuple(designs))  # type: ignore[arg-type]
        elif not is_planned:
            if windows:
                yield Question(one.measure, tuple(windows), tuple(one.by), tuple(designs), planned=False)  # type: ignore[arg-type]
            old = [window for window in one.windows if window not in windows]
            if old and (topics or (designs and not windows)):
                left = () if windows else designs
                yield Question(one.measure, tuple(old), tuple(topics), tuple(left), planned=False)  # type: ignore[arg-type]


def digest_of(lines: PlanLines) -> str:
    """The hash of what a plan says, however its file is spelt."""
    return hashlib.sha256(json.dumps(lines.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()


def asked_of(lines: PlanLines) -> frozenset[tuple[str, str, str, str]]:
    """Everything a plan asks: a measure with each window, each breakdown and each design."""
    return frozenset(
        (one.measure, column, name, "")
        for one in lines.question
        for column, names in (("window", one.windows), ("by", one.by), ("design", one.designs))
        for name in names
    )


def read_seals(folder: Path) -> list[Seal]:
    """The seals of a study, oldest first. Raises DataProblem where the file of seals was changed."""
    path = folder / SEALS_FILE
    if not path.is_file():
        return []
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        sound = all(kept["seal"] == _seal_hash(kept) for kept in read)
        seals = [
            Seal(
                kept["digest"],
                kept["sealed_at"],
                kept["before_answers"],
                asked_of(PlanLines.model_validate(kept["plan"])),
            )
            for kept in read
        ]
    except (ValueError, KeyError, TypeError):
        sound, seals = False, []
    if sound:
        return seals
    raise DataProblem(
        "The seals of the plan were changed.", file=SEALS_FILE,
        remedy="Put back the file as it was sealed. Without it every question is exploratory: delete it to go on so.",
    )  # fmt: skip


def _seal_hash(kept: Mapping[str, object]) -> str:
    told = {name: value for name, value in kept.items() if name != "seal"}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def seal(folder: Path, lines: PlanLines, *, now: datetime, answered: bool) -> Seal:
    """Seal a plan as it stands. What is sealed after something was answered is exploratory for good."""
    path = folder / SEALS_FILE
    before = json.loads(path.read_text(encoding="utf-8")) if read_seals(folder) else []
    kept: dict[str, object] = {
        "digest": digest_of(lines), "sealed_at": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "before_answers": not answered,
        "expected": [{"measure": one.measure, "window": one.window, "counted": one.counted, "seen": one.seen, "having": one.having}
                     for one in foreseen(lines)],
        "plan": lines.model_dump(mode="json"), "before": before[-1]["seal"] if before else "",
    }  # fmt: skip
    write_whole(
        path, (json.dumps([*before, {**kept, "seal": _seal_hash(kept)}], indent=1, ensure_ascii=False) + "\n").encode()
    )
    return Seal(str(kept["digest"]), str(kept["sealed_at"]), not answered, asked_of(lines))


def foreseen(lines: PlanLines, planned: frozenset[tuple[str, str, str, str]] = frozenset()) -> list[Foreseen]:
    """What can be told of each question, by the counts that are expected before any record is seen."""
    return [_foreseen(lines.expected, one, window, planned) for one in lines.question for window in one.windows]


def _foreseen(
    expected: ExpectedLines, one: QuestionLines, window: Window, planned: frozenset[tuple[str, str, str, str]]
) -> Foreseen:
    kind = MEASURES[one.measure].kind
    seen = expected.children if kind == "benefit" else round(expected.children * expected.on_file * expected.seen)
    share = min(one.expected * PART_OF_YEAR[window], 0.95) if kind == "event" else one.expected
    having = round(seen * share)
    smaller = min(having, seen - having)
    # Children of a family are alike, so that they tell less than as many families would.
    reach = 196 * (share * (1 - share) / max(seen, 1) * ALIKE) ** 0.5
    if smaller < HARD:
        says = "too few: the figure will be held back"
    elif smaller < 2 * EASY:
        says = f"a share, give or take {reach:.0f} points; no breakdown"
    else:
        says = f"a share, give or take {reach:.0f} points; a breakdown by up to {smaller // EASY} groups"
    if kind == "event" and window == "before_3" and smaller >= HARD:
        # Power of 80% at 5%, each referral beside four other times: (1.96 + 0.84) standard errors of a log odds ratio.
        least = exp(2.8 * (1.25 * ALIKE / having) ** 0.5)
        says += f"; that it came before referrals, four times in five if the ratio is {least:.1f} or more"
    return Foreseen(
        one.measure,
        WINDOW_WORDS[window],
        expected.children,
        seen,
        having,
        says,
        (one.measure, "window", window, "") in planned,
    )


def plan_text(lines: PlanLines, *, name: str) -> str:
    """A plan as the file that a person edits."""
    parts = [
        HEAD.format(
            name=name.replace('"', ""),
            expected=lines.expected,
            cohort=lines.cohort,
            exposure=list(lines.cohort.exposure_months),
        )
    ]
    theme = ""
    for one in lines.question:
        if MEASURES[one.measure].theme != theme:
            theme = MEASURES[one.measure].theme
            parts.append(f"\n# {theme}\n")
        said = [
            f'measure = "{one.measure}"{" " * max(1, 44 - len(one.measure))}# {MEASURES[one.measure].title}',
            f"windows = {json.dumps(list(one.windows))}",
        ]
        said += [
            f"{word} = {json.dumps(list(names))}" for word, names in (("by", one.by), ("designs", one.designs)) if names
        ]
        parts.append("\n[[question]]\n" + "\n".join([*said, f"expected = {one.expected:g}"]) + "\n")
    parts += [
        f"\n[assumption.{key}]\nlow = {one.low:g}\nhigh = {one.high:g}\nsource = {json.dumps(one.source, ensure_ascii=False)}\n"
        for key, one in lines.assumption.items()
    ]
    return "".join(parts) + TAIL


HEAD = """\
# What {name} asks, written before any record is seen:  hearthlink plan check  shows what can be told of each question,
# hearthlink plan seal  seals it. A question, a window or a breakdown that is added later is marked exploratory in every output.

[expected]                   # of the study on the whole, for the counts that are shown at sealing
children = {expected.children}              # children referred in the year
on_file = {expected.on_file:g}                # share of them in a household on file
seen = {expected.seen:g}                   # of those, the share of whom a fact of the claim is held

[cohort]                     # of what came before referrals
months_before = {cohort.months_before}           # the cohort is fixed so many months before: 12 or 24
exposure_months = {exposure}     # an event so many months before the referral came before it
"""

TAIL = """
# [[protected]]              # groups that are held back before others where something must be
# topic = "primary_need"
# group = "Low income"

# [assumption.credit_only]   # a margin that narrows the bounds, with its source: of the children not seen on benefit,
# low = 0.05                 # at least and at most this share is on Universal Credit without a claim at the council
# high = 0.30
# source = "DWP Stat-Xplore: households on Universal Credit with children, less those with council tax support, March 2020"
"""
