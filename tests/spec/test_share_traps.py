"""The traps that a share can fall into, each by its name (handbook: analysis)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from made_research import calendar, filled

from hearthlink.analysis import answer, on_the_day
from hearthlink.analysis.cohort import cohort
from hearthlink.analysis.ground import ground
from hearthlink.analysis.measured import measured
from hearthlink.analysis.topics import topics
from hearthlink.tables import research as r
from hearthlink.tables.measures import Window
from hearthlink.tables.plan import Plan, Question
from hearthlink.tables.record import COMPARATOR

Row = dict[str, Any]
DRAWS = 60
INDEX = 30


@dataclass(frozen=True)
class Home:
    """A child of a household: months it was observed in and what held in them, its events by week, and what is said of the child."""

    months: tuple[tuple[int, int], ...] = ((1, 48),)
    state: Mapping[str, object] = field(default_factory=dict[str, object])
    events: tuple[tuple[str, int], ...] = ()
    child: Mapping[str, object] = field(default_factory=dict[str, object])
    linked: bool = True


def room(*homes: Home, uncovered: Mapping[str, tuple[int, ...]] | None = None, family: int = 1) -> dict[str, pa.Table]:
    """The research room of such children, every link sure, so many children to a family."""
    child: list[Row] = []
    candidate: list[Row] = []
    stretch: list[Row] = []
    happened: list[Row] = []
    for number, home in enumerate(homes):
        name, house = f"c{number}", f"h{number}"
        child.append({
            "child_pseudonym": name, "family_pseudonym": f"f{number // family}", "counted": True, "age_band": "5 to 9", "stage": "referral",
            "observability": "observable", "best_link": "listed", "on_benefit": home.linked, "household_status": "in_payment",
            "on_draws": [int(home.linked)] * DRAWS, "sure": "sure", "index_month": INDEX, "months_lived": 24, "imd_decile": 1, **home.child,
        })  # fmt: skip
        on = home.linked and bool(home.child.get("on_benefit", True))
        candidate.append({
            "child_pseudonym": name, "rank": 0, "best": True, "household_pseudonym": house if home.linked else None, "on_benefit": on,
            "on_window": home.linked, "ever_before_12": on, "ever_before_24": on, "ever_after_12": on,
        })  # fmt: skip
        stretch += [
            {
                "household_pseudonym": house,
                "first_month": first,
                "last_month": last,
                "status": "in_payment",
                **home.state,
            }
            for first, last in home.months
        ]
        happened += [{"child_pseudonym": name, "rank": 0, "kind": kind, "weeks": weeks} for kind, weeks in home.events]
    months = calendar().to_pylist()
    for flag, missing in (uncovered or {}).items():
        for month in missing:
            months[month - 1][flag] = False
    draws = [{"child_pseudonym": row["child_pseudonym"], "ranks": [0] * DRAWS} for row in child]
    houses = [
        {"household_pseudonym": f"h{number}", "first_month": 1, "last_month": 48, "credit_only": False}
        for number in range(len(homes))
    ]
    return {
        "research_child": filled(r.RESEARCH_CHILD, child), "research_candidate": filled(r.RESEARCH_CANDIDATE, candidate),
        "research_draw": filled(r.RESEARCH_DRAW, draws), "research_household": filled(r.RESEARCH_HOUSEHOLD, houses),
        "research_stretch": filled(r.RESEARCH_STRETCH, stretch), "research_event": filled(r.RESEARCH_EVENT, []),
        "research_child_event": filled(r.RESEARCH_CHILD_EVENT, happened), "research_calendar": filled(r.RESEARCH_CALENDAR, months),
    }  # fmt: skip


def said(measure: str, window: Window, home: Home, uncovered: Mapping[str, tuple[int, ...]] | None = None) -> str:
    """What is said of one child: yes, no, or the reason why nothing can be."""
    having, without = measured(ground(cohort(room(home, uncovered=uncovered))), Plan((Question(measure, (window,)),)))
    if having[0]["observed"]:
        return "yes" if having[0]["having"] else "no"
    return next(str(row["reason"]) for row in without if row["children"])


SUSPENDED = (("suspension", -40),)
TRAPS: dict[str, tuple[str, Window, Home, Mapping[str, tuple[int, ...]], str]] = {
    "not linked is never no": ("workless", "on_day", Home(linked=False), {}, "In no household on file"),
    "a child in care is in no household on file": (
        "workless", "on_day", Home(state={"workless": True}, child={"in_care": True}), {},
        "In care on the day, so in no household on file",
    ),
    "a passported claim holds no income, which is not nought": (
        "low_income_before_costs", "on_day", Home(state={"passported": True}), {},
        "Not held: the claim is passported through another benefit",
    ),
    "the state is that of before the referral, not what a referral changed": (
        "workless", "on_day", Home(months=((INDEX, 48),), state={"workless": True}), {}, "No claim on file at the time",
    ),
    "a missing monthly file is nobody's gap": (
        "workless", "on_day", Home(months=((1, INDEX - 2), (INDEX, 48))),
        {"covered": (INDEX - 1,), "credit_covered": (INDEX - 1,)}, "Months of which no file speaks",
    ),
    "whose benefit was cut off is still observed": (
        "suspension", "before_12", Home(months=((1, INDEX - 8),), events=SUSPENDED), {}, "yes",
    ),
    "a claim begun within the window was not seen before it": (
        "suspension", "before_12", Home(months=((INDEX - 6, 48),)), {}, "Claim began within the window",
    ),
    "a decision after the referral did not come before it, however far it is dated back": (
        "suspension", "before_12", Home(events=(("suspension", 0), ("suspension", 3))), {}, "no",
    ),
    "an event before the window is outside it": ("suspension", "before_12", Home(events=(("suspension", -53),)), {}, "no"),
    "impossible time: an infant has no twelve months before": (
        "suspension", "before_12", Home(events=SUSPENDED, child={"months_lived": 9}), {}, "Younger than the window is long",
    ),
    "no event is not none where no file would tell of one": (
        "homelessness", "before_12", Home(), {"homelessness_covered": (INDEX - 5,)}, "Months of which no file speaks",
    ),
    "a file of claims that is missing hides no homelessness case": (
        "homelessness", "before_3", Home(events=(("homelessness", -5),)), {"tax_covered": (INDEX - 1,)}, "yes",
    ),
    "a leaver is not seen to be out of poverty": (
        "persistent_low_income_before_costs", "before_24",
        Home(months=((INDEX - 24, INDEX - 13),), state={"low_income_before_costs": True}), {}, "yes",
    ),
    "eleven months are too few to last": (
        "persistent_low_income_before_costs", "before_24",
        Home(months=((INDEX - 24, INDEX - 14),), state={"low_income_before_costs": True}), {},
        "Fewer than twelve months with a claim on file",
    ),
    "months before a birth are not the child's": (
        "persistent_low_income_before_costs", "before_24",
        Home(months=((1, INDEX - 13),), state={"low_income_before_costs": True}, child={"months_lived": 12}), {},
        "Fewer than twelve months with a claim on file",
    ),
    "a window of days about the day counts claims begun after it, and is not the definition": (
        "on_benefit", "on_day", Home(child={"on_benefit": False, "on_window": True, "on_draws": [0] * DRAWS}), {}, "no",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_is_met(name: str) -> None:
    """What is said of one child who stands where the trap is."""
    measure, window, home, uncovered, expected = TRAPS[name]
    assert said(measure, window, home, uncovered) == expected


def test_to_ask_for_a_whole_window_selects_families_that_stay_and_the_number_seen_shows_it() -> None:
    """By months observed: those seen throughout and those seen for a while stand apart, and nobody is left out."""
    made = room(*[Home()] * 20, *[Home(months=((INDEX - 6, 48),))] * 12, *[Home(linked=False)] * 5)
    having, _ = measured(ground(cohort(made)), Plan((Question("workless", ("on_day",), ("months_observed",)),)))
    groups = {row["group"]: row["children"] for row in having if row["topic"] == "months_observed"}
    assert groups == {"None": 5, "1 to 11": 12, "12 to 23": 0, "All 24": 20}


def test_brothers_and_sisters_are_alike_and_the_process_is_wider_for_it() -> None:
    """The same children in families of three have a wider range of the process, and the same range of these children."""
    homes = [Home(state={"workless": number // 3 % 2 == 0}) for number in range(90)]
    one, three = (
        measured(ground(cohort(room(*homes, family=size))), Plan((Question("workless", ("on_day",)),)))[0][0]
        for size in (1, 3)
    )
    width = [float(str(row["process_high"])) - float(str(row["process_low"])) for row in (one, three)]
    assert width[1] > 1.5 * width[0]
    assert (one["these_low"], one["these_high"]) == (three["these_low"], three["these_high"])


def test_not_enough_evidence_is_an_answer() -> None:
    """Of nine children there is a number and no interval; and of shares at the end there is one that does not end there."""
    few, all_ = (
        measured(ground(cohort(room(*[Home(state={"workless": True})] * size))), Plan((Question("workless", ("on_day",)),)))[0][0]
        for size in (9, 40)
    )  # fmt: skip
    assert (few["having"], few["process_low"], few["these_low"]) == (9.0, None, None)
    assert all_["process_high"] == 40.0
    assert 30 < float(str(all_["process_low"])) < 40


def test_the_stage_within_six_months_leaves_out_nobody_and_labels_a_proxy() -> None:
    """Who was not followed for six months stands apart, each stage is a flag of its own, and an inferred plan says that it is."""
    reached = [("looked after", True)] * 12 + [("child in need plan", False)] * 15 + [(None, None)] * 11
    homes = [
        Home(child={"stage_six_months": stage, "looked_after_six_months": flag, "cin_plan_proxy": True, "stage": "child in need plan"})
        for stage, flag in reached
    ]  # fmt: skip
    found = {topic.name: dict(topic.groups) for topic in topics(room(*homes)["research_child"])}
    near = {name: len(rows) for name, rows in found["stage_six_months"].items() if len(rows)}
    assert near == {"Child in need plan (inferred)": 15, "Looked after": 12, "Not followed for six months": 11}
    assert {name: len(rows) for name, rows in found["looked_after_six_months"].items()} == {
        "Looked after": 12, "Not looked after": 15, "Not followed for six months": 11,
    }  # fmt: skip
    assert "Child in need plan (inferred)" in found["stage"]
    assert "referred_again" not in found, "no census speaks of it"


def test_the_naive_figure_is_told_at_the_top_level_alone() -> None:
    """A naive and a corrected figure of one group side by side could be subtracted: the best link's share is asked of all children alone."""
    made = on_the_day(room(*[Home()] * 30)["research_child"])["answer"].to_pylist()
    naive = [row for row in made if row["group"] == "best_link"]
    assert [(row["topic"], row["children"]) for row in naive] == [("sensitivity", 30)]


