"""A rule of the children in need census as a card: what it looks for, where, in which years, and two examples that are its test.

The rules are the Department for Education's, by their codes; the words are ours. A card finds places, never values: its query gives the
numbers of rows, and nothing that stands in them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from hearthlink.tables.census import FIRST_YEAR, LAST_YEAR

Kind = Literal["error", "query"]
"""An error stops the authority's return; a query may be explained and submitted. Either is only counted here."""

FlatRows: TypeAlias = Mapping[str, Sequence[Mapping[str, str | None]]]
"""Rows of a few flat tables, by table and column. Ids that are not given are those of one child, one episode, one plan."""

VIEWS: dict[str, str] = {
    "Header": "census_header",
    "ChildIdentifiers": "census_child",
    "ChildCharacteristics": "census_characteristics",
    "Disabilities": "census_disability",
    "CINdetails": "census_episode",
    "Assessments": "census_assessment",
    "AssessmentFactors": "census_factor",
    "CINplanDates": "census_cin_plan",
    "Section47": "census_section47",
    "ChildProtectionPlans": "census_cp_plan",
    "Reviews": "census_review",
}
"""The name under which each flat table stands in the engine once its dates and flags are read (see `census_tables`)."""

EVERY_YEAR = (FIRST_YEAR, LAST_YEAR)


@dataclass(frozen=True, slots=True)
class CensusCard:
    """One rule of the census.

    ``sql`` gives one row a fault, with the numbers ``row_1``, ``row_2`` … of the rows at fault, one for each of ``places`` (written
    ``table.column``; the first is the one that is counted). The number of a further place may be missing; that of the first is where the
    whole return is at fault. It reads the views of ``census_tables``.
    ``years`` are the first and last census year of the rule, by the year each ends in. ``needs`` names columns besides the first
    place without which the rule is not asked, for what nobody gave cannot be said to be missing. ``use`` says what Hearthlink does.
    """

    code: str
    kind: Kind
    says: str
    places: tuple[str, ...]
    sql: str
    use: str
    passing: FlatRows
    failing: FlatRows
    years: tuple[int, int] = EVERY_YEAR
    also: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def about(self) -> tuple[str, ...]:
        """Every column that the rule judges."""
        return (*self.places, *self.also)

    @property
    def asked_of(self) -> tuple[str, ...]:
        """The columns that must have been given for the rule to be asked."""
        return (self.places[0], *self.needs)

    @property
    def example_year(self) -> int:
        """The census year of its examples, by the year it ends in."""
        return min(max(2025, self.years[0]), self.years[1])


def view(column: str) -> str:
    """The view in which a ``table.column`` stands."""
    return VIEWS[column.split(".", 1)[0]]


def _period(where: str) -> str:
    return "CROSS JOIN census_period AS p" if "p." in where else ""


def rows_where(place: str, where: str) -> str:
    """A query for the rows ``t`` of one table where something holds; it may ask the census year ``p``."""
    return f"SELECT t.row_no AS row_1 FROM {view(place)} AS t {_period(where)} WHERE {where}"


def pairs_where(first: str, second: str, where: str, *, within: str = "episode") -> str:
    """A query for rows ``a`` and ``b`` of two tables where something holds, within one episode or one child."""
    same = "b.child = a.child AND b.episode = a.episode" if within == "episode" else "b.child = a.child"
    return (
        f"SELECT a.row_no AS row_1, b.row_no AS row_2 FROM {view(first)} AS a JOIN {view(second)} AS b ON {same}"
        f" {_period(where)} WHERE {where}"
    )


def alone_where(place: str, other: str, where: str, *, within: str = "episode", when: str = "TRUE") -> str:
    """A query for the rows ``t`` where something holds and the episode (or child) has no row ``o`` of another table like `when`."""
    same = "o.child = t.child AND o.episode = t.episode" if within == "episode" else "o.child = t.child"
    return (
        f"SELECT t.row_no AS row_1 FROM {view(place)} AS t {_period(where + when)}"
        f" WHERE ({where}) AND NOT EXISTS (SELECT 1 FROM {view(other)} AS o WHERE {same} AND ({when}))"
    )


def several_where(place: str, where: str, *, within: str = "t.child, t.episode") -> str:
    """A query for the rows ``t`` where something holds, wherever it holds of more than one."""
    return f"""
        SELECT row_no AS row_1
        FROM (SELECT t.row_no, count(*) OVER (PARTITION BY {within}) AS times FROM {view(place)} AS t WHERE {where}) AS counted
        WHERE times > 1
    """


def outside_year(column: str) -> str:
    """That a date lies outside the census year."""
    return f"({column} < p.start_date OR {column} > p.end_date)"


def not_a_code(element: str, column: str) -> str:
    """That something stands in a coded element, and is no code of its set in that year."""
    return f"{column} NOT IN (SELECT k.code FROM census_code AS k WHERE k.element = '{element}')"
