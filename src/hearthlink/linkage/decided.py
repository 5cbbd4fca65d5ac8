"""Reviewers' decisions heeded: a match makes a household certain, no match rules it out, and not sure changes nothing.

A child's posterior is conditioned on what was decided of it, its other households keeping their odds; so are its draws. A decision
about one child says nothing here about its brothers and sisters.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

STREAM = "decided"
"""Names the stream from which a draw that a decision rules out is drawn again: hashes of the child's id and the draw's number."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Decided:
    """What reviewers settled about a child: the households it belongs to, and those it does not."""

    matched: frozenset[str | None]
    ruled_out: frozenset[str | None]


NOTHING = Decided(frozenset(), frozenset())


def settled(decision: pa.Table) -> dict[str, Decided]:
    """What is settled about each child. The latest answer of each reviewer counts; as many for as against settles nothing."""
    latest: dict[tuple[str, str | None, str], str] = {}
    columns = (decision.column(name).to_pylist() for name in ("child_id", "household_id", "reviewer", "answer"))
    for child, household, reviewer, answer in zip(*columns, strict=True):
        latest[child, household, reviewer] = answer
    lead: Counter[tuple[str, str | None]] = Counter()
    for (child, household, _), answer in latest.items():
        lead[child, household] += {"match": 1, "no_match": -1}.get(answer, 0)
    votes: dict[str, dict[str | None, int]] = {}
    for (child, household), count in lead.items():
        votes.setdefault(child, {})[household] = count
    found: dict[str, Decided] = {}
    for child, mine in votes.items():
        matched = frozenset(household for household, count in mine.items() if count > 0)
        ruled_out = frozenset(household for household, count in mine.items() if count < 0)
        if matched or ruled_out:
            found[child] = Decided(matched, ruled_out)
    return found


def put_right(correction: pa.Table) -> dict[str, Decided]:
    """What corrections settle: of each child the latest, unless it was withdrawn."""
    columns = (correction.column(name).to_pylist() for name in ("child_id", "household_id", "says"))
    last = {child: (household, says) for child, household, says in zip(*columns, strict=True)}
    return {
        child: Decided(frozenset({household}), frozenset())
        for child, (household, says) in last.items()
        if says != "withdrawn"
    }


def decided(
    made: Mapping[str, pa.Table],
    decision: pa.Table | None,
    correction: pa.Table | None = None,
    *,
    cut: float,
    of_candidates: bool = False,
) -> dict[str, pa.Table]:
    """`candidate_posterior`, `link` and `link_draw` conditioned on the decisions; the same tables where nothing is settled.

    A correction settles a child whatever reviewers have said of it.

    A matched household that was no candidate becomes one, with no member named; but where the links are `of_candidates` of another day
    alone, what was said counts only of households that are candidates, and being in none on file was said of the day of referral.
    `cut` is the probability of being in any household above which a child is linked.
    """
    said = {} if decision is None else settled(decision)
    said |= {} if correction is None else put_right(correction)
    posterior, link, draws = (made[name] for name in ("candidate_posterior", "link", "link_draw"))
    before = {child: sorted(rows, key=lambda row: row["rank"]) for child, rows in _rows_of(posterior, said).items()}
    if of_candidates:
        said = {child: _of_those(rows, said[child]) for child, rows in before.items()}
        before = {child: rows for child, rows in before.items() if said[child] != NOTHING}
    if not before:
        return dict(made)
    after = {child: _conditioned(rows, said[child]) for child, rows in before.items()}
    return {
        "candidate_posterior": _replaced(posterior, after),
        "link": _replaced(link, {child: [_linked(rows, cut)] for child, rows in after.items()}),
        "link_draw": _redrawn(draws, before, after),
    }


def _of_those(rows: Sequence[Row], said: Decided) -> Decided:
    """What was said of households that are among the rows."""
    there = {row["household_id"] for row in rows} - {None}
    return Decided(said.matched & there, said.ruled_out & there)


def _rows_of(table: pa.Table, children: Iterable[str]) -> dict[str, list[Row]]:
    """The rows of some of the children, as they stand."""
    found: dict[str, list[Row]] = {}
    for row in table.filter(_is_of(table, children)).to_pylist():
        found.setdefault(row["child_id"], []).append(row)
    return found


def _is_of(table: pa.Table, children: Iterable[str]) -> pa.ChunkedArray:
    options = pc.SetLookupOptions(pa.array(sorted(children), pa.string()))
    return pc.call_function("is_in", [table.column("child_id")], options)


