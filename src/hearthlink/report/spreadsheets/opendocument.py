"""A workbook as an OpenDocument spreadsheet (ODF 1.3), written part by part: nothing in it but what the workbook holds."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from hearthlink.report.spreadsheets.book import Book, Entry, Sheet
from hearthlink.report.spreadsheets.packed import packed

KIND = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{of}:1.0"'
    for name, of in (
        ("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"), ("fo", "xsl-fo-compatible"),
        ("number", "datastyle"), ("meta", "meta"), ("config", "config"), ("manifest", "manifest"),
    )
)  # fmt: skip
LINKS = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
DUBLIN = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
LETTER_MM, MOST_PLACES = 2.2, 3
"""How wide a letter is taken to be; most decimals that a number is shown to."""


def ods(made: Book) -> bytes:
    """The workbook. Every cell of words is typed as words, so that none can be a formula; the same bytes on every run."""
    parts = {
        "mimetype": KIND,
        "META-INF/manifest.xml": _manifest(),
        "content.xml": f"{HEAD}{''.join(_content(made))}",
        "styles.xml": f"{HEAD}{_styles()}",
        "meta.xml": f"{HEAD}{_meta(made)}",
        "settings.xml": f"{HEAD}{_settings(made)}",
    }
    return packed({name: content.encode() for name, content in parts.items()}, stored=frozenset({"mimetype"}))


def _manifest() -> str:
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (("/", KIND), *((f"{name}.xml", "text/xml") for name in ("content", "styles", "meta", "settings")))
    )  # fmt: skip
    return f'{HEAD}<manifest:manifest {SPACES} manifest:version="1.3">{entries}</manifest:manifest>'


def _meta(made: Book) -> str:
    return (
        f'<office:document-meta {SPACES} {DUBLIN} office:version="1.3"><office:meta><meta:generator>Hearthlink</meta:generator>'
        f"<dc:title>{escape(made.title)}</dc:title><dc:creator>{escape(made.author)}</dc:creator><dc:language>en-GB</dc:language>"
        "</office:meta></office:document-meta>"
    )


def _settings(made: Book) -> str:
    """The cursor in the first cell of every sheet, and the first sheet open."""
    item = '<config:config-item config:name="{}" config:type="{}">{}</config:config-item>'
    places = item.format("CursorPositionX", "int", 0) + item.format("CursorPositionY", "int", 0)
    sheets = "".join(
        f"<config:config-item-map-entry config:name={quoteattr(sheet.tab)}>{places}</config:config-item-map-entry>"
        for sheet in made.sheets
    )
    return (
        f'<office:document-settings {SPACES} office:version="1.3"><office:settings><config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        f'<config:config-item-map-named config:name="Tables">{sheets}</config:config-item-map-named>'
        f"{item.format('ActiveTable', 'string', escape(made.sheets[0].tab))}"
        "</config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set></office:settings>"
        "</office:document-settings>"
    )


def _styles() -> str:
    """Arial of 12 points and British English for every cell."""
    return (
        f'<office:document-styles {SPACES} office:version="1.3"><office:styles><style:default-style style:family="table-cell">'
        '<style:text-properties style:font-name="Arial" fo:font-family="Arial" fo:font-size="12pt" fo:language="en" fo:country="GB"/>'
        '</style:default-style><style:style style:name="Default" style:family="table-cell"/></office:styles></office:document-styles>'
    )


def _content(made: Book) -> Iterator[str]:
    yield f'<office:document-content {SPACES} {LINKS} office:version="1.3"><office:automatic-styles>'
    yield from _cell_styles()
    widths = sorted({width for sheet in made.sheets for width in sheet.widths})
    for width in widths:
        yield (
            f'<style:style style:name="w{width}" style:family="table-column"><style:table-column-properties '
            f'style:column-width="{width * LETTER_MM:.1f}mm"/></style:style>'
        )
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    for sheet in made.sheets:
        yield from _sheet(sheet)
    yield from _ranges(made)
    yield "</office:spreadsheet></office:body></office:document-content>"


def _cell_styles() -> Iterator[str]:
    for places in range(MOST_PLACES + 1):
        number = f'<number:number number:decimal-places="{places}" number:min-decimal-places="{places}" number:min-integer-digits="1"'
        yield f'<number:number-style style:name="N{places}">{number} number:grouping="true"/></number:number-style>'
        yield f'<number:percentage-style style:name="P{places}">{number}/><number:text>%</number:text></number:percentage-style>'
        for kind, data in (("number", "N"), ("percent", "P")):
            yield (
                f'<style:style style:name="{kind}{places}" style:family="table-cell" style:parent-style-name="Default" '
                f'style:data-style-name="{data}{places}"><style:table-cell-properties style:vertical-align="top"/></style:style>'
            )
    for name, cell, paragraph, text in (
        ("title", "", "", 'fo:font-size="16pt" fo:font-weight="bold"'),
        ("line", "", "", ""),
        ("head", 'fo:wrap-option="wrap" fo:border-bottom="0.75pt solid #000000"', "", 'fo:font-weight="bold"'),
        ("words", 'fo:wrap-option="wrap"', "", ""),
        ("symbol", "", 'fo:text-align="end"', ""),
        ("link", "", "", 'fo:color="#0563c1" style:text-underline-style="solid"'),
    ):
        yield (
            f'<style:style style:name="{name}" style:family="table-cell" style:parent-style-name="Default">'
            f'<style:table-cell-properties style:vertical-align="top" {cell}/><style:paragraph-properties {paragraph}/>'
            f"<style:text-properties {text}/></style:style>"
        )


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield f"<table:table table:name={quoteattr(sheet.tab)}>"
    for width in sheet.widths:
        yield f'<table:table-column table:style-name="w{width}"/>'
    yield _row([_words(sheet.title, "title")])
    for line in sheet.lines:
        yield _row([_cell(line, "line" if sheet.table else "words")])
    if sheet.table:
        heads = _row([_words(words, "head") for words in sheet.heads])
        yield f"<table:table-header-rows>{heads}</table:table-header-rows>"
    for row in sheet.rows:
        yield _row([_cell(entry, "words") for entry in row])
    yield "</table:table>"


def _row(cells: list[str]) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _words(words: str, style: str) -> str:
    return (
        f'<table:table-cell office:value-type="string" table:style-name="{style}"><text:p>{escape(words)}</text:p>'
        "</table:table-cell>"
    )


def _cell(entry: Entry, style: str) -> str:
    value = entry.value
    if entry.link:
        link = f'<text:a xlink:type="simple" xlink:href={quoteattr(f"#{entry.link}.A1")}>{escape(str(value))}</text:a>'
        return f'<table:table-cell office:value-type="string" table:style-name="link"><text:p>{link}</text:p></table:table-cell>'
    if isinstance(value, str):
        return _words(value, "symbol" if value.startswith("[") and len(value) <= len("[ge]") else style)
    places = min(entry.places, MOST_PLACES)
    kind, printed = ("percentage", f"{100 * value:.{places}f}%") if entry.percent else ("float", f"{value:,.{places}f}")
    named = f"{'percent' if entry.percent else 'number'}{places}"
    return (
        f'<table:table-cell office:value-type="{kind}" office:value="{value!r}" table:style-name="{named}">'
        f"<text:p>{printed}</text:p></table:table-cell>"
    )


def _ranges(made: Book) -> Iterator[str]:
    """The tables by their names, without buttons to filter them by."""
    yield "<table:database-ranges>"
    for sheet in made.sheets:
        if sheet.table:
            top, last = len(sheet.lines) + 2, len(sheet.lines) + 2 + len(sheet.rows)
            area = f"'{sheet.tab}'.A{top}:'{sheet.tab}'.{_letters(len(sheet.heads))}{last}"
            yield (
                f"<table:database-range table:name={quoteattr(f't_{sheet.table}')} table:target-range-address={quoteattr(area)} "
                'table:contains-header="true" table:display-filter-buttons="false"/>'
            )
    yield "</table:database-ranges>"


def _letters(number: int) -> str:
    """The name of a column by its place, from 1."""
    made = ""
    while number:
        number, rest = divmod(number - 1, 26)
        made = chr(65 + rest) + made
    return made
