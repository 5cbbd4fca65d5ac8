"""Plain children read by column are the same as read by the parser, whatever is written, and whatever is done to it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearthlink.errors import DataProblem
from hearthlink.sources.census import cin_parse
from hearthlink.sources.census.cin_blocks import CHILD, LEAF, Block
from hearthlink.sources.census.cin_bytes import open_xml
from hearthlink.tables.census import FLAT

BLANKS = st.sampled_from(["", "", "", "\n", "  ", "\n\t", "\r\n", "stray"])
VALUES = st.sampled_from(
    [
        "",
        "a",
        "N1",
        " N1 ",
        "2019-06-10",
        "two words",
        "two\r\nlines",
        "\n",
        "x" * 1001,
        "&#65;",
        "&lt;",
        "é",
        "a>b",
        "]]>",
    ]
)


@st.composite
def block(draw: st.DrawFn, name: str, what: Block) -> str:
    """An element of the schema with some of what it may hold, in any order and number, and now and then with what it may not."""
    if what is LEAF or what.item:
        value = draw(VALUES)
        return f"<{name}/>" if value == "" and draw(st.booleans()) else f"<{name}>{value}</{name}>"
    inner = list(what.holds.items())
    picked = draw(st.lists(st.sampled_from(inner), max_size=5)) if inner else []
    parts = [draw(block(inside, one)) + draw(BLANKS) for inside, one in picked]
    if draw(st.integers(0, 30)) == 0:
        parts.append(
            draw(
                st.sampled_from(
                    [
                        "<Odd>1</Odd>",
                        "<Child/>",
                        "<!-- c -->",
                        "<![CDATA[x]]>",
                        "<?p i?>",
                        "<UPN a='1'>1</UPN>",
                        "<Sex >1</Sex>",
                    ]
                )
            )
        )
    return f"<{name}>{draw(BLANKS)}{''.join(parts)}</{name}>"


@st.composite
def file(draw: st.DrawFn) -> bytes:
    children: list[str] = []
    for _ in range(draw(st.integers(0, 6))):
        parts = [draw(block(name, what)) for name, what in CHILD.holds.items()]
        if draw(st.integers(0, 6)) == 0:
            parts = draw(st.permutations(parts))[draw(st.integers(0, 2)) :]
        children.append(f"<Child>{draw(BLANKS)}{''.join(parts)}</Child>")
    text = (
        "<?xml version='1.0'?>\n<Message><Children>\n"
        + "".join(child + draw(BLANKS) for child in children)
        + "</Children>\n</Message>"
    )
    data = bytearray(text.encode())
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        at = draw(st.integers(0, len(data) - 1))
        data[at : at + draw(st.integers(0, 12))] = draw(
            st.sampled_from([b"", b"<", b">", b"/", b"&", b"<Child>", b"</Child>", b"]]>", b"\x01", b"<!--"])
        )
    return bytes(data)


def told(path: Path, *, parts: int) -> tuple[object, ...]:
    """Every row of every flat table, and what was noted; or the words and the line of the refusal."""
    counts: Counter[str] = Counter()
    before = cin_parse.BATCH
    cin_parse.BATCH = parts
    try:
        made = list(cin_parse.batches(open_xml(path, "cin"), counts))
    except DataProblem as problem:
        return problem.what, problem.line
    finally:
        cin_parse.BATCH = before
    rows = {table: [row for batch in made for row in batch.tables[table].to_pylist()] for table in FLAT}
    return sum(batch.children for batch in made), rows, {note: count for note, count in counts.items() if count}


@settings(max_examples=150, deadline=None)
@given(data=file(), parts=st.sampled_from([1, 300, 1 << 20]))
def test_both_ways_of_reading_tell_the_same(data: bytes, parts: int) -> None:
    """Rows, lines, ordinals and notes are alike, and so is the refusal; however the file is parted."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "cin.xml"
        path.write_bytes(data)
        by_column = told(path, parts=parts)
        patch.setattr(cin_parse, "scan", lambda *_, **__: None)
        assert by_column == told(path, parts=1 << 20)


def test_plain_children_are_read_by_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What systems write does go the quick way: the test above would else compare the parser with itself."""
    from made_extracts import census, child

    read: list[bool] = []
    quick = cin_parse.scan

    def watched(text: bytes, **given: Any) -> object:
        made = quick(text, **given)
        read.append(made is not None)
        return made

    monkeypatch.setattr(cin_parse, "scan", watched)
    path = tmp_path / "cin.xml"
    path.write_bytes(census(child("C1"), child("C2")))
    assert [batch.children for batch in cin_parse.batches(open_xml(path, "cin"), Counter())][0:1]
    assert read == [True]
