"""The output checks: a type that only they can make, and everything else that leaves."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from hearthlink.disclosure import (
    STRICT,
    Cell,
    ClearedColumn,
    ClearedTable,
    Comparator,
    Marker,
    Policy,
    Verdict,
    clear,
    clearance,
    pack,
    unpack,
)
from hearthlink.disclosure.cleared import seal
from hearthlink.disclosure.policy import reason, released, worst
from hearthlink.errors import DataProblem, OurFault, WrongUse
from hearthlink.tables.record import BLOCKING_SUMMARY, CALIBRATION, FINDING, LINK_SUMMARY, RECEIPT
from hearthlink.tables.research import ANSWER, POOLED_QUALITY, QUALITY_BY_GROUP
from hearthlink.tables.spec import TableSpec

COMPARATOR = Comparator(1 / 3, "1 in 3 people", "a made-up source", "all people")
COUNT = ClearedColumn("n", "Number", "count")
Row = dict[str, Any]


def table(spec: TableSpec, *rows: Row) -> pa.Table:
    """A table of the data dictionary; columns that a row leaves out are empty."""
    return pa.table(
        {name: pa.array([row.get(name) for row in rows], spec.schema.field(name).type) for name in spec.names}
    )


def group(topic: str, name: str, children: int, on: float, **changes: object) -> Row:
    """A row of the answer; each child is a family."""
    return {
        "question": "on_benefit", "topic": topic, "group": name, "order": 0, "children": children, "families": children,
        "largest_family": 1, "on_benefit": on, "fewest_on": int(on), "most_on": int(on), "on_families": int(on),
        "on_largest_family": 1, "off_families": children - int(on), "off_largest_family": 1, "overlapping": False,
    } | changes  # fmt: skip


ALL = group(
    "all_children",
    "All children",
    2000,
    1000,
    these_low=980.0,
    these_high=1020.0,
    process_low=950.0,
    process_high=1050.0,
)


def cleared(*rows: Row, policy: Policy = STRICT, **others: pa.Table) -> dict[str, ClearedTable]:
    """Cleared tables by name, with ALL unless the rows have their own."""
    given = rows if any(row["topic"] == "all_children" for row in rows) else (ALL, *rows)
    tables = {
        "quality_by_group": QUALITY_BY_GROUP.empty(), "link_summary": LINK_SUMMARY.empty(), "receipt": RECEIPT.empty(),
        "finding": FINDING.empty(),
    } | others  # fmt: skip
    return {
        one.name: one for one in clear(answer=table(ANSWER, *given), policy=policy, comparator=COMPARATOR, **tables)
    }


def texts(one: ClearedTable) -> list[list[str]]:
    """The table as printed."""
    return [[one.text(row, column) for column in range(len(one.columns))] for row in range(len(one.rows))]


def test_a_cleared_table_cannot_be_made_elsewhere() -> None:
    """Neither by its constructor nor by changing one that exists can anyone make a table that was not checked."""
    with pytest.raises(OurFault, match="by the output checks alone"):
        ClearedTable("a", "A", (COUNT,), ((Cell(7),),), (), 10, 5, seal=object())
    made = seal("a", "A", [COUNT], [[Cell(15)]], threshold=10, base=5)
    with pytest.raises((ValueError, TypeError, OurFault)):
        replace(made, rows=((Cell(7),),))
    with pytest.raises((AttributeError, TypeError)):
        made.rows = ()  # type: ignore[misc]
    assert copy.copy(made) == made


BAD_CELLS = [
    (Cell(7), "count that is not protected"),
    (Cell(5), "count that is not protected"),
    (Cell(12), "count that is not protected"),
    (Cell(15.0), "count that is not protected"),
    (Cell(0), "count that is not protected"),
    (Cell(None), "no marker explains"),
    (Cell(15, Marker.HELD_BACK), "its marker holds back"),
    (Cell("15"), "mixes words and figures"),
]


@pytest.mark.parametrize(("cell", "says"), BAD_CELLS)
def test_the_last_look_stops_a_count_that_is_not_protected(cell: Cell, says: str) -> None:
    """Even inside the package a table with an unrounded or small count, or an unexplained gap, cannot be made."""
    with pytest.raises(OurFault, match=says):
        seal("a", "A", [COUNT], [[cell]], threshold=10, base=5)


def test_packed_tables_are_the_same_bytes_and_come_back_the_same() -> None:
    """Packing twice gives the same bytes, and unpacking them the same tables."""
    tables = tuple(cleared(group("sex", "Female", 900, 500), group("sex", "Male", 1100, 500)).values())
    assert pack(tables) == pack(tables)
    assert unpack(pack(tables)) == tables


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"\xff", b'{"cleared": 2, "tables": []}', b'{"cleared": 1, "tables": [{}]}']
)
def test_bytes_that_are_no_cleared_tables_stop(content: bytes) -> None:
    """A file that pack did not write is a problem of the data with a remedy."""
    with pytest.raises(DataProblem, match="cannot be read"):
        unpack(content)


def test_unpacking_looks_at_every_count_again() -> None:
    """A file in which someone wrote a small count does not become a cleared table."""
    held = json.loads(pack([seal("a", "A", [COUNT], [[Cell(15)]], threshold=10, base=5)]))
    held["tables"][0]["rows"][0][0][0] = 7
    with pytest.raises(OurFault, match="not protected"):
        unpack(json.dumps(held).encode())


def test_nothing_checked_is_nothing_released() -> None:
    """No verdict at all is the strictest, only one verdict releases, and without a figure for all children the run stops."""
    assert worst([]) is Verdict.UNCHECKED
    assert [verdict for verdict in Verdict if released(verdict)] == [Verdict.RELEASE]
    assert len({reason(verdict) for verdict in Verdict}) == len(Verdict)
    with pytest.raises(OurFault, match="nothing is released"):
        clear(
            answer=ANSWER.empty(), quality_by_group=QUALITY_BY_GROUP.empty(), link_summary=LINK_SUMMARY.empty(),
            receipt=RECEIPT.empty(), finding=FINDING.empty(), policy=STRICT, comparator=COMPARATOR,
        )  # fmt: skip


def test_a_small_headline_holds_everything_back() -> None:
    """Where fewer than ten of all children are on benefit, no group of them is printed either."""
    made = cleared(group("all_children", "All", 100, 8), group("sex", "Female", 50, 4), group("sex", "Male", 50, 4))
    assert texts(made["on_benefit_by_sex"])[1:] == [["Female", *["c"] * 7], ["Male", *["c"] * 7]]
    assert all(cell == "c" for cell in texts(made["comparison"])[0][3:])


def test_groups_that_do_not_add_up_are_not_released() -> None:
    """The ranges rest on sums, so a topic whose groups are not all the children stops the run."""
    with pytest.raises(OurFault, match="do not add up"):
        cleared(group("sex", "Female", 900, 450))


def test_the_comparison_is_made_from_the_rounded_parts() -> None:
    """1,000 of 2,000 against a third: 16.7 points more and 1.5 times, with ends from 975 to 1,025 and from 945 to 1,055: as wide as for any number that prints alike."""
    rows = texts(cleared()["comparison"])
    assert rows[0] == ["These children", "1 in 3 people", "33.3%", "+16.7", "+15.4", "+17.9", "1.50", "1.46", "1.54"]
    assert rows[1][3:6] == ["+16.7", "+13.9", "+19.4"]
    notes = cleared()["comparison"].notes
    assert any("a made-up source" in note for note in notes)
    assert any("all people" in note for note in notes)


def sensitivity(name: str, on: int) -> Row:
    """A row of the sensitivities."""
    return group("sensitivity", name, 2000, on, question="sensitivity", overlapping=True)


def test_sensitivities_are_printed_as_differences_and_small_ones_held_back() -> None:
    """A window that adds 43 children says +45 and 2.2 points; a main home that takes 9 away is held back."""
    rows = texts(
        cleared(sensitivity("best_link", 1001), sensitivity("window", 1044), sensitivity("main_home", 992))[
            "sensitivity"
        ]
    )
    assert [row[1:] for row in rows] == [["c", "c"], ["+45", "+2.2"], ["c", "c"]]


def count_row(topic: str, name: str, children: int) -> Row:
    """A row of who was counted."""
    return group(topic, name, children, 0, question="who_was_counted", on_benefit=None, overlapping=topic != "referred")


@pytest.mark.parametrize(("unborn", "printed"), [(4, ["c", "2,000", "c"]), (44, ["2,045", "2,000", "45"])])
def test_the_number_referred_is_not_printed_beside_a_part_that_is_held_back(unborn: int, printed: list[str]) -> None:
    """All referred less those counted would give away a handful of unborn children."""
    made = cleared(count_row("referred", "Counted", 2000), count_row("referred", "Unborn", unborn))
    assert [row[1] for row in texts(made["who_was_counted"])] == printed


FACTORS = [(300, 150, "300"), (1195, 600, "c"), (8, 4, "c")]


@pytest.mark.parametrize(("children", "on", "printed"), FACTORS)
def test_a_factor_is_held_back_where_it_or_the_rest_of_its_base_is_small(children: int, on: int, printed: str) -> None:
    """Five assessed children without a factor could be had by subtraction from the 1,200 who were assessed."""
    made = cleared(
        group("assessed", "Assessment completed", 1200, 610), group("assessed", "No assessment completed", 800, 390),
        group("assessment_factor", "Neglect", children, on, overlapping=True),
    )  # fmt: skip
    rows = texts(made["on_benefit_by_assessment_factor"])
    assert rows[0][:3] == ["Children with a completed assessment", "1,200", "610"]
    assert rows[1][1] == printed


def test_link_quality_says_at_least_where_too_few_are_wrong_to_print() -> None:
    """Of 1,003 matches 5 wrong: at least 99.0%; 40 wrong: 96.0%; nobody right: held back; counts are rounded."""
    rows = [
        {"basis": "truth", "measure": "precision", "level": "household", "value": 0.995, "numerator": 998.0, "denominator": 1003.0, "low": 0.99, "high": 1.0},
        {"basis": "truth", "measure": "recall", "level": "household", "value": 0.96, "numerator": 963.0, "denominator": 1003.0, "low": 0.95, "high": 0.97},
        {"basis": "truth", "measure": "wrong_sibling", "level": "person", "value": 0.002, "numerator": 2.0, "denominator": 1003.0, "low": 0.0, "high": 0.01},
        {"basis": "posterior", "measure": "children", "level": "model", "value": 2003.0},
    ]  # fmt: skip
    printed = [row[3:] for row in texts(cleared(link_summary=table(LINK_SUMMARY, *rows))["link_quality"])]
    assert printed == [
        ["1,005", "at least 99.0%", "c", "c"], ["1,005", "96.0%", "94.5%", "97.5%"], ["1,005", "c", "c", "c"], ["2,005", "z", "z", "z"],
    ]  # fmt: skip


def quality(topic: str, name: str, children: int, linked: int, wrong: int) -> Row:
    """A row of the quality by group; nobody is missed but those linked wrongly."""
    return {
        "topic": topic, "group": name, "order": 0, "children": children, "linked": linked, "expected_right": children - 0.5 * wrong,
        "linked_right": linked - 0.5 * wrong, "expected_on_file": linked + 0.5, "right": linked - wrong, "wrong": wrong, "missed": wrong,
        "overlapping": False,
    }  # fmt: skip


def pooled(topic: str, name: str, measure: str, of: int, share: float, reach: float) -> Row:
    """A pooled share of a group by the truth, so much either way."""
    return {
        "topic": topic, "group": name, "order": 0, "basis": "truth", "measure": measure, "having": of * share, "of": of,
        "pooled": of * share, "low": of * (share - reach), "high": of * min(1.0, share + reach), "own": 0.62,
    }  # fmt: skip


def test_quality_by_group_follows_what_the_answers_hold_back() -> None:
    """A group too small for its share on benefit is held back here too; the others have shares, at least so much where few are wrong."""
    sexes = [("Female", 900, 450, 40), ("Male", 1092, 550, 4), ("Other", 8, 4, 1)]
    rows = [quality("all_children", "All children", 2000, 1004, 45), *(quality("sex", *one) for one in sexes)]
    made = cleared(
        *(group("sex", name, children, children // 2) for name, children, *_ in sexes),
        quality_by_group=table(QUALITY_BY_GROUP, *rows),
    )
    printed = {row[0]: row[1:] for row in texts(made["link_quality_by_sex"])}
    assert set(printed["Other"]) == {"c"}
    assert printed["All children referred and counted"][0] == "50.2%"
    assert any(cell.startswith("at least") or cell == "c" for cell in printed["Male"][1:])


BESIDE = [
    (0.80, 0.03, "fewer"),
    (0.955, 0.03, "much the same"),
    (0.94, 0.09, "not enough evidence"),
    (0.95, 0.30, "not enough evidence"),
]


@pytest.mark.parametrize(("share", "reach", "says"), BESIDE)
def test_a_group_is_set_beside_all_children_only_as_far_as_its_evidence_goes(
    share: float, reach: float, says: str
) -> None:
    """Fewer where its whole range lies below, the same within five points, else not enough evidence; a range past a fifth hides the share."""
    sexes = [("Female", 1000, 500, 50), ("Male", 992, 500, 40)]
    rows = [quality("all_children", "All children", 1992, 1000, 45), *(quality("sex", *one) for one in sexes)]
    made = cleared(
        group("all_children", "All children", 1992, 996),
        *(group("sex", name, children, children // 2) for name, children, *_ in sexes),
        quality_by_group=table(QUALITY_BY_GROUP, *rows),
        pooled_quality=table(POOLED_QUALITY, *(pooled("sex", name, "recall", 500, share, reach) for name, *_ in sexes)),
    )
    found = {row[0]: row[1:] for row in texts(made["link_quality_by_sex"])}
    assert [found[name][-1] for name in ("Female", "Male")] == [says, says]
    assert found["Female"][-2] == "60%"
    assert (found["Female"][4] == "x") == (reach > 0.2)


def test_those_matched_are_set_beside_those_not() -> None:
    """Of 1,000 matched 600 are girls and of 1,000 not 400: a standardised difference of 0.41, as worked out by hand."""
    sexes = [("Female", 1000, 600, 0), ("Male", 1000, 400, 0)]
    rows = [quality("all_children", "All children", 2000, 1000, 0), *(quality("sex", *one) for one in sexes)]
    made = cleared(
        *(group("sex", name, children, children // 2) for name, children, *_ in sexes),
        quality_by_group=table(QUALITY_BY_GROUP, *rows),
    )
    assert texts(made["matched_or_not"]) == [
        ["Sex", "Female", "60.0%", "40.0%", "0.41"], ["Sex", "Male", "40.0%", "60.0%", "-0.41"],
    ]  # fmt: skip


def test_chances_are_printed_by_band_and_a_lone_small_band_takes_another_with_it() -> None:
    """Ten wrong of 200 are a share, three are *at least*, and a band of 4 answers is held back with the next smallest."""
    bands = [(0.2, 0.5, 4, 2, 2), (0.5, 0.8, 30, 19, 19), (0.95, 0.99, 200, 194, 190), (0.99, 1.0, 1000, 999, 997)]
    rows = [
        {
            "basis": "truth",
            "level": "answer",
            "start": start,
            "end": end,
            "answers": n,
            "expected": e,
            "right": r,
            "low": 0.9,
            "high": 1.0,
        }
        for start, end, n, e, r in bands
    ]
    gap = {
        "basis": "truth",
        "measure": "calibration_error",
        "level": "answer",
        "value": 0.01,
        "numerator": 12.0,
        "denominator": 1234.0,
    }
    made = cleared(calibration=table(CALIBRATION, *rows), link_summary=table(LINK_SUMMARY, gap))["calibration"]
    assert [row[1:5] for row in texts(made)] == [
        ["20% to 50%", "c", "c", "c"], ["50% to 80%", "c", "c", "c"], ["95% to 99%", "200", "at least 95%", "95%"],
        ["99% to 100%", "1,000", "at least 99.0%", "at least 99.0%"],
    ]  # fmt: skip
    assert any("no more than 1.3 percentage points" in note for note in made.notes)


def test_what_was_lost_is_told_as_at_most() -> None:
    """Up to 7.3 children of 1,003 is at most 1.0%, rounded up; the number found is too small to print."""
    recall = {
        "basis": "posterior",
        "measure": "recall",
        "level": "household",
        "value": 0.9,
        "numerator": 900.0,
        "denominator": 1003.0,
    }
    rows = [{"measure": name, "value": value} for name, value in (("unsure", 400.0), ("found_more", 0.3))]
    rows.append({"measure": "lost", "value": 0.001, "low": 0.0, "high": 7.3 / 1003})
    printed = texts(
        cleared(blocking_summary=table(BLOCKING_SUMMARY, *rows), link_summary=table(LINK_SUMMARY, recall))[
            "lost_before_weighing"
        ]
    )
    assert [row[1:] for row in printed] == [["400", "z"], ["c", "z"], ["z", "1.0%"]]


def test_a_stage_that_loses_a_few_is_told_as_at_least() -> None:
    """Of 1,000 looked for 996 were compared: at least 990, so that the four cannot be had by subtraction."""
    counts = [("children", "model", 1000.0), ("with_candidate", "household", 996.0), ("linked", "household", 604.0)]
    rows = [
        {"basis": "posterior", "measure": measure, "level": level, "value": value} for measure, level, value in counts
    ]
    printed = texts(cleared(link_summary=table(LINK_SUMMARY, *rows))["linkage_stages"])
    assert [row[1] for row in printed] == ["1,000", "at least 990", "605"]


def test_the_account_is_filled_from_cleared_figures_and_says_what_is_left_to_write() -> None:
    """Items of GUILD and RECORD are there by number, a model that did not converge is told, and one item at least is a person's."""
    facts = [("identified", 1.0), ("converged", 0.0), ("iterations", 500.0), ("classes", 3.0)]
    rows = [{"basis": "model", "measure": fact, "level": "model", "value": value} for fact, value in facts]
    items = texts(cleared(link_summary=table(LINK_SUMMARY, *rows))["reporting"])
    said = " ".join(row[0] for row in items)
    assert all(
        name in said for name in ("GUILD 1", "GUILD 2", "GUILD 3", "GUILD 4", "RECORD 1.3", "RECORD 6.3", "12.3")
    )
    learned = next(row[2] for row in items if "learned" in row[1])
    assert "did not come to rest" in learned
    assert "500 turns" in learned
    assert [row[2] for row in items if row[3] == "a person must write this"] == [""]
    unlearned = texts(cleared()["reporting"])
    assert any("stood in for learned ones" in row[2] for row in unlearned)


