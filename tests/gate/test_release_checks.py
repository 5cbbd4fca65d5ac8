"""The automatic checks before anything leaves: each stops what it is for, and none stops what the report wrote."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest
from made_authority import bytes_below

from hearthlink.study import open_study
from hearthlink.study.release.checks import MOST_ROWS, checks
from hearthlink.study.release.record import facts_of

Files = dict[str, bytes]


@cache
def whole(study: Path) -> tuple[Mapping[str, bytes], bytes]:
    return bytes_below(study / "out"), (study / "rooms" / "cleared.json").read_bytes()


def failing(study: Path, files: Mapping[str, bytes], cleared: bytes | None = None) -> set[str]:
    """The checks that find something wrong."""
    found = checks(files, whole(study)[1] if cleared is None else cleared, facts_of(open_study(study)))
    return {one.name for one in found if one.faults}


def test_what_the_report_wrote_passes(real: Path) -> None:
    """Every check passes on the files of a run as they are."""
    assert failing(real, whole(real)[0]) == set()


def in_book(name: str, part: str, change: Callable[[bytes], bytes]) -> Callable[[Files], None]:
    """A workbook with one part of it changed, or added."""

    def spoil(files: Files) -> None:
        sink = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(files[name])) as old, zipfile.ZipFile(sink, "w") as new:
            for one in old.infolist():
                new.writestr(one, change(old.read(one)) if one.filename == part else old.read(one))
            if part not in old.namelist():
                new.writestr(zipfile.ZipInfo(part, (1980, 1, 1, 0, 0, 0)), change(b""))
        files[name] = sink.getvalue()

    return spoil


def instead(name: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    def spoil(files: Files) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return spoil


def added(name: str, content: bytes) -> Callable[[Files], None]:
    return lambda files: files.update({name: content})


HEADLINE = "tables/headline.csv"
SPOILT: dict[str, tuple[str, Callable[[Files], None]]] = {
    "a count that was never cleared, on the page": ("numbers", instead("report.html", b"</main>", b"<p>417 of 9,731</p></main>")),
    "one that a screen reader alone would say": ("numbers", instead("report.html", b"</main>", b'<p aria-label="417"></p></main>')),
    "one in a drawing": ("numbers", instead("report.html", b"</svg>", b"<text>417</text></svg>")),
    "one in a data file": ("numbers", lambda f: f.update({HEADLINE: f[HEADLINE] + b"x,417\n"})),
    "one in an open document": ("numbers", in_book("tables.ods", "content.xml", lambda b: b.replace(b'office:value="', b'office:value="417', 1))),
    "one in a workbook": ("numbers", in_book("tables.xlsx", "xl/worksheets/sheet4.xml", lambda b: b.replace(b"</row>", b'<c r="Z9"><v>417</v></c></row>', 1))),
    "a kind of file that may not leave": ("kinds", added("tables/children.parquet", b"PAR1")),
    "a page that is none": ("kinds", added("more.html", b"PK\x03\x04")),
    "a file without an ending": ("kinds", added("notes", b"a")),
    "a name that leads out": ("kinds", added("../x.csv", b"a\n")),
    "a name that hides": ("kinds", added(".x.csv", b"a\n")),
    "a data file that is no text": ("kinds", added("tables/x.csv", b"a\0b\n")),
    "a formula": ("formulas", added("tables/x.csv", b'a\n"=1+1"\n')),
    "a formula after a blank": ("formulas", added("tables/x.csv", b"a\n @SUM(A1)\n")),
    "a formula on a second line": ("formulas", added("tables/x.csv", b'a\n"b\n=1+1"\n')),
    "a wide formula": ("formulas", added("tables/x.csv", "a\n＝1+1\n".encode())),  # noqa: RUF001 - as it is spelt
    "too many rows": ("sizes", added("tables/x.csv", b"a\n" * (MOST_ROWS + 1))),
    "a script": ("metadata", instead("report.html", b"</main>", b"<script>1</script></main>")),
    "an address outside": ("metadata", instead("brief.html", b"</main>", b'<a href="https://example.org">a</a></main>')),
    "a remark in a page": ("metadata", instead("report.html", b"</main>", b"<!-- by somebody --></main>")),
    "a maker's name in a workbook": ("metadata", in_book("tables.xlsx", "docProps/core.xml", lambda b: b.replace(b"<dc:creator>", b"<dc:creator>Somebody "))),
    "a maker's name in a paper": ("metadata", lambda f: f.update({"report.pdf": f["report.pdf"] + b"/Author (Somebody)"})),
    "something to run in a paper": ("metadata", lambda f: f.update({"report.pdf": f["report.pdf"] + b"/JavaScript (x)"})),
    "what hides in a paper": ("metadata", lambda f: f.update({"report.pdf": f["report.pdf"] + b"<</Type/ObjStm>>"})),
    "a hidden sheet": ("metadata", in_book("tables.xlsx", "xl/workbook.xml", lambda b: b.replace(b"<sheet ", b'<sheet state="hidden" ', 1))),
    "a formula in a workbook": ("metadata", in_book("tables.xlsx", "xl/worksheets/sheet4.xml", lambda b: b.replace(b"<v>", b"<f>1+1</f><v>", 1))),
    "a part of other software's": ("metadata", in_book("tables.xlsx", "xl/vbaProject.bin", lambda _: b"x")),
    "a remark in an open document": ("metadata", in_book("tables.ods", "content.xml", lambda b: b.replace(b"</office:body>", b"<office:annotation/></office:body>"))),
    "a book that is broken": ("metadata", lambda f: f.update({"tables.ods": f["tables.ods"][:-30]})),
}  # fmt: skip


@pytest.mark.parametrize("case", SPOILT)
def test_what_may_not_leave_is_stopped_by_its_check(real: Path, case: str) -> None:
    """Each thing that may not leave is found, by the check that is for it."""
    check, spoil = SPOILT[case]
    files = dict(whole(real)[0])
    spoil(files)
    assert check in failing(real, files)


@pytest.mark.parametrize(
    ("check", "spoil"),
    [
        ("cleared_tables", lambda said: said["tables"][0]["rows"][0][1].__setitem__(0, 7)),
        ("cleared_tables", lambda said: said["tables"][0]["rows"][0][3].__setitem__(0, 0.48123)),
        ("cleared_tables", lambda said: said.__setitem__("beside", "more")),
        ("rule", lambda said: said["tables"][0].__setitem__("threshold", 5)),
    ],
)
def test_cleared_tables_that_are_not_as_cleared_are_stopped(
    real: Path, check: str, spoil: Callable[[object], None]
) -> None:
    """A small count, digits that are not printed, words beside the tables, another threshold: each is found."""
    said = json.loads(whole(real)[1])
    spoil(said)
    other = json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode()
    assert check in failing(real, whole(real)[0], other)


def test_no_check_tells_a_number_that_it_found(real: Path) -> None:
    """What a check says of a figure that was never cleared holds how many there are, and never the figure."""
    files = dict(whole(real)[0])
    instead("report.html", b"</main>", b"<p>417 of 9,731</p></main>")(files)
    found = checks(files, whole(real)[1], facts_of(open_study(real)))
    said = " ".join(fault for one in found for fault in one.faults)
    assert "report.html" in said
    assert "417" not in said
    assert "731" not in said


def test_letters_that_a_compressed_page_happens_to_hold_stop_nothing(real: Path) -> None:
    """What stands compressed in a paper may look like anything: it is not searched for words."""
    files = dict(whole(real)[0])
    files["report.pdf"] += b"\nstream\n/JS /AA /URI\nendstream\n"
    assert failing(real, files) == set()
