"""What leaves besides counts: whoever inverts a share, or reads a table that the joint attack leaves out, has nothing small from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hearthlink.disclosure import Cell, ClearedTable, Marker, unpack
from hearthlink.disclosure.guards import GUARDS, guard_of
from hearthlink.errors import OurFault

ROOT = Path(__file__).parents[2]
BASES = ("observed", "number", "answers", "children")
"""Columns that a share of the same row may be a share of, the nearest first."""
NOT_OF_CHILDREN = frozenset({"comparator_share", "other_share", "own"})


@pytest.fixture(scope="module")
def cleared(real: Path) -> tuple[ClearedTable, ...]:
    """Everything that a study let leave."""
    return unpack((real / "rooms" / "cleared.json").read_bytes())


def rows(table: ClearedTable) -> Iterator[dict[str, Cell]]:
    """Printed rows by column."""
    for row in table.rows:
        yield {column.name: cell for column, cell in zip(table.columns, row, strict=True)}


def numerators(share: Cell, base: int, step: int) -> list[int]:
    """Every rounded number of which a printed share may be made."""
    assert isinstance(share.value, int | float)
    return [
        over
        for over in range(0, base + 1, step)
        if round(over / base, share.decimals + 2) == round(share.value, share.decimals + 2)
    ]


def test_a_share_times_its_base_gives_no_small_number(cleared: tuple[ClearedTable, ...]) -> None:
    """Each printed share is one of rounded numbers, of which one at least and what it leaves is of ten or more: it need not be a small one."""
    inverted = 0
    for table in cleared:
        shares = [column.name for column in table.columns if column.kind == "share"]
        bases = [name for name in BASES if any(column.name == name for column in table.columns)]
        if not bases or table.name == "bounds":
            continue
        for row in rows(table):
            base = row[bases[0]].value
            for name in shares:
                cell = row[name]
                if (
                    not isinstance(base, int)
                    or not isinstance(cell.value, int | float)
                    or cell.marker is Marker.AT_LEAST
                ):
                    continue
                if name in NOT_OF_CHILDREN or name.endswith(("_low", "_high")) or name in ("low", "high"):
                    continue
                made = numerators(cell, base, table.base)
                assert any(over >= table.threshold and base - over >= table.threshold for over in made), (
                    table.name,
                    name,
                )
                inverted += 1
    assert inverted >= 15


def test_a_count_beside_its_share_is_the_number_that_the_share_is_made_of(cleared: tuple[ClearedTable, ...]) -> None:
    """Where the number of whom it is true is printed, the share is that number over its base: it tells nothing finer."""
    checked = 0
    for table in cleared:
        for row in (
            rows(table)
            if table.name.startswith(("measured_", "measures_", "on_benefit_by_", "headline", "compared"))
            else ()
        ):
            base = row.get("observed", row.get("children"))
            over = row.get("having", row.get("on_benefit"))
            share = row.get("share")
            if base is None or over is None or share is None or share.marker is not Marker.NONE:
                continue
            if not isinstance(base.value, int) or not isinstance(over.value, int) or not isinstance(share.value, float):
                continue
            if base.marker is Marker.NONE:
                assert over.value in numerators(share, base.value, 5)
                checked += 1
    assert checked >= 15


def test_where_the_exposed_are_held_back_so_is_what_would_give_them_back_through_the_ratio(
    cleared: tuple[ClearedTable, ...],
) -> None:
    """A ratio beside three of its cells gives the fourth: so with the exposed referrals the exposed they are compared with go too."""
    for table in cleared:
        for row in rows(table) if table.name.startswith("effects_") else ():
            if row["exposed_cases"].marker is Marker.HELD_BACK:
                assert row["exposed_referents"].value is None


def test_every_table_that_leaves_has_a_guard_that_the_page_names(cleared: tuple[ClearedTable, ...]) -> None:
    """No table leaves that nobody has thought of, and the page on what may leave says what guards each."""
    page = (ROOT / "docs" / "explanation" / "what-may-leave.md").read_text(encoding="utf-8")
    for table in cleared:
        assert guard_of(table.name)
    for name, guard in GUARDS.items():
        assert f"| `{name}{'…' if name.endswith('_') else ''}` | {guard} |" in page
    with pytest.raises(OurFault, match="nothing is released"):
        guard_of("a_new_table")
