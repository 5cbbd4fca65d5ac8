"""Mappings: what one may say, where it is wrong and on which line, and that a hostile one does nothing."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearthlink.errors import WrongUse
from hearthlink.sources.intake.rules import ColumnRule, Mapping
from hearthlink.sources.mapping.file_names import is_inside
from hearthlink.sources.mapping.form import LARGEST, open_mapping, read_mapping

WHOLE = """
says = "Periods and people out of one system"

[[table]]
fills = "claim_period"
file = "claims"
sheet = "S 1"
missing = ["N/K"]
only = { LIVE = "Y", TYPE = ["1", "2"] }

[table.columns]
claim_ref = "CLM REF"
address_1 = { column = ["A1", "A2"], join = ", " }
postcode = ["PC", "POST CODE"]
start_date = { column = "EFF", date = "dd/mm/yy", pivot = 30 }
end_date = { constant = "" }
hb_award = { column = "HB", unit = "pence", per = "four weeks" }

[table.columns.status]
column = "STAT"
codes = { 1 = "in_payment", 2 = "suspended", "9" = "" }

[[table]]
fills = "claim_person"

[table.columns]
claim_ref = "CLM REF"
role = { constant = "claimant" }
forename = { column = "NAME", split = "SURNAME, TITLE FORENAMES", part = "forename" }
surname = { column = "NAME", split = "SURNAME, TITLE FORENAMES", part = "surname" }
birth_date = "DOB"
disability = { column = "FIT", invert = true }
"""


def read(text: str) -> Mapping:
    return read_mapping(text.encode(), "x.toml")


def test_a_mapping_is_read_whole() -> None:
    """Every setting that a mapping has arrives as written."""
    period, person = read(WHOLE).tables
    assert (period.fills, period.file, period.sheet, period.missing) == ("claim_period", "claims", "S 1", ("N/K",))
    assert period.only == {"LIVE": ("Y",), "TYPE": ("1", "2")}
    assert period.columns["address_1"] == ColumnRule(("A1", "A2"), join=", ")
    assert period.columns["postcode"] == ColumnRule(("PC", "POST CODE"))
    assert period.columns["start_date"] == ColumnRule(("EFF",), date="dd/mm/yy", pivot=30)
    assert period.columns["hb_award"] == ColumnRule(("HB",), unit="pence", per="four weeks")
    assert period.columns["status"].codes == {"1": "in_payment", "2": "suspended", "9": ""}
    assert person.columns["surname"].part == "surname"
    assert person.columns["disability"].invert
    assert person.said_in == "x.toml"


WRONG = (
    ("no such table", 'fills = "claim_period"', 'fills = "claim_periods"', 5, "Did you mean claim_period?"),
    ("no such column", 'claim_ref = "CLM REF"', 'claim_reff = "CLM REF"', 12, "Did you mean claim_ref?"),
    ("no such setting of a column", "pivot = 30", "pivto = 30", 15, "Did you mean pivot?"),
    ("no such setting of a table", 'sheet = "S 1"', 'sheets = "S 1"', 7, "Did you mean sheet?"),
    ("no such setting at the top", 'says = "', 'say = "', 2, "Did you mean says?"),
    ("a needed column left out", 'postcode = ["PC", "POST CODE"]\n', "", 11, "where postcode comes from"),
    ("a date order that is not known", '"dd/mm/yy"', '"mm-yyyy"', 15, "not right"),
    ("two digits and no pivot", ", pivot = 30", "", 15, "A century is never guessed"),
    ("a pivot without need", '"dd/mm/yy"', '"dd/mm/yyyy"', 15, "two digits"),
    ("pence of a date", 'date = "dd/mm/yy", pivot = 30', 'unit = "pence"', 15, "an amount"),
    ("a month to a week of what is no week's", 'hb_award = { column = "HB", unit', 'capital = { column = "HB", unit', 17, "an amount a week"),
    ("a word that is not ours", '"in_payment"', '"paid"', 21, "one of ours"),
    ("a column and a constant", 'end_date = { constant = "" }', 'end_date = { constant = "", column = "E" }', 16, "one of the two"),
    ("neither", 'end_date = { constant = "" }', "end_date = { invert = false }", 16, "one of the two"),
    ("split without its part", ', part = "forename"', "", 29, "both"),
    ("invert of text", "disability =", "title =", 32, "yes or no"),
    ("written twice", 'postcode = ["PC", "POST CODE"]', 'claim_ref = "X"', 14, "written twice"),
    ("written twice as a table", "[table.columns.status]", "[table.columns]", 19, "written twice"),
    ("not TOML", 'sheet = "S 1"', "sheet = = 3", 7, "not TOML"),
    ("a number for a name", 'claim_ref = "CLM REF"\naddress', "claim_ref = 7\naddress", 12, "not right"),
    ("an expression", 'hb_award = { column = "HB", unit = "pence"', 'hb_award = { column = "HB", expression = "a + b"', 17, "no such setting"),
    ("a pattern", 'hb_award = { column = "HB", unit = "pence"', 'hb_award = { column = "HB", regex = "(a+)+$"', 17, "no such setting"),
    ("a sheet that is no text", 'sheet = "S 1"', "sheet = 0", 7, "not right"),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "words"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_is_wrong_is_told_with_its_line(old: str, new: str, line: int, words: str) -> None:
    """A mapping that says what is not understood is refused with its file, the line, and what to do."""
    assert old in WHOLE
    with pytest.raises(WrongUse) as problem:
        read(WHOLE.replace(old, new, 1))
    assert (problem.value.file, problem.value.line) == ("x.toml", line)
    assert words in str(problem.value)
    assert problem.value.remedy


def test_the_second_table_is_told_from_the_first() -> None:
    """The same word in two tables is found in the one that is wrong."""
    with pytest.raises(WrongUse) as problem:
        read(WHOLE.replace('birth_date = "DOB"', 'claim_type = "DOB"'))
    assert problem.value.line == 31


WAYS_OUT = (
    "../claims.csv", "a/../../b", "/etc/passwd", "C:/x.csv", "C:x.csv", "\\\\host\\share\\x", "..\\x", "a\\b", "a//b", "./a", "a/.", "..", "",
    " ", "x\x00y", "x\ny", "CON", "nul.csv", "a/aux.txt", "com1", "x.csv.", "x ", " x", "*.csv", "a?b", "//host/x", "~/../x", "a/ /b",
)  # fmt: skip


@pytest.mark.parametrize("name", WAYS_OUT)
def test_a_way_out_of_the_folder_is_refused(name: str) -> None:
    """No name that climbs, starts at a root or a drive, or means something else to a system is taken for a file."""
    assert not is_inside(name)
    if name.isprintable() and "\\" not in name:
        with pytest.raises(WrongUse, match="within the folder"):
            read(WHOLE.replace('"claims"', f'"{name}"'))


@pytest.mark.parametrize(
    "name", ["claims", "claims.csv", "2019/claims.csv", "Claims 2019-20 (final).xlsx", "données.csv"]
)
def test_a_plain_name_is_taken(name: str) -> None:
    """A plain name, with folders within, blanks, brackets or letters of any language, is a file's."""
    assert is_inside(name)


