"""What the checks find in a study: our own counts over its tables, and the places that the census's rules find in its activity extract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from hearthlink.checks import census_findings, check
from hearthlink.checks.census_tables import reference_of
from hearthlink.engine import Engine
from hearthlink.errors import DataProblem
from hearthlink.sources import SourceFiles
from hearthlink.sources.cin import activity_of
from hearthlink.sources.flat import Flat, Kind, read_flat
from hearthlink.study.study import Study
from hearthlink.tables.identity import FINDING_PLACE

CENSUS: tuple[Kind, ...] = ("cin", "cin_csv")
"""Sources of activity that are the census. The rules are asked of any other for what it gives."""


class FindingStops(DataProblem):
    """A check found what would make the answer wrong, so nothing is answered."""


@dataclass(frozen=True, slots=True)
class Found:
    """Tables `finding` and `finding_place`."""

    finding: pa.Table
    places: pa.Table

    def require_none_stops(self) -> None:
        """Raise FindingStops for the first finding that stops a run."""
        for row in self.finding.to_pylist():
            if row["severity"] == "stops" and row["found"]:
                raise FindingStops(
                    f"{row['says']} ({row['found']:,} of {row['looked_at']:,}; check {row['code']}).",
                    remedy=row["remedy"],
                )


def find(engine: Engine, study: Study, tables: Mapping[str, pa.Table], files: SourceFiles) -> Found:
    """Ask every check of a study's received tables, and every rule of the census of its activity extract."""
    finding = check(engine, tables, year_start=study.year_start, year_end=study.year_end)
    return Found(finding, _census(engine, study, files))


def _census(engine: Engine, study: Study, files: SourceFiles) -> pa.Table:
    """Table `finding_place`; none where a mapping tells of activity and there is no census to ask."""
    try:
        kind = activity_of(files)
    except DataProblem:
        return FINDING_PLACE.empty()
    flat = read_flat(files.some(kind), kind)
    given = flat.tables if kind in CENSUS else _as_given(flat)
    reference = reference_of(given) or study.year_end
    return with_file(census_findings(engine, given, reference_date=reference), flat.file)


def with_file(places: pa.Table, file: str) -> pa.Table:
    """The places with the name of the file they are in."""
    return places.append_column("file", pa.repeat(pa.scalar(file), places.num_rows)).select(list(FINDING_PLACE.names))


def _as_given(flat: Flat) -> dict[str, pa.Table]:
    """The flat tables of a source that is no census, without what it does not tell: that cannot be said to be missing."""
    told = {name: table for name, table in flat.tables.items() if table.num_rows and name != "Header"}
    return {
        name: table.select([c for c in table.column_names if table.column(c).null_count < table.num_rows])
        for name, table in told.items()
    }
