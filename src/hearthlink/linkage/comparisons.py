"""Forename, surname, birth date, sex, further forenames, address, carer and ages of dependants: each an ordered list of levels, the strongest agreement first.

A comparison is data and its order is its meaning: a pair reaches the first level whose condition holds. `l` is the child, `r` the
household member. Missing is a level of its own that says nothing for or against.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """One level of agreement: its name, the condition under which it is reached, and whether it means that a value is missing.

    The stated shares are where estimation starts, and stand in where it fails; each need only be right to its order. `same`: among
    records of one person, or of one home. `sibling`: among two dependants of one household. `chance`: among strangers, for fields
    of the home; those of the person are counted. `home`: an address level that places both in one home or building; blocking makes
    a candidate of every pair that reaches it.
    """

    label: str
    when: str
    missing: bool = False
    same: float = 1.0
    sibling: float = 1.0
    chance: float = 1.0
    home: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field that is compared, and its levels in order."""

    of: str
    levels: tuple[Level, ...]

    @property
    def case(self) -> str:
        """The SQL expression that gives the number of the level reached."""
        whens = " ".join(f"WHEN {level.when} THEN {number}" for number, level in enumerate(self.levels[:-1]))
        return f"CASE {whens} ELSE {len(self.levels) - 1} END"

    @property
    def missing(self) -> int:
        """The number of the level that means missing."""
        return next(number for number, level in enumerate(self.levels) if level.missing)


SWAPPED = "l.forename = r.surname AND l.surname = r.forename"

FURTHER = "contains(' ' || l.surnames || ' ', ' ' || r.surname || ' ') OR contains(' ' || r.surnames || ' ', ' ' || l.surname || ' ')"
"""One of the further or former surnames of either is the surname of the other."""

FORENAME = Comparison(
    "forename",
    (
        Level("same", "l.forename = r.forename", same=0.90, sibling=0.003),
        Level(
            "close, one of several, or swapped with the surname",
            f"s.forename_similarity >= 0.92 OR s.forename_edits = 1 AND length(l.forename) >= 4 OR ({SWAPPED})"
            " OR l.forenames <> l.forename AND contains(' ' || l.forenames || ' ', ' ' || r.forename || ' ')"
            " OR r.forenames <> r.forename AND contains(' ' || r.forenames || ' ', ' ' || l.forename || ' ')",
            same=0.06,
            sibling=0.007,
        ),
        Level(
            "alike",
            "s.forename_similarity >= 0.8 OR length(l.forename) >= 3 AND length(r.forename) >= 3"
            " AND (contains(l.forename, r.forename) OR contains(r.forename, l.forename))"
            " OR (length(l.forename) = 1 OR length(r.forename) = 1) AND left(l.forename, 1) = left(r.forename, 1)",
            same=0.02,
            sibling=0.05,
        ),
        Level("missing", "l.forename IS NULL OR r.forename IS NULL", missing=True),
        Level("different", "TRUE", same=0.02, sibling=0.94),
    ),
)

SURNAME = Comparison(
    "surname",
    (
        Level("same", "l.surname = r.surname", same=0.88, sibling=0.78),
        Level(
            "close, one part of several, a former one, or swapped with the forename",
            f"s.surname_similarity >= 0.92 OR s.surname_edits = 1 AND length(l.surname) >= 4 OR ({SWAPPED})"
            " OR l.surname_last = r.surname_last OR length(l.surname) >= 4 AND length(r.surname) >= 4"
            " AND (contains(l.surname, r.surname) OR contains(r.surname, l.surname))"
            f" OR {FURTHER}",
            same=0.07,
            sibling=0.05,
        ),
        Level("missing", "l.surname IS NULL OR r.surname IS NULL", missing=True),
        Level("different", "TRUE", same=0.05, sibling=0.17),
    ),
)

BIRTH_DATE = Comparison(
    "birth_date",
    (
        Level("same", "l.birth_key = r.birth_key", same=0.955, sibling=0.02),
        Level(
            "day and month swapped, one digit wrong, or same month with a day that systems fill in",
            "l.birth_year = r.birth_year AND ("
            "l.birth_day = r.birth_month AND l.birth_month = r.birth_day"
            " OR l.birth_month = r.birth_month AND (l.birth_date_weak OR r.birth_date_weak))"
            " OR s.birth_edits = 1",
            same=0.025,
            sibling=0.01,
        ),
        Level(
            "two of day, month and year the same",
            "s.birth_edits > 1",
            same=0.015,
            sibling=0.05,
        ),
        Level(
            "missing",
            "l.birth_key IS NULL OR r.birth_key IS NULL OR (l.birth_date IS NULL) <> (r.birth_date IS NULL)",
            missing=True,
        ),
        Level("different", "TRUE", same=0.005, sibling=0.92),
    ),
)

SEX = Comparison(
    "sex",
    (
        Level("same", "l.sex = r.sex", same=0.985, sibling=0.5),
        Level("missing", "l.sex IS NULL OR r.sex IS NULL", missing=True),
        Level("different", "TRUE", same=0.015, sibling=0.5),
    ),
)

MIDDLE = Comparison(
    "middle",
    (
        Level("same further forenames", "l.middle = r.middle AND length(l.middle) > 1", same=0.55, sibling=0.02),
        Level("same further initial", "left(l.middle, 1) = left(r.middle, 1)", same=0.41, sibling=0.06),
        Level("missing", "l.middle IS NULL OR r.middle IS NULL", missing=True),
        Level("different", "TRUE", same=0.04, sibling=0.92),
    ),
)
"""Further forenames, of which many files keep an initial."""

ADDRESS = Comparison(
    "address",
    (
        Level("same home", "a.same_home AND NOT a.communal", same=0.78, chance=1e-4, home=True),
        Level("same shared building", "a.same_home", same=0.05, chance=1e-3, home=True),
        Level("same street", "a.same_street", same=0.05, chance=2e-3),
        Level("same postcode", "a.same_postcode", same=0.05, chance=2e-3),
        Level("missing", "a.same_home IS NULL", missing=True),
        Level("different", "TRUE", same=0.12, chance=1.0),
    ),
)

CARER = Comparison(
    "carer",
    (
        Level("same birth date and a name", "c.sure", same=0.82, chance=1e-5),
        Level(
            "same names and a birth date missing or nearly the same, or same birth date and surname",
            "c.likely",
            same=0.07,
            chance=1e-5,
        ),
        Level("same names, another birth date that year", "c.names", same=0.01, chance=1e-5),
        Level("missing", "c.sure IS NULL", missing=True),
        Level("different", "TRUE", same=0.10, chance=1.0),
    ),
)

AGES = Comparison(
    "ages",
    (
        Level("the child's age is stated", "g.same_age", same=0.85, chance=0.2),
        Level("an age a year off is stated", "g.near_age", same=0.10, chance=0.25),
        Level("missing", "g.same_age IS NULL", missing=True),
        Level("no dependant near that age, or too few", "TRUE", same=0.05, chance=0.55),
    ),
)
"""The ages of dependants that a household states without naming them."""

PERSON_FIELDS = (FORENAME, SURNAME, BIRTH_DATE, SEX, MIDDLE)
HOME_FIELDS = (ADDRESS, CARER, AGES)
FIELDS = (*PERSON_FIELDS, *HOME_FIELDS)
