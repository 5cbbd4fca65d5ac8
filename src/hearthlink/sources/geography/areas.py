"""Geography: from a postcode to the deprivation of its small area, whatever editions the files are of (domain.md 5).

The folder may hold the ONS Postcode Directory or the National Statistics Postcode Lookup (whole, or in parts), File 7 of the indices of
deprivation of 2019 or 2025, the ONS lookup between small areas of 2011 and of 2021, and the ONS UPRN lookup. Each is told by its headers
and not by its name. Small areas of one edition are never taken for those of another, though they share codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.geography.files import (
    MEASURES,
    POSTCODES,
    PROPERTIES,
    Deprivation,
    GeographyFiles,
    geography_files,
    read_deprivation,
    read_lookup,
)
from hearthlink.sources.reading.columns import Values, count, found_at, whole
from hearthlink.sources.reading.receipts import Tally, unread
from hearthlink.sources.reading.text_columns import Tabular
from hearthlink.tables.content import POSTCODE_AREA

ABSENT = "no file, so deprivation is not known"
ELSEWHERE = "postcode where nobody of the study lived, nor near it"
NOT_ENGLISH = "no postcode, or not in England"
AGAIN = "same postcode again"
UNKNOWN_AREA = "small area not in the deprivation file"
SPLIT = "small area that became several of unlike deprivation, so it is not known"
FILLED = "postcode taken from the property number, where none was recorded"
NOT_WANTED = "property of nobody in the study"


@dataclass(frozen=True, slots=True)
class Geography:
    """Table `postcode_area`; the postcode of each property number that was asked for; and the tallies."""

    postcode_area: pa.Table
    uprn: pa.Array
    postcode: pa.Array
    tallies: tuple[Tally, ...]


def read_geography(folder: Path | None, *, postcodes: Sequence[Values], uprns: Sequence[Values]) -> Geography:
    """The areas of the postcode sectors in which somebody of the study lived, and the postcodes of their properties.

    A sector is a postcode without its last two letters: neighbours of the study stand in the table as well, so it tells nothing about who is
    in it. Without a folder nothing is known, and the tally says so.

    Raises DataProblem where one of the two files is missing, a column is missing or twice there, or editions do not fit each other.
    """
    if folder is None:
        return Geography(
            POSTCODE_AREA.empty(),
            pa.array([], pa.string()),
            pa.array([], pa.string()),
            (unread(POSTCODES, "geography", ABSENT),),
        )
    files = geography_files(folder)
    known = read_deprivation(files.deprivation)
    uprn, named, properties = _properties(files.properties, uprns)
    area, tallies = _areas(files, known, [*postcodes, named])
    return Geography(area, uprn, named, (*tallies, known.tally, *properties))


def with_postcodes(table: pa.Table, geography: Geography) -> tuple[pa.Table, int]:
    """Addresses, those without a postcode given the one of their property where it is known; and how many were."""
    held, uprn = table.column("postcode"), _bare_uprn(table.column("uprn"))
    known = geography.postcode.take(found_at(uprn, geography.uprn))
    filled = count(pc.and_(pc.is_null(held), pc.is_valid(known)))
    place = table.column_names.index("postcode")
    return table.set_column(place, "postcode", pc.coalesce(whole(held), known)), filled


def _areas(
    files: GeographyFiles, known: Deprivation, postcodes: Sequence[Values]
) -> tuple[pa.Table, tuple[Tally, ...]]:
    """Each English postcode of a wanted sector with its area, edition and deciles, in order of postcode."""
    wanted = _sectors([_bare(held) for held in postcodes])
    parts: list[pa.Table] = []
    tallies: list[Tally] = []
    for tabular in files.directory:
        part, counted = _directory(tabular, files, known, wanted)
        parts.append(part)
        tallies.append(counted)
    english = pa.concat_tables(parts).sort_by([("postcode", "ascending"), ("lsoa", "ascending")])
    single = english.filter(_first_of_each(english.column("postcode")))
    tallies[-1] = tallies[-1].refusing(AGAIN, english.num_rows - single.num_rows)
    if single.num_rows and all(single.column(name).null_count == single.num_rows for name in MEASURES):
        raise DataProblem(
            "No small area of the postcode directory is in the deprivation file.",
            file=files.directory[0].file,
            remedy="Check that both cover the authority, and that neither is cut short.",
        )
    return single, tuple(tallies)


def _directory(tabular: Tabular, files: GeographyFiles, known: Deprivation, wanted: pa.Array) -> tuple[pa.Table, Tally]:
    postcode_place, area_place, edition = files.places(tabular, known.edition)
    sheet = tabular.read({"postcode": postcode_place, "lsoa": area_place})
    area = pa.table({"postcode": _bare(sheet.table.column("postcode")), "lsoa": sheet.table.column("lsoa")})
    there = pc.fill_null(pc.starts_with(area.column("lsoa"), "E01"), fill_value=False)
    english = area.filter(pc.and_(there, pc.is_valid(area.column("postcode"))))
    if sheet.rows_in and not english.num_rows:
        raise DataProblem(
            "No small area of the postcode directory is in England.",
            file=tabular.file,
            remedy="Check that it covers the authority, and that its columns have not shifted.",
        )
    near = english.filter(pc.is_in(_sector(english.column("postcode")), wanted))
    counted = Tally(tabular.source, tabular.file, tabular.sha256, sheet.rows_in, dict(sheet.refused))
    counted = counted.refusing(NOT_ENGLISH, area.num_rows - english.num_rows)
    counted = counted.refusing(ELSEWHERE, english.num_rows - near.num_rows)
    near = near.append_column("lsoa_edition", pa.array([int(edition)] * near.num_rows, pa.int64()))
    found, split = _deciles(near, known, None if edition == known.edition else read_lookup(files.lookup, edition))
    for name in MEASURES:
        near = near.append_column(name, found[name])
    missing = sum(near.column(name).null_count for name in MEASURES[:1])
    return near.select(POSTCODE_AREA.names), counted.noting(UNKNOWN_AREA, missing - split).noting(SPLIT, split)


def _deciles(area: pa.Table, known: Deprivation, lookup: pa.Table | None) -> tuple[dict[str, pa.Array], int]:
    """Deciles of each row's small area, by the lookup where the editions differ; and for how many rows the lookup leaves it open.

    An area that the lookup makes several of has a decile where all of them have the same.
    """
    lsoa = whole(area.column("lsoa"))
    if lookup is None:
        row = found_at(lsoa, known.table.column("lsoa"))
        return {name: whole(known.table.column(name)).take(row) for name in MEASURES}, 0
    across = lookup.join(known.table, keys="to", right_keys="lsoa", join_type="inner")
    sums = [(name, how) for name in MEASURES for how in ("min", "max")]
    held = across.group_by("from", use_threads=False).aggregate(sums)
    row = found_at(lsoa, held.column("from"))
    found: dict[str, pa.Array] = {}
    for name in MEASURES:
        low, high = held.column(f"{name}_min"), held.column(f"{name}_max")
        found[name] = whole(pc.if_else(pc.equal(low, high), low, pa.scalar(None, pa.int64()))).take(row)
    first = found[MEASURES[0]]
    return found, count(pc.and_(pc.is_valid(row), pc.is_null(first)))


def _properties(tabulars: Sequence[Tabular], uprns: Sequence[Values]) -> tuple[pa.Array, pa.Array, tuple[Tally, ...]]:
    """The property numbers that were asked for and their postcodes, each number once."""
    asked = (
        pa.concat_arrays([_bare_uprn(held) for held in uprns]).unique().drop_null() if uprns else pa.array([], "string")
    )
    uprn: list[pa.Array] = []
    postcode: list[pa.Array] = []
    tallies: list[Tally] = []
    for tabular in tabulars:
        headers = [header.lower() for header in tabular.headers]
        sheet = tabular.read({"uprn": headers.index("uprn"), "postcode": headers.index("pcds")})
        number = _bare_uprn(sheet.table.column("uprn"))
        ours = pc.and_(pc.is_in(number, asked), pc.is_valid(sheet.table.column("postcode")))
        uprn.append(number.filter(whole(ours)))
        postcode.append(whole(sheet.table.column("postcode")).filter(whole(ours)))
        counted = Tally(PROPERTIES, tabular.file, tabular.sha256, sheet.rows_in, dict(sheet.refused))
        tallies.append(counted.refusing(NOT_WANTED, len(number) - len(uprn[-1])))
    none = pa.array([], pa.string())
    return pa.concat_arrays([none, *uprn]), pa.concat_arrays([none, *postcode]), tuple(tallies)


def _bare(postcode: Values) -> pa.Array:
    return whole(pc.utf8_upper(pc.replace_substring_regex(postcode, r"\s", "")))


def _bare_uprn(uprn: Values) -> pa.Array:
    return whole(pc.utf8_ltrim(pc.replace_substring_regex(uprn, r"\.0+$", ""), characters="0"))


def _sector(postcode: Values) -> pa.Array:
    return whole(pc.utf8_slice_codeunits(postcode, 0, stop=-2))


def _sectors(postcodes: Sequence[pa.Array]) -> pa.Array:
    return _sector(pa.concat_arrays(postcodes)).unique().drop_null()


def _first_of_each(ordered: Values) -> pa.Array:
    """True for the first of equal neighbours."""
    array = whole(ordered)
    changed = pc.not_equal(array.slice(1), array.slice(0, max(len(array) - 1, 0)))
    return pa.concat_arrays([pa.array([True] * min(len(array), 1), pa.bool_()), changed])
