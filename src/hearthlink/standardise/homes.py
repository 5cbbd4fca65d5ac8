"""Where people live, from files of any country: property, postcode, number and street of each row, compared as given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.standardise.distinct import each_distinct
from hearthlink.standardise.given import Given, coded, lacking, without_fillers
from hearthlink.standardise.places import MANY_FAMILIES
from hearthlink.standardise.postcodes import DUMMIES, NOWHERE, postcode, property_number
from hearthlink.standardise.streets import locate
from hearthlink.standardise.strokes import Stroke, told_stroke, without_stroke

BRITISH = 0.5
"""Share of distinct postcodes that must have the British shape for the mending of that shape to be tried on the rest."""

USABLE = 0.5
"""Share of rows with a postcode, on either side, from which towns are no longer needed to tell streets of one name apart."""

TOWN, LONGEST_TOWN = 10, 4
"""Rows that must name a locality for it to be known as a town, and the most words that one is looked for in."""

STREETS = 3
"""Streets of one postcode from which a number in it is no home. A British postcode is of one street, rarely of two."""

BEGINS = 3
"""Letters of a street that tell it from the others of its postcode: enough to part most, few enough for most slips to lie behind them."""

TEXT = pa.string()
_SAME_SIGN = re.compile(r"(.)\1*")
_NO_CODE = frozenset({"NONE", "NULL", "NA", "NAN", "NK", "UNK", "UNKNOWN", "NOTKNOWN", "MISSING"})
_PROPERTY_MARKS = re.compile(r"^[\s'\"]*(?:UPRN[\s:#=]*)?|(?<=\d)[, ](?=\d{3}\b)|[\s'\"]+$")
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+?\d+")
_POINT_NOUGHT = re.compile(r"\.0*$")
_INSIDE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_PART = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?(?: ?\d)?[ *X]*")
_PLUS_FOUR = re.compile(r"(\d{5})-\d{4}")
_NOT_PLAIN = re.compile(r"[^A-Z0-9]+")


@dataclass(frozen=True, slots=True)
class Homes:
    """Along the rows of a file: where each row says a person lives, and whether the line calls it a home of many.

    wide: whether postcodes are of many streets each, so that a number and a postcode are no home without the street.
    """

    uprn: pa.ChunkedArray
    postcode: pa.ChunkedArray
    number: pa.ChunkedArray
    street: pa.ChunkedArray
    communal: pa.ChunkedArray
    wide: bool = False

    @property
    def door(self) -> pa.ChunkedArray:
        """One text for one dwelling: its property number, else its number with its postcode or street. Empty where not known."""
        begins = pc.utf8_slice_codeunits(self.street, 0, BEGINS) if self.wide else None
        within = self.postcode if begins is None else pc.binary_join_element_wise(self.postcode, begins, " ")
        area = pc.coalesce(within, self.postcode, self.street)
        return pc.coalesce(
            pc.binary_join_element_wise("U", self.uprn, "|"),
            pc.binary_join_element_wise("N", self.number, area, "|"),
        )


def homes(sides: Sequence[Given]) -> tuple[list[Homes], list[str]]:
    """The homes of each row of both files, and what to say of them."""
    # A file alone keeps strokes as they are read anywhere: what they are told to be must not hang on which file is beside it.
    stroke = told_stroke([side.text("address") for side in sides]) if len(sides) > 1 else None
    read = [_located(side, stroke) for side in sides]
    usual = max(_usual_length(side.text("postcode")) for side in sides)
    codes = [
        pc.coalesce(_codes(side.text("postcode"), usual), inside)
        for side, (_, _, _, inside, _, _) in zip(sides, read, strict=True)
    ]
    made: list[Homes] = []
    said: list[str] = []
    cleaned = [without_fillers(code) for code in codes]
    usable = min(1 - code.null_count / max(len(code), 1) for code, _ in cleaned) >= USABLE
    known = _known_towns([town for _, _, town, _, _, _ in read])
    parted = [
        each_distinct(street, lambda line: _town_apart(line, known), (TEXT, TEXT)) for _, street, _, _, _, _ in read
    ]
    alone = [pc.is_null(town) for _, _, town, _, _, _ in read]
    towns = [
        without_fillers(pc.if_else(no_town, other, town))[0]
        for (_, _, town, _, _, _), (_, other), no_town in zip(read, parted, alone, strict=True)
    ]
    streets = [
        pc.if_else(no_town, bare, street)
        for (_, street, _, _, _, _), (bare, _), no_town in zip(read, parted, alone, strict=True)
    ]
    with_town = not usable and min(1 - town.null_count / max(len(town), 1) for town in towns) >= USABLE
    wide = _of_many_streets([code for code, _ in cleaned], streets)
    for n, side in enumerate(sides):
        number, _, _, _, hidden, communal = read[n]
        code, wrong = cleaned[n]
        emptied = side.has("postcode") and codes[n].null_count == side.rows
        uprn, uprn_wrong = without_fillers(coded(side.text("uprn"), _property))
        wrongs = {
            "postcodes": "none that tells a home" if emptied else wrong or lacking(code),
            "property numbers": uprn_wrong,
            "addresses": lacking(side.text("address")),
        }
        said += [f"{what} on the {side.which}: {words}" for what, words in wrongs.items() if words]
        named = (
            pc.coalesce(pc.binary_join_element_wise(streets[n], towns[n], " "), streets[n]) if with_town else streets[n]
        )
        uprn, code, number, named = (
            pc.if_else(hidden, pa.scalar(None, TEXT), column) for column in (uprn, code, number, named)
        )
        made.append(Homes(uprn, code, number, named, pc.or_(communal, hidden), wide))
    return made, said


def _of_many_streets(codes: Sequence[pa.ChunkedArray], streets: Sequence[pa.ChunkedArray]) -> bool:
    """Whether the postcode of a usual row is one of more than `STREETS` streets, each counted by its share, so that slips hardly count."""
    every = [pa.chunked_array([part for column in made for part in column.chunks], TEXT) for made in (codes, streets)]
    rows = pa.table({"code": every[0], "street": every[1]}).drop_null()
    counts = rows.group_by(["code", "street"]).aggregate([([], "count_all")])
    there = counts.column("count_all").cast(pa.float64())
    shares = (
        pa.table({"code": counts.column("code"), "rows": there, "squares": pc.multiply(there, there)})
        .group_by("code")
        .aggregate([("rows", "sum"), ("squares", "sum")])
    )
    rows_of, squares = shares.column("rows_sum").to_numpy(), shares.column("squares_sum").to_numpy()
    return bool(len(rows_of)) and float(np.sum(rows_of * (rows_of**2 / squares)) / np.sum(rows_of)) > STREETS


def busy_doors(made: Sequence[Homes], groups: Sequence[pa.ChunkedArray]) -> pa.Array:
    """The doors that more groups than `MANY_FAMILIES` have used."""
    door = pa.chunked_array([c for home in made for c in home.door.chunks], pa.string())
    group = pa.chunked_array([c for column in groups for c in column.chunks], pa.string())
    used = pa.table({"door": door, "group": group}).filter(pc.is_valid(door)).group_by(["door", "group"]).aggregate([])
    counted = used.group_by("door").aggregate([("group", "count")])
    return counted.filter(pc.greater(counted.column("group_count"), MANY_FAMILIES)).column("door").combine_chunks()


Located = tuple[pa.ChunkedArray, pa.ChunkedArray, pa.ChunkedArray, pa.ChunkedArray, pa.ChunkedArray, pa.ChunkedArray]


def _known_towns(towns: Sequence[pa.ChunkedArray]) -> frozenset[str]:
    """The localities that enough rows of either file name after a word for a road."""
    every = pa.chunked_array([chunk for town in towns for chunk in town.chunks], TEXT)
    counted = pc.value_counts(every.drop_null())
    return frozenset(counted.filter(pc.greater_equal(counted.field("counts"), TOWN)).field("values").to_pylist())


def _town_apart(street: str, known: frozenset[str]) -> tuple[str | None, str | None]:
    """A street with no word for a road that ends in a known town, or is nothing else, and that town."""
    words = street.split()
    for size in range(min(LONGEST_TOWN, len(words)), 0, -1):
        if (town := " ".join(words[-size:])) in known:
            return " ".join(words[:-size]) or None, town
    return street, None


def _located(side: Given, stroke: Stroke | None) -> Located:
    """number, street, locality, postcode within the line, hidden, communal."""
    text, flag = pa.string(), pa.bool_()

    def parts(line: str) -> tuple[str | None, str | None, str | None, str | None, bool, bool]:
        at = locate(without_stroke(line, stroke))
        return at.number, at.street, at.locality, at.postcode, at.hidden, at.communal

    number, street, town, code, hidden, communal = each_distinct(
        side.text("address"), parts, (text, text, text, text, flag, flag)
    )
    return number, street, town, code, pc.fill_null(hidden, False), pc.fill_null(communal, False)


def _usual_length(column: pa.ChunkedArray) -> int:
    """The commonest number of figures of postcodes that are mostly figures alone; 0 where they are not."""
    there = column.drop_null()
    figures = there.filter(pc.utf8_is_digit(there))
    if 2 * len(figures) <= len(there):
        return 0
    return int(np.bincount(pc.utf8_length(figures).to_numpy()).argmax())


def _codes(column: pa.ChunkedArray, usual: int) -> pa.ChunkedArray:
    """Postcodes in one spelling: British ones mended and found in longer texts, others without marks and a +4, lost noughts regained.

    In a file of British ones those that stop after the district or sector are none: many homes there have one number.
    """
    texts: list[str] = pc.unique(column.drop_null()).to_pylist()
    shaped = [_british(text) is not None or _PART.fullmatch(text.strip().upper()) is not None for text in texts]
    british = sum(shaped) >= BRITISH * max(len(texts), 1)
    return coded(column, lambda text: _british_code(text, usual) if british else _plain_code(text, usual))


def _british_code(text: str, usual: int) -> str | None:
    whole = _british(text)
    return None if whole is None and _PART.fullmatch(text.strip().upper()) else whole or _plain_code(text, usual)


def _british(text: str) -> str | None:
    """A postcode of the British shape, alone or the last in a longer text."""
    alone = postcode(text)
    inside = None if alone else _INSIDE.findall(text.upper())
    return alone or (postcode(inside[-1]) if inside else None)


def _plain_code(text: str, usual: int) -> str | None:
    upper = text.upper().removesuffix(".0")
    plus = _PLUS_FOUR.fullmatch(upper)
    plain = plus.group(1) if plus else _NOT_PLAIN.sub("", upper)
    if plain.isdigit() and len(plain) == usual - 1:
        plain = plain.zfill(usual)
    nothing = (
        not plain or _SAME_SIGN.fullmatch(plain) or plain in DUMMIES or plain in _NO_CODE or plain.startswith(NOWHERE)
    )
    return None if nothing else plain


def _property(text: str) -> str | None:
    """A property's number; one that is no number as it stands, in capitals. Figures that a spreadsheet rounded away are none."""
    bare = _PROPERTY_MARKS.sub("", text.upper())
    plain = _NOT_PLAIN.sub("", bare)
    if not plain or _SAME_SIGN.fullmatch(plain) or plain in _NO_CODE or _ROUNDED.fullmatch(bare):
        return None
    return property_number(bare) if _POINT_NOUGHT.sub("", bare).isdigit() else plain
