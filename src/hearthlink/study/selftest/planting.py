"""Made-up people with words that stand nowhere else, planted in every extract of an invented authority, so that any of them can be looked for afterwards."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

SURNAMES = ("Zelquistor", "Yorvaquell", "Quivandrox", "Xelbrantow", "Vosquiller", "Wurzaquent")
FORENAMES = ("Zyphoquina", "Xanthovell", "Quorbelina", "Vyzelquard")
STREETS = ("Quexborrow", "Zoltravine", "Jixwendale", "Vorquamble")
ACCENTED = {"Zelquistor": "Zélquistör", "Xanthovell": "Xánthovëll"}
"""Spelt with accents where an extract can hold them, and without in the others."""

NOTE = "case_note"
"""The column of free text that no layout has and no protocol lists."""

PUBLIC = ("geography", "comparators")
DATE = re.compile(r"(?<![\d])(?:(\d{4})[-/](\d\d)[-/](\d\d)|(\d\d)[-/.](\d\d)[-/.](\d{4}))(?!\d)")
NINO, UPN = (
    re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{6}[A-D](?![A-Z0-9])"),
    re.compile(r"(?<![A-Z0-9])[A-Z]\d{12}(?!\d)"),
)
MOST = 40


@dataclass(frozen=True, slots=True)
class Planted:
    """What may be found nowhere but in the extracts: words by kind, each ten letters or a number of its own, and birth dates.

    `placed` says how many values were planted in which folder or file of the extracts.
    """

    words: Mapping[str, tuple[str, ...]]
    postcodes: tuple[str, ...]
    births: frozenset[date]
    placed: Mapping[str, int]


def plant(extracts: Path) -> Planted:
    """Put the words into extracts that `synthesise` wrote, the same for the same person in all of them; and say what else stands for one person."""
    swapped = dict(_swaps(extracts))
    pattern = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(map(re.escape, swapped))})(?![^\W\d_])", re.IGNORECASE)
    placed: Counter[str] = Counter()
    notes: dict[str, str] = {}
    for path in sorted(one for one in extracts.rglob("*") if one.is_file()):
        where = path.relative_to(extracts).parts[0]
        if where in PUBLIC:
            continue
        note = notes.setdefault(where, f"Vexnotequ{chr(97 + len(notes) // 26)}{chr(97 + len(notes) % 26)}")
        content, count = _planted_in(path, pattern, swapped, note)
        path.write_bytes(content)
        placed[where] += count
    text = "\n".join(_texts(extracts))
    return Planted(
        {
            "surname": SURNAMES, "forename": FORENAMES, "street": STREETS, "free text in an unlisted column": tuple(notes.values()),
            "like a National Insurance number": _some(NINO.findall(text)), "like a unique pupil number": _some(UPN.findall(text)),
        },
        _some(set(_column(extracts, "postcode"))),
        frozenset(_births(extracts)),
        dict(placed),
    )  # fmt: skip


def _swaps(extracts: Path) -> Iterator[tuple[str, str]]:
    """Which words of the authority's give way to which planted ones, by the words in small letters."""
    taken: set[str] = set()
    headers = " ".join(text.partition("\n")[0].casefold() for text in _texts(extracts))
    streets = [" ".join(value.split()[1:-1]) for value in _column(extracts, "address_1") if len(value.split()) == 3]
    for found, planted in (
        (_column(extracts, "surname"), SURNAMES),
        (_column(extracts, "forename"), FORENAMES),
        (streets, STREETS),
    ):
        common = Counter(word.casefold() for word in found if word.isascii() and word.isalpha() and len(word) > 3)
        usable = [word for word, _ in sorted(common.items(), key=lambda one: (-one[1], one[0])) if word not in headers]
        for word in planted:
            old = next((one for one in usable if one not in taken), None)
            if old is not None:
                taken.add(old)
                yield old, word


