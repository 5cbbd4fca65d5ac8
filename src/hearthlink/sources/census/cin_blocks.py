"""The census's schema as a tree: which element stands in which, and which flat table each makes a row of (domain.md 1.2).

Where systems are known to leave a wrapper out, to repeat one or to call it otherwise, the tree holds both ways.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hearthlink.tables.census import FLAT

KEYS = ("LAchildID", "CINdetailsID", "AssessmentID", "CPPID")
"""Columns of the flat tables that tie rows together. Of these only the first is an element, and that of ChildIdentifiers alone."""


@dataclass(frozen=True, slots=True)
class Block:
    """An element that holds others: the flat table it makes a row of (none for a mere wrapper), and what it may hold.

    An ``item`` holds one value and no elements, and makes a row with it in the column so named. Elements that are not known are
    passed through where the block is ``passing``, and skipped with all that they hold where it is not.
    """

    table: str = ""
    holds: dict[str, Block] = field(default_factory=dict["str", "Block"])
    item: str = ""
    passing: bool = False


LEAF = Block()
"""An element with a value, which becomes a cell of the row it stands in."""


def _block(table: str, inside: dict[str, Block] | None = None) -> Block:
    cells = [name for name in FLAT[table] if name not in KEYS]
    return Block(table, dict.fromkeys(cells, LEAF) | (inside or {}))


FACTOR = Block("AssessmentFactors", item="AssessmentFactor")
REVIEW = Block("Reviews", item="CPPreviewDate")
DISABILITY = Block("Disabilities", item="Disability")
REVIEWS = Block(holds={"CPPreviewDate": REVIEW})

ASSESSMENTS = _block(
    "Assessments",
    {"FactorsIdentifiedAtAssessment": Block(holds={"AssessmentFactors": FACTOR}), "AssessmentFactors": FACTOR},
)
PLANS = _block("ChildProtectionPlans", {"Reviews": REVIEWS, "CPPreviews": REVIEWS, "CPPreviewDate": REVIEW})
DETAILS = _block(
    "CINdetails",
    {
        "Assessments": ASSESSMENTS,
        "CINPlanDates": _block("CINplanDates"),
        "Section47": _block("Section47"),
        "ChildProtectionPlans": PLANS,
        "PreProceedingsandFGDM": _block("PreProceedings"),
    },
)
CHILD = Block(
    holds={
        "ChildIdentifiers": _block("ChildIdentifiers", {"LAchildID": LEAF}),
        "ChildCharacteristics": _block(
            "ChildCharacteristics",
            {"Disabilities": Block(holds={"Disability": DISABILITY}), "Disability": DISABILITY},
        ),
        "CINdetails": DETAILS,
    }
)
_CELLS = dict.fromkeys(FLAT["Header"], LEAF)
_LEVELS = Block(holds={"CBDSLevel": LEAF})
HEADER = Block(
    "Header",
    _CELLS
    | {
        "CollectionDetails": Block(holds=_CELLS),
        "Source": Block(holds=_CELLS),
        "Content": Block(holds={"CBDSLevels": _LEVELS}),
    },
)
MESSAGE = Block(holds={"Header": HEADER, "Child": CHILD}, passing=True)
"""The whole. Whatever stands between the outermost element and a child or the header is passed through."""

PASSED = frozenset({"Message", "Children"})
NUMBERED = {"CINdetails": "CINdetailsID", "Assessments": "AssessmentID", "ChildProtectionPlans": "CPPID"}
"""Tables whose rows are numbered within the block above, from 1, and the column of the number."""
