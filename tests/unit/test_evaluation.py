"""Evaluation: verdicts against the truth, and the same measures from the posterior alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from hearthlink.errors import DataProblem, OurFault, Refused
from hearthlink.evaluation import evaluate, read_name_groups
from hearthlink.evaluation.evaluate import coarsened
from hearthlink.tables.catalogue import ALL_TABLES

CHILD_HEADER = "child_id,household_id,second_household_id,person_number"
MEMBER_HEADER = "household_id,forename,surname,birth_date,person_number"
Row = dict[str, object]


def table(name: str, rows: Sequence[Row]) -> pa.Table:
    """A table of the data dictionary; columns that a row leaves out are empty."""
    spec = ALL_TABLES[name]
    return pa.Table.from_pylist(
        [{column: row.get(column) for column in spec.names} for row in rows], schema=spec.schema
    )


def linked(child: str, household: str | None, member: str | None, p: float = 1.0) -> Row:
    """A child's best link."""
    outcome = "none" if household is None else "unlisted" if member is None else "listed"
    return {
        "child_id": child, "family_id": child, "outcome": outcome, "household_id": household, "member_id": member,
        "p_household": 0.0 if household is None else p, "p_person": 0.0 if member is None else p,
        "p_none": p if household is None else 1 - p,
    }  # fmt: skip


def study(links: Sequence[Row], draws: Sequence[Sequence[int]] | None = None) -> dict[str, pa.Table]:
    """Links whose only other candidate is none, with two draws each unless given, and two members in each of two households."""
    posterior: list[Row] = []
    for link in links:
        none, some = link["p_none"], link["p_household"]
        posterior.append({"child_id": link["child_id"], "rank": 0, "probability": none, "p_member": 0.0})
        if link["household_id"] is not None:
            best = {name: link[name] for name in ("child_id", "household_id", "member_id")}
            posterior.append(best | {"rank": 1, "probability": some, "p_member": link["p_person"]})
    ranks = draws or [[int(link["household_id"] is not None)] * 2 for link in links]
    members: list[Row] = [
        {
            "household_id": home,
            "member_id": f"{home}-{place}",
            "role": "dependant",
            "forename": name,
            "surname": "SMITH",
        }
        for home in ("H1", "H2")
        for place, name in enumerate(("AAA", "BBB"), start=1)
    ]
    return {
        "link": table("link", links),
        "candidate_posterior": table("candidate_posterior", posterior),
        "link_draw": table("link_draw", [{"child_id": one["child_id"], "ranks": list(r)} for one, r in zip(links, ranks, strict=True)]),
        "household_member": table("household_member", members),
        **compared(links, members),
    }  # fmt: skip


def compared(links: Sequence[Row], members: Sequence[Row]) -> dict[str, pa.Table]:
    """The people of the links and members, each child compared with everybody of the household it is linked to, and no model."""
    people = [
        {"side": "child", "record_id": one["child_id"], "group_id": one["family_id"], "role": "child"} for one in links
    ]
    people += [
        {"side": "member", "record_id": one["member_id"], "group_id": one["household_id"], "role": "dependant"}
        for one in members
    ]
    rows = [
        row | {"person_no": number, "birth_date_weak": False, "surname": "SMITH"} for number, row in enumerate(people)
    ]
    number = {row["record_id"]: row["person_no"] for row in rows}
    neutral = dict.fromkeys(ALL_TABLES["candidate_pair"].names, 0)
    pairs = [
        neutral | {"child_no": number[link["child_id"]], "member_no": number[one["member_id"]]}
        for link in links
        for one in members
        if one["household_id"] == link["household_id"]
    ]
    return {
        "person": table("person", rows),
        "candidate_pair": table("candidate_pair", pairs),
        "parameter": table("parameter", []),
    }


def truth(folder: Path, children: Sequence[str], members: Sequence[str]) -> Path:
    """A truth folder."""
    (folder / "children.csv").write_text("\n".join((CHILD_HEADER, *children)) + "\n", encoding="utf-8")
    (folder / "members.csv").write_text("\n".join((MEMBER_HEADER, *members)) + "\n", encoding="utf-8")
    return folder


AT_HOME, TWO_HOMES, UNLISTED, NOWHERE = "C,H1,,1", "C,H2,H1,1", "C,H1,,9", "C,,,1"
VERDICTS = [
    (AT_HOME, "H1", "H1-1", "right", "right"),
    (AT_HOME, "H1", "H1-2", "right", "wrong_sibling"),
    (AT_HOME, "H1", None, "right", "missed"),
    (AT_HOME, "H2", "H2-1", "wrong", "wrong"),
    (AT_HOME, None, None, "missed", "missed"),
    (TWO_HOMES, "H1", "H1-1", "right", "right"),
    (TWO_HOMES, "H2", "H2-1", "right", "right"),
    (UNLISTED, "H1", None, "right", "rightly_none"),
    (UNLISTED, "H1", "H1-1", "right", "wrong_sibling"),
    (UNLISTED, None, None, "missed", "rightly_none"),
    (NOWHERE, "H1", "H1-1", "unfounded", "unfounded"),
    (NOWHERE, None, None, "rightly_none", "rightly_none"),
]


