"""Activity out of the Standard Safeguarding Dataset, for a council that holds the dataset and no census file (domain.md 1.8.1).

The dataset's tables name their episode by its id; here each row becomes part of its episode, as in the census. A row that names none
belongs to the person's latest episode begun by then. The children are those with an episode: adults are among the persons too.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hearthlink.sources.case.identifier_tables import Where, needed_table, take_table
from hearthlink.sources.case.ssd_address import PLACEHOLDERS
from hearthlink.sources.census.flat_rows import Flat, Row, flat_tables, no_rows
from hearthlink.sources.intake.declared import DATE, END, TEXT, IntakeColumn, IntakeTable, Kind, plain
from hearthlink.sources.intake.taking import Taken

SOURCE = "ssd"
NO_EPISODE = "of no episode that is there, left out"
NO_CHILD = "of a person who is not there, left out"

Record = Mapping[str, "str | None"]


def _table(stem: str, says: str, *names: str, dates: str = "", ends: str = "", bare: bool = True) -> IntakeTable:
    """A table of the dataset: its columns, of which the first two must be there, and which of them are dates."""
    kinds: dict[str, Kind] = dict.fromkeys(dates.split(), DATE) | dict.fromkeys(ends.split(), END)
    columns: list[IntakeColumn] = []
    for number, name in enumerate((*names, *kinds)):
        columns.append(plain(name, kinds.get(name, TEXT), says, needed=number < 2))
    return IntakeTable(stem, says, SOURCE, (stem,), tuple(columns), may_be_bare=bare)


PERSON = _table(
    "ssd_person", "the persons of the case system", "pers_person_id", "pers_sex", "pers_legacy_id", "pers_upn", "pers_upn_unknown", "pers_ethnicity",
    dates="pers_dob pers_expected_dob pers_death_date", bare=False,
)  # fmt: skip
DISABILITY = _table("ssd_disability", "disabilities", "disa_person_id", "disa_disability_code")
EPISODES = _table(
    "ssd_cin_episodes", "referrals and how they closed", "cine_person_id", "cine_referral_id", "cine_referral_source_code",
    "cine_cin_primary_need_code", "cine_close_reason", "cine_referral_nfa", dates="cine_referral_date", ends="cine_close_date", bare=False,
)  # fmt: skip
ASSESSMENTS = _table(
    "ssd_cin_assessments", "assessments", "cina_person_id", "cina_referral_id", "cina_assessment_id",
    dates="cina_assessment_start_date", ends="cina_assessment_auth_date",
)  # fmt: skip
FACTORS = _table("ssd_assessment_factors", "factors found", "cinf_assessment_id", "cinf_assessment_factors_json")
CIN_PLANS = _table(
    "ssd_cin_plans", "child in need plans", "cinp_person_id", "cinp_referral_id",
    dates="cinp_cin_plan_start_date", ends="cinp_cin_plan_end_date",
)  # fmt: skip
ENQUIRIES = _table(
    "ssd_s47_enquiry", "section 47 enquiries", "s47e_person_id", "s47e_referral_id", "s47e_s47_enquiry_id",
    dates="s47e_s47_start_date", ends="s47e_s47_end_date",
)  # fmt: skip
CONFERENCES = _table(
    "ssd_initial_cp_conference", "initial child protection conferences", "icpc_person_id", "icpc_referral_id", "icpc_s47_enquiry_id",
    dates="icpc_icpc_target_date icpc_icpc_date",
)  # fmt: skip
PLANS = _table(
    "ssd_cp_plans", "child protection plans", "cppl_person_id", "cppl_referral_id", "cppl_cp_plan_id",
    "cppl_cp_plan_initial_category", "cppl_cp_plan_latest_category", dates="cppl_cp_plan_start_date", ends="cppl_cp_plan_end_date",
)  # fmt: skip
REVIEWS = _table("ssd_cp_reviews", "reviews of protection plans", "cppr_cp_plan_id", dates="cppr_cp_review_date")
ONLY_HERE = (DISABILITY, EPISODES, ASSESSMENTS, FACTORS, ENQUIRIES, CONFERENCES, PLANS, REVIEWS)
"""Tables that tell of activity alone; persons and child in need plans are read for other ends too."""

FURTHER = (DISABILITY, ASSESSMENTS, FACTORS, CIN_PLANS, ENQUIRIES, CONFERENCES, PLANS, REVIEWS)


@dataclass(frozen=True, slots=True)
class Episode:
    """One referral: which child and which of its episodes it is, and what it says."""

    at: Row
    held: Record


@dataclass(slots=True)
class Episodes:
    """The episodes by their id, and those of each person by their day."""

    by_id: dict[str, Episode] = field(default_factory=dict[str, Episode])
    by_person: dict[str, list[tuple[str, Episode]]] = field(default_factory=dict[str, "list[tuple[str, Episode]]"])

    def of(self, person_id: str | None, referral_id: str | None, day: str | None) -> Row | None:
        """Where a row belongs: the episode it names, else the person's latest by its day; None where there is none."""
        named = self.by_id.get(referral_id or "")
        if named is not None and named.held["cine_person_id"] == person_id:
            return named.at
        held = self.by_person.get(person_id or "", [])
        place = bisect_right([began for began, _ in held], day or "9999") - 1
        return held[max(place, 0)][1].at if held else None


