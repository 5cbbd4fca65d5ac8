"""The daily children's social care feed: who a child is, what happened, and where they were placed, in one record (domain.md 1.8.4).

Several files may lie there, and one child in several: files count in order of their names, records in order of the file. What a later
record says of a child stands in place of what an earlier one said, and so for each episode by its id; what is marked to be purged goes.
Held in memory are the children, not the files. The feed knows no primary need, no category of abuse and no relative, and of an address
only the postcode.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from hearthlink.errors import DataProblem
from hearthlink.sources.case.daily_json import NOT_AN_OBJECT, REMEDY, TWICE, Json, listed, objects, text_of, texts_of
from hearthlink.sources.case.identifier_tables import Identifiers, gathered, intake, without_marked
from hearthlink.sources.census.flat_rows import Flat, Row, flat_tables, no_rows
from hearthlink.sources.intake.children import CHILD_ADDRESS, CHILD_PERSON
from hearthlink.sources.intake.fills import FEED
from hearthlink.sources.intake.spells import Spells, Stage, spells
from hearthlink.sources.intake.taking import Taken
from hearthlink.sources.reading import codes
from hearthlink.sources.reading.columns import each
from hearthlink.sources.reading.dates import Days, read_day, read_days
from hearthlink.sources.reading.receipts import Tally
from hearthlink.sources.reading.text import open_extract
from hearthlink.tables.wanted import EVERYTHING, Wanted

SOURCE = "daily_api"
NO_ID = "no child id"
PURGED = "marked to be purged"
SUPERSEDED = "told again by a later record"
BAD_DATE = "a date not understood, taken as missing"
PLACEHOLDER = "SSD_"
"""How the placeholders begin that councils' own extracts put where they hold nothing."""


@dataclass(slots=True)
class Told:
    """What the feed has told of one child so far: its details, and its episodes by id, as texts alone; and where that stood."""

    child_id: str
    other_id: str | None
    file: int
    line: int
    details: Mapping[str, Json] = field(default_factory=dict[str, Json])
    episodes: dict[str, Mapping[str, Json]] = field(default_factory=dict[str, Mapping[str, Json]])


@dataclass(frozen=True, slots=True)
class Daily:
    """The children of the feed, in the order in which it first names them, and a tally for each file."""

    children: tuple[Told, ...]
    tallies: tuple[Tally, ...]


def read_daily(paths: Sequence[Path], wanted: Wanted = EVERYTHING) -> Daily:
    """The feed, read as a stream; of a record only what is wanted is held.

    Raises DataProblem where a file is no JSON of records, or where none of them tells of a child.
    """
    told: dict[str, Told] = {}
    names = KNOWN - wanted.unlisted(FEED)
    in_order = sorted(paths, key=lambda path: path.name)
    read = [_read_file(path, number, told, names) for number, path in enumerate(in_order)]
    if not told:
        raise DataProblem("The feed tells of no child.", file=SOURCE, remedy=REMEDY)
    kept = Counter(one.file for one in told.values())
    tallies = tuple(tally.refusing(SUPERSEDED, tally.rows_kept - kept[number]) for number, tally in enumerate(read))
    return Daily(tuple(told.values()), tallies)


def _read_file(path: Path, number: int, told: dict[str, Told], names: frozenset[str]) -> Tally:
    extract = open_extract(path, SOURCE)
    counts: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    rows_in = 0
    for line, record in objects(extract, counts):
        rows_in += 1
        child_id = _id(record.get("la_child_id"))
        if child_id is None:
            refused[NO_ID] += 1
        elif _purged(record):
            refused[PURGED] += 1
            told.pop(child_id, None)
        else:
            _tell(told, child_id, record, Told(child_id, None, number, line), names)
    for reason in (TWICE, NOT_AN_OBJECT):
        refused[reason] = counts.pop(reason, 0)
        rows_in += refused[reason]
    notes = dict(counts) | ({extract.note: rows_in} if extract.note else {})
    return Tally(SOURCE, extract.file, extract.sha256, rows_in, {k: n for k, n in refused.items() if n}, notes)


def _tell(told: dict[str, Told], child_id: str, record: Mapping[str, Json], here: Told, names: frozenset[str]) -> None:
    child = told.setdefault(child_id, here)
    child.file, child.line = number, line = here.file, here.line
    child.other_id = _id(record.get("mis_child_id")) or child.other_id
    details = record.get("child_details")
    if isinstance(details, dict):
        child.details = {} if _purged(details) else _held(details, DETAILS, names)
    for place, episode in enumerate(listed(record.get("social_care_episodes"))):
        episode_id = text_of(episode.get("social_care_episode_id")) or f"\0{number}.{line}.{place}"
        if _purged(episode):
            child.episodes.pop(episode_id, None)
        else:
            child.episodes[episode_id] = _held(episode, EPISODE, names)


