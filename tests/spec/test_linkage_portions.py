"""Families weighed in portions: the same links and draws as all at once."""

from __future__ import annotations

from itertools import pairwise

import pyarrow as pa
import pytest
from made_persons import tables, town

from hearthlink.engine import open_engine
from hearthlink.linkage import agreement, estimate, link, portions


@pytest.fixture(scope="module")
def compared() -> dict[str, pa.Table]:
    """A town's people, compared and estimated."""
    given = tables(town(3, families=60, households=80).records)
    with open_engine(threads=2) as engine:
        given |= agreement(engine, given, progress=lambda _words, _share: None)
    return given | {"parameter": estimate(given["agreement_pattern"])}


@pytest.mark.parametrize(("looked_at", "weighed"), [(10**9, 40), (60, 10**9), (90, 25), (1, 1)])
def test_portions_come_to_the_same(
    compared: dict[str, pa.Table], looked_at: int, weighed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Posteriors, links and draws do not depend on how many pairs are looked at or weighed at a time."""
    whole = link(compared, draws=30, cut=0.5)
    monkeypatch.setattr(portions, "LOOKED_AT", looked_at)
    monkeypatch.setattr(portions, "WEIGHED", weighed)
    made = link(compared, draws=30, cut=0.5)
    assert all(made[name].equals(table) for name, table in whole.items())
    assert whole["link"].column("member_id").null_count < whole["link"].num_rows


def test_there_are_portions(compared: dict[str, pa.Table], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is more than is weighed at once, what is weighed has portions, and each unit lies in one of them."""
    found = []

    def seen(evidence: portions.Evidence) -> portions.Evidence:
        found.append(made := in_portions(evidence))
        return made

    in_portions = portions.in_portions
    monkeypatch.setattr(portions, "in_portions", seen)
    monkeypatch.setattr(portions, "WEIGHED", 25)
    link(compared, draws=1, cut=0.5)
    (evidence,) = found
    assert len(evidence.portions) > 2
    spans = [(portion.units.start, portion.units.stop) for portion in evidence.portions]
    assert spans[0][0] == 0
    assert spans[-1][1] == evidence.units
    assert all(one[1] == other[0] for one, other in pairwise(spans))