@pytest.mark.parametrize(("true", "household", "member", "household_verdict", "person_verdict"), VERDICTS)
def test_verdicts(
    tmp_path: Path, true: str, household: str | None, member: str | None, household_verdict: str, person_verdict: str
) -> None:
    """Each way of being linked, against each way of living, has its verdict; either of two true homes is right."""
    folder = truth(tmp_path, [true], ["H1,aaa,Smith,,1", "H2,AAA ,SMITH,,1"])
    quality = evaluate(study([linked("C", household, member)]), truth=folder)["link_quality"].to_pylist()[0]
    assert (quality["household_verdict"], quality["person_verdict"]) == (household_verdict, person_verdict)


def shares(tables: dict[str, pa.Table], basis: str) -> dict[tuple[str, str], tuple[float | None, float | None]]:
    """Numerator and denominator of each measure of one basis."""
    rows = tables["link_summary"].to_pylist()
    return {(r["measure"], r["level"]): (r["numerator"], r["denominator"]) for r in rows if r["basis"] == basis}


def test_measures_by_the_truth_count_what_they_say(tmp_path: Path) -> None:
    """Of right, wrong sibling, wrong household, missed and rightly none: each measure has the parts one would count by hand."""
    links = [
        linked("A", "H1", "H1-1"), linked("B", "H1", "H1-1"), linked("C", "H2", "H2-1"), linked("D", None, None),
        linked("E", None, None),
    ]  # fmt: skip
    folder = truth(
        tmp_path, ["A,H1,,1", "B,H1,,2", "C,H1,,1", "D,H2,,4", "E,,,5"], ["H1,AAA,SMITH,,1", "H1,BBB,SMITH,,2"]
    )
    measured = shares(evaluate(study(links), truth=folder), "truth")
    extra = {"calibration_error", "calibration_by_chance"}
    assert {key: parts for key, parts in measured.items() if key[0] not in extra} == {
        ("compared", "household"): (2, 4), ("precision", "household"): (2, 3), ("recall", "household"): (2, 4), ("f1", "household"): (4, 7),
        ("none_right", "household"): (1, 2), ("precision", "person"): (1, 3), ("recall", "person"): (1, 3),
        ("f1", "person"): (2, 6), ("none_right", "person"): (2, 2), ("wrong_sibling", "person"): (1, 3),
    }  # fmt: skip


def test_the_posterior_expects_what_its_probabilities_add_up_to() -> None:
    """Two links at 0.9 and 0.7 and a child at 1 for none: 1.6 right of 2 linked, and of 1.6 on file."""
    links = [linked("A", "H1", "H1-1", 0.9), linked("B", "H2", "H2-1", 0.7), linked("C", None, None)]
    summary = evaluate(study(links, [[1, 1, 0], [1, 0, 1], [0, 0, 0]]), truth=None)
    measured = shares(summary, "posterior")
    assert measured["precision", "household"] == pytest.approx((1.6, 2))
    assert measured["recall", "household"] == pytest.approx((1.6, 1.6))
    assert measured["f1", "household"] == pytest.approx((3.2, 3.6))
    rows = [row for row in summary["link_summary"].to_pylist() if row["low"] is not None]
    assert rows
    assert all(row["low"] <= row["value"] <= row["high"] for row in rows)


def test_the_posterior_does_not_know_the_truth(tmp_path: Path) -> None:
    """With and without the truth the posterior's measures are the same, and without it there is no verdict."""
    tables = study([linked("A", "H1", "H1-1", 0.9)])
    folder = truth(tmp_path, ["A,H2,,1"], ["H2,AAA,SMITH,,1"])
    knowing, blind = evaluate(tables, truth=folder), evaluate(tables, truth=None)
    assert shares(knowing, "posterior") == shares(blind, "posterior")
    assert blind["link_quality"].column("household_verdict").null_count == 1


SURE = [
    (0.995, True, "certain", 1.0),
    (0.99, True, "certain", 1.0),
    (0.93, True, "likely", 0.95),
    (0.6, True, "doubtful", 0.6),
    (0.995, False, "no match certain", 1.0),
    (0.82, False, "no match likely", 0.8),
    (0.6, False, "doubtful", 0.6),
]


@pytest.mark.parametrize(("p", "is_linked", "sure", "expected_right"), SURE)
def test_what_crosses_the_wall_is_coarse(p: float, is_linked: bool, sure: str, expected_right: float) -> None:
    """A probability becomes one of five words and a twentieth."""
    link = linked("A", "H1" if is_linked else None, "H1-1" if is_linked else None, p)
    quality = evaluate(study([link]), truth=None)["link_quality"].to_pylist()[0]
    assert (quality["sure"], quality["expected_right"]) == (sure, pytest.approx(expected_right))


def test_coarse_probabilities_keep_their_sum() -> None:
    """A thousand chances of 1 in 100 come to ten children, where rounding each to its twentieth would leave none."""
    made = coarsened(np.full(1000, 0.01))
    assert sum(made) == pytest.approx(10, abs=0.05)
    assert set(made) <= {0.0, 0.05}