DETAILS = (
    "first_name", "surname", "date_of_birth", "expected_date_of_birth", "sex", "ethnicity", "disabilities", "postcode",
    "unique_pupil_number", "former_unique_pupil_number", "unique_pupil_number_unknown_reason",
)  # fmt: skip
EPISODE = (
    "referral_date", "referral_source", "referral_no_further_action_flag", "closure_date", "closure_reason",
    "child_and_family_assessments", "child_in_need_plans", "section_47_assessments", "child_protection_plans",
    "child_looked_after_placements",
)  # fmt: skip
PART = (
    "start_date", "end_date", "authorisation_date", "factors", "icpc_date", "icpc_required_flag", "postcode", "purge",
)  # fmt: skip
"""What is read of an assessment, a plan, an enquiry or a placement."""

KNOWN = frozenset({*DETAILS, *EPISODE, *PART})


def _held(held: Mapping[str, Json], read: Sequence[str], names: frozenset[str]) -> dict[str, Json]:
    """What is read of a record, without what is not among the names; of the parts it lists the same."""
    return {name: _parts_held(held[name], names) for name in read if name in held and name in names}


def _parts_held(value: Json, names: frozenset[str]) -> Json:
    if isinstance(value, dict):
        return _held(value, PART, names)
    if isinstance(value, list):
        return [_held(part, PART, names) if isinstance(part, dict) else part for part in value]
    return value


def _purged(held: Mapping[str, Json]) -> bool:
    return text_of(held.get("purge")) in {"true", "True", "1"}


def _id(value: Json) -> str | None:
    text = text_of(value)
    return None if text is None or text.startswith(PLACEHOLDER) else text


def _said(held: Mapping[str, Json], name: str) -> str | None:
    """A text of a record; the placeholder of the dataset that feeds are often made from is missing."""
    return _id(held.get(name))


def _parts(episode: Mapping[str, Json], name: str) -> list[dict[str, Json]]:
    return [part for part in listed(episode.get(name)) if not _purged(part)]


# --- as the flat census -------------------------------------------------------------------------------


def read_flat(paths: Sequence[Path], wanted: Wanted = EVERYTHING) -> Flat:
    """The flat tables of the feed. What it does not know is empty: primary needs, categories of abuse, reviews.

    Raises DataProblem where a file is no JSON of records, or where none of them tells of a child.
    """
    daily = read_daily(paths, wanted)
    rows = no_rows()
    for child_no, child in enumerate(daily.children, 1):
        _child_rows(rows, (child_no, child.line, child.child_id), child)
        for number, episode in enumerate(child.episodes.values(), 1):
            _episode_rows(rows, (child_no, child.line, child.child_id, str(number)), episode)
    first, *others = daily.tallies
    notes: Counter[str] = Counter()
    for tally in daily.tallies:
        notes.update({**tally.notes, **tally.refused})
    return Flat(
        flat_tables(rows),
        SOURCE,
        first.file,
        first.sha256,
        len(daily.children),
        dict(notes),
        {one.file: (one.sha256, one.rows_in) for one in others},
    )


def _child_rows(rows: dict[str, list[Row]], at: Row, child: Told) -> None:
    """What is said of a child. An expected date on or before the first referral is a birth date kept as an estimate."""
    held = child.details
    upn = [
        _said(held, f"{name}unique_pupil_number{end}")
        for name, end in (("", ""), ("former_", ""), ("", "_unknown_reason"))
    ]
    born, due = (_said(held, name) for name in ("date_of_birth", "expected_date_of_birth"))
    referred = [
        day for episode in child.episodes.values() if (day := read_day(_said(episode, "referral_date"))) is not None
    ]
    expected = read_day(due)
    if born is None and expected is not None and referred and expected <= min(referred):
        born, due = due, None
    rows["ChildIdentifiers"].append((*at, *upn, born, due, None, _said(held, "sex"), None))
    rows["ChildCharacteristics"].append((*at, _said(held, "ethnicity")))
    rows["Disabilities"] += [(*at, code) for code in texts_of(held.get("disabilities"))]


def _episode_rows(rows: dict[str, list[Row]], at: Row, held: Mapping[str, Json]) -> None:
    referred, source, closed, why, nothing = (
        _said(held, name)
        for name in (
            "referral_date",
            "referral_source",
            "closure_date",
            "closure_reason",
            "referral_no_further_action_flag",
        )
    )
    rows["CINdetails"].append((*at[:4], referred, source, None, closed, why, None, nothing))
    for number, part in enumerate(_parts(held, "child_and_family_assessments"), 1):
        here = (*at, str(number))
        rows["Assessments"].append((*here, _said(part, "start_date"), None, _said(part, "authorisation_date")))
        rows["AssessmentFactors"] += [(*here, code) for code in texts_of(part.get("factors"))]
    for part in _parts(held, "child_in_need_plans"):
        rows["CINplanDates"].append((*at, _said(part, "start_date"), _said(part, "end_date")))
    for part in _parts(held, "section_47_assessments"):
        needed = codes.flag(_said(part, "icpc_required_flag"))
        not_needed = None if needed is None else "false" if needed else "true"
        rows["Section47"].append((*at, _said(part, "start_date"), None, _said(part, "icpc_date"), not_needed))
    for number, part in enumerate(_parts(held, "child_protection_plans"), 1):
        plan = (_said(part, "start_date"), _said(part, "end_date"))
        rows["ChildProtectionPlans"].append((*at, str(number), *plan, None, None, None))


