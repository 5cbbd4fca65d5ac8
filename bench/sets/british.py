"""British-like sets: Faker's en_GB names, streets and postcodes, families with twins and moves, errors by gecko."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from faker import Faker
from sets.families import TODAY, Shares, people
from sets.mutated import HEAVY, LIGHT, MIDDLING, mutated
from sets.written import Made, numbered, truth_of


def places(faker: Faker, seed: int, streets: int) -> Callable[[], tuple[str, str]]:
    """A draw of an address in one town: streets with a postcode or two each, some homes in flats."""
    rng = np.random.default_rng(seed)
    known = [(faker.street_name(), [faker.postcode() for _ in range(2)]) for _ in range(streets)]
    town = faker.city()

    def draw() -> tuple[str, str]:
        street, postcodes = known[rng.integers(len(known))]
        number = int(rng.integers(1, 90))
        flat = f"Flat {rng.integers(1, 25)}, " if rng.random() < 0.15 else ""
        return f"{flat}{number} {street}, {town}", postcodes[number % 2]

    return draw


def town(families: int, seed: int, shares: Shares | None = None) -> pd.DataFrame:
    """A town's families with children, as they are."""
    Faker.seed(seed)
    faker = Faker("en_GB")
    return people(families, faker, places(faker, seed, max(60, families // 14)), seed, shares or Shares())


def sides(everyone: pd.DataFrame, seed: int, *, referred: float, on_file: float, unlisted: float = 0.05) -> Made:
    """Children of some families on the left, as they live now; households on file on the right, some still where they lived before.

    referred: share of homes on the left. on_file: share of homes on the right, drawn apart. unlisted: share of children a claim leaves out.
    """
    rng = np.random.default_rng(seed)
    draw = pd.DataFrame({"home": sorted(set(everyone["home"]))})
    draw["left"], draw["right"] = rng.random(len(draw)) < referred, rng.random(len(draw)) < on_file
    everyone = everyone.merge(draw, on="home")
    left = everyone[everyone["left"] & (everyone["role"] == "child")].copy()
    left["person_id"] = numbered(left["who"], "C", seed)
    left["family_id"] = numbered(left["home"], "F", seed + 1)
    right = everyone[everyone["right"]].copy()
    right["person_id"] = numbered(right["who"], "M", seed + 2)
    right["household_id"] = numbered(right["home"], "H", seed + 3)
    home_of = right.set_index("who")["household_id"]
    old = right["address_before"].notna()
    right.loc[old, "address"], right.loc[old, "postcode"] = right["address_before"], right["postcode_before"]
    right["role"] = right["role"].replace("child", "dependant")
    right = right[(right["role"] != "dependant") | (rng.random(len(right)) > unlisted)]
    return Made(left, right, truth_of(left, right, home_of), "")


def spelt(table: pd.DataFrame, form: str) -> pd.DataFrame:
    """Birth dates written out."""
    return table.assign(birth_date=[day.strftime(form) for day in table["birth"]])


def british(
    families: int, level: float, seed: int, *, referred: float = 0.5, on_file: float = 0.5, unlisted: float = 0.05
) -> Made:
    """Families of one town in both files, each with errors of its own."""
    made = sides(town(families, seed), seed, referred=referred, on_file=on_file, unlisted=unlisted)
    left = mutated(spelt(made.left, "%d/%m/%Y"), level / 2, seed + 10)
    right = mutated(spelt(made.right, "%d/%m/%Y"), level / 2, seed + 20)
    return Made(left, right, made.truth, f"Faker en_GB families, gecko errors at {level:g}, half the homes on file")


def default_dates() -> Made:
    """Birth dates that are a system's default for most of the right side, and gone for others."""
    made = british(3000, MIDDLING, 61)
    right = made.right.copy()
    drawn = np.random.default_rng(62).random(len(right))
    right.loc[drawn < 0.8, "birth_date"] = "01/01/1900"
    right.loc[(drawn >= 0.8) & (drawn < 0.97), "birth_date"] = ""
    return Made(
        made.left, right, made.truth, "british, middling; birth dates on the right 01/01/1900 or empty but for 3 in 100"
    )


def years_only() -> Made:
    """Only years of birth in either file."""
    made = british(3000, MIDDLING, 71)
    left, right = (side.assign(birth_date=side["birth_date"].str[-4:]) for side in (made.left, made.right))
    return Made(left, right, made.truth, "british, middling; birth dates are years")


def names_and_addresses() -> Made:
    """Two plain files of people: no role, no household, no birth date, no sex."""
    made = british(3500, LIGHT, 81, referred=0.6)
    columns = ["who", "person_id", "forename", "surname", "address", "postcode"]
    left, right = made.left[columns], made.right[columns].assign(household_id=None)
    return Made(left, right, truth_of(left, right), "british, light; names and addresses only, no roles, no households")


def dated() -> Made:
    """Both files hold addresses with dates; each child is linked as at its own day."""
    everyone = town(3000, 91, Shares(moved=0.4))
    made = sides(everyone.assign(address_before=None, postcode_before=None), 91, referred=0.5, on_file=0.5)
    before = everyone.set_index("who")[["address_before", "postcode_before"]]
    rng = np.random.default_rng(92)

    def histories(side: pd.DataFrame, known: float) -> pd.DataFrame:
        now = side.assign(valid_from=[day.isoformat() if day else None for day in side["moved_on"]], valid_to=None)
        old = side[side["moved_on"].notna() & (rng.random(len(side)) < known)].copy()
        old["valid_to"] = [day.isoformat() for day in old["moved_on"]]
        old["valid_from"] = None
        old["address"], old["postcode"] = (
            old["who"].map(before["address_before"]),
            old["who"].map(before["postcode_before"]),
        )
        return pd.concat([now, old])

    left = histories(mutated(spelt(made.left, "%Y-%m-%d"), MIDDLING / 2, 93), 0.8)
    right = histories(mutated(spelt(made.right, "%Y-%m-%d"), MIDDLING / 2, 94), 0.8)
    days = {
        who: TODAY.replace(year=2024, month=int(rng.integers(1, 13))).isoformat() for who in sorted(set(left["who"]))
    }
    left["as_at"] = left["who"].map(days)
    return Made(
        left,
        right,
        made.truth,
        "british, middling; 2 in 5 families moved, both addresses dated in either file, children dated",
    )


SETS = {
    "british-light": lambda: british(8000, LIGHT, 41, referred=0.4, on_file=0.8),
    "british-middling": lambda: british(3500, MIDDLING, 42),
    "british-heavy": lambda: british(3500, HEAVY, 43),
    "british-listed": lambda: british(3500, MIDDLING, 44, unlisted=0.0),
    "british-default-dates": default_dates,
    "british-years-only": years_only,
    "plain-names-addresses": names_and_addresses,
    "dated-addresses": dated,
}
