"""The codebook of the research room: every table and column in words, what its values mean, and what an empty cell means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hearthlink.tables.measures import EVENTS, YEAR_FIRST, YEAR_LAST
from hearthlink.tables.record import COMPARATOR
from hearthlink.tables.research import CROSSED, POOLED_QUALITY, QUALITY_BY_GROUP
from hearthlink.tables.spec import Column, Kind, TableSpec

EXPORTED: tuple[TableSpec, ...] = (*CROSSED, QUALITY_BY_GROUP, POOLED_QUALITY, COMPARATOR)
"""The tables of the research room that a researcher works with."""

Values = tuple[tuple[str | int, str], ...]
"""The values of a column, each with its meaning."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A column as a reader needs it: its table, its kind, what it says, its values with their meaning, and what an empty cell means."""

    table: str
    column: str
    kind: Kind
    says: str
    values: Values
    empty: str


def _alike(*words: str) -> Values:
    return tuple((word, word) for word in words)


_STAGES: Values = (
    ("referral", "a referral and no more"),
    ("assessment", "an assessment"),
    ("section 47", "a section 47 enquiry"),
    ("child in need plan", "a child in need plan; inferred where cin_plan_proxy is true"),
    ("protection plan", "a child protection plan"),
    ("looked after", "looked after by the council"),
)
_VERDICTS: Values = (
    ("right", "linked with a household of theirs"),
    ("wrong", "linked with another household than theirs"),
    ("unfounded", "linked, though in no household on file"),
    ("missed", "not linked, though in a household on file"),
    ("rightly_none", "not linked, and in no household on file"),
)
_STATUS: Values = (
    ("in_payment", "a claim in payment"),
    ("suspended", "a claim suspended"),
    ("nil", "a claim entitled to nothing"),
    ("credit_only", "known from Universal Credit alone"),
)
_INCOME: Values = (
    (1, "under 70% of the poverty line"),
    (2, "70% of it to the line"),
    (3, "the line to 130% of it"),
    (4, "above"),
)
_DOSE: Values = ((1, "small"), (2, "middling"), (3, "large"))

_OF_TABLE: dict[tuple[str, str], Values] = {
    ("research_child", "left_out"): (("unborn", "not born on the day of referral"),),
    ("research_child", "age_band"): _alike("under 1", "1 to 4", "5 to 9", "10 to 15", "16 and 17", "18 and over"),
    ("research_child", "sex"): _alike("female", "male"),
    ("research_child", "ethnic_group"): _alike("White", "Mixed", "Asian", "Black", "Other"),
    ("research_child", "primary_need"): (
        ("N0", "not stated"), ("N1", "abuse or neglect"), ("N2", "child's disability or illness"),
        ("N3", "parental disability or illness"), ("N4", "family in acute stress"), ("N5", "family dysfunction"),
        ("N6", "socially unacceptable behaviour"), ("N7", "low income"), ("N8", "absent parenting"),
        ("N9", "cases other than children in need"),
    ),
    ("research_child", "stage"): _STAGES,
    ("research_child", "stage_six_months"): _STAGES,
    ("research_child", "observability"): (
        ("observable", "could be seen"), ("no name", "no name recorded"), ("no address", "no address recorded"),
        ("restricted record", "the record is locked"), ("out of area", "lived where no family on file does"),
    ),
    ("research_child", "best_link"): (
        ("listed", "linked with a household that lists the child"),
        ("unlisted", "linked with a household that does not list the child"),
        ("none", "in no household on file"),
    ),
    ("research_child", "household_status"): (("none", "no claim"), ("ended", "the claim had ended"), *_STATUS),
    ("research_child", "sure"): _alike("certain", "likely", "doubtful", "no match likely", "no match certain"),
    ("research_child", "household_verdict"): _VERDICTS,
    ("research_child", "person_verdict"): (*_VERDICTS, ("wrong_sibling", "the right household and the wrong child of it")),
    ("research_stretch", "status"): _STATUS,
    ("research_stretch", "adults"): ((1, "one adult"), (2, "a couple")),
    ("research_stretch", "youngest"): (
        (0, "under 1"), (1, "1 to 4"), (2, "5 to 9"), (3, "10 to 15"), (4, "16 and over"),
    ),
    ("research_stretch", "tenure"): (
        ("council", "tenant of the council"), ("council_temporary", "in the council's temporary accommodation"),
        ("private", "private tenant"), ("housing_association", "tenant of a housing association"), ("owner", "owner"),
        ("other", "other"),
    ),
    ("research_stretch", "income_before_costs"): _INCOME,
    ("research_stretch", "income_after_costs"): _INCOME,
    ("research_stretch", "rooms_short"): ((0, "none"), (1, "one"), (2, "two or more")),
    ("research_stretch", "shortfall"): ((0, "none"), (1, "under 25 pounds a week"), (2, "25 to 50 pounds"), (3, "more")),
    ("research_stretch", "precarity"): ((0, "none"), (1, "some"), (2, "much"), (3, "most")),
    ("research_event", "kind"): tuple(EVENTS.items()),
    ("research_event", "basis"): (
        ("decided", "the day of the decision"), ("effective", "the day it took effect"),
        ("seen", "the first day a monthly file shows it"),
    ),
    ("research_event", "dose"): _DOSE,
    ("research_child_event", "kind"): tuple(EVENTS.items()),
    ("research_child_event", "dose"): _DOSE,
    ("research_calendar", "season"): (
        (1, "April to June"), (2, "July to September"), (3, "October to December"), (4, "January to March"),
    ),
}  # fmt: skip
"""What the values of a column stand for, by table and column. A flag is true or false, and needs none."""

BOUNDS: dict[tuple[str, str], tuple[int, int]] = {
    ("research_child", "imd_decile"): (1, 10),
    ("research_child", "index_month"): (YEAR_FIRST, YEAR_LAST),
    ("research_child", "months_lived"): (0, 24),
    ("research_household", "first_month"): (0, 48),
    ("research_household", "last_month"): (0, 48),
    ("research_household", "deprivation_fifth"): (1, 5),
    ("research_stretch", "first_month"): (1, 48),
    ("research_stretch", "last_month"): (1, 48),
    ("research_event", "month"): (1, 48),
    ("research_child_event", "weeks"): (-105, 53),
    ("research_calendar", "month"): (1, 48),
}
"""The least and the greatest value of a column of whole numbers."""


def codebook(tables: Iterable[TableSpec] = EXPORTED) -> Iterator[Entry]:
    """An entry for each column of each table, in their order."""
    for spec in tables:
        for column in spec.columns:
            says, empty = _parted(column)
            place = (spec.name.removesuffix("_before"), column.name)
            yield Entry(spec.name, column.name, column.kind, says, _OF_TABLE.get(place, ()), empty)


def _parted(column: Column) -> tuple[str, str]:
    """What a column says, and what an empty cell of it means."""
    said = column.says.split("; ")
    about = [part for part in said if re.match(r"empty (where|for|unless|without)\b", part)]
    kept = "; ".join(part for part in said if part not in about)
    if column.required:
        return column.says, "never empty"
    return kept, "; ".join(part.removeprefix("empty ") for part in about) or "where not known"