HOSTILE = (
    ("huge", b"says = '" + b"a" * LARGEST + b"'"),
    ("deeply nested", b"a = " + b"[" * 3_000 + b"]" * 3_000),
    ("deep in lines", b"a = " + b"[\n" * 60_000),
    ("deep tables", b"a = " + b"{a=" * 900 + b"1" + b"}" * 900),
    ("a key of very many parts", b".".join([b"a"] * 1_900) + b" = 1"),
    ("very many such keys", b"\n".join(b"k%d" % n + b".a" * 39 + b" = 1" for n in range(1_500))),
    ("not text", bytes(range(128, 256))),
    ("NUL", b"says = 'a\x00b'"),
    ("empty", b""),
    ("a table of none", b"table = []"),
    ("a table of tables", b"table = [[[]]]"),
    ("another's shape", b"[table]\nfills = 'claim_period'"),
    ("names of Python's own", b"[[table]]\nfills = '__class__'\n[table.columns]\n__init__ = 'x'"),
    ("a right-to-left mark in a name", "[[table]]\nfills = 'claim_\u202eperiod'\n[table.columns]\nx = 'y'".encode()),
    ("look-alike letters", "[[table]]\nfills = 'cl\u0430im_period'\n[table.columns]\nx = 'y'".encode()),
    ("a date where a text stands", b"[[table]]\nfills = 1979-05-27\n[table.columns]\nx = 'y'"),
    ("not a number", b"[[table]]\nfills = 'claim_period'\nsheet = nan\n[table.columns]\nx = 'y'"),
    ("a number too large", b"[[table]]\nfills = 'claim_period'\nsheet = 99999999999999999999999999\n[table.columns]\nx = 'y'"),
)  # fmt: skip


@pytest.mark.parametrize("held", [case[1] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_a_hostile_mapping_is_refused_at_once(held: bytes) -> None:
    """A mapping made to break its reader is refused in plain words, and soon."""
    begun = time.process_time()
    with pytest.raises(WrongUse) as problem:
        read_mapping(held, "x.toml")
    assert time.process_time() - begun < 5
    assert len(str(problem.value)) < 1_500


def test_headers_may_be_anything() -> None:
    """A header is only ever compared with the file's: queries, marks and letters of any kind in it do nothing."""
    headers = ['a"; DROP TABLE x;--', "__proto__", "名前", "\U0001f600", "' OR 1=1", "x" * 500]
    for header in headers:
        written = header.replace("\\", "\\\\").replace('"', '\\"')
        rules = read(WHOLE.replace('claim_ref = "CLM REF"', f'claim_ref = "{written}"', 1)).tables[0]
        assert rules.columns["claim_ref"].headers == (header,)


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    """A missing mapping is named without its folder, and how to make one is told."""
    with pytest.raises(WrongUse, match="hearthlink map") as problem:
        open_mapping(tmp_path / "none.toml")
    assert str(tmp_path) not in str(problem.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in its folders")
def test_a_mapping_that_is_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """What is no ordinary file is not opened, for it might never end."""
    os.mkfifo(tmp_path / "x.toml")
    with pytest.raises(WrongUse, match="not found"):
        open_mapping(tmp_path / "x.toml")


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_no_bytes_break_the_reader(held: bytes) -> None:
    """Whatever the bytes, the reader gives a mapping or refuses; it never fails otherwise."""
    try:
        read_mapping(held, "x.toml")
    except WrongUse as problem:
        refused = problem
    else:
        return
    assert refused.remedy


@given(st.data())
def test_no_change_of_a_mapping_breaks_the_reader(data: st.DataObject) -> None:
    """A mapping with any stretch cut out or replaced is read or refused with a remedy."""
    start, length = data.draw(st.integers(0, len(WHOLE))), data.draw(st.integers(0, 40))
    put = data.draw(st.text(alphabet="[]{}=\"'.\n\\ax1 #,", max_size=12))
    try:
        read(WHOLE[:start] + put + WHOLE[start + length :])
    except WrongUse as problem:
        refused = problem
    else:
        return
    assert refused.remedy
