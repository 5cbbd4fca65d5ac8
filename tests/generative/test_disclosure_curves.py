"""An attacker who reads curves beside the windows that hold them, and ratios beside the cells they are made of."""

from __future__ import annotations

import os
from dataclasses import replace
from math import inf, log

import numpy as np
import pyarrow as pa
from attacker_of_releases import SLACK, WHOLE, Attacker, Seen, seen_in
from hypothesis import given, settings
from hypothesis import strategies as st
from made_answers import LENGTHS, Key, World, table, world
from made_releases import History

from hearthlink.disclosure import STRICT, ClearedTable
from hearthlink.disclosure.effects import effects
from hearthlink.disclosure.nesting import Around
from hearthlink.tables import answers as a

ANY_FAMILY = replace(STRICT, families=1, largest_family=1.0)
TRIALS = int(os.environ.get("PROVE_COUNT", "0"))
STUDIES = TRIALS or 12
EVENTS = ("suspension", "disruption")
KEYS: tuple[Key, ...] = (("on_benefit", "on_day"), *((event, window) for event in EVENTS for window in LENGTHS))
UNITS = {"month": 1, "quarter": 3, "half": 6}


def monthly(made: World) -> pa.Table:
    """Children observed in each span before the referral, and those whose event fell into it."""
    rows: list[dict[str, object]] = []
    for event in EVENTS:
        for unit, length in UNITS.items():
            for order in range(24 // length):
                first, last = -24 + order * length, -24 + order * length + length - 1
                seen = made.linked & (made.length >= -first)[:, None]
                true = seen & ((made.months[event] <= -first) & (made.months[event] >= -last))[:, None]
                children, having = seen.sum(0), true.sum(0)
                rows.append({
                    "measure": event, "series": "referred", "unit": unit, "order": order, "first": first, "last": last,
                    "children": float(children.mean()), "having": float(having.mean()), "fewest": int(having.min()),
                    "most": int(having.max()), "families": int(children.min()), "largest_family": 1,
                    "on_families": int(having.min()), "on_largest_family": 1, "off_families": int(children.min()),
                    "off_largest_family": 1, "low": float(having.mean()) - 4, "high": float(having.mean()) + 4, "planned": True,
                })  # fmt: skip
    return table(a.MONTHLY, rows)


def curves_in(tables: tuple[ClearedTable, ...]) -> list[tuple[str, int, int, int | None]]:
    """Each printed span: the event, its months, and those with one, or None."""
    found: list[tuple[str, int, int, int | None]] = []
    for one in tables:
        if one.name.startswith("curve_"):
            at = [column.name for column in one.columns]
            for row in one.rows:
                having = row[at.index("having")].value
                first, last = (row[at.index(name)].value for name in ("from", "to"))
                assert isinstance(first, int)
                assert isinstance(last, int)
                found.append(
                    (one.name.removeprefix("curve_"), first, last, having if isinstance(having, int) else None)
                )
    return found


def know_curves(attacker: Attacker, curves: list[tuple[str, int, int, int | None]], seen: Seen) -> None:
    """A span lies within every window that holds it, of the same event and of one that it is part of; printed, it is known to its rounding."""
    for event, first, last, having in curves:
        span = attacker.v("span", event, first, last)
        if having is not None:
            attacker.know({span: 1.0}, max(seen.threshold, having - seen.base / 2), having + seen.base / 2)
        for outer in (event, *(["disruption"] if event == "suspension" else [])):
            for window, months in LENGTHS.items():
                if first >= -months and last <= -1:
                    attacker.know({attacker.v(0, "h", (outer, window), WHOLE): 1.0, span: -1.0}, 0, inf)


def test_curves_do_not_narrow_what_the_windows_hold_back_nor_windows_the_curves() -> None:
    """With every curve in the programme, no number of all children and no span that is held back has a range of less than nine."""
    tried = 0
    for seed in range(STUDIES):
        made = world((150, 300, 600, 1200)[seed % 4], seed, topics=["sex"], keys=KEYS, draws=1 + 2 * (seed % 2))
        cleared = History(ANY_FAMILY).clear(made, monthly=monthly(made))
        seen, curves = seen_in(cleared.tables, KEYS), curves_in(cleared.tables)
        if seen.having[KEYS[0], WHOLE] is None:
            continue
        attacker = Attacker([made], [seen], exact=False)
        know_curves(attacker, curves, seen)
        hidden = [
            attacker.v(0, figure, key, WHOLE) for key in KEYS for figure in "hl" if seen.having[key, WHOLE] is None
        ]
        hidden += [attacker.v("span", event, first, last) for event, first, last, having in curves if having is None]
        for place in hidden:
            low, high = attacker.range({place: 1.0})
            assert high - low >= 9 - SLACK, (seed, [name for name, at in attacker.at.items() if at == place], low, high)
            tried += 1
    assert tried >= 30


CELLS = st.tuples(st.integers(60, 900), st.integers(10, 50), st.integers(60, 4000), st.integers(10, 50))


def ratio(cases: int, exposed: int, referents: int, exposed_referents: int) -> dict[str, object]:
    """A row of effects whose ratio is that of its four cells, and the interval by the usual formula."""
    odds = exposed * (referents - exposed_referents) / ((cases - exposed) * exposed_referents)
    spread = (
        sum(1 / cell for cell in (exposed, cases - exposed, exposed_referents, referents - exposed_referents)) ** 0.5
    )
    return {
        "measure": "suspension", "design": "matched_cohort", "window": "months_1_to_3", "term": "any", "treatment": "draws",
        "log_ratio": log(odds), "low": log(odds) - 1.96 * spread, "high": log(odds) + 1.96 * spread, "cases": float(cases),
        "exposed_cases": float(exposed), "referents": float(referents), "exposed_referents": float(exposed_referents),
        "families": cases, "largest_family": 1, "smallest_cell": 10.0, "degrees": 40.0, "placebo": False, "planned": True,
    }  # fmt: skip


@settings(max_examples=TRIALS or 60, deadline=None, derandomize=True)
@given(cells=CELLS, more=st.integers(0, 9))
def test_whoever_inverts_a_ratio_does_not_get_back_the_exposed_that_are_held_back(
    cells: tuple[int, int, int, int], more: int
) -> None:
    """Where a printed window holds the exposed with few between, the ratio to two figures leaves them a range of nine and more."""
    exposed = cells[1]
    near = [Around("suspension", "referred", -3, -1, float(exposed + more))]
    (shown,) = effects([ratio(*cells)], near, ANY_FAMILY)
    row = {column.name: cell for column, cell in zip(shown.columns, shown.rows[0], strict=True)}
    assert row["exposed_cases"].value is None
    told = row["ratio"].value
    if not isinstance(told, float | int):
        return
    step = 0.5 * 10.0 ** (np.floor(np.log10(told)) - 1)
    base = row["cases"].value, row["referents"].value
    assert isinstance(base[0], int)
    assert isinstance(base[1], int)
    possible: list[float] = []
    for odds in np.linspace(told - step, told + step, 5):
        for others in range(10, base[1] - 9):
            chance = odds * others / (base[1] - others)
            possible.append(base[0] * chance / (1 + chance))
    inside = [one for one in possible if 10 <= one <= base[0] - 10]
    assert max(inside) - min(inside) >= 9
