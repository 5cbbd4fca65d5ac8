"""A workbook as XLSX."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hearthlink.report.spreadsheets.book import Book, Entry, Sheet
from hearthlink.report.spreadsheets.packed import repacked

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)
"""When every workbook says it was made: no clock is read, so that a rerun gives the same bytes."""

FONT = {"font_name": "Arial", "font_size": 12}
PROPERTIES = "docProps/core.xml"
Formats = dict[tuple[str, int], "Format"]


def xlsx(made: Book) -> bytes:
    """The workbook. Every cell of words is typed as words, so that none can be a formula or a link; the same bytes on every run."""
    import xlsxwriter  # as the drawing library: loaded only where it is used

    held = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(held, options)
    workbook.set_properties({"title": made.title, "author": made.author, "subject": made.title, "created": LONG_AGO})
    formats = _formats(workbook)
    for sheet in made.sheets:
        _write(workbook.add_worksheet(sheet.tab), sheet, formats)
    workbook.close()
    return repacked(held.getvalue(), {PROPERTIES: _with_language})


def _with_language(properties: bytes) -> bytes:
    """The properties of the file with its language, which the library has no word for."""
    end = b"</cp:coreProperties>"
    return properties.replace(end, b"<dc:language>en-GB</dc:language>" + end)


def _formats(workbook: Workbook) -> Formats:
    made: Formats = {
        ("title", 0): workbook.add_format({**FONT, "font_size": 16, "bold": True}),
        ("head", 0): workbook.add_format({**FONT, "bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        ("line", 0): workbook.add_format({**FONT, "valign": "top"}),
        ("words", 0): workbook.add_format({**FONT, "text_wrap": True, "valign": "top"}),
        ("symbol", 0): workbook.add_format({**FONT, "valign": "top", "align": "right"}),
        ("link", 0): workbook.add_format({**FONT, "font_color": "#0563C1", "underline": 1, "valign": "top"}),
    }
    for places in range(4):
        fraction = f".{'0' * places}" if places else ""
        for kind, code in (("number", f"#,##0{fraction}"), ("percent", f"0{fraction}%")):
            made[kind, places] = workbook.add_format({**FONT, "num_format": code, "valign": "top"})
    return made


def _write(page: Worksheet, sheet: Sheet, formats: Formats) -> None:
    for at, width in enumerate(sheet.widths):
        page.set_column(at, at, width)
    page.write_string(0, 0, sheet.title, formats["title", 0])
    for number, line in enumerate(sheet.lines, start=1):
        _put(page, number, 0, line, formats, wrap=not sheet.table)
    if not sheet.table:
        return
    top = 1 + len(sheet.lines)
    _mark(page, sheet, top, formats)
    for number, row in enumerate(sheet.rows, start=top + 1):
        for at, entry in enumerate(row):
            _put(page, number, at, entry, formats, wrap=True)


def _mark(page: Worksheet, sheet: Sheet, top: int, formats: Formats) -> None:
    """The table as one that a screen reader knows by name, with headings and without buttons or colours."""
    page.add_table(
        top, 0, top + len(sheet.rows), len(sheet.heads) - 1,
        {
            "name": f"t_{sheet.table}"[:250],
            "autofilter": False,
            "style": None,
            "columns": [{"header": words, "header_format": formats["head", 0]} for words in sheet.heads],
        },
    )  # fmt: skip


def _put(page: Worksheet, row: int, at: int, entry: Entry, formats: Formats, *, wrap: bool) -> None:
    if entry.link:
        page.write_url(row, at, f"internal:'{entry.link}'!A1", formats["link", 0], string=str(entry.value))
    elif isinstance(entry.value, str):
        kind = "symbol" if entry.value.startswith("[") and len(entry.value) <= 4 else "words"
        if wrap or kind == "symbol":
            page.write_string(row, at, entry.value, formats[kind, 0])
        else:
            page.write_string(row, at, entry.value, formats["line", 0])
    else:
        page.write_number(row, at, entry.value, formats["percent" if entry.percent else "number", min(entry.places, 3)])
