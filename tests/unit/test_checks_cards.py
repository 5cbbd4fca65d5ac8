"""Every card is tested by its own examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pyarrow as pa
import pytest

from hearthlink.checks import CARDS, Card, Example, Severity, check, findings, question
from hearthlink.checks.card import EXAMPLE_END, EXAMPLE_START
from hearthlink.engine import Engine, open_engine
from hearthlink.errors import OurFault
from hearthlink.tables import Kind, TableSpec
from hearthlink.tables.content import CONTENT_TABLES
from hearthlink.tables.identity import IDENTITY_TABLES
from hearthlink.tables.money import MONEY_TABLES
from hearthlink.tables.record import FINDING, JOIN_RATE, RECEIPT

SPECS = {spec.name: spec for spec in (*IDENTITY_TABLES, *CONTENT_TABLES, *MONEY_TABLES, JOIN_RATE, RECEIPT)}
NEUTRAL: dict[Kind, object] = {
    Kind.TEXT: "",
    Kind.WHOLE: 0,
    Kind.NUMBER: 0.0,
    Kind.DATE: date(2019, 6, 1),
    Kind.FLAG: False,
    Kind.TEXTS: [],
    Kind.WHOLES: [],
}
BOTH = [
    pytest.param(card, example, id=f"{card.code}-{word}")
    for card in CARDS
    for word, example in (("passes", card.passing), ("fails", card.failing))
]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """An engine for the whole file."""
    with open_engine(threads=1) as opened:
        yield opened


def filled(spec: TableSpec, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """The rows with what is not given left empty, or neutral where something must stand."""
    neutral = {column.name: NEUTRAL[column.kind] if column.required else None for column in spec.columns}
    return spec.conform(pa.Table.from_pylist([neutral | dict(row) for row in rows], schema=spec.schema))


def of_card(engine: Engine, card: Card, example: Example) -> dict[str, object]:
    tables = {name: filled(SPECS[name], example.rows.get(name, ())) for name in card.tables}
    return findings(engine, tables, (card,), year_start=EXAMPLE_START, year_end=EXAMPLE_END).to_pylist()[0]


@pytest.mark.parametrize(("card", "example"), BOTH)
def test_a_card_counts_its_own_examples(engine: Engine, card: Card, example: Example) -> None:
    """Each card looks at, and finds, as many records of its two examples as it says."""
    row = of_card(engine, card, example)
    assert (row["looked_at"], row["found"]) == (example.looked_at, example.found)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.code)
def test_a_card_knows_what_it_is_about(card: Card) -> None:
    """A card's columns exist, its query reads its tables, its examples differ in what they find, and hold no other tables."""
    for column in card.about:
        table, name = column.split(".")
        assert name in SPECS[table].names
    assert all(table in card.sql for table in card.tables)
    assert (card.passing.found, card.failing.found > 0) == (0, True)
    assert {*card.passing.rows, *card.failing.rows} <= set(card.tables)
    assert set(card.tables) < set(question(card).reads)


def test_codes_are_unique() -> None:
    """No two cards share a code."""
    assert len({card.code for card in CARDS}) == len(CARDS)


def test_cards_speak_to_a_reader() -> None:
    """A card says what it found in words that begin a sentence, and its remedy is a sentence."""
    for card in CARDS:
        assert card.says[0].isupper(), card.code
        assert not card.says.endswith("."), card.code
        assert card.remedy.endswith((".", "?")), card.code


def test_all_cards_on_empty_tables(engine: Engine) -> None:
    """With no record at all, every card has its row, and only the series of awards is found wanting."""
    empty = {name: spec.empty() for name, spec in SPECS.items()}
    found = check(engine, empty, year_start=EXAMPLE_START, year_end=EXAMPLE_END)
    assert found.schema == FINDING.schema
    assert found.column("code").to_pylist() == [card.code for card in CARDS]
    assert {row["code"] for row in found.to_pylist() if row["found"]} == {"months_without_awards"}


def test_findings_hold_no_value(engine: Engine) -> None:
    """A finding's words are the card's words: nothing out of a record is in them."""
    written = {text for card in CARDS for text in (card.code, card.severity.value, card.says, card.remedy)}
    for card in CARDS:
        row = of_card(engine, card, card.failing)
        assert {row["code"], row["severity"], row["says"], row["remedy"]} <= written


def test_a_missing_table_is_our_fault(engine: Engine) -> None:
    """A table that a card needs and is not given stops with its name."""
    with pytest.raises(OurFault, match="award"):
        check(
            engine,
            {name: spec.empty() for name, spec in SPECS.items() if name != "award"},
            year_start=EXAMPLE_START,
            year_end=EXAMPLE_END,
        )


def test_what_stops_is_few() -> None:
    """Most cards ask someone to look: only what would make the answer wrong stops a run."""
    stops = {card.code for card in CARDS if card.severity is Severity.STOPS}
    assert stops == {
        "few_children_join",
        "referred_but_unknown",
        "child_twice",
        "member_without_household",
        "award_without_household",
        "nobody_referred",
        "referred_outside_year",
        "every_child_birth_date_missing",
        "every_member_birth_date_missing",
        "every_member_name_missing",
        "months_without_awards",
    }
