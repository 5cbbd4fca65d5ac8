"""The sample for clerical review: how many children of each kind, which ones, and beside which households each is looked at.

Strata are the score band crossed with the age group. Ethnicity and deprivation rest in the content room and may not be joined to
names, so no stratum is made of them; they are compared in the research room instead.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import WrongUse
from hearthlink.review.nearest import nearest
from hearthlink.tables.identity import REVIEW_PAIR, REVIEW_SAMPLE

Whole = npt.NDArray[np.int64]
Number = npt.NDArray[np.float64]

BANDS = ("linked certain", "linked likely", "linked doubtful", "none doubtful", "none likely", "none certain")
LINKED = frozenset(BANDS[:3])
CERTAIN, LIKELY = 0.99, 0.8
"""From which probability of being right an answer counts as certain or likely, as in link_quality."""

AGES = ("0 to 4", "5 to 10", "11 and over", "not known")
AGE_ENDS = (5, 11)
LEAST_IN_STRATUM = 2
"""Children of a stratum drawn at least, where it has so many: one alone says nothing of how much a stratum varies."""

LEAST_ERROR = 0.02
"""What a band is taken to err at least when the budget is parted: the model's own opinion of its errors may be wrong."""

SECOND_LOOK = 5
"""Every so many-th child is looked at by two reviewers: a fifth of them, above the 15% that is asked for."""

SHOWN = 3
"""Households beside which a child is looked at, the same for every child: their number must not tell whether it was linked."""

FAINT = 0.01
"""Candidates under this probability are shown only where they are also among the nearest by plain likeness."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Every child that can be drawn, in order of its id: band, age group, household linked to, and P(that answer is right)."""

    child: tuple[str, ...]
    band: Whole
    age: Whole
    household: tuple[str | None, ...]
    expected_right: Number


def draw(tables: Mapping[str, pa.Table], *, children: int) -> dict[str, pa.Table]:
    """`review_sample` and `review_pair` from link, candidate_posterior, parameter, person and place; the same for the same links.

    Raises WrongUse where so few children are asked for that some stratum would have none.
    """
    frame = _frame(tables["link"], tables["person"])
    stratum = frame.band * len(AGES) + frame.age
    size = np.bincount(stratum, minlength=len(BANDS) * len(AGES))
    drawn = allocation(size, _errors(frame), min(children, len(frame.child)))
    sample = _chosen(frame.child, stratum, drawn)
    households = _households(sample, frame, tables)
    said = _sample(frame, sample, stratum, size, drawn).append_column(
        "worked_from", pa.array([worked_from(tables)] * len(sample), pa.string())
    )
    return {
        "review_sample": REVIEW_SAMPLE.conform(said),
        "review_pair": REVIEW_PAIR.conform(_pairs(frame, sample, households)),
    }


def allocation(size: Whole, error: Number, budget: int) -> Whole:
    """How many to draw from each stratum: (strata,) from sizes and expected shares of error (strata,), `budget` in all.

    Two of each where it has two, then in proportion to size times the standard deviation expected (Neyman 1934), never more than
    there are. Raises WrongUse where the budget does not reach to one of each.
    """
    most = size.astype(np.int64)
    there = int(np.count_nonzero(most))
    if budget < there:
        raise WrongUse(
            f"The review needs at least {there} children: one of each score band and age group.",
            column="--children",
        )
    least = LEAST_IN_STRATUM if budget >= int(np.minimum(most, LEAST_IN_STRATUM).sum()) else 1
    given = np.minimum(most, least)
    weight = most * np.sqrt(error * (1 - error))
    while (left := budget - int(given.sum())) > 0 and bool((given < most).any()):
        open_to = np.where(given < most, weight, 0.0)
        aim = np.where(open_to > 0, left * open_to / open_to.sum(), 0.0)
        step = np.minimum(np.floor(aim).astype(np.int64), most - given)
        if step.sum() == 0:
            # Less than one each is left over: to those with the most claim to it, the first of equals first.
            order = np.lexsort((np.arange(len(aim)), -np.round(aim, 9)))
            step[[i for i in order if given[i] < most[i]][:left]] = 1
        given = given + step
    return given


def worked_from(tables: Mapping[str, pa.Table]) -> str:
    """Stands for what links are worked out from: the parameters, which no record can change without moving, and how many persons."""
    rows = sorted(json.dumps(row, sort_keys=True) for row in tables["parameter"].to_pylist())
    return hashlib.sha256(json.dumps([rows, tables["person"].num_rows]).encode()).hexdigest()


def band_of(*, linked: bool, right: float) -> int:
    """The place in BANDS of an answer, by the probability that it is right."""
    doubt = 0 if right >= CERTAIN else 1 if right >= LIKELY else 2
    return doubt if linked else 5 - doubt


def _frame(link: pa.Table, person: pa.Table) -> Frame:
    link = link.sort_by("child_id")
    columns = (link.column(n).to_pylist() for n in ("child_id", "household_id", "p_household", "p_none"))
    rows = [
        (child, household, (p_household if household is not None else p_none))
        for child, household, p_household, p_none in zip(*columns, strict=True)
    ]
    ages = _ages(person)
    return Frame(
        child=tuple(row[0] for row in rows),
        band=np.array([band_of(linked=row[1] is not None, right=row[2]) for row in rows], dtype=np.int64),
        age=np.array([ages.get(row[0], len(AGES) - 1) for row in rows], dtype=np.int64),
        household=tuple(row[1] for row in rows),
        expected_right=np.array([row[2] for row in rows], dtype=np.float64),
    )


