"""The waterfall: steps that add to the weight of a pair against all else, named levels, and a drawing that stands by itself."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearthlink.errors import WrongUse
from hearthlink.linkage.comparisons import FIELDS
from hearthlink.linkage.model import (
    CLASSES,
    SAME_HOUSEHOLD,
    SAME_PERSON,
    STATED,
    STATED_SIBLING,
    UNRELATED,
    Model,
    normalised,
)
from hearthlink.linkage.waterfall import pattern_of, waterfall
from hearthlink.linkage.waterfall_drawing import drawn

FREE = np.random.default_rng(3)


def model(together: float = 1.0) -> Model:
    """A model of stated rates, with shares among strangers drawn once."""
    person = {f.of: normalised(np.array(STATED[f.of]), f.missing) for f in FIELDS}
    strangers = {f.of: normalised(FREE.dirichlet(np.ones(len(f.levels))), f.missing) for f in FIELDS}
    siblings = person | {
        of: normalised(np.array(rates), next(f.missing for f in FIELDS if f.of == of))
        for of, rates in STATED_SIBLING.items()
    }
    shares = {SAME_PERSON: person, SAME_HOUSEHOLD: siblings, UNRELATED: strangers}
    return Model(
        shares,
        shares,
        np.array([1e-4, 2e-4, 0.9997]),
        together,
        500.0,
        400.0,
        3.0,
        300,
        9,
        converged=True,
        identified=True,
    )


MODEL = model()
PATTERNS = st.fixed_dictionaries({f.of: st.integers(0, len(f.levels) - 1) for f in FIELDS})


@given(PATTERNS)
def test_the_steps_add_to_the_odds_against_everything_else(pattern: dict[str, int]) -> None:
    """The last weight is log2 of the chance of the pattern under one person over its chance under every other class."""
    odds = {
        of: MODEL.prior[n] * np.prod([MODEL.shares[of][f.of][pattern[f.of]] for f in FIELDS])
        for n, of in enumerate(CLASSES)
    }
    steps = waterfall(MODEL, pattern)
    assert steps[-1].total == pytest.approx(
        np.log2(odds[SAME_PERSON] / (odds[SAME_HOUSEHOLD] + odds[UNRELATED])), abs=1e-9
    )
    assert steps[-1].probability == pytest.approx(odds[SAME_PERSON] / sum(odds.values()), abs=1e-12)
    assert [after.total - before.total for before, after in pairwise(steps)] == pytest.approx(
        [s.bits for s in steps[1:]]
    )
    assert [step.of for step in steps] == ["start", *(f.of for f in FIELDS), "another of the household"]
    assert steps[-1].bits <= 0.0


def test_a_missing_field_adds_nothing_and_has_no_shares() -> None:
    """With every field missing the weight is the prior's, and no step but the start and the last moves it."""
    steps = waterfall(MODEL, {})
    assert [step.bits for step in steps[1:-1]] == [0.0] * len(FIELDS)
    assert all(step.same is None and step.by_chance is None for step in steps)
    assert steps[-1].probability == pytest.approx(1e-4)


def test_a_common_name_takes_off_what_it_should() -> None:
    """A forename twice as common as agreement by chance takes off one bit, and two names that go together theirs."""
    u = float(MODEL.shares[UNRELATED]["forename"][0])
    steps = {s.of: s for s in waterfall(MODEL, {"forename": 0}, {"forename": 2 * u, "surname": 0.1})}
    assert steps["forename, how common"].bits == pytest.approx(-1.0)
    assert "surname, how common" not in steps
    together = {s.of: s for s in waterfall(model(8.0), {"forename": 0, "surname": 0})}
    assert together["both names"].bits == pytest.approx(-3.0)
    assert "both names" not in {s.of for s in waterfall(model(8.0), {"forename": 0})}


SAID = (
    ("forename=same", {"forename": 0}),
    ("forename = SAME, surname=clo", {"forename": 0, "surname": 1}),
    ("forename=close, one of several, or swapped with the surname,sex=2", {"forename": 1, "sex": 2}),
    ("sex=missing,", {"sex": 1}),
    ("birth_date=different", {"birth_date": 4}),
)


@pytest.mark.parametrize(("text", "levels"), SAID)
def test_a_pattern_is_read_as_it_is_said(text: str, levels: dict[str, int]) -> None:
    """A level may be called by its name, the beginning of it, or its number, and a name may hold commas."""
    assert pattern_of(text) == levels


@pytest.mark.parametrize(
    "text", ["", "forename", "colour=red", "forename=same,forename=same", "forename=zz", "sex=", "address=same"]
)
def test_a_pattern_that_cannot_be_understood_lists_what_can(text: str) -> None:
    """An unknown field, or a level that fits none or several, is a wrong use whose remedy lists the names."""
    with pytest.raises(WrongUse) as stop:
        pattern_of(text)
    assert re.search("forename|same", stop.value.remedy or "")


@given(PATTERNS)
def test_a_drawing_is_sound_and_calls_nobody(pattern: dict[str, int]) -> None:
    """The SVG is well formed, holds no script, style or address, keeps every bar inside it, and is the same every time."""
    steps = waterfall(MODEL, pattern)
    svg = drawn(steps, title="A <pattern> & its weight")
    assert svg == drawn(steps, title="A <pattern> & its weight")
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    assert {e.tag.split("}")[-1] for e in root.iter()} <= {"svg", "title", "desc", "rect", "line", "text"}
    assert (
        re.findall(r"(?:https?:|href|url\(|script|@import)", svg.replace('xmlns="http://www.w3.org/2000/svg"', ""))
        == []
    )
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    bars = [e.attrib for e in root.iter("{http://www.w3.org/2000/svg}rect") if "x" in e.attrib]
    assert len(bars) == len(steps) + 1
    for bar in bars:
        assert 0 <= float(bar["x"]) <= float(bar["x"]) + float(bar["width"]) <= width
        assert 0 <= float(bar["y"]) <= height
    texts = "".join(root.itertext())
    assert all(step.of.replace("_", " ")[1:] in texts for step in steps)


def test_a_drawing_holds_at_the_ends() -> None:
    """Weights of hundreds of bits have round places along the axis, and no probability is shown as certain."""
    worst = {f.of: len(f.levels) - 1 for f in FIELDS}
    for pattern, words in ((worst, "under 0.0001"), ({f.of: 0 for f in FIELDS}, "probability")):
        assert words in drawn(waterfall(MODEL, pattern), title="t")
