"""Where the extracts of a study lie: which folder of `in` holds which layout, and what must be there before anything is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from hearthlink.errors import DataProblem
from hearthlink.tables.wanted import EVERYTHING, Wanted


class Group(Enum):
    """What a layout gives. Of each of the first three a study needs one at least; the others may be absent."""

    ACTIVITY = "the children in need census, or a case system's activity"
    IDENTIFIERS = "names and addresses of the children"
    CLAIMS = "Housing Benefit or council tax support"
    STAGES = "plans and spells of care"
    MONEY = "money, rent and home"
    GEOGRAPHY = "postcodes and deprivation"
    COMPARATORS = "figures to compare with"
    OTHER_YEARS = "the census of the year after or before"


NEEDED = (Group.ACTIVITY, Group.IDENTIFIERS, Group.CLAIMS)


@dataclass(frozen=True, slots=True)
class Place:
    """One layout: the folder of `in` it lies in (empty for `in` itself), the files that are it, and what it gives.

    A layout of several tables is handed on as its folder (``whole``), any other as its files in order of name.
    """

    layout: str
    gives: tuple[Group, ...]
    folder: str
    patterns: tuple[str, ...]
    says: str
    whole: bool = False


TABLES = ("*.csv", "*.txt", "*.tsv", "*.xlsx", "*.xls", "*.ods", "*.parquet")
ACTIVITY, IDENTIFIERS, CLAIMS, STAGES, MONEY = (
    Group.ACTIVITY,
    Group.IDENTIFIERS,
    Group.CLAIMS,
    Group.STAGES,
    Group.MONEY,
)

PLACES = (
    Place("cin", (ACTIVITY,), "", ("*.xml",), "the children in need census (XML)"),
    Place("cin", (ACTIVITY,), "cin", ("*.xml",), "the children in need census (XML)"),
    Place("cin_csv", (ACTIVITY,), "cin_csv", TABLES, "the census as flat tables", whole=True),
    Place("next_year", (Group.OTHER_YEARS,), "next_year", ("*.xml",), "the census of the following year (XML)"),
    Place("next_year_csv", (Group.OTHER_YEARS,), "next_year", TABLES, "the same as flat tables", whole=True),
    Place("previous_year", (Group.OTHER_YEARS,), "previous_year", ("*.xml",), "the census of the year before (XML)"),
    Place("previous_year_csv", (Group.OTHER_YEARS,), "previous_year", TABLES, "the same as flat tables", whole=True),
    Place(
        "daily_api", (ACTIVITY, IDENTIFIERS, STAGES), "daily_api", ("*.json", "*.jsonl", "*.ndjson"), "the daily feed"
    ),
    Place("ssd", (IDENTIFIERS, STAGES), "ssd", TABLES, "Standard Safeguarding Dataset", whole=True),
    Place("ssd", (ACTIVITY,), "ssd", ("ssd_cin_episodes.*",), "Standard Safeguarding Dataset", whole=True),
    Place("identifiers", (IDENTIFIERS,), "identifiers", TABLES, "the identifiers layout", whole=True),
    Place("mosaic", (IDENTIFIERS,), "mosaic", TABLES, "Mosaic's reporting tables", whole=True),
    Place("liquidlogic", (IDENTIFIERS,), "liquidlogic", TABLES, "Liquidlogic's reporting tables", whole=True),
    Place("ssda903", (STAGES,), "ssda903", TABLES, "the looked-after return", whole=True),
    Place("annex_a", (STAGES,), "annex_a", TABLES, "Annex A lists", whole=True),
    Place("shbe", (CLAIMS,), "shbe", ("*.txt", "*.csv", "*.dat", "*.psv"), "monthly Housing Benefit extracts"),
    Place("academy", (CLAIMS,), "academy", TABLES, "Academy tables", whole=True),
    Place("cts", (CLAIMS,), "cts", TABLES, "council tax support periods", whole=True),
    Place("universal_credit", (MONEY,), "universal_credit", TABLES, "the Universal Credit data share", whole=True),
    Place("homelessness", (MONEY,), "homelessness", (*TABLES, "*.xml"), "homelessness cases (H-CLIC)", whole=True),
    Place("rent", (MONEY,), "rent", TABLES, "rent accounts", whole=True),
    Place("housing_payments", (MONEY,), "housing_payments", TABLES, "discretionary housing payments", whole=True),
    Place("council_tax", (MONEY,), "council_tax", TABLES, "council tax arrears", whole=True),
    Place("school_meals", (MONEY,), "school_meals", TABLES, "free school meal spells", whole=True),
    Place("geography", (Group.GEOGRAPHY,), "geography", TABLES, "postcodes and deprivation", whole=True),
    Place("comparators", (Group.COMPARATORS,), "comparators", TABLES, "figures to compare with", whole=True),
)
"""Every layout that is looked for. A further one is a row here, a reader, and a page in the docs."""

ALONE = frozenset({"cin", "next_year", "previous_year"})
"""Layouts of which there may be one file only: of two, nobody could say which was meant."""

WANTED = (
    "It should hold the census (cin_*.xml), names and addresses (ssd/, identifiers/, mosaic/ or liquidlogic/) and claims "
    "(shbe/, cts/ or academy/). The page on using your own files lists every layout."
)


@dataclass(frozen=True, slots=True)
class Given:
    """A table of somebody's own, as study.toml names it: which intake table it fills, where it lies, and by which mapping.

    It lies in a file (``path``, and ``sheet`` of a workbook) or comes from a database by a query. A mapping that comes with Hearthlink is
    named, one of the council's own is a path.
    """

    table: str
    path: Path | None = None
    sheet: str | None = None
    database: str | None = None
    query: str | None = None
    mapping: Path | str | None = None


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """The extracts of a study: for each layout that is there, its files or its folder. None of them is opened by naming it.

    `wanted` says what of them may become a column in memory.
    """

    folder: Path
    have: Mapping[str, tuple[Path, ...]]
    given: tuple[Given, ...] = ()
    wanted: Wanted = EVERYTHING

    def one(self, layout: str) -> Path | None:
        """The file or folder of a layout, or None where it is absent."""
        found = self.have.get(layout, ())
        return found[0] if found else None

    def some(self, layout: str) -> tuple[Path, ...]:
        """The files of a layout, in order of name; none where it is absent."""
        return self.have.get(layout, ())


def source_files(folder: Path, given: Sequence[Given] = (), wanted: Wanted = EVERYTHING) -> SourceFiles:
    """The extracts in a folder, found by their names, besides the tables given; and what of them is `wanted`.

    Raises DataProblem where nothing is there for something that a study needs, or where two files could be the same one.
    """
    if not folder.is_dir():
        raise DataProblem("The folder of extracts was not found.", file=folder.name, remedy=WANTED)
    have: dict[str, tuple[Path, ...]] = {}
    groups = {_GIVES[one.table] for one in given if one.table in _GIVES}
    for place in PLACES:
        found = _found(folder, place)
        if not found:
            continue
        if place.gives == (CLAIMS,):
            _require_once(place, folder, given)
        groups.update(place.gives)
        have[place.layout] = (found[0].parent,) if place.whole else (*have.get(place.layout, ()), *found)
        if place.layout in ALONE and len(have[place.layout]) > 1:
            raise DataProblem(
                f"{len(have[place.layout])} files could be {place.says}.",
                file=f"{place.folder or folder.name}/{place.patterns[0]}",
                remedy="Leave the right one there, and move the rest.",
            )
    for group in NEEDED:
        if group not in groups:
            raise DataProblem(f"Nothing was found for {group.value}.", file=folder.name, remedy=WANTED)
    return SourceFiles(folder, have, tuple(given), wanted)


_GIVES = {
    **dict.fromkeys(("referral", "ssd_cin_episodes"), ACTIVITY),
    **dict.fromkeys(("child_person", "ssd_person", "dm_persons", "dim_person"), IDENTIFIERS),
    **dict.fromkeys(("claim_person", "hbmember"), CLAIMS),
}


def _require_once(place: Place, folder: Path, given: Sequence[Given]) -> None:
    """Refuse a table of claims that is given out of a folder which is read by itself: each claim would count twice."""
    for one in given:
        if one.path is not None and folder / place.folder in (one.path, *one.path.parents):
            raise DataProblem(
                f"This file is named under [[source]], and the folder {place.folder} is read by itself, so it would be read twice.",
                file=one.path.name,
                remedy="Take the [[source]] away; or move the folder's files into a folder of another name, and name each of them.",
            )


def _found(folder: Path, place: Place) -> list[Path]:
    within = folder / place.folder
    if not within.is_dir():
        return []
    found = sorted(
        path
        for path in within.iterdir()
        if path.is_file()
        and not path.name.startswith((".", "~$"))
        and any(Path(path.name.lower()).match(pattern) for pattern in place.patterns)
    )
    linked = next((path for path in (*([within] if place.folder else []), *found) if path.is_symlink()), None)
    if linked is not None:
        raise DataProblem(
            "This is a link to another place.",
            file=linked.name,
            remedy="Put the extract itself there, not a link to it.",
        )
    return found