def _ages(person: pa.Table) -> dict[str, int]:
    """The place in AGES of each child, by its age on the day of referral."""
    child = person.filter(pc.equal(person.column("side"), "child"))
    columns = (child.column(name).to_pylist() for name in ("record_id", "birth_date", "referral_date"))
    found: dict[str, int] = {}
    for record, born, day in zip(*columns, strict=True):
        if born is None or day is None:
            found[record] = len(AGES) - 1
        else:
            years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
            found[record] = sum(years >= end for end in AGE_ENDS)
    return found


def _errors(frame: Frame) -> Number:
    """The share of error expected in each stratum: that of its band, (strata,)."""
    count = np.bincount(frame.band, minlength=len(BANDS))
    wrong = np.bincount(frame.band, np.round(1 - frame.expected_right, 9), len(BANDS))
    by_band = np.clip(wrong / np.maximum(count, 1), LEAST_ERROR, 0.5)
    return np.repeat(by_band, len(AGES))


def _drawn_by(word: str, *parts: str) -> str:
    """Where something stands in a fixed stream named by a word: a hash of what it is, so the same for any order and on any day."""
    return hashlib.sha256("\0".join((word, *parts)).encode()).hexdigest()


def _chosen(child: Sequence[str], stratum: Whole, drawn: Whole) -> list[int]:
    """The places of the children drawn, by stratum and then as their stream has them."""
    keys = [_drawn_by("draw", one) for one in child]
    order = sorted(range(len(child)), key=lambda i: (int(stratum[i]), keys[i]))
    left = drawn.tolist()
    chosen: list[int] = []
    for place in order:
        if left[stratum[place]]:
            left[stratum[place]] -= 1
            chosen.append(place)
    return chosen


def _households(sample: Sequence[int], frame: Frame, tables: Mapping[str, pa.Table]) -> list[list[str]]:
    """The households that each drawn child is looked at beside, in an order that tells nothing.

    The one it was linked to, then the likeliest, then the nearest by plain likeness, which the linkage may never have compared.
    """
    wanted = [frame.child[place] for place in sample]
    likely = _likely(tables["candidate_posterior"], wanted)
    near = nearest(tables["person"], tables["place"], wanted, most=SHOWN)
    found: list[list[str]] = []
    for place, child in zip(sample, wanted, strict=True):
        linked = frame.household[place]
        first = [] if linked is None else [linked]
        several = list(dict.fromkeys((*first, *likely.get(child, ()), *near[child])))[:SHOWN]
        found.append(sorted(several, key=lambda h, c=child: _drawn_by("household", c, h)))
    return found


def _likely(candidate_posterior: pa.Table, wanted: Sequence[str]) -> dict[str, list[str]]:
    is_wanted = pc.call_function(
        "is_in", [candidate_posterior.column("child_id")], pc.SetLookupOptions(pa.array(list(wanted), pa.string()))
    )
    kept = candidate_posterior.filter(is_wanted).sort_by([("child_id", "ascending"), ("rank", "ascending")])
    found: dict[str, list[str]] = {}
    columns = (kept.column(name).to_pylist() for name in ("child_id", "household_id", "probability"))
    for child, household, probability in zip(*columns, strict=True):
        if household is not None and probability >= FAINT:
            found.setdefault(child, []).append(household)
    return found


def _sample(frame: Frame, sample: Sequence[int], stratum: Whole, size: Whole, drawn: Whole) -> pa.Table:
    of = stratum[list(sample)]
    return pa.table(
        {
            "child_id": pa.array([frame.child[place] for place in sample], pa.string()),
            "band": pa.array([BANDS[frame.band[place]] for place in sample], pa.string()),
            "age_group": pa.array([AGES[frame.age[place]] for place in sample], pa.string()),
            "in_stratum": pa.array(size[of]),
            "drawn": pa.array(drawn[of]),
            "inclusion_probability": pa.array(drawn[of] / size[of]),
            "household_id": pa.array([frame.household[place] for place in sample], pa.string()),
            "expected_right": pa.array(frame.expected_right[list(sample)]),
        }
    )


def _pairs(frame: Frame, sample: Sequence[int], households: Sequence[Sequence[str]]) -> pa.Table:
    """The pairs in the order of showing. A fifth of the children, spread over the strata, are for two reviewers."""
    shown = [
        (frame.child[place], several, 2 if number % SECOND_LOOK == 0 else 1)
        for number, (place, several) in enumerate(zip(sample, households, strict=True))
    ]
    shown.sort(key=lambda one: _drawn_by("show", one[0]))
    rows = [(child, household, readings) for child, several, readings in shown for household in several]
    return pa.table(
        {
            "place": pa.array(range(1, len(rows) + 1), pa.int64()),
            "child_id": pa.array([row[0] for row in rows], pa.string()),
            "household_id": pa.array([row[1] for row in rows], pa.string()),
            "readings": pa.array([row[2] for row in rows], pa.int64()),
        }
    )
