"""Months and periods made ready for the engine: one table each, households by number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine
from hearthlink.sources.claims import household_queries as q
from hearthlink.sources.claims.cts import Periods
from hearthlink.sources.claims.household_fold import Folded, Words, parted, same
from hearthlink.sources.claims.month_spans import YEAR
from hearthlink.sources.claims.shbe import PAIR_MARK
from hearthlink.sources.reading.columns import blank_to_missing, found_at, joined, only, whole

PERSON = ("reference", "role", "forename", "middle", "surname", "forename_key", "birth", "sex", "start", "end", "nino")
LISTING = ["source", *PERSON, "closed", "file_no", "seen_from", "seen_to", "is_last", "part"]
CLAIM = (
    "address_no", "passported", "status", "dependants", "decided", "start", "end", "changed", "pence", "file_no", "seen_from",
    "seen_to", "is_first", "is_last",
)  # fmt: skip
PERIOD = (
    "address_no",
    "uprn",
    "start",
    "end",
    "housing_only",
    "with_housing",
    "state",
    "pence",
    "hb_pence",
    "passported",
    "dependants",
    "ages",
)


@dataclass(frozen=True, slots=True)
class Numbered:
    """The tables with a household's number in place of its references; claims and runs with the number of the claim as well.

    record counts the records of persons by household, file and source (`file_no` numbers the sources of periods). periods and persons are
    those of each source of periods. reference gives, as `handle`, every claim reference a household goes by.
    """

    claim: pa.Table
    listing: pa.Table
    run: pa.Table
    record: pa.Table
    periods: tuple[pa.Table, ...]
    persons: tuple[pa.Table, ...]
    reference: pa.Table


def address_table(addresses: Words) -> pa.Table:
    """Each address by its number, and by `place` what tells one address from another: letters and digits. Empty where there are none."""
    address, postcode = parted(addresses.texts, 2)
    rows = len(address)
    bare = joined([pc.fill_null(address, ""), pc.fill_null(postcode, "")], "|") if rows else address
    letters = pc.replace_substring_regex(pc.utf8_upper(bare), r"[^\pL\pN|]", "")
    place = only(letters, pc.not_equal(letters, "|"))
    return pa.table(
        {
            "address_no": pa.array(np.arange(rows, dtype=np.int32)),
            "address": address,
            "postcode": postcode,
            "place": whole(place).dictionary_encode().indices.cast(pa.int32()),
        }
    )


def number_households(engine: Engine, folded: Folded | None, periods: Sequence[Periods]) -> Numbered:
    """Each row under the number of its household; the engine keeps the references by number as `src_household`."""
    pairs = pa.array([], pa.string()) if folded is None else folded.pair
    refs = [whole(table.column("claim_ref")) for one in periods for table in (one.period, one.person)]
    own = pc.unique(pa.concat_arrays([pa.array([], pa.string()), *refs]))
    engine.put("src_pair", _pair_table(pairs, own, folded))
    for query in (q.ALIAS, q.REFERENCE, q.HOUSEHOLD):
        engine.run(query)
    numbered = engine.fetch(q.NUMBERED)
    engine.drop("src_pair", "src_alias", "src_reference")
    household, claim_no = whole(numbered.column("household")), whole(numbered.column("claim_no"))
    by_ref = household.slice(len(pairs))
    claims = [_of_pair(folded.claim, household, claim_no)] if folded else []
    listings = (
        [_of_pair(folded.listing.append_column("source", same(1, folded.listing.num_rows)), household, claim_no)]
        if folded
        else []
    )
    records = (
        [_of_pair(folded.records.append_column("source", same(1, folded.records.num_rows)), household, claim_no)]
        if folded
        else []
    )
    told: list[pa.Table] = []
    people: list[pa.Table] = []
    for number, one in enumerate(periods, 1):
        period, person = (
            table.append_column("household", by_ref.take(found_at(table.column("claim_ref"), own)))
            for table in (one.period, one.person)
        )
        told.append(period)
        people.append(person)
        listings.append(_person_listing(person))
        records.append(_person_records(person, number))
    return Numbered(
        pa.concat_tables([*claims, NO_CLAIM]).select(["household", "claim_no", *CLAIM]),
        pa.concat_tables([one.select(["household", *LISTING]) for one in listings]),
        _of_pair(folded.run, household, claim_no) if folded else pa.table({}),
        pa.concat_tables([one.select(["household", "source", "file_no", "records"]) for one in records]),
        tuple(told),
        tuple(people),
        _references(pairs, own, household),
    )


def _references(pairs: pa.Array, own: pa.Array, household: pa.Array) -> pa.Table:
    """Every claim reference with the household it is of: both of a pair, and those of the periods."""
    of_pair, of_period = household.slice(0, len(pairs)), household.slice(len(pairs))
    told = [(part, of_pair) for part in parted_pair(pairs)] + [(own, of_period)]
    made = pa.concat_tables([pa.table({"handle": handle, "household": whose}) for handle, whose in told])
    return made.filter(pc.is_valid(made.column("handle")))


def parted_pair(pairs: pa.Array) -> list[pa.Array]:
    """The Housing Benefit and the council tax reference of each pair; one that is not there is empty."""
    if not len(pairs):
        return []
    parts = pc.split_pattern(pairs, PAIR_MARK)
    return [whole(blank_to_missing(pc.list_element(parts, place))) for place in (0, 1)]


def period_table(periods: Sequence[pa.Table], *, months: bool) -> pa.Table:
    """The household periods of every source, households by number. Where there are monthly files, these alone tell Housing Benefit."""
    parts = [
        table.select(["household", *PERIOD]).append_column("file_no", same(number, table.num_rows))
        for number, table in enumerate(periods, 1)
    ]
    table = pa.concat_tables([*parts, NO_PERIOD])
    if not months:
        return table
    return table.drop_columns(["with_housing"]).append_column("with_housing", pa.array(np.zeros(table.num_rows, bool)))


def _of_pair(table: pa.Table, household: pa.Array, claim_no: pa.Array) -> pa.Table:
    pair = whole(table.column("pair"))
    table = table.drop_columns(["pair"]).append_column("household", household.take(pair))
    return table.append_column("claim_no", claim_no.take(pair))


def _person_listing(person: pa.Table) -> pa.Table:
    """The persons of a source of periods as rows of the shape that monthly files have."""
    rows = person.num_rows
    columns = {name: person.column(name) for name in ("household", *PERSON) if name != "forename_key"}
    return pa.table(
        {
            **columns,
            "source": same(2, rows),
            "forename_key": pc.utf8_upper(person.column("forename")),
            "closed": pa.nulls(rows, pa.int32()),
            "file_no": same(0, rows),
            "seen_from": person.column("start"),
            "seen_to": pa.nulls(rows, pa.int32()),
            "is_last": pa.array(np.zeros(rows, bool)),
            "part": same(YEAR, rows),
        }
    )


def _person_records(person: pa.Table, number: int) -> pa.Table:
    counted = person.select(["household"]).group_by("household", use_threads=False).aggregate([("household", "count")])
    rows = counted.num_rows
    return pa.table(
        {
            "household": counted.column("household"),
            "source": same(2, rows),
            "file_no": same(number, rows),
            "records": counted.column("household_count"),
        }
    )


def _pair_table(pairs: pa.Array, own: pa.Array, folded: Folded | None) -> pa.Table:
    """Each pair of references in the monthly files, then each reference of the periods, with the last file of it."""
    rows = len(own)
    others = pa.table(
        {
            "source": same(2, rows),
            "pair": _count_up(rows),
            "hb_ref": pa.nulls(rows, pa.string()),
            "ctr_ref": own,
            "last_file": pa.nulls(rows, pa.int32()),
        }
    )
    if folded is None:
        return others
    latest = (
        folded.claim.select(["pair", "file_no"]).group_by("pair", use_threads=False).aggregate([("file_no", "max")])
    )
    last_file = latest.column("file_no_max").take(found_at(_count_up(len(pairs)), latest.column("pair")))
    refs = parted_pair(pairs) or [pairs, pairs]
    columns = {
        "source": same(1, len(pairs)),
        "pair": _count_up(len(pairs)),
        "hb_ref": refs[0],
        "ctr_ref": refs[1],
        "last_file": last_file,
    }
    return pa.concat_tables([pa.table(columns), others])


def _count_up(rows: int) -> pa.Array:
    return pa.array(np.arange(rows, dtype=np.int32))


def _empty(**columns: pa.DataType) -> pa.Table:
    return pa.schema(list(columns.items())).empty_table()


_DAY, _NUMBER, _FLAG, _PENCE = pa.int32(), pa.int32(), pa.bool_(), pa.int64()
NO_CLAIM = _empty(
    address_no=_NUMBER, passported=_FLAG, status=_NUMBER, dependants=_PENCE, decided=_DAY, start=_DAY, end=_DAY, changed=_DAY,
    pence=_PENCE, file_no=_NUMBER, seen_from=_DAY, seen_to=_DAY, is_first=_FLAG, is_last=_FLAG, household=pa.int64(), claim_no=pa.int64(),
)  # fmt: skip
NO_PERIOD = _empty(
    household=pa.int64(), address_no=_NUMBER, uprn=pa.string(), start=_DAY, end=_DAY, housing_only=_FLAG, with_housing=_FLAG,
    state=pa.string(), pence=_PENCE, hb_pence=_PENCE, passported=_FLAG, dependants=_PENCE, ages=pa.string(), file_no=_NUMBER,
)  # fmt: skip
