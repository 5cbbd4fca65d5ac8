"""The months that the files of claims speak of: monthly ones by their month, periods by what begins and ends in them."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from hearthlink.sources.claims.cts import Periods
from hearthlink.sources.claims.household_sources import Benefits
from hearthlink.sources.months_covered import Flags, Months, by_files, by_spans, days_of, months_of
from hearthlink.sources.reading.columns import Values
from hearthlink.sources.reading.years import CensusYear


def claims_covered(benefits: Benefits, year: CensusYear) -> dict[str, Flags]:
    """The months of Housing Benefit (hb) and of council tax support (cts). Where there are monthly files, these alone tell Housing Benefit."""
    months = months_of(year)
    covered: dict[str, Flags] = {}
    for one in benefits.periods:
        for source, told in _told(one, months).items():
            covered[source] = covered.get(source, np.zeros(len(told), np.bool_)) | told
    if benefits.folded is not None:
        covered["hb"] = by_files(months, benefits.folded.month.column("seen_to").to_pylist())
    return covered


def _told(one: Periods, months: Months) -> dict[str, Flags]:
    """The months of a source of periods. A claim's later periods may be planned, as at an uprating, so its first one tells when it began."""
    housing_only = _true(one.period.column("housing_only"))
    masks = {
        "cts": pc.invert(housing_only),
        "hb": pc.or_(housing_only, _true(one.period.column("with_housing"))),
    }
    covered: dict[str, Flags] = {}
    for source, mask in masks.items():
        held = one.period.filter(mask)
        if held.num_rows:
            begun = held.group_by("claim_ref", use_threads=False).aggregate([("start", "min")])
            covered[source] = by_spans(months, days_of(begun.column("start_min")), days_of(held.column("end")))
    return covered


def _true(column: Values) -> Values:
    return pc.fill_null(column, fill_value=False)