def read_flat(where: Where) -> Flat:
    """The flat tables of the dataset, out of its folder or as they are given. The tables of persons and of episodes must be there.

    Raises DataProblem where they are not, or cannot be read.
    """
    person, told = (needed_table(where, table, SOURCE, missing=PLACEHOLDERS) for table in (PERSON, EPISODES))
    further = {table.name: take_table(where, table, SOURCE, missing=PLACEHOLDERS) for table in FURTHER}
    notes: Counter[str] = Counter()
    rows = no_rows()
    episodes = _children(rows, _numbered(person), _numbered(told), further["ssd_disability"], notes)
    _assessments(rows, episodes, further, notes)
    _enquiries(rows, episodes, further, notes)
    _plans(rows, episodes, further, notes)
    for taken in (person, told, *further.values()):
        notes.update({} if taken is None else {**taken.tally.notes, **taken.tally.refused})
    others = [taken.tally for taken in (told, *further.values()) if taken is not None]
    return Flat(
        flat_tables(rows), SOURCE, person.tally.file, person.tally.sha256, len(rows["ChildIdentifiers"]),
        {note: count for note, count in notes.items() if count}, {one.file: (one.sha256, one.rows_in) for one in others},
    )  # fmt: skip


def _records(taken: Taken | None) -> list[Record]:
    """The rows as texts, dates in ISO form."""
    return [] if taken is None else [
        {name: None if value is None else str(value) for name, value in row.items()} for row in taken.table.to_pylist()
    ]  # fmt: skip


def _numbered(taken: Taken) -> list[tuple[int, Record]]:
    """The rows, each with the line it stands on."""
    records = _records(taken)
    lines = range(2, 2 + len(records)) if taken.lines is None else taken.lines.to_pylist()
    return list(zip(lines, records, strict=True))


def _children(
    rows: dict[str, list[Row]],
    persons: list[tuple[int, Record]],
    told: list[tuple[int, Record]],
    disability: Taken | None,
    notes: Counter[str],
) -> Episodes:
    """Children with an episode, in order of their ids, and their episodes in order of day."""
    first: dict[str, tuple[int, Record]] = {}
    for line, person in persons:
        if person["pers_person_id"]:
            first.setdefault(person["pers_person_id"], (line, person))
    theirs: dict[str, list[tuple[int, Record]]] = {}
    for line, episode in told:
        if (episode["cine_person_id"] or "") in first:
            theirs.setdefault(episode["cine_person_id"] or "", []).append((line, episode))
        else:
            notes[NO_CHILD] += 1
    disabled: dict[str, set[str]] = {}
    for row in _records(disability):
        if row["disa_person_id"] and row["disa_disability_code"]:
            disabled.setdefault(row["disa_person_id"], set()).add(row["disa_disability_code"])
    names = _names({person_id: first[person_id][1] for person_id in theirs})
    episodes = Episodes()
    for child_no, person_id in enumerate(sorted(theirs, key=lambda one: names[one]), 1):
        line, person = first[person_id]
        child_id = names[person_id]
        held = sorted(
            theirs[person_id],
            key=lambda one: (one[1]["cine_referral_date"] or "", one[1]["cine_referral_id"] or "", repr(one[1])),
        )
        at = (child_no, line, child_id)
        rows["ChildIdentifiers"].append((*at, *_identifiers(person, held[0][1]["cine_referral_date"])))
        rows["ChildCharacteristics"].append((*at, person["pers_ethnicity"]))
        rows["Disabilities"] += [(*at, code) for code in sorted(disabled.get(person_id, ()))]
        for number, (episode_line, episode) in enumerate(held, 1):
            here = Episode((child_no, episode_line, child_id, str(number)), episode)
            episodes.by_id.setdefault(episode["cine_referral_id"] or "", here)
            episodes.by_person.setdefault(person_id, []).append((episode["cine_referral_date"] or "", here))
    return episodes


def _names(persons: Mapping[str, Record]) -> dict[str, str]:
    """What each child is called, by its person id: by the legacy id, which returns are sent with, where every child has one of its own."""
    legacy = {person_id: person["pers_legacy_id"] for person_id, person in persons.items()}
    whole = {person_id: found for person_id, found in legacy.items() if found}
    if len(whole) == len(persons) and len(set(whole.values())) == len(whole):
        return whole
    return {person_id: person_id for person_id in persons}


def _identifiers(person: Record, referred: str | None) -> tuple[str | None, ...]:
    """What the census says of a child. An expected date on or before the referral is a birth date kept as an estimate."""
    born, due = person["pers_dob"], person["pers_expected_dob"]
    if born is None and due is not None and referred is not None and due <= referred:
        born = due
    due = None if born else due
    upn, unknown = person["pers_upn"], person["pers_upn_unknown"]
    return upn, None, unknown, born, due, None, person["pers_sex"], person["pers_death_date"]


