"""Whole names in one column, parted in the order that the other file's names tell."""

from __future__ import annotations

import pyarrow as pa
import pytest
from made_match import NAMES

from hearthlink.standardise.given import Given, given
from hearthlink.standardise.whole_names import with_names_parted

FIRST, LAST = NAMES[:30], [f"{name}SEN" for name in NAMES[30:60]]


def side(which: str, **columns: list[str]) -> Given:
    """A file of some columns."""
    rows = len(next(iter(columns.values())))
    return given(pa.table({"person_id": [str(n) for n in range(rows)], **columns}), which)


def first_row(sides: list[Given]) -> tuple[str, str]:
    return tuple(sides[0].text(name)[0].as_py() for name in ("forename", "surname"))


WRITTEN = [
    ("forename", "{0} {1}", (FIRST[0], LAST[0]), "surnames on the left: none, so the last word of each forename is taken for one"),
    ("forename", "{1} {0}", (FIRST[0], LAST[0]), "surnames on the left: none, so the first word of each forename is taken for one"),
    ("surname", "{0} Q {1}", (f"{FIRST[0]} Q", LAST[0]), "forenames on the left: none, so all but the last word of each surname are taken for them"),
    ("surname", "{1} {0}", (FIRST[0], LAST[0]), "forenames on the left: none, so all but the first word of each surname are taken for them"),
    ("surname", "{1} de {1}", (None, f"{LAST[0]} de {LAST[0]}"), None), ("surname", "{1}, {0}", (None, f"{LAST[0]}, {FIRST[0]}"), None),
]  # fmt: skip


@pytest.mark.parametrize(("column", "form", "parted", "words"), WRITTEN)
def test_the_other_file_tells_which_word_is_the_surname(
    column: str, form: str, parted: tuple[str, str], words: str | None
) -> None:
    """Forename and surname stand apart whichever comes first, and it is said; family names of several words stay whole, and so do commas."""
    whole = [form.format(*names) for names in zip(FIRST, LAST, strict=True)]
    sides, said = with_names_parted([side("left", **{column: whole}), side("right", forename=FIRST, surname=LAST)])
    assert first_row(sides) == parted
    assert said == ([words] if words else [])


@pytest.mark.parametrize("column", ["forename", "surname"])
def test_a_single_word_among_whole_names_stays_in_its_column(column: str) -> None:
    """Of a name of one word nothing says that it is of the other kind; one with a comma is parted by that later."""
    whole = [f"{one} {other}" for one, other in zip(FIRST, LAST, strict=True)]
    whole[:2] = ["Aaa", "Bbb, Ccc"]
    sides, _ = with_names_parted([side("left", **{column: whole}), side("right", forename=FIRST, surname=LAST)])
    assert sides[0].text(column).to_pylist()[:2] == ["Aaa", "Bbb, Ccc"]


def test_alone_the_last_word_of_a_forename_is_the_surname() -> None:
    """With no other names to hold against, a column of forenames of several words has its last word taken; one of surnames is left."""
    sides, said = with_names_parted([side("left", forename=["Aaa Bbb Ccc"]), side("right", surname=["Aaa Bbb"])])
    assert first_row(sides) == ("Aaa Bbb", "Ccc")
    assert sides[1].text("surname").to_pylist() == ["Aaa Bbb"]
    assert len(said) == 1


def test_both_columns_stay_as_they_are() -> None:
    """Where both columns are given nothing is parted, however many words they hold."""
    sides, said = with_names_parted([side("left", forename=["Aaa Bbb"], surname=["Ccc Ddd"])])
    assert (first_row(sides), said) == (("Aaa Bbb", "Ccc Ddd"), [])
