"""Workbooks made by hand, cell by cell, so that a test can put into them what no spreadsheet would write."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

Cell = str | float | bool | dt.datetime | None
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no zone
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
TYPES = f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{KIND}"/>'
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
)


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of these parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return held.getvalue()


def sheet_xml(rows: str, *, head: str = HEAD) -> str:
    """A sheet of an xlsx workbook around its rows."""
    return f'{head}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def xlsx_parts(sheets: Mapping[str, Sequence[Sequence[Cell]] | str], hidden: Sequence[str] = ()) -> dict[str, str]:
    """The parts of an xlsx workbook; a sheet is a grid of cells, or XML as it is to stand."""
    listed, related, parts = "", "", {}
    for number, (name, grid) in enumerate(sheets.items(), 1):
        state = ' state="hidden"' if name in hidden else ""
        listed += f'<sheet name={quoteattr(name)} sheetId="{number}"{state} r:id="r{number}"/>'
        related += f'<Relationship Id="r{number}" Type="{LINKS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        parts[f"xl/worksheets/sheet{number}.xml"] = grid if isinstance(grid, str) else sheet_xml(_xlsx_rows(grid))
    related += f'<Relationship Id="s" Type="{LINKS}/styles" Target="styles.xml"/>'
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">{TYPES}</Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>',
        "xl/styles.xml": STYLES,
        **parts,
    }


def made_xlsx(sheets: Mapping[str, Sequence[Sequence[Cell]] | str], hidden: Sequence[str] = ()) -> bytes:
    """An xlsx workbook."""
    return archive(xlsx_parts(sheets, hidden))


def made_ods(sheets: Mapping[str, Sequence[Sequence[Cell]] | str], table: str = f"{OFFICE}:table:1.0") -> bytes:
    """An ods workbook; a sheet is a grid of cells, or the XML of its rows. `table` is the namespace of tables."""
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>"
        + (
            grid
            if isinstance(grid, str)
            else "".join(f"<table:table-row>{_ods_cells(row)}</table:table-row>" for row in grid)
        )
        + "</table:table>"
        for name, grid in sheets.items()
    )
    return ods_around(
        f'{HEAD}<office:document-content xmlns:office="{OFFICE}:office:1.0" xmlns:table="{table}" '
        f'xmlns:text="{OFFICE}:text:1.0"><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>'
        "</office:document-content>"
    )


def ods_around(content: str, manifest: str = "") -> bytes:
    """An ods workbook around its content."""
    listed = f'{HEAD}<manifest:manifest xmlns:manifest="{OFFICE}:manifest:1.0">{manifest}</manifest:manifest>'
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": listed,
            "content.xml": content,
        }
    )


def _xlsx_rows(grid: Sequence[Sequence[Cell]]) -> str:
    rows = ""
    for line, row in enumerate(grid, 1):
        cells = ""
        for place, cell in enumerate(row):
            where = f'r="{chr(65 + place)}{line}"'
            match cell:
                case None:
                    continue
                case bool():
                    cells += f'<c {where} t="b"><v>{int(cell)}</v></c>'
                case dt.datetime():
                    days = (cell - EPOCH) / dt.timedelta(days=1)
                    cells += f'<c {where} s="1"><v>{days}</v></c>'
                case str():
                    cells += f'<c {where} t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
                case _:
                    cells += f"<c {where}><v>{cell!r}</v></c>"
        rows += f'<row r="{line}">{cells}</row>'
    return rows


def _ods_cells(row: Sequence[Cell]) -> str:
    cells = ""
    for cell in row:
        match cell:
            case None:
                cells += "<table:table-cell/>"
            case bool():
                cells += f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(cell).lower()}"/>'
            case dt.datetime():
                cells += f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
            case str():
                cells += (
                    f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
                )
            case _:
                cells += f'<table:table-cell office:value-type="float" office:value="{cell!r}"/>'
    return cells or "<table:table-cell/>"
