"""The flat census of a study, from whichever source tells of activity: a census, a case system's extract, or tables of the council's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import pyarrow as pa

from hearthlink.errors import OurFault
from hearthlink.sources.activity.given import Given, flat_given
from hearthlink.sources.case import ssd_activity
from hearthlink.sources.case.identifier_tables import Where
from hearthlink.sources.census.flat_rows import Flat
from hearthlink.sources.intake.activity import ELEMENTS
from hearthlink.sources.intake.fills import CENSUS
from hearthlink.tables.census import FLAT
from hearthlink.tables.wanted import EVERYTHING, Wanted

Kind = Literal["given", "cin", "cin_csv", "daily_api", "ssd"]
KINDS: tuple[Kind, ...] = ("cin", "cin_csv", "daily_api", "ssd")
"""Sources of activity among the extracts, the fullest first: of several that lie there, the first is read."""

NAMED: Mapping[str, Kind] = {
    **dict.fromkeys(ELEMENTS, "given"),
    **dict.fromkeys((table.name for table in ssd_activity.ONLY_HERE), "ssd"),
}
"""Tables that study.toml may name, by which it says where activity comes from. One alone says so too, so that none is passed over."""

TABLES = frozenset(
    {*ELEMENTS, *(table.name for table in (ssd_activity.PERSON, ssd_activity.EPISODES, *ssd_activity.FURTHER))}
)
"""Every table that study.toml may name and that activity is read from."""


def read_flat(paths: Sequence[Path], kind: Kind, given: Given | None = None, wanted: Wanted = EVERYTHING) -> Flat:
    """The flat tables of the files (of the folder, for a layout of several tables), whole in memory: for the checks of the census.

    `given` are the tables that study.toml names. Raises DataProblem where the files cannot be read.
    """
    if kind == "given":
        return flat_given(given or {})
    if kind == "cin":
        return _from_xml(paths[0], wanted.unlisted(CENSUS))
    if kind == "cin_csv":
        from hearthlink.sources.census.flat_csv import read_flat_csv

        return read_flat_csv(paths[0], wanted.unlisted(CENSUS))
    if kind == "daily_api":
        from hearthlink.sources.case import daily_api

        return daily_api.read_flat(paths, wanted)
    if kind == "ssd":
        return ssd_activity.read_flat(Where(paths[0] if paths else None, given or {}, wanted))
    raise OurFault(f"There is no reader of activity for {kind}.")


def _from_xml(path: Path, without: frozenset[str]) -> Flat:
    from hearthlink.sources.census.cin_bytes import open_xml
    from hearthlink.sources.census.cin_parse import batches

    xml = open_xml(path, "cin")
    counts: Counter[str] = Counter()
    made = list(batches(xml, counts, without=without))
    children = sum(batch.children for batch in made)
    if xml.note:
        counts[xml.note] += children
    tables = {table: pa.concat_tables([batch.tables[table] for batch in made]) for table in FLAT}
    return Flat(tables, xml.source, xml.file, xml.sha256, children, dict(counts))
