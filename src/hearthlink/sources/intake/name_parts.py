"""The parts of a name held as one text, in the few orders that systems write: a closed list, no pattern of anybody's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

Order: TypeAlias = Literal[
    "SURNAME, TITLE FORENAMES",
    "SURNAME, FORENAMES",
    "SURNAME TITLE FORENAMES",
    "SURNAME FORENAMES",
    "TITLE FORENAMES SURNAME",
    "FORENAMES SURNAME",
]
Part: TypeAlias = Literal["surname", "title", "forename", "middle_names", "forenames"]

ORDERS: tuple[str, ...] = get_args(Order)
PARTS: tuple[str, ...] = get_args(Part)
TITLES = frozenset(
    "mr mrs miss ms mx master dr doctor prof professor rev reverend revd fr father sir dame lady lord sr sister br cllr capt".split()
)


@dataclass(frozen=True, slots=True)
class NameParts:
    """A name in parts; one that is not there is empty."""

    surname: str | None
    title: str | None
    forenames: tuple[str, ...]

    def part(self, which: Part) -> str | None:
        """One part by its name, in the words it was written with."""
        held: Mapping[Part, str | None] = {
            "surname": self.surname,
            "title": self.title,
            "forename": self.forenames[0] if self.forenames else None,
            "middle_names": " ".join(self.forenames[1:]) or None,
            "forenames": " ".join(self.forenames) or None,
        }
        return held[which]


def name_parts(text: str, order: Order) -> NameParts:
    """A name in parts. A title is known from a short list; without the comma it was promised, all of a name is surname."""
    if order.startswith("SURNAME,"):
        surname, _, rest = text.partition(",")
        title, forenames = _titled(rest.split())
        return NameParts(" ".join(surname.split()) or None, title, forenames)
    if order.startswith("SURNAME"):
        words = text.replace(",", " ").split()
        if order == "SURNAME TITLE FORENAMES" and (place := _title_place(words)) is not None:
            return NameParts(" ".join(words[:place]) or None, words[place], tuple(words[place + 1 :]))
        return NameParts(words[0] if words else None, None, tuple(words[1:]))
    title, words = _titled(text.split())
    return NameParts(words[-1] if words else None, title, words[:-1])


def _titled(words: list[str]) -> tuple[str | None, tuple[str, ...]]:
    """A title before the other words, if it is one."""
    return (words[0], tuple(words[1:])) if words and _is_title(words[0]) else (None, tuple(words))


def _title_place(words: list[str]) -> int | None:
    return next((n for n, word in enumerate(words) if n and _is_title(word)), None)


def _is_title(word: str) -> bool:
    return word.lower().rstrip(".") in TITLES
