"""Which person of the case system each child of the census is: by the id that joins best, in the form that joins best.

Systems pad ids with noughts, spreadsheets strip them, exports add marks; and what a council sends as LAchildID is in one system its
own id, in another an older one (domain.md 1.8.1, 1.8.5). Every form is tried on the whole file, and the best is used. Children whom it
does not find may be found by another, where both sides hold the same birth date, or by a pupil number that only one child and one
person bear: pupil numbers are shared by mistake often enough (rule 1520) that they alone decide nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.reading.columns import count, each, found_at, only, whole

JOINS = 0.1
"""Below this share of census ids found among persons, what did join is chance."""

REMEDY = "Ask for names and addresses from the same system, holding the ids that the census was sent with."

ANOTHER_ID = "another id, with the same birth date"
PUPIL_NUMBER = "pupil number"
NOBODY = "nobody"
UPN = re.compile(r"[A-Z]\d{11}[A-Z\d]")
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Join:
    """Which person each child of the census is.

    by: the id that joins best. row: along the children, the row of the person (empty where none). way: along the children, by what
    each was found. alone: for each id tried, how many children it finds by itself.
    """

    by: str
    row: pa.Array
    way: pa.Array
    alone: tuple[tuple[str, int], ...]

    @property
    def share(self) -> float:
        """The share of children who were found."""
        return (len(self.row) - self.row.null_count) / len(self.row) if len(self.row) else 0.0


def join_persons(child: pa.Table, person: pa.Table, file: str) -> Join:
    """The join of census children (child_id, birth_day, and upn where it is held) to persons (an intake table, in a settled order).

    Raises DataProblem where no id finds more than chance would; `file` names where the persons came from.
    """
    child_id = whole(child.column("child_id"))
    tried = list(_tried(child_id, person))
    if not tried:
        raise DataProblem("None of its persons has an id.", file=file, remedy=REMEDY)
    by, row = max(tried, key=lambda one: len(one[1]) - one[1].null_count)
    join = Join(by, row, _same(by, row), tuple((name, len(found) - found.null_count) for name, found in tried))
    if join.share < JOINS:
        rates = "; ".join(f"by {name} {found / max(len(child_id), 1):.0%}" for name, found in join.alone)
        raise DataProblem(
            f"The children of the census are not found among its persons ({rates}).",
            file=file,
            remedy=REMEDY,
        )
    born = whole(person.column("birth_date")).cast(pa.int32())
    for _, other in (one for one in tried if one[0] != by):
        agree = pc.equal(whole(child.column("birth_day")), born.take(other))
        join = _further(join, only(other, pc.fill_null(agree, fill_value=False)), ANOTHER_ID)
    return _by_pupil_number(join, child, person, born)


def _tried(child_id: pa.Array, person: pa.Table) -> Iterator[tuple[str, pa.Array]]:
    """Each id in each form, and the rows it finds. In a loose form an id that stands for several persons finds none of them."""
    for form, (words, key) in enumerate(FORMS):
        ours = key(child_id)
        for name, column in IDS:
            ids = whole(person.column(column))
            if ids.null_count < len(ids):
                theirs = key(ids)
                yield f"{name}{words}", found_at(ours, once(theirs, ids) if form else theirs)


def noughtless(column: pa.Array) -> pa.Array:
    """Ids without leading noughts; one of noughts alone stays."""
    short = pc.utf8_ltrim(column, characters="0")
    return pc.if_else(pc.equal(short, ""), column, short)


def bare(column: pa.Array) -> pa.Array:
    """Letters and digits alone: without marks, blanks, case, leading noughts and a spreadsheet's `.0`."""
    plain = pc.replace_substring_regex(column, pattern=r"\.0+$", replacement="")
    return noughtless(pc.replace_substring_regex(pc.utf8_upper(plain), pattern="[^0-9A-Z]", replacement=""))


IDS = (("child id", "child_id"), ("legacy id", "legacy_id"), ("person id", "person_id"))
FORMS: Sequence[tuple[str, Callable[[pa.Array], pa.Array]]] = (
    ("", lambda column: column),
    (", leading noughts dropped", noughtless),
    (", marks and case dropped", bare),
)


def once(keys: pa.Array, ids: pa.Array) -> pa.Array:
    """The keys of ids, those missing under which several different ids fall."""
    pairs = pa.table({"key": keys, "id": ids}).group_by(["key", "id"]).aggregate([])
    several = pairs.group_by("key").aggregate([([], "count_all")])
    shared = several.filter(pc.greater(several.column("count_all"), 1)).column("key")
    return whole(only(keys, pc.invert(pc.is_in(keys, whole(shared)))))


def _same(word: str, row: pa.Array) -> pa.Array:
    return pc.if_else(pc.is_valid(row), pa.scalar(word), pa.scalar(None, pa.string()))


def _further(join: Join, found: pa.Array, way: str) -> Join:
    """The join, with children it does not find yet found by another way, unless the person is somebody's already."""
    free = pc.and_(pc.is_null(join.row), pc.invert(pc.is_in(found, join.row.drop_null())))
    new = whole(only(found, pc.and_(free, pc.is_valid(found))))
    new = _once_only(new)
    if new.null_count == len(new):
        return join
    return Join(join.by, whole(pc.coalesce(join.row, new)), whole(pc.coalesce(join.way, _same(way, new))), join.alone)


def _once_only(row: pa.Array) -> pa.Array:
    """The rows, those missing that several children would have."""
    counted = pc.value_counts(row.drop_null())
    several = counted.field("values").filter(pc.greater(counted.field("counts"), 1))
    return whole(only(row, pc.invert(pc.is_in(row, several))))


def _by_pupil_number(join: Join, child: pa.Table, person: pa.Table, born: pa.Array) -> Join:
    if "upn" not in child.column_names or not join.row.null_count:
        return join
    ours = _borne_once(whole(child.column("upn")))
    theirs = _borne_once(whole(person.column("upn")))
    row = found_at(ours, theirs)
    clash = pc.fill_null(pc.not_equal(whole(child.column("birth_day")), born.take(row)), fill_value=False)
    return _further(join, whole(only(row, pc.invert(clash))), PUPIL_NUMBER)


def _borne_once(column: pa.Array) -> pa.Array:
    """Pupil numbers whose check letter is right and which one record alone bears."""
    sound = whole(each(column, _sound, pa.string()))
    counted = pc.value_counts(sound.drop_null())
    once = counted.field("values").filter(pc.equal(counted.field("counts"), 1))
    return whole(only(sound, pc.is_in(sound, once)))


def _sound(text: str | None) -> str | None:
    """A pupil number in capitals, where its form and check letter are right (domain.md 1.9); the last letter counts by its place."""
    bare = (text or "").strip().upper()
    if not UPN.fullmatch(bare) or (bare[-1].isalpha() and bare[-1] not in UPN_LETTERS):
        return None
    values = [int(mark) if mark.isdigit() else UPN_LETTERS.index(mark) for mark in bare[1:]]
    return bare if UPN_LETTERS[sum(n * value for n, value in enumerate(values, 2)) % 23] == bare[0] else None


def found(join: Join) -> int:
    """How many children were found."""
    return len(join.row) - join.row.null_count


def ways(join: Join) -> dict[str, int]:
    """How many children were found by what."""
    return {way: count(pc.equal(join.way, way)) for way in sorted(set(join.way.drop_null().to_pylist()))}
