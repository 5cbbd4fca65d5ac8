"""Who may see how a weight comes about: a pattern is nobody's, a real pair is the reviewer's, and each try leaves its line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from made_authority import Secrets, copy_of, events, leave_to_read, now, say, store_of

from hearthlink.errors import DataProblem, Refused, WrongUse
from hearthlink.governance import Role
from hearthlink.linkage.model import from_table
from hearthlink.linkage.waterfall import waterfall
from hearthlink.study.explain import explain, explain_pair
from hearthlink.study.study import open_study
from hearthlink.tables import identity as i


@pytest.fixture
def study(real: Path, tmp_path: Path) -> Path:
    """A study that was run, to be changed at will."""
    return copy_of(real, tmp_path / "study")


def tables(study: Path, *names: str) -> list[pa.Table]:
    store, permit = store_of(study), leave_to_read(*names)
    specs = {spec.name: spec for spec in i.IDENTITY_TABLES}
    return [store.load(specs[name], permit) for name in names]


def linked_pair(study: Path) -> tuple[str, str]:
    """The ids of a child and of the household it was linked with."""
    (link,) = tables(study, "link")
    row = next(row for row in link.to_pylist() if row["outcome"] == "listed")
    return row["child_id"], row["household_id"]


def lines(study: Path, since: int) -> list[tuple[object, object]]:
    return [(event["event"], event["step"]) for event in events(study)[since:]]


def test_a_pattern_is_explained_by_the_studys_own_model(study: Path) -> None:
    """The steps are those of the parameters that were estimated, in the linker's role, and one line says so."""
    before = len(events(study))
    explained = explain(open_study(study), "forename=same,surname=same", clock=now)
    (parameter,) = tables(study, "parameter")
    assert explained.steps == waterfall(from_table(parameter), {"forename": 0, "surname": 0})
    assert lines(study, before) == [("step done", "explain")]
    assert events(study)[-1]["role"] == Role.LINKER.value


@pytest.mark.parametrize("role", [role.value for role in Role if role is not Role.REVIEWER])
def test_a_real_pair_is_refused_in_every_role_but_one(study: Path, role: str) -> None:
    """In any role but the reviewer's nothing is opened, and the ledger has the refusal."""
    before = len(events(study))
    child, household = linked_pair(study)
    with pytest.raises(Refused, match="reviewer alone") as refusal:
        explain_pair(open_study(study), child=child, household=household, role=role, clock=now)
    assert child not in str(refusal.value)
    assert household not in str(refusal.value)
    assert lines(study, before) == [("refused", "explain-pair")]


def test_a_real_pair_is_explained_to_the_reviewer_without_a_name(study: Path, secrets: Secrets) -> None:
    """The reviewer sees levels and bits of a linked pair, which weigh for it, and no record's content."""
    before = len(events(study))
    child, household = linked_pair(study)
    explained = explain_pair(open_study(study), child=child, household=household, role="reviewer", clock=now)
    assert explained.steps[-1].total > 0
    assert secrets.in_text(explained.csv + explained.svg) == {}
    assert child not in explained.csv + explained.svg
    assert household not in explained.csv + explained.svg
    assert lines(study, before) == [("step done", "explain-pair")]


def test_a_pair_never_compared_is_said_to_be_so_without_its_ids(study: Path) -> None:
    """An id that is not there stops with the data's exit code, a line in the ledger, and no id in the words."""
    with pytest.raises(DataProblem, match="not compared") as stop:
        explain_pair(open_study(study), child="ZZZ-1", household="ZZZ-2", role="reviewer", clock=now)
    assert "ZZZ" not in str(stop.value)
    assert lines(study, -1) == [("stopped", "explain-pair")]


def test_a_role_that_there_is_not_is_a_wrong_use(study: Path) -> None:
    """A misspelt role is told the roles there are, and nothing is entered."""
    before = len(events(study))
    with pytest.raises(WrongUse, match="reviewer"):
        explain_pair(open_study(study), child="a", household="b", role="reveiwer", clock=now)
    assert lines(study, before) == []


def test_a_pair_that_waits_for_review_is_not_explained_before_it_is_answered(study: Path) -> None:
    """Once the sample is drawn its pairs are closed, until as many reviewers as should have answered."""
    from hearthlink.study.review import Answer, begin_sitting, keep_answer, pairs_to_show

    opened = open_study(study)
    sitting = begin_sitting(opened, reviewer="AB", clock=now, children=30)
    link, review_pair = tables(study, "link", "review_pair")
    linked = {(row["child_id"], row["household_id"]) for row in link.to_pylist()}
    readings = {(row["child_id"], row["household_id"]): row["readings"] for row in review_pair.to_pylist()}
    at = {(pair.child_id, pair.household_id): pair for pair in pairs_to_show(sitting)}
    child, household = next(pair for pair in at if pair in linked and readings[pair] == 1)
    asked = {"child": child, "household": household, "role": "reviewer"}
    with pytest.raises(Refused, match="reviewed"):
        explain_pair(opened, **asked, clock=now)
    keep_answer(sitting, at[child, household], Answer("not_sure"))
    assert explain_pair(opened, **asked, clock=now).steps


def test_permission_that_has_ended_refuses_both(study: Path) -> None:
    """After the last day of use neither a pattern nor a pair is explained, and nothing is written for Splink."""
    from hearthlink.study.splink import write_settings

    def late() -> datetime:
        return datetime(2999, 1, 1, tzinfo=UTC)

    with pytest.raises(Refused, match=r"ended|destroyed"):
        explain(open_study(study), "sex=same", clock=late)
    with pytest.raises(Refused, match=r"ended|destroyed"):
        explain_pair(open_study(study), child="a", household="b", role="reviewer", clock=late)
    with pytest.raises(Refused, match=r"ended|destroyed"):
        write_settings(open_study(study), study / "ours.json", clock=late)
    assert not (study / "ours.json").exists()


def test_the_commands_write_what_they_say(study: Path, tmp_path: Path) -> None:
    """`explain` writes its two files, `splink write` a file that `splink read` understands, and neither overwrites or shows a name."""
    out, file = tmp_path / "out", tmp_path / "ours.json"
    done = say("explain", study, "--pattern", "forename=same", "--out", out)
    assert done.code == 0, done.err
    assert sorted(path.name for path in out.iterdir()) == ["waterfall.csv", "waterfall.svg"]
    assert say("splink", "write", study, file).code == 0
    assert say("splink", "write", study, file).code == 2
    assert say("splink", "read", file).code == 0
    assert say("explain", study, "--child", "a", "--household", "b").code == 3
    assert say("explain", study, "--child", "a").code == 2
    assert say("splink", "read", tmp_path / "nothing.json").code == 2
