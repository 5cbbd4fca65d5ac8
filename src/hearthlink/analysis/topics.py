"""What children are grouped by: each topic with its groups in order, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Rows = npt.NDArray[np.int64]

NOT_KNOWN = "Not known"
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
    for name, (column, words) in WORDS.items():
        labels = [words.get(value, NOT_KNOWN) for value in table.column(column).to_pylist()]
        made.append(Topic(name, _parted(labels, tuple(words.values()))))
    made.append(Topic("deprivation", _parted(*_deprivation(table.column("imd_decile").to_pylist()))))
    assessed = np.flatnonzero(np.array(table.column("assessed").to_pylist(), dtype=bool))
    made.append(Topic("assessment_factor", _factors(table.column("factors").to_pylist(), assessed), overlapping=True))
    return tuple(made)


def name_groups(table: pa.Table) -> tuple[Topic, ...]:
    """The groups of surnames, where the study's permission lists them: for the quality of links alone, never for an answer."""
    groups = table.column("name_group").to_pylist()
    order = tuple(sorted({group for group in groups if group is not None}))
    return (Topic("name_group", _parted([group or NOT_KNOWN for group in groups], order)),) if order else ()


def _deprivation(deciles: list[object]) -> tuple[list[str], tuple[str, ...]]:
    """Tenths or fifths of England's small areas, the most deprived first, by how many children there are in each."""
    tenths = [decile for decile in deciles if isinstance(decile, int)]
    counts = np.bincount(tenths, minlength=11)
    fine = bool((counts[counts > 0] >= FEWEST_IN_A_TENTH).all())
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


def _parted(labels: list[str], order: tuple[str, ...]) -> tuple[tuple[str, Rows], ...]:
    """Groups in order, each with the places of its children; those not known come last, or are merged where they are few."""
    number = {name: place for place, name in enumerate((*order, NOT_KNOWN))}
    codes = np.array([number[label] for label in labels], dtype=np.int64)
    counts = np.bincount(codes, minlength=len(number))
    names = list(order)
    if 0 < counts[-1] < MERGED_BELOW:
        largest = int(counts[:-1].argmax())
        codes[codes == len(order)] = largest
        names[largest] = f"{names[largest]} or not known"
    elif counts[-1]:
        names.append(NOT_KNOWN)
    return tuple((name, np.flatnonzero(codes == place)) for place, name in enumerate(names))


def _factors(factors: list[object], assessed: Rows) -> tuple[tuple[str, Rows], ...]:
    """The factor groups with the assessed children of each; a child may be in several."""
    found: dict[str, list[int]] = {name: [] for name in FACTORS}
    for row in assessed.tolist():
        held = factors[row]
        for factor in held if isinstance(held, list) else ():
            found[str(factor)].append(row)
    return tuple((name, np.array(rows, dtype=np.int64)) for name, rows in found.items())