def receipt(rows_in: int, kept: int, **refused: int) -> pa.Table:
    """The receipt of one file."""
    head = {"source": "cin", "file": "a.xml", "sha256": "0", "rows_in": rows_in}
    rows = [head | {"rows_kept": kept, "rows_refused": 0, "reason": "kept"}]
    rows += [head | {"rows_kept": 0, "rows_refused": number, "reason": reason} for reason, number in refused.items()]
    return table(RECEIPT, *rows)


def test_receipts_do_not_give_a_few_refused_records_away() -> None:
    """With 3 records set aside neither they nor the number in the file are printed; with 23 all are."""
    few = texts(cleared(receipt=receipt(1003, 1000, late=3))["receipts"])
    more = texts(cleared(receipt=receipt(1023, 1000, late=23))["receipts"])
    assert [row[3:] for row in few] == [["1,000", "c"], ["c", "c"]]
    assert [row[3:] for row in more] == [["1,000", "1,025"], ["25", "1,025"]]
    assert not any("sha" in column.name for column in cleared(receipt=receipt(1003, 1000))["receipts"].columns)


@pytest.mark.parametrize(("found", "printed"), [(0, "c"), (9, "c"), (12, "10"), (1998, "c"), (500, "500")])
def test_findings_under_ten_or_all_but_ten_are_held_back(found: int, printed: str) -> None:
    """A check that found nearly nothing, or nearly everything, does not say how much."""
    row = {"code": "A", "severity": "look", "says": "B", "looked_at": 2000, "found": found, "remedy": "C"}
    assert texts(cleared(finding=table(FINDING, row))["findings"])[0][3:5] == ["2,000", printed]