def _conditioned(rows: Sequence[Row], said: Decided) -> list[Row]:
    """The candidates of a child given what is settled, ranked anew by probability and, among equals, as they were."""
    there = {row["household_id"] for row in rows}
    child = rows[0]["child_id"]
    added: list[Row] = [
        {"child_id": child, "rank": 0, "household_id": one, "member_id": None, "probability": 0.0, "p_member": 0.0}
        for one in sorted(said.matched - there - {None}, key=str)
    ]
    several = [*rows, *added]
    open_to = [
        row["household_id"] in said.matched if said.matched else row["household_id"] not in said.ruled_out
        for row in several
    ]
    mass = [row["probability"] if is_open else 0.0 for row, is_open in zip(several, open_to, strict=True)]
    if sum(mass) <= 0:
        # Nothing thought possible is left: the matched are equally likely, and with none matched the child is in none on file.
        mass = [
            float(is_open if said.matched else row["household_id"] is None)
            for row, is_open in zip(several, open_to, strict=True)
        ]
    total = sum(mass)
    shared = [(row, part / total) for row, part in zip(several, mass, strict=True)]
    none, others = shared[0], [pair for pair in shared[1:] if pair[1] > 0]
    others.sort(key=lambda pair: -round(pair[1], 12))
    return [_with(row, rank, share) for rank, (row, share) in enumerate([none, *others])]


def _with(row: Row, rank: int, share: float) -> Row:
    given = row["p_member"] / row["probability"] if row["probability"] > 0 else 0.0
    return row | {"rank": rank, "probability": round(share, 9), "p_member": round(min(given, 1.0) * share, 9)}


def _linked(rows: Sequence[Row], cut: float) -> Row:
    """The columns of `link` that follow from a child's candidates."""
    none, best = rows[0], rows[1] if len(rows) > 1 else None
    is_linked = best is not None and none["probability"] <= 1.0 - cut
    member = best["member_id"] if best is not None and is_linked else None
    return {
        "child_id": none["child_id"],
        "outcome": "none" if not is_linked else "unlisted" if member is None else "listed",
        "household_id": best["household_id"] if best is not None and is_linked else None,
        "member_id": member,
        "p_household": best["probability"] if best is not None else 0.0,
        "p_person": best["p_member"] if best is not None else 0.0,
        "p_none": none["probability"],
    }


def _replaced(table: pa.Table, after: Mapping[str, Sequence[Row]]) -> pa.Table:
    """The table with the rows of some children changed, each child where it stood; columns not named keep their values."""
    before = _rows_of(table, after)
    rows = [before[child][0] | new for child, several in after.items() if child in before for new in several]
    if not rows:
        return table
    affected = _is_of(table, after).to_numpy()
    first: dict[str, int] = {}
    at = np.flatnonzero(affected)
    for place, child in zip(at.tolist(), table.column("child_id").take(pa.array(at)).to_pylist(), strict=True):
        first.setdefault(child, place)
    # A changed row takes the place of its child's first one; rows of one place keep their order.
    places = np.concatenate([np.arange(table.num_rows), [first[row["child_id"]] for row in rows]])
    kept = np.concatenate([~affected, np.ones(len(rows), dtype=bool)])
    order = np.argsort(places, kind="stable")
    whole = pa.concat_tables([table, pa.Table.from_pylist(rows, schema=table.schema)])
    return whole.take(pa.array(order[kept[order]])).combine_chunks()


def _redrawn(draws: pa.Table, before: Mapping[str, Sequence[Row]], after: Mapping[str, Sequence[Row]]) -> pa.Table:
    """The draws, each that is still possible under its new rank and each that is not drawn again from what is left."""
    changed: dict[str, list[Row]] = {}
    for child, (row,) in _rows_of(draws, after).items():
        new = {one["household_id"]: one["rank"] for one in after[child] if one["probability"] > 0}
        old = [one["household_id"] for one in before[child]]
        ranks = [
            new[old[rank]] if old[rank] in new else _again(child, number, after[child])
            for number, rank in enumerate(row["ranks"])
        ]
        changed[child] = [row | {"ranks": ranks}]
    return _replaced(draws, changed)


def _again(child: str, number: int, rows: Sequence[Row]) -> int:
    digest = hashlib.sha256(f"{STREAM}\0{child}\0{number}".encode()).digest()
    uniform = int.from_bytes(digest[:8], "big") / 2**64
    running = np.cumsum([row["probability"] for row in rows])
    place = int(np.searchsorted(running, uniform * running[-1], side="right"))
    return int(rows[min(place, len(rows) - 1)]["rank"])
