"""Files of money with anything in their cells: every row accounted for, nothing crashes, and no order of rows matters."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_money import handles, keys, read, rows_of

from hearthlink.errors import DataProblem
from hearthlink.sources.money.homelessness_xml import open_return
from hearthlink.sources.money.received import FOLDERS, Money
from hearthlink.sources.reading.receipts import Tally
from hearthlink.sources.reading.years import census_year

TRIALS = int(os.environ.get("PROVE_COUNT", "0")) or 10
"""Sets of files to try; more where `dev.py prove` asks for the full count."""

FEW = settings(
    max_examples=TRIALS, deadline=None, derandomize=not os.environ.get("PROVE_COUNT"),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
HANDLES = handles(
    claim=[("R1", "H1"), ("R2", "H2"), ("R2", "H3")], account=[("R1", "H3")], upn=[("A123456789012", "C1")]
)

SAID: Mapping[str, tuple[str, ...]] = {
    "ref": ("R1", "R2", "r-1", "0", "H1", "zz"),
    "name": ("AAA", "Smith", "BROWN", "Ddd", "eee", "Ccc", "SMITH", "-", "O'Jones", "GREEN, MR GGG"),
    "date": ("2019-05-01", "2018-02-28", "1985-02-01", "2012-05-03", "1980-06-05", "2011-08-07", "2020-02-29", "2099-12-31", "31/12/2019", "9999-12-31", "0001-01-01", "x"),
    "home": ("ZZ1 1AA", "ZZ1 1AB", "1001", "1002", "0", "not known"),
    "money": ("0", "100", "-5.50", "1e9", "999999999999", "£1,200.00", "12 CR", "many"),
    "whole": ("0", "1", "48", "-3", "999999999999999999", "two"),
    "word": ("Eviction", "month", "B&B", "liability order", "stop", "yes", "Q9", "TFSM", "none"),
}  # fmt: skip


def kind_of(name: str) -> str:
    """Which of the cells above a column may hold."""
    parts = (
        ("ref", ("_ref", "nino", "upn")), ("date", ("_date", "day", "temporary_start", "temporary_end", "_from")),
        ("name", ("name",)), ("home", ("postcode", "uprn", "address")),
        ("whole", ("children", "bedrooms", "weeks", "year")),
        ("word", ("kind", "reason", "stage", "notice", "duty", "outcome", "tenure", "sex", "period", "area", "protected", "category", "country", "relationship")),
    )  # fmt: skip
    return next((kind for kind, ends in parts if any(end in name for end in ends)), "money")


@st.composite
def files(draw: st.DrawFn) -> dict[str, list[dict[str, str]]]:
    """A file of each intake table of money, with up to six rows and any of its columns."""
    made: dict[str, list[dict[str, str]]] = {}
    for folder, tables in FOLDERS.items():
        for table in tables:
            must = [column.name for column in table.columns if column.required]
            may = draw(st.sets(st.sampled_from([c.name for c in table.columns if c.name not in must] or [""])))
            cells = {name: st.sampled_from(("", *SAID[kind_of(name)])) for name in (*must, *sorted(may - {""}))}
            row = st.fixed_dictionaries({"unread": st.just("x"), **cells})
            rows = draw(st.lists(row, min_size=1, max_size=6))
            made[f"{folder}/{table.stems[0]}.csv"] = rows
    return made


def read_all(made: Mapping[str, list[dict[str, str]]], seed: int = 1) -> Money:
    with tempfile.TemporaryDirectory() as folder:
        return read(
            Path(folder), dict(made), handles=HANDLES, new_key=keys(seed), year=census_year("2019-20"), link_alone=True
        )


@FEW
@given(files())
def test_whatever_stands_in_the_cells_every_row_is_accounted_for(made: dict[str, list[dict[str, str]]]) -> None:
    """Rows kept and set aside add up, file by file; tables come out as specified; and another order of rows gives the same."""
    money = read_all(made)
    counted: dict[str, Tally] = {tally.file: tally for tally in money.tallies}
    for path, rows in made.items():
        tally = counted[Path(path).name]
        assert tally.rows_in == len(rows)
        assert 0 <= tally.rows_kept <= tally.rows_in
        assert all(n >= 0 for n in (*tally.refused.values(), *tally.notes.values()))
    other = read_all({path: rows[::-1] for path, rows in made.items()}, seed=2)
    for name in money.tables:
        assert rows_of(money, name) == rows_of(other, name)


XML_PIECES = st.sampled_from(
    ("<Main>", "</Main>", "<Case CaseID='1'>", "</Case>", "<People>", "</People>", "<CaseReference>K1</CaseReference>", "<A/>", "text", "&amp;", "<DateOfBirth>1</DateOfBirth>", "<!-- -->", "<![CDATA[x]]>", "\x00", "<?pi?>", "&e;")
)  # fmt: skip


@FEW
@given(st.lists(XML_PIECES, max_size=30), st.booleans())
def test_any_xml_is_a_return_or_is_refused(pieces: list[str], wrapped: bool) -> None:
    """A file of the right or the wrong pieces is read, or refused as bad data, and never otherwise."""
    text = "".join(pieces)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hclic.xml"
        path.write_bytes((f"<R>{text}</R>" if wrapped else text).encode())
        try:
            tables = open_return(path)
        except DataProblem:
            return
    for tabular in tables.values():
        sheet = tabular.read({name: place for place, name in enumerate(tabular.headers)})
        assert sheet.rows_in == sheet.table.num_rows > 0


@pytest.mark.parametrize("times", [20_000])
def test_a_long_return_takes_time_in_step(times: int, tmp_path: Path) -> None:
    """Many people in one section of one case are read in time that goes with their number, so that no file makes it hang."""
    rows = "<Row><Forename>A</Forename></Row>" * times
    path = tmp_path / "hclic.xml"
    path.write_text(f"<R><Case CaseID='1'><Main><D>1</D></Main><People>{rows}</People></Case></R>", encoding="utf-8")
    person = open_return(path)["homelessness_person"]
    assert person.read({"forename": person.headers.index("forename")}).rows_in == times
