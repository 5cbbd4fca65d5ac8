"""The answers: who is in the base, how groups are made, and that nothing depends on order or pseudonyms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from hearthlink.analysis import on_the_day as answer
from hearthlink.analysis.topics import FACTORS, MERGED_BELOW
from hearthlink.deidentify.codes import FACTOR_GROUPS, STAGES
from hearthlink.errors import OurFault
from hearthlink.tables.research import ANSWER, RESEARCH_CHILD

Row = dict[str, Any]
DRAWS = 60


def child(number: int, **changes: object) -> Row:
    """One counted child, alone in its family, on benefit in every draw."""
    return {
        "child_pseudonym": f"c{number}", "family_pseudonym": f"f{number}", "counted": True, "age_band": "5 to 9",
        "sex": "female", "ethnic_group": "White", "disabled": False, "primary_need": "N1", "factors": [], "assessed": False,
        "stage": "referral", "imd_decile": 1, "unaccompanied": False, "observability": "observable", "best_link": "listed",
        "on_benefit": True, "on_window": True, "two_homes": False, "on_main_home": True, "in_care": False, "household_status": "in_payment",
        "cin_plan_proxy": False, "index_month": 30, "on_draws": [1] * DRAWS, "sure": "certain", "expected_right": 1.0, "expected_on_file": 1.0,
    } | changes  # fmt: skip


def research(*rows: Row) -> pa.Table:
    """A research table."""
    filled = [{name: row.get(name) for name in RESEARCH_CHILD.names} for row in rows]
    return RESEARCH_CHILD.conform(pa.Table.from_pylist(filled, schema=RESEARCH_CHILD.schema))


def answers(*rows: Row) -> dict[tuple[str, str], Row]:
    """The rows of the answer by topic and group."""
    return {(row["topic"], row["group"]): row for row in answer(research(*rows))["answer"].to_pylist()}


def many(number: int = 300, seed: int = 3) -> list[Row]:
    """A study at random, in families of three."""
    random = np.random.default_rng(seed)

    def one(place: int) -> Row:
        chance = random.choice([0.02, 0.5, 0.97])
        drawn = (random.random(DRAWS) < chance).astype(int).tolist()
        return child(
            place, family_pseudonym=f"f{place // 3}", age_band=random.choice(["under 1", "1 to 4", "10 to 15"]),
            sex=random.choice(["female", "male"]), on_draws=drawn, on_benefit=bool(chance > 0.5),
            imd_decile=int(random.integers(1, 11)), assessed=bool(place % 2), factors=["Neglect"] if place % 4 == 1 else [],
            expected_right=round(20 * max(chance, 1 - chance)) / 20,
        )  # fmt: skip

    return [one(place) for place in range(number)]


def test_two_sets_of_pseudonyms_and_another_order_give_one_answer() -> None:
    """Rows turned round, and every pseudonym replaced, change no bit of the answer or of the quality by group."""
    rows = many()
    renamed = [
        row | {"child_pseudonym": f"z{n}", "family_pseudonym": f"{97 * int(row['family_pseudonym'][1:]) % 101}"}
        for n, row in enumerate(rows)
    ]
    order = np.random.default_rng(5).permutation(len(rows))
    first, second = answer(research(*rows)), answer(research(*(renamed[place] for place in order)))
    assert first["answer"].equals(second["answer"])
    assert first["quality_by_group"].equals(second["quality_by_group"])


def test_the_base_is_every_child_born_by_the_day() -> None:
    """Unborn children are left out of the shares and counted beside them."""
    rows = [child(n) for n in range(20)] + [child(20, counted=False, left_out="unborn", on_draws=[0] * DRAWS)]
    found = answers(*rows)
    assert found["all_children", "All children"]["children"] == 20
    assert found["referred", "Unborn on the day of referral"]["children"] == 1
    assert found["referred", "Counted"]["children"] == 20


def test_the_share_is_the_mean_over_draws_and_its_bounds_those_of_the_draws() -> None:
    """Twelve children, one of whom is on benefit in half of the draws: 11.5 expected, 11 at least, 12 at most."""
    rows = [child(n) for n in range(11)] + [child(11, on_draws=[0, 1] * (DRAWS // 2))]
    row = answers(*rows)["all_children", "All children"]
    assert (row["on_benefit"], row["fewest_on"], row["most_on"]) == (11.5, 11, 12)


@pytest.mark.parametrize(
    "topic", ["age", "sex", "ethnic_group", "disability", "primary_need", "stage", "deprivation", "assessed"]
)
def test_the_groups_of_a_topic_add_up_to_all_children(topic: str) -> None:
    """Every child is in one group, known or not, of each topic that does not overlap."""
    missing = {
        "age_band": None,
        "sex": None,
        "ethnic_group": None,
        "disabled": None,
        "primary_need": None,
        "imd_decile": None,
    }
    rows = many() + [child(1000 + n, **missing) for n in range(MERGED_BELOW)]
    found = answers(*rows)
    assert sum(row["children"] for (name, _), row in found.items() if name == topic) == len(rows)


def test_factors_have_the_assessed_for_their_base_and_may_overlap() -> None:
    """A factor counts in each of its rows for a child with a completed assessment, and every factor group has a row."""
    rows = [child(n, assessed=n < 30, factors=["Neglect", "Gangs"] if n < 12 else []) for n in range(40)]
    found = answers(*rows)
    assert found["assessment_factor", "Neglect"]["children"] == found["assessment_factor", "Gangs"]["children"] == 12
    assert found["assessed", "Assessment completed"]["children"] == 30
    assert all(row["overlapping"] for (name, _), row in found.items() if name == "assessment_factor")


def test_the_words_of_two_stages_are_the_same() -> None:
    """The factor groups and the stages that de-identification writes are those that the answer lists."""
    assert set(FACTORS) == set(FACTOR_GROUPS.values())
    assert {group for topic, group in answers(*(child(n, stage=stage) for n, stage in enumerate(STAGES))) if topic == "stage"} == {
        "Referral only", "Assessment", "Section 47 enquiry", "Child in need plan", "Child protection plan", "Looked after",
    }  # fmt: skip


@pytest.mark.parametrize(("unknown", "groups"), [
    (0, {"Female", "Male"}), (3, {"Female or not known", "Male"}), (MERGED_BELOW, {"Female", "Male", "Not known"}),
])  # fmt: skip
def test_a_few_of_whom_nothing_is_known_are_counted_with_the_largest_group(unknown: int, groups: set[str]) -> None:
    """A handful of children of unknown sex would make the known ones tell their number; the largest group takes them in, by name."""
    rows = [child(n, sex="male" if n < 20 else "female") for n in range(60)]
    rows += [child(100 + n, sex=None) for n in range(unknown)]
    found = answers(*rows)
    assert {group for topic, group in found if topic == "sex"} == groups


def test_deprivation_is_in_tenths_where_each_is_large_and_else_in_fifths() -> None:
    """A hundred children in each tenth make ten groups; fewer make five, and so do tenths that were merged to fifths by their second."""
    few = answers(*(child(n, imd_decile=1 + n % 10) for n in range(200)))
    lots = answers(*(child(n, imd_decile=1 + n % 10) for n in range(1000)))
    merged = answers(*(child(n, imd_decile=2 + 2 * (n % 5)) for n in range(1000)))
    found = [sum(topic == "deprivation" for topic, _ in one) for one in (few, lots, merged)]
    assert found == [5, 10, 5]


def test_sensitivities_are_asked_of_all_children_alone() -> None:
    """The window, the main home and the best link each have one row, by the best link."""
    rows = [child(n, on_benefit=n < 10, on_window=n < 14, on_main_home=n < 8) for n in range(30)]
    found = {group: row["on_benefit"] for (topic, group), row in answers(*rows).items() if topic == "sensitivity"}
    assert found == {"best_link": 10, "window": 14, "main_home": 8}


def test_quality_by_group_counts_verdicts() -> None:
    """A child linked to the wrong household is both wrong and missed; one in none is wrong alone."""
    said = ["right"] * 5 + ["wrong"] * 2 + ["unfounded"] + ["missed"] * 3 + ["rightly_none"] * 4
    rows = [
        child(n, household_verdict=verdict, best_link="none" if verdict in ("missed", "rightly_none") else "listed",
              expected_right=0.95, expected_on_file=0.05 if verdict in ("missed", "rightly_none") else 1.0)
        for n, verdict in enumerate(said)
    ]  # fmt: skip
    row = answer(research(*rows))["quality_by_group"].to_pylist()[0]
    assert (row["linked_right"], row["expected_on_file"]) == (pytest.approx(8 * 0.95), pytest.approx(8.35))
    counts = {name: row[name] for name in ("children", "linked", "right", "wrong", "missed")}
    assert counts == {"children": 15, "linked": 8, "right": 5, "wrong": 3, "missed": 5}
    assert row["expected_right"] == pytest.approx(14.25)


def test_pooled_quality_is_of_the_groups_and_by_the_truth_where_it_is_known() -> None:
    """Of 40 girls matched 38 rightly and of 40 boys 20: each pooled share lies between its own and that of all, and both bases are there."""
    said = [("female", "right")] * 38 + [("female", "wrong")] * 2 + [("male", "right")] * 20 + [("male", "wrong")] * 20
    rows = [child(n, sex=sex, household_verdict=verdict) for n, (sex, verdict) in enumerate(said)]
    made = answer(research(*rows))["pooled_quality"].to_pylist()
    found = {
        (r["group"], r["basis"]): r["pooled"] / r["of"]
        for r in made
        if (r["topic"], r["measure"]) == ("sex", "precision")
    }
    assert set(found) == {("Female", "truth"), ("Male", "truth"), ("Female", "posterior"), ("Male", "posterior")}
    assert 58 / 80 < found["Female", "truth"] < 38 / 40
    assert 20 / 40 < found["Male", "truth"] < 58 / 80
    without = answer(research(*(row | {"household_verdict": None} for row in rows)))["pooled_quality"].to_pylist()
    assert {row["basis"] for row in without} == {"posterior"}


def test_groups_of_surnames_are_for_the_quality_of_links_alone() -> None:
    """Where children have a name group it is a topic of link quality, and of no answer; where none has, it is no topic at all."""
    named = answer(research(*(child(n, name_group="A" if n % 2 else "B") for n in range(60))))
    assert "name_group" in named["quality_by_group"].column("topic").to_pylist()
    assert "name_group" not in named["answer"].column("topic").to_pylist()
    assert "name_group" not in answer(research(*map(child, range(9))))["quality_by_group"].column("topic").to_pylist()


def test_a_study_in_which_no_child_is_counted_has_answers_of_nought() -> None:
    """With unborn children alone every share is of nobody, and nothing breaks."""
    found = answer(research(child(0, counted=False, left_out="unborn", on_draws=[0] * DRAWS)))["answer"]
    assert found.schema.names == list(ANSWER.names)
    assert found.to_pylist()[0]["children"] == 0


def test_children_with_different_numbers_of_draws_stop() -> None:
    """A draw that some children lack is our fault."""
    with pytest.raises(OurFault, match="different numbers of draws"):
        answers(child(0), child(1, on_draws=[1] * (DRAWS + 1)))
