"""Discretionary housing payments: a local help with rent, by claim (domain.md 2.8)."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine
from hearthlink.sources.money import tidy
from hearthlink.sources.money.files import Heap, latest_of
from hearthlink.sources.money.join import IN_DOUBT, NOBODY, join, named_in
from hearthlink.sources.reading.columns import joined

BACKWARDS = "an end before its start"
HELD = ("start_date", "end_date", "decided_date", "weekly", "lump_sum", "reason")


def read_payments(engine: Engine, heap: Heap) -> tuple[pa.Table, Heap]:
    """The payments of households on file, with `place`, the household's, in place of its key. Works inside `households_at_hand`."""
    forwards = pc.greater_equal(heap.rows.column("end_date"), heap.rows.column("start_date"))
    heap = heap.keeping(pc.fill_null(forwards, True), BACKWARDS)
    heap = heap.having("whose", _whose(heap.rows)).having("once", pc.is_valid(heap.rows.column("lump_sum")))
    heap = latest_of(heap, ("whose", "start_date", "once", "reason"))
    found = join(engine, heap.rows, people=[named_in(heap.rows)], start="start_date", end="end_date")
    heap = heap.having("place", found.place).by(found.key)
    heap = heap.keeping(pc.invert(found.in_doubt), IN_DOUBT)
    heap = heap.keeping(pc.is_valid(heap.rows.column("place")), NOBODY)
    return heap.rows.select(["place", *HELD]), heap


def _whose(rows: pa.Table) -> pa.Array:
    """What tells one payee from another: references, or else the name and birth date."""
    told = [
        tidy.references(rows.column("claim_ref")),
        tidy.references(rows.column("ct_account_ref")),
        tidy.surnames(rows.column("surname")),
        tidy.forenames(rows.column("forename")),
        tidy.births(rows.column("birth_date")).cast(pa.string()),
    ]
    return joined([pc.fill_null(column, "") for column in told], "|")
