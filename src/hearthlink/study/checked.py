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
    given = as_given(flat, kind)
    reference = reference_of(given) or study.year_end
    return with_files(census_findings(engine, given, reference_date=reference), flat)


def with_files(places: pa.Table, flat: Flat) -> pa.Table:
    """The places with the name of the file they are in: of several, the one that is named as the flat table is."""
    named = {file.partition(".")[0].lower(): file for file in (flat.file, *flat.others)}
    files = [named.get(table.lower(), flat.file) for table in places.column("table").to_pylist()]
    return places.append_column("file", pa.array(files, pa.string())).select(list(FINDING_PLACE.names))


def as_given(flat: Flat, kind: Kind) -> dict[str, pa.Table]:
    """The flat tables without what the source does not tell, for that cannot be said to be missing.

    The census in XML tells everything. Of one in tables those that have no file are left out; of another source besides these every
    column in which nothing stands.
    """
    if kind == "cin":
        return flat.tables
    if kind == "cin_csv":
        files = {file.partition(".")[0].lower() for file in (flat.file, *flat.others)}
        factors = flat.tables["AssessmentFactors"].num_rows
        return {
            name: table
            for name, table in flat.tables.items()
            if table.num_rows
            and (name.lower() in files or len(files) == 1 or (name == "AssessmentFactors" and factors))
        }
    told = {name: table for name, table in flat.tables.items() if table.num_rows and name != "Header"}
    return {
        name: table.select([c for c in table.column_names if table.column(c).null_count < table.num_rows])
        for name, table in told.items()
    }
