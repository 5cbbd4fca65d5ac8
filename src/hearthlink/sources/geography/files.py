"""The files of the geography folder: which is which, told by headers whose edition moves every year (domain.md 5.1 to 5.3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.reading.columns import Values, matches, only
from hearthlink.sources.reading.delimited import normal
from hearthlink.sources.reading.receipts import Tally
from hearthlink.sources.reading.tabular import SUFFIXES, open_tabular
from hearthlink.sources.reading.text_columns import Tabular

POSTCODES, DEPRIVATION, PROPERTIES, LOOKUP = "postcodes", "deprivation", "properties", "small areas"
STEMS = {
    "imd_decile": "index_of_multiple_deprivation_(imd)",
    "idaci_decile": "income_deprivation_affecting_children_index_(idaci)",
}
MEASURES = tuple(STEMS)
EDITION = re.compile(r"lsoa_code_\((\d{4})\)")
AREAS = {"2011": 32_844, "2021": 33_755}
"""Small areas of England in each edition: the indices of 2019 are of those of 2011, the indices of 2025 of those of 2021."""

FEWER = "fewer small areas than England has, so this is part of the file"
POSTCODE_HEADERS = ("pcds", "pcd2", "pcd8", "pcd", "pcd7")
REMEDY_DEPRIVATION = "Use File 7 of the English indices of deprivation, with all ranks, deciles and scores."
REMEDY_POSTCODES = "Use the ONS Postcode Directory or the National Statistics Postcode Lookup, as CSV."
REMEDY_LOOKUP = "Use an edition of the directory with the areas of that year, or put the ONS lookup from small areas of 2011 to those of 2021 beside it."


@dataclass(frozen=True, slots=True)
class Deprivation:
    """Table of lsoa and deciles; the edition of its small areas, 2011 or 2021; and the tally."""

    table: pa.Table
    edition: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class GeographyFiles:
    """The open files: nothing but headers of them has been read."""

    directory: tuple[Tabular, ...]
    deprivation: Tabular
    lookup: Tabular | None
    properties: tuple[Tabular, ...]

    def places(self, tabular: Tabular, wanted: str) -> tuple[int, int, str]:
        """Where a directory has its postcodes and its small areas, and of which edition: the wanted one, or one that the lookup turns into it.

        Raises DataProblem where a column is missing or twice there, or the directory has areas of another edition and there is no lookup.
        """
        held = [normal(header) for header in tabular.headers]
        postcode = next((held.index(name) for name in POSTCODE_HEADERS if held.count(name) == 1), None)
        if postcode is None:
            raise _missing(tabular, "pcds", "The column of postcodes is missing or there twice.", REMEDY_POSTCODES)
        others = [edition for edition in AREAS if edition != wanted and self.lookup is not None]
        for edition in (wanted, *others):
            found = _area_places(held, edition)
            if len(found) == 1:
                return postcode, found[0], edition
        stem = f"lsoa{wanted[2:]}"
        if any(_area_places(held, edition) for edition in AREAS):
            words = f"It holds no small areas of {wanted}, which the deprivation file is made for; areas of another year are not the same areas."
            raise _missing(tabular, stem, words, REMEDY_LOOKUP)
        raise _missing(tabular, stem, "It holds no small areas.", REMEDY_POSTCODES)


def geography_files(folder: Path) -> GeographyFiles:
    """Every file of the folder by what its headers say it is; files that are none of ours are left closed.

    Raises DataProblem where the postcode directory or the deprivation file is missing, or where two files could be one of them.
    """
    kinds: dict[str, list[Tabular]] = {POSTCODES: [], DEPRIVATION: [], LOOKUP: [], PROPERTIES: []}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in SUFFIXES and not path.name.startswith((".", "~$")):
            tabular = open_tabular(path, POSTCODES)
            kind = _kind([normal(header) for header in tabular.headers], path)
            if kind is not None:
                kinds[kind].append(tabular)
    for kind, what, remedy in (
        (POSTCODES, "postcode directory", REMEDY_POSTCODES),
        (DEPRIVATION, "File 7 of the indices of deprivation", REMEDY_DEPRIVATION),
    ):
        if not kinds[kind]:
            raise DataProblem(f"No file was found that is the {what}.", file=f"{folder.name}/", remedy=remedy)
    for kind in (DEPRIVATION, LOOKUP):
        if len(kinds[kind]) > 1:
            raise DataProblem(
                "Two files could be the same one.",
                file=f"{kinds[kind][0].file}, {kinds[kind][1].file}",
                remedy="Leave the right one there: editions are never mixed.",
            )
    return GeographyFiles(
        tuple(kinds[POSTCODES]),
        kinds[DEPRIVATION][0],
        kinds[LOOKUP][0] if kinds[LOOKUP] else None,
        tuple(kinds[PROPERTIES]),
    )


def _kind(held: Sequence[str], path: Path) -> str | None:
    """What a file is by its headers; by its name where its headers have been spoilt, so that the fault is told of the right file."""
    area = any(_area_places(held, edition) for edition in AREAS)
    name = path.name.lower()
    if any(EDITION.fullmatch(header) for header in held) or name.startswith("file_7"):
        return DEPRIVATION
    if "uprn" in held and "pcds" in held:
        return PROPERTIES
    if any(header in POSTCODE_HEADERS for header in held) or name.startswith(("onspd", "nspl")):
        return POSTCODES
    if area and all(_area_places(held, edition) for edition in AREAS):
        return LOOKUP
    return None


def _area_places(held: Sequence[str], edition: str) -> list[int]:
    stem = f"lsoa{edition[2:]}"
    return [place for place, header in enumerate(held) if header in (stem, f"{stem}cd", f"f_{stem}cd")]


def read_deprivation(tabular: Tabular) -> Deprivation:
    """Deciles of each small area; worked out from ranks where a file gives ranks alone.

    Raises DataProblem where a column is missing or twice there.
    """
    held = [normal(header) for header in tabular.headers]
    editions = {place: found[1] for place, header in enumerate(held) if (found := EDITION.fullmatch(header))}
    if len(editions) != 1 or next(iter(editions.values())) not in AREAS:
        words = "The column of small area codes is missing or there twice."
        raise _missing(tabular, "LSOA code (year)", words, REMEDY_DEPRIVATION)
    ((place, edition),) = editions.items()
    measured = {name: _measure_place(tabular, held, stem) for name, stem in STEMS.items()}
    sheet = tabular.read({"lsoa": place} | {name: at for name, (at, _) in measured.items()})
    table = pa.table(
        {"lsoa": sheet.table.column("lsoa")}
        | {
            name: _decile(sheet.table.column(name), AREAS[edition] if ranked else None)
            for name, (_, ranked) in measured.items()
        }
    )
    counted = Tally(DEPRIVATION, tabular.file, tabular.sha256, sheet.rows_in, dict(sheet.refused))
    return Deprivation(table, edition, counted.noting(FEWER, table.num_rows if table.num_rows < AREAS[edition] else 0))


def _measure_place(tabular: Tabular, held: Sequence[str], stem: str) -> tuple[int, bool]:
    """The column of a measure's deciles, or of its ranks where there are none; the end of a header may be cut short."""
    for what in ("decile", "rank"):
        places = [place for place, header in enumerate(held) if header.startswith(f"{stem}_{what}")]
        if len(places) == 1:
            return places[0], what == "rank"
    words = "The column of deciles is missing or there twice."
    raise _missing(tabular, stem.replace("_", " "), words, REMEDY_DEPRIVATION)


