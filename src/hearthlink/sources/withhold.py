"""Addresses that nobody may be shown, taken out of the tables before they are kept: of locked records, of refuges, and of whoever shares their door.

In their place stands that they are withheld, with the dates and nothing finer: no line, no postcode, no property number. So no screen can
show them and no geography can be drawn from them, whoever asks. Linkage does not use them either; while extracts are read they still join
rows of other files in memory (money, meals), and that is all.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.money import tidy
from hearthlink.sources.reading.columns import Values, count, joined, matches, whole
from hearthlink.sources.reading.receipts import Tally
from hearthlink.tables.withheld import WITHHELD, WITHHELD_KIND, WITHHELD_LINE

SOURCE, FILE, NOT_SHOWN = "addresses", "addresses", "not shown"
REFUGE = "refuge"
RESIDENCES = ("household_residence", "household_residence_over_time")
PLACES = ("address", "postcode", "uprn")
SHORTEST_LINE = 6
"""An address line of fewer letters and figures names no door."""


def withhold(tables: Mapping[str, pa.Table]) -> tuple[dict[str, pa.Table], tuple[Tally, ...]]:
    """The tables with every address withheld that must be, and how many were.

    Of a child: every address of a locked record, and any that is a refuge or says of itself that it is withheld. Of a household: one that says
    so, one of a time in which the council housed it in a refuge, and of either one at the door of such a refuge, whatever it is called there.
    """
    child = _children_withheld(tables)
    homes = {name: _households_withheld(tables, name) for name in RESIDENCES}
    refuges = [tables["child_address"].filter(_says(tables["child_address"]))]
    doors = _doors([*refuges, *(tables[name].filter(mask) for name, mask in homes.items())])
    masks = {"child_address": child, **homes}
    masks = {name: pc.or_(mask, _at(tables[name], doors)) for name, mask in masks.items()}
    made = {name: _emptied(tables[name], mask) for name, mask in masks.items()}
    rows = sum(tables[name].num_rows for name in ("child_address", RESIDENCES[0]))
    counted = Tally(SOURCE, FILE, NOT_SHOWN, rows)
    for words, name in (
        ("children's addresses withheld", "child_address"),
        ("households' addresses withheld", RESIDENCES[0]),
    ):
        counted = counted.noting(words, count(masks[name]))
    return {**tables, **made}, (counted,) if sum(counted.notes.values()) else ()


def _children_withheld(tables: Mapping[str, pa.Table]) -> pa.Array:
    address, identifier = tables["child_address"], tables["child_identifier"]
    locked = whole(identifier.column("child_id").filter(identifier.column("restricted")))
    return pc.or_(_says(address), whole(pc.is_in(address.column("child_id"), value_set=locked)))


def _says(address: pa.Table) -> pa.Array:
    """Whether each address says of itself, by a word in it or by its kind, that it is to be kept from everybody."""
    line = matches(address.column("address"), f"(?i){WITHHELD_LINE.pattern}")
    if "address_kind" not in address.column_names:
        return line
    return pc.or_(line, matches(address.column("address_kind"), f"(?i){WITHHELD_KIND.pattern}"))


def _households_withheld(tables: Mapping[str, pa.Table], name: str) -> pa.Array:
    """Residences that say so, and those of a time in which the household was housed in a refuge."""
    home, identifier = tables[name], tables["household_identifier"]
    spell = tables["temporary_accommodation"].filter(pc.equal(tables["temporary_accommodation"].column("kind"), REFUGE))
    said = _says(home)
    if not spell.num_rows:
        return said
    key = pc.index_in(spell.column("household_key"), value_set=whole(identifier.column("household_key")))
    ids = whole(identifier.column("household_id")).take(whole(key))
    stays: dict[str, list[tuple[int, int]]] = {}
    for who, start, end in zip(
        ids.to_pylist(), *(_days(spell, part) for part in ("start_date", "end_date")), strict=True
    ):
        stays.setdefault(who, []).append((start, end))
    housed = np.asarray(
        pc.is_in(home.column("household_id"), value_set=pa.array(sorted(filter(None, stays)), pa.string()))
    )
    rows = np.flatnonzero(housed)
    who = home.column("household_id").take(pa.array(rows)).to_pylist()
    begins, ends = (_days(home, part) for part in ("start_date", "end_date"))
    flags = np.asarray(said).copy()
    for row, one in zip(rows, who, strict=True):
        flags[row] |= any(begins[row] <= end and ends[row] >= start for start, end in stays[one])
    return pa.array(flags)


NEVER = {"start_date": -(10**6), "end_date": 10**6}


def _days(table: pa.Table, name: str) -> list[int]:
    """The days of a start or an end; a missing one is open."""
    return pc.fill_null(table.column(name).cast(pa.int32()), NEVER[name]).to_pylist()


def _doors(tables: list[pa.Table]) -> pa.Array:
    """What the addresses withheld for being refuges are known by: property numbers, and postcodes with the line."""
    keys = [key for table in tables for key in _keys(table)]
    return pa.concat_arrays(keys).drop_null().unique() if keys else pa.array([], pa.string())


def _keys(table: pa.Table) -> list[pa.Array]:
    line = pc.utf8_upper(pc.replace_substring_regex(table.column("address"), r"[^\pL\pN]", ""))
    told = pc.greater_equal(pc.utf8_length(line), SHORTEST_LINE)
    code = tidy.postcodes(table.column("postcode"))
    both = pc.and_(pc.fill_null(told, False), pc.is_valid(code))
    door = pc.if_else(both, joined([pc.fill_null(code, ""), pc.fill_null(line, "")], "|"), pa.scalar(None, pa.string()))
    return [whole(door), tidy.uprns(table.column("uprn"))]


def _at(table: pa.Table, doors: pa.Array) -> pa.Array:
    if not len(doors):
        return pa.array(np.zeros(table.num_rows, bool))
    door, number = (pc.is_in(key, value_set=doors) for key in _keys(table))
    return pc.or_(door, number)


def _emptied(table: pa.Table, mask: Values) -> pa.Table:
    """The table with nothing of the addresses where the mask is true, but that they are withheld."""
    for name in PLACES:
        place = table.column_names.index(name)
        said = pa.scalar(WITHHELD if name == "address" else None, pa.string())
        table = table.set_column(place, name, pc.if_else(mask, said, table.column(name)))
    return table
