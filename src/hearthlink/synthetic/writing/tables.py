"""Person tables in Parquet, for England's size: children, members, addresses and the truth, with no file format between.

Each table is written in row groups of whole wards, so that memory holds a few wards and no more. The names of columns
follow the identity room's tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from hearthlink.synthetic.world import RecordedAddress, Settings, Ward, address_lines
from hearthlink.synthetic.writing.truth import answer, member_key

ROWS_IN_GROUP = 100_000

_TEXT, _DAY, _FLAG = pa.string(), pa.date32(), pa.bool_()

SCHEMAS: dict[str, pa.Schema] = {
    "tables/children.parquet": pa.schema(
        [
            ("child_id", _TEXT),
            ("family_id", _TEXT),
            ("forename", _TEXT),
            ("surname", _TEXT),
            ("birth_date", _DAY),
            ("birth_date_estimated", _FLAG),
            ("sex", _TEXT),
            ("restricted", _FLAG),
            ("unborn", _FLAG),
            ("referral_date", _DAY),
        ]
    ),
    "tables/members.parquet": pa.schema(
        [
            ("household_id", _TEXT),
            ("member_id", _TEXT),
            ("role", _TEXT),
            ("forename", _TEXT),
            ("surname", _TEXT),
            ("birth_date", _DAY),
            ("sex", _TEXT),
            ("start_date", _DAY),
            ("end_date", _DAY),
        ]
    ),
    "tables/addresses.parquet": pa.schema(
        [
            ("side", _TEXT),
            ("owner_id", _TEXT),
            ("start_date", _DAY),
            ("end_date", _DAY),
            ("address", _TEXT),
            ("postcode", _TEXT),
            ("uprn", _TEXT),
            ("address_kind", _TEXT),
        ]
    ),
    "tables/truth.parquet": pa.schema(
        [
            ("child_id", _TEXT),
            ("outcome", _TEXT),
            ("why", _TEXT),
            ("household_id", _TEXT),
            ("member_id", _TEXT),
            ("second_household_id", _TEXT),
            ("on_benefit", _FLAG),
        ]
    ),
}

Batches: TypeAlias = dict[str, pa.RecordBatch]


def part(ward: Ward, settings: Settings) -> Batches:
    """One ward's rows of every table: its referred children, and the members of all its claims."""
    columns = {
        "tables/children.parquet": _children(ward),
        "tables/members.parquet": _members(ward),
        "tables/addresses.parquet": _addresses(ward),
        "tables/truth.parquet": _truths(ward),
    }
    return {name: _batch(SCHEMAS[name], found) for name, found in columns.items()}


@contextmanager
def open_tables(folder: Path) -> Iterator[Callable[[Batches], None]]:
    """Open the Parquet files under the folder and give what adds one ward's rows to them; wards are added in order.

    Rows go out when a row group is full, the rest when the block ends without a failure.
    """
    waiting: dict[str, list[pa.RecordBatch]] = {name: [] for name in SCHEMAS}
    with ExitStack() as stack:
        files: dict[str, pq.ParquetWriter] = {}
        for name, schema in SCHEMAS.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            files[name] = stack.enter_context(pq.ParquetWriter(path, schema, compression="zstd"))

        def flush(name: str) -> None:
            table = pa.Table.from_batches(waiting[name], SCHEMAS[name])
            if table.num_rows:
                files[name].write_table(table, row_group_size=table.num_rows)
            waiting[name] = []

        def add(batches: Batches) -> None:
            for name, batch in batches.items():
                waiting[name].append(batch)
                if sum(held.num_rows for held in waiting[name]) >= ROWS_IN_GROUP:
                    flush(name)

        yield add
        for name in SCHEMAS:
            flush(name)


def _batch(schema: pa.Schema, found: Iterator[tuple[object, ...]]) -> pa.RecordBatch:
    columns = list(zip(*found, strict=True)) or [()] * len(schema)
    arrays = [pa.array(values, kind) for values, kind in zip(columns, schema.types, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _children(ward: Ward) -> Iterator[tuple[object, ...]]:
    records = {record.legacy_id: record for record in ward.care_records}
    for truth in ward.truths:
        record = records[truth.legacy_id]
        person = record.person
        unborn = record.expected_birth_date is not None
        yield (
            record.legacy_id,
            record.family_reference,
            person.forename,
            person.surname,
            None if unborn else person.birth_date,
            record.birth_date_estimated,
            person.sex,
            record.restricted,
            unborn,
            truth.referral_day,
        )


def _members(ward: Ward) -> Iterator[tuple[object, ...]]:
    for claim in ward.claims:
        household = claim.household_reference
        for member in claim.members:
            person = member.person
            yield (
                household,
                f"{household}|{member.reference}",
                member.role,
                person.forename,
                person.surname,
                person.birth_date,
                person.sex,
                member.start,
                member.end,
            )


def _addresses(ward: Ward) -> Iterator[tuple[object, ...]]:
    referred = {truth.legacy_id for truth in ward.truths}
    for record in ward.care_records:
        if record.legacy_id in referred:
            for address in record.addresses:
                yield _address("child", record.legacy_id, address, address.start, address.end)
    for claim in ward.claims:
        for address in claim.addresses:
            yield _address("member", claim.household_reference, address, address.start, address.end)


def _address(side: str, owner: str, held: RecordedAddress, start: date, end: date | None) -> tuple[object, ...]:
    uprn = "" if held.uprn is None else str(held.uprn)
    return side, owner, start, end, ", ".join(address_lines(held)), held.postcode, uprn, held.kind


def _truths(ward: Ward) -> Iterator[tuple[object, ...]]:
    claims = {claim.number: claim for claim in ward.claims}
    for truth in ward.truths:
        found = answer(truth, claims)
        yield (
            truth.legacy_id,
            found.outcome,
            truth.absent or "",
            "" if found.household is None else found.household.household_reference,
            member_key(found.household) if found.member else "",
            ";".join(home.household_reference for home in found.others),
            truth.covered,
        )
