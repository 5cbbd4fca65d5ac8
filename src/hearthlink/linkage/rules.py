"""The blocking rules: what two records must share before anything more is asked of them.

A rule is data: the keys that must be equal, what else must hold, and the levels at which it is certain to form a pair. The queries
are made from it, and so is the answer to which agreement patterns blocking could have formed, which estimation needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.linkage.comparisons import ADDRESS, BIRTH_DATE, CARER, FIELDS, FORENAME, SURNAME
from hearthlink.linkage.model import Flags, Wholes

NOT_FORMED = "not formed: "
"""Begins, with a rule's name after it, the row of `agreement_pattern` that says how many pairs the rule passed over."""

ASKED = "powers of two asked"
"""The row of `agreement_pattern` that says what a household had to weigh to be compared."""

COMMON = 2_000
"""Records on file that may share a tight key."""

RARE = 40
"""Records on file that may share a loose key, in a small file: one that many share ties people to strangers."""

FEW = 12
"""Records on file that may share a single name for that name alone to tie people together."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which two records may meet.

    left, right: the tables joined. keys: columns equal in both, or pairs of columns (left, right). where: what else must hold of `l` and
    `r`. most: records on the right that may share a key; a key that more share is passed over, and counted.
    certain: patterns the rule is sure to form: for each field named, levels of it; the other fields may have any.
    bits: stated worth of meeting so, for homes and carers, in powers of two. loose: that the key is shared says little by itself.
    """

    name: str
    left: str
    right: str
    keys: tuple[str | tuple[str, str], ...]
    where: str = "TRUE"
    most: int = COMMON
    certain: tuple[Mapping[str, frozenset[int]], ...] = ()
    bits: int = 0
    loose: bool = False

    def most_where(self, asked: int) -> int:
        """Records that may share a key where so many powers of two are asked of a household: the more, the rarer a loose key must be."""
        return self.most >> (asked // 4) if self.loose else self.most

    @property
    def joined(self) -> str:
        """The SQL condition under which the keys are equal."""
        return " AND ".join(f"l.{one} = r.{other}" for one, other in self._pairs)

    @property
    def right_keys(self) -> tuple[str, ...]:
        """The keys as the right table calls them."""
        return tuple(other for _, other in self._pairs)

    @property
    def left_keys(self) -> tuple[str, ...]:
        """The keys as the left table calls them."""
        return tuple(one for one, _ in self._pairs)

    @property
    def _pairs(self) -> list[tuple[str, str]]:
        return [(key, key) if isinstance(key, str) else key for key in self.keys]


def _upto(level: int, *more: int) -> frozenset[int]:
    return frozenset({*range(level + 1), *more})


NAMES_AGREE_A_LITTLE = """(
    l.forename_sound = r.forename_sound OR l.surname_sound = r.surname_sound OR l.surname_last = r.surname_last
    OR bit_count(xor(l.forename_mask, r.forename_mask)) <= 4 OR bit_count(xor(l.surname_mask, r.surname_mask)) <= 4
    OR l.forename = r.surname OR l.surname = r.forename)"""
"""Names that share too few letters to be alike are not measured at all; whether the others are alike is weighed later."""

PEOPLE = (
    Rule(
        "birth date and forename initial",
        "child",
        "member",
        ("birth_key", "forename_initial"),
        where=NAMES_AGREE_A_LITTLE,
        certain=({BIRTH_DATE.of: _upto(0), FORENAME.of: _upto(2)},),
    ),
    Rule(
        "birth date and surname initial",
        "child",
        "member",
        ("birth_key", "surname_initial"),
        where=NAMES_AGREE_A_LITTLE,
        certain=({BIRTH_DATE.of: _upto(0), SURNAME.of: _upto(1)},),
    ),
    Rule("birth date", "child", "member", ("birth_key",), most=RARE, loose=True),
    Rule("birth date and swapped names", "child", "member", ("birth_key", ("forename_no", "surname_no"))),
    Rule(
        "both names and birth year",
        "child",
        "member",
        ("forename_no", "surname_no"),
        where="coalesce(abs(l.birth_year - r.birth_year) <= 1, TRUE)",
        certain=({FORENAME.of: _upto(0), SURNAME.of: _upto(0), BIRTH_DATE.of: _upto(2, BIRTH_DATE.missing)},),
    ),
    Rule("forename alone", "child", "member", ("forename_no",), most=FEW, loose=True),
    Rule("surname alone", "child", "member", ("surname_no",), most=FEW, loose=True),
    Rule("names swapped", "child", "member", (("forename_no", "surname_no"), ("surname_no", "forename_no")), most=RARE, loose=True),
    Rule("both names by sound", "child", "member", ("forename_sound", "surname_sound"), most=RARE, loose=True),
    Rule(
        "both names by sound and birth year",
        "child",
        "member",
        ("forename_sound", "surname_sound", "birth_year"),
    ),
    Rule("forename and start of surname", "child", "member", ("forename_no", "surname_start"), most=RARE, loose=True),
    Rule("surname and start of forename", "child", "member", ("surname_no", "forename_start"), most=RARE, loose=True),
    *(
        Rule(f"birth {one} and {other} and {name} by sound", "child", "member", (f"birth_{one}", f"birth_{other}", f"{name}_sound"), most=RARE, loose=True)
        for one, other in (("year", "month"), ("year", "day"), ("month", "day"))
        for name in ("forename", "surname")
    ),
    Rule("surname by sound, forename initial, birth year", "child", "member", ("surname_sound", "forename_initial", "birth_year"), most=4 * RARE, loose=True),
    Rule("forename by sound, surname initial, birth year", "child", "member", ("forename_sound", "surname_initial", "birth_year"), most=4 * RARE, loose=True),
    Rule("forename and a further surname", "child_alias", "member_alias", ("forename", "surname"), most=RARE, loose=True),
)  # fmt: skip
"""A child and a member of a household."""

AT_HOME = frozenset(n for n, level in enumerate(ADDRESS.levels) if level.home)
NEARBY = frozenset(n for n, level in enumerate(ADDRESS.levels) if level.label == "same postcode")

HOMES = (
    Rule("same property", "child_place", "household_place", ("uprn",), certain=({ADDRESS.of: AT_HOME},), bits=16),
    Rule("same postcode and number", "child_place", "household_place", ("postcode", "number"), bits=16),
    Rule("same number and street by sound", "child_place", "household_place", ("number", "street_sound"), bits=16),
    Rule(
        "same number and a street alike",
        "child_place",
        "household_place",
        ("number", "street_initial"),
        where="jaro_winkler_similarity(l.street, r.street) >= 0.92",
        most=RARE,
        loose=True,
        bits=16,
    ),
    Rule(
        "same postcode",
        "child_place",
        "household_place",
        ("postcode",),
        most=200,
        certain=({ADDRESS.of: NEARBY, FORENAME.of: _upto(0)}, {ADDRESS.of: NEARBY, BIRTH_DATE.of: _upto(1)}),
        bits=6,
    ),
    Rule("same street", "child_place", "household_place", ("street",), most=200, bits=6),
)
"""A child's home and a household's."""

CARERS = (
    Rule(
        "carer's birth date and initial",
        "carer",
        "adult",
        ("birth_date", "forename_initial"),
        where="jaro_winkler_similarity(l.forename, r.forename) >= 0.85",
        certain=({CARER.of: _upto(0)},),
        bits=16,
    ),
    Rule("carer's birth date and surname", "carer", "adult", ("birth_date", "surname"), bits=14),
    Rule(
        "carer's names",
        "carer",
        "adult",
        ("forename", "surname"),
        where="coalesce(year(l.birth_date) = year(r.birth_date), TRUE)",
        certain=({CARER.of: frozenset({1})},),
        bits=11,
    ),
    Rule(
        "carer's names by sound",
        "carer",
        "adult",
        ("forename_sound", "surname_sound"),
        where="coalesce(abs(date_diff('day', l.birth_date, r.birth_date)) < 800, TRUE)",
        most=RARE,
        loose=True,
        bits=6,
    ),
)
"""An adult of the child's family and an adult of a household."""

RULES = (*PEOPLE, *HOMES, *CARERS)


BITS: Mapping[str, tuple[int, ...]] = {
    FORENAME.of: (5, 4, 2, 0, -4),
    SURNAME.of: (5, 4, 0, -4),
    BIRTH_DATE.of: (12, 6, 6, 0, -4),
}
"""The least that a level of a field of the person is worth when households are weighed, in powers of two."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What kept pairs from being formed. passed_over: rules that left out a common key. asked: powers of two a household had to reach."""

    passed_over: frozenset[str] = frozenset()
    asked: int = 0


def formed(level: Wholes, limits: Limits = Limits()) -> Flags:
    """Which patterns (patterns, fields) blocking is certain to form, by their levels alone: shape (patterns,).

    A rule that passed over some keys is certain of nothing, nor is one of a pattern that might weigh less than was asked.
    """
    place = {each.of: number for number, each in enumerate(FIELDS)}
    worth = sum(
        (np.array(bits)[level[:, place[name]]] for name, bits in BITS.items()), np.zeros(len(level), dtype=np.int64)
    )
    found = np.zeros(len(level), dtype=bool)
    for rule in RULES:
        enough = np.maximum(worth, 0) + rule.bits >= limits.asked
        for pattern in rule.certain if rule.name not in limits.passed_over else ():
            found |= enough & np.logical_and.reduce(
                [np.isin(level[:, place[name]], list(levels)) for name, levels in pattern.items()]
            )
    return found


def limits_of(agreement_pattern: pa.Table) -> Limits:
    """What kept pairs from being formed, as `agreement_pattern` tells."""
    rows = agreement_pattern.select(["drawn_from", "pairs"])
    kinds = rows.column("drawn_from").unique().to_pylist()
    asked = rows.filter(pc.equal(rows.column("drawn_from"), ASKED)).column("pairs").to_pylist()
    return Limits(frozenset(kind.removeprefix(NOT_FORMED) for kind in kinds if kind.startswith(NOT_FORMED)), sum(asked))
