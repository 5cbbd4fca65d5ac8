"""The research room described for other software: Data Package 2.0 (datapackage.org) and CSV on the Web (W3C, 2015), as JSON.

A list of values stands in one cell, parted by semicolons. An empty cell is *not known* or *not seen*, which is never *no*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hearthlink.study.research.codebook import BOUNDS, EXPORTED, Entry, codebook
from hearthlink.tables.spec import Kind, TableSpec

SEPARATOR = ";"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

_PACKAGE_TYPES = {
    Kind.TEXT: "string", Kind.WHOLE: "integer", Kind.NUMBER: "number", Kind.FLAG: "boolean", Kind.DATE: "date", Kind.TEXTS: "list",
    Kind.WHOLES: "list",
}  # fmt: skip
_WEB_TYPES = {
    Kind.TEXT: "string", Kind.WHOLE: "integer", Kind.NUMBER: "number", Kind.FLAG: "boolean", Kind.DATE: "date",
    Kind.TEXTS: "string", Kind.WHOLES: "integer",
}  # fmt: skip

REFERENCES: dict[str, tuple[tuple[str, str], ...]] = {
    "research_candidate": (("child_pseudonym", "research_child"), ("household_pseudonym", "research_household")),
    "research_draw": (("child_pseudonym", "research_child"),),
    "research_stretch": (("household_pseudonym", "research_household"),),
    "research_event": (("household_pseudonym", "research_household"),),
    "research_child_event": (("child_pseudonym", "research_child"),),
}
"""Columns of a table whose every value is that of a row in another."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file as it was written: its path in the package, its bytes' number and hash, and how many rows it has."""

    path: str
    size: int
    sha256: str
    rows: int


def data_package(
    about: Mapping[str, object], csv: Mapping[str, Written], parquet: Mapping[str, Written]
) -> dict[str, object]:
    """datapackage.json: each table twice, as CSV and as Parquet. `about` holds the package's own properties, `created` among them."""
    resources: list[dict[str, object]] = []
    for spec in EXPORTED:
        entries = list(codebook((spec,)))
        schema = _schema(spec, entries)
        for name, file, form, media in (
            (spec.name, csv[spec.name], "csv", "text/csv"),
            (f"{spec.name}_parquet", parquet[spec.name], "parquet", "application/vnd.apache.parquet"),
        ):
            encoding = {"encoding": "utf-8"} if form == "csv" else {}
            said = {"name": name, "type": "table", "title": spec.name.replace("_", " "), "description": spec.says}
            resources.append(
                said | {"format": form, "mediatype": media} | encoding | _located(file) | {"schema": schema}
            )
    return {"$schema": PROFILE, **about, "resources": resources}


def _located(file: Written) -> dict[str, object]:
    return {"path": file.path, "bytes": file.size, "hash": f"sha256:{file.sha256}", "rows": file.rows}


def _schema(spec: TableSpec, entries: Sequence[Entry]) -> dict[str, object]:
    made: dict[str, object] = {"fields": [_field(spec, entry) for entry in entries], "missingValues": [""]}
    if spec.key:
        made["primaryKey"] = list(spec.key)
    references = [
        {"fields": [column], "reference": {"resource": other, "fields": [column]}}
        for column, other in REFERENCES.get(spec.name.removesuffix("_before"), ())
    ]
    return made | ({"foreignKeys": references} if references else {})


def _field(spec: TableSpec, entry: Entry) -> dict[str, object]:
    required = {column.name: column.required for column in spec.columns}[entry.column]
    constraints: dict[str, object] = {"required": required} if required else {}
    if spec.key == (entry.column,):
        constraints["unique"] = True
    if bounds := BOUNDS.get((entry.table.removesuffix("_before"), entry.column)):
        constraints |= {"minimum": bounds[0], "maximum": bounds[1]}
    made: dict[str, object] = {
        "name": entry.column,
        "type": _PACKAGE_TYPES[entry.kind],
        "description": _described(entry),
    }
    if entry.kind in {Kind.TEXTS, Kind.WHOLES}:
        made |= {"delimiter": SEPARATOR, "itemType": "integer" if entry.kind is Kind.WHOLES else "string"}
    if entry.kind is Kind.FLAG:
        made |= {"trueValues": ["true"], "falseValues": ["false"]}
    if entry.values:
        made["categories"] = [{"value": value, "label": label} for value, label in entry.values]
    return made | ({"constraints": constraints} if constraints else {})


def csv_on_the_web(title: str, csv: Mapping[str, Written]) -> dict[str, object]:
    """csv-metadata.json: every CSV table with its columns, types, keys and references."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": title,
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "lineTerminators": ["\r\n", "\n"], "quoteChar": '"'},
        "tables": [_web_table(spec, csv) for spec in EXPORTED],
    }  # fmt: skip


def _web_table(spec: TableSpec, csv: Mapping[str, Written]) -> dict[str, object]:
    required = {column.name: column.required for column in spec.columns}
    schema: dict[str, object] = {
        "columns": [_web_column(entry, required=required[entry.column]) for entry in codebook((spec,))]
    }
    if spec.key:
        schema["primaryKey"] = list(spec.key)
    references = [
        {"columnReference": [column], "reference": {"resource": csv[other].path, "columnReference": [column]}}
        for column, other in REFERENCES.get(spec.name.removesuffix("_before"), ())
    ]
    if references:
        schema["foreignKeys"] = references
    return {"url": csv[spec.name].path, "dc:title": spec.name, "dc:description": spec.says, "tableSchema": schema}


def _web_column(entry: Entry, *, required: bool) -> dict[str, object]:
    datatype: dict[str, object] = {"base": _WEB_TYPES[entry.kind]}
    if entry.kind is Kind.FLAG:
        datatype["format"] = "true|false"
    if bounds := BOUNDS.get((entry.table.removesuffix("_before"), entry.column)):
        datatype |= {"minimum": bounds[0], "maximum": bounds[1]}
    made: dict[str, object] = {
        "name": entry.column,
        "titles": entry.column,
        "datatype": datatype,
        "required": required and entry.kind not in {Kind.TEXTS, Kind.WHOLES},
        "null": "",
        "dc:description": _described(entry),
    }
    return made | ({"separator": SEPARATOR} if entry.kind in {Kind.TEXTS, Kind.WHOLES} else {})


def _described(entry: Entry) -> str:
    empty = "" if entry.empty == "never empty" else f" Empty {entry.empty}."
    return f"{entry.says[:1].upper()}{entry.says[1:]}.{empty}"
