"""The sample: how many of each kind, which, and beside which households."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_persons import Records, child, lives, member, tables

from hearthlink.errors import WrongUse
from hearthlink.review import draw
from hearthlink.review.design import SHOWN, allocation, band_of
from hearthlink.review.nearest import nearest
from hearthlink.tables.identity import CANDIDATE_POSTERIOR, LINK_TABLE, PARAMETER

CHILDREN = 120


@given(st.lists(st.tuples(st.integers(0, 300), st.floats(0.02, 0.5)), min_size=1, max_size=24), st.integers(1, 400))
def test_an_allocation_spends_the_budget(strata: list[tuple[int, float]], budget: int) -> None:
    """All of the budget is given out or everybody is drawn; no stratum gets more than it has, and each that has children at least one."""
    size, error = np.array([s for s, _ in strata]), np.array([e for _, e in strata])
    if budget < np.count_nonzero(size):
        with pytest.raises(WrongUse):
            allocation(size, error, budget)
        return
    given_out = allocation(size, error, budget)
    assert int(given_out.sum()) == min(budget, int(size.sum()))
    assert (given_out <= size).all()
    assert (given_out[size > 0] >= 1).all()


def test_an_allocation_follows_size_and_doubt() -> None:
    """Of strata as large, the more doubtful gets more; of strata as doubtful, the larger (Neyman's rule, two each besides)."""
    found = allocation(np.array([500, 500, 100, 1]), np.array([0.02, 0.5, 0.5, 0.5]), 100)
    assert found[1] > found[0] > found[2] > found[3] == 1
    ratio = (found[1] - 2) / (found[0] - 2)
    assert ratio == pytest.approx(0.5 / (0.02 * 0.98) ** 0.5, rel=0.15)


@pytest.mark.parametrize(
    ("linked", "right", "band"),
    [
        (True, 1.0, 0),
        (True, 0.99, 0),
        (True, 0.8, 1),
        (True, 0.4, 2),
        (False, 0.99, 5),
        (False, 0.9, 4),
        (False, 0.5, 3),
    ],
)
def test_bands_are_those_of_link_quality(*, linked: bool, right: float, band: int) -> None:
    """Certain from 0.99, likely from 0.8, doubtful below, for links and for the answer that there is none."""
    assert band_of(linked=linked, right=right) == band


def made(shift: float = 0.0) -> dict[str, pa.Table]:
    """Children of three ages, two in three linked; probabilities moved within their bands by `shift`."""
    names = [f"{'ABCDEFGHKL'[n % 10]}{'ABCDEFGHKL'[n // 10 % 10]}A" for n in range(CHILDREN)]
    born = [date(2018 - 6 * (n % 3), 1 + n % 12, 1 + n % 28) for n in range(CHILDREN)]
    records = Records(
        [child(f"c{n:03}", f"f{n}", names[n], "XYZ", birth_date=born[n]) for n in range(CHILDREN)]
        + [member(f"H{n:03}", 1, names[n], "XYZ", birth_date=born[n]) for n in range(CHILDREN)],
        [lives(f"c{n:03}", "1", f"AA{n}1AA") for n in range(CHILDREN)],
    )
    posterior: list[dict[str, object]] = []
    link: list[dict[str, object]] = []
    for n in range(CHILDREN):
        right = (0.995, 0.9, 0.6)[n % 7 % 3] + shift
        linked = n % 3 > 0
        home = f"H{(n + n % 2) % CHILDREN:03}"
        none, there = (1 - right, right) if linked else (right, 1 - right)
        row: dict[str, object] = {"child_id": f"c{n:03}", "member_id": None, "p_member": 0.0}
        posterior += [
            row | {"rank": 0, "household_id": None, "probability": none},
            row | {"rank": 1, "household_id": home, "probability": there},
        ]
        link.append(
            {
                "child_id": f"c{n:03}",
                "family_id": f"f{n}",
                "outcome": "unlisted" if linked else "none",
                "household_id": home if linked else None,
                "member_id": None,
                "p_household": there,
                "p_person": 0.0,
                "p_none": none,
            }
        )
    return {
        "person": tables(records)["person"],
        "place": tables(records)["place"],
        "parameter": PARAMETER.empty(),
        "candidate_posterior": pa.Table.from_pylist(posterior, schema=CANDIDATE_POSTERIOR.schema),
        "link": pa.Table.from_pylist(link, schema=LINK_TABLE.schema),
    }


def test_a_sample_keeps_its_design() -> None:
    """Numbers drawn are those of each stratum, chances are drawn over there are, a fifth is read twice, and each child is shown as often."""
    found = draw(made(), children=60)
    rows = found["review_sample"].to_pylist()
    assert len(rows) == 60
    by_stratum = Counter((row["band"], row["age_group"]) for row in rows)
    assert all(by_stratum[row["band"], row["age_group"]] == row["drawn"] for row in rows)
    assert all(row["inclusion_probability"] == row["drawn"] / row["in_stratum"] for row in rows)
    assert sum({(r["band"], r["age_group"]): r["in_stratum"] for r in rows}.values()) == CHILDREN
    pairs = found["review_pair"].to_pylist()
    shown = Counter(pair["child_id"] for pair in pairs)
    assert set(shown.values()) == {SHOWN}
    assert len({pair["child_id"] for pair in pairs if pair["readings"] == 2}) == 12
    beside = {(pair["child_id"], pair["household_id"]) for pair in pairs}
    assert all((row["child_id"], row["household_id"]) in beside for row in rows if row["household_id"])


def test_a_sample_is_the_same_again_in_any_order() -> None:
    """The same records in another order give the same sample and the same pairs, byte for byte."""
    given_rows = made()
    turned = {name: table.take(pa.array(range(table.num_rows)[::-1], pa.int64())) for name, table in given_rows.items()}
    assert draw(given_rows, children=60) == draw(turned, children=60)


def test_the_order_of_showing_tells_nothing_of_the_score() -> None:
    """Moving every probability within its band leaves the pairs and their order as they are, and each place meets linked and not linked."""
    assert draw(made(), children=60)["review_pair"] == draw(made(0.003), children=60)["review_pair"]
    found = draw(made(), children=60)
    linked = {row["child_id"]: row["household_id"] for row in found["review_sample"].to_pylist()}
    order = list(dict.fromkeys(row["child_id"] for row in found["review_pair"].to_pylist()))
    first_half = sum(linked[one] is not None for one in order[:30])
    assert 10 <= first_half <= 30
    seats = Counter(
        number % SHOWN
        for number, row in enumerate(found["review_pair"].to_pylist())
        if row["household_id"] == linked[row["child_id"]]
    )
    assert min(seats[seat] for seat in range(SHOWN)) >= 5


def test_too_few_children_are_refused() -> None:
    """A sample that cannot hold one of each kind is wrong use, and the message says how many it takes."""
    with pytest.raises(WrongUse, match="at least"):
        draw(made(), children=3)


def test_the_nearest_household_is_found_though_no_candidate() -> None:
    """Names, birth date or address lead to a household whether or not the linkage ever compared it; equals come in order of their ids."""
    records = Records(
        [
            child("c1", "f1", "SARAH", "SMITH"),
            child("c2", "f2", None, None, birth_date=None),
            member("H1", 1, "SARA", "SMYTH"),
            member("H2", 1, "SARAH", "JONES", birth_date=date(2001, 1, 1)),
            member("H3", 1, "ZZZ", "QQQ", birth_date=date(1999, 9, 9)),
        ],
        [lives("c2", "7", "AA11AA"), lives("H3", "7", "AA11AA")],
    )
    given_tables = tables(records)
    found = nearest(given_tables["person"], given_tables["place"], ["c1", "c2"], most=2)
    assert found == {"c1": ["H1", "H2"], "c2": ["H3", "H1"]}
