"""Sets from pseudopeople's sample population (University of Washington): census children against households and tax claims.

Its noise is as its makers set it, times `factor`: 1 is theirs. Zip codes are all alike in the sample, which is left so.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pandas as pd
import pseudopeople
from pseudopeople import get_config
from sets.written import Made, joined, numbered, truth_of

YEAR = 2020
CHILD = 18
"""Under this age by the sample's own record a person is a child."""

PARTNERS = ("Opposite-sex spouse", "Same-sex spouse", "Opposite-sex unmarried partner", "Same-sex unmarried partner")
DEPENDANTS = ("Biological child", "Adopted child", "Stepchild", "Foster child", "Grandchild")
STREET = ["street_number", "street_name", "unit_number", "city", "state"]


def noisier(dataset: str, factor: float) -> dict[str, Any]:
    """The makers' own noise of one data set, each probability of a cell times `factor`."""
    theirs = get_config()[dataset]["column_noise"]
    cells = {
        column: {
            kind: {"cell_probability": min(0.5, found["cell_probability"] * factor)}
            for kind, found in kinds.items()
            if "cell_probability" in found
        }
        for column, kinds in theirs.items()
    }
    return {dataset: {"column_noise": cells}}


def raw(dataset: str) -> pd.DataFrame:
    """The sample without noise, as installed."""
    folder = os.path.join(os.path.dirname(pseudopeople.__file__), "data", "sample_datasets", dataset)  # noqa: PTH118, PTH120
    return pd.read_parquet(os.path.join(folder, f"{dataset}.parquet"))  # noqa: PTH118


def census(factor: float, seed: int, year: int = YEAR) -> pd.DataFrame:
    """One noised census with, beside it, the true age; a child counted twice is kept once."""
    noised = pseudopeople.generate_decennial_census(
        seed=seed, year=year, config=noisier("decennial_census", factor)
    ).drop_duplicates("simulant_id")
    true = raw("decennial_census")
    true = true[true["year"].astype(int) == year].set_index("simulant_id")
    noised = noised.assign(
        true_age=noised["simulant_id"].map(true["age"]).astype(int),
        home=noised["simulant_id"].map(true["household_id"]),
        kind=noised["simulant_id"].map(true["housing_type"]).astype(str),
        relationship=noised["simulant_id"].map(true["relationship_to_reference_person"]).astype(str),
    )
    return noised[noised["kind"] == "Household"].reset_index(drop=True)


def persons(noised: pd.DataFrame, prefix: str, seed: int) -> pd.DataFrame:
    """A census as a person table, households and roles as the census has them."""
    role = np.where(
        noised["relationship"] == "Reference person",
        "claimant",
        np.where(
            noised["relationship"].isin(PARTNERS),
            "partner",
            np.where(noised["relationship"].isin(DEPENDANTS) & (noised["true_age"] < CHILD), "dependant", "other"),
        ),
    )
    return pd.DataFrame(
        {
            "who": noised["simulant_id"],
            "home": noised["home"],
            "age": noised["true_age"],
            "person_id": numbered(noised["simulant_id"], f"{prefix}P", seed),
            "household_id": numbered(noised["home"], f"{prefix}H", seed + 1),
            "role": role,
            "forename": noised["first_name"],
            "middle_names": noised["middle_initial"],
            "surname": noised["last_name"],
            "birth_date": noised["date_of_birth"],
            "sex": noised["sex"],
            "address": joined(noised, STREET),
            "postcode": noised["zipcode"],
        }
    )


def left_children(factor: float, *, carers: bool, seed: int = 11) -> pd.DataFrame:
    """Children of the census with a family each; with `carers`, the adults of the family too."""
    everyone = persons(census(factor, seed), "L", seed)
    children = everyone[everyone["age"] < CHILD].assign(role="child")
    kept = [children]
    if carers:
        with_children = everyone["home"].isin(children["home"])
        kept.append(everyone[with_children & everyone["role"].isin(["claimant", "partner"])])
    return pd.concat(kept).rename(columns={"household_id": "family_id"})


def half(homes: pd.Series, seed: int, share: float = 0.5) -> set[str]:
    """The homes that stay on file."""
    distinct = sorted(set(homes.dropna()))
    return set(np.random.default_rng(seed).permutation(distinct)[: round(len(distinct) * share)].tolist())


def dependants(factor: float, *, carers: bool = False, unlisted: float = 0.04) -> Made:
    """Census children against another noised census as claims that list their dependants; half the homes are not on file."""
    left = left_children(factor, carers=carers)
    right = persons(census(factor, 23), "R", 23)
    right = right[right["home"].isin(half(right["home"], 5))]
    home_of = same_home(right)
    drawn = np.random.default_rng(6).random(len(right))
    right = right[~((right["role"] == "dependant") & (drawn < unlisted))]
    truth = truth_of(left[left["role"] == "child"], right, home_of)
    return Made(
        left, right, truth, f"pseudopeople census against census as claims, noise x{factor:g}, zip codes all alike"
    )


