"""Children and their adults out of a system's table of relations, which holds every tie between any two persons, either way round.

A row says that one person is the mother, the son, the neighbour … of another. Kept are the ties between a child and an adult. Which of
the two the word describes is the layout's custom; where birth dates show that a file writes the other way round, it is read so.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.case.identifier_tables import in_order, intake
from hearthlink.sources.intake.children import CHILD_ADULT
from hearthlink.sources.intake.taking import Taken
from hearthlink.sources.reading.columns import count, each, found_at, joined, whole

NO_TIE = "no tie between a child and an adult"
TOLD_TWICE = "told from the other side already"

_CHILD = re.compile(r"\b(?:STEP ?|FOSTER ?|GRAND ?|GREAT ?GRAND ?)?(?:SON|DAUGHTER|CHILD)\b|\b(?:NEPHEW|NIECE|CHI)\b")
_ADULT = re.compile(
    r"MOTHER|FATHER|PARENT|CARER|GUARDIAN|\bMUM\b|\bDAD\b|\bAUNT|\bUNCLE|ADOPTER|\b(PAR|MOT|FAT|MTH|FTH)\b"
)
_FORMS = (
    (re.compile(r"FOSTER"), "foster carer"),
    (re.compile(r"GRAND"), "grandparent"),
    (re.compile(r"NEPHEW|NIECE"), "aunt or uncle"),
    (re.compile(r"STEP"), "step-parent"),
)
_CODES = {"MOT": "mother", "MTH": "mother", "FAT": "father", "FTH": "father", "PAR": "parent"}


def kin(relation: Taken, person: pa.Table, address: pa.Table, *, describes_first: bool) -> Taken:
    """Adults of children as the intake has them, out of rows with person_id, other_id, words and mother (a flag).

    `describes_first`: the word says what `person_id` is to `other_id`, and not the reverse. `person` and `address` are intake tables, in
    which adults are looked up: who they are, and whether they live where the child does.
    """
    rows, person = relation.table, in_order(person)
    words = pc.utf8_upper(pc.if_else(pc.fill_null(rows.column("mother"), False), "Mother", rows.column("words")))
    kind = each(words, _kind, pa.string())
    first, other = whole(rows.column("person_id")), whole(rows.column("other_id"))
    born = whole(person.column("birth_date")).cast(pa.int32())
    ids = person.column("person_id")
    elder = pc.less(born.take(found_at(first, ids)), born.take(found_at(other, ids)))
    described_first = describes_first ^ _written_otherwise(kind, elder, describes_first=describes_first)
    first_is_adult = pc.equal(kind, "adult") if described_first else pc.equal(kind, "child")
    adult, child = pc.if_else(first_is_adult, first, other), pc.if_else(first_is_adult, other, first)
    known = person.take(found_at(adult, ids))
    made = pa.table(
        {
            "person_id": child,
            "adult_id": adult,
            "relationship": _relationships(words, kind, whole(known.column("sex"))),
            **{name: known.column(name) for name in ("forename", "surname", "former_surname", "birth_date", "sex")},
            "rank": pc.equal(kind, "child").cast(pa.int8()),
        }
    )
    tied = made.filter(pc.and_(pc.is_valid(kind), pc.and_(pc.is_valid(child), pc.is_valid(adult))))
    counted = relation.tally.refusing(NO_TIE, made.num_rows - tied.num_rows)
    tied = tied.sort_by([(name, "ascending") for name in ("person_id", "adult_id", "rank", "relationship")])
    pairs = joined([tied.column("person_id"), tied.column("adult_id")], "\x1f")
    once = tied.take(pc.unique(found_at(pairs, pairs)))
    counted = counted.refusing(TOLD_TWICE, tied.num_rows - once.num_rows)
    columns = {name: once.column(name) for name in CHILD_ADULT.names if name in once.column_names}
    columns["lives_with"] = _lives_with(once, address)
    return Taken(intake(CHILD_ADULT, columns, once.num_rows), counted)


def _kind(words: str | None) -> str | None:
    """Whether the word describes a child or an adult of one; None for siblings, partners and everybody else."""
    if not words:
        return None
    if _CHILD.search(words.replace("-", " ")) and not _ADULT.search(words):
        return "child"
    return "adult" if _ADULT.search(words) else None


def _written_otherwise(kind: pa.Array, elder: pa.Array, *, describes_first: bool) -> bool:
    """Whether birth dates show that the words of the file describe the other person than the layout's custom says."""
    adults, children = pc.equal(kind, "adult"), pc.equal(kind, "child")
    as_first = count(pc.and_(adults, elder)) + count(pc.and_(children, pc.invert(elder)))
    as_other = count(pc.and_(adults, pc.invert(elder))) + count(pc.and_(children, elder))
    return as_other > as_first if describes_first else as_first > as_other


def _relationships(words: pa.Array, kind: pa.Array, sex: pa.Array) -> pa.Array:
    """What the adult is to the child, in words; told from the child's side it is the counterpart."""
    told = zip(words.to_pylist(), kind.to_pylist(), sex.to_pylist(), strict=True)
    return pa.array([_relationship(*one) for one in told], pa.string())


def _relationship(words: str | None, kind: str | None, sex: str | None) -> str | None:
    if words is None or kind is None:
        return None
    if kind == "adult":
        return _CODES.get(words.strip(), words.strip().lower())
    for form, counterpart in _FORMS:
        if form.search(words):
            return counterpart
    return {"F": "mother", "M": "father"}.get(sex or "", "parent")


def _lives_with(tied: pa.Table, address: pa.Table) -> pa.Array:
    """Whether child and adult share a present address; empty where the system holds none of one of them."""
    present = address.filter(pc.and_(pc.is_null(address.column("end_date")), pc.is_valid(address.column("postcode"))))
    place = joined([present.column("postcode"), pc.fill_null(present.column("address"), "")], "\x1f")
    ids = whole(present.column("person_id"))
    homes: dict[str, set[str]] = {}
    for person_id, home in zip(ids.to_pylist(), place.to_pylist(), strict=True):
        homes.setdefault(person_id, set()).add(home)
    told = zip(tied.column("person_id").to_pylist(), tied.column("adult_id").to_pylist(), strict=True)
    return pa.array(
        [
            not homes[child].isdisjoint(homes[adult]) if child in homes and adult in homes else None
            for child, adult in told
        ],
        pa.bool_(),
    )
