"""The postcode directory and the indices of deprivation: from a postcode to the deprivation of its small area (domain.md 5)."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.columns import found_at
from hearthlink.sources.delimited import header_row, normal, read_places
from hearthlink.sources.receipts import Tally, tally
from hearthlink.sources.text import Extract, open_extract

POSTCODES = "postcodes"
DEPRIVATION = "deprivation"
MEASURES = {
    "imd_decile": "index_of_multiple_deprivation_(imd)",
    "idaci_decile": "income_deprivation_affecting_children_index_(idaci)",
}
EDITION = re.compile(r"lsoa_code_\((20\d\d)\)")
REMEDY_DEPRIVATION = "Use File 7 of the English indices of deprivation, with all ranks, deciles and scores."
REMEDY_POSTCODES = "Use the ONS Postcode Directory, as CSV."


def read_geography(postcodes: Path, deprivation: Path) -> tuple[pa.Table, tuple[Tally, ...]]:
    """Each English postcode with its small area and deciles, in order of postcode; and the two tallies.

    Raises DataProblem where a column is missing or twice there, and where the directory does not hold the small areas of the
    edition that the deprivation file is made for: areas of 2011 and of 2021 share codes without being the same.
    """
    deciles, edition, deciles_tally = _deprivation(open_extract(deprivation, DEPRIVATION))
    extract = open_extract(postcodes, POSTCODES)
    headers = header_row(extract)
    places = {"postcode": _postcode_place(extract, headers), "lsoa": _area_place(extract, headers, edition)}
    sheet = read_places(extract, len(headers), places)
    postcode = pc.utf8_upper(pc.replace_substring_regex(sheet.table.column("postcode"), r"\s", ""))
    area = pa.table({"postcode": postcode, "lsoa": sheet.table.column("lsoa")})
    english = area.filter(
        pc.and_(pc.is_valid(postcode), pc.fill_null(pc.starts_with(area.column("lsoa"), "E01"), False))
    )
    row = found_at(english.column("lsoa").combine_chunks(), deciles.column("lsoa").combine_chunks())
    if not len(row) or row.null_count == len(row):
        raise DataProblem(
            "No small area of the postcode directory is in the deprivation file.",
            file=extract.file,
            remedy="Check that both cover the authority, and that neither is cut short.",
        )
    for name in MEASURES:
        english = english.append_column(name, deciles.column(name).take(row))
    english = english.sort_by([("postcode", "ascending"), ("lsoa", "ascending")])
    single = english.filter(_first_of_each(english.column("postcode")))
    counted = tally(extract, sheet.rows_in, sheet.refused)
    counted = counted.refusing("no postcode, or not in England", area.num_rows - english.num_rows)
    counted = counted.refusing("same postcode again", english.num_rows - single.num_rows)
    return single, (counted.noting("small area not in the deprivation file", row.null_count), deciles_tally)


def _deprivation(extract: Extract) -> tuple[pa.Table, str, Tally]:
    headers = [normal(header) for header in header_row(extract)]
    editions = {place: found[1] for place, header in enumerate(headers) if (found := EDITION.fullmatch(header))}
    if len(editions) != 1:
        raise DataProblem(
            "The column of small area codes is missing or there twice.",
            file=extract.file,
            line=1,
            column="LSOA code (year)",
            remedy=REMEDY_DEPRIVATION,
        )
    ((place, edition),) = editions.items()
    places = {"lsoa": place} | {name: _decile_place(extract, headers, stem) for name, stem in MEASURES.items()}
    sheet = read_places(extract, len(headers), places)
    table = sheet.table
    for name in MEASURES:
        fits = pc.fill_null(pc.match_substring_regex(table.column(name), r"^(10|[1-9])(\.0)?$"), False)
        tenth = pc.if_else(fits, table.column(name), pa.scalar(None, pa.string())).cast(pa.float64()).cast(pa.int64())
        table = table.set_column(table.column_names.index(name), name, tenth)
    return table, edition, tally(extract, sheet.rows_in, sheet.refused)


def _decile_place(extract: Extract, headers: list[str], stem: str) -> int:
    """The column of a measure's deciles, by the stem of its header; the end of the header may be cut short."""
    places = [place for place, header in enumerate(headers) if header.startswith(f"{stem}_decile")]
    if len(places) == 1:
        return places[0]
    raise DataProblem(
        "The column of deciles is missing or there twice.",
        file=extract.file,
        line=1,
        column=stem.replace("_", " "),
        remedy=REMEDY_DEPRIVATION,
    )


def _postcode_place(extract: Extract, headers: list[str]) -> int:
    held = [normal(header) for header in headers]
    for name in ("pcds", "pcd2", "pcd8", "pcd", "pcd7"):
        if held.count(name) == 1:
            return held.index(name)
    raise DataProblem(
        "The column of postcodes is missing or there twice.",
        file=extract.file,
        line=1,
        column="pcds",
        remedy=REMEDY_POSTCODES,
    )


def _area_place(extract: Extract, headers: list[str], edition: str) -> int:
    stem = f"lsoa{edition[2:]}"
    held = [normal(header) for header in headers]
    places = [place for place, header in enumerate(held) if header in (stem, f"{stem}cd")]
    if len(places) == 1:
        return places[0]
    others = any(header.startswith("lsoa") for header in held)
    what = (
        f"It holds no small areas of {edition}, which the deprivation file is made for."
        if others
        else "It holds no small areas."
    )
    raise DataProblem(
        what,
        file=extract.file,
        line=1,
        column=stem,
        remedy=f"{REMEDY_POSTCODES} An edition with the column {stem} is needed; areas of another year are not the same areas.",
    )


def _first_of_each(ordered: pa.ChunkedArray) -> pa.Array:
    """True for the first of equal neighbours."""
    array = ordered.combine_chunks()
    changed = pc.not_equal(array.slice(1), array.slice(0, max(len(array) - 1, 0)))
    return pa.concat_arrays([pa.array([True] * min(len(array), 1), pa.bool_()), changed])
