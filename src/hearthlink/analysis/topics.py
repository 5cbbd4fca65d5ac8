"""What children are grouped by: each topic with its groups in order, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Rows = npt.NDArray[np.int64]

NOT_KNOWN = "Not known"
NOT_FOLLOWED = "Not followed for six months"
NO_CENSUS = "No census speaks of it"
NEEDS: dict[object, str] = {
    "N1": "Abuse or neglect",
    "N2": "Child's disability or illness",
    "N3": "Parental disability or illness",
    "N4": "Family in acute stress",
    "N5": "Family dysfunction",
    "N6": "Socially unacceptable behaviour",
    "N7": "Low income",
    "N8": "Absent parenting",
    "N9": "Cases other than children in need",
}
WORDS: dict[str, tuple[str, dict[object, str]]] = {
    "age": (
        "age_band",
        {
            "under 1": "Under 1",
            "1 to 4": "1 to 4",
            "5 to 9": "5 to 9",
            "10 to 15": "10 to 15",
            "16 and 17": "16 and 17",
            "18 and over": "18 and over",
        },
    ),
    "sex": ("sex", {"female": "Female", "male": "Male"}),
    "ethnic_group": ("ethnic_group", {name: name for name in ("White", "Mixed", "Asian", "Black", "Other")}),
    "disability": ("disabled", {True: "Disability recorded", False: "No disability recorded"}),
    "primary_need": ("primary_need", {**NEEDS}),
    "stage": (
        "stage",
        {
            "referral": "Referral only",
            "assessment": "Assessment",
            "section 47": "Section 47 enquiry",
            "child in need plan": "Child in need plan",
            "protection plan": "Child protection plan",
            "looked after": "Looked after",
        },
    ),
    "unaccompanied": ("unaccompanied", {True: "Unaccompanied asylum seeker", False: "Other children"}),
    "observability": (
        "observability",
        {
            "observable": "Could be seen",
            "no name": "No name recorded",
            "no address": "No address recorded",
            "restricted record": "Record is restricted",
            "out of area": "Lived outside the area",
        },
    ),
    "assessed": ("assessed", {True: "Assessment completed", False: "No assessment completed"}),
}
"""Each topic whose groups are the values of a column: the column, and its values in plain words, in the order they are printed."""

NEED_PLAN, INFERRED = "Child in need plan", "Child in need plan (inferred)"
"""A year whose files hold no child in need plan has them by a proxy, which is labelled as one."""

STAGES_NEAR: dict[str, tuple[str, dict[object, str]]] = {
    "stage_six_months": ("stage_six_months", WORDS["stage"][1]),
    "assessment_six_months": ("assessment_six_months", {True: "Assessment", False: "No assessment"}),
    "section47_six_months": ("section47_six_months", {True: "Section 47 enquiry", False: "No section 47 enquiry"}),
    "cin_plan_six_months": ("cin_plan_six_months", {True: NEED_PLAN, False: "No child in need plan"}),
    "protection_plan_six_months": (
        "protection_plan_six_months",
        {True: "Child protection plan", False: "No child protection plan"},
    ),
    "looked_after_six_months": ("looked_after_six_months", {True: "Looked after", False: "Not looked after"}),
}
"""What was reached within six months: the highest stage, and each as a flag, for a child looked after was assessed too.

A child referred in March has days of its year left and one referred in April all of it: the time of follow-up is the same for all, and
who was not followed so long is apart. A stage comes after the referral, and so does what a household lives through: these are
descriptions, and say nothing of what led to what.
"""

REFERRED: dict[str, tuple[str, dict[object, str]]] = {
    "referred_before": (
        "referred_before",
        {True: "Referred in the twelve months before too", False: "Not referred in the twelve months before"},
    ),
    "referred_again": (
        "referred_again",
        {True: "Referred again in the twelve months after", False: "Not referred again in the twelve months after"},
    ),
}
"""Referrals before and after the one that counts, the first of the year."""

FACTORS = (
    "Alcohol misuse", "Drug misuse", "Domestic abuse", "Mental health", "Learning disability", "Physical disability or illness",
    "Young carer", "Privately fostered", "Unaccompanied asylum seeker", "Going missing", "Child sexual exploitation", "Trafficking",
    "Gangs", "Socially unacceptable behaviour", "Self-harm", "Neglect", "Emotional abuse", "Physical abuse", "Sexual abuse",
    "Female genital mutilation", "Abuse linked to faith or belief", "Child criminal exploitation", "Other factor",
    "No factor found",
)  # fmt: skip
"""Factor groups of an assessment. All are listed even where no child has one: a row left out would say that there is none."""

MERGED_BELOW = 10
"""Fewer children than this of whom a topic says nothing are counted with its largest group, under a name that says so."""

FEWEST_IN_A_TENTH = 100
"""Deprivation is shown by tenths where each that has children has this many, else by fifths."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A way of grouping: its name, its groups in order with the places of their children, and whether groups overlap."""

    name: str
    groups: tuple[tuple[str, Rows], ...]
    overlapping: bool = False


