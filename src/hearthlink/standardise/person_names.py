"""The names of any person table: the first forename, all forenames and names known by, the surname, and every other surname."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.standardise.distinct import each_distinct
from hearthlink.standardise.given import Given, coded, lacking, without_fillers
from hearthlink.standardise.names import forenames, surname
from hearthlink.standardise.people import parted

TEXT = pa.string()
MOSTLY = 0.5
"""Share of forenames that must be initials for a file to be one of initials."""

INITIALS = 0.1
"""Share of names of one letter up to which one is a slip or stands for a name that was not given; a file with more keeps initials."""


@dataclass(frozen=True, slots=True)
class Names:
    """Along the rows of a file: names as the `person` table has them."""

    forename: pa.ChunkedArray
    forenames: pa.ChunkedArray
    surname: pa.ChunkedArray
    surname_last: pa.ChunkedArray
    surnames: pa.ChunkedArray


def person_names(side: Given) -> tuple[Names, list[str]]:
    """The names of one file and what to say of them."""
    said: list[str] = []
    given_name, family_name = parted(side.text("forename"), side.text("surname"))
    first, every = each_distinct(given_name, _forenames, (TEXT, TEXT))
    whole, last = each_distinct(family_name, _surname, (TEXT, TEXT))
    known_first, known = each_distinct(side.text("known_as"), _forenames, (TEXT, TEXT))
    middle = coded(side.text("middle_names"), lambda text: _forenames(text)[1])
    former = coded(side.text("former_surname"), lambda text: _surname(text)[0])
    first, wrong = without_fillers(_without_letters(pc.coalesce(first, known_first)))
    said += [f"forenames on the {side.which}: {words}"] if (words := wrong or lacking(first)) else []
    whole, wrong = without_fillers(_without_letters(pc.coalesce(whole, former)))
    said += [f"surnames on the {side.which}: {words}"] if (words := wrong or lacking(whole)) else []
    nothing = pa.scalar(None, TEXT)
    every = pc.if_else(pc.is_valid(first), _joined(pc.coalesce(every, first), middle, known), nothing)
    other = pc.fill_null(pc.not_equal(whole, former), False)
    return (
        Names(
            first,
            every,
            whole,
            pc.if_else(pc.is_valid(whole), last, nothing),
            pc.if_else(other, _joined(whole, former), nothing),
        ),
        said,
    )


def _without_letters(names: pa.ChunkedArray) -> pa.ChunkedArray:
    """The names without those of one letter, where few are so."""
    letter = pc.equal(pc.utf8_length(names), 1)
    share = pc.mean(letter.cast(pa.float64())).as_py() or 0.0
    return names if share > INITIALS else pc.if_else(pc.fill_null(letter, False), pa.scalar(None, TEXT), names)


def _forenames(text: str) -> tuple[str | None, str | None]:
    """As `forenames` has it; a name in letters that have no plain form is compared as given."""
    first, every = forenames(text)
    if first is None and _of_other_letters(text):
        words = text.upper().split()
        return words[0], " ".join(words)
    return first, every


def _surname(text: str) -> tuple[str | None, str | None]:
    whole, last = surname(text)
    if whole is None and _of_other_letters(text):
        words = text.upper().split()
        return "".join(words), words[-1] if len(words) > 1 else None
    return whole, last


def _of_other_letters(text: str) -> bool:
    return any(letter.isalpha() and ord(letter) > 0x24F for letter in text)


def _joined(first: pa.ChunkedArray, *others: pa.ChunkedArray) -> pa.ChunkedArray:
    """The texts of each row joined by a space, missing ones left out; empty where the first is."""
    # Arrow drops a row in which every part is missing, so such a row is given a blank to hold its place.
    joined = pc.binary_join_element_wise(pc.fill_null(first, ""), *others, " ", null_handling="skip")
    return pc.if_else(pc.is_valid(first), joined, pa.scalar(None, TEXT))


def all_names(sides: Sequence[Given]) -> tuple[list[Names], list[str]]:
    """The names of both files and what to say of them. Where one file has mostly initials of forenames both are held by these alone."""
    made = [person_names(side) for side in sides]
    names, said = [one for one, _ in made], [word for _, words in made for word in words]
    initials = [_mostly_letters(one.forename) for one in names]
    if any(initials) and len(sides) > 1:
        said += [
            f"forenames on the {side.which}: mostly initials, so the other's are compared by theirs"
            for side, letters in zip(sides, initials, strict=True)
            if letters and not all(initials)
        ]
        names = [_by_initial(one) for one in names]
    return names, said


def _mostly_letters(names: pa.ChunkedArray) -> bool:
    letter = pc.equal(pc.utf8_length(names), 1)
    return (pc.mean(letter.cast(pa.float64())).as_py() or 0.0) >= MOSTLY


def _by_initial(names: Names) -> Names:
    """A forename in full beside an initial would agree with all that begin so as if it were rare."""
    first = pc.utf8_slice_codeunits(names.forename, 0, 1)
    every = coded(names.forenames, lambda text: " ".join(word[0] for word in text.split()))
    return replace(names, forename=first, forenames=every)
