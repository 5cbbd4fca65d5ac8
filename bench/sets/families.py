"""Families invented with Faker's names and addresses: who there is, where they lived, and what a second file would say of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from faker import Faker

TODAY = date(2025, 4, 1)
"""The day as at which both files are."""


@dataclass(frozen=True, slots=True)
class Shares:
    """How families of a set are: each a share of families, or of children where it says so."""

    lone: float = 0.45
    surname_differs: float = 0.12
    twins: float = 0.03
    moved: float = 0.12


def people(
    families: int, faker: Faker, place: Callable[[], tuple[str, str]], seed: int, shares: Shares
) -> pd.DataFrame:
    """One row per person: who, home, role, names, birth (date), sex, address and postcode now, and those before where the family moved."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    for home in range(families):
        now, before = place(), place()
        moved = rng.random() < shares.moved
        surname = faker.last_name()
        theirs = surname if rng.random() > shares.surname_differs else faker.last_name()
        mother = TODAY - timedelta(days=int(rng.integers(20 * 365, 48 * 365)))
        adults = [("F", mother, theirs)]
        if rng.random() > shares.lone:
            adults.append(("M", mother + timedelta(days=int(rng.integers(-2500, 2000))), surname))
        elif rng.random() < 0.1:
            adults = [("M", mother, surname)]
        born = _births(rng, mother, shares)
        children = [("F" if rng.random() < 0.5 else "M", day, surname) for day in born]
        known: set[str] = set()
        for number, (sex, day, name) in enumerate([*adults, *children]):
            forename = _forename(faker, sex, known)
            grown = number < len(adults)
            rows.append(
                {
                    "who": f"{home}.{number}",
                    "home": str(home),
                    "role": ("claimant", "partner")[number] if grown else "child",
                    "forename": forename,
                    "middle_names": _forename(faker, sex, {forename}) if rng.random() < 0.6 else None,
                    "surname": name,
                    "birth": day,
                    "sex": sex,
                    "address": now[0],
                    "postcode": now[1],
                    "address_before": before[0] if moved else None,
                    "postcode_before": before[1] if moved else None,
                    "moved_on": TODAY - timedelta(days=int(rng.integers(30, 900))) if moved else None,
                }
            )
    return pd.DataFrame(rows)


def _forename(faker: Faker, sex: str, known: set[str]) -> str:
    """A forename that no one else in the family has."""
    while True:
        forename = faker.first_name_female() if sex == "F" else faker.first_name_male()
        if forename not in known:
            known.add(forename)
            return forename


def _births(rng: np.random.Generator, mother: date, shares: Shares) -> list[date]:
    """Birth days of the children at home, at least ten months apart but for twins."""
    first = max(mother + timedelta(days=17 * 365), TODAY - timedelta(days=18 * 365 - 5))
    spare = (TODAY - first).days
    days: list[date] = []
    day = first + timedelta(days=int(rng.integers(0, max(1, spare))))
    for _ in range(int(rng.choice([1, 2, 3, 4, 5], p=[0.38, 0.34, 0.18, 0.07, 0.03]))):
        if day > TODAY:
            break
        days.append(day)
        if rng.random() < shares.twins:
            days.append(day)
        day += timedelta(days=int(rng.integers(320, 1500)))
    return days
