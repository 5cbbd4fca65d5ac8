"""Delimited text as a table, whatever its encoding and its mark between columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hearthlink.sources.reading.delimited import Sheet, read_rows
from hearthlink.sources.reading.headers import clean_headers
from hearthlink.sources.reading.layout import Layout, layout_of
from hearthlink.sources.reading.text import Extract, open_extract
from hearthlink.sources.reading.text_columns import Tabular

TOTALS_ROW = "a row of totals at the end"


def open_text(path: Path, source: str) -> Tabular:
    """A delimited text file as a table. Raises DataProblem where it is no text, or where its layout cannot be told."""
    return text_table(open_extract(path, source))


def text_table(extract: Extract) -> Tabular:
    """The table of a text that is open already."""
    layout = layout_of(extract)
    body = replace(extract, text=extract.text.slice(layout.start, layout.stop - layout.start))

    def read(places: Mapping[str, int], missing: Sequence[str]) -> Sheet:
        return _without_totals(body, layout, places, missing)

    headers = clean_headers(layout.headers, extract.file, line=layout.first_line - 1)
    return Tabular(
        extract.source, extract.file, extract.sha256, headers, read, note=extract.note, first_line=layout.first_line
    )


def _without_totals(body: Extract, layout: Layout, places: Mapping[str, int], missing: Sequence[str]) -> Sheet:
    sheet = read_rows(
        body,
        len(layout.headers),
        places,
        missing=missing,
        delimiter=layout.delimiter,
        first_line=layout.first_line,
    )
    if not layout.totals:
        return sheet
    refused = {**sheet.refused, TOTALS_ROW: layout.totals}
    return replace(sheet, rows_in=sheet.rows_in + layout.totals, refused=refused)