def test_every_answer_has_its_band_and_the_truth_says_how_many_are_right(tmp_path: Path) -> None:
    """Links at 0.9 and 0.97, one right and one wrong, and a sure none that is right: three bands with those counts."""
    links = [linked("A", "H1", "H1-1", 0.9), linked("B", "H1", "H1-2", 0.97), linked("C", None, None)]
    folder = truth(tmp_path, ["A,H1,,1", "B,H2,,2", "C,,,3"], ["H1,AAA,SMITH,,1", "H2,BBB,SMITH,,2"])
    rows = evaluate(study(links), truth=folder)["calibration"].to_pylist()
    bands = {row["start"]: (row["answers"], row["expected"], row["right"]) for row in rows if row["level"] == "answer"}
    assert bands == {
        0.8: (1, pytest.approx(0.9), 1),
        0.95: (1, pytest.approx(0.97), 0),
        0.99: (1, pytest.approx(1.0), 1),
    }
    blind = evaluate(study(links), truth=None)["calibration"].to_pylist()
    assert {(row["basis"], row["right"]) for row in blind} == {("posterior", None)}


def test_the_model_tells_how_it_came_to_rest() -> None:
    """Whether it converged, how many kinds of pair it told apart and how many facts depend on each other are in the summary."""
    said: list[Row] = [
        {"field": "model", "level": 0, "label": "converged", "pair_class": "all", "value": 1.0},
        {
            "field": "class_size",
            "level": 0,
            "label": "pairs",
            "pair_class": "same_person",
            "value": 9.0,
            "standard_error": 1.0,
        },
        {"field": "class_size", "level": 1, "label": "pairs", "pair_class": "unrelated", "value": 0.0},
        {
            "field": "dependence",
            "level": 0,
            "label": "a and b",
            "pair_class": "unrelated",
            "value": -0.3,
            "standard_error": 0.1,
        },
        {
            "field": "dependence",
            "level": 1,
            "label": "a and c",
            "pair_class": "unrelated",
            "value": 0.3,
            "standard_error": 0.2,
        },
    ]
    tables = study([linked("A", "H1", "H1-1")]) | {"parameter": table("parameter", said)}
    found = {
        row["measure"]: row["value"]
        for row in evaluate(tables, truth=None)["link_summary"].to_pylist()
        if row["basis"] == "model"
    }
    assert found == {"converged": 1, "classes": 1, "dependence_asked": 2, "dependence_found": 1}


def test_surnames_are_grouped_by_the_list_that_the_study_brings(tmp_path: Path) -> None:
    """A listed surname has its group however it is written there; one that is not listed has none; without a list nobody has one."""
    (tmp_path / "name_groups.csv").write_text("group,surname\nOne,sm\u00edth\nTwo,Other\n", encoding="utf-8")
    groups = read_name_groups(tmp_path)
    assert groups == {"SMITH": "One", "OTHER": "Two"}
    tables = study([linked("A", "H1", "H1-1")])
    for given, group in ((groups, "One"), ({"OTHER": "Two"}, None), (None, None)):
        assert evaluate(tables, truth=None, name_groups=given)["link_quality"].column("name_group").to_pylist() == [
            group
        ]


def test_more_than_six_groups_of_surnames_are_refused_and_none_is_a_problem(tmp_path: Path) -> None:
    """Seven groups are refused with their number and no name of theirs; a list that is not there is a problem of the data."""
    with pytest.raises(DataProblem, match=r"name_groups\.csv.*list of names cannot be read"):
        read_name_groups(tmp_path)
    lines = [f"NAME{letter},{letter}" for letter in "ABCDEFG"]
    (tmp_path / "name_groups.csv").write_text("\n".join(["surname,group", *lines]), encoding="utf-8")
    with pytest.raises(Refused, match="has 7 groups") as stop:
        read_name_groups(tmp_path)
    assert "NAME" not in str(stop.value)


def test_a_truth_that_cannot_be_read_stops_with_its_file(tmp_path: Path) -> None:
    """A missing file of the truth is a problem of the data that names the file and holds nothing of it."""
    with pytest.raises(DataProblem, match=r"children\.csv: The truth of the practice authority cannot be read"):
        evaluate(study([linked("A", "H1", "H1-1")]), truth=tmp_path)


def test_candidates_with_a_gap_in_their_ranks_stop() -> None:
    """Draws point to ranks, so ranks that are not 0, 1, 2, … are our fault."""
    tables = study([linked("A", "H1", "H1-1")])
    tables["candidate_posterior"] = tables["candidate_posterior"].slice(1)
    with pytest.raises(OurFault, match="ranks are not 0, 1, 2"):
        evaluate(tables, truth=None)


def test_a_study_with_no_child_has_counts_of_nought() -> None:
    """Nothing linked and nothing to link gives a summary with no share in it."""
    summary = evaluate(study([]), truth=None)["link_summary"].to_pylist()
    assert {row["value"] for row in summary} == {0.0}
