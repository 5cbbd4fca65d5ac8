"""Annex A, the child-level lists made for an inspection, as they stood when the census year ended: one workbook, ``in/annex_a``.

Lists 6, 7 and 8 (children in need, protection plans, looked after) have their rows; the other eight, of which the study reads none, have
their headers alone. Values are labelled as the template's are.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from hearthlink.synthetic.casework import CareRecord, Referral
from hearthlink.synthetic.census_years import by
from hearthlink.synthetic.world import Settings, Ward
from hearthlink.synthetic.writing.text import Part, iso, rows
from hearthlink.synthetic.writing.workbook import Cell, write_workbook

FOLDER = "in/annex_a"
ABOUT = ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)")
LISTS: dict[int, tuple[str, ...]] = {
    1: (*ABOUT, "Date of Contact", "Contact Source"),
    2: (*ABOUT, "Assessment start date", "Assessment completion date", "Organisation completing assessment"),
    3: (
        *ABOUT, "Date of referral", "Referral Source", "Referral NFA?", "Number of Referrals in Last 12 Months",
        "Allocated Team", "Allocated Worker",
    ),
    4: (
        *ABOUT, "Does the Child have a Disability", "Continuous Assessment Start Date",
        "Child Seen During Continuous Assessment", "Continuous Assessment Date of Authorisation",
        "Was the child assessed as requiring LA children's social care support?",
    ),
    5: (
        *ABOUT, "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Was an Initial Child Protection Conference deemed unnecessary?", "Date of Initial Child Protection Conference",
        "Did the Initial Child Protection Conference Result in a Child Protection Plan",
    ),
    6: (
        *ABOUT, "CIN Start Date", "Primary Need Code", "Date Child Was Last Seen", "CIN Closure Date", "Reason for Closure",
        "Case Status",
    ),
    7: (
        *ABOUT, "Child Protection Plan Start Date", "Initial Category of Abuse", "Latest Category of Abuse",
        "Child Protection Plan End Date", "Number of Previous Child Protection Plans",
    ),
    8: (
        *ABOUT, "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months", "Date Started to be Looked After",
        "Child's Category of Need", "Child's Legal Status", "Date Ceased to be Looked After", "Reason Ceased to be Looked After",
        "Placement Type",
    ),
    9: (*ABOUT, "Eligibility Category", "LA in Touch", "Type of Accommodation", "Activity Status"),
    10: (*ABOUT, "Family identifier", "Date of Decision that Child Should be Placed for Adoption"),
    11: ("Individual adopter identifier", "Family identifier"),
}  # fmt: skip

GENDER = {"M": "a) Male", "F": "b) Female"}
NEEDS = {
    "N1": "Abuse or neglect", "N2": "Child's disability", "N3": "Parental disability or illness", "N4": "Family in acute stress",
    "N5": "Family dysfunction", "N6": "Socially unacceptable behaviour", "N7": "Low income", "N8": "Absent parenting",
    "N9": "Cases other than children in need", "N0": "Not stated",
}  # fmt: skip
RECENT = timedelta(days=183)
"""List 6 holds cases that were open in the last six months."""


def begin(settings: Settings) -> dict[str, bytes]:
    """The headers of each list, which is a text until all wards are in."""
    return {_name(number): rows([headers]) for number, headers in LISTS.items()}


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The children of one ward on lists 6, 7 and 8."""
    made: dict[int, list[tuple[str, ...]]] = {6: [], 7: [], 8: []}
    for record in ward.care_records:
        made[6] += _in_need(record, settings)
        made[7] += _protected(record, settings)
        made[8] += _looked_after(record, settings)
    return {_name(number): Part(rows(lines)) for number, lines in made.items()}


def finish(folder: Path, settings: Settings) -> None:
    """Bring the lists together in one workbook, a sheet each, and take their texts away."""
    paths = {number: folder / _name(number) for number in LISTS}
    write_workbook(
        folder / FOLDER / f"Annex_A_{settings.year_end.year}_Mar.xlsx",
        {f"List {number}": _cells(path) for number, path in paths.items()},
    )
    for path in paths.values():
        path.unlink()


def _name(number: int) -> str:
    return f"{FOLDER}/list_{number}.csv"


def _cells(path: Path) -> Iterator[Iterable[Cell]]:
    with path.open(encoding="utf-8", newline="") as opened:
        for row in csv.reader(opened):
            yield [_cell(text) for text in row]


def _cell(text: str) -> Cell:
    return date.fromisoformat(text) if len(text) == 10 and text[4] == text[7] == "-" else text


def _about(record: CareRecord, last: date) -> tuple[str, ...]:
    born = record.expected_birth_date or record.person.birth_date
    age = "" if born is None or born > last else str((last - born).days * 4 // 1461)
    return record.legacy_id, GENDER.get(record.person.sex, "c) Not stated/recorded"), record.ethnicity, iso(born), age


def _in_need(record: CareRecord, settings: Settings) -> Iterator[tuple[str, ...]]:
    last = settings.year_end
    for episode in record.referrals:
        open_lately = episode.closed is None or episode.closed >= last - RECENT
        if episode.no_further_action or episode.day > last or not open_lately:
            continue
        need = episode.primary_need or "N0"
        closed = by(episode.closed, last)
        yield (
            *_about(record, last), iso(episode.day), f"{need} - {NEEDS[need]}", "", iso(closed),
            episode.closure_reason if closed else "", _status(record, episode, last),
        )  # fmt: skip


def _status(record: CareRecord, episode: Referral, last: date) -> str:
    """What stage the case is at, the highest that is running; e where it has closed."""
    if by(episode.closed, last):
        return "e) Closed episode"
    if any(_runs(spell.start, spell.ceased, last) for spell in record.looked_after):
        return "a) Looked after child"
    if any(_runs(plan.start, plan.end, last) for plan in episode.plans):
        return "b) Child Protection plan"
    if any(_runs(plan.start, plan.end, last) for plan in record.cin_plans if plan.referral == episode.identifier):
        return "c) Child in need plan (CiN)"
    return "d) Open Assessment"


def _runs(start: date, end: date | None, day: date) -> bool:
    return start <= day and by(end, day) is None


def _protected(record: CareRecord, settings: Settings) -> Iterator[tuple[str, ...]]:
    last = settings.year_end
    for plan in (plan for episode in record.referrals for plan in episode.plans):
        if plan.start <= last and (plan.end is None or plan.end >= settings.year_start):
            yield (
                *_about(record, last), iso(plan.start), plan.initial_category, plan.latest_category, iso(by(plan.end, last)),
                str(plan.previous_plans),
            )  # fmt: skip


def _looked_after(record: CareRecord, settings: Settings) -> Iterator[tuple[str, ...]]:
    last = settings.year_end
    for spell in record.looked_after:
        if spell.start <= last and (spell.ceased is None or spell.ceased >= settings.year_start):
            ceased = by(spell.ceased, last)
            yield (
                *_about(record, last), "a) Yes" if record.unaccompanied else "b) No", iso(spell.start),
                f"{spell.need} - {NEEDS[spell.need]}", spell.legal_status, iso(ceased), spell.ceased_reason if ceased else "",
                spell.placement_type,
            )  # fmt: skip
