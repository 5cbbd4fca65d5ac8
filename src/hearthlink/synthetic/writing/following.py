"""The census of the year that follows, in a folder of its own, where that year is watched: ``in/next_year``.

The children of the first census whose episodes ran on are in it, those referred again, and those first referred in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TypeVar

from hearthlink.synthetic.world import CareRecord, Settings, TruePerson, Ward
from hearthlink.synthetic.writing import cin as write_cin
from hearthlink.synthetic.writing.text import Part

_T = TypeVar("_T", bytes, Part)

FOLDER = "in/next_year"


def begin(settings: Settings) -> dict[str, bytes]:
    """The opening of the next census, where the year is watched; otherwise no file."""
    return _moved(write_cin.begin(settings.next_year())) if settings.following else {}


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The children of one ward in the next year. Those unborn in the first census have been born and named since."""
    if not settings.following:
        return {}
    later = settings.next_year()
    born = {child.number: child for family in ward.families for child in family.children}
    records = tuple(_born(record, born.get(record.person.number), later) for record in ward.care_records)
    return _moved(write_cin.part(replace(ward, care_records=records), later))


def end(settings: Settings, counts: Mapping[str, tuple[int, ...]]) -> dict[str, bytes]:
    """The close of the next census."""
    return _moved(write_cin.end(settings.next_year(), counts)) if settings.following else {}


def _moved(files: Mapping[str, _T]) -> dict[str, _T]:
    return {f"{FOLDER}/{PurePosixPath(name).name}": body for name, body in files.items()}


def _born(record: CareRecord, child: TruePerson | None, later: Settings) -> CareRecord:
    expected = record.expected_birth_date
    if expected is None or expected > later.year_end or child is None:
        return record
    person = replace(
        record.person, forename=child.forename, surname=child.surname, birth_date=child.birth_date, sex=child.sex
    )
    return replace(record, expected_birth_date=None, person=person)
