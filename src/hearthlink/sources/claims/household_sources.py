"""The benefit extracts of a study, whichever of them lie there: months read and folded one by one, claims told as periods."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hearthlink.engine import Engine
from hearthlink.errors import DataProblem
from hearthlink.sources.claims.academy import read_academy
from hearthlink.sources.claims.cts import Claimed, Periods, nothing, prepare, read_council_tax
from hearthlink.sources.claims.household_fold import Folded, Words, fold
from hearthlink.sources.claims.month_spans import Span, spans
from hearthlink.sources.claims.shbe import SOURCE as HOUSING_BENEFIT
from hearthlink.sources.claims.shbe import Month, read_month
from hearthlink.sources.claims.shbe_lines import reference_day, worked
from hearthlink.sources.claims.shbe_months import month_of
from hearthlink.sources.claims.told_twice import with_told_twice
from hearthlink.sources.intake.claims import CLAIM_PERIOD, CLAIM_PERSON
from hearthlink.sources.intake.fills import SHBE
from hearthlink.sources.intake.taking import Taken
from hearthlink.sources.reading.dates import day_of
from hearthlink.sources.reading.files import SourceFiles
from hearthlink.sources.reading.receipts import Tally, unread
from hearthlink.sources.reading.years import OUTSIDE, CensusYear

MAPPED = "mapped"
LARGE = 1 << 26
"""Bytes of a monthly file past which no more than one is read ahead."""
NO_FILE = "no file for this month"
NO_FILE_BEFORE = "no file for these months of the 24 before the year"
NO_FILE_AFTER = "no file for these months of the 12 after the year"

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Benefits:
    """Every benefit extract as read: months folded (none where there are no monthly files), periods by source, addresses by number.

    `nino_key` are the two random numbers under which National Insurance numbers stand in them.
    """

    folded: Folded | None
    periods: tuple[Periods, ...]
    addresses: Words
    outside: tuple[Tally, ...]
    nino_key: Sequence[int]


def read_benefits(
    engine: Engine,
    files: SourceFiles,
    given: Mapping[str, Sequence[Taken]],
    *,
    year: CensusYear,
    nino_key: Sequence[int],
    progress: Progress,
) -> Benefits:
    """Every benefit extract of the study. `given` are intake tables of the council's own, by name; `nino_key` are two random whole numbers.

    Raises DataProblem where a file is not what its place says, or where months are there and none lies within the window.
    """
    addresses = Words()
    progress("Reading claims", 0.0)
    every = with_told_twice([*_documented(engine, files, given), *_mapped(given)])
    periods = tuple(prepare(one, addresses, nino_key) for one in every)
    inside, outside = by_window(files.some("shbe"), year) if files.some("shbe") else ([], [])
    read = partial(read_month, nino_key=nino_key, without=files.wanted.unlisted(SHBE))
    folded = fold(_months(inside, year, read, progress), addresses)
    further = (tally for one in every for tally in one.others)
    return Benefits(folded, periods, addresses, (*outside, *further), nino_key)


def _documented(engine: Engine, files: SourceFiles, given: Mapping[str, Sequence[Taken]]) -> Iterator[Claimed]:
    council_tax, academy = files.one("cts"), read_academy(engine, files.one("academy"), given, files.wanted)
    if council_tax is not None:
        yield read_council_tax(council_tax, files.wanted)
    if academy is not None:
        yield academy


def _mapped(given: Mapping[str, Sequence[Taken]]) -> Iterator[Claimed]:
    """Claims of a council's own tables; a table of periods and one of persons need not come in as many pieces."""
    for taken in given.get(CLAIM_PERIOD.name, ()):
        yield Claimed(MAPPED, taken.table, nothing(CLAIM_PERSON), taken.tally, None)
    for taken in given.get(CLAIM_PERSON.name, ()):
        yield Claimed(MAPPED, nothing(CLAIM_PERIOD), taken.table, None, taken.tally)


def _months(
    paths: Sequence[Path], year: CensusYear, read_one: Callable[..., Month], progress: Progress
) -> Iterator[tuple[Month, Span]]:
    scans = sorted((reference_day(path), path.name, path) for path in paths)
    told = spans([scan for scan, _, _ in scans], year)
    # Of large months the next one is read while one is folded, by every processor; of small ones two are, by one each: more only wait for each other.
    large = max((path.stat().st_size for path in paths), default=0) > LARGE
    read = partial(read_one, threads=None if large else 1)
    months = worked((path for _, _, path in scans), read, 1 if large else 2)
    for done, (month, span) in enumerate(zip(months, told, strict=True)):
        progress("Reading the benefit extracts", 0.3 * done / len(scans))
        yield month, span


def by_window(paths: Sequence[Path], year: CensusYear) -> tuple[list[Path], list[Tally]]:
    """The files of the time looked at, by the month in their names, else in their header; and tallies of files left closed and months missing.

    Each month that is missing of those that linking needs is told; of the months before and after them, each run that is missing is.
    Raises DataProblem where two files are of one month, or where no file is of a month that linking needs.
    """
    months: dict[tuple[int, int], Path] = {}
    outside: list[Tally] = []
    wanted, needed = year.months, _window_months(year)
    for path in paths:
        month = month_of(path.name) or _month_inside(path)
        if month not in wanted:
            outside.append(unread(HOUSING_BENEFIT, path.name, OUTSIDE))
        elif month in months:
            raise DataProblem(
                "There are two files for the same month.", file=path.name, remedy="Leave one of them there."
            )
        else:
            months[month] = path
    if not any(month in months for month in needed):
        raise DataProblem(
            f"No monthly file lies within the window of {year.text}, which begins a month before the year.",
            file="shbe",
            remedy="Ask for the months of the study's year.",
        )
    absent = [month for month in wanted if month not in months]
    told = [unread(HOUSING_BENEFIT, f"SHBE_{y}{m:02}.txt", NO_FILE) for y, m in absent if (y, m) in needed]
    before = _runs([month for month in absent if month < needed[0]])
    after = _runs([month for month in absent if month > needed[-1]])
    told += [unread(HOUSING_BENEFIT, name, NO_FILE_BEFORE) for name in before]
    told += [unread(HOUSING_BENEFIT, name, NO_FILE_AFTER) for name in after]
    return [months[month] for month in sorted(months)], outside + told


def _runs(months: Sequence[tuple[int, int]]) -> list[str]:
    """Runs of months that follow on each other, as the names of their files would have it."""
    runs: list[list[tuple[int, int]]] = []
    for month in months:
        if runs and month[0] * 12 + month[1] == runs[-1][-1][0] * 12 + runs[-1][-1][1] + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    names = [[f"SHBE_{year}{month:02}.txt" for year, month in (run[0], run[-1])] for run in runs]
    return [first if first == last else f"{first} to {last}" for first, last in names]


def _month_inside(path: Path) -> tuple[int, int]:
    day = day_of(reference_day(path))
    return day.year, day.month


def _window_months(year: CensusYear) -> list[tuple[int, int]]:
    first = year.window_start.year * 12 + year.window_start.month - 1
    last = year.end.year * 12 + year.end.month - 1
    return [(month // 12, month % 12 + 1) for month in range(first, last + 1)]
