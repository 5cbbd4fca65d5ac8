"""The invented studies that are measured: made once for each size, then run in a fresh folder each time."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.measure import Cost, cost_of
from hearthlink.governance import Role, grant
from hearthlink.study import open_study
from hearthlink.study.permitted import permission_of
from hearthlink.study.run import open_store
from hearthlink.tables.identity import PERSON, PLACE

JOBS = Path(__file__).resolve().parent
HEARTHLINK = str(JOBS / "job_hearthlink.py")


@dataclass(frozen=True, slots=True)
class Size:
    """How large an invented authority is, and how many processes make it."""

    children: int
    households: int
    months: int
    processes: int

    def times(self, factor: int) -> Size:
        """So many times the children and households, over the same months."""
        return Size(self.children * factor, self.households * factor, self.months, self.processes)


def synthesise(folder: Path, size: Size, within: dict[str, str]) -> Cost:
    """Make the invented authority, and say what that cost."""
    return cost_of(
        [
            HEARTHLINK, "synthesise", str(folder), "--quiet",
            "--children", str(size.children), "--households", str(size.households),
            "--months", str(size.months), "--no-following", "--layouts", "linking", "--processes", str(size.processes),
        ],
        within=within,
    )  # fmt: skip


def fresh(made: Path, folder: Path) -> Path:
    """A study folder with the same extracts and nothing done yet. Files are linked, not copied, where the disk allows."""
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("in", "truth"):
        shutil.copytree(made / part, folder / part, copy_function=_linked)
    for name in ("study.toml", "made-up.json"):
        shutil.copy(made / name, folder / name)
    return folder


def _linked(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy(source, target)
    return target


def export_persons(study: Path, folder: Path) -> dict[str, int]:
    """Write a run's standardised persons as Splink reads them: child.parquet and member.parquet. Counts of each.

    A person carries the latest of their dated addresses, since Splink takes one row a person.
    """
    opened = open_study(study)
    now = datetime.now(UTC)
    permit = grant(
        permission_of(opened, now),
        step="bench",
        role=Role.LINKER,
        reads=(PERSON, PLACE),
        writes=(),
        today=now.date(),
    )
    store = open_store(opened)
    person, place = store.load(PERSON, permit), store.load(PLACE, permit)
    folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    for side, owner in (("child", "record_id"), ("member", "group_id")):
        people = person.filter(pc.equal(person.column("side"), side))
        homes = latest_homes(place.filter(pc.equal(place.column("side"), side)))
        row = pc.index_in(people.column(owner), value_set=homes.column("owner_id").combine_chunks())
        table = pa.table(
            {
                "unique_id": people.column("person_no"),
                "first_name": people.column("forename"),
                "surname": people.column("surname"),
                "dob": people.column("birth_date").cast(pa.string()),
                "sex": people.column("sex"),
                "postcode": homes.column("postcode").take(row),
                "house": homes.column("number").take(row),
            }
        )
        pq.write_table(table, folder / f"{side}.parquet")
        counts[side] = table.num_rows
    return counts


def latest_homes(place: pa.Table) -> pa.Table:
    """One place for each owner, of a `place` table: the one that began last."""
    ordered = place.sort_by([("owner_id", "ascending"), ("start_date", "descending"), ("postcode", "ascending")])
    as_it_stands = pc.ScalarAggregateOptions(skip_nulls=False)
    first = [(name, "first", as_it_stands) for name in ("postcode", "number")]
    latest = ordered.group_by("owner_id", use_threads=False).aggregate(first)
    return latest.rename_columns({"postcode_first": "postcode", "number_first": "number"})


def bytes_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
