"""The share on benefit beside the general population, like for like: children of the same ages, and areas where the figures tell them.

Indirect standardisation: the published rates of each age and area are applied to our children of that age and area, which gives the
number expected of them, and the standardised ratio is ours over it (Breslow and Day 1987, chapter 2). Difference and ratio are made from
these parts by the output checks. The published rates are taken as they stand, without an error of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.analysis.cohort import Cohort, Flags, Small
from hearthlink.analysis.intervals import family_sums
from hearthlink.analysis.measured import on_draws
from hearthlink.analysis.shares import Record, both_ends, over_draws

Number = npt.NDArray[np.float64]

AGES: dict[str, tuple[int, int]] = {
    "under 1": (0, 0), "1 to 4": (1, 4), "5 to 9": (5, 9), "10 to 15": (10, 15), "16 and 17": (16, 17),
}  # fmt: skip
"""Whole years of age of each band of ours that published figures can speak of."""

TENTH = re.compile(r"imd_decile_(10|[1-9])")
"""An area that is a tenth of England's small areas by deprivation, 1 the most deprived."""

NAMES = {
    "K02000001": "the United Kingdom",
    "K03000001": "Great Britain",
    "E92000001": "England",
    "W92000004": "Wales",
}

SET = ("definition", "housing_costs", "source", "year")
"""What tells one set of figures of an area from another."""

TENTHS = "tenths of areas by deprivation"


@dataclass(frozen=True, slots=True)
class Rate:
    """A published share of the children of some ages, all where `ages` is None, in a tenth of areas where `tenth` is not nought."""

    ages: tuple[int, int] | None
    tenth: int
    share: float


@dataclass(frozen=True, slots=True)
class Published:
    """One set of published figures: where, by which definition, before or after housing costs, by whom and when, and its shares."""

    area: str
    definition: str
    costs: str
    source: str
    year: str
    rates: tuple[Rate, ...]


def compared_rows(cohort: Cohort, comparator: pa.Table, *, year: str | None = None) -> list[Record]:
    """The rows of the table `compared`, but for `planned`: one for each published set of figures.

    Of the years of one set the nearest to the study's `year` is taken, the latest where none is said. Of areas, the countries, tenths of
    areas, and one other: where figures of several are given, which of them is the study's own cannot be known, and none is taken. The
    figure that a study states in its settings is compared with by the output checks.
    """
    drawn = on_draws(cohort.children)
    published = _published(comparator.filter(pc.equal(comparator.column("measure"), "low_income_children")))
    people = comparator.filter(pc.equal(comparator.column("measure"), "population"))
    rows = [
        row
        for one in _of_year(_of_ours(published), year)
        if (row := _row(cohort, drawn, one, _people(people, one.area))) is not None
    ]
    return [{"order": place, "measure": "on_benefit", **row} for place, row in enumerate(rows)]


def _published(table: pa.Table) -> list[Published]:
    """The published shares of children in low-income families, by where, when and how."""
    found: dict[tuple[str, ...], list[Rate]] = {}
    for row in table.to_pylist():
        area = str(row["area"])
        tenth = TENTH.fullmatch(area)
        ages = None if row["age_from"] is None else (int(row["age_from"]), int(row["age_to"] or row["age_from"]))
        key = (TENTHS if tenth else area, *(str(row[name] or "") for name in SET))
        found.setdefault(key, []).append(Rate(ages, int(tenth[1]) if tenth else 0, float(row["value"])))
    return [
        Published(area, definition, costs, source, year, tuple(rates))
        for (area, definition, costs, source, year), rates in sorted(found.items())
    ]


def _of_ours(published: Sequence[Published]) -> list[Published]:
    """Figures of countries, of tenths of areas, and of one other area."""
    others = {one.area for one in published} - {*NAMES, TENTHS}
    return [one for one in published if one.area not in others or len(others) == 1]


def _of_year(published: Sequence[Published], year: str | None) -> list[Published]:
    """Of each set the year nearest to ours, the later of two that are as near."""
    found: dict[tuple[str, ...], Published] = {}
    for one in published:
        set_ = (one.area, one.definition, one.costs, one.source)
        if set_ not in found or _away(one.year, year) < _away(found[set_].year, year):
            found[set_] = one
    return list(found.values())


def _away(year: str, ours: str | None) -> tuple[int, int]:
    number, mine = (int("".join(re.findall(r"\d{4}", text)[:1]) or 0) for text in (year, ours or "9999"))
    return abs(number - mine), -number


