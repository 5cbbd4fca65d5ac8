"""Monthly claims, persons and council tax periods made ready for the engine: one table each, households by number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine
from hearthlink.sources import household_queries as q
from hearthlink.sources.columns import Values, blank_to_missing, found_at, joined, only, whole
from hearthlink.sources.cts import CouncilTax
from hearthlink.sources.dates import day_number
from hearthlink.sources.shbe import PAIR_MARK, Month
from hearthlink.sources.shbe_layout import PASSPORTED, STANDARD
from hearthlink.sources.years import CensusYear

PERSON = ("reference", "role", "forename", "middle", "surname", "forename_key", "birth", "sex", "start", "end")
LISTING = ["source", *PERSON, "closed", "record", "file_no", "seen_from", "seen_to", "is_last"]


def claims(months: Sequence[Month], year: CensusYear) -> pa.Table:
    """The claims of every month, with the days that each month speaks for."""
    parts = [_with_month(month.claim, facts) for month, facts in zip(months, _months(months, year), strict=True)]
    table = pa.concat_tables(parts).unify_dictionaries().combine_chunks()
    passport = table.column("passport")
    told = pc.is_in(passport, pa.array([*PASSPORTED, *STANDARD]))
    passported = only(pc.is_in(passport, pa.array(PASSPORTED)), told)
    place = _place(table.column("address"), table.column("postcode"))
    return table.drop_columns(["passport"]).append_column("passported", passported).append_column("place", place)


def listings(months: Sequence[Month], year: CensusYear) -> pa.Table:
    """The persons of every month, with the days that each month speaks for."""
    parts = [_with_month(month.person, facts) for month, facts in zip(months, _months(months, year), strict=True)]
    table = pa.concat_tables(parts).unify_dictionaries().combine_chunks()
    table = table.append_column("forename_key", pc.utf8_upper(table.column("forename")))
    return table.append_column("source", _same(1, table.num_rows)).select([*LISTING, "pair"])


def council_tax_listing(person: pa.Table) -> pa.Table:
    """The persons of council tax support, households by number, as rows of the same shape."""
    rows = person.num_rows
    columns = {name: person.column(name) for name in ("household", *PERSON) if name != "forename_key"}
    columns |= {
        "source": _same(2, rows),
        "forename_key": pc.utf8_upper(person.column("forename")),
        "closed": pa.nulls(rows, pa.int32()),
        "record": pa.array(np.ones(rows, bool)),
        "file_no": _same(0, rows),
        "seen_from": person.column("start"),
        "seen_to": pa.nulls(rows, pa.int32()),
        "is_last": pa.array(np.zeros(rows, bool)),
    }
    return pa.table(columns).select(["household", *LISTING])


def periods(period: pa.Table) -> pa.Table:
    """The household periods of council tax support, households by number."""
    return period.append_column("place", _place(period.column("address"), period.column("postcode")))


@dataclass(frozen=True, slots=True)
class Numbered:
    """The tables with a household's number in place of its references; claims with the number of the claim as well."""

    claim: pa.Table
    listing: pa.Table
    period: pa.Table
    person: pa.Table


def number_households(engine: Engine, claim: pa.Table, listing: pa.Table, council_tax: CouncilTax) -> Numbered:
    """Each row under the number of its household; the engine keeps the references by number as `src_household`."""
    claim_pair, listing_pair = (whole(table.column("pair")) for table in (claim, listing))
    pairs = pc.unique(pa.concat_arrays([claim_pair.dictionary, listing_pair.dictionary]))
    claim_code = found_at(claim_pair.dictionary, pairs).take(claim_pair.indices)
    listing_code = found_at(listing_pair.dictionary, pairs).take(listing_pair.indices)
    refs = [whole(table.column("claim_ref")) for table in (council_tax.period, council_tax.person)]
    council_tax_refs = pc.unique(pa.concat_arrays(refs))
    engine.put("src_pair", _pair_table(pairs, council_tax_refs, claim_code, claim.column("file_no")))
    for query in (q.ALIAS, q.REFERENCE, q.HOUSEHOLD):
        engine.run(query)
    numbered = engine.fetch(q.NUMBERED)
    engine.drop("src_pair", "src_alias", "src_reference")
    household, claim_no = whole(numbered.column("household")), whole(numbered.column("claim_no"))
    by_ref = household.slice(len(pairs))
    period, person = (
        table.drop_columns(["claim_ref"]).append_column("household", by_ref.take(found_at(ref, council_tax_refs)))
        for table, ref in zip((council_tax.period, council_tax.person), refs, strict=True)
    )
    claim = claim.drop_columns(["pair"]).append_column("household", household.take(claim_code))
    listing = listing.drop_columns(["pair"]).append_column("household", household.take(listing_code))
    return Numbered(
        claim.append_column("claim_no", claim_no.take(claim_code)),
        listing.select(["household", *LISTING]),
        period,
        person,
    )


def _pair_table(pairs: pa.Array, council_tax_refs: pa.Array, claim_code: pa.Array, file_no: Values) -> pa.Table:
    """Each pair of references in the monthly files, then each reference of council tax support, with the last file of it."""
    latest = pa.table({"pair": claim_code, "file_no": file_no}).group_by("pair").aggregate([("file_no", "max")])
    last_file = latest.column("file_no_max").take(
        found_at(pa.array(np.arange(len(pairs), dtype=np.int32)), latest.column("pair"))
    )
    parts = pc.split_pattern(pairs, PAIR_MARK)
    columns = {
        "source": _same(1, len(pairs)),
        "pair": _count_up(len(pairs)),
        "hb_ref": blank_to_missing(pc.list_element(parts, 0)),
        "ctr_ref": blank_to_missing(pc.list_element(parts, 1)),
        "last_file": last_file,
    }
    rows = len(council_tax_refs)
    others = {
        "source": _same(2, rows),
        "pair": _count_up(rows),
        "hb_ref": pa.nulls(rows, pa.string()),
        "ctr_ref": council_tax_refs,
        "last_file": pa.nulls(rows, pa.int32()),
    }
    return pa.concat_tables([pa.table(columns), pa.table(others)])


def _months(months: Sequence[Month], year: CensusYear) -> list[dict[str, int | bool]]:
    """For each file its number, the first and the last day it speaks for, and whether it is the first or the last."""
    before = day_number(year.window_start) - 1
    facts: list[dict[str, int | bool]] = []
    for number, month in enumerate(months, 1):
        first, last = number == 1, number == len(months)
        facts.append(
            {"file_no": number, "seen_from": before + 1, "seen_to": month.scan, "is_first": first, "is_last": last}
        )
        before = month.scan
    return facts


def _with_month(table: pa.Table, facts: dict[str, int | bool]) -> pa.Table:
    for name, value in facts.items():
        column = pa.array(np.full(table.num_rows, value)) if isinstance(value, bool) else _same(value, table.num_rows)
        table = table.append_column(name, column)
    return table


def _same(value: int, rows: int) -> pa.Array:
    return pa.array(np.full(rows, value, np.int32))


def _count_up(rows: int) -> pa.Array:
    return pa.array(np.arange(rows, dtype=np.int32))


def _place(address: Values, postcode: Values) -> pa.Array:
    """What tells one address from another: its letters and digits and those of the postcode. Empty where there are none."""
    coded = joined([pc.fill_null(address, ""), pc.fill_null(postcode, "")], "|").dictionary_encode()
    bare = pc.replace_substring_regex(pc.utf8_upper(coded.dictionary), r"[^\pL\pN|]", "")
    return only(bare, pc.not_equal(bare, "|")).take(coded.indices)