def test_refusals_are_counted_by_table_and_reason_beside_what_leaves() -> None:
    """The list of refusals says how many figures of which table were held back and why; the cleared tables say how many alone."""
    rows = (
        ALL,
        group("sex", "Female", 995, 500),
        group("sex", "Male", 1005, 500),
        group("age", "Old", 5, 2),
        group("age", "Young", 1995, 998),
    )
    made = clearance(
        answer=table(ANSWER, *rows), quality_by_group=QUALITY_BY_GROUP.empty(), link_summary=LINK_SUMMARY.empty(),
        receipt=RECEIPT.empty(), finding=FINDING.empty(), policy=STRICT, comparator=COMPARATOR,
    )  # fmt: skip
    assert {(refusal.table, refusal.reason, refusal.figures) for refusal in made.refusals} == {
        ("age", "too small a number", 2), ("age", "could be used to work out a figure that is held back", 2),
    }  # fmt: skip
    held = next(one for one in made.tables if one.name == "held_back")
    assert ["Share on benefit: age on the day of referral", "14 of 21"] in texts(held)


POLICIES = [
    {"threshold": 3},
    {"threshold": 12},
    {"base": 0},
    {"families": 0},
    {"largest_family": 0.0},
    {"share_base": 5},
]


@pytest.mark.parametrize("settings", POLICIES)
def test_a_policy_that_cannot_be_kept_is_wrong_use(settings: Row) -> None:
    """A threshold off the rounding base, or a setting out of range, is refused before anything is read."""
    with pytest.raises(WrongUse):
        Policy(**settings)


