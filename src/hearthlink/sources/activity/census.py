"""The children in need census of a study's year: read as a stream from its XML, or from flat tables, and typed.

What councils really send is taken (domain.md 1.2, "What a tolerant parser has to accept"). A death date is not kept. A pupil number is held
until ids are joined, for those whom no id of the council finds. Nothing outside the file is ever fetched, and a document type is refused
before it is looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.activity.flat import KINDS, NAMED, Flat, Given, Kind, read_flat
from hearthlink.sources.census.cin_bytes import REMEDY, open_xml
from hearthlink.sources.census.cin_parse import batches
from hearthlink.sources.census.cin_tables import NO_ID, census_tables
from hearthlink.sources.census.cin_typed import Typed, typed
from hearthlink.sources.census.cin_window import Window, blocks_within, children_within, nobody_within
from hearthlink.sources.census.flat_year import cut_to_year
from hearthlink.sources.census.memory import give_back, plain_memory
from hearthlink.sources.intake.fills import CENSUS
from hearthlink.sources.intake.spells import Spells, spells
from hearthlink.sources.reading.dates import day_number, day_of, read_day
from hearthlink.sources.reading.files import WANTED, SourceFiles
from hearthlink.sources.reading.receipts import OBJECTED, Tally, unread
from hearthlink.sources.reading.tabular import find_tabular
from hearthlink.sources.reading.years import CensusYear, year_holding
from hearthlink.tables.wanted import EVERYTHING, NOT_IN_WINDOW, Wanted

NOT_CHECKED = "no reference date in a header, so the year was not checked"
BY_DATES = "no reference date in a header; the year was told by the dates of the episodes"
DISAGREE = "the header's Year is not that of its ReferenceDate, which was trusted"
XML_INSTEAD = "the census's XML was read instead"
GIVEN_INSTEAD = "the tables that study.toml names were read instead"
NO_PLANS = "no child in need plans, which the census holds from 2021-22 on"
FIRST_WITH_PLANS = 2022

STUDY = "the study is of"

MANY = 64
"""Batches that are gathered into one part of the census."""

ENOUGH_DATES = 50
"""Fewer dates than this cannot tell the year of a census that does not say it."""

A_YEAR = 0.1
"""The share of all dates that a census's own year holds at the least. Later dates are errors, and they are fewer."""

LEFT = frozenset({"FormerUPN", "UPNunknown", "PersonDeathDate", "AssessmentInternalReviewDate", "InitialCPCtarget"})
"""Elements that the study does not need, and that are let go of as they are met."""


@dataclass(frozen=True, slots=True)
class Census:
    """The census as tables, dates as days since 1970-01-01, in order of child id; the tally of its children, and of further files."""

    child: pa.Table
    referral: pa.Table
    assessment: pa.Table
    section47: pa.Table
    protection_plan: pa.Table
    cin_plan: pa.Table
    tally: Tally
    others: tuple[Tally, ...] = ()


def read_census(files: SourceFiles, year: CensusYear, given: Given | None = None) -> Census:
    """The census of the year, from the tables given or else from the first source of activity that lies there.

    That is its XML, flat tables, the daily feed, or the safeguarding dataset. Raises DataProblem where none of them does, or where the one read is not a census of the year.
    """
    kind = activity_of(files)
    if kind == "cin":
        census = read_xml(files.some(kind)[0], year, listed=files.wanted)
    else:
        census = census_of(read_flat(files.some(kind), kind, given, files.wanted), year, listed=files.wanted)
    others = [each for each in ("cin", "cin_csv") if each != kind and kind in {"cin", "given"}]
    reason = XML_INSTEAD if kind == "cin" else GIVEN_INSTEAD
    passed_over = (unread(each, path.name, reason) for each in others for path in files.some(each))
    return replace(census, others=(*census.others, *passed_over))


def without_children(census: Census, ids: pa.Array) -> Census:
    """The census without some children; they are counted as left out."""
    named = ("child", "referral", "assessment", "section47", "protection_plan", "cin_plan")
    tables = {name: getattr(census, name) for name in named}
    kept = {
        name: table.filter(pc.invert(pc.is_in(table.column("child_id"), value_set=ids)))
        for name, table in tables.items()
    }
    return replace(census, **kept, tally=census.tally.refusing(OBJECTED, len(census.child) - len(kept["child"])))


def activity_of(files: SourceFiles) -> Kind:
    """The source of activity that is read: what study.toml names first. Raises DataProblem where there is none."""
    for one in files.given:
        if one.table in NAMED:
            return NAMED[one.table]
    for kind in KINDS:
        found = files.some(kind)
        if found and (kind != "ssd" or find_tabular(found[0], "ssd_cin_episodes") is not None):
            return kind
    raise DataProblem("Nothing was found for the children in need census.", file=files.folder.name, remedy=WANTED)


def read_xml(path: Path, year: CensusYear, wanted: str = STUDY, *, listed: Wanted = EVERYTHING) -> Census:
    """The census of the year from its XML, a few children in memory at a time. `wanted` says, of another year's, who asks for it.

    Elements that are not `listed` are let go of as they are met, and so are children who were not referred in its window.

    Raises DataProblem where the file is not XML, is cut off, has a document type, is another return, or of another year.
    """
    xml = open_xml(path, "cin")
    counts: Counter[str] = Counter()
    reading = Reading(xml.file, year, counts, wanted, listed.cohort)
    with plain_memory():
        for batch in batches(xml, counts, without=LEFT | listed.unlisted(CENSUS)):
            reading.add(batch.tables, batch.children)
            del batch
        if xml.note:
            counts[xml.note] += reading.children
        return reading.census(xml.source, xml.sha256)


