"""What a reviewer sees: one child and one household, fact beside fact, with what is alike and what differs said in words.

Nothing here knows of a score, a band or a group, or which of the households is likelier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.review.words import birth_word, joined, name_word, on_day, place_word, sex_word, spell, told
from hearthlink.tables.withheld import WITHHELD, is_withheld

Row = dict[str, Any]

ROLES = ("claimant", "partner", "dependant", "non_dependant")
ROLE_WORDS = {"non_dependant": "non-dependant", "other": "person"}
SEXES = {"F": "female", "M": "male"}
MOST_CHILDREN = 20
"""An adult related to more children than this is a worker or a filler, and makes nobody brothers and sisters."""


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: what it is, how social care has it, how the benefits file has it, and how they compare, in words."""

    label: str
    child: str = ""
    household: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A child beside a household: the day that counts, and the facts in order. Never printed anywhere but on the reviewer's screen."""

    day: date | None
    lines: tuple[Line, ...]


class Facts:
    """The records of both sides, as they came, of the children and households that a reviewer is to see, to make cards from."""

    def __init__(self, tables: Mapping[str, pa.Table], children: Sequence[str], households: Sequence[str]) -> None:
        self._adults = _by(tables["child_adult"], "child_id", children)
        adults = sorted({row["adult_id"] for rows in self._adults.values() for row in rows if row["adult_id"]})
        with_adult = _by(tables["child_adult"], "adult_id", adults)
        self._with_adult = {
            adult: [row["child_id"] for row in rows] for adult, rows in with_adult.items() if len(rows) <= MOST_CHILDREN
        }
        kin = {child for several in self._with_adult.values() for child in several}
        self._child = _by(tables["child_identifier"], "child_id", sorted(kin.union(children)))
        self._addresses = _by(tables["child_address"], "child_id", children)
        self._day = _by(tables["child_referral"], "child_id", children)
        self._members = _by(tables["household_member"], "household_id", households)
        self._homes = _by(tables["household_residence"], "household_id", households)

    def card(self, child_id: str, household_id: str) -> Card:
        """The card of a pair."""
        child = self._child[child_id][0]
        days = self._day.get(child_id, ())
        day = days[0]["referral_date"] if days else None
        members = sorted(self._members.get(household_id, ()), key=_place_of_member)
        lines = [
            *_child_lines(child, [m for m in members if m["role"] == "dependant"], day),
            *self._address_lines(child_id, child, household_id, day),
            *_adult_lines(self._adults.get(child_id, ()), [m for m in members if m["role"] != "dependant"]),
            *self._family_lines(child_id, [m for m in members if m["role"] == "dependant"]),
        ]
        return Card(day, tuple(lines))

    def _address_lines(self, child_id: str, child: Row, household_id: str, day: date | None) -> list[Line]:
        """Addresses of both, those of the day first. Of a locked record, and of a refuge, neither side's is shown, nor how they compare."""
        ours = sorted(self._addresses.get(child_id, ()), key=lambda one: _recent(one, day))
        theirs = sorted(self._homes.get(household_id, ()), key=lambda one: _recent(one, day))
        locked = bool(child.get("restricted"))
        secret = [locked or is_withheld(one["address"], one["address_kind"]) for one in ours]
        lines: list[Line] = []
        for number, (one, other) in enumerate(_beside(ours, theirs)):
            held = one is not None and secret[number]
            word = "" if one is None or any(secret) else place_word(one, theirs)
            theirs_held = other is not None and (any(secret) or is_withheld(other["address"]))
            lines.append(
                Line(
                    "Address" if number == 0 else "",
                    "" if one is None else WITHHELD if held else _kind(one) + joined(one["address"], one["postcode"]),
                    "" if other is None else WITHHELD if theirs_held else joined(other["address"], other["postcode"]),
                    word,
                )
            )
            lines.append(Line("", _while(one, day), _while(other, day)))
        return lines

    def _family_lines(self, child_id: str, dependants: Sequence[Row]) -> list[Line]:
        """Children related to the same adults, each beside what dependant of the household is most like it."""
        shared = [row["adult_id"] for row in self._adults.get(child_id, ()) if row["adult_id"]]
        kin = sorted({one for adult in shared for one in self._with_adult.get(adult, ())} - {child_id})
        lines: list[Line] = []
        for number, one in enumerate(kin):
            other = self._child[one][0] if one in self._child else None
            if other is not None:
                alike = next(
                    (m for m in dependants if name_word(other["forename"], m["forename"]) in {"same", "close"}), None
                )
                lines.append(
                    Line(
                        "Brothers, sisters" if not number else "",
                        _person(other),
                        "" if alike is None else _person(alike),
                        "not listed" if alike is None else _compared(other, alike),
                    )
                )
        return lines


