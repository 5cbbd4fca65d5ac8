"""Names in each other's column in some rows, and files that hold initials alone: what is compared, and that it is said."""

from __future__ import annotations

import pyarrow as pa
import pytest
from made_match import NAMES

from hearthlink.standardise.given import Given, given
from hearthlink.standardise.name_order import each_in_order
from hearthlink.standardise.person_names import all_names

FIRST, LAST = NAMES[:10] * 6, [f"{name}SEN" for name in NAMES[10:20]] * 6


def side(which: str, turned: int) -> Given:
    """A file of sixty people, the first of them with names in each other's column."""
    rows = [(LAST[n], FIRST[n]) if n < turned else (FIRST[n], LAST[n]) for n in range(len(FIRST))]
    forename, surname = zip(*rows, strict=True)
    return given(
        pa.table({"person_id": [str(n) for n in range(len(rows))], "forename": forename, "surname": surname}), which
    )


@pytest.mark.parametrize(("turned", "said"), [(0, []), (2, []), (6, ["10%"])])
def test_names_in_each_others_column_are_turned_in_their_rows(turned: int, said: list[str]) -> None:
    """A row whose names are both nearly always the other kind is turned, the others stay; where rows are many it is said."""
    sides, words = each_in_order((side("left", 0), side("right", turned)))
    assert [one.text("forename").to_pylist() for one in sides] == [FIRST, FIRST]
    assert [one.text("surname").to_pylist() for one in sides] == [LAST, LAST]
    assert [share in sentence for sentence, share in zip(words, said, strict=True)] == [True] * len(said)


def test_names_that_stand_in_one_place_alone_stay() -> None:
    """Names that occur once, or as often in either place, say nothing of each other."""
    rows = {"person_id": ["1", "2"], "forename": ["AAA", "BBB"], "surname": ["BBB", "AAA"]}
    sides, words = each_in_order((given(pa.table(rows), "left"), given(pa.table(rows), "right")))
    assert sides[0].text("forename").to_pylist() == ["AAA", "BBB"]
    assert words == []


@pytest.mark.parametrize(
    ("forename", "surname", "stays"), [("KOS", "ZAL", False), ("ZAL", "KOS", True), ("KOS", "MER", True)]
)
def test_the_surname_of_the_home_tells_which_name_is_whose(forename: str, surname: str, stays: bool) -> None:
    """A row whose forename is its home's surname and whose surname nobody there bears is turned, however rare its names; others stay."""
    rows = [("AAA", "KOS"), ("BBB", "KOS"), ("CCC", "MER"), ("DDD", "MER"), (forename, surname)]
    people = [
        {"person_id": f"{n}", "household_id": "1", "forename": one, "surname": other}
        for n, (one, other) in enumerate(rows)
    ]
    elsewhere = [{"person_id": "x", "household_id": "2", "forename": "EEE", "surname": "FFF"}]
    sides, _ = each_in_order(
        (given(pa.Table.from_pylist(elsewhere), "left"), given(pa.Table.from_pylist(people), "right"))
    )
    assert sides[1].text("forename").to_pylist()[-1] == (forename if stays else surname)


@pytest.mark.parametrize(("initials", "compared"), [(40, "K"), (20, "KAL")])
def test_beside_a_file_of_initials_forenames_are_their_initials(initials: int, compared: str) -> None:
    """Where most forenames of one file are initials the other's are compared by theirs, and it is said; where fewer are, in full."""
    short = ["K" if n < initials else "KAL" for n in range(60)]
    sides = [
        given(
            pa.table({"person_id": [str(n) for n in range(60)], "forename": forename, "middle_names": ["MOR"] * 60}),
            which,
        )
        for which, forename in (("left", ["KAL"] * 30 + ["KOS"] * 30), ("right", short))
    ]
    names, said = all_names(sides)
    assert names[0].forename[0].as_py() == compared
    assert names[0].forenames[0].as_py() == ("K M" if compared == "K" else "KAL MOR")
    words = "forenames on the right: mostly initials, so the other's are compared by theirs"
    assert (words in said) is (compared == "K")
