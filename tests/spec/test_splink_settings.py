"""Splink settings read and written: what both can say goes both ways, and the rest is refused by name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearthlink.engine import open_engine
from hearthlink.errors import DataProblem, HearthlinkError, WrongUse
from hearthlink.linkage.splink_conditions import as_comparison, of_blocking_rule, of_comparison
from hearthlink.linkage.splink_json import read, written
from hearthlink.linkage.splink_score import probability, score
from hearthlink.linkage.splink_settings import gammas, stand_in

SAVED = Path(__file__).parents[1] / "referee" / "splink_saved"
NULL = {"sql_condition": "a_l IS NULL OR a_r IS NULL", "label_for_charts": "missing", "is_null_level": True}
SAME = {"sql_condition": "a_l = a_r", "label_for_charts": "same", "m_probability": 0.9, "u_probability": 0.01}
OTHER = {"sql_condition": "ELSE", "label_for_charts": "other", "m_probability": 0.1, "u_probability": 0.99}


def settings(*levels: Mapping[str, object], **more: object) -> dict[str, object]:
    comparison = {"output_column_name": "a", "comparison_levels": list(levels or (NULL, SAME, OTHER))}
    return {"link_type": "link_only", "sql_dialect": "duckdb", "comparisons": [comparison]} | more


SAID = (
    ('"a_l" = "a_r"', 'l."a" = r."a"'),
    ("a_l IS NULL or A_R is null", 'l."a" IS NULL OR r."A" IS NULL'),
    ('"first name_l" = "first name_r"', 'l."first name" = r."first name"'),
    ("a_l IS NOT NULL", 'l."a" IS NOT NULL'),
    ("not (a_l <> b_r)", 'NOT (l."a" <> r."b")'),
    ("substr(a_l, 1, 3) = left(a_r, 3)", 'substring(l."a", 1, 3) = left(r."a", 3)'),
    ("a_l::text = a_r", 'cast(l."a" AS TEXT) = r."a"'),
    ("datediff('day', a_l, a_r) < 3", 'date_diff(\'day\', l."a", r."a") < 3'),
    ("extract(year from a_l) = 3", 'year(l."a") = 3'),
    ("a_l = 'it''s'", "l.\"a\" = 'it''s'"),
    ("- -1 < a_l", '-(-1) < l."a"'),
    ("case when a_l > a_r then 1 else 0 end = 1", 'CASE WHEN l."a" > r."a" THEN 1 ELSE 0 END = 1'),
)


@pytest.mark.parametrize(("theirs", "ours"), SAID)
def test_a_condition_is_carried_word_for_word(theirs: str, ours: str) -> None:
    """Each recognised condition has the same words here, and going there and back changes nothing."""
    said = of_comparison(theirs)
    assert said.sql == ours
    assert of_comparison(as_comparison(said.sql)) == said


REFUSED = (
    ("jaccard(a_l, a_r) > 0.9", "jaccard"),
    ("hash(a_l) = hash(a_r)", "hash"),
    ("acos(a_l) < 1", "acos"),
    ("list_transform(a_l, x -> x) = a_r", "list_transform"),
    ("a_l[1] = a_r[1]", "An element of a list"),
    ("a_l LIKE a_r", "LIKE"),
    ("(SELECT 1) = a_l", "A query within a condition"),
    ("a_l IN (SELECT 1)", "IN"),
    ("regexp_extract(a_l, '(A)', 1) = a_r", "regexp_extract"),
    ("date_diff('month', a_l, a_r) < 1", "MONTH"),
    ("cast(a_l AS INTEGER) = 1", "A cast to INTEGER"),
    ("try_cast(a_l AS DATE) = a_r", "try_cast"),
    ("try_strptime(a_l, '%c') = a_r", "try_strptime"),
    ("substring(a_l, 0, 2) = a_r", "substring"),
    ("jaro_winkler_similarity(a_l, a_r, 0.5) > 0.9", "jaro_winkler_similarity"),
    ("a = b", "neither left nor right"),
    ("l.a = r.a", "neither left nor right"),
    ("a_l = = a_r", "not one SQL condition"),
    ("a_l = a_r; DROP TABLE t", "not one SQL condition"),
    ("(" * 3000 + "a_l" + ")" * 3000 + " = 1", "nested"),
)


@pytest.mark.parametrize(("condition", "named"), REFUSED)
def test_what_cannot_be_said_is_refused_by_its_name(condition: str, named: str) -> None:
    """A construct out of reach stops the reading, and the message names it."""
    with pytest.raises(WrongUse, match=named):
        of_comparison(condition)


def test_a_refusal_repeats_no_value_that_the_condition_holds() -> None:
    """A name written into a condition does not come out in the message."""
    level = {"sql_condition": "jaccard(a_l, 'ZEBEDEE') > 0.1", "label_for_charts": "near ZEBEDEE"}
    said = read(json.dumps(settings(NULL, level, OTHER)))
    assert "jaccard" in said.refusals[0].sentence
    assert "ZEBEDEE" not in " ".join(r.sentence for r in said.refusals)


def test_a_blocking_rule_is_carried_by_its_aliases() -> None:
    """In a rule the sides are l and r before the name, and a column without them is refused."""
    assert of_blocking_rule('l.a = r."b c" AND l.a IS NOT NULL').sql == 'l."a" = r."b c" AND l."a" IS NOT NULL'
    with pytest.raises(WrongUse, match="neither left nor right"):
        of_blocking_rule("a_l = a_r")


FAULTS: tuple[tuple[dict[str, object], str, str], ...] = (
    (settings(link_type="dedupe_only"), "settings", "link_type"),
    (settings(sql_dialect="spark"), "settings", "sql_dialect"),
    (settings(surprise=1), "settings", "surprise"),
    (settings(probability_two_random_records_match=1), "settings", "probability_two_random_records_match"),
    (settings(NULL, SAME), r"comparison 1 \(a\)", "Fewer than two"),
    (settings(NULL, SAME, SAME), r"comparison 1 \(a\)", "ELSE"),
    (settings(OTHER, SAME, OTHER), r"comparison 1 \(a\)", "ELSE"),
    (settings(NULL, SAME | {"colour": 1}, OTHER), r"comparison 1 \(a\), level 2 of 3", "colour"),
    (settings(NULL, SAME | {"m_probability": 0}, OTHER), r"comparison 1 \(a\), level 2 of 3", "m_probability"),
    (settings(NULL, SAME | {"u_probability": "x"}, OTHER), r"comparison 1 \(a\), level 2 of 3", "u_probability"),
    (settings(NULL, SAME | {"tf_adjustment_column": "b"}, OTHER), r"comparison 1 \(a\), level 2 of 3", "no level says that b"),
    (settings(blocking_rules_to_generate_predictions=[{"blocking_rule": "l.a=r.a", "arrays_to_explode": ["a"]}]), "blocking rule 1", "arrays_to_explode"),
    (settings(blocking_rules_to_generate_predictions=["l.a = r.a", "soundex(l.a) = r.a"]), "blocking rule 2", "soundex"),
)  # fmt: skip


@pytest.mark.parametrize(("given", "where", "named"), FAULTS)
def test_a_refusal_says_where_and_what(given: dict[str, object], where: str, named: str) -> None:
    """Which comparison, which level and which construct stand in the refusal, and no settings come out."""
    said = read(json.dumps(given))
    assert said.settings is None
    with pytest.raises(WrongUse, match=f"{where}: .*{named}"):
        said.required("settings.json")


def test_every_fault_of_a_file_is_named_at_once() -> None:
    """A file with faults in two comparisons and its heading is told all of them."""
    bad = {
        "output_column_name": "b",
        "comparison_levels": [NULL, SAME | {"sql_condition": "jaccard(b_l, b_r) > 1"}, OTHER],
    }
    given = settings(NULL, SAME | {"sql_condition": "a_l LIKE a_r"}, OTHER, link_type="dedupe_only")
    given["comparisons"] = [*given["comparisons"], bad]  # type: ignore[misc]
    assert [r.where for r in read(json.dumps(given)).refusals] == [
        "settings", "comparison 1 (a), level 2 of 3", "comparison 2 (b), level 2 of 3",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "[]", "{}", "nought", '{"comparisons": 3}', "[" * 100_000])
def test_what_is_no_settings_file_is_said_to_be_none(text: str) -> None:
    """Text that is not JSON, or JSON without comparisons, is a wrong use and not a fault of ours."""
    with pytest.raises(WrongUse, match="JSON"):
        read(text)


@pytest.mark.parametrize("name", ["saved_by_4", "saved_by_5", "by_hand"])
def test_settings_survive_being_written_and_read_again(name: str) -> None:
    """What was understood of a file is what is understood of it after it is written out by us."""
    once = read((SAVED / f"{name}.json").read_text(encoding="utf-8")).required(name)
    plain = written(once)
    assert read(plain).required(name) == once


def test_levels_are_numbered_as_splink_numbers_them() -> None:
    """The missing level is -1 wherever it stands, and the others count down to 0."""
    assert gammas([True, False, False, False]) == (-1, 2, 1, 0)
    assert gammas([False, False, True, False]) == (2, 1, -1, 0)


def test_a_level_without_probabilities_has_splinks_own() -> None:
    """The strongest weighs 10 bits and the others run evenly from -5 to 3; with two levels the weaker weighs -5."""
    bits = [np.log2(m / u) for m, u in (stand_in(number, 4) for number in range(4))]
    assert bits == pytest.approx([-5, -1, 3, 10])
    m, u = stand_in(0, 2)
    assert (m, np.log2(m / u)) == pytest.approx((0.05, -5))


def test_probabilities_hold_at_both_ends() -> None:
    """Thousands of bits either way give 1 and 0 and no overflow."""
    assert probability(np.array([5000.0, 0.0, -5000.0, -2.0])).tolist() == [1.0, 0.5, 0.0, 0.2]


LEFT = pa.table({"unique_id": [1, 2], "a": ["AAA", None]})
RIGHT = pa.table({"unique_id": [7, 8], "a": ["AAA", "BBB"]})
BY_DATE = {"sql_condition": "abs(epoch(a_l) - epoch(a_r)) < 9", "m_probability": 0.1, "u_probability": 0.1}
UNFIT: tuple[tuple[pa.Table, pa.Table, dict[str, object], type[HearthlinkError], str], ...] = (
    (LEFT.select(["unique_id"]), RIGHT, settings(), WrongUse, "left file has no column .*: a"),
    (LEFT, RIGHT.rename_columns(["id", "a"]), settings(), WrongUse, "right file has no column .*: unique_id"),
    (pa.concat_tables([LEFT, LEFT]), RIGHT, settings(), DataProblem, "ids of the left file"),
    (LEFT, RIGHT, settings(NULL, BY_DATE, OTHER), DataProblem, "column a of the left file is no date"),
    (
        LEFT, RIGHT.set_column(1, "a", pa.array([[1], [2]])),
        settings(NULL, SAME | {"sql_condition": "levenshtein(a_l, a_r) < 2"}, OTHER), DataProblem, "another type",
    ),
    (
        LEFT, RIGHT.append_column("tf_a", pa.array([0.1, 0.2])),
        settings(NULL, SAME | {"tf_adjustment_column": "a"}, OTHER), WrongUse, "tf_a",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("left", "right", "given", "kind", "words"), UNFIT)
def test_files_that_do_not_suit_are_told_so(
    left: pa.Table, right: pa.Table, given: dict[str, object], kind: type[HearthlinkError], words: str
) -> None:
    """A column that is absent or of another type, or an id that repeats, is named, with the exit code of whose fault it is."""
    with open_engine() as engine, pytest.raises(kind, match=words):
        score(engine, read(json.dumps(given)).required("settings"), left, right)


def test_without_rules_every_pair_is_weighed() -> None:
    """Two files of two rows give four pairs; capitals in a column's name make no difference, and numbers may be ids."""
    with open_engine() as engine:
        found = score(
            engine, read(json.dumps(settings())).required("s"), LEFT.rename_columns(["UNIQUE_ID", "A"]), RIGHT
        )
    prior = np.log2(1e-4 / (1 - 1e-4))
    assert found.column("unique_id_l").to_pylist() == [1, 1, 2, 2]
    assert found.column("unique_id_r").to_pylist() == [7, 8, 7, 8]
    assert found.column("gamma_a").to_pylist() == [1, 0, -1, -1]
    assert found.column("match_weight").to_numpy() == pytest.approx(
        prior + np.array([np.log2(90), np.log2(0.1 / 0.99), 0.0, 0.0])
    )


JUNK: tuple[object, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    1e309,
    10**400,
    "",
    "x",
    [],
    {},
    [1],
    {"a": 1},
    float("nan"),
    "\ud800",
)


def places(held: object, before: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a JSON value, by the way to it."""
    inner = held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ()
    for key, value in inner:
        yield (*before, key)
        yield from places(value, (*before, key))


@given(st.data())
def test_no_damage_to_a_file_is_a_fault_of_ours(data: st.DataObject) -> None:
    """Whatever stands in place of any part of a settings file, it is read, or refused in words."""
    held = json.loads((SAVED / "by_hand.json").read_text(encoding="utf-8"))
    *way, last = data.draw(st.sampled_from(list(places(held))))
    inside = held
    for key in way:
        inside = inside[key]
    inside[last] = data.draw(st.sampled_from(JUNK))
    try:
        said = read(json.dumps(held))
    except WrongUse:
        return
    assert (said.settings is None) == bool(said.refusals)
