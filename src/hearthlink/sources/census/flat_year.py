"""Extracts of a case system cut to a census year.

The safeguarding dataset, the daily feed and tables of a council's own hold every year up to the day they were made. A census holds the
episodes that were open in its year, as they stood on its last day.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.census.flat_rows import Flat
from hearthlink.sources.reading.columns import Values, count, only, whole
from hearthlink.sources.reading.dates import day_number, read_days
from hearthlink.sources.reading.years import CensusYear, year_holding

RUN_ON = frozenset({"ssd", "daily_api", "activity"})
"""The sources that hold other years besides."""

OTHER_YEARS = "episodes that were not open in the year, left out"
AFTER = "activity from after the year, left out"

COVERED = 1 / 3
"""The share of its fullest year's referrals that an extract holds of the study's year at the least."""

_STARTS = {
    "Assessments": "AssessmentActualStartDate", "CINplanDates": "CINPlanStartDate", "Section47": "S47ActualStartDate",
    "ChildProtectionPlans": "CPPstartDate", "Reviews": "CPPreviewDate",
}  # fmt: skip
_ENDS = {
    "CINdetails": ("CINclosureDate", "DateOfInitialCPC"), "Assessments": ("AssessmentAuthorisationDate",),
    "CINplanDates": ("CINPlanEndDate",), "Section47": ("DateOfInitialCPC",), "ChildProtectionPlans": ("CPPendDate",),
}  # fmt: skip
_WITHIN = {"AssessmentFactors": "Assessments", "Reviews": "ChildProtectionPlans"}
_NUMBER = {"Assessments": "AssessmentID", "ChildProtectionPlans": "CPPID"}


def cut_to_year(flat: Flat, year: CensusYear) -> Flat:
    """The extract as the census of the year would have it; one that is no extract of a case system as it is.

    Episodes that had closed before the year or began after it are left out, and so are children without any other; of those that stay,
    what began after the year, and every end after it, was not known on its last day. Raises DataProblem where the extract holds little of
    the year.
    """
    if flat.source not in RUN_ON:
        return flat
    _require_covered(flat, year)
    first, last = day_number(year.start), day_number(year.end)
    tables, after = dict(flat.tables), 0
    details = tables["CINdetails"]
    closed = pc.fill_null(pc.less(_day(details, "CINclosureDate"), first), False)
    kept = details.filter(pc.invert(pc.or_(closed, _later(details, "CINreferralDate", last))))
    notes = {**flat.notes, OTHER_YEARS: details.num_rows - kept.num_rows}
    tables["CINdetails"] = kept
    children = pc.unique(kept.column("child_no"))
    for name, table in tables.items():
        if name == "Header":
            continue
        held = table.filter(pc.is_in(table.column("child_no"), value_set=whole(children)))
        if "CINdetailsID" in table.column_names:
            held = held.filter(_among(held, kept))
        if name in _STARTS:
            later = _later(held, _STARTS[name], last)
            after += count(later)
            held = held.filter(pc.invert(later))
        for column in _ENDS.get(name, ()):
            known = pc.invert(_later(held, column, last))
            for also in (column, *(["ReasonForClosure"] if column == "CINclosureDate" else [])):
                held = held.set_column(held.column_names.index(also), also, only(held.column(also), known))
        tables[name] = held
    for name, within in _WITHIN.items():
        around = tables[within]
        if within == "Assessments":
            around = around.filter(pc.is_valid(around.column("AssessmentAuthorisationDate")))
        tables[name] = tables[name].filter(_among(tables[name], around, _NUMBER[within]))
    notes[AFTER] = after
    return replace(
        flat,
        tables=tables,
        rows_in=tables["ChildIdentifiers"].num_rows,
        notes={n: many for n, many in notes.items() if many},
    )


def _require_covered(flat: Flat, year: CensusYear) -> None:
    referred = _day(flat.tables["CINdetails"], "CINreferralDate").drop_null().to_numpy()
    spans = range(year.start.year - 25, year.start.year + 26)
    held = np.histogram(referred, [day_number(year.start.replace(year=one)) for one in spans])[0]
    fullest = int(held.argmax())
    if held[spans.index(year.start.year)] < COVERED * held[fullest]:
        most = year_holding(year.start.replace(year=spans[fullest]))
        raise DataProblem(
            f"Few of its referrals are of {year.text}; most are of {most}.",
            file=flat.file,
            remedy="Ask for an extract that holds the whole year, or change year in study.toml.",
        )


def _day(table: pa.Table, column: str) -> pa.Array:
    return whole(read_days(table.column(column)).days)


def _later(table: pa.Table, column: str, last: int) -> pa.Array:
    return pc.fill_null(pc.greater(_day(table, column), last), False)


def _among(table: pa.Table, others: pa.Table, *numbers: str) -> pa.Array:
    """Which rows are of one of the others, by the child, the episode and what further number is asked."""
    return pc.is_in(_key(table, numbers), value_set=pc.unique(_key(others, numbers)))


def _key(table: pa.Table, numbers: tuple[str, ...]) -> Values:
    parts = [pc.fill_null(table.column(name).cast(pa.string()), "") for name in ("child_no", "CINdetailsID", *numbers)]
    return whole(pc.binary_join_element_wise(*parts, " "))