def census_of(flat: Flat, year: CensusYear, wanted: str = STUDY, *, listed: Wanted = EVERYTHING) -> Census:
    """The census of the year from flat tables. Raises DataProblem where they are another return, or of another year."""
    flat = cut_to_year(flat, year)
    counts = Counter(flat.notes)
    reading = Reading(flat.file, year, counts, wanted, listed.cohort)
    reading.add(flat.tables, flat.rows_in)
    others = tuple(Tally(flat.source, file, sha256, rows) for file, (sha256, rows) in flat.others.items())
    return reading.census(flat.source, flat.sha256, others)


class Reading:
    """A census while it is read: its typed parts, and whether its header has said the year."""

    def __init__(
        self, file: str, year: CensusYear, counts: Counter[str], wanted: str = STUDY, window: Window | None = None
    ) -> None:
        self._file, self._year, self._counts, self._wanted, self._window = file, year, counts, wanted, window
        self._parts: list[Typed] = []
        self._small: list[Typed] = []
        self._said = False
        self.children = 0

    def add(self, tables: Mapping[str, pa.Table], children: int) -> None:
        """Some more children. Raises DataProblem where the header is of another return or another year."""
        for header in tables["Header"].to_pylist():
            self._said = self._check(header) or self._said
        made = typed(tables, self._year, self._counts)
        self._small.append(made if self._window is None else blocks_within(made, self._window, self._counts))
        self.children += children
        if len(self._small) >= MANY:
            self._gather()

    def _gather(self) -> None:
        """Make one part of many small ones, which take more room than what they hold."""
        if self._small:
            self._parts.append(
                {name: pa.concat_tables([one[name] for one in self._small]).combine_chunks() for name in self._small[0]}
            )
            self._small = []
            give_back()

    def census(self, source: str, sha256: str, others: tuple[Tally, ...] = ()) -> Census:
        """The whole. Raises DataProblem where there is no child, or where the dates are those of another year."""
        self._gather()
        if not self.children or not sum(
            len(part["child"]) - part["child"].column("child_id").null_count for part in self._parts
        ):
            raise nobody_within() if self._counts[NOT_IN_WINDOW] else _nobody(self._file)
        if not self._said:
            told = self._told_by_dates()
            self._counts[BY_DATES if told else NOT_CHECKED] += 1
        tables = census_tables(self._parts, self._year, self._counts)
        if self._year.end.year >= FIRST_WITH_PLANS and not tables["cin_plan"].num_rows:
            self._counts[NO_PLANS] += 1
        if self._window is not None:
            tables = children_within(tables, self._window, self._counts)
        refused = {NO_ID: self._counts.pop(NO_ID, 0)}
        if self._window is not None:
            refused[NOT_IN_WINDOW] = self._counts.pop(NOT_IN_WINDOW, 0)
        return Census(
            **tables, tally=Tally(source, self._file, sha256, self.children, refused, dict(self._counts)), others=others
        )

    def _check(self, header: Mapping[str, str | None]) -> bool:
        """Whether the header said the year, which then is the study's."""
        if (header["Collection"] or "CIN") != "CIN":
            raise DataProblem("This is another return: its Collection is not CIN.", file=self._file, remedy=REMEDY)
        day = read_day(header["ReferenceDate"])
        if day is None:
            return False
        if header["Year"] and header["Year"] != str(day_of(day).year):
            self._counts[DISAGREE] += 1
        self._require(year_holding(day_of(day)), "ReferenceDate")
        return True

    def _told_by_dates(self) -> bool:
        """Whether there are dates enough to tell the year, which then is the study's: the last one that holds a good share of them."""
        days = np.concatenate([day for part in self._parts for day in _days(part)])
        if len(days) < ENOUGH_DATES:
            return False
        spans = range(self._year.start.year - 25, self._year.start.year + 25)
        edges = [day_number(self._year.start.replace(year=year)) for year in spans]
        held = np.histogram(days, edges)[0]
        good = np.flatnonzero(held >= A_YEAR * len(days))
        if not len(good):
            return False
        self._require(year_holding(self._year.start.replace(year=spans[int(good[-1])])), None)
        return True

    def _require(self, held: str, column: str | None) -> None:
        if held != self._year.text:
            told = "" if column else ", by the dates of its episodes"
            raise DataProblem(
                f"The census is of {held}{told}, but {self._wanted} {self._year.text}.",
                file=self._file,
                column=column,
                remedy="Put the right year's census there, or change year in study.toml.",
            )


def _nobody(file: str) -> DataProblem:
    return DataProblem("The census holds no child.", file=file, remedy=REMEDY)


def _days(part: Typed) -> Iterable[np.ndarray[tuple[int], np.dtype[np.int32]]]:
    for name in ("referral", "assessment", "section47", "protection_plan"):
        for column in part[name].column_names:
            if column.endswith("_day"):
                yield part[name].column(column).drop_null().to_numpy()


def census_plans(census: Census) -> Sequence[Spells]:
    """The child in need plans that the census itself holds, from 2021-22 on, as one of the sources of that stage."""
    plan = census.cin_plan
    if not plan.num_rows:
        return ()
    days = [plan.column(name).cast(pa.date32()) for name in ("start_day", "end_day")]
    told = Tally(census.tally.source, census.tally.file, census.tally.sha256, plan.num_rows)
    return (spells("cin_plan", plan.column("child_id"), days[0], days[1], told),)
