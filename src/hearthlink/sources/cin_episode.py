"""One episode of the census, and the tables that all of them make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
from lxml import etree

from hearthlink.sources import codes
from hearthlink.sources.dates import day_number, read_day
from hearthlink.sources.years import CensusYear

Day = int | None

TEXT, DAY, WHOLE, FLAG = pa.string(), pa.int32(), pa.int64(), pa.bool_()
IN_REFERRAL = {"child_id": TEXT, "referral_no": WHOLE}
CHILD = pa.schema(
    {"child_id": TEXT, "birth_day": DAY, "expected_day": DAY, "sex": TEXT, "ethnicity": TEXT, "disabled": FLAG}.items()
)
REFERRAL = pa.schema(
    {
        **IN_REFERRAL,
        "referral_day": DAY,
        "source": TEXT,
        "primary_need": TEXT,
        "no_further_action": FLAG,
        "closure_day": DAY,
        "closure_reason": TEXT,
    }.items()
)
ASSESSMENT = pa.schema({**IN_REFERRAL, "start_day": DAY, "end_day": DAY, "factors": pa.list_(TEXT)}.items())
SECTION47 = pa.schema({**IN_REFERRAL, "start_day": DAY, "conference_day": DAY}.items())
PROTECTION_PLAN = pa.schema(
    {**IN_REFERRAL, "start_day": DAY, "end_day": DAY, "initial_category": TEXT, "latest_category": TEXT}.items()
)

BAD_DATE = "a date not understood, taken as missing"
OUT_OF_ORDER = "an end before its start, taken as missing"
BIRTH_LATE = "a birth date after the reference date, taken as missing"
NOT_PLACED = "a referral without a date up to the reference date, left out"
NO_START = "a protection plan without a start, left out"


@dataclass(frozen=True, slots=True)
class Episode:
    """One referral as read; what followed is held in rows without the child's id and the referral's number."""

    day: Day
    source: str | None
    need: str | None
    no_further_action: bool | None
    closed: Day
    closure_reason: str | None
    assessments: tuple[tuple[Day, Day, tuple[str, ...]], ...]
    enquiries: tuple[tuple[Day, Day], ...]
    plans: tuple[tuple[Day, Day, str | None, str | None], ...]


@dataclass(slots=True)
class ChildRead:
    """A child while the file is read."""

    birth_day: Day = None
    expected_day: Day = None
    sex: str | None = None
    ethnicity: str | None = None
    disabilities: set[str] = field(default_factory=set)
    episodes: list[Episode] = field(default_factory=list)


def local_name(element: etree._Element) -> str:
    """The element's name without a namespace."""
    tag = element.tag
    return tag[tag.rfind("}") + 1 :] if isinstance(tag, str) else ""


def stripped(element: etree._Element) -> str | None:
    """The element's own text without blanks around it; None where it has none."""
    return (element.text or "").strip() or None


def first(one: Day, other: Day) -> Day:
    """The first of two days that is known."""
    return other if one is None else one


def read(text: str | None, counts: Counter[str]) -> Day:
    """A day; one that is not understood is counted."""
    day = read_day(text)
    if day is None and text:
        counts[BAD_DATE] += 1
    return day


def read_episode(block: etree._Element, counts: Counter[str]) -> Episode:
    """One CINdetails block."""
    plain: dict[str, str | None] = {}
    assessments: list[tuple[Day, Day, tuple[str, ...]]] = []
    enquiries: list[tuple[Day, Day]] = []
    plans: list[tuple[Day, Day, str | None, str | None]] = []
    for part in block:
        name = local_name(part)
        if name == "Assessments":
            assessments.append(_assessment(part, counts))
        elif name == "Section47":
            held = _plain(part)
            enquiries.append((read(held.get("S47ActualStartDate"), counts), read(held.get("DateOfInitialCPC"), counts)))
        elif name == "ChildProtectionPlans":
            plans.append(_plan(part, counts))
        else:
            plain[name] = stripped(part)
    conference = read(plain.get("DateOfInitialCPC"), counts)
    if conference is not None and all(held != conference for _, held in enquiries):
        enquiries.append((None, conference))
    day = read(plain.get("CINreferralDate"), counts)
    return Episode(
        day,
        codes.known(plain.get("ReferralSource"), codes.REFERRAL_SOURCE),
        codes.known(plain.get("PrimaryNeedCode"), codes.PRIMARY_NEED),
        codes.flag(plain.get("ReferralNFA")),
        _not_before(day, read(plain.get("CINclosureDate"), counts), counts),
        codes.known(plain.get("ReasonForClosure"), codes.CLOSURE_REASON),
        tuple(assessments),
        tuple(enquiries),
        tuple(plans),
    )


