"""The plan of analysis: written, shown with what can be told, sealed; and what was not in it is exploratory."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hearthlink.errors import DataProblem, WrongUse
from hearthlink.study.asking import (
    PLAN_FILE,
    SEALS_FILE,
    default_plan,
    digest_of,
    foreseen,
    plan_of,
    plan_text,
    read_plan,
    read_seals,
    seal,
)
from hearthlink.tables.definitions import MEASURES

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def written(folder: Path, text: str) -> Path:
    (folder / PLAN_FILE).write_text(text, encoding="utf-8")
    return folder


def test_the_file_written_says_what_the_plan_that_comes_with_hearthlink_says(tmp_path: Path) -> None:
    """Every measure is asked, and reading the file back gives the same hash."""
    written(tmp_path, plan_text(default_plan(), name='A "study"'))
    assert digest_of(read_plan(tmp_path)) == digest_of(default_plan())
    assert {one.measure for one in read_plan(tmp_path).question} == set(MEASURES)


def test_comments_and_spaces_change_no_hash_and_a_window_does(tmp_path: Path) -> None:
    """The hash is of what is asked."""
    text = plan_text(default_plan(), name="a")
    same = digest_of(read_plan(written(tmp_path, "# more words\n\n" + text)))
    other = digest_of(read_plan(written(tmp_path, text.replace('"before_24", ', "", 1))))
    assert same == digest_of(default_plan())
    assert other != same


def test_without_a_seal_everything_is_exploratory_and_with_one_nothing_is(tmp_path: Path) -> None:
    """A plan that nobody sealed plans nothing."""
    assert not any(one.planned for one in plan_of(tmp_path).questions)
    assert plan_of(tmp_path).sealed == ""
    seal(tmp_path, default_plan(), now=NOW, answered=False)
    assert all(one.planned for one in plan_of(tmp_path).questions)
    assert plan_of(tmp_path).sealed == digest_of(default_plan())


def test_what_is_added_after_the_seal_is_exploratory_and_the_rest_stays_planned(tmp_path: Path) -> None:
    """A window, a breakdown, a design and a measure that come later are each marked, and nothing else is."""
    first = '[[question]]\nmeasure = "move"\nwindows = ["before_3"]\nby = ["age"]\ndesigns = ["curve"]\n'
    seal(tmp_path, read_plan(written(tmp_path, first)), now=NOW, answered=False)
    later = (
        '[[question]]\nmeasure = "move"\nwindows = ["before_3", "before_12"]\nby = ["age", "sex"]\ndesigns = ["curve", "matched_cohort"]\n'
        '[[question]]\nmeasure = "strain"\nwindows = ["on_day"]\n'
    )
    found = plan_of(written(tmp_path, later))
    said = {(one.measure, one.planned, one.windows, one.topics, one.designs) for one in found.questions}
    assert said == {
        ("move", True, ("before_3",), ("age",), ("curve",)),
        ("move", False, ("before_12",), ("age", "sex"), ("matched_cohort",)),
        ("move", False, ("before_3",), ("sex",), ()),
        ("strain", False, ("on_day",), (), ()),
    }
    assert found.sealed == ""


def test_what_is_sealed_after_an_answer_stays_exploratory(tmp_path: Path) -> None:
    """A seal cannot be put on what was seen."""
    made = seal(tmp_path, default_plan(), now=NOW, answered=True)
    assert not made.before_answers
    assert not any(one.planned for one in plan_of(tmp_path).questions)


def test_a_seal_that_was_changed_is_refused(tmp_path: Path) -> None:
    """Whoever moves a question into the seal afterwards is found."""
    seal(tmp_path, default_plan(), now=NOW, answered=True)
    kept = json.loads((tmp_path / SEALS_FILE).read_text(encoding="utf-8"))
    kept[0]["before_answers"] = True
    (tmp_path / SEALS_FILE).write_text(json.dumps(kept), encoding="utf-8")
    with pytest.raises(DataProblem, match="seals"):
        read_seals(tmp_path)


@pytest.mark.parametrize(
    ("text", "column", "line"),
    [
        ('[[question]]\nmeasure = "moves"\n', "measure", 1),
        ('\n[[question]]\nmeasure = "move"\nwindows = ["on_day"]\n', "windows", 2),
        ('[[question]]\nmeasure = "move"\nby = ["shoe size"]\n', "by", 1),
        ('[assumption.a]\nlow = 0.3\nhigh = 0.1\nsource = "x"\n', "assumption.a", 2),
        ("[cohort]\nexposure_months = [3, 1]\n", "cohort.exposure_months", 2),
        ("[cohort]\nexposure_months = [1, 13]\n", "cohort.exposure_months", 2),
    ],
)
def test_a_plan_that_asks_what_there_is_not_is_told_by_its_line(
    tmp_path: Path, text: str, column: str, line: int
) -> None:
    """What, where and what there is instead."""
    with pytest.raises(WrongUse) as caught:
        read_plan(written(tmp_path, text))
    assert (caught.value.file, caught.value.column, caught.value.line) == (PLAN_FILE, column, line)


def test_what_can_be_told_is_said_before_any_record_is_seen() -> None:
    """Few children expected: held back; more: a share; many: a breakdown; and for events the least ratio that would be seen."""
    made = {(one.measure, one.window): one for one in foreseen(default_plan())}
    whole = made["on_benefit", "on the day of referral"]
    assert (whole.counted, whole.seen, whole.having) == (2200, 2200, 1056)
    near = made["move", "in the 3 months before the referral"]
    # 2,200 children, half on file, six tenths of them seen, a tenth a year, a quarter of a year.
    assert (near.seen, near.having) == (660, 16)
    assert "ratio is 2.5 or more" in near.says
    few = default_plan().model_copy(update={"expected": default_plan().expected.model_copy(update={"children": 200})})
    assert any("held back" in one.says for one in foreseen(few))