def topics(table: pa.Table) -> tuple[Topic, ...]:
    """Every topic of the study for the counted children, each in groups that add up to all of them unless they overlap.

    Every group of a code list is there, with children or without; *not known* is where it has any.
    """
    everyone = np.arange(table.num_rows)
    made = [Topic("all_children", (("All children", everyone),))]
    made += [_by_words(table, name, column, words) for name, (column, words) in WORDS.items()]
    made.append(Topic("deprivation", _parted(*_deprivation(table.column("imd_decile").to_pylist()))))
    assessed = np.flatnonzero(np.array(table.column("assessed").to_pylist(), dtype=bool))
    made.append(Topic("assessment_factor", _factors(table.column("factors").to_pylist(), assessed), overlapping=True))
    for missing, columns in ((NOT_FOLLOWED, STAGES_NEAR), (NO_CENSUS, REFERRED)):
        made += [
            _by_words(table, name, column, words, missing)
            for name, (column, words) in columns.items()
            if table.column(column).null_count < table.num_rows
        ]
    return tuple(made)


def _by_words(table: pa.Table, name: str, column: str, words: dict[object, str], missing: str = NOT_KNOWN) -> Topic:
    """Groups by the values of a column."""
    inferred = any(table.column("cin_plan_proxy").to_pylist())
    named = {value: INFERRED if word == NEED_PLAN and inferred else word for value, word in words.items()}
    labels = [named.get(value, missing) for value in table.column(column).to_pylist()]
    return Topic(name, _parted(labels, tuple(named.values()), missing))


def name_groups(table: pa.Table) -> tuple[Topic, ...]:
    """The groups of surnames, where the study's permission lists them: for the quality of links alone, never for an answer."""
    groups = table.column("name_group").to_pylist()
    order = tuple(sorted({group for group in groups if group is not None}))
    return (Topic("name_group", _parted([group or NOT_KNOWN for group in groups], order)),) if order else ()


def _deprivation(deciles: list[object]) -> tuple[list[str], tuple[str, ...]]:
    """Tenths or fifths of England's small areas, the most deprived first, by how many children there are in each."""
    tenths = [decile for decile in deciles if isinstance(decile, int)]
    counts = np.bincount(tenths, minlength=11)
    # Tables that were written out may have tenths merged to fifths, each by its second tenth: no odd one is then there.
    fine = bool((counts[counts > 0] >= FEWEST_IN_A_TENTH).all() and counts[1::2].any())
    parts, unit = (10, "tenth") if fine else (5, "fifth")
    names = tuple(
        f"{place} (most deprived {unit})"
        if place == 1
        else f"{place} (least deprived {unit})"
        if place == parts
        else str(place)
        for place in range(1, parts + 1)
    )
    labels = [names[-(-decile * parts // 10) - 1] if isinstance(decile, int) else NOT_KNOWN for decile in deciles]
    return labels, names


def _parted(labels: list[str], order: tuple[str, ...], missing: str = NOT_KNOWN) -> tuple[tuple[str, Rows], ...]:
    """Groups in order, each with the places of its children; those not known come last, or are merged where they are few."""
    number = {name: place for place, name in enumerate((*order, missing))}
    codes = np.array([number[label] for label in labels], dtype=np.int64)
    counts = np.bincount(codes, minlength=len(number))
    names = list(order)
    if 0 < counts[-1] < MERGED_BELOW:
        largest = int(counts[:-1].argmax())
        codes[codes == len(order)] = largest
        names[largest] = f"{names[largest]} or {missing[:1].lower()}{missing[1:]}"
    elif counts[-1]:
        names.append(missing)
    return tuple((name, np.flatnonzero(codes == place)) for place, name in enumerate(names))


def _factors(factors: list[object], assessed: Rows) -> tuple[tuple[str, Rows], ...]:
    """The factor groups with the assessed children of each; a child may be in several."""
    found: dict[str, list[int]] = {name: [] for name in FACTORS}
    for row in assessed.tolist():
        held = factors[row]
        for factor in held if isinstance(held, list) else ():
            found[str(factor)].append(row)
    return tuple((name, np.array(rows, dtype=np.int64)) for name, rows in found.items())
