"""Whether a reviewer's answers can be leant on: second opinions, one answer throughout, answers faster than reading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyarrow as pa
import pytest

from hearthlink.review import Answer, added, comes_again, concerns, long_answered, second_opinions, shown_again
from hearthlink.review.oneself import FORGOTTEN, ONE_IN
from hearthlink.tables.identity import DECISION

M, N, U = Answer.MATCH, Answer.NO_MATCH, Answer.NOT_SURE
Said = Sequence[tuple[str, Answer]]


def decisions(said: Said, reviewer: str = "AB") -> pa.Table:
    """The answers of a reviewer, in order, each to a child beside one household."""
    made = DECISION.empty()
    for child, answer in said:
        made = added(made, child_id=child, household_id="H", answer=answer, reviewer=reviewer, day=date(2020, 3, 2))
    return made


def others(count: int, answer: Answer | None = None) -> list[tuple[str, Answer]]:
    return [(f"c{n}", answer or (M, N, N, U)[n % 4]) for n in range(count)]


OPINIONS: tuple[tuple[str, Said, tuple[Answer, Answer] | None], ...] = (
    ("answered once", [("x", M), *others(40)], None),
    ("put right at once", [("x", M), ("x", N), *others(40)], None),
    ("again, and the same", [("x", M), *others(40), ("x", M)], (M, M)),
    ("again, and otherwise", [("x", M), *others(40), ("x", N)], (M, N)),
    ("put right, and again", [("x", M), ("x", N), *others(40), ("x", N)], (N, N)),
    ("again, and put right then", [("x", M), *others(40), ("x", N), ("c1", M), ("x", M)], (M, M)),
    ("again too soon", [("x", M), *others(FORGOTTEN - 2), ("x", N)], None),
    ("again as soon as it counts", [("x", M), *others(FORGOTTEN - 1), ("x", N)], (M, N)),
)


@pytest.mark.parametrize(("says", "said", "both"), OPINIONS, ids=[case[0] for case in OPINIONS])
def test_a_second_opinion_is_one_given_when_the_first_is_forgotten(
    says: str, said: Said, both: tuple[Answer, Answer] | None
) -> None:
    """Answers put right at once are no second opinion; the answer that stood is held against the one that stands."""
    assert second_opinions(decisions(said), "AB").get(("x", "H")) == both, says
    assert second_opinions(decisions(said), "CD") == {}


@pytest.mark.parametrize("between", [FORGOTTEN - 2, FORGOTTEN - 1, FORGOTTEN])
def test_a_pair_is_due_when_an_answer_to_it_would_count(between: int) -> None:
    """A pair is due exactly where one more answer on it is a second opinion."""
    said = [("x", M), *others(between)]
    due = ("x", "H") in long_answered(decisions(said), "AB")
    assert due == bool(second_opinions(decisions([*said, ("x", M)]), "AB"))
    assert due == (between >= FORGOTTEN - 1)


def test_what_comes_again_is_a_fixed_part() -> None:
    """About one child in so many comes up again, beside one of its households, the same ones every time."""
    children = [f"child {n}" for n in range(3000)]
    again = [child for child in children if comes_again(child)]
    assert 0.7 < len(again) * ONE_IN / len(children) < 1.3
    beside = [shown_again(child, ["H1", "H2", "H3"]) for child in again]
    assert min(beside.count(home) for home in ("H1", "H2", "H3")) > len(again) / 5
    assert beside == [shown_again(child, ["H1", "H2", "H3"]) for child in again]


TWICE = [(f"x{n}", M) for n in range(6)]
OTHERWISE = [(f"x{n}", M if n < 3 else N) for n in range(6)]
CONCERNS: tuple[tuple[str, Said, Sequence[float], str | None], ...] = (
    ("nothing", others(40), [5.0] * 40, None),
    ("all alike", others(40, N), [5.0] * 40, "Every answer you have given is no match."),
    ("all alike but few", others(20, N), [5.0] * 20, None),
    ("too quick", others(40), [0.5] * 40, "took less than 2 seconds"),
    ("quick but few", others(40), [0.5] * 20, None),
    ("quick now and then", others(40), [0.5] * 15 + [5.0] * 25, None),
    ("agrees with itself", [*TWICE, *others(40), *TWICE], [], None),
    (
        "differs with itself",
        [*TWICE, *others(40), *OTHERWISE],
        [],
        "6 pairs came up twice for you, unmarked; you answered 3",
    ),
)


@pytest.mark.parametrize(("says", "said", "seconds", "words"), CONCERNS, ids=[case[0] for case in CONCERNS])
def test_what_a_reviewer_is_told(says: str, said: Said, seconds: Sequence[float], words: str | None) -> None:
    """One answer throughout, answers faster than reading and disagreement with oneself are said in words; few answers say nothing."""
    found = concerns(decisions(said), "AB", seconds)
    assert (len(found), all(words in one for one in found)) == (1, True) if words else found == [], says
