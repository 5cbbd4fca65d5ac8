"""Receive: every extract read once, parted into identity and content at once, with a receipt by counts."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa

from hearthlink.engine import Engine
from hearthlink.errors import DataProblem
from hearthlink.sources.children import bring_together
from hearthlink.sources.cin import read_census
from hearthlink.sources.comparators import read_comparators
from hearthlink.sources.cts import read_council_tax
from hearthlink.sources.files import PLACES, WANTED, SourceFiles
from hearthlink.sources.geography import FILLED, read_geography, with_postcodes
from hearthlink.sources.households import OUTSIDE, assemble
from hearthlink.sources.identifiers import read_identifiers
from hearthlink.sources.receipts import Tally, receipt, unread
from hearthlink.sources.shbe import SOURCE as HOUSING_BENEFIT
from hearthlink.sources.shbe import Month, read_month
from hearthlink.sources.shbe_lines import month_of
from hearthlink.sources.stage_sources import read_stages
from hearthlink.sources.years import CensusYear, census_year
from hearthlink.tables.content import CONTENT_TABLES
from hearthlink.tables.identity import IDENTITY_TABLES
from hearthlink.tables.money import MONEY_TABLES

Progress = Callable[[str, float], None]
SPECIFICATIONS = {spec.name: spec for spec in (*IDENTITY_TABLES, *CONTENT_TABLES, *MONEY_TABLES)}


def _silent(_words: str, _share: float) -> None:
    return None


def receive(
    engine: Engine,
    files: SourceFiles,
    *,
    year: str,
    new_key: Callable[[int], Sequence[int]],
    keep_childless: bool = False,
    progress: Progress = _silent,
) -> dict[str, pa.Table]:
    """The identity tables, the content tables and the receipt, each as its specification in `hearthlink.tables` says.

    `year` is spelt "2019-20". `new_key(n)` gives n different random whole numbers under 2**53. Monthly files outside the
    window, from the month before the year to its last month, stay closed. Households in which nobody is a dependant, and nobody
    was under 18 when the year began, are removed and counted unless `keep_childless`.

    Raises DataProblem where an extract is missing, is another file, or cannot be read; its words hold no value from the data.
    """
    asked = census_year(year)
    inside, outside = _by_window(files.some("shbe"), asked)
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        progress("Reading the benefit extracts", 0.0)
        months = list(pool.map(read_month, inside))
    progress("Reading the census", 0.3)
    census = read_census(files, asked)
    progress("Reading the case system's extract", 0.5)
    children = bring_together(census, read_identifiers(files), read_stages(files, census), asked, new_key)
    progress("Reading the council tax support extract", 0.6)
    council_tax = read_council_tax(_needed(files, "cts"))
    progress("Bringing claims together", 0.7)
    households = assemble(
        engine, _in_order(months), council_tax, year=asked, new_key=new_key, keep_childless=keep_childless
    )
    progress("Reading the geography", 0.9)
    placed, geography_tallies = _placed({**children.tables, **households.tables}, files)
    comparator, comparator_tallies = read_comparators(files.one("comparators"))
    tallies = (*children.tallies, *census.others, *outside, *households.tallies, *geography_tallies, *comparator_tallies)
    money = {spec.name: spec.empty() for spec in MONEY_TABLES}
    tables = {**money, **placed}
    received = {
        name: SPECIFICATIONS[name].conform(table.select(SPECIFICATIONS[name].names)) for name, table in tables.items()
    }
    progress("Received", 1.0)
    return received | {"receipt": receipt(tallies), "comparator": comparator, "join_rate": children.join_rate}


ADDRESSES = ("child_address", "household_residence")


def _placed(tables: Mapping[str, pa.Table], files: SourceFiles) -> tuple[dict[str, pa.Table], tuple[Tally, ...]]:
    """The tables with `postcode_area`, and with the postcode of an address's property where the address itself has none."""
    geography = read_geography(
        files.one("geography"),
        postcodes=[tables[name].column("postcode") for name in ADDRESSES],
        uprns=[tables[name].column("uprn") for name in ADDRESSES],
    )
    filled = {name: with_postcodes(tables[name], geography) for name in ADDRESSES}
    *first, last = geography.tallies
    told = last.noting(FILLED, sum(rows for _, rows in filled.values()))
    addresses = {name: table for name, (table, _) in filled.items()}
    return {**tables, **addresses, "postcode_area": geography.postcode_area}, (*first, told)


def _needed(files: SourceFiles, layout: str) -> Path:
    """The file or folder of a layout that must be there."""
    found = files.one(layout)
    if found is None:
        place = next(place for place in PLACES if place.layout == layout)
        where = f"{place.folder or files.folder.name}/{'' if place.whole else place.patterns[0]}"
        raise DataProblem(f"Nothing was found for {place.says}.", file=where, remedy=WANTED)
    return found


def _by_window(paths: Sequence[Path], year: CensusYear) -> tuple[list[Path], list[Tally]]:
    """The files of the window, by the month in their names, and tallies of those left closed and of months without a file."""
    months: dict[tuple[int, int], Path] = {}
    outside: list[Tally] = []
    wanted = _window_months(year)
    for path in paths:
        month = month_of(path)
        if month is None:
            raise DataProblem(
                "The file's name does not say its month.",
                file=path.name,
                remedy="Name monthly files SHBE_yyyymm.txt, such as SHBE_201904.txt.",
            )
        if month not in wanted:
            outside.append(unread(HOUSING_BENEFIT, path.name, OUTSIDE))
        elif month in months:
            raise DataProblem(
                "There are two files for the same month.", file=path.name, remedy="Leave one of them there."
            )
        else:
            months[month] = path
    if not months:
        raise DataProblem(
            f"No monthly file lies within the window of {year.text}, which begins a month before the year.",
            file="shbe",
            remedy="Ask for the months of the study's year.",
        )
    absent = [
        unread(HOUSING_BENEFIT, f"SHBE_{y}{m:02}.txt", "no file for this month")
        for y, m in wanted
        if (y, m) not in months
    ]
    return [months[month] for month in sorted(months)], outside + absent


def _window_months(year: CensusYear) -> list[tuple[int, int]]:
    first = year.window_start.year * 12 + year.window_start.month - 1
    last = year.end.year * 12 + year.end.month - 1
    return [(month // 12, month % 12 + 1) for month in range(first, last + 1)]


def _in_order(months: Sequence[Month]) -> list[Month]:
    return sorted(months, key=lambda month: month.scan)
