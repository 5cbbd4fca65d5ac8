"""What a decision does to a child's candidates, link and draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

import pyarrow as pa
import pytest

from hearthlink.linkage import decided
from hearthlink.tables.identity import CANDIDATE_POSTERIOR, DECISION, LINK_DRAW, LINK_TABLE

DRAWS = 200
CUT = 0.5
Said = tuple[str, str | None, str, str]

CANDIDATES: dict[str, list[tuple[str | None, str | None, float, float]]] = {
    "c1": [(None, None, 0.1, 0.0), ("H1", "H1|1", 0.6, 0.48), ("H2", "H2|1", 0.3, 0.3)],
    "c2": [(None, None, 0.9, 0.0), ("H3", None, 0.1, 0.0)],
    "c3": [(None, None, 1.0, 0.0)],
}


def made() -> dict[str, pa.Table]:
    """Three children as linkage leaves them: two candidates, a faint one, and none."""
    posterior = [
        {"child_id": c, "rank": n, "household_id": h, "member_id": m, "probability": p, "p_member": q}
        for c, rows in CANDIDATES.items()
        for n, (h, m, p, q) in enumerate(rows)
    ]
    link = [
        {
            "child_id": c, "family_id": f"f-{c}", "outcome": "listed" if c == "c1" else "none",
            "household_id": "H1" if c == "c1" else None, "member_id": "H1|1" if c == "c1" else None,
            "p_household": rows[1][2] if len(rows) > 1 else 0.0, "p_person": rows[1][3] if len(rows) > 1 else 0.0,
            "p_none": rows[0][2],
        }
        for c, rows in CANDIDATES.items()
    ]  # fmt: skip
    parts = {"c1": [0] * 20 + [1] * 120 + [2] * 60, "c2": [0] * 180 + [1] * 20, "c3": [0] * 200}
    return {
        "candidate_posterior": pa.Table.from_pylist(posterior, schema=CANDIDATE_POSTERIOR.schema),
        "link": pa.Table.from_pylist(link, schema=LINK_TABLE.schema),
        "link_draw": pa.Table.from_pylist(
            [{"child_id": c, "ranks": ranks} for c, ranks in parts.items()], schema=LINK_DRAW.schema
        ),
    }


def said(*rows: Said) -> pa.Table:
    """Decisions, oldest first: child, household, reviewer, answer."""
    return pa.Table.from_pylist(
        [
            {
                "entry": n, "child_id": c, "household_id": h, "member_id": None, "answer": a, "reviewer": r,
                "day": date(2026, 1, 15), "chain": "",
            }
            for n, (c, h, r, a) in enumerate(rows, start=1)
        ],
        schema=DECISION.schema,
    )  # fmt: skip


def probabilities(tables: Mapping[str, pa.Table], child: str) -> dict[str | None, float]:
    rows = [row for row in tables["candidate_posterior"].to_pylist() if row["child_id"] == child]
    assert [row["rank"] for row in rows] == list(range(len(rows)))
    assert sum(row["probability"] for row in rows) == pytest.approx(1, abs=1e-8)
    assert next(row["household_id"] for row in rows) is None
    return {row["household_id"]: row["probability"] for row in rows}


CASES: dict[str, tuple[tuple[Said, ...], str, dict[str | None, float]]] = {
    "a match is certain": ((("c1", "H2", "A", "match"),), "c1", {None: 0, "H2": 1}),
    "no match rules out, the rest keep their odds": ((("c1", "H1", "A", "no_match"),), "c1", {None: 0.25, "H2": 0.75}),
    "not sure changes nothing": ((("c1", "H1", "A", "not_sure"),), "c1", {None: 0.1, "H1": 0.6, "H2": 0.3}),
    "none of its candidates": (
        (("c1", "H1", "A", "no_match"), ("c1", "H2", "A", "no_match")), "c1", {None: 1},
    ),
    "two homes share by their odds": (
        (("c1", "H1", "A", "match"), ("c1", "H2", "A", "match")), "c1", {None: 0, "H1": 2 / 3, "H2": 1 / 3},
    ),
    "a match outweighs a no match elsewhere": (
        (("c1", "H1", "A", "no_match"), ("c1", "H2", "A", "match")), "c1", {None: 0, "H2": 1},
    ),
    "a household that was no candidate": ((("c3", "H9", "A", "match"),), "c3", {None: 0, "H9": 1}),
    "in none on file": ((("c1", None, "A", "match"),), "c1", {None: 1}),
    "in some household on file": ((("c1", None, "A", "no_match"),), "c1", {None: 0, "H1": 2 / 3, "H2": 1 / 3}),
    "a reviewer's later answer counts": (
        (("c1", "H1", "A", "no_match"), ("c1", "H1", "A", "match")), "c1", {None: 0, "H1": 1},
    ),
    "one against one settles nothing": (
        (("c1", "H1", "A", "no_match"), ("c1", "H1", "B", "match")), "c1", {None: 0.1, "H1": 0.6, "H2": 0.3},
    ),
    "a third reader decides": (
        (("c1", "H1", "A", "no_match"), ("c1", "H1", "B", "match"), ("c1", "H1", "C", "match")), "c1",
        {None: 0, "H1": 1},
    ),
    "ruled out where nothing else was thought of": ((("c3", "H9", "A", "no_match"),), "c3", {None: 1}),
    "a child who is not in the study any more": ((("c8", "H1", "A", "match"),), "c1", {None: 0.1, "H1": 0.6, "H2": 0.3}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_childs_candidates_given_what_was_decided(case: str) -> None:
    """Each decision conditions the child's own distribution and leaves every other child's as it was; draws and link follow."""
    decisions, child, wanted = CASES[case]
    before, after = made(), decided(made(), said(*decisions), cut=CUT)
    found = probabilities(after, child)
    assert found == pytest.approx(wanted, abs=1e-8)
    for other in set(CANDIDATES) - {child}:
        for name in ("candidate_posterior", "link", "link_draw"):
            rows = [[r for r in t[name].to_pylist() if r["child_id"] == other] for t in (before, after)]
            assert rows[0] == rows[1]
    ranks = next(r["ranks"] for r in after["link_draw"].to_pylist() if r["child_id"] == child)
    assert len(ranks) == DRAWS
    share = {household: Counter(ranks)[n] / DRAWS for n, household in enumerate(found)}
    assert share == pytest.approx(wanted, abs=0.08)
    assert [household for household in wanted if wanted[household] == 0 and share[household] > 0] == []


def test_the_link_follows_the_candidates() -> None:
    """After a match the child is linked with certainty to that household, and to the person who was likeliest in it."""
    rows = {r["child_id"]: r for r in decided(made(), said(("c1", "H2", "A", "match")), cut=CUT)["link"].to_pylist()}
    assert rows["c1"] == {
        "child_id": "c1", "family_id": "f-c1", "outcome": "listed", "household_id": "H2", "member_id": "H2|1",
        "p_household": 1.0, "p_person": 1.0, "p_none": 0.0,
    }  # fmt: skip
    rows = {r["child_id"]: r for r in decided(made(), said(("c3", "H9", "A", "match")), cut=CUT)["link"].to_pylist()}
    assert (rows["c3"]["outcome"], rows["c3"]["household_id"], rows["c3"]["member_id"]) == ("unlisted", "H9", None)
    rows = {r["child_id"]: r for r in decided(made(), said(("c1", None, "A", "match")), cut=CUT)["link"].to_pylist()}
    assert (rows["c1"]["outcome"], rows["c1"]["household_id"], rows["c1"]["p_none"]) == ("none", None, 1.0)


def test_a_draw_that_is_still_possible_stays() -> None:
    """Only draws that a decision rules out are drawn again, so the rest keep what they said of the family."""
    before = made()["link_draw"].to_pylist()[0]["ranks"]
    after = decided(made(), said(("c1", "H1", "A", "no_match")), cut=CUT)["link_draw"].to_pylist()[0]["ranks"]
    kept = [(b, a) for b, a in zip(before, after, strict=True) if b != 1]
    assert set(kept) == {(0, 0), (2, 1)}


def test_heeding_decisions_twice_or_in_another_order_changes_nothing() -> None:
    """Tables conditioned once stay the same bytes, and the order of children and of decisions about different pairs does not count."""
    rows: tuple[Said, ...] = (("c1", "H1", "A", "no_match"), ("c2", "H3", "A", "match"), ("c3", "H9", "A", "match"))
    once = decided(made(), said(*rows), cut=CUT)
    assert decided(once, said(*rows), cut=CUT) == once
    assert decided(made(), said(*reversed(rows)), cut=CUT) == once
    assert decided(made(), None, cut=CUT) == made()
    turned = {name: table.take(pa.array(range(table.num_rows - 1, -1, -1))) for name, table in made().items()}
    again = decided(turned, said(*rows), cut=CUT)
    assert again["link"].sort_by("child_id") == once["link"]
    assert again["link_draw"].sort_by("child_id") == once["link_draw"]
    keys = [("child_id", "ascending"), ("rank", "ascending")]
    assert again["candidate_posterior"].sort_by(keys) == once["candidate_posterior"]