def _planted_in(path: Path, pattern: re.Pattern[str], swapped: Mapping[str, str], note: str) -> tuple[bytes, int]:
    """A file with its planted words, and how many."""
    content = path.read_bytes()
    if path.suffix == ".xlsx":
        return _in_workbook(content, pattern, swapped, note)
    text, count = pattern.subn(
        lambda found: _as(swapped[found[0].casefold()], found[0], accents=path.suffix != ".txt"),
        content.decode("utf-8"),
    )
    if path.suffix == ".csv":
        rows = list(csv.reader(io.StringIO(text, newline="")))
        sink = io.StringIO(newline="")
        writer = csv.writer(sink, lineterminator="\r\n" if "\r\n" in text[:2000] else "\n")
        writer.writerows([[*row, f"{note} seen at home" if number else NOTE] for number, row in enumerate(rows)])
        return sink.getvalue().encode(), count + len(rows) - 1
    if path.suffix == ".jsonl":
        text, notes = re.subn(r"^\{", f'{{"{NOTE}": "{note} seen at home", ', text, flags=re.MULTILINE)
        return text.encode(), count + notes
    if path.suffix == ".xml":
        return text.replace("<Header>", f"<!-- {note} -->\n  <Header>", 1).encode(), count + 1
    return text.encode(), count


def _in_workbook(content: bytes, pattern: re.Pattern[str], swapped: Mapping[str, str], note: str) -> tuple[bytes, int]:
    sink, whole = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as made:
        for part in book.infolist():
            text, count = pattern.subn(
                lambda found: _as(swapped[found[0].casefold()], found[0], accents=True), book.read(part).decode("utf-8")
            )
            if part.filename.startswith("xl/worksheets/"):
                text, notes = re.subn("</row>", f'<c t="inlineStr"><is><t>{note}</t></is></c></row>', text)
                count += notes
            made.writestr(part, text.encode())
            whole += count
    return sink.getvalue(), whole


def _as(word: str, shape: str, *, accents: bool) -> str:
    said = unicodedata.normalize("NFC", ACCENTED.get(word, word)) if accents else word
    return said.upper() if shape.isupper() else said.lower() if shape.islower() else said


def _texts(extracts: Path) -> Iterator[str]:
    for path in sorted(extracts.rglob("*")):
        if path.suffix in {".csv", ".txt", ".xml", ".jsonl"} and path.relative_to(extracts).parts[0] not in PUBLIC:
            yield path.read_text(encoding="utf-8")


def _column(extracts: Path, ending: str) -> Iterator[str]:
    """The values of every column of the extracts whose name ends so."""
    for path in sorted(extracts.rglob("*.csv")):
        if path.relative_to(extracts).parts[0] not in PUBLIC:
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    yield from (value for name, value in row.items() if name and name.endswith(ending) and value)


def _births(extracts: Path) -> set[date]:
    """Birth dates that are the date of nothing else in the extracts, nor next to one, and lie well before the years of the study."""
    born = set(dates_in(" ".join(_column(extracts, "dob"))))
    other = Counter(day for text in _texts(extracts) for day in dates_in(text))
    happened = {
        day
        for path in extracts.rglob("*.csv")
        for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
        for name, value in row.items()
        if name and not re.search("dob|birth|born", name, re.IGNORECASE) and isinstance(value, str)
        for day in dates_in(value)
    }
    near = {day + timedelta(days=by) for day in happened for by in (-1, 0, 1)}
    usable = sorted(day for day in born - near if day.year < 2017 and day.day > 1 and other[day])
    return set(usable[:: max(1, len(usable) // MOST)][:MOST])


def dates_in(text: str) -> Iterator[date]:
    """Every date that stands in a text in figures, year first or day first."""
    for y, m, d, d2, m2, y2 in DATE.findall(text):
        try:
            yield date(int(y or y2), int(m or m2), int(d or d2))
        except ValueError:
            continue


def _some(found: Iterable[str]) -> tuple[str, ...]:
    every = sorted(set(found))
    return tuple(every[:: max(1, len(every) // MOST)][:MOST])
