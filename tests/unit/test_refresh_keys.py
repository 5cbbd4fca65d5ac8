"""Keys of extracts that are received again: whoever was there before keeps theirs, wherever it stands."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from hearthlink.sources.refresh import UNDER, keys_of, with_earlier_keys
from hearthlink.study.acts_inside import RECEIVED
from hearthlink.tables.money import UNIVERSAL_CREDIT


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


def credit(*awards: tuple[int, int, int]) -> pa.Table:
    """Awards of Universal Credit: key, day of the month on which the period begins, and what was paid."""
    rows = [
        {
            "household_key": key, "award_no": 1, "start_date": date(2019, 5, day), "end_date": date(2019, 6, day), "award": paid,
            "uprated": False,
        }
        for key, day, paid in awards
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=UNIVERSAL_CREDIT.schema)


ALONE: list[tuple[str, list[tuple[int, int, int]], list[tuple[int, int, int]], list[int]]] = [
    ("the same awards", [(7, 3, 50001), (8, 3, 60002)], [(17, 3, 50001), (18, 3, 60002)], [7, 8]),
    ("one that is new", [(7, 3, 50001)], [(17, 3, 50001), (18, 3, 60002)], [7, 18]),
    ("an award more", [(7, 3, 50001)], [(17, 3, 50001), (17, 9, 50003)], [7, 7]),
    ("two alike to the penny", [(7, 3, 50001), (8, 3, 50001)], [(17, 3, 50001), (18, 3, 50001)], [17, 18]),
    ("two that have become one", [(7, 3, 50001), (8, 4, 60002)], [(17, 3, 50001), (17, 4, 60002)], [17, 17]),
    ("one that is on file by now", [(1, 3, 50001)], [(17, 3, 50001)], [17]),
]


@pytest.mark.parametrize(("says", "before", "now", "keys"), ALONE, ids=[one[0] for one in ALONE])
def test_a_household_of_universal_credit_alone_keeps_its_key(
    says: str, before: list[tuple[int, int, int]], now: list[tuple[int, int, int]], keys: list[int]
) -> None:
    """It stands beside no id; its awards tell it, where no other household has the like and they all tell the same one."""
    earlier = received(1, 2, 3) | {"universal_credit": credit(*before)}
    made = with_earlier_keys(received(11, 12, 13) | {"universal_credit": credit(*now)}, earlier)
    assert made["universal_credit"].column("household_key").to_pylist() == keys, says
    assert {key for key, _, _ in before} <= keys_of(earlier)
