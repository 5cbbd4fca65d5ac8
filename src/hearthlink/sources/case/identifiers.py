"""Names and addresses of the children, from whichever layout lies among the extracts, and the plain layout that we ask for (domain.md 1.8.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.case import liquidlogic, mosaic, ssd
from hearthlink.sources.case.daily_api import daily_identifiers, daily_stages
from hearthlink.sources.case.identifier_tables import (
    FILE,
    Identifiers,
    Where,
    absent,
    gathered,
    intake,
    take_table,
    without_marked,
)
from hearthlink.sources.case.liquidlogic import read_liquidlogic
from hearthlink.sources.case.mosaic import read_mosaic
from hearthlink.sources.case.ssd import read_ssd, ssd_stages
from hearthlink.sources.intake.children import CHILD_ADDRESS, CHILD_ADULT, CHILD_ALIAS, CHILD_PERSON
from hearthlink.sources.intake.declared import IntakeTable
from hearthlink.sources.intake.spells import STAGES, Spells, spells
from hearthlink.sources.intake.taking import Taken
from hearthlink.sources.reading.columns import Values, found_at, joined, whole
from hearthlink.sources.reading.files import WANTED, SourceFiles

PLAIN = "identifiers"
READERS: Mapping[str, tuple[Callable[[Where], Identifiers], tuple[IntakeTable, ...]]] = {
    "ssd": (read_ssd, ssd.TABLES),
    "mosaic": (read_mosaic, mosaic.TABLES),
    "liquidlogic": (read_liquidlogic, liquidlogic.TABLES),
}
"""The layouts that a case system's supplier makes, each with its tables, the first of them its persons; in the order they are looked for."""

NOT_READ = "another layout gives the same, so none were taken from here"
TABLES = (CHILD_PERSON, CHILD_ALIAS, CHILD_ADDRESS, CHILD_ADULT)


def read_identifiers(files: SourceFiles, given: Mapping[str, Sequence[Taken]] | None = None) -> Identifiers:
    """Who the children are, where they lived and which adults they have. `given`: tables of the study's own, by name of intake table.

    Persons that are given come first, then those of the plain layout, then those of a supplier's; the daily feed, which holds a postcode
    and no address, comes last. Addresses and adults that are given, or lie in the plain layout, are added to a supplier's, and stand in
    their place where the persons are the council's own.

    Raises DataProblem where no persons are there.
    """
    own = _own(files, given or {})
    held = _supplied(files, given or {})
    if own["child_person"]:
        return _plain(own, held)
    if held is None:
        raise DataProblem("Nothing was found with names and addresses.", file=files.folder.name, remedy=WANTED)
    return _added(held, own)


def read_stages(files: SourceFiles, given: Mapping[str, Sequence[Taken]] | None = None) -> list[Spells]:
    """Child in need plans and spells of care that come with a case system's tables, with the daily feed, or are given."""
    told = list(_given_stages(given or {}))
    told += ssd_stages(Where(files.one("ssd"), given or {}, files.wanted))
    feed = files.some("daily_api")
    return told + (daily_stages(feed, files.wanted) if feed else [])


def _given_stages(given: Mapping[str, Sequence[Taken]]) -> Iterator[Spells]:
    for stage in STAGES:
        for taken in given.get(stage, ()):
            person_id, start, end = (taken.table.column(name) for name in ("person_id", "start_date", "end_date"))
            yield spells(stage, person_id, start, end, taken.tally)


def _own(files: SourceFiles, given: Mapping[str, Sequence[Taken]]) -> dict[str, list[Taken]]:
    """The tables of the plain layout and those that are given, by name; what is given of a table stands instead of the layout's."""
    own = {table.name: list(given.get(table.name, ())) for table in TABLES}
    folder = files.one(PLAIN)
    for table in TABLES:
        taken = (
            None if folder is None or own[table.name] else take_table(Where(folder, wanted=files.wanted), table, PLAIN)
        )
        own[table.name] += [] if taken is None else [taken]
    return own


def _supplied(files: SourceFiles, given: Mapping[str, Sequence[Taken]]) -> Identifiers | None:
    for layout, (read, tables) in READERS.items():
        where = Where(files.one(layout), given, files.wanted)
        if where.folder is not None or given.get(tables[0].name):
            return read(where)
    feed = files.some("daily_api")
    return daily_identifiers(feed, files.wanted) if feed else None