def filings(factor: float, year: int) -> pd.DataFrame:
    """Form 1040 made long: filer, spouse and up to four dependants; names and a mailing address, no birth date, no sex.

    Of the adults of private homes alone: the sample has a form of their own for most children too, which no claim for a household would be.
    """
    noised = pseudopeople.generate_taxes_1040(seed=31, year=year, config=noisier("taxes_1040", factor))
    true = raw("taxes_1040")
    true = true[true["tax_year"].astype(int) == year].set_index("simulant_id")
    grown = noised["simulant_id"].map(true["age"]).astype(int) >= CHILD
    noised = noised[grown & (noised["simulant_id"].map(true["housing_type"]).astype(str) == "Household")]
    parts = ("po_box", "street_number", "street_name", "unit_number", "city", "state")
    address = joined(noised, [f"mailing_address_{part}" for part in parts])
    of_form = {
        "home": noised["household_id"],
        "address": address,
        "postcode": noised["mailing_address_zipcode"],
    }
    people: list[pd.DataFrame] = []
    for role, prefix in (
        ("claimant", ""),
        ("partner", "spouse_"),
        *(("dependant", f"dependent_{n}_") for n in range(1, 5)),
    ):
        who = noised["simulant_id"] if not prefix else noised["simulant_id"].map(true[f"{prefix}simulant_id"])
        initial = noised.get(f"{prefix}middle_initial")
        names = {"forename": noised[f"{prefix}first_name"], "surname": noised[f"{prefix}last_name"]}
        people.append(pd.DataFrame({**of_form, **names, "who": who, "role": role, "middle_names": initial}))
    listed = pd.concat(people[2:] + people[:2])
    listed = listed[listed["who"].notna() & (listed["forename"].notna() | listed["surname"].notna())]
    return listed.drop_duplicates(["home", "who"]).reset_index(drop=True)


def claims(factor: float, *, dates: bool = True, carers: bool = False, year: int = YEAR) -> Made:
    """Census children against tax claims, those of a home together; a birth date comes from another noised census. Half are not on file."""
    left = left_children(factor, carers=carers)
    right = filings(factor, year)
    right = right[right["home"].isin(half(right["home"], 7))].reset_index(drop=True)
    right["household_id"] = numbered(right["home"], "RH", 32)
    right["person_id"] = numbered(right["home"].astype(str) + right["who"].astype(str), "RP", 33)
    if dates:
        elsewhere = persons(census(factor, 29), "X", 29).drop_duplicates("who").set_index("who")
        right["birth_date"] = right["who"].map(elsewhere["birth_date"])
        right["sex"] = right["who"].map(elsewhere["sex"])
    truth = truth_of(left[left["role"] == "child"], right, same_home(right))
    told = "birth dates from another noised census" if dates else "no birth dates and no sex on the right"
    says = f"pseudopeople census against form 1040 of {year}, each home a household, noise x{factor:g}, {told}"
    return Made(left, right, truth, says)


def all_listed(whole: Made) -> Made:
    """The same without the children who are at home with someone on file and not listed: a child is listed or in no household on file."""
    unlisted = whole.truth["household_id"].notna() & whole.truth["right_person_id"].isna()
    gone = whole.truth.loc[unlisted, "left_person_id"]
    left, truth = whole.left[~whole.left["person_id"].isin(gone)], whole.truth[~unlisted]
    return Made(left, whole.right, truth, f"{whole.says}; every child at home on file is listed")


def alone(whole: Made) -> Made:
    """The same with nothing that says who is whose sibling on the left."""
    return Made(whole.left.drop(columns="family_id"), whole.right, whole.truth, f"{whole.says}; no family ids")


def same_home(right: pd.DataFrame) -> pd.Series:
    """The household on file of each person of the census: their own home's, and else that of a parent or guardian at home with them."""
    true = raw("decennial_census")
    true = true[true["year"].astype(int) == YEAR].drop_duplicates("simulant_id").set_index("simulant_id")
    lives = true["household_id"].astype(str)
    of_adult = right[right["role"] != "dependant"].drop_duplicates("who").set_index("who")["household_id"]
    found = lives.map(right.drop_duplicates("home").set_index("home")["household_id"])
    for guardian in (true["guardian_1"], true["guardian_2"]):
        found = found.fillna(guardian.map(of_adult).where(guardian.map(lives) == lives))
    return found.dropna()


def adults_only(factor: float) -> Made:
    """Claims that name claimant and partner only, with the number and the ages of their dependants; carers are named on the left."""
    whole = dependants(factor, carers=True, unlisted=0.0)
    right = whole.right
    listed = right[right["role"] == "dependant"].sort_values("age")
    ages = listed.groupby("household_id")["age"].apply(lambda found: " ".join(str(age) for age in found))
    counted = listed.groupby("household_id").size()
    kept = right[right["role"].isin(["claimant", "partner"]) & (right["age"] >= CHILD)].copy()
    kept["n_dependants"] = kept["household_id"].map(counted).fillna(0).astype(int)
    kept["dependant_ages"] = kept["household_id"].map(ages)
    kept["valid_from"] = "2020-04-01"
    left = whole.left.assign(as_at="2020-04-01")
    truth = whole.truth.assign(right_person_id=None)
    truth["household_id"] = truth["household_id"].where(truth["household_id"].isin(kept["household_id"]))
    return Made(
        left,
        kept,
        truth.drop_duplicates(),
        f"pseudopeople, only adults named, ages of dependants given, noise x{factor:g}",
    )


SETS = {
    "dependants-light": lambda: dependants(1),
    "dependants-middling": lambda: dependants(4, carers=True),
    "dependants-heavy": lambda: dependants(6),
    "listed-light": lambda: all_listed(dependants(1, unlisted=0.0)),
    "listed-middling": lambda: all_listed(dependants(4, unlisted=0.0)),
    "claims-listed-light": lambda: all_listed(claims(1)),
    "claims-light": lambda: claims(1),
    "claims-middling": lambda: claims(4),
    "claims-heavy": lambda: claims(9),
    "claims-carers-moved": lambda: claims(4, carers=True, year=2022),
    "claims-nodates": lambda: claims(2, dates=False),
    "claims-no-families": lambda: alone(claims(4)),
    "adults-only": lambda: adults_only(3),
}
