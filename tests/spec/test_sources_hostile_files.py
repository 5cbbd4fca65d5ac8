"""Files made to harm, or merely broken: each is read right or refused with a sentence, and none is opened further than need be."""

from __future__ import annotations

import io
import os
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_extracts import extracts, write
from made_workbooks import HEAD, archive, made_ods, made_xlsx, ods_around, sheet_xml, xlsx_parts

from hearthlink.errors import DataProblem
from hearthlink.sources.reading import archives, text
from hearthlink.sources.reading.delimited import Sheet
from hearthlink.sources.reading.files import source_files
from hearthlink.sources.reading.tabular import open_tabular

SMALL = [["a", "b"], ["CANARY", 2]]
ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>CANARY</t></is></c><c r="B1"><v>2</v></c></row>'
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
ELSEWHERE = '<!DOCTYPE x SYSTEM "file:///etc/passwd">'


def read(tmp_path: Path, data: bytes, name: str = "x.dat") -> Sheet:
    path = tmp_path / name
    path.write_bytes(data)
    tabular = open_tabular(path, "cts")
    return tabular.read({f"c{place}": place for place in range(min(3, len(tabular.headers)))})


def xlsx_with(**parts: str | bytes) -> bytes:
    """A small workbook with parts added or replaced; two underscores stand for a slash, one for a dot."""
    named = {name.replace("__", "/").replace("_", "."): content for name, content in parts.items()}
    return archive({**xlsx_parts({"S": SMALL}), **named})


def swollen(size: int, name: str = "xl/media/x.bin") -> bytes:
    return archive({**xlsx_parts({"S": SMALL}), name: bytes(size)})


def lying(data: bytes, part: bytes, size: int) -> bytes:
    """An archive whose list of parts says another size of one of them."""
    at = data.rindex(part) - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    return data[: at + 24] + struct.pack("<I", size) + data[at + 28 :]


def flagged(data: bytes) -> bytes:
    """An archive whose first part says that it is locked by a password."""
    at = data.index(b"PK\x01\x02")
    return data[: at + 8] + struct.pack("<H", 1) + data[at + 10 :]


def twice(name: str) -> bytes:
    held = io.BytesIO(made_xlsx({"S": SMALL}))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(held, "a") as made:
        made.writestr(name, "x")
    return held.getvalue()


def linked() -> bytes:
    held = io.BytesIO(made_xlsx({"S": SMALL}))
    link = zipfile.ZipInfo("xl/link.xml")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(held, "a") as made:
        made.writestr(link, "/etc/passwd")
    return held.getvalue()


def sheet(rows: str, head: str = HEAD) -> bytes:
    return made_xlsx({"S": sheet_xml(rows, head=head)})


def repeated(columns: int, rows: int) -> str:
    filled = '<table:table-cell office:value-type="string" table:number-columns-repeated="{}"><text:p>x</text:p></table:table-cell>'
    return f'<table:table-row table:number-rows-repeated="{rows}">{filled.format(columns)}</table:table-row>'


def going_round() -> bytes:
    """An old workbook whose list of streams comes back to its first sector."""
    data = bytearray((Path(__file__).parents[1] / "files" / "claims.xls").read_bytes())
    table, first = struct.unpack_from("<I", data, 76)[0], struct.unpack_from("<I", data, 48)[0]
    struct.pack_into("<I", data, 512 * (table + 1) + 4 * first, first)
    return bytes(data)


with zipfile.ZipFile(io.BytesIO(made_ods({"S": SMALL}))) as whole:
    CONTENT = whole.read("content.xml").decode()


