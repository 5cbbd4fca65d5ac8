"""The persons that linkage is measured on: an invented authority of any size, standardised, as ours and as peers read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.measure import cost_of
from bench.studies import HEARTHLINK, latest_homes
from hearthlink.engine import open_engine
from hearthlink.standardise import people
from hearthlink.tables import TableSpec
from hearthlink.tables import identity as i


@dataclass(frozen=True, slots=True)
class Extent:
    """A size: children to link, benefit households to link them to, and what it is called."""

    name: str
    children: int
    households: int


STUDY = Extent("study", 2_200, 5_000)
TEN = Extent("10,000 x 100,000", 10_000, 31_000)
HUNDRED = Extent("100,000 x 1,000,000", 100_000, 310_000)
ENGLAND = Extent("England", 650_000, 2_600_000)


def make(extent: Extent, folder: Path, *, processes: int, within: dict[str, str]) -> dict[str, int]:
    """Make an authority of that size in `folder`, unless one lies there, standardise its persons, and count them.

    Ours reads person, place and family_adult; peers read child and member, a row a person with the latest of their addresses.
    """
    if not (folder / "member.parquet").is_file():
        asked = [
            "--children",
            str(extent.children),
            "--households",
            str(extent.households),
            "--processes",
            str(processes),
        ]
        cost_of([HEARTHLINK, "synthesise", str(folder), *asked, "--tables-only", "--quiet"], within=within)
        with open_engine() as engine:
            made = people(engine, as_received(folder / "tables"))
        for name, table in made.items():
            pq.write_table(table, folder / f"{name}.parquet")
        for side in ("child", "member"):
            pq.write_table(for_peers(made["person"], made["place"], side), folder / f"{side}.parquet")
    return {
        name: pq.read_metadata(folder / f"{side}.parquet").num_rows
        for name, side in (("children", "child"), ("members", "member"))
    }


def as_received(folder: Path) -> dict[str, pa.Table]:
    """The practice tables of `synthesise --tables-only` as `receive` would leave them. They hold no carers."""
    children, members, homes = (
        pq.read_table(folder / f"{name}.parquet") for name in ("children", "members", "addresses")
    )
    households = pc.unique(members.column("household_id"))
    child_homes, household_homes = (homes.filter(pc.equal(homes.column("side"), side)) for side in ("child", "member"))
    return {
        "child_identifier": _fitted(i.CHILD_IDENTIFIER, children, child_key=_numbers(children.num_rows)),
        "child_referral": _fitted(i.CHILD_REFERRAL, children),
        "child_adult": i.CHILD_ADULT.empty(),
        "child_address": _fitted(i.CHILD_ADDRESS, child_homes, child_id=child_homes.column("owner_id")),
        "household_identifier": _fitted(
            i.HOUSEHOLD_IDENTIFIER,
            pa.table({"household_id": households}),
            household_key=_numbers(len(households)),
        ),
        "household_member": _fitted(i.HOUSEHOLD_MEMBER, members),
        "household_residence": _fitted(i.HOUSEHOLD_RESIDENCE, household_homes, household_id=household_homes.column("owner_id")),
    }  # fmt: skip


def _numbers(count: int) -> pa.Array:
    return pa.array(range(count), pa.int64())


def _fitted(spec: TableSpec, table: pa.Table, **more: pa.ChunkedArray | pa.Array) -> pa.Table:
    """The columns of a specification out of a table, empty where it has none of that name."""
    there = {name: table.column(name) for name in table.column_names} | more
    nothing = {field.name: pa.nulls(table.num_rows, field.type) for field in spec.schema}
    return spec.conform(pa.table({name: there.get(name, nothing[name]) for name in spec.names}))


def for_peers(person: pa.Table, place: pa.Table, side: str) -> pa.Table:
    """One side as Splink, recordlinkage and the cascade read it. `record` and `household` are for scoring alone."""
    people_here = person.filter(pc.equal(person.column("side"), side))
    homes = latest_homes(place.filter(pc.equal(place.column("side"), side)))
    owner = people_here.column("record_id" if side == "child" else "group_id")
    row = pc.index_in(owner, value_set=homes.column("owner_id").combine_chunks())
    return pa.table(
        {
            "unique_id": people_here.column("person_no"),
            "first_name": people_here.column("forename"),
            "surname": people_here.column("surname"),
            "dob": people_here.column("birth_date").cast(pa.string()),
            "sex": people_here.column("sex"),
            "postcode": homes.column("postcode").take(row),
            "house": homes.column("number").take(row),
            "record": people_here.column("record_id"),
            "household": people_here.column("group_id"),
        }
    )
