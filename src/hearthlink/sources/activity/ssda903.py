"""The looked-after return (SSDA903): its episodes, joined to the spells of care that they make up.

The return has one file of episodes a year, a new episode for every change of placement or legal status; files of several years may lie
side by side. Only the child's id and the dates, reasons and legal status of the episodes are read: no placement, no postcode.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from hearthlink.sources.intake.spells import Spells, spells
from hearthlink.sources.reading.codes import code
from hearthlink.sources.reading.dates import read_days
from hearthlink.sources.reading.delimited import normal
from hearthlink.sources.reading.folder_tables import tables_in
from hearthlink.sources.reading.receipts import Tally, unread
from hearthlink.sources.reading.tabular import Tabular

SOURCE = "ssda903"
NEEDED = ("CHILD", "DECOM", "DEC")
MORE = ("RNE", "LS", "REC")
MISSING = ("NULL", "NaN", "nan", "NaT")

NOT_EPISODES = "not the episodes; left unread"
SHORT_BREAKS = frozenset({"V3", "V4"})
"""Legal statuses of short breaks at a respite carer's, which are not counted as being looked after."""

NO_ID = "no child id"
NO_START = "no start date"
SHORT_BREAK = "a short break (legal status V3 or V4), which is not being looked after"
BACKWARDS = "an end before its start"
AGAIN = "told by the return of a later year as well"
GOES_ON = "goes on from the episode before it, and is one spell with it"
BAD_DATE = "a date not understood, taken as missing"
NO_END = "an episode without an end before another of its child, taken to end where that begins"
NEW_EPISODE = "X1"
"""Reason ceased: the care goes on in another episode."""


@dataclass(frozen=True, slots=True)
class Episode:
    """One row of the return: which file told it, and its first and last day (days since 1970-01-01)."""

    child: str
    start: int
    end: int | None
    reason: str | None
    file_no: int


def read_ssda903(folder: Path) -> list[Spells]:
    """Spells of care by the return, those of each file with its tally; a spell counts to the file that tells its last episode.

    Raises DataProblem where a file cannot be read.
    """
    tallies: list[Tally] = []
    told: list[Episode] = []
    others: list[Tally] = []
    for found in tables_in(folder):
        tabular = found.open(SOURCE)
        places = _places(tabular)
        if any(name not in places for name in NEEDED):
            others.append(unread(SOURCE, found.file, NOT_EPISODES))
            continue
        tally, episodes = _read(tabular, places, found.file, len(tallies))
        tallies.append(tally)
        told += episodes
    kept, tallies = _latest(told, tallies)
    made, tallies = _joined(kept, tallies)
    days: list[list[tuple[str, int, int | None]]] = [[] for _ in tallies]
    for spell in made:
        days[spell.file_no].append((spell.child, spell.start, spell.end))
    read = [_spells(rows, tally) for rows, tally in zip(days, tallies, strict=True)]
    return read + [_spells((), tally) for tally in others]


def _places(tabular: Tabular) -> dict[str, int]:
    headers = [normal(header).upper() for header in tabular.headers]
    return {name: headers.index(name) for name in (*NEEDED, *MORE) if name in headers}


def _read(tabular: Tabular, places: dict[str, int], file: str, file_no: int) -> tuple[Tally, list[Episode]]:
    sheet = tabular.read(places, missing=MISSING)
    refused: Counter[str] = Counter(sheet.refused)
    start, end = read_days(sheet.table.column("DECOM")), read_days(sheet.table.column("DEC"))
    child = sheet.table.column("CHILD").to_pylist()
    status, reason = (
        [code(text) for text in sheet.table.column(name).to_pylist()] if name in places else [None] * len(child)
        for name in ("LS", "REC")
    )
    rows = zip(child, start.days.to_pylist(), end.days.to_pylist(), status, reason, strict=True)
    episodes: list[Episode] = []
    for who, begun, ended, legal, why in rows:
        wrong = _wrong(who, begun, ended, legal)
        if wrong:
            refused[wrong] += 1
        else:
            episodes.append(Episode(who, begun, ended, why, file_no))
    notes = {BAD_DATE: start.unread_count + end.unread_count}
    if tabular.note:
        notes[tabular.note] = sheet.rows_in
    return Tally(SOURCE, file, tabular.sha256, sheet.rows_in, dict(refused), notes), episodes


def _wrong(child: str | None, start: int | None, end: int | None, legal: str | None) -> str | None:
    """Why an episode is set aside; None where it is not."""
    if child is None:
        return NO_ID
    if start is None:
        return NO_START
    if legal in SHORT_BREAKS:
        return SHORT_BREAK
    return BACKWARDS if end is not None and end < start else None


def _latest(told: Iterable[Episode], tallies: list[Tally]) -> tuple[list[Episode], list[Tally]]:
    """Each episode once, as the file with the latest dates tells it: there it has an end that it had not yet before."""
    episodes = list(told)
    last: Counter[int] = Counter()
    for one in episodes:
        last[one.file_no] = max(last[one.file_no], one.start, one.end or one.start)
    episodes.sort(key=lambda one: (one.child, one.start, last[one.file_no], one.file_no, one.end is None, one.end or 0))
    kept: dict[tuple[str, int], Episode] = {}
    for one in episodes:
        before = kept.get((one.child, one.start))
        if before is not None:
            tallies[before.file_no] = tallies[before.file_no].refusing(AGAIN, 1)
        kept[one.child, one.start] = one
    return list(kept.values()), tallies


def _joined(episodes: Sequence[Episode], tallies: list[Tally]) -> tuple[list[Episode], list[Tally]]:
    """Spells: an episode that begins by the day the one before it ends (or by the next, where that says it goes on) continues it."""
    made: list[Episode] = []
    for one in episodes:
        before = made[-1] if made and made[-1].child == one.child else None
        if before is None:
            made.append(one)
            continue
        if before.end is None:
            tallies[before.file_no] = tallies[before.file_no].noting(NO_END, 1)
        follows = before.end is None or one.start <= before.end + (before.reason == NEW_EPISODE)
        if not follows:
            made.append(one)
            continue
        tallies[before.file_no] = tallies[before.file_no].refusing(GOES_ON, 1)
        later = one.end if one.end is None or before.end is None else max(one.end, before.end)
        made[-1] = Episode(one.child, before.start, later, one.reason, one.file_no)
    return made, tallies


def _spells(rows: Sequence[tuple[str, int, int | None]], tally: Tally) -> Spells:
    child, start, end = ([row[n] for row in rows] for n in range(3))
    dates = [pa.array(column, pa.int32()).cast(pa.date32()) for column in (start, end)]
    return spells("looked_after", pa.array(child, pa.string()), dates[0], dates[1], tally)
