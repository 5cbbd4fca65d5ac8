"""Ask every rule of the census of a flat census, and give the places that each finds: row and column, never a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.checks import (
    census_activity,
    census_assessments,
    census_characteristics,
    census_enquiries,
    census_identity,
    census_need_plans,
    census_protection,
    census_referrals,
)
from hearthlink.checks.census_card import VIEWS, CensusCard
from hearthlink.checks.census_tables import SEXES, Ready, put_ready, reference_of, year_of
from hearthlink.engine import Engine, Query

CENSUS_CARDS: tuple[CensusCard, ...] = (
    *census_identity.CARDS,
    *census_characteristics.CARDS,
    *census_referrals.CARDS,
    *census_activity.CARDS,
    *census_assessments.CARDS,
    *census_need_plans.CARDS,
    *census_enquiries.CARDS,
    *census_protection.CARDS,
    *census_characteristics.AUTHORITY_CARDS,
)
"""Every rule of the census, by subject. A rule whose meaning changed has a card for each of its spans of years."""

PLACES = pa.schema(
    [
        pa.field("code", pa.string(), nullable=False),
        pa.field("severity", pa.string(), nullable=False),
        pa.field("table", pa.string(), nullable=False),
        pa.field("child_no", pa.int64()),
        pa.field("line", pa.int64()),
        pa.field("column", pa.string(), nullable=False),
    ]
)
"""A place: the rule's code and whether it is an error or a query, the flat table, which child of the file, which line, which column.

Child and line are empty where the whole return is at fault.
"""


def census_findings(
    engine: Engine,
    flat: Mapping[str, pa.Table],
    *,
    reference_date: date | None = None,
    year: int | None = None,
    cards: Iterable[CensusCard] = CENSUS_CARDS,
) -> pa.Table:
    """Table `PLACES`: every place that the rules of the census year find in a flat census, in order of rule, column and row.

    ``flat`` holds tables by the names of ``tables.census.FLAT``; tables and columns may be missing, cells are texts with dates in ISO
    or day first, and a rule about what was not given is not asked. Without ``child_no`` children are told apart by ``LAchildID``, and
    without ``line`` rows are counted from 1. The reference date, where it is not told, is the header's; ``year`` (the one it ends in)
    asks the rules of another census year.
    """
    reference = reference_date or reference_of(flat)
    held = year or year_of(reference)
    ready = put_ready(engine, flat, reference=reference, year=held)
    try:
        asked = [card for card in cards if _is_asked(card, held, ready)]
        found = [table for card in asked for table in _places(engine, card, ready)]
    finally:
        engine.drop(*ready.views)
    return pa.concat_tables([PLACES.empty_table(), *found]).combine_chunks()


def counted(places: pa.Table, card: CensusCard) -> int:
    """How many faults a card found: the places in its first column."""
    table, column = card.places[0].split(".")
    mine = pc.and_(pc.equal(places.column("code"), card.code), pc.equal(places.column("column"), column))
    return pc.sum(pc.and_(mine, pc.equal(places.column("table"), table))).as_py() or 0


def census_question(card: CensusCard) -> Query:
    """The card as a query."""
    return Query(writes=f"census_{card.code}", reads=(*VIEWS.values(), "census_period", "census_code"), sql=card.sql)


def _is_asked(card: CensusCard, year: int, ready: Ready) -> bool:
    """Whether a card is asked: its columns were given, and it is a rule of that year.

    A rule of Sex or GenderCurrent is asked of whichever is used, and one of child in need plans wherever there are any.
    """
    if not ready.given.issuperset(card.asked_of):
        return False
    of_what_is_there = any(place.startswith("CINplanDates.") or place in SEXES for place in card.about)
    return of_what_is_there or card.years[0] <= year <= card.years[1]


def _places(engine: Engine, card: CensusCard, ready: Ready) -> list[pa.Table]:
    """The places that a card finds, a table for each of its columns."""
    rows = engine.fetch(census_question(card))
    found: list[pa.Table] = []
    for number, place in enumerate(card.places, start=1):
        table, column = place.split(".")
        at = rows.column(f"row_{number}").cast(pa.int64()).unique()
        whole_return = number == 1 and at.null_count > 0
        at = at.drop_null()
        at = pc.subtract(at.take(pc.array_sort_indices(at)), 1)
        child_no, line = (held.take(at) for held in ready.stands[table])
        if whole_return:
            child_no, line = (pa.chunked_array([*held.chunks, pa.nulls(1, pa.int64())]) for held in (child_no, line))
        said = [pa.repeat(pa.scalar(word), len(line)) for word in (card.code, card.kind, table, column)]
        found.append(pa.table([said[0], said[1], said[2], child_no, line, said[3]], schema=PLACES))
    return found


def summed(places: pa.Table, *, year: int) -> list[tuple[CensusCard, int]]:
    """Each rule that found something, in order of the cards, and how many faults it found. Of two cards of one rule, that of the year."""
    of_year = sorted(CENSUS_CARDS, key=lambda card: not card.years[0] <= year <= card.years[1])
    by_code: dict[str, tuple[CensusCard, int]] = {}
    for card in of_year:
        if card.code not in by_code and (found := counted(places, card)):
            by_code[card.code] = (card, found)
    order = {id(card): number for number, card in enumerate(CENSUS_CARDS)}
    return sorted(by_code.values(), key=lambda told: order[id(told[0])])
