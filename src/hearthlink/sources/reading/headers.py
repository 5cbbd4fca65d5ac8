"""Headers as they stand in a file, without what cannot be seen; a letter that only looks Latin is refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from hearthlink.errors import DataProblem

LOOK_ALIKES = ("CYRILLIC", "GREEK", "CHEROKEE", "ARMENIAN", "COPTIC", "LISU")
"""Scripts with letters that are drawn like Latin ones."""

LONGEST = 10_000


def clean_headers(headers: Sequence[str], file: str, *, line: int = 1) -> tuple[str, ...]:
    """The headers, with full-width letters made plain and marks that cannot be seen taken out.

    Raises DataProblem for a header with a letter of another script that looks Latin: two columns could not be told apart by eye. The
    column is named by its place, for where a file has no header row its first row is data.
    """
    cleaned = tuple(_clean(header) for header in headers)
    for place, header in enumerate(headers, start=1):
        if len(header) > LONGEST:
            raise DataProblem("The header is longer than any name.", file=file, line=line, column=str(place))
        if not header.isascii():
            _refuse_look_alikes(header, place, file, line)
    return cleaned


def _clean(header: str) -> str:
    if header.isascii():
        return header.replace("\0", "").strip()
    plain = unicodedata.normalize("NFKC", header)
    return "".join(c for c in plain if unicodedata.category(c) != "Cf").strip()


def _refuse_look_alikes(header: str, place: int, file: str, line: int) -> None:
    for number, letter in enumerate(header, start=1):
        script = unicodedata.name(letter, "").split(" ")[0]
        if letter.isalpha() and script in LOOK_ALIKES:
            raise DataProblem(
                f"Letter {number} of the header is {script.capitalize()} and only looks Latin.",
                file=file,
                line=line,
                column=str(place),
                remedy="Type the header again, and ask who made the file why it was so.",
            )
