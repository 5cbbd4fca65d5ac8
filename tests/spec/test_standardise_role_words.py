"""Roles in whatever words: known ones, and unknown ones that the births of their people tell."""

from __future__ import annotations

import pyarrow as pa
import pytest

from hearthlink.standardise.given import given
from hearthlink.standardise.persons import prepared
from hearthlink.standardise.role_words import roles

Row = dict[str, str]

WORDS = [
    ("CHILD", "child"), ("Young Person", "child"), ("Subject", "child"), ("Referred child", "child"), ("Son/Daughter", "child"),
    ("Daur", "child"), ("Granddaughter", "child"),
    ("DEP", "dependant"), ("Dependant 2", "dependant"), ("Qualifying young person", "dependant"), ("Joint applicant", "partner"),
    ("Claimant\u2019s partner", "partner"), ("Carer 1", "other"), ("PARENT2", "other"), ("Child's mother", "other"), ("Mother-in-law", "other"),
    ("Non dep", "non_dependant"), ("Non-dependant son", "non_dependant"), ("Child (non dependant 1)", "non_dependant"), ("xyz", "other"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "role"), WORDS)
def test_a_role_is_known_by_its_word(word: str, role: str) -> None:
    """Words that files use for a role find ours, in any case and with a number after them; others are other."""
    side = given(pa.table({"person_id": ["1"], "role": [word]}), "left")
    assert roles(side.text("role")).to_pylist() == [role]


def rows(which: str, words: dict[str, int], each: int = 12) -> list[Row]:
    """People of each role, born in its year."""
    return [
        {"person_id": f"{which}{word}{n}", "family_id": f"{which}{n}", "household_id": f"{which}{n}", "role": word,
         "birth_date": f"{year + n % 5}-05-{n + 1:02}"}
        for word, year in words.items()
        for n in range(each)
    ]  # fmt: skip


def linked(left: list[Row], right: list[Row]) -> tuple[set[tuple[str, str]], set[str], tuple[str, ...]]:
    """The roles of the right by their own words, the words of the left that are linked, and what is said of roles."""
    made = prepared(*(pa.Table.from_pylist(side) for side in (left, right)))
    word = {row["person_id"]: row["role"] for row in (*left, *right)}
    people = made.tables["person"].select(["side", "record_id", "role"]).to_pylist()
    listed = {(word[row["record_id"]], row["role"]) for row in people if row["side"] == "member"}
    children = {word[row["record_id"]] for row in people if row["side"] == "child"}
    return listed, children, tuple(sentence for sentence in made.said if sentence.startswith("roles"))


def test_births_tell_what_a_strange_word_means() -> None:
    """Words nobody knows stand for children where nearly all who bear them were born late, else for adults; it is said how many."""
    strange = {"J": 2012, "K": 1980}
    listed, children, said = linked(rows("L", strange), rows("R", strange))
    assert (listed, children) == ({("J", "dependant"), ("K", "other")}, {"J"})
    assert said == tuple(
        f"roles on the {which}: 1 word taken for {whom}, as the birth dates say"
        for which in ("left", "right")
        for whom in ("children", "adults")
    )


def test_a_file_of_an_earlier_day_has_children_born_earlier() -> None:
    """Where a file calls people children who were born years before the other's, those of its strange words are children by their side."""
    right = rows("R", {"child": 2021, "claimant": 1990})
    assert linked(rows("L", {"son": 2000, "J": 2000, "K": 1975}), right)[1] == {"son", "J"}
    assert linked(rows("L", {"J": 2000, "K": 1975}), right)[1] == {"J", "K"}


def test_known_words_give_way_only_where_no_word_is_a_childs() -> None:
    """A left whose children stand as its file's `self` has them linked; beside a word for a child that one is an adult."""
    right = rows("R", {"child": 2012, "claimant": 1980})
    assert linked(rows("L", {"self": 2012, "mother": 1980}), right)[1] == {"self"}
    assert linked(rows("L", {"child": 2012, "self": 2012, "mother": 1980}), right)[1] == {"child"}


def test_without_births_all_but_known_adults_are_linked() -> None:
    """Where neither word nor birth tells of a child, those of unknown words are linked and adults are not."""
    left = [{"person_id": str(n), "role": role} for n, role in enumerate(["Q", "mother", "father"])]
    right = [{"person_id": "R", "household_id": "H", "role": "claimant"}]
    _, children, said = linked(left, right)
    assert (children, said[0]) == ({"Q"}, "roles on the left: 1 word not known, taken for anybody")
    assert linked([*left, {"person_id": "E", "role": ""}], right)[1:] == (
        {"Q", ""},
        (said[0], "roles on the left: none of a child, so those whose role is not known are linked"),
    )
    _, children, said = linked([*left, {"person_id": "C", "role": "child"}], right)
    assert (children, said) == ({"child"}, ("roles on the left: 1 word not known, taken for adults",))


def test_one_role_for_everybody_is_none() -> None:
    """A right that calls children and adults alike by one word says nothing by it; one of children alone does."""
    left = rows("L", {"child": 2012})
    mixed = rows("R", {"dependant": 2012}) + [
        row | {"person_id": f"A{n}"} for n, row in enumerate(rows("R", {"dependant": 1980}))
    ]
    listed, _, said = linked(left, mixed)
    assert listed == {("dependant", "other")}
    assert "roles on the right: one for children and adults alike, taken as none" in said
    assert linked(left, rows("R", {"dependant": 2012}))[0] == {("dependant", "dependant")}
