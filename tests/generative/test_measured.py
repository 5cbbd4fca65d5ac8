"""The arrays of the measures against a plain reading of their definitions, child by child and draw by draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from made_research import research

from hearthlink.analysis import answer
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.measures import TOLD_BY, WINDOW_WORDS, Measure
from hearthlink.tables.plan import Plan, Question
from hearthlink.tables.record import COMPARATOR

Row = dict[str, Any]
SEEDS = (1, 2, 3)
TOPICS = ("sex", "assessment_factor", "months_observed", "stage_six_months", "looked_after_six_months")
EVERYTHING = Plan(tuple(Question(one.name, one.windows, TOPICS) for one in MEASURES.values()))
MONTHS = {"before_3": 3, "before_12": 12, "before_24": 24}
PASSPORTED = {
    "low_income_before_costs", "low_income_after_costs", "precarity", "strain", "volatile", "workless", "unemployed",
}  # fmt: skip


def changed(table: pa.Table, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """The table with columns replaced, row by row."""
    for name in rows[0]:
        values = pa.array([row[name] for row in rows], table.schema.field(name).type)
        table = table.set_column(table.schema.get_field_index(name), table.schema.field(name), values)
    return table


def varied_child(random: np.random.Generator, month: int) -> Row:
    """What can hide a measure of a child, drawn at random; nobody referred late was followed for six months."""
    return {
        "months_lived": [24, 24, 24, 21, 12, 9, 0, None][int(random.integers(0, 8))],
        "in_care": bool(random.random() < 0.05),
        "assessed": bool(random.random() < 0.7),
        "factors": [["Neglect"], ["Neglect", "Gangs"], []][int(random.integers(0, 3))],
        "stage_six_months": ["referral", "looked after", None][int(random.integers(0, 3))] if month < 33 else None,
        "looked_after_six_months": bool(random.random() < 0.2) if month < 33 else None,
        "observability": "observable" if random.random() < 0.9 else "no address",
        "expected_right": round(20 * random.random()) / 20,
        "expected_on_file": round(20 * random.random()) / 20,
    }


def varied(seed: int, *, children: int = 160) -> dict[str, pa.Table]:
    """A research room with all that can hide a measure: infants, care, passported and credit-only claims, months without a file."""
    made = research(seed, children=children, households=120, draws=12)
    random = np.random.default_rng([seed, 99])
    months = made["research_child"].column("index_month").to_pylist()
    made["research_child"] = changed(made["research_child"], [varied_child(random, month) for month in months])
    late = {row["child_pseudonym"] for row in made["research_child"].to_pylist() if row["index_month"] > 34}
    rows = made["research_candidate"].to_pylist()
    made["research_candidate"] = changed(
        made["research_candidate"],
        [{"ever_before_12": row["on_benefit"] or row["rank"] == 1, "ever_before_24": True,
          "ever_after_12": None if row["child_pseudonym"] in late else row["on_benefit"]} for row in rows],
    )  # fmt: skip
    stretches = made["research_stretch"].to_pylist()
    made["research_stretch"] = changed(
        made["research_stretch"],
        [{"status": "credit_only" if row["first_month"] % 7 == 0 else row["status"], "precarity": row["last_month"] % 5 if row["last_month"] % 5 < 4 else None,
          "shortfall": row["first_month"] % 4} for row in stretches],
    )  # fmt: skip
    calendar = made["research_calendar"].to_pylist()
    made["research_calendar"] = changed(
        made["research_calendar"],
        [{"homelessness_covered": row["month"] > 12, "covered": row["month"] != 22, "credit_covered": row["month"] > 20}
         for row in calendar],
    )  # fmt: skip
    return made


def renamed(made: Mapping[str, pa.Table], seed: int) -> dict[str, pa.Table]:
    """The same research room under other pseudonyms, and with its rows in another order."""
    random = np.random.default_rng(seed)
    prefix = "".join(random.choice(list("abcdefgh"), 4))
    result: dict[str, pa.Table] = {}
    for name, table in made.items():
        columns = {
            column: pa.array([None if one is None else f"{prefix}{hash_of(one, seed)}" for one in table.column(column).to_pylist()], pa.string())
            if column.endswith("_pseudonym") else table.column(column)
            for column in table.column_names
        }  # fmt: skip
        result[name] = pa.table(columns, schema=table.schema).take(pa.array(random.permutation(len(table))))
    return result


def hash_of(value: str, seed: int) -> str:
    """Another name for a name."""
    return blake2b(value.encode(), salt=seed.to_bytes(4, "little"), digest_size=8).hexdigest()


class Plain:
    """The research room as dictionaries, read one child at a time."""

    def __init__(self, made: Mapping[str, pa.Table]) -> None:
        self.children = [row for row in made["research_child"].to_pylist() if row["counted"]]
        self.ranks = {row["child_pseudonym"]: row["ranks"] for row in made["research_draw"].to_pylist()}
        self.candidate = {(row["child_pseudonym"], row["rank"]): row for row in made["research_candidate"].to_pylist()}
        self.best = {row["child_pseudonym"]: row["rank"] for row in self.candidate.values() if row["best"]}
        self.month: dict[tuple[str, int], Row] = {}
        for row in made["research_stretch"].to_pylist():
            for month in range(row["first_month"], row["last_month"] + 1):
                self.month[row["household_pseudonym"], month] = row
        self.events: dict[tuple[str, int], list[Row]] = {}
        for row in made["research_child_event"].to_pylist():
            self.events.setdefault((row["child_pseudonym"], row["rank"]), []).append(row)
        self.calendar = {row["month"]: row for row in made["research_calendar"].to_pylist()}
        self.draws = len(next(iter(self.ranks.values())))

    def said(self, measure: Measure, window: str, child: Row, rank: int) -> bool | str:
        """Whether it is true of a child in one of its candidates, or why it cannot be seen."""
        candidate = self.candidate[child["child_pseudonym"], rank]
        if child["in_care"]:
            return "In care on the day, so in no household on file"
        home = candidate["household_pseudonym"]
        if home is None:
            return "In no household on file"
        if measure.kind == "state":
            return self.state(measure, child, home)
        if measure.kind == "lasting":
            return self.lasting(measure, MONTHS[window], child, home)
        return self.event(measure, MONTHS[window], child, rank, home)

    def filed(self, month: int) -> bool:
        """Whether any file of claims speaks of a month."""
        return self.calendar[month]["covered"] or self.calendar[month]["credit_covered"]

    def state(self, measure: Measure, child: Row, home: str) -> bool | str:
        """On the last month end before the referral."""
        column = measure.columns[0]
        row = self.month.get((home, child["index_month"] - 1))
        if row is None:
            return (
                "No claim on file at the time"
                if self.filed(child["index_month"] - 1)
                else "Months of which no file speaks"
            )
        if row[column] is None:
            if column in PASSPORTED and row["passported"]:
                return "Not held: the claim is passported through another benefit"
            return "Not held: known from Universal Credit alone" if row["status"] == "credit_only" else "Not held"
        return row[column] >= (2 if column == "precarity" else 1)

    def lasting(self, measure: Measure, months: int, child: Row, home: str) -> bool | str:
        """In three of four or more of twelve or more months seen."""
        column, lived = measure.columns[0], child["months_lived"]
        if lived is None:
            return "Age not known"
        if lived < 12:
            return "Younger than the window is long"
        span = range(child["index_month"] - min(months, lived), child["index_month"])
        held = [self.month[home, month] for month in span if (home, month) in self.month]
        values = [row[column] for row in held if row[column] is not None]
        if sum(self.filed(month) for month in span) < 12:
            return "Months of which no file speaks"
        if len(values) >= 12:
            return sum(values) / len(values) >= 0.75
        if len(held) < 12:
            return "Fewer than twelve months with a claim on file"
        hidden = sum(row[column] is None and bool(row["passported"]) for row in held)
        return "Not held: the claim is passported through another benefit" if len(values) + hidden >= 12 else "Not held"

    def event(self, measure: Measure, months: int, child: Row, rank: int, home: str) -> bool | str:
        """Within the weeks before, of a household seen at the beginning of the window."""
        if child["months_lived"] is None:
            return "Age not known"
        if child["months_lived"] < months:
            return "Younger than the window is long"
        span = range(child["index_month"] - months, child["index_month"])
        for kind in measure.columns:
            if not all(any(self.calendar[month][flag] for flag in TOLD_BY.get(kind, ("covered",))) for month in span):
                return "Months of which no file speaks"
        if (home, span[0]) not in self.month:
            there = any((home, month) in self.month for month in span)
            return "Claim began within the window" if there else "No claim on file at the time"
        weeks = {3: 13, 12: 52, 24: 104}[months]
        return any(
            row["kind"] in measure.columns and -weeks <= row["weeks"] <= -1
            for row in self.events.get((child["child_pseudonym"], rank), [])
        )

    def benefit(self, window: str, child: Row, draw: int) -> bool | str:
        """A claim in payment, with the doubt about records that the draws of the day hold."""
        if window == "on_day":
            return bool(child["on_draws"][draw])
        rank = self.ranks[child["child_pseudonym"]][draw]
        candidate = self.candidate[child["child_pseudonym"], rank]
        value = candidate[f"ever_{window}"]
        if value is None:
            return "No file reaches a year after the referral"
        return bool(value) ^ (candidate["on_benefit"] != bool(child["on_draws"][draw]))

    def groups(self, topic: str) -> dict[str, list[Row]]:
        """The children of the groups that are looked at."""
        if topic == "all_children":
            return {"All children": self.children}
        if topic == "sex":
            return {word.title(): [one for one in self.children if one["sex"] == word] for word in ("female", "male")}
        if topic == "assessment_factor":
            return {
                "Gangs": [one for one in self.children if one["assessed"] and "Gangs" in one["factors"]],
                "Neglect": [one for one in self.children if one["assessed"] and "Neglect" in one["factors"]],
            }
        if topic == "looked_after_six_months":
            return {"Looked after": [one for one in self.children if one["looked_after_six_months"]]}
        if topic == "stage_six_months":
            return {"Not followed for six months": [one for one in self.children if one["stage_six_months"] is None]}
        return {name: [one for one in self.children if low <= self.seen(one) <= high]
                for name, low, high in (("None", 0, 0), ("1 to 11", 1, 11), ("12 to 23", 12, 23), ("All 24", 24, 24))}  # fmt: skip

    def seen(self, child: Row) -> int:
        """Months of the 24 before in which the household of the best link was observed."""
        key = child["child_pseudonym"]
        home = self.candidate[key, self.best[key]]["household_pseudonym"] if key in self.best else None
        return sum((home, month) in self.month for month in range(child["index_month"] - 24, child["index_month"]))

    def in_draw(self, measure: Measure, window: str, child: Row, draw: int) -> bool | str:
        """What a draw says."""
        if measure.kind == "benefit":
            return self.benefit(window, child, draw)
        return self.said(measure, window, child, self.ranks[child["child_pseudonym"]][draw])


@pytest.fixture(scope="module", params=SEEDS)
def both(request: pytest.FixtureRequest) -> tuple[Plain, dict[str, pa.Table]]:
    """A research room read plainly, and what the analysis makes of it."""
    made = varied(request.param)
    return Plain(made), answer(made, EVERYTHING, comparator=COMPARATOR.empty())


def test_every_measure_counts_as_a_plain_reading_of_its_definition_does(
    both: tuple[Plain, dict[str, pa.Table]],
) -> None:
    """For every measure, window, topic and group: those observed and those having, expected, fewest and most over the draws."""
    plain, made = both
    rows = {(row["measure"], row["window"], row["topic"], row["group"]): row for row in made["measured"].to_pylist()}
    tried = 0
    for measure in MEASURES.values():
        for window in measure.windows:
            said = [
                {one["child_pseudonym"]: plain.in_draw(measure, window, one, draw) for one in plain.children}
                for draw in range(plain.draws)
            ]
            for topic in ("all_children", *TOPICS):
                for group, children in plain.groups(topic).items():
                    row = rows[measure.name, window, topic, group]
                    values = [[draw[one["child_pseudonym"]] for one in children] for draw in said]
                    having = [sum(value is True for value in one) for one in values]
                    observed = [sum(not isinstance(value, str) for value in one) for one in values]
                    assert row["children"] == len(children)
                    assert (row["observed"], row["fewest_observed"], row["most_observed"]) == (
                        pytest.approx(np.mean(observed)), min(observed), max(observed)), (measure.name, window, topic, group)  # fmt: skip
                    assert (row["having"], row["fewest"], row["most"]) == (
                        pytest.approx(np.mean(having)), min(having), max(having)), (measure.name, window, topic, group)  # fmt: skip
                    tried += sum(having) > 0
    assert tried > 200, "too few groups had anybody to be worth the trial"


def test_those_unseen_are_unseen_for_the_first_reason_and_with_those_observed_are_all_children(
    both: tuple[Plain, dict[str, pa.Table]],
) -> None:
    """Every reason by a plain reading, in expectation, at least and at most; and with those observed they add up to the counted."""
    plain, made = both
    whole = {
        (row["measure"], row["window"]): row for row in made["measured"].to_pylist() if row["topic"] == "all_children"
    }
    reasons: dict[tuple[str, str], list[Row]] = {}
    for row in made["unseen"].to_pylist():
        reasons.setdefault((row["measure"], row["window"]), []).append(row)
    met: Counter[str] = Counter()
    for measure in MEASURES.values():
        for window in measure.windows:
            key = measure.name, window
            counts = [
                Counter(
                    value
                    for one in plain.children
                    if isinstance(value := plain.in_draw(measure, window, one, draw), str)
                )
                for draw in range(plain.draws)
            ]
            for row in reasons.get(key, []):
                found = [count.pop(row["reason"], 0) for count in counts]
                assert (row["children"], row["fewest"], row["most"]) == (
                    pytest.approx(np.mean(found)), min(found), max(found)), (key, row["reason"])  # fmt: skip
                met[row["reason"]] += sum(found)
            assert not any(counts), "a reason was left out"
            without = sum(row["children"] for row in reasons.get(key, []))
            assert whole[key]["observed"] + without == pytest.approx(whole[key]["children"])
    assert not [reason for reason in met if not met[reason] and reason != "Months of which no file speaks"]


def test_the_day_of_referral_is_the_answer_itself(both: tuple[Plain, dict[str, pa.Table]]) -> None:
    """The share on benefit on the day is in both tables, figure for figure."""
    _, made = both
    ours = {(row["topic"], row["group"]): row for row in made["measured"].to_pylist()
            if (row["measure"], row["window"]) == ("on_benefit", "on_day")}  # fmt: skip
    named = {"having": "on_benefit", "fewest": "fewest_on", "most": "most_on"}
    theirs = {
        (row["topic"], row["group"]): row for row in made["answer"].to_pylist() if row["question"] == "on_benefit"
    }
    for key in set(ours) & set(theirs):
        for name in (
            "children", "having", "fewest", "most", "families", "largest_family", "on_families", "on_largest_family",
            "off_families", "off_largest_family", "these_low", "these_high", "process_low", "process_high", "overlapping",
        ):  # fmt: skip
            assert ours[key][name] == pytest.approx(theirs[key][named.get(name, name)], abs=1e-9), (key, name)
    assert len(set(ours) & set(theirs)) > 10


def test_pseudonyms_and_the_order_of_rows_change_nothing() -> None:
    """Two runs with other pseudonyms and other orders of rows have the same answers, bit for bit."""
    one, other = (answer(renamed(varied(5), seed), EVERYTHING, comparator=COMPARATOR.empty()) for seed in (1, 2))
    for name in ("answer", "measured", "unseen", "bound", "compared", "staged", "error_check"):
        assert one[name].equals(other[name]), name


def test_every_window_has_its_words() -> None:
    """A window that is asked for can be said."""
    assert {window for one in MEASURES.values() for window in one.windows} <= set(WINDOW_WORDS)