def _assessments(
    rows: dict[str, list[Row]], episodes: Episodes, further: Mapping[str, Taken | None], notes: Counter[str]
) -> None:
    factors: dict[str, list[str]] = {}
    for row in _records(further["ssd_assessment_factors"]):
        factors.setdefault(row["cinf_assessment_id"] or "", []).extend(_codes(row["cinf_assessment_factors_json"]))
    number: Counter[Row] = Counter()
    for at, row in _placed(further["ssd_cin_assessments"], episodes, "cina", "cina_assessment_start_date", notes):
        number[at] += 1
        here = (*at, str(number[at]))
        rows["Assessments"].append((*here, row["cina_assessment_start_date"], None, row["cina_assessment_auth_date"]))
        codes = dict.fromkeys(factors.get(row["cina_assessment_id"] or "", ()))
        rows["AssessmentFactors"] += [(*here, code) for code in codes]


def _codes(text: str | None) -> list[str]:
    """The codes of a JSON list, or of a text that parts them by commas."""
    try:
        held = json.loads(text or "[]")
    except (ValueError, RecursionError):
        held = (text or "").strip("[]").replace('"', "").split(",")
    found = [one.strip() for one in (held if isinstance(held, list) else [held]) if isinstance(one, str)]
    return [one for one in found if one and one not in PLACEHOLDERS]


def _enquiries(
    rows: dict[str, list[Row]], episodes: Episodes, further: Mapping[str, Taken | None], notes: Counter[str]
) -> None:
    """Enquiries with their conferences; a conference of no enquiry stands with its episode."""
    conference: dict[str, Record] = {}
    alone: dict[Row, str] = {}
    known = {row["s47e_s47_enquiry_id"] for row in _records(further["ssd_s47_enquiry"])} - {None}
    for at, row in _placed(further["ssd_initial_cp_conference"], episodes, "icpc", "icpc_icpc_date", notes):
        enquiry = row["icpc_s47_enquiry_id"]
        if enquiry in known:
            conference.setdefault(enquiry or "", row)
        elif row["icpc_icpc_date"]:
            alone.setdefault(at, row["icpc_icpc_date"])
    for at, row in _placed(further["ssd_s47_enquiry"], episodes, "s47e", "s47e_s47_start_date", notes):
        met = conference.get(row["s47e_s47_enquiry_id"] or "", {})
        days = (row["s47e_s47_start_date"], met.get("icpc_icpc_target_date"), met.get("icpc_icpc_date"))
        rows["Section47"].append((*at, *days, None))
    for held in episodes.by_person.values():
        for _, one in held:
            rows["CINdetails"].append(_details(one, alone.get(one.at)))


def _details(episode: Episode, conference: str | None) -> Row:
    names = ("referral_date", "referral_source_code", "cin_primary_need_code", "close_date", "close_reason")
    return (
        *episode.at,
        *(episode.held[f"cine_{name}"] for name in names),
        conference,
        episode.held["cine_referral_nfa"],
    )


def _plans(
    rows: dict[str, list[Row]], episodes: Episodes, further: Mapping[str, Taken | None], notes: Counter[str]
) -> None:
    for at, row in _placed(further["ssd_cin_plans"], episodes, "cinp", "cinp_cin_plan_start_date", notes):
        rows["CINplanDates"].append((*at, row["cinp_cin_plan_start_date"], row["cinp_cin_plan_end_date"]))
    reviews: dict[str, list[str]] = {}
    for row in _records(further["ssd_cp_reviews"]):
        if row["cppr_cp_review_date"]:
            reviews.setdefault(row["cppr_cp_plan_id"] or "", []).append(row["cppr_cp_review_date"])
    before: Counter[int | str | None] = Counter()
    number: Counter[Row] = Counter()
    for at, row in _placed(further["ssd_cp_plans"], episodes, "cppl", "cppl_cp_plan_start_date", notes):
        plan_id = row["cppl_cp_plan_id"]
        categories = (row["cppl_cp_plan_initial_category"], row["cppl_cp_plan_latest_category"])
        days = (row["cppl_cp_plan_start_date"], row["cppl_cp_plan_end_date"])
        number[at] += 1
        here = (*at, str(number[at]))
        rows["ChildProtectionPlans"].append((*here, *days, *categories, str(before[at[2]])))
        before[at[2]] += 1
        rows["Reviews"] += [(*here, day) for day in sorted(reviews.get(plan_id or "", ()))]


def _placed(
    taken: Taken | None, episodes: Episodes, stem: str, day: str, notes: Counter[str]
) -> Iterator[tuple[Row, Record]]:
    """Rows with the episode they belong to, in order of episode and day; those of none are counted."""
    placed: list[tuple[Row, Record]] = []
    for row in _records(taken):
        at = episodes.of(row[f"{stem}_person_id"], row[f"{stem}_referral_id"], row[day])
        if at is None:
            notes[NO_EPISODE] += 1
        else:
            placed.append((at, row))
    yield from sorted(placed, key=lambda one: (str(one[0][2]), int(one[0][3] or 0), one[1][day] or "", repr(one[1])))