def _decile(column: Values, areas: int | None) -> pa.Array:
    """Deciles as written, or from ranks among so many areas: 1 is the most deprived tenth."""
    shape = r"^(10|[1-9])(\.0)?$" if areas is None else r"^[1-9]\d{0,4}(\.0)?$"
    number = only(column, matches(column, shape)).cast(pa.float64())
    tenth = number if areas is None else pc.ceil(pc.divide(pc.multiply(number, 10.0), float(areas)))
    return only(tenth, pc.less_equal(tenth, 10.0)).cast(pa.int64())


def read_lookup(tabular: Tabular | None, edition: str) -> pa.Table:
    """The ONS lookup as `from`, small areas of this edition, and `to`, those of the other; an area may stand in several rows."""
    if tabular is None:
        return pa.table({"from": pa.array([], pa.string()), "to": pa.array([], pa.string())})
    held = [normal(header) for header in tabular.headers]
    other = next(one for one in AREAS if one != edition)
    sheet = tabular.read({"from": _area_places(held, edition)[0], "to": _area_places(held, other)[0]})
    there = pc.and_(pc.is_valid(sheet.table.column("from")), pc.is_valid(sheet.table.column("to")))
    return sheet.table.filter(there).group_by(["from", "to"], use_threads=False).aggregate([])


def _missing(tabular: Tabular, column: str, words: str, remedy: str) -> DataProblem:
    return DataProblem(words, file=tabular.file, line=tabular.first_line - 1, column=column, remedy=remedy)