REFUSED: tuple[tuple[str, Callable[[], bytes], str], ...] = (
    ("entities in a sheet", lambda: sheet(ROW, HEAD + BOMB), "declares a document type"),
    ("an outer entity in a sheet", lambda: sheet(ROW, HEAD + ELSEWHERE), "declares a document type"),
    ("small letters", lambda: sheet(ROW, HEAD + BOMB.lower()), "declares a document type"),
    ("entities in the shared texts", lambda: xlsx_with(xl__sharedStrings_xml=HEAD + BOMB + "<sst/>"), "declares a document type"),
    ("entities in the list of sheets", lambda: xlsx_with(xl__workbook_xml=HEAD + ELSEWHERE + "<workbook/>"), "declares a document type"),
    ("entities in UTF-16", lambda: xlsx_with(xl__styles_xml=(HEAD + BOMB + "<styleSheet/>").encode("utf-16")), "declares a document type"),
    ("entities in ods", lambda: ods_around(HEAD + BOMB + "<x/>"), "declares a document type"),
    ("a part that unpacks to 250 times its size", lambda: swollen(40 << 20), "far more than it holds"),
    ("a part that is larger than it says", lambda: lying(made_xlsx({"S": SMALL}), b"xl/styles.xml", 10), "damaged"),
    ("a part that is smaller than it says", lambda: lying(made_xlsx({"S": SMALL}), b"xl/styles.xml", 10_000), "damaged"),
    ("a part above the archive", lambda: swollen(1, "xl/../../etc/x"), "points outside"),
    ("a part at the root of the disk", lambda: swollen(1, "/etc/x"), "points outside"),
    ("a part on another drive", lambda: swollen(1, "C:/x"), "points outside"),
    ("a part above, spelt the Windows way", lambda: swollen(1, "..\\x"), "points outside"),
    ("a part above, in letters that only look so", lambda: swollen(1, "xl/\uff0e\uff0e/x"), "points outside"),
    ("a part called as a device", lambda: swollen(1, "xl/NUL.xml"), "points outside"),
    ("a part whose last dot Windows drops", lambda: swollen(1, "xl/styles.xml."), "points outside"),
    ("a part that is a link", linked, "points outside"),
    ("two parts of one name", lambda: twice("xl/styles.xml"), "one name"),
    ("two parts of one name but for case", lambda: swollen(1, "XL/styles.xml"), "one name"),
    ("a part locked by a password", lambda: flagged(made_xlsx({"S": SMALL})), "locked by a password"),
    ("a locked workbook", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "locked"),
    ("a locked ods", lambda: ods_around("<x/>", "<manifest:encryption-data/>"), "locked"),
    ("an archive that is no workbook", lambda: archive({"claims.csv": "a,b\nCANARY,1\n"}), "not a workbook"),
    ("an archive of archives", lambda: archive({"claims.xlsx": made_xlsx({"S": SMALL})}), "not a workbook"),
    ("a binary workbook", lambda: archive({"xl/workbook.bin": b"x"}), "xlsb"),
    ("a workbook cut short", lambda: made_xlsx({"S": SMALL})[:-40], "damaged"),
    ("a workbook with its middle overwritten", lambda: made_xlsx({"S": SMALL}).replace(b"PK\x03\x04", b"PK\x03\x05", 3), "not|damaged|NUL"),
    ("an old workbook of noise", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 10, "damaged"),
    ("a cell in the farthest corner", lambda: sheet(ROW + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "spans 1,048,576 rows"),
    ("the same by its cell alone", lambda: sheet(ROW + '<row><c r="XFD1048576"><v>1</v></c></row>'), "spans 1,048,576 rows"),
    ("cells repeated without end", lambda: made_ods({"S": repeated(16_384, 1_048_576)}), "spans 1,048,576 rows"),
    ("cells repeated without end, under another name", lambda: made_ods({"S": repeated(16_384, 1_048_576)}, table="urn:x"), "spans"),
    ("a repetition that is no number", lambda: made_ods({"S": repeated(1, 1).replace('rows-repeated="1"', 'rows-repeated="+9"')}), "damaged"),
    ("a reference of fifty letters", lambda: sheet(ROW + f'<row r="2"><c r="{"A" * 50}2"><v>1</v></c></row>'), "damaged"),
    ("an ods that ends in the middle", lambda: ods_around(CONTENT[: CONTENT.index("</table:table>")]), "damaged"),
    ("an encoding that is none", lambda: xlsx_with(xl__styles_xml=HEAD.replace("UTF-8", "no-such") + "<styleSheet/>"), "damaged"),
    ("a prefix that stands for nothing", lambda: xlsx_with(xl__styles_xml=HEAD + "<x:styleSheet/>"), "damaged"),
    ("an old workbook whose sectors go round", going_round, "damaged"),
    ("no sheet", lambda: made_xlsx({}), "nothing that can be seen"),
    ("an empty sheet", lambda: made_xlsx({"S": []}), "nothing that can be seen"),
    ("Parquet cut short", lambda: b"PAR1" + bytes(100), "damaged"),
    ("Parquet locked", lambda: b"PARE" + bytes(100) + b"PARE", "damaged"),
    ("a letter that only looks Latin", "post\u0441ode,b\n1,2\n".encode, "Cyrillic and only looks Latin"),
    ("the same in Greek", "n\u03bfte,b\n1,2\n".encode, "Greek and only looks Latin"),
    ("a header of 20,000 letters", ("a" * 20_000 + ",b\n1,2\n").encode, "longer than any name"),
    ("NUL bytes", lambda: b"a,b\nCANARY,\x00\n", "NUL"),
)  # fmt: skip


@pytest.mark.parametrize(("make", "words"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_hostile_file_is_refused(
    tmp_path: Path, make: Callable[[], bytes], words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """The file is refused with a sentence, quickly, and nothing that stands in it is said."""
    begun = time.process_time()
    with pytest.raises(DataProblem, match=words) as problem:
        read(tmp_path, make())
    assert time.process_time() - begun < 5
    assert "CANARY" not in str(problem.value) + "".join(capfd.readouterr())
    assert problem.value.file == "x.dat"


def test_a_field_of_ten_million_letters_is_read(tmp_path: Path) -> None:
    """A very long text in one field is read, and the rows around it are not lost."""
    kept = read(tmp_path, b"a,b\n1,2\n" + b"C" * (10 << 20) + b",3\n4,5\n")
    assert kept.table.column("c1").to_pylist() == ["2", "3", "5"]
    assert kept.rows_in == 3


def test_a_hundred_thousand_columns_are_no_matter(tmp_path: Path) -> None:
    """Of a table of a hundred thousand columns the few that are wanted are read."""
    names = ",".join(f"n{n}" for n in range(100_000))
    values = ",".join("x" for _ in range(100_000))
    path = tmp_path / "x.csv"
    path.write_text(f"{names}\n{values}\n{values}\n", encoding="utf-8")
    tabular = open_tabular(path, "cts")
    assert len(tabular.headers) == 100_000
    assert tabular.read({"last": 99_999}).table.to_pylist() == [{"last": "x"}] * 2


STRANGE = ('a"; DROP TABLE x;--', "__proto__", "\U0001f600", "select", "../../etc/passwd", "=1+1", "c1", "{0}")


def test_a_header_is_only_ever_a_name(tmp_path: Path) -> None:
    """SQL, paths, formulas and reserved words in headers are names like others; values are not looked at for meaning either."""
    quoted = ",".join('"' + name.replace('"', '""') + '"' for name in STRANGE)
    values = ",".join(f'"{name.replace(chr(34), chr(34) * 2)}"' for name in STRANGE)
    path = tmp_path / "x.csv"
    path.write_text(f"{quoted}\n{values}\n", encoding="utf-8")
    tabular = open_tabular(path, "cts")
    assert tabular.headers == STRANGE
    read_back = tabular.read({name: place for place, name in enumerate(STRANGE)}).table
    assert read_back.to_pylist() == [{name: name for name in STRANGE}]


def test_links_to_other_workbooks_are_not_followed(tmp_path: Path) -> None:
    """A workbook that leans on others is read with the values last seen, and that is said."""
    path = tmp_path / "x.xlsx"
    path.write_bytes(xlsx_with(xl__externalLinks__externalLink1_xml=HEAD + "<externalLink/>"))
    assert "links to others" in (open_tabular(path, "cts").note or "")


def test_a_small_file_may_not_claim_any_number_of_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parquet that claims far more rows than its size could hold is refused before they are made."""
    from hearthlink.sources.reading import tabular_parquet

    monkeypatch.setattr(tabular_parquet, "MOST_ROWS_A_BYTE", 0)
    pq.write_table(
        pa.table({"a": pa.array(["x"]).take(pa.nulls(1_000_001, pa.int32()).fill_null(0))}), tmp_path / "x.dat"
    )
    with pytest.raises(DataProblem, match=r"claims 1,000,001 rows"):
        open_tabular(tmp_path / "x.dat", "cts")


def test_an_archive_is_measured_by_all_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many parts that are each within bounds are refused together, by their number or by what they add up to."""
    monkeypatch.setattr(archives, "MOST_BYTES", 1_000)
    with pytest.raises(DataProblem, match="far more"):
        archives.open_archive(archive({str(n): bytes(500) for n in range(3)}), "x.xlsx")
    monkeypatch.setattr(archives, "MOST_PARTS", 2)
    with pytest.raises(DataProblem, match="3 parts"):
        archives.open_archive(archive({str(n): b"" for n in range(3)}), "x.xlsx")


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that somebody still writes to is not taken as whole."""
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    inner = text.hashlib.sha256

    def grown(data: object) -> object:
        with path.open("a", encoding="utf-8") as more:
            more.write("3,4\n")
        return inner(data)  # type: ignore[arg-type]

    monkeypatch.setattr(text.hashlib, "sha256", grown)
    with pytest.raises(DataProblem, match="being written while it was read"):
        open_tabular(path, "cts")


def test_a_file_that_is_gone_or_closed_to_us_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that vanishes between being found and being opened, or that another program holds, is told as such."""
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")

    def locked(*_: object, **__: object) -> object:
        raise PermissionError(13, os.strerror(13), str(path))

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(DataProblem, match="cannot be opened") as problem:
        open_tabular(path, "cts")
    assert str(tmp_path) not in str(problem.value)


@pytest.mark.skipif(os.name == "nt", reason="making a link needs a right on Windows")
@pytest.mark.parametrize("linked", ["cts/person_period.csv", "cts", "shbe"])
def test_a_link_among_the_extracts_is_refused(tmp_path: Path, linked: str) -> None:
    """A file or folder of extracts that is only a link to elsewhere is named; the folder of all of them may be one."""
    folder = write(tmp_path / "in", extracts())
    (tmp_path / "real").mkdir()
    moved = tmp_path / "real" / Path(linked).name
    (folder / linked).rename(moved)
    (folder / linked).symlink_to(moved)
    with pytest.raises(DataProblem, match="link to another place") as problem:
        source_files(folder)
    assert problem.value.file == Path(linked).name
    (folder / linked).unlink()
    moved.rename(folder / linked)
    (tmp_path / "linked").symlink_to(folder)
    assert source_files(tmp_path / "linked").have


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_a_pipe_among_the_extracts_is_never_opened(tmp_path: Path) -> None:
    """A pipe in the folder, which would be waited for without end, is not taken for an extract."""
    folder = write(tmp_path / "in", extracts())
    os.mkfifo(folder / "shbe" / "SHBE_209901.txt")
    assert "SHBE_209901.txt" not in {path.name for path in source_files(folder).some("shbe")}
