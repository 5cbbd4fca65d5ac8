"""Households of whom nothing is on file but where they are: homes that agree decide, though nobody there is named."""

from __future__ import annotations

import pyarrow as pa
import pytest
from made_match import made_files, table

import hearthlink

FAMILIES = 120


def files(columns: tuple[str, ...]) -> tuple[pa.Table, pa.Table]:
    """Children with their mothers, and households by `columns` of where they are, one row each."""
    left, right = made_files(FAMILIES)
    homes = {row["address"]: f"{number}" for number, row in enumerate(left)}
    left, right = ([row | {"uprn": f"10{homes[row['address']]:0>6}"} for row in rows] for rows in (left, right))
    places = {row["household_id"]: {name: row[name] for name in ("household_id", *columns)} for row in right}
    return table(left), table([{"person_id": f"P{name}"} | place for name, place in places.items()])


@pytest.mark.parametrize("columns", [("address", "postcode"), ("uprn",), ("address",)])
def test_where_households_are_is_enough_to_find_a_family_s_own(columns: tuple[str, ...]) -> None:
    """Each child whose home is on file is given that household, each other child none, and neither by a hair."""
    links = hearthlink.match(*files(columns)).links.to_pylist()
    assert len(links) > FAMILIES
    for row in links:
        family = int(row["left_person_id"][1:4])
        assert (row["household_id"] or "") == (f"H{family:03}" if family % 2 else "")
        assert row["none_probability"] < 0.3 if family % 2 else row["none_probability"] > 0.7
