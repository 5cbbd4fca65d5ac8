"""What the values of a column look like, and never what they are: classes of characters, lengths, how many differ, how many are missing.

A value is looked at and let go; a profile holds counts, shares and shapes such as ``AA9 9AA``, and of codes only those that are ours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.reading.columns import whole
from hearthlink.sources.reading.date_formats import DATE_FORMATS, DateFormat, read_spelt
from hearthlink.sources.reading.dates import day_of, read_day
from hearthlink.sources.reading.delimited import normal
from hearthlink.sources.reading.text_columns import Tabular

LOOKED_AT = 1_500
"""Values of a column that are looked at, spread evenly over the file."""
AT_ONCE = 24
"""Columns read at once, so that a wide file does not fill the memory."""
ENOUGH = 10
"""Values that must share a shape before it is told."""

NOTHINGS = frozenset({"ssd_ph", "null", "(null)", "n/a", "n/k", "#n/a", "not known", "not recorded", "not stated"})
"""What systems write where there is nothing, and what can be nobody's name."""

LOOKS: Mapping[str, re.Pattern[str]] = {
    "postcode": re.compile(r"[A-Za-z]{1,2}\d[A-Za-z\d]? *\d[A-Za-z]{2}"),
    "nino": re.compile(r"[A-Za-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-Za-z]?"),
    "upn": re.compile(r"[A-Za-z]\d{11}[A-Za-z\d]"),
    "uprn": re.compile(r"\d{6,12}"),
    "whole": re.compile(r"-?\d{1,18}"),
    "amount": re.compile(r"[-(]?£?[\d,]*\.\d{2}\)?-?"),
    "number": re.compile(r"[-(]?£?[\d,]*\.?\d+\)?-?"),
    "words": re.compile(r"[^\W\d_]+(?:[ '.-]+[^\W\d_]+)*[.']?"),
    "comma name": re.compile(r"[^\W\d_][^\d,]*, *[^\d,]+"),
    "two words": re.compile(r"[^\W\d_]\S* [^\d]+"),
    "yes or no": re.compile(r"(?i)y|n|yes|no|true|false|t|f|0|1|-1"),
    "address": re.compile(r"(?=.*[A-Za-z]{3})(?=.*[ ,]).*\d.*|(?i:.*\b(?:road|street|lane|house|close|avenue|drive|court)\b.*)"),
    "object": re.compile(r"[{\[].*[}\]]", re.DOTALL),
    "title": re.compile(r"(?i)(mr|mrs|miss|ms|mx|master|dr|rev)\.?"),
}  # fmt: skip


_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Profile:
    """What one column looks like. Shares are of the values looked at; `years` are those between which nine tenths of its dates lie.

    `codes` are spellings that are ours already and stand in the column, each with its share, `nothings` those of our list of words for a value that is not
    there; `dates` are the shares read by each order of a date; `among_its_own` says that the header stands among the values.
    """

    header: str
    rows: int
    missing: float
    distinct: int
    longest: int
    looks: Mapping[str, float] = field(default_factory=dict[str, float])
    dates: Mapping[str, float] = field(default_factory=dict[str, float])
    years: tuple[int, int] | None = None
    codes: Mapping[str, float] = field(default_factory=dict[str, float])
    nothings: tuple[str, ...] = ()
    shape: str = ""
    among_its_own: bool = False

    @property
    def looks_like_a_value(self) -> bool:
        """Whether the header is spelt as values are, and no name of a column: a date, a postcode, a long number, or one of its own values."""
        text = self.header.strip()
        if len(text) > 60:
            return self.among_its_own
        spelt = any(LOOKS[look].fullmatch(text) for look in ("postcode", "nino", "upn", "uprn", "amount"))
        digits = len(_DIGIT.findall(text))
        mostly = digits >= 4 and 2 * digits >= len(text)
        return self.among_its_own or spelt or mostly or read_day(text) is not None

    @property
    def empty(self) -> bool:
        """Whether the column holds nothing, so that its looks tell nothing."""
        return self.missing >= 1.0

    @property
    def dated(self) -> float:
        """The share of values that are a date in some order."""
        return max(self.dates.values(), default=0.0)

    def look(self, name: str) -> float:
        """The share of values that look so."""
        return self.looks.get(name, 0.0)


