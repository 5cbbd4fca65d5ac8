"""The Fellegi-Sunter part against Splink: the same comparisons and the same u, on the same records."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from made_persons import Town, compared, tables, town
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.internals.splink_dataframe import SplinkDataFrame

from hearthlink.linkage import estimate
from hearthlink.linkage.comparisons import ADDRESS, FIELDS, PERSON_FIELDS, Comparison
from hearthlink.linkage.model import SAME_PERSON, STATED, UNRELATED, Floats, Model, from_table, normalised
from hearthlink.linkage.precision import chance
from hearthlink.linkage.splink_conditions import as_comparison
from hearthlink.linkage.splink_export import DERIVED

SAME_M = 0.005
"""Both maximise nearly one likelihood, but ours leans with four made-up pairs on the stated rates and never sees pairs that blocking
left out, and has a third class that is empty here; of some 340 matches that is worth no more than this."""

SAME_WEIGHT = 1e-9
"""In bits. With the same m and u a weight is the same sum of logarithms."""


@dataclass(frozen=True, slots=True)
class Both:
    """A town without brothers or sisters, our model of it, and its records as Splink takes them."""

    town: Town
    seen: Mapping[str, pa.Table]
    model: Model


@pytest.fixture(scope="module")
def both() -> Both:
    """Two files of one dependant a household and no carer: persons and where they live, and no class of brothers and sisters."""
    made = town(21, families=600, households=700, share=0.6, error=0.07, sizes=(1,))
    given = tables(made.records)
    given["family_adult"] = given["family_adult"].slice(0, 0)
    seen = compared(given)
    return Both(made, seen, from_table(estimate(seen["agreement_pattern"])))


COMPARED = (*(field for field in PERSON_FIELDS if field.of != "middle"), ADDRESS)
"""Nobody in this town has a further forename."""

SAME_PLACE = '("postcode_l" = "postcode_r" AND "number_l" = "number_r")'
AT_HOME = {
    ("same_home", "a"): SAME_PLACE,
    ("communal", "a"): "FALSE",
    ("same_street", "a"): "FALSE",
    ("same_postcode", "a"): '("postcode_l" = "postcode_r")',
}
"""What the records of this town, which have one address each and no street, say of the home; none of it can be said of records at large."""


def comparison(field: Comparison, m: Floats, u: Floats) -> dict[str, object]:
    """Our comparison in Splink's words."""
    levels: list[dict[str, object]] = []
    for number, level in enumerate(field.levels):
        when = "ELSE" if level.when == "TRUE" else as_comparison(level.when, DERIVED | AT_HOME)
        said: dict[str, object] = {"sql_condition": when, "label_for_charts": level.label}
        share = {"m_probability": float(m[number]), "u_probability": float(u[number])}
        levels.append(said | ({"is_null_level": True} if level.missing else share))
    return {"output_column_name": field.of, "comparison_levels": levels}


def linker(both: Both, m: Mapping[str, Floats], prior: float) -> Linker:
    """Splink with our u, starting from this m."""
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[comparison(field, m[field.of], both.model.shares[UNRELATED][field.of]) for field in COMPARED],
        blocking_rules_to_generate_predictions=[
            {"blocking_rule": "l.birth_date = r.birth_date"},
            {"blocking_rule": "l.forename = r.forename"},
        ],
        probability_two_random_records_match=prior,
        em_convergence=1e-5,
        max_iterations=200,
        unique_id_column_name="person_no",
    )
    api = DuckDBAPI(duckdb.connect(":memory:"))
    person = both.seen["person"]
    place = {row["owner_id"]: row for row in both.seen["place"].to_pylist()}
    columns = (
        "person_no", "forename", "forenames", "surname", "surname_last", "surnames", "birth_date", "birth_date_weak", "birth_text", "sex",
    )  # fmt: skip
    sides: list[SplinkDataFrame] = []
    for side, roles in (("child", {"child"}), ("member", {"dependant"})):
        kept = person.filter(pa.array([role in roles for role in person.column("role").to_pylist()]))
        rows = pa.table({name: kept.column(name) for name in columns})
        owners = kept.column("record_id" if side == "child" else "group_id").to_pylist()
        for part in ("postcode", "number"):
            rows = rows.append_column(part, pa.array([place[owner][part] for owner in owners]))
        sides.append(api.register(rows, dataset_display_name=side))
    logging.getLogger("splink").setLevel(logging.ERROR)
    return Linker(sides, settings, log_level=None)


def stated() -> dict[str, Floats]:
    return {field.of: normalised(np.array(STATED[field.of]), field.missing) for field in COMPARED}


def test_m_agrees_with_splink(both: Both) -> None:
    """With u fixed at ours, Splink's EM over every pair of the two files finds our m, and as many matches."""
    theirs = linker(both, stated(), 0.001)
    session = theirs.training.estimate_parameters_using_expectation_maximisation("1=1", fix_u_probabilities=True)
    trained = {c.output_column_name: c for c in session.core_model_settings.comparisons}
    assert both.model.identified
    for field in COMPARED:
        found = {
            level.label_for_charts: level.m_probability
            for level in trained[field.of].comparison_levels
            if not level.is_null_level
        }
        for number, level in enumerate(field.levels):
            if not level.missing:
                ours = both.model.shares[SAME_PERSON][field.of][number]
                assert ours == pytest.approx(found[level.label], abs=SAME_M), f"{field.of}: {level.label}"
    pairs = sum(row["role"] == "dependant" for row in both.town.records.persons) * len(both.town.household)
    matches = sum(home is not None for home in both.town.household.values())
    assert session.core_model_settings.probability_two_random_records_match * pairs == pytest.approx(matches, rel=0.03)
    assert both.model.prior[0] * pairs == pytest.approx(matches, rel=0.03)


def test_weights_agree_with_splink(both: Both) -> None:
    """With the same m and u, every candidate pair has the weight that Splink gives it, to the last digits."""
    prior = 1e-3
    predicted = (
        linker(both, both.model.shares[SAME_PERSON], prior).inference.predict(warning_mode="never").as_record_list()
    )
    theirs = {(row["person_no_l"], row["person_no_r"]): row["match_weight"] for row in predicted}
    pair = both.seen["candidate_pair"].to_pylist()
    level = np.array([[row[f"{field.of}_level"] for field in FIELDS] for row in pair])
    ratio = chance(level, dict(both.model.shares[SAME_PERSON])) / chance(level, dict(both.model.shares[UNRELATED]))
    odds = math.log2(prior / (1 - prior))
    ours = {(row["child_no"], row["member_no"]): odds + math.log2(r) for row, r in zip(pair, ratio, strict=True)}
    shared = ours.keys() & theirs.keys()
    assert len(shared) > 300
    assert max(abs(ours[key] - theirs[key]) for key in shared) < SAME_WEIGHT


def test_levels_agree_with_splink(both: Both) -> None:
    """Splink, given our conditions in its own words, puts every shared pair in the level that we put it in."""
    predicted = linker(both, stated(), 1e-3).inference.predict(warning_mode="never").as_record_list()
    for field in COMPARED:
        strongest_last = [level for level in range(len(field.levels)) if level != field.missing][::-1]
        number = dict(enumerate(strongest_last))
        number[-1] = field.missing
        theirs = {(row["person_no_l"], row["person_no_r"]): number[row[f"gamma_{field.of}"]] for row in predicted}
        for row in both.seen["candidate_pair"].to_pylist():
            key = (row["child_no"], row["member_no"])
            assert theirs.get(key, row[f"{field.of}_level"]) == row[f"{field.of}_level"], field.of