def test_a_question_that_was_not_planned_is_exploratory_and_its_number_is_the_same() -> None:
    """The mark differs and nothing else; what is planned by one breakdown is not planned by another."""
    base = ground(cohort(room(*[Home(state={"workless": True})] * 12)))
    both = Plan(
        (Question("workless", ("on_day",), ("sex",)), Question("workless", ("on_day",), ("age",), planned=False))
    )
    having, without = measured(base, both)
    marks = {row["topic"]: row["planned"] for row in having}
    assert marks == {"all_children": True, "sex": True, "age": False}
    assert all(row["planned"] for row in without)
    after, _ = measured(base, Plan((Question("workless", ("on_day",), planned=False),)))
    assert {**after[0], "planned": True} == having[0]


def test_the_door_gives_every_table_of_answers() -> None:
    """Every declared table is there, each as its specification says, and the plan decides what is asked."""
    made = room(*[Home()] * 12)
    for name in ("research_candidate", "research_draw", "research_child_event"):
        months = pa.array(np.full(len(made[name]), 24))
        made[f"{name}_before"] = made[name].add_column(0, "months", months)
    found = answer(made, Plan(()), comparator=COMPARATOR.empty())
    assert {"answer", "measured", "unseen", "monthly", "effect", "bound", "compared", "staged", "error_check"} <= set(
        found
    )
    assert found["measured"].num_rows == found["unseen"].num_rows == 0
    assert found["bound"].num_rows == 4, "none, matches, no others, and the data share that the calendar tells of"
    assert not any(found["bound"].column("planned").to_pylist())
