"""A census made to harm: read or refused within seconds, with nothing fetched, no crash, and no value from the file in a message."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_extracts import census, child, episode

from hearthlink.errors import DataProblem
from hearthlink.sources.activity.census import read_xml
from hearthlink.sources.activity.flat import read_flat
from hearthlink.sources.census.cin_bytes import open_xml, pieces
from hearthlink.sources.reading.years import census_year

CANARY = "CANARYVALUE"
WHOLE = census(child(CANARY), child("C2"))
LAUGHS = "<!DOCTYPE Message [<!ENTITY a0 'CANARYVALUE'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)
)
OUTSIDE = '<!DOCTYPE Message [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def with_doctype(words: str, use: str = "") -> bytes:
    return WHOLE.replace(b"<Message>", f"{words}\n<Message>{use}".encode())


REFUSED: dict[str, tuple[bytes, str]] = {
    "a document type": (with_doctype("<!DOCTYPE Message>"), "document type"),
    "a document type in small letters": (with_doctype("<!doctype Message>"), "not XML|not well formed"),
    "a document type among children": (WHOLE.replace(b"<Child>", b"<!DOCTYPE x><Child>", 1), "document type"),
    "a document type far in": (census(*[child(f"C{n}") for n in range(900)], "<!DOCTYPE x>"), "document type"),
    "a billion laughs": (with_doctype(f"{LAUGHS}]>", "&a9;"), "document type"),
    "a quadratic entity": (with_doctype(f"<!DOCTYPE Message [<!ENTITY a '{'b' * 50_000}'>]>", "&a;" * 1000), "document type"),
    "an external entity": (with_doctype(OUTSIDE, "&x;"), "document type"),
    "an external entity by parameter": (with_doctype('<!DOCTYPE M [<!ENTITY % d SYSTEM "http://127.0.0.1:9/d"> %d;]>'), "document type"),
    "an entity of its own": (WHOLE.replace(b"<Children>", b"<Children>&mine;"), "not well formed"),
    "deep nesting": (census(child("C1"), "<x>" * 100_000), "nested more deeply"),
    "deep nesting in a child": (census(child("C1", episode(inside="<x>" * 100_000))), "nested more deeply"),
    "a million attributes": (WHOLE.replace(b"<Children>", b"<Children%s>" % b"".join(b" a%d='1'" % n for n in range(1_000_000))), "longer than any"),
    "a tag without end": (census(child("C1"), "<" + "x" * 6_000_000), "longer than any|not well formed"),
    "a comment without end": (census(child("C1"), "<!--" + "x" * 6_000_000), "longer than any|not well formed"),
    "a child without end": (census(f"<Child><ChildIdentifiers>{'<LAchildID>1</LAchildID>' * 800_000}"), "larger than any"),
    "cut off in a tag": (WHOLE[: WHOLE.index(b"<Ethnicity>") + 4], "cut off"),
    "cut off in a value": (WHOLE[: WHOLE.index(b"2012-05-03") + 4], "cut off"),
    "cut off between children": (WHOLE[: WHOLE.rindex(b"<Child>")], "cut off"),
    "more after the end": (WHOLE + b"<Message/>", "not well formed"),
    "two attributes of one name": (WHOLE.replace(b"<Children>", b"<Children a='1' a='2'>"), "not well formed"),
    "crossed elements": (WHOLE.replace(b"</CINdetails></Child>", b"</Child></CINdetails>", 1), "not well formed"),
    "NUL bytes": (WHOLE.replace(b"C2", b"C\x002"), "NUL"),
    "other control letters": (WHOLE.replace(b"C2", b"C\x012"), "not well formed"),
    "UTF-16 without its mark": (WHOLE.decode().encode("utf-16-le"), "NUL"),
    "UTF-16 cut in half": (WHOLE.decode().encode("utf-16")[:-1], "UTF-16"),
    "a mark of UTF-16 before other text": (b"\xff\xfe" + WHOLE, "UTF-16|not XML|NUL"),
    "UTF-8 and Windows mixed": (WHOLE.replace(b">C2<", "é".encode() + "é".encode("cp1252")), "mixes UTF-8"),
    "a letter that no encoding has": (WHOLE.replace(b">C2<", b">C\x81\x8d<"), "neither UTF-8 nor"),
    "a zip archive": (b"PK\x03\x04" + WHOLE, "workbook or a zip"),
    "a web page": (b"<html><body>sign in</body></html>", "not a census return"),
    "an opening that never ends": (b"<?a?>" * 60_000 + b"<", "not XML|cut off"),
    "blanks alone": (b" \n" * 1000, "empty"),
    "no bytes": (b"", "empty"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "words"), REFUSED.values(), ids=list(REFUSED))
def test_a_census_that_could_harm_is_refused_in_plain_words(tmp_path: Path, data: bytes, words: str) -> None:
    """Each is refused at once by a sentence of our own, without a value of the file, by the road of the study and by that of the checks."""
    path = tmp_path / "cin.xml"
    path.write_bytes(data)
    roads: tuple[Callable[[], object], ...] = (
        lambda: read_xml(path, census_year("2019-20")),
        lambda: read_flat([path], "cin"),
    )
    for road in roads:
        with pytest.raises(DataProblem, match=words) as problem:
            road()
        said = str(problem.value)
        assert CANARY not in said
        assert "2012-05-03" not in said
        assert str(tmp_path) not in said
        assert problem.value.__cause__ is None


TAKEN: dict[str, bytes] = {
    "an encoding that it is not in": WHOLE.replace(b"encoding='utf-8'", b"encoding='iso-8859-1'"),
    "an encoding that there is not": WHOLE.replace(b"encoding='utf-8'", b"encoding='latin-99'"),
    "an encoding of two bytes, declared": WHOLE.replace(b"encoding='utf-8'", b"encoding='utf-16'"),
    "a byte order mark": b"\xef\xbb\xbf" + WHOLE,
    "UTF-16": WHOLE.decode().encode("utf-16"),
    "UTF-16, the other way round": b"\xfe\xff" + WHOLE.decode().encode("utf-16-be"),
    "Windows letters": WHOLE.replace(b"</Ethnicity>", b"</Ethnicity>caf\xe9 \x96"),
    "a value of a million letters": WHOLE.replace(b">WBRI<", b">" + b"W" * 1_000_000 + b"<", 1),
    "stray text of a million letters": WHOLE.replace(b"<Children>", b"<Children>" + b"w " * 500_000),
    "a document type in words": WHOLE.replace(b">WBRI<", b">DOCTYPE<", 1),
    "letters by number": WHOLE.replace(b">WBRI<", b">&#87;BRI<", 1),
    "a value in CDATA": WHOLE.replace(b">WBRI<", b"><![CDATA[WBRI]]><", 1),
    "a child in a comment": WHOLE.replace(b"<Child>", b"<!-- </Child><Child><ChildIdentifiers/></Child> --><Child>", 1),
    "a child in CDATA": WHOLE.replace(b"<Children>", b"<Children><![CDATA[</Child><Child></Child>]]>"),
    "an instruction": WHOLE.replace(b"<Children>", b"<Children><?php </Child><Child></Child> ?>"),
    "line ends of Windows": WHOLE.replace(b"\n", b"\r\n"),
    "a hundred thousand attributes": WHOLE.replace(
        b"<Children>", b"<Children%s>" % b"".join(b" a%d='1'" % n for n in range(100_000))
    ),
    "attributes": WHOLE.replace(b"<Child>", b"<Child a='>' b='</Child>'>".replace(b"</Child>", b"x")),
}


@pytest.mark.parametrize("data", TAKEN.values(), ids=list(TAKEN))
def test_a_census_that_is_only_odd_is_read(tmp_path: Path, data: bytes) -> None:
    """Encodings that lie, marks, huge values, CDATA and comments hide no child and make none."""
    path = tmp_path / "cin.xml"
    path.write_bytes(data)
    made = read_xml(path, census_year("2019-20"))
    assert made.child.column("child_id").to_pylist() == ["C2", CANARY]
    assert made.referral.num_rows == 2


POINTS: dict[str, tuple[bytes, bytes]] = {
    "a schema": (b"<Message>", b"<Message xmlns:s='http://www.w3.org/2001/XMLSchema-instance' s:noNamespaceSchemaLocation='%s'>"),
    "a style sheet": (b"<Message>", b"<?xml-stylesheet href='%s'?><Message>"),
    "a piece to put in": (b"<Children>", b"<Children xmlns:i='http://www.w3.org/2001/XInclude'><i:include href='%s' parse='text'/>"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), POINTS.values(), ids=list(POINTS))
def test_what_a_census_points_to_is_not_fetched(tmp_path: Path, old: bytes, new: bytes) -> None:
    """A schema, a style sheet or a piece that lies on a server is asked of nobody, and the census is read."""
    path = tmp_path / "cin.xml"
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        path.write_bytes(WHOLE.replace(old, new % b"http://127.0.0.1:%d/x" % server.getsockname()[1]))
        assert read_xml(path, census_year("2019-20")).referral.num_rows == 2
        assert read_flat([path], "cin").tables
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_census_that_is_written_to_while_it_is_read_is_refused(tmp_path: Path) -> None:
    """What is hashed is what is read: a file that changes between the two is refused, and so is a link to elsewhere."""
    path = tmp_path / "cin.xml"
    path.write_bytes(WHOLE)
    xml = open_xml(path, "cin")
    path.write_bytes(WHOLE.replace(b"C2", b"C33"))
    with pytest.raises(DataProblem, match="being written"):
        list(pieces(xml))
    link = tmp_path / "link.xml"
    link.symlink_to(path)
    with pytest.raises(DataProblem, match="link to another place"):
        open_xml(link, "cin")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_census_with_its_bytes_stirred_is_read_or_refused(data: st.DataObject) -> None:
    """Whatever is cut out, doubled or written over, the census is read or refused in plain words; nothing else is raised."""
    text = bytearray(census(*(child(f"C{n}") for n in range(6))))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        length = data.draw(st.integers(0, 60))
        put = data.draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from([b"</Child>", b"<Child>", b"<!--", b"]]>", b"&lt;", b"<![CDATA["]),
            )
        )
        text[at : at + length] = put
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "cin.xml"
        path.write_bytes(bytes(text))
        made = said = None
        try:
            made = read_xml(path, census_year("2019-20"))
        except DataProblem as problem:
            said = str(problem)
    assert (made is None) != (said is None)
    if said is not None:
        assert folder not in said
    if made is not None:
        assert made.tally.rows_in == made.tally.rows_kept + sum(made.tally.refused.values())