@pytest.mark.parametrize("share", [0.0, 1.0, 33.3])
def test_a_comparator_is_a_share(share: float) -> None:
    """A percentage given for a share is refused."""
    with pytest.raises(WrongUse, match="between 0 and 1"):
        Comparator(share, "a", "b", "c")


def test_what_reviewers_found_stands_beside_what_the_model_expects() -> None:
    """Clerical shares, counts and chances are printed by their own name; readers and kappa are told in the account, not as children."""
    review = "clerical review"
    rows: list[Row] = [
        {"basis": review, "measure": "read", "level": "household", "value": 200.0},
        {"basis": review, "measure": "readers", "level": "household", "value": 2.0},
        {"basis": review, "measure": "readers_alike", "level": "household", "value": 1.0},
        {"basis": review, "measure": "with_oneself", "level": "household", "value": 0.92, "numerator": 23.0, "denominator": 25.0},
        {"basis": review, "measure": "kappa", "level": "household", "value": 0.8461, "low": 0.7, "high": 0.95},
        {"basis": review, "measure": "precision", "level": "household", "value": 0.96, "numerator": 963.0, "denominator": 1003.0, "low": 0.93, "high": 0.98},
    ]  # fmt: skip
    band = {
        "basis": review,
        "level": "answer",
        "start": 0.95,
        "end": 0.99,
        "answers": 200.0,
        "expected": 194.0,
        "right": 180.0,
        "low": 0.85,
        "high": 0.94,
    }
    made = cleared(link_summary=table(LINK_SUMMARY, *rows), calibration=table(CALIBRATION, band))
    assert [row[2:5] for row in texts(made["link_quality"])] == [
        ["Children reviewed", "200", "z"], ["Of the matches, how many are right", "1,005", "96.0%"],
    ]  # fmt: skip
    assert texts(made["calibration"])[0][0] == "each child's one answer, by clerical review"
    account = " ".join(row[2] for row in texts(made["reporting"]))
    assert "Reviewers: 2." in account
    assert "(kappa): 0.8." in account
    assert "one and the same answer throughout: 1." in account
    assert "twice, the share answered alike: 0.9." in account