def _by(table: pa.Table, column: str, wanted: Sequence[str]) -> dict[str, list[Row]]:
    options = pc.SetLookupOptions(pa.array(list(wanted), pa.string()))
    found: dict[str, list[Row]] = {}
    for row in table.filter(pc.call_function("is_in", [table.column(column)], options)).to_pylist():
        found.setdefault(row[column], []).append(row)
    return found


def _place_of_member(member: Row) -> tuple[int, str]:
    role = member["role"]
    return (ROLES.index(role) if role in ROLES else len(ROLES), str(member["member_id"]))


def _recent(row: Row, day: date | None) -> tuple[bool, int, str]:
    """Those that hold on the day first, then from the latest."""
    holds = on_day(row["start_date"], row["end_date"], day)
    return (not holds, -(row["start_date"] or date.min).toordinal(), str(row["address"]))


def _beside(ours: Sequence[Row], theirs: Sequence[Row]) -> Iterable[tuple[Row | None, Row | None]]:
    for number in range(max(len(ours), len(theirs))):
        yield (
            ours[number] if number < len(ours) else None,
            theirs[number] if number < len(theirs) else None,
        )


def _kind(address: Row) -> str:
    """What sort of address it is, where that is not simply a home."""
    kind = (address["address_kind"] or "home").lower()
    return "" if kind == "home" else f"{kind}: "


def _while(row: Row | None, day: date | None) -> str:
    """From when to when, and whether that holds on the day."""
    if row is None:
        return ""
    start, end = row["start_date"], row["end_date"]
    since = f"from {spell(start)}" if start else "from a day not known"
    until = f" to {spell(end)}" if end else ""
    return since + until if on_day(start, end, day) else f"{since}{until} (not on that day)"


def _child_lines(child: Row, dependants: Sequence[Row], day: date | None) -> list[Line]:
    """The child beside every dependant that the household lists, those listed on the day first."""
    born = f"born {spell(child['birth_date'])}" + (" (estimated)" if child["birth_date_estimated"] else "")
    own = ", ".join((told(child), SEXES.get(child["sex"] or "", "sex not recorded"), born))
    listed = sorted(dependants, key=lambda one: not on_day(one["start_date"], one["end_date"], day))
    if not listed:
        return [Line("Child", own, "no dependant listed", "")]
    return [
        Line(
            "" if number else "Child",
            "" if number else own,
            f"dependant {told(one)}, {SEXES.get(one['sex'] or '', 'sex not recorded')}, born {spell(one['birth_date'])}, "
            f"listed {_while(one, day)}",
            _compared(child, one),
        )
        for number, one in enumerate(listed)
    ]


def _adult_lines(adults: Sequence[Row], members: Sequence[Row]) -> list[Line]:
    """Adults related to the child, each beside the adult of the household who may be the same; then the others of the household."""
    left = list(members)
    lines: list[Line] = []
    for adult in adults:
        alike = next((m for m in left if _may_be(adult, m)), None)
        if alike is not None:
            left.remove(alike)
        lines.append(
            Line(
                "",
                f"{adult['relationship'] or 'adult'} {_person(adult)}",
                "" if alike is None else _in_role(alike),
                "not in this household" if alike is None else _compared(adult, alike),
            )
        )
    lines += [Line("", "", _in_role(other), "not known to social care" if adults else "") for other in left]
    return [replace(line, label="" if number else "Adults") for number, line in enumerate(lines)]


def _may_be(one: Row, other: Row) -> bool:
    """Whether two people have a forename, and a surname or a birth date, that are alike."""
    alike = {"same", "close"}
    names = name_word(one["forename"], other["forename"]), name_word(one["surname"], other["surname"])
    born = birth_word(one["birth_date"], other["birth_date"])
    return (names[0] in alike and (names[1] in alike or born in {*alike, "swapped"})) or (
        names[1] in alike and born == "same"
    )


def _in_role(member: Row) -> str:
    return f"{ROLE_WORDS.get(member['role'], member['role'])} {_person(member)}"


def _person(row: Row) -> str:
    return f"{told(row)}, born {spell(row['birth_date'])}"


def _compared(one: Row, other: Row) -> str:
    """How names and birth dates compare, and sexes where both are known to be recorded at all."""
    forename, surname = name_word(one["forename"], other["forename"]), name_word(one["surname"], other["surname"])
    names = f"name {forename}" if forename == surname else f"forename {forename}, surname {surname}"
    said = f"{names}, born {birth_word(one['birth_date'], other['birth_date'])}"
    return said if "sex" not in one or "sex" not in other else f"{said}, sex {sex_word(one['sex'], other['sex'])}"