def profiles(tabular: Tabular, ours: frozenset[str]) -> tuple[Profile, ...]:
    """The looks of every column; `ours` are the spellings of codes that may be named, in lower case with underscores."""
    made: list[Profile] = []
    for first in range(0, len(tabular.headers), AT_ONCE):
        places = {f"c{n}": n for n in range(first, min(first + AT_ONCE, len(tabular.headers)))}
        table = tabular.read(places).table
        made += [profile(tabular.headers[n], table.column(name), ours) for name, n in places.items()]
    return tuple(made)


def profile(header: str, column: pa.ChunkedArray, ours: frozenset[str]) -> Profile:
    """The looks of one column of texts."""
    rows, missing = len(column), column.null_count
    there = whole(column.drop_null())
    if not len(there):
        return Profile(header, rows, 1.0, 0, 0)
    step = max(1, len(there) // LOOKED_AT)
    counts = Counter[str](there.take(pa.array(range(0, len(there), step))).to_pylist())
    seen = counts.total()
    looks = {name: _share(counts, seen, pattern) for name, pattern in LOOKS.items()}
    dates, years = _dates(counts, seen)
    return Profile(
        header,
        rows,
        missing / rows,
        int(pc.count_distinct(there).as_py()),
        int(pc.max(pc.utf8_length(there)).as_py()),
        looks,
        dates,
        years,
        _codes(counts, seen, ours),
        tuple(sorted(text for text in counts if text.strip().lower() in NOTHINGS)),
        _shape(counts, seen),
        bool(pc.any(pc.equal(there, header.strip())).as_py()),
    )


def _codes(counts: Counter[str], seen: int, ours: frozenset[str]) -> dict[str, float]:
    held = Counter[str]()
    for text, times in counts.items():
        held[normal(text)] += times
    return {code: held[code] / seen for code in sorted(held) if code in ours}


def _share(counts: Counter[str], seen: int, pattern: re.Pattern[str]) -> float:
    return sum(times for text, times in counts.items() if len(text) < 500 and pattern.fullmatch(text.strip())) / seen


def _dates(counts: Counter[str], seen: int) -> tuple[dict[str, float], tuple[int, int] | None]:
    """The share read by each order of a date, "" being the reader's own, and between which years the best-read ones lie."""
    shares: dict[str, float] = {}
    best: list[int] = []
    # No date is written with fewer than four digits, so that words need not be tried.
    counts = Counter(
        {text: times for text, times in counts.items() if len(text) < 40 and len(_DIGIT.findall(text)) >= 4}
    )
    for spelt in ("", *DATE_FORMATS):
        years = sorted(_years(counts, spelt))
        if years:
            shares[spelt] = len(years) / seen
            if len(years) > len(best):
                best = years
    return shares, (best[len(best) // 20], best[-1 - len(best) // 20]) if best else None


def _years(counts: Counter[str], spelt: str) -> Iterator[int]:
    known: Sequence[DateFormat] = [one for one in _FORMATS if one == spelt]
    for text, times in counts.items():
        bare = text.strip()
        own = None if known or bare.isdigit() else read_day(bare)
        day = read_spelt(bare, known[0], 30) if known else own
        year = None if day is None else day_of(day).year
        if year is not None and (1890 < year < 2060 or year in {2099, 9999, 2999}):
            yield from [year] * times


_FORMATS: tuple[DateFormat, ...] = DATE_FORMATS  # type: ignore[assignment]


def _shape(counts: Counter[str], seen: int) -> str:
    """The shape that most values have, where enough have it; a run of letters counts as one where lengths differ."""
    for run in (False, True):
        shapes: Counter[str] = Counter()
        for text, times in counts.items():
            shapes[_shaped(text, run=run)] += times
        shape, times = shapes.most_common(1)[0]
        if times >= ENOUGH and 2 * times >= seen and len(shape) <= 24:
            return shape
    return "various"


def _shaped(text: str, *, run: bool) -> str:
    shape = "".join(_class(letter) for letter in text.strip()[:60])
    return re.sub(r"(A|a|9)\1+", r"\1…", shape) if run else shape


def _class(letter: str) -> str:
    if letter.isdigit():
        return "9"
    if letter.isalpha():
        return "A" if letter.isupper() else "a"
    return letter if letter in " -/.,:'()£_" else "?"
