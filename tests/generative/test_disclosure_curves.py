"""An attacker who reads curves beside the windows that hold them, and ratios beside the cells they are made of."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from math import inf, log

import numpy as np
import pyarrow as pa
from attacker_of_ends import narrowed
from attacker_of_releases import WHOLE, Attacker, Seen, seen_in
from hypothesis import given, settings
from hypothesis import strategies as st
from made_answers import LENGTHS, Key, World, process_ends, table, world
from made_releases import History

from hearthlink.disclosure import STRICT, ClearedTable, Policy
from hearthlink.disclosure.effects import effects
from hearthlink.disclosure.nesting import Around
from hearthlink.tables import answers as a
from hearthlink.tables.definitions import MEASURES

ANY_FAMILY = replace(STRICT, families=1, largest_family=1.0)
POLICIES = (ANY_FAMILY, *(replace(Policy.of(name), families=1, largest_family=1.0) for name in ("nhs", "dfe")), STRICT)
TRIALS = int(os.environ.get("PROVE_COUNT", "0"))
STUDIES = TRIALS // 10 or 12
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
                low, high = process_ends(float(having.mean()), float(children.mean()))
                rows.append({
                    "measure": event, "series": "referred", "unit": unit, "order": order, "first": first, "last": last,
                    "children": float(children.mean()), "having": float(having.mean()), "fewest": int(having.min()),
                    "most": int(having.max()), "families": int(children.min()), "largest_family": 1,
                    "on_families": int(having.min()), "on_largest_family": 1, "off_families": int(children.min()),
                    "off_largest_family": 1, "low": low, "high": high, "planned": True,
                })  # fmt: skip
    return table(a.MONTHLY, rows)


def effects_of(made: World, seed: int) -> pa.Table:
    """A ratio for each event and window: of all who were observed, and of three times as many others, who make it a little more than one."""
    rows: list[dict[str, object]] = []
    draw = np.random.default_rng(seed)
    for (event, window), seen in made.seen.items():
        if event not in EVENTS:
            continue
        cases, exposed = seen.sum(0), made.true[event, window].sum(0)
        others = 3 * int(cases.mean())
        struck = int(draw.binomial(others, 0.7 * exposed.mean() / max(1.0, cases.mean())))
        cells = float(exposed.mean()), float((cases - exposed).mean()), float(struck), float(others - struck)
        if min(cells) > 0:
            rows.append({
                **ratio_of(*cells), "measure": event, "window": f"months_1_to_{LENGTHS[window]}", "families": int(cases.min()),
                "smallest_cell": float(min(*exposed, *(cases - exposed), *cells)),
            })  # fmt: skip
    return table(a.EFFECT, rows)


@dataclass(frozen=True)
class Span:
    """A printed span: its event and months, those with one, or None, and between what they lie, by the ends of its rate too."""

    event: str
    first: int
    last: int
    having: int | None
    limits: tuple[float, float]


def rows_of(table_: ClearedTable) -> list[dict[str, object]]:
    """The printed rows of a table, by column, with the decimals of its figures."""
    found: list[dict[str, object]] = []
    for row in table_.rows:
        found.append({column.name: cell.value for column, cell in zip(table_.columns, row, strict=True)})
        found[-1]["decimals"] = max(cell.decimals for cell in row)
    return found


def curves_in(tables: tuple[ClearedTable, ...], policy: Policy) -> list[Span]:
    """Each printed span of those referred, with what its ends leave of its number."""
    found: list[Span] = []
    for one in tables:
        for row in rows_of(one) if one.name.startswith("curve_") else ():
            having, children, decimals = row["having"], row["children"], row["decimals"]
            assert isinstance(row["from"], int)
            assert isinstance(row["to"], int)
            assert isinstance(decimals, int)
            limits, least, half = (0.0, inf), policy.threshold, policy.base / 2
            if isinstance(having, int) and isinstance(children, int):
                limits = max(least, having - half), having + half
                low, high = (end / 1000 if isinstance(end, int | float) else None for end in (row["low"], row["high"]))
                sizes = max(least, children - half), children + half
                limits = narrowed(having, children, (low, high), limits, sizes, policy, decimals + 1)
            event = one.name.removeprefix("curve_")
            found.append(Span(event, row["from"], row["to"], having if isinstance(having, int) else None, limits))
    return found


def know_curves(attacker: Attacker, curves: list[Span]) -> None:
    """A span lies within every window that holds it, of the same event and of one that it is part of; and the spans of a window hold it."""
    for one in curves:
        span = attacker.v("span", one.event, one.first, one.last)
        attacker.know({span: 1.0}, *one.limits)
        for outer in (one.event, *(["disruption"] if one.event == "suspension" else [])):
            for window, months in LENGTHS.items():
                if one.first >= -months and one.last <= -1:
                    attacker.know({attacker.v(0, "h", (outer, window), WHOLE): 1.0, span: -1.0}, 0, inf)
    for event in EVENTS:
        for window, months in LENGTHS.items():
            tiles = [one for one in curves if one.event == event and one.first >= -months and one.last <= -1]
            if sum(one.last - one.first + 1 for one in tiles) == months:
                together = {attacker.v("span", event, one.first, one.last): 1.0 for one in tiles}
                attacker.know(together | {attacker.v(0, "h", (event, window), WHOLE): -1.0}, 0, inf)


def by_ratio(row: dict[str, object], seen: Seen) -> tuple[float, float]:
    """Between what the exposed of a ratio lie, by its two figures and the roundings of the four numbers that it is made of."""
    printed = [int(str(row[name])) for name in ("exposed_cases", "cases", "exposed_referents", "referents")]
    told, half = float(str(row["ratio"])), seen.base / 2
    steps = ((0.25, half), (half / 2, half), (0.5, half), (half / 2, half))
    ways = [
        np.arange(max(seen.threshold, one - far), one + far + 1e-9, step)
        for one, (step, far) in zip(printed, steps, strict=True)
    ]
    exposed, cases, struck, others = np.meshgrid(*ways)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = exposed * (others - struck) / ((cases - exposed) * struck)
    near = exposed[np.abs(odds - told) <= 0.55 * 10.0 ** (np.floor(np.log10(told)) - 1)]
    return (float(near.min()) - 0.25, float(near.max()) + 0.25) if near.size else (0.0, inf)


def know_exposed(attacker: Attacker, tables: tuple[ClearedTable, ...], seen: Seen) -> int:
    """Those exposed lie within the window of the same months, and the other referrals within those of whom it is not true; how many are printed."""
    titles, printed = {MEASURES[event].title: event for event in EVENTS}, 0
    for one in tables:
        for row in rows_of(one) if one.name.startswith("effects_") else ():
            cases, exposed, half = row["cases"], row["exposed_cases"], seen.base / 2
            key = titles[str(row["measure"])], f"before_{str(row['window']).split()[-1]}"
            on, of = attacker.v("exposed", *key), attacker.v("cases", *key)
            attacker.know({of: 1.0, on: -1.0}, 0, inf)
            for number, place in ((cases, of), (exposed, on)):
                if isinstance(number, int):
                    attacker.know({place: 1.0}, max(seen.threshold, number - half), number + half)
            if isinstance(exposed, int) and isinstance(row["ratio"], int | float):
                attacker.know({on: 1.0}, *by_ratio(row, seen))
            attacker.know({attacker.v(0, "h", key, WHOLE): 1.0, on: -1.0}, 0, inf)
            attacker.know({attacker.v(0, "l", key, WHOLE): 1.0, of: -1.0, on: 1.0}, 0, inf)
            printed += isinstance(exposed, int)
    return printed


def test_curves_and_ratios_do_not_narrow_what_the_windows_hold_back_nor_windows_the_curves() -> None:
    """With every curve, the exposed of every ratio and the ends of every rate in the programme, whatever is held back keeps the profile's range."""
    tried = exposed = spans = 0
    for seed in range(STUDIES):
        policy = POLICIES[seed // 4 % len(POLICIES)]
        made = world((150, 300, 600, 1200)[seed % 4], seed, topics=["sex"], keys=KEYS, draws=1 + 2 * (seed % 2))
        cleared = History(policy).clear(made, monthly=monthly(made), effect=effects_of(made, seed))
        seen = seen_in(cleared.tables, KEYS)
        if seen.having[KEYS[0], WHOLE] is None:
            continue
        attacker, curves = Attacker([made], [seen], exact=False), curves_in(cleared.tables, policy)
        know_curves(attacker, curves)
        exposed += know_exposed(attacker, cleared.tables, seen)
        hidden = [
            attacker.v(0, figure, key, WHOLE) for key in KEYS for figure in "hl" if seen.having[key, WHOLE] is None
        ]
        hidden += [attacker.v("span", one.event, one.first, one.last) for one in curves if one.having is None]
        told = attacker.narrower([({place: 1.0}, policy.width) for place in hidden])
        names = {place: name for name, place in attacker.at.items()}
        assert not told, (seed, names[hidden[told[0].place]], told[0])
        tried, spans = tried + len(hidden), spans + sum(one.having is not None for one in curves)
    assert min(tried, spans) >= 30
    assert exposed >= 2


CELLS = st.tuples(st.integers(60, 900), st.integers(10, 50), st.integers(60, 4000), st.integers(10, 50))


def ratio(cases: int, exposed: int, referents: int, exposed_referents: int) -> dict[str, object]:
    """A row of effects by the numbers of referrals and of those compared with, and of both the exposed."""
    return ratio_of(exposed, cases - exposed, exposed_referents, referents - exposed_referents)


def ratio_of(exposed: float, others: float, struck: float, free: float) -> dict[str, object]:
    """A row of effects whose ratio is that of its four cells, and the interval by the usual formula."""
    odds, spread = exposed * free / (others * struck), sum(1 / cell for cell in (exposed, others, struck, free)) ** 0.5
    return {
        "measure": "suspension", "design": "matched_cohort", "window": "months_1_to_3", "term": "any", "treatment": "draws",
        "log_ratio": log(odds), "low": log(odds) - 1.96 * spread, "high": log(odds) + 1.96 * spread, "cases": float(exposed + others),
        "exposed_cases": float(exposed), "referents": float(struck + free), "exposed_referents": float(struck),
        "families": int(exposed + others), "largest_family": 1, "smallest_cell": 10.0, "degrees": 40.0, "placebo": False, "planned": True,
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
