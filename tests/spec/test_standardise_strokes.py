"""What a stroke before a street stands for, told by the flats that are written in words."""

from __future__ import annotations

import pyarrow as pa
import pytest

from hearthlink.standardise.given import given
from hearthlink.standardise.homes import homes
from hearthlink.standardise.strokes import Stroke, told_stroke, without_stroke

FLATS = range(11, 31)


def strokes(form: str) -> pa.ChunkedArray:
    """Flats of number 5 as they are written in short."""
    return pa.chunked_array([[form.format(flat=flat, house=5) for flat in FLATS]])


def spelt(many: int) -> pa.ChunkedArray:
    """Some of the same flats in words."""
    return pa.chunked_array([[f"Flat {flat}, 5 High St, Town" for flat in FLATS][:many]])


@pytest.mark.parametrize(
    ("form", "many", "told"),
    [
        ("{flat}/{house} High Street, Town", 20, Stroke.FLAT_FIRST),
        ("{house}/{flat} HIGH ST", 20, Stroke.HOUSE_FIRST),
        ("{house} / {flat} high st", 5, Stroke.HOUSE_FIRST),
        ("{flat}/{house} High Street, Town", 4, None),
        ("{flat}/{house} Low Street, Town", 20, None),
        ("{flat} High Street, Town", 20, None),
    ],
)
def test_flats_in_words_tell_which_number_is_the_flats(form: str, many: int, told: Stroke | None) -> None:
    """Where flats of a street are written both ways often enough, the stroke is told; else it is not."""
    assert told_stroke([strokes(form), spelt(many)]) is told


def test_a_stroke_that_is_both_is_not_told() -> None:
    """Where as many strokes put the flat first as last, neither is so."""
    both = [strokes("{flat}/{house} High Street"), strokes("{house}/{flat} High Street")]
    assert told_stroke([*both, spelt(20)]) is None


def test_a_told_stroke_is_put_in_words() -> None:
    """The flat goes into words and the rest stays; a line without a stroke at its beginning stays as it is."""
    assert without_stroke("3/12 High St", Stroke.FLAT_FIRST) == "FLAT 3, 12 High St"
    assert without_stroke("12/3 High St", Stroke.HOUSE_FIRST) == "FLAT 3, 12 High St"
    assert without_stroke("3/12 High St", None) == "3/12 High St"
    assert without_stroke("Elm House, 3/12 High St", Stroke.FLAT_FIRST) == "Elm House, 3/12 High St"


def test_flats_beside_flats_in_words_are_the_same_homes() -> None:
    """Beside a file that spells flats out, 12/5 and 7/5 are flats 12 and 7 of number 5, and neither is number 7 or 12."""
    lines = [[f"{flat}/5 High St" for flat in (7, *FLATS)], [f"Flat {flat}, 5 High St" for flat in (7, *FLATS)]]
    tables = [pa.table({"person_id": [str(n) for n in range(len(side))], "address": side}) for side in lines]
    (one, other), _ = homes([given(tables[0], "left"), given(tables[1], "right")])
    assert one.number.to_pylist() == other.number.to_pylist() == [f"5/{flat}" for flat in (7, *FLATS)]


@pytest.mark.parametrize(("streets", "doors"), [("K", 24), ("KVXZQ", 120)])
def test_a_number_in_a_postcode_of_many_streets_is_no_home(streets: str, doors: int) -> None:
    """Where postcodes cover several streets, one number on two of them is two homes; where they cover one, a slip in its name makes none."""
    places = [(code, street, number) for code in ("75001", "75002") for street in streets for number in range(1, 13)]
    rows = [
        {"person_id": f"{n}", "address": f"{number} {street}{name}", "postcode": code}
        for n, (code, street, number) in enumerate(places)
        for name in (("elm Road",) * 9 + ("elmm Road",))
    ]
    ((home,), _) = homes([given(pa.Table.from_pylist(rows), "right")])
    assert home.wide is (len(streets) > 1)
    assert len(home.door.unique()) == doors
