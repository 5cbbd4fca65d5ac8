"""Council tax arrears: what was owed on a day, and the days on which recovery came to each of its stages (domain.md 2.8)."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine
from hearthlink.sources.intake.money_words import ARREAR_STAGES
from hearthlink.sources.intake.name_parts import name_parts
from hearthlink.sources.money import join_queries as q
from hearthlink.sources.money import tidy
from hearthlink.sources.money.files import Heap, latest_of, ordinal
from hearthlink.sources.money.join import IN_DOUBT, NOBODY, join
from hearthlink.sources.reading.columns import each, only, whole

RUNGS = (q.CLAIM, q.ACCOUNT, q.PROPERTY)
STAGES = tuple(stage for stage in ARREAR_STAGES if stage != "none")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
HELD = ("day", "tax_year", "balance", "stage", "stage_date")


def read_arrears(engine: Engine, heap: Heap) -> tuple[pa.Table, Heap]:
    """The arrears of households on file, with `place`, the household's, in place of its key. Works inside `households_at_hand`."""
    heap = Heap(_with_years(heap.rows), heap.tallies)
    heap = heap.told_by("account", tidy.references(heap.rows.column("ct_account_ref")))
    heap = latest_of(heap, ("account", "tax_year", "day"))
    found = join(
        engine, heap.rows, people=[_liable(heap.rows)], start="day", end=None, reference="account", rungs=RUNGS
    )
    heap = heap.having("place", found.place).by(found.key)
    heap = heap.keeping(pc.invert(found.in_doubt), IN_DOUBT)
    heap = heap.keeping(pc.is_valid(heap.rows.column("place")), NOBODY)
    heap = heap.having("account_no", ordinal(heap.rows, "place", "account", "day"))
    return pa.concat_tables([_balances(heap.rows), _steps(heap.rows)]), heap


def _with_years(rows: pa.Table) -> pa.Table:
    """The rows with the tax year as the whole number of its April, which is the first year written."""

    def april(text: str | None) -> int | None:
        found = YEAR.search(text or "")
        return int(found[0]) if found else None

    years = each(rows.column("tax_year"), april, pa.int64())
    return rows.set_column(rows.column_names.index("tax_year"), "tax_year", years)


def _liable(rows: pa.Table) -> pa.Table:
    """Who is liable: by name alone, for a council tax account holds no birth date."""
    whole_name = whole(rows.column("liable_name"))

    def surname(text: str | None) -> str | None:
        return None if text is None else name_parts(text, "SURNAME, TITLE FORENAMES").surname

    return pa.table(
        {
            "forename": rows.column("forename"),
            "surname": pc.coalesce(whole(rows.column("surname")), each(whole_name, surname, pa.string())),
            "birth_date": pa.nulls(rows.num_rows, pa.date32()),
            "row_no": pa.array(range(rows.num_rows), pa.int64()),
        }
    )


def _balances(rows: pa.Table) -> pa.Table:
    """The dated balances, each with the stage it names."""
    stated = rows.filter(pc.or_(pc.is_valid(rows.column("balance")), pc.is_valid(rows.column("stage"))))
    return stated.select(["place", "account_no", *HELD])


def _steps(rows: pa.Table) -> pa.Table:
    """A row for each day on which recovery came to a stage, where each stage has a column of its own; the same one once."""
    parts = [_step(rows, stage) for stage in STAGES]
    steps = pa.concat_tables(parts)
    once = steps.group_by(["place", "account_no", *HELD], use_threads=False).aggregate([])
    return once.select(["place", "account_no", *HELD])


def _step(rows: pa.Table, stage: str) -> pa.Table:
    reached = rows.column(f"{stage}_date")
    here = rows.filter(pc.is_valid(reached))
    day = here.column(f"{stage}_date")
    return pa.table(
        {
            "place": here.column("place"),
            "account_no": here.column("account_no"),
            "day": day,
            "tax_year": here.column("tax_year"),
            "balance": only(here.column("balance"), pa.scalar(value=False)),
            "stage": pa.repeat(pa.scalar(stage), here.num_rows),
            "stage_date": day,
        }
    )
