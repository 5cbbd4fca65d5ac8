"""The words beside two facts, the verdict on a child, and what a card shows and holds back."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from hearthlink.errors import DataProblem
from hearthlink.review import Answer, Facts, added, require_whole
from hearthlink.review.verdicts import Verdict, verdict
from hearthlink.review.words import birth_word, name_word, place_word, sex_word
from hearthlink.tables import identity as i

DAY = date(2020, 3, 14)


@pytest.mark.parametrize(
    ("one", "other", "word"),
    [
        ("AAA", "aaa", "same"),
        ("AÁA", "AAA", "same"),
        ("O'BBB", "OBBB", "same"),
        ("AAA-BBB", "AAA BBB", "same"),
        ("AAA", "AAA BBB", "close"),
        ("SMITH", "SMYTH", "close"),
        ("AAA", "BBB", "differs"),
        ("AAA", None, "missing"),
        ("", "AAA", "missing"),
        ("?", "AAA", "missing"),
    ],
)
def test_how_names_compare(one: str | None, other: str | None, word: str) -> None:
    """Each two names have the word that a person would use, whichever comes first."""
    assert name_word(one, other) == name_word(other, one) == word


@pytest.mark.parametrize(
    ("one", "other", "word"),
    [
        (DAY, DAY, "same"),
        (date(2012, 5, 2), date(2012, 2, 5), "swapped"),
        (date(2012, 5, 2), date(2012, 5, 3), "close"),
        (date(2012, 5, 2), date(2013, 5, 2), "close"),
        (date(2012, 5, 2), date(2013, 6, 2), "differs"),
        (DAY, None, "missing"),
    ],
)
def test_how_birth_dates_compare(one: date | None, other: date | None, word: str) -> None:
    """Each two dates have their word, whichever comes first."""
    assert birth_word(one, other) == birth_word(other, one) == word


def test_how_sexes_compare() -> None:
    """The same, another, or not recorded on a side."""
    assert [sex_word(*pair) for pair in (("F", "F"), ("F", "M"), ("F", None), ("", "M"))] == [
        "same", "differs", "missing", "missing",
    ]  # fmt: skip


def place(address: str | None, postcode: str | None, uprn: str | None = None) -> dict[str, str | None]:
    return {"address": address, "postcode": postcode, "uprn": uprn}


@pytest.mark.parametrize(
    ("one", "others", "word"),
    [
        (place("1 A ST", "AA1 1AA"), [place("1 a street", "AA11AA")], "same"),
        (place("FLAT 2, 1 A ST", "AA1 1AA"), [place("1 A ST", "AA1 1AA")], "same postcode"),
        (place("1 A ST", "AA1 1AA"), [place("1 A ST", "AA1 1AB")], "differs"),
        (place("1 A ST", None), [place("1 A ST", "AA1 1AB")], "same"),
        (place("X", None, "0012"), [place("Y", None, "12")], "same"),
        (place("1 A ST", "AA1 1AA"), [place("9 Z ST", "ZZ1 1ZZ"), place("1 A ST", "AA1 1AA")], "same"),
        (place(None, None), [place("1 A ST", "AA1 1AA")], "missing"),
        (place("1 A ST", "AA1 1AA"), [], "missing"),
    ],
)
def test_how_addresses_compare(one: dict[str, str | None], others: list[dict[str, str | None]], word: str) -> None:
    """An address has the word of the likest on the other side."""
    assert place_word(one, others) == word


M, N, U = Answer.MATCH, Answer.NO_MATCH, Answer.NOT_SURE


@pytest.mark.parametrize(
    ("linked", "reading", "wanted"),
    [
        ("H1", {"H1": M, "H2": N}, Verdict.RIGHT),
        ("H1", {"H1": M, "H2": M}, Verdict.RIGHT),
        ("H1", {"H1": N, "H2": M}, Verdict.ELSEWHERE),
        ("H1", {"H1": U, "H2": M}, Verdict.ELSEWHERE),
        ("H1", {"H1": N, "H2": N}, Verdict.NOWHERE),
        ("H1", {"H1": U, "H2": N}, Verdict.RIGHT_OR_NOT),
        ("H1", {"H1": N, "H2": U}, Verdict.THERE_OR_NOT),
        (None, {"H1": M, "H2": N}, Verdict.ELSEWHERE),
        (None, {"H1": N, "H2": N}, Verdict.NOWHERE),
        (None, {"H1": N, "H2": U}, Verdict.THERE_OR_NOT),
    ],
)
def test_the_verdict_on_a_child(linked: str | None, reading: dict[str, Answer], wanted: Verdict) -> None:
    """What a reading of every household shown says of the answer that linkage gave."""
    assert verdict(linked, reading) is wanted


def facts(*, restricted: bool = False, kind: str = "home") -> Facts:
    child: dict[str, object] = {
        "child_id": "c", "child_key": 1, "forename": "AAA", "surname": "BBB", "birth_date": DAY,
        "birth_date_estimated": False, "sex": "F", "restricted": restricted, "unborn": False,
    }  # fmt: skip
    address: dict[str, object] = {"child_id": "c", "address": "1 CCC ST", "postcode": "AA1 1AA", "address_kind": kind}
    home: dict[str, object] = {"household_id": "h", "address": "1 CCC ST", "postcode": "AA1 1AA"}
    rows: dict[str, tuple[object, list[dict[str, object]]]] = {
        "child_identifier": (i.CHILD_IDENTIFIER, [child]),
        "child_address": (i.CHILD_ADDRESS, [address]),
        "child_adult": (i.CHILD_ADULT, []),
        "child_referral": (i.CHILD_REFERRAL, [{"child_id": "c", "referral_date": DAY}]),
        "household_member": (i.HOUSEHOLD_MEMBER, []),
        "household_residence": (i.HOUSEHOLD_RESIDENCE, [home]),
    }
    tables = {name: pa.Table.from_pylist(given, schema=spec.schema) for name, (spec, given) in rows.items()}  # pyright: ignore[reportAttributeAccessIssue]
    return Facts(tables, ["c"], ["h"])


@pytest.mark.parametrize(
    ("restricted", "kind", "shown"),
    [
        (False, "home", True),
        (True, "home", False),
        (False, "refuge", False),
        (False, "Women's Refuge", False),
        (False, "confidential", False),
    ],
)
def test_a_locked_address_and_a_refuge_are_not_shown(*, restricted: bool, kind: str, shown: bool) -> None:
    """Where the record is locked or the address a refuge, neither side's address is on the card, nor how they compare."""
    card = facts(restricted=restricted, kind=kind).card("c", "h")
    text = "\n".join(f"{line.child} {line.household}" for line in card.lines)
    assert (text.count("CCC") == 2) is shown
    assert (text.count("address withheld") == 2) is not shown
    assert [line.word for line in card.lines if line.label == "Address"] == (["same"] if shown else [""])


def decisions() -> pa.Table:
    table = i.DECISION.empty()
    for household, answer in (("H1", M), ("H2", N), ("H3", U)):
        table = added(table, child_id="c", household_id=household, answer=answer, reviewer="AB", day=DAY)
    return table


def test_decisions_are_a_chain() -> None:
    """Rows as they were added are whole; one changed, taken out or moved is named by its number."""
    whole = decisions()
    require_whole(whole)
    rows = whole.to_pylist()
    spoilt = {
        2: [rows[0], rows[1] | {"answer": "match"}, rows[2]],
        1: rows[1:],
        3: [rows[0], rows[1], rows[2] | {"reviewer": "CD"}],
    }
    for line, given in spoilt.items():
        with pytest.raises(DataProblem) as fault:
            require_whole(pa.Table.from_pylist(given, schema=i.DECISION.schema))
        assert fault.value.line == line
