"""Sex in whatever words and codes: known ones, and others that forenames tell."""

from __future__ import annotations

import pyarrow as pa
import pytest

from hearthlink.standardise.given import given
from hearthlink.standardise.sex_codes import sexes, told_sexes

WORDS = [
    ("Female", "F"), ("girl", "F"), ("2", "F"), ("02", "F"), ("2 - Female", "F"), ("F.", "F"), ("Mujer", "F"), ("weiblich", "F"), ("F\u00e9minin", "F"),
    ("M", "M"), ("1", "M"), ("Male (as recorded)", "M"), ("Masc", "M"), ("m\u00e4nnlich", "M"), ("Female / Male", None), ("U", None), ("9", None), ("", None),
]  # fmt: skip

NAMES = [f"{'AB'[n % 2]}{n % 26}" for n in range(156)]
"""Names that begin with A are girls', those with B boys'."""


@pytest.mark.parametrize(("word", "sex"), WORDS)
def test_a_sex_is_known_by_its_word(word: str, sex: str | None) -> None:
    """Words, letters and codes in use find F and M; a text that says both, or neither, is empty."""
    side = given(pa.table({"person_id": ["1"], "sex": [word]}), "left")
    assert sexes(side.text("sex")).to_pylist() == [sex]


def told(
    left: tuple[str, str], right: tuple[str, str], names: list[str] = NAMES
) -> tuple[set[str | None], set[str | None], list[str]]:
    """What girls are on the left and on the right, where either file writes girls and boys so; and what is said."""
    sides = [
        given(
            pa.table({"person_id": [str(n) for n in range(len(names))], "sex": [codes["B" in name] for name in names]}),
            which,
        )
        for which, codes in (("left", left), ("right", right))
    ]
    made, said = told_sexes(sides, [pa.chunked_array([names])] * 2)
    girls = [
        {sex for name, sex in zip(names, column.to_pylist(), strict=True) if name.startswith("A")} for column in made
    ]
    return girls[0], girls[1], said


CODES = [
    (("0", "1"), ("F", "M")), (("1", "0"), ("F", "M")), (("K", "M"), ("F", "M")), (("M", "H"), ("female", "male")), (("M", "V"), ("2", "1")),
    (("True", "False"), ("F", "M")),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), CODES)
def test_forenames_tell_codes_that_no_rule_knows(left: tuple[str, str], right: tuple[str, str]) -> None:
    """Two codes are the sexes that the other file gives to their forenames, though one of them looks like another word."""
    assert told(left, right) == ({"F"}, {"F"}, [])


def test_codes_of_both_files_are_compared_as_they_are() -> None:
    """The same two unknown codes on both sides mean the same there; two on one side, with names of no sex, are named and not compared."""
    one, other, said = told(("P", "Q"), ("P", "Q"))
    assert one == other != {None}
    assert said == []
    for left in (("P", "Q"), ("K", "M")):
        assert told(left, ("R", "S"))[2] == [
            f"sex on the {which}: in codes not known, not compared" for which in ("left", "right")
        ]


@pytest.mark.parametrize("codes", [("F", "U"), ("M", "Not known"), ("F", "Female")])
def test_one_sex_alone_is_not_two(codes: tuple[str, str]) -> None:
    """One sex and a word for none, or two words for one sex, are not the two sexes though both files have them; it is said."""
    assert told(codes, codes) == ({None}, {None}, [f"sex on the {which}: all one value" for which in ("left", "right")])


def test_codes_that_two_files_use_the_other_way_round_are_turned() -> None:
    """Where nearly all forenames of one sex are those of the other on the right, its sexes change places, and it is said."""
    one, other, said = told(("1", "2"), ("F", "M"))
    assert one == other
    assert said == ["sex on the right: the codes stand for each other's sex, and are taken so"]


def test_few_forenames_turn_nothing() -> None:
    """A handful of names that disagree says nothing of the codes."""
    one, other, said = told(("M", "F"), ("F", "M"), NAMES[:10])
    assert (one, other, said) == ({"M"}, {"F"}, [])
