"""Roles in our words: by the words that files use, and where no word is known, by whether those who bear it were born as children are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.standardise.given import Given, coded
from hearthlink.standardise.letters import plain

TEXT = pa.string()
ENOUGH = 10
"""People of one role with a birth date from which the dates tell what the role is."""

NEARLY_ALL = 0.9
"""Share of a role's people who must be young, or not young, for it to be one of children or of adults."""

CHILDHOOD = 19
"""Years before the latest births of the files within which children are born."""

CHILDREN = frozenset({"child", "dependant"})

UNKNOWN = "?"
"""The role of people whose role has no word that is known and no births that tell."""

_WORDS = {
    "child": "CHILD CHILDREN SON DAUGHTER DAU DAUR STEPCHILD STEPSON STEPDAUGHTER GRANDCHILD GRANDSON GRANDDAUGHTER FOSTERCHILD "
    "ADOPTEDCHILD BABY MINOR PUPIL "
    "SUBJECT CYP YP YOUNGPERSON KID INFANT TODDLER",
    "dependant": "DEPENDANT DEPENDENT DEPENDANTCHILD DEPENDENTCHILD QUALIFYINGCHILD DEP DEPS DEPCHILD QYP QUALIFYINGYOUNGPERSON",
    "claimant": "CLAIMANT APPLICANT HEAD HEADOFHOUSEHOLD HOUSEHOLDER REFERENCEPERSON SELF FILER TAXPAYER MAINAPPLICANT CLMT",
    "partner": "PARTNER SPOUSE WIFE HUSBAND JOINTCLAIMANT UNMARRIEDPARTNER JOINTAPPLICANT PTR PTNR PRTNR",
    "non_dependant": "NONDEPENDANT NONDEPENDENT NONDEP NDEP LODGER BOARDER",
    "other": "OTHER MOTHER FATHER PARENT CARER GUARDIAN ADULT STEPMOTHER STEPFATHER STEPPARENT GRANDPARENT MUM DAD GRANDMOTHER "
    "GRANDFATHER AUNT UNCLE PROFESSIONAL",
}  # fmt: skip
_ROLE_OF = {word: role for role, words in _WORDS.items() for word in words.split()}
_LETTERS = re.compile(r"[^A-Z0-9]+")
_WHOSE = re.compile(r"\b[A-Z]+'S ")
_NUMBERED = re.compile(r"(?<=[A-Z])\d+$")
_NON_DEPENDANT = re.compile(r"\bNON[^A-Z0-9]*(?=DEP)")


def roles(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Roles in our words: child, claimant, partner, dependant, non_dependant or other; empty where empty."""
    return coded(column, lambda text: _role(text) or "other")


def told_roles(sides: Sequence[Given], born: Sequence[pa.ChunkedArray]) -> tuple[list[pa.ChunkedArray], list[str]]:
    """The roles of both files, and what to say of them. A role that no word is known for is a child's or an adult's by its births.

    Children are born in the last years of the files, or, in a file of an earlier day, in the last years of those it calls children.
    Where no word of the left is a child's, its known ones are tried by their births too: the child itself may be its file's `self`.
    """
    since = _young_since(born)
    made: list[pa.ChunkedArray] = []
    said: list[str] = []
    for place, (side, days) in enumerate(zip(sides, born, strict=True)):
        written = side.text("role")
        known = {text: _role(text) for text in pc.unique(written.drop_null()).to_pylist()}
        children = pa.array([text for text, role in known.items() if role in CHILDREN], TEXT)
        theirs = _young_since([days.filter(pc.is_in(written, value_set=children))])
        young, both = _young(written, days, min((day for day in (since, theirs) if day is not None), default=None))
        if place == 1 and len(known) == 1 and both:
            said.append(f"roles on the {side.which}: one for children and adults alike, taken as none")
            made.append(pa.chunked_array([pa.nulls(side.rows, TEXT)]))
            continue
        by_birth = {
            text: ("other", "child")[young[text]] for text, role in known.items() if role is None and text in young
        }
        told = {text: role for text, role in known.items() if role} | by_birth
        if place == 0 and CHILDREN.isdisjoint(told.values()):
            by_birth |= {text: "child" for text, is_young in young.items() if is_young}
            told |= by_birth
        named = place == 0 and not CHILDREN.isdisjoint(told.values())
        said += _words(side.which, known, by_birth, strangers="adults" if named else "anybody")
        made.append(coded(written, lambda text, told=told: told.get(text, UNKNOWN)))
    return made, said


def _role(text: str) -> str | None:
    """The role that the whole text is a word for, else the one that a word of it is.

    A relation by law or of a parent is other; whoever is said to be no dependant is none, though a claimant's child.
    """
    joined = _NON_DEPENDANT.sub("NON", _WHOSE.sub("", plain(text)))
    words = [_NUMBERED.sub("", word) for word in _LETTERS.sub(" ", joined).split()]
    whole = _ROLE_OF.get("".join(words))
    found = [role for word in words if (role := _ROLE_OF.get(word))]
    if whole or not found:
        return whole or ("other" if "LAW" in words else None)
    if "non_dependant" in found:
        return "non_dependant"
    return "other" if "other" in found or "LAW" in words else found[0]


def _young_since(born: Sequence[pa.ChunkedArray]) -> int | None:
    """The day number since which the files' children are born; None where hardly anybody's birth is known."""
    there = [days.drop_null().cast(pa.int32()).to_numpy() for days in born]
    known = np.concatenate(there) if there else np.zeros(0)
    return None if len(known) < ENOUGH else int(np.quantile(known, 0.99) - CHILDHOOD * 365.25)


def _young(
    written: pa.ChunkedArray, days: pa.ChunkedArray, since: int | None
) -> tuple[dict[str, bool], frozenset[str]]:
    """Whether nearly all who bear a role are young or nearly all are not; and the roles that both bear. Few births tell nothing."""
    if since is None:
        return {}, frozenset()
    rows = pa.table({"role": written, "young": pc.greater_equal(days.cast(pa.int32()), since)})
    rows = rows.filter(pc.and_(pc.is_valid(rows.column("role")), pc.is_valid(rows.column("young"))))
    counted = rows.group_by("role").aggregate([("young", "count"), ("young", "mean")]).to_pylist()
    share = {row["role"]: row["young_mean"] for row in counted if row["young_count"] >= ENOUGH}
    both = frozenset(role for role, young in share.items() if 1 - NEARLY_ALL < young < NEARLY_ALL)
    return {role: young >= NEARLY_ALL for role, young in share.items() if role not in both}, both


def _words(which: str, known: Mapping[str, str | None], by_birth: Mapping[str, str], *, strangers: str) -> list[str]:
    """Of how many words births tell the meaning, and of how many nothing does: those are taken for `strangers`."""
    said: list[str] = []
    for role, words in (("child", "children"), ("other", "adults")):
        many = sum(told == role for told in by_birth.values())
        if many:
            said.append(f"roles on the {which}: {_counted(many)} taken for {words}, as the birth dates say")
    strange = sum(role is None and text not in by_birth for text, role in known.items())
    if strange:
        said.append(f"roles on the {which}: {_counted(strange)} not known, taken for {strangers}")
    return said


def _counted(words: int) -> str:
    return "1 word" if words == 1 else f"{words:,} words"