def _people(table: pa.Table, area: str) -> dict[int, float]:
    """People by year of age in the area of a figure, in the latest year that is told: what years of age weigh within a band of ours."""
    rows = table.filter(pc.equal(table.column("area"), area)).to_pylist()
    latest = max((str(row["year"]) for row in rows), default="")
    found: dict[int, float] = {}
    for row in rows:
        if row["year"] != latest or row["age_from"] is None:
            continue
        first, last = int(row["age_from"]), int(row["age_from"] if row["age_to"] is None else row["age_to"])
        for age in range(first, last + 1):
            found[age] = found.get(age, 0.0) + float(row["value"]) / (last - first + 1)
    return found


def _row(cohort: Cohort, drawn: Small, one: Published, people: Mapping[int, float]) -> Record | None:
    """One comparison; None where no child of ours is of the ages and areas that the figures speak of."""
    expected = expected_of(cohort.children, one.rates, people)
    alike = ~np.isnan(expected)
    if not alike.any():
        return None
    return {
        "comparator": _label(one),
        "source": one.source,
        "base": _base(one.rates),
        "standardised": len({(rate.ages, rate.tenth) for rate in one.rates}) > 1,
        **_figures(cohort, drawn, alike, expected),
    }


def expected_of(children: pa.Table, rates: Sequence[Rate], people: Mapping[int, float]) -> Number:
    """For each child the published share of children of its age and area; not a number where none is published of them."""
    tenths = {one.tenth for one in rates}
    of_all = {one.tenth: one.share for one in rates if one.ages is None}
    by_age = any(one.ages is not None for one in rates)
    share = {
        (name, tenth): _rate(rates, AGES[name], tenth, people) if by_age else of_all.get(tenth)
        for name in AGES
        for tenth in tenths
    }
    if not by_age:
        # Figures of all children are of ours whatever their age.
        share |= {("", tenth): of_all[tenth] for tenth in tenths}
    bands, deciles = children.column("age_band").to_pylist(), children.column("imd_decile").to_pylist()
    where = [0] * len(bands) if tenths == {0} else deciles
    found = (share.get((band if band in AGES else "", tenth)) for band, tenth in zip(bands, where, strict=True))
    return np.array([np.nan if one is None else one for one in found], np.float64)


def _rate(rates: Sequence[Rate], band: tuple[int, int], tenth: int, people: Mapping[int, float]) -> float | None:
    """The published share of the children of an age band of ours: years of age weigh by people, alike where people are not told.

    None where any year of age of the band is not told, for the rest would stand in for it.
    """
    total, weight = 0.0, 0.0
    for age in range(band[0], band[1] + 1):
        share = next(
            (one.share for one in rates if one.tenth == tenth and one.ages and one.ages[0] <= age <= one.ages[1]), None
        )
        if share is None:
            return None
        heavy = people.get(age, 0.0) if people else 1.0
        total, weight = total + share * heavy, weight + heavy
    return total / weight if weight else None


def _figures(
    cohort: Cohort,
    drawn: Small,
    alike: Flags,
    expected: Number,
) -> Record:
    """Ours and theirs for the children of whom the figures speak."""
    on = drawn[alike]
    children = int(alike.sum())
    having = on.sum(axis=0, dtype=np.int64)
    values, counts = np.unique(expected[alike], return_counts=True)
    theirs = float(sum(value * int(count) for value, count in zip(values.tolist(), counts.tolist(), strict=True)))
    return {
        "children": children,
        "having": over_draws("having", having)["having"],
        "expected": theirs,
        "share": theirs / children if children else 0.0,
        **both_ends(having, children, family_sums(on, cohort.family[alike])),
    }


def _label(one: Published) -> str:
    words = " ".join(word for word in (one.definition, "low income") if word)
    costs = f", {one.costs} housing costs" if one.costs else ""
    return f"Children in {words}{costs}, {NAMES.get(one.area, one.area)}, {one.year}{_aged(one.rates)}"


def _aged(rates: Sequence[Rate]) -> str:
    ages = [one.ages for one in rates if one.ages]
    return f", aged {min(first for first, _ in ages)} to {max(last for _, last in ages)}" if ages else ""


def _base(rates: Sequence[Rate]) -> str:
    """How the base of the figures differs from ours, in plain words."""
    said = [
        "Theirs are all children, in low income by tax and benefit records or a survey; ours are children referred, with a council benefit in payment on the day"
    ]
    if any(one.ages for one in rates):
        said.append("children of the same ages alone are compared")
    if len({one.ages for one in rates}) > 1:
        said.append("their shares are those of our children's ages")
    if any(one.tenth for one in rates):
        said.append("their shares are those of the tenths of areas our children live in")
    return "; ".join(said)
