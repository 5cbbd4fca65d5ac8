"""What the checks find in a study: our own counts over its tables, and the places that the census's rules find in its activity extract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.checks import census_findings, check
from hearthlink.checks.census_tables import FLAGS, reference_of
from hearthlink.engine import Engine, open_engine
from hearthlink.errors import DataProblem
from hearthlink.sources import SourceFiles
from hearthlink.sources.activity.census import activity_of
from hearthlink.sources.activity.flat import TABLES, Flat, Kind, read_flat
from hearthlink.sources.census.flat_csv import ALSO
from hearthlink.sources.census.flat_year import cut_to_year
from hearthlink.sources.intake.fills import CENSUS
from hearthlink.sources.mapping.mapped import QueryOpener, no_database, read_given
from hearthlink.sources.reading.codes import flag
from hearthlink.sources.reading.delimited import normal
from hearthlink.sources.reading.tabular import find_tabular
from hearthlink.sources.reading.years import CensusYear
from hearthlink.study.study import Study
from hearthlink.tables.census import FLAT
from hearthlink.tables.identity import ASKED_PLACE, FINDING_PLACE


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
    held = tables["asked_place"] if _of_a_database(files) else _census(engine, study, files, no_database, tables)
    return Found(finding, held)


def find_in_database(
    study: Study, files: SourceFiles, open_query: QueryOpener, tables: Mapping[str, pa.Table]
) -> pa.Table:
    """Table `asked_place`: what the census's rules find in activity that comes out of a database; empty where it comes out of files."""
    if not _of_a_database(files):
        return ASKED_PLACE.empty()
    with open_engine() as engine:
        return ASKED_PLACE.conform(_census(engine, study, files, open_query, tables))


def _of_a_database(files: SourceFiles) -> bool:
    return any(one.query is not None for one in files.given if one.table in TABLES)


def _census(
    engine: Engine, study: Study, files: SourceFiles, open_query: QueryOpener, tables: Mapping[str, pa.Table]
) -> pa.Table:
    """Table `finding_place`; empty where there is no census to ask. No place of a child who was left out of the study is among them."""
    kind = census_asked(files)
    if kind is None:
        return FINDING_PLACE.empty()
    given = read_given([one for one in files.given if one.table in TABLES], open_query, files.wanted)
    flat = read_flat(files.some(kind), kind, given, files.wanted)
    flat = cut_to_year(flat, CensusYear(study.year_start, study.year_end))
    if files.wanted.cohort is not None or study.objections.is_file():
        flat = replace(flat, tables=_of_the_study(flat.tables, tables["child_identifier"].column("child_id")))
    held = _listed(as_given(flat, kind), files)
    reference = reference_of(held) or study.year_end
    return with_files(census_findings(engine, held, reference_date=reference), flat)


def _of_the_study(flat: Mapping[str, pa.Table], child_id: pa.ChunkedArray) -> dict[str, pa.Table]:
    """The flat tables without the children who were received under an id and then left out: those outside the window, and those who object."""
    said = flat["ChildIdentifiers"]
    known = pc.is_in(said.column("LAchildID"), value_set=child_id.combine_chunks())
    gone = (
        said.filter(pc.invert(pc.or_(known, pc.is_null(said.column("LAchildID"))))).column("child_no").combine_chunks()
    )
    return {
        name: table.filter(pc.invert(pc.is_in(table.column("child_no"), value_set=gone)))
        for name, table in flat.items()
    }


def _listed(flat: dict[str, pa.Table], files: SourceFiles) -> dict[str, pa.Table]:
    """The flat tables without the elements that the protocol does not list: a rule about what nobody may read is not asked."""
    passed = files.wanted.unlisted(CENSUS)
    return {
        name: table.select([column for column in table.column_names if column not in passed])
        for name, table in flat.items()
    }


def census_asked(files: SourceFiles) -> Kind | None:
    """The source that the census's rules are asked of; None where there is none."""
    try:
        kind = activity_of(files)
    except DataProblem:
        return None
    persons = kind != "ssd" or any(one.table == "ssd_person" for one in files.given)
    return kind if persons or find_tabular(files.some(kind)[0], "ssd_person") is not None else None


def with_files(places: pa.Table, flat: Flat) -> pa.Table:
    """The places with the name of the file that their lines are of."""
    files = _files(flat)
    named = [files[table] for table in places.column("table").to_pylist()]
    return places.append_column("file", pa.array(named, pa.string())).select(list(FINDING_PLACE.names))


def as_given(flat: Flat, kind: Kind) -> dict[str, pa.Table]:
    """The flat tables without what the source does not tell, for that cannot be said to be missing.

    The census in XML tells everything. Of one in tables those that have no file are left out; of another source besides these every
    column in which nothing stands.
    """
    if kind == "cin":
        return flat.tables
    if kind == "cin_csv":
        own = _own_files(flat)
        factors = flat.tables["AssessmentFactors"].num_rows
        return {
            name: table
            for name, table in flat.tables.items()
            if table.num_rows and (name in own or not flat.others or (name == "AssessmentFactors" and factors))
        }
    told = {name: table for name, table in flat.tables.items() if table.num_rows and name != "Header"}
    return {
        name: _as_census(table.select([c for c in table.column_names if table.column(c).null_count < table.num_rows]))
        for name, table in told.items()
    }


def _as_census(table: pa.Table) -> pa.Table:
    """A table with true and false spelt as in the census: how another source spells them is no fault."""
    for name in FLAGS & set(table.column_names):
        said = [(text, flag(text)) for text in table.column(name).to_pylist()]
        texts = [text if true is None else str(true).lower() for text, true in said]
        table = table.set_column(table.column_names.index(name), table.schema.field(name), pa.array(texts, pa.string()))
    return table


OF_A_CHILD = ("Header", "ChildIdentifiers", "ChildCharacteristics", "Disabilities")


def _files(flat: Flat) -> dict[str, str]:
    """For each flat table the file that its lines are of.

    Factors stand with their assessments where they have no file; in the dataset all of an episode has the line of its episode; which of
    several daily files it was is not known.
    """
    if flat.told_in:
        return {table: flat.told_in.get(table, flat.file) for table in FLAT}
    if flat.source == "ssd":
        episodes = next(iter(flat.others), flat.file)
        return {table: flat.file if table in OF_A_CHILD else episodes for table in FLAT}
    if flat.source == "daily_api" and flat.others:
        return dict.fromkeys(FLAT, f"{flat.file} or {len(flat.others)} more")
    own = _own_files(flat)
    own.setdefault("AssessmentFactors", own.get("Assessments", flat.file))
    return {table: own.get(table, flat.file) for table in FLAT}


def _own_files(flat: Flat) -> dict[str, str]:
    """The flat tables that have a file of their own, called as the table is."""
    stems = {_plain(file.partition(".")[0]): file for file in (flat.file, *flat.others)}
    names = {table: {_plain(name) for name in (table, *ALSO.get(table, ()))} for table in FLAT}
    return {table: stems[name] for table in FLAT for name in names[table] & stems.keys()}


def _plain(name: str) -> str:
    return normal(name).replace("_", "")