def _plain(block: etree._Element) -> dict[str, str | None]:
    return {local_name(part): stripped(part) for part in block}


def _assessment(block: etree._Element, counts: Counter[str]) -> tuple[Day, Day, tuple[str, ...]]:
    """Start, end and factors. Factors stand in a wrapper or, from some systems, straight under the assessment."""
    held = _plain(block)
    factors = (codes.known(stripped(e), codes.FACTORS) for e in block.iter("{*}AssessmentFactors"))
    start = read(held.get("AssessmentActualStartDate"), counts)
    end = read(held.get("AssessmentAuthorisationDate"), counts)
    return start, _not_before(start, end, counts), tuple(sorted({f for f in factors if f}))


def _plan(block: etree._Element, counts: Counter[str]) -> tuple[Day, Day, str | None, str | None]:
    held = _plain(block)
    start = read(held.get("CPPstartDate"), counts)
    return (
        start,
        _not_before(start, read(held.get("CPPendDate"), counts), counts),
        codes.known(held.get("InitialCategoryOfAbuse"), codes.ABUSE),
        codes.known(held.get("LatestCategoryOfAbuse"), codes.ABUSE),
    )


def _not_before(start: Day, end: Day, counts: Counter[str]) -> Day:
    """The end, unless it comes before the start: then it is missing, and counted (rules 8608, 8630, 8840, 8925)."""
    if start is not None and end is not None and end < start:
        counts[OUT_OF_ORDER] += 1
        return None
    return end


def census_tables(
    children: Mapping[str, ChildRead], year: CensusYear, counts: Counter[str]
) -> tuple[pa.Table, pa.Table, pa.Table, pa.Table, pa.Table]:
    """Children, referrals, assessments, enquiries and protection plans, in order of child id and referral date."""
    last = day_number(year.end)
    child: list[tuple[object, ...]] = []
    referral: list[tuple[object, ...]] = []
    assessment: list[tuple[object, ...]] = []
    enquiry: list[tuple[object, ...]] = []
    plan: list[tuple[object, ...]] = []
    for child_id in sorted(children):
        one = children[child_id]
        child.append((child_id, *_about(one, last, counts)))
        for number, episode in enumerate(_placed(one.episodes, last, counts), 1):
            here = (child_id, number)
            referral.append(
                (
                    *here,
                    episode.day,
                    episode.source,
                    episode.need,
                    episode.no_further_action,
                    episode.closed,
                    episode.closure_reason,
                )
            )
            assessment += ((*here, *row) for row in sorted(episode.assessments, key=_by_days))
            enquiry += ((*here, *row) for row in sorted(episode.enquiries, key=_by_days))
            plan += ((*here, *row) for row in sorted(episode.plans, key=_by_days) if row[0] is not None)
            counts[NO_START] += sum(row[0] is None for row in episode.plans)
    return (
        _table(child, CHILD),
        _table(referral, REFERRAL),
        _table(assessment, ASSESSMENT),
        _table(enquiry, SECTION47),
        _table(plan, PROTECTION_PLAN),
    )


def _about(child: ChildRead, last: int, counts: Counter[str]) -> tuple[object, ...]:
    birth = child.birth_day
    if birth is not None and birth > last:
        counts[BIRTH_LATE] += 1
        birth = None
    disabled = bool(child.disabilities - {"NONE"}) if child.disabilities else None
    return birth, child.expected_day, child.sex, child.ethnicity, disabled


def _placed(episodes: Sequence[Episode], last: int, counts: Counter[str]) -> list[Episode]:
    """Episodes that can be placed in time (rule 8600), by date, so that their numbers survive a second export."""
    placed = [e for e in episodes if e.day is not None and e.day <= last]
    counts[NOT_PLACED] += len(episodes) - len(placed)
    return sorted(placed, key=lambda e: (e.day or 0, e.closed or last + 1, e.source or "", e.need or "", repr(e)))


def _by_days(row: Sequence[object]) -> tuple[tuple[bool, str], ...]:
    return tuple((part is not None, f"{part:08}" if isinstance(part, int) else str(part)) for part in row)


def _table(rows: list[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ([] for _ in schema)
    return pa.table([pa.array(list(c), f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)