def _plain(own: Mapping[str, Sequence[Taken]], held: Identifiers | None) -> Identifiers:
    """Persons of the council's own tables; its addresses and adults too, or, where it gives none, those of a supplier's layout."""
    persons = [without_marked(_named(_with_id(one), own["child_alias"])) for one in own["child_person"]]
    aliases = [Taken(intake(CHILD_PERSON, {}, 0), one.tally) for one in own["child_alias"]]
    address, adult = own["child_address"], own["child_adult"]
    if held is None:
        address = address or [absent(PLAIN, CHILD_ADDRESS, CHILD_ADDRESS.name)]
        adult = adult or [absent(PLAIN, CHILD_ADULT, CHILD_ADULT.name)]
        return gathered(PLAIN, [*persons, *aliases], address, adult)
    made = gathered(PLAIN, [*persons, *aliases], address, adult)
    after = len(made.tallies)
    more_address, more_adult = held.address.slice(0, 0 if address else None), held.adult.slice(0, 0 if adult else None)
    used = {number for table in (more_address, more_adult) for number in pc.unique(table.column(FILE)).to_pylist()}
    tallies = (
        tally if number in used else tally.refusing(NOT_READ, tally.rows_kept)
        for number, tally in enumerate(held.tallies)
    )
    return replace(
        made,
        address=pa.concat_tables([made.address, _later(more_address, after)]),
        adult=pa.concat_tables([made.adult, _later(more_adult, after)]),
        tallies=(*made.tallies, *tallies),
    )


def _added(held: Identifiers, own: Mapping[str, Sequence[Taken]]) -> Identifiers:
    """What a supplier's layout tells, with the other names, addresses and adults of the council's own tables."""
    if not any(own.values()):
        return held
    person = _named(Taken(held.person.drop_columns([FILE]), held.tallies[0]), own["child_alias"]).table
    person = person.append_column(FILE, held.person.column(FILE))
    aliases = [Taken(intake(CHILD_PERSON, {}, 0), one.tally) for one in own["child_alias"]]
    more = gathered(held.source, aliases, own["child_address"], own["child_adult"])
    after = len(held.tallies)
    return replace(
        held,
        person=person,
        address=pa.concat_tables([held.address, _later(more.address, after)]),
        adult=pa.concat_tables([held.adult, _later(more.adult, after)]),
        tallies=(*held.tallies, *more.tallies),
    )


def _later(table: pa.Table, after: int) -> pa.Table:
    place = table.column_names.index(FILE)
    return table.set_column(place, FILE, pc.add(table.column(FILE), after))


def _with_id(person: Taken) -> Taken:
    """Persons whose only id is that of the census have it for their own.

    Raises DataProblem where there is neither.
    """
    own, census = person.table.column("person_id"), person.table.column("child_id")
    if own.null_count == len(own) and census.null_count == len(census):
        raise DataProblem(
            "No row says which child it is.",
            file=person.tally.file,
            line=1,
            column="child_id",
            remedy="Ask for the id that the census was sent with (child_id), the system's own (person_id), or both.",
        )
    place = person.table.column_names.index("person_id")
    return Taken(person.table.set_column(place, "person_id", pc.coalesce(own, census)), person.tally)


def _named(person: Taken, aliases: Sequence[Taken]) -> Taken:
    """Persons with the names that the tables of other names hold, beside those of their own row."""
    table = person.table
    for told in aliases:
        for column, other in (("known_as", "forename"), ("former_surname", "surname")):
            names = _together(told.table, other)
            more = names.column(other).take(found_at(table.column("person_id"), names.column("person_id")))
            place = table.column_names.index(column)
            table = table.set_column(place, column, joined([table.column(column), more], ";"))
    return Taken(table, person.tally)


def _together(aliases: pa.Table, column: str) -> pa.Table:
    """The other names of each person in one text, in order of the alphabet."""
    held = aliases.select(["person_id", column]).filter(pc.is_valid(aliases.column(column)))
    held = held.sort_by([("person_id", "ascending"), (column, "ascending")])
    several: dict[str, dict[str, None]] = {}
    for person_id, name in zip(whole(held.column(0)).to_pylist(), whole(held.column(1)).to_pylist(), strict=True):
        several.setdefault(person_id, {})[name] = None
    made: Mapping[str, Values] = {
        "person_id": pa.array(list(several), pa.string()),
        column: pa.array([";".join(names) for names in several.values()], pa.string()),
    }
    return pa.table(made)
