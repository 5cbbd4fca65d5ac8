"""Keys of extracts that are received again: whoever was there before keeps theirs, wherever it stands."""

from __future__ import annotations

import pyarrow as pa

from hearthlink.sources.refresh import UNDER, with_earlier_keys
from hearthlink.study.steps import RECEIVED


def received(first: int, second: int, child: int) -> dict[str, pa.Table]:
    """Two households, the second of which follows the first, and a child, under such keys."""
    return {
        "child_identifier": pa.table({"child_key": [child], "child_id": ["C"]}),
        "household_identifier": pa.table({"household_key": [first, second], "household_id": ["A", "B"]}),
        "household_followed": pa.table(
            {"household_key": [second], "follows_key": [first], "first_key": [first], "rule": ["claimant"]}
        ),
    }


def test_a_household_that_follows_another_goes_on_naming_it() -> None:
    """The same extracts received again are the same tables: no key is left that belongs to nobody."""
    earlier = received(1, 2, 3)
    assert with_earlier_keys(received(11, 12, 13), earlier) == earlier


def test_a_household_that_is_new_keeps_its_new_key() -> None:
    """It names the one before by the key that one had then."""
    earlier = received(1, 2, 3)
    earlier["household_identifier"] = earlier["household_identifier"].slice(0, 1)
    (row,) = with_earlier_keys(received(11, 12, 13), earlier)["household_followed"].to_pylist()
    assert (row["household_key"], row["follows_key"], row["first_key"]) == (12, 1, 1)


def test_every_column_of_keys_is_known() -> None:
    """A column that holds a key of what is received is one that is given its earlier key."""
    known = {column for columns in UNDER.values() for column in columns}
    assert {name for spec in RECEIVED for name in spec.names if name.endswith("_key")} <= known