# --- as names and addresses ---------------------------------------------------------------------------


def daily_identifiers(paths: Sequence[Path], wanted: Wanted = EVERYTHING) -> Identifiers:
    """Persons with their postcodes; a placement's postcode has its dates. There are no adults in the feed.

    Raises DataProblem where a file is no JSON of records, or where none of them tells of a child.
    """
    daily = read_daily(paths, wanted)
    parts: list[Taken] = []
    homes: list[Taken] = []
    for number, tally in enumerate(daily.tallies):
        ours = [child for child in daily.children if child.file == number]
        person, unread = _persons(ours)
        parts.append(without_marked(Taken(person, tally.noting(BAD_DATE, unread) if unread else tally)))
        home = _homes(ours)
        homes.append(Taken(home, Tally(SOURCE, f"{tally.file} (postcodes)", tally.sha256, home.num_rows)))
    return gathered(SOURCE, parts, homes)


def _column(children: Sequence[Told], say: Callable[[Told], str | None]) -> pa.Array:
    return pa.array([say(child) for child in children], pa.string())


def _persons(children: Sequence[Told]) -> tuple[pa.Table, int]:
    def said(name: str) -> pa.Array:
        return _column(children, lambda child: _said(child.details, name))

    born, due = read_days(said("date_of_birth")), read_days(said("expected_date_of_birth"))
    ids = _column(children, lambda child: child.child_id)
    columns = {
        "person_id": ids,
        "child_id": ids,
        "legacy_id": _column(children, lambda child: child.other_id),
        "upn": said("unique_pupil_number"),
        "forename": said("first_name"),
        "surname": said("surname"),
        "birth_date": born.dates,
        "expected_birth_date": due.dates,
        "sex": each(said("sex"), codes.sex, pa.string()),
    }
    return intake(CHILD_PERSON, columns, len(children)), born.unread_count + due.unread_count


def _homes(children: Sequence[Told]) -> pa.Table:
    rows: list[tuple[str, str, str | None, str | None, str]] = []
    for child in children:
        if home := _said(child.details, "postcode"):
            rows.append((child.child_id, "home", None, None, home))
        for episode in child.episodes.values():
            rows += [
                (child.child_id, "placement", _said(part, "start_date"), _said(part, "end_date"), place)
                for part in _parts(episode, "child_looked_after_placements")
                if (place := _said(part, "postcode"))
            ]
    person, kind, start, end, postcode = (pa.array([row[n] for row in rows], pa.string()) for n in range(5))
    columns = {
        "person_id": person,
        "address_kind": kind,
        "start_date": read_days(start).dates,
        "end_date": read_days(end, ends=True).dates,
        "postcode": postcode,
    }
    return intake(CHILD_ADDRESS, columns, len(rows))


# --- as stages ----------------------------------------------------------------------------------------

BLOCKS: tuple[tuple[Stage, str], ...] = (
    ("cin_plan", "child_in_need_plans"),
    ("looked_after", "child_looked_after_placements"),
)


def daily_stages(paths: Sequence[Path], wanted: Wanted = EVERYTHING) -> list[Spells]:
    """Child in need plans, and placements as spells of being looked after.

    Raises DataProblem where a file is no JSON of records, or where none of them tells of a child.
    """
    daily = read_daily(paths, wanted)
    told: list[Spells] = []
    for number, tally in enumerate(daily.tallies):
        ours = [child for child in daily.children if child.file == number]
        for stage, block in BLOCKS:
            rows = [
                (child.child_id, _said(part, "start_date"), _said(part, "end_date"))
                for child in ours
                for episode in child.episodes.values()
                for part in _parts(episode, block)
            ]
            person, start, end = (pa.array([row[n] for row in rows], pa.string()) for n in range(3))
            begun, ended = read_days(start), read_days(end, ends=True)
            counted = Tally(SOURCE, f"{tally.file} ({block})", tally.sha256, len(rows))
            told.append(spells(stage, person, begun.dates, ended.dates, _noting(counted, begun, ended)))
    return told


def _noting(tally: Tally, *days: Days) -> Tally:
    unread = sum(one.unread_count for one in days)
    return tally.noting(BAD_DATE, unread) if unread else tally
