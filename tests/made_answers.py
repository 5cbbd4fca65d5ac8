"""Tables of answers made from invented children one by one, so that all that must add up or lie within does so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.special import expit, stdtrit

from hearthlink.tables import answers as a
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.plan import Plan, Question
from hearthlink.tables.research import ANSWER
from hearthlink.tables.spec import TableSpec

Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
Row = dict[str, object]
Key = tuple[str, str]

TOPICS: dict[str, tuple[tuple[str, ...], tuple[float, ...]]] = {
    "age": (("Under 1", "1 to 4", "5 to 9", "10 to 15", "16 and 17", "18 and over"), (6, 25, 30, 30, 8, 1)),
    "sex": (("Female", "Male"), (49, 51)),
    "ethnic_group": (("White", "Mixed", "Asian", "Black", "Other"), (70, 9, 9, 8, 4)),
    "stage": (("Referral only", "Assessment", "Section 47 enquiry", "Child in need plan", "Child protection plan", "Looked after"),
              (30, 35, 10, 15, 7, 3)),
    "deprivation": (("1 (most deprived fifth)", "2", "3", "4", "5 (least deprived fifth)"), (40, 25, 18, 10, 7)),
}  # fmt: skip
FLAGS: dict[str, tuple[str, str]] = {
    "looked_after_six_months": ("Looked after", "Not looked after"),
    "protection_plan_six_months": ("Child protection plan", "No child protection plan"),
}
"""Whether a stage was reached: made from the highest stage, which a child looked after reaches past a plan in half of all cases."""
LENGTHS = {"before_3": 3, "before_12": 12, "before_24": 24}
EVENTS = ("reduction", "disruption", "suspension", "move")
STATES = ("overcrowded", "low_income_after_costs", "workless")
RATES = {"reduction": 0.03, "disruption": 0.04, "suspension": 0.025, "move": 0.008}
KEYS: tuple[Key, ...] = (
    *(("on_benefit", window) for window in ("on_day", "before_12", "before_24", "after_12")),
    *((state, "on_day") for state in STATES),
    *((event, window) for event in EVENTS for window in LENGTHS),
)
NO_HOUSEHOLD, PASSPORTED, MONTHS = "no household on file", "income not held (passported)", "months without a claim"
LATE = "no file reaches so far"


@dataclass(frozen=True)
class World:
    """The children of a made-up study: their family, their groups by topic, and for each draw what is seen of them and is true.

    `months`: how many months before the referral an event befell the household, by kind. `length`: months that it was observed.
    """

    family: Whole
    labels: Mapping[str, tuple[tuple[str, ...], Whole]]
    seen: Mapping[Key, Flags]
    true: Mapping[Key, Flags]
    why: Mapping[Key, Mapping[str, Flags]]
    months: Mapping[str, Whole]
    linked: Flags
    length: Whole


def world(
    count: int, seed: int, *, topics: Sequence[str] = tuple(TOPICS), keys: Sequence[Key] = KEYS, draws: int = 5
) -> World:
    """Invented children in families of one to three, a few of whose links differ between the draws."""
    rng = np.random.default_rng(seed)
    family = np.repeat(np.arange(count), rng.integers(1, 4, count))[:count]
    labels = {}
    highest = rng.choice(6, count, p=np.array(TOPICS["stage"][1]) / sum(TOPICS["stage"][1]))
    planned = (highest == 4) | ((highest == 5) & (rng.random(count) < 0.5))
    for name in topics:
        if name == "stage_six_months":
            labels[name] = (TOPICS["stage"][0], highest)
            continue
        if name in FLAGS:
            reached = highest == 5 if name.startswith("looked") else planned
            labels[name] = (FLAGS[name], np.where(reached, 0, 1))
            continue
        groups, weights = TOPICS[name]
        labels[name] = (groups, rng.choice(len(groups), count, p=np.array(weights) / sum(weights)))
    sure = rng.random(count) < rng.uniform(0.3, 0.7)
    linked = np.where(rng.random((count, draws)) < 0.04, ~sure[:, None], sure[:, None])
    seen, true, why = dict[Key, Flags](), dict[Key, Flags](), dict[Key, dict[str, Flags]]()
    back = rng.geometric(0.25, count) - 1
    length = rng.choice((2, 8, 20, 30), count, p=(0.06, 0.14, 0.2, 0.6))
    passported = rng.random(count) < 0.5
    late = rng.random(count) < rng.choice((0.0, 0.02, 0.1, 0.3))
    months: dict[str, Whole] = {}
    for event in dict.fromkeys((*EVENTS, *(measure for measure, _ in keys if MEASURES[measure].kind == "event"))):
        months[event] = rng.geometric(RATES.get(event, 0.02), count)
    months["disruption"] = np.minimum(months["disruption"], months["suspension"])
    for measure, window in keys:
        key, none = (measure, window), np.zeros_like(linked)
        if measure == "on_benefit":
            reach = {"on_day": 0, "before_12": 12, "before_24": 24, "after_12": 1}[window]
            followed = ~late[:, None] | none if window == "after_12" else ~none
            seen[key], true[key] = followed, followed & linked & (back <= reach)[:, None]
            why[key] = {LATE: ~followed} if window == "after_12" else {}
        elif MEASURES[measure].kind != "event":
            held = passported[:, None] if measure.startswith("low") else none
            seen[key] = linked & ~held
            true[key] = seen[key] & (rng.random(count) < rng.uniform(0.05, 0.4))[:, None]
            why[key] = {NO_HOUSEHOLD: ~linked} | ({PASSPORTED: linked & held} if measure.startswith("low") else {})
        else:
            enough = (length >= LENGTHS[window])[:, None] | none
            seen[key] = linked & enough
            true[key] = seen[key] & (months[measure] <= LENGTHS[window])[:, None]
            why[key] = {NO_HOUSEHOLD: ~linked, MONTHS: linked & ~enough}
    return World(family, labels, seen, true, why, months, linked, length)


def _families(family: Whole, chosen: Flags) -> tuple[int, int]:
    counts = np.unique(family[chosen], return_counts=True)[1]
    return len(counts), int(counts.max(initial=0))


def process_ends(having: float, observed: float) -> tuple[float | None, float | None]:
    """The ends at 95% of what the process might bring, on the logit scale, as if each child were a family of its own and no match in doubt."""
    if not 0 < having < observed or observed <= 1:
        return None, None
    share, complete = having / observed, observed - 1
    reach = float(stdtrit((complete + 1) / (complete + 3) * complete, 0.975)) / (complete * share * (1 - share)) ** 0.5
    middle = log(share / (1 - share))
    return observed * float(expit(middle - reach)), observed * float(expit(middle + reach))


def measured_row(made: World, key: Key, topic: str, group: str, order: int, inside: Flags) -> Row:
    """One group of one question."""
    seen, true = made.seen[key][inside], made.true[key][inside]
    mine, best_seen, best_true = made.family[inside], seen[:, 0], true[:, 0]
    observed, having = seen.sum(0), true.sum(0)
    wide = 3 + 0.5 * float(having.std())
    row: Row = {
        "measure": key[0], "window": key[1], "topic": topic, "group": group, "order": order, "children": int(inside.sum()),
        "observed": float(observed.mean()), "fewest_observed": int(observed.min()), "most_observed": int(observed.max()),
        "having": float(having.mean()), "fewest": int(having.min()), "most": int(having.max()), "overlapping": False, "planned": True,
        "these_low": max(0.0, having.mean() - wide), "these_high": min(float(observed.mean()), having.mean() + wide),
    }  # fmt: skip
    row["process_low"], row["process_high"] = process_ends(float(having.mean()), float(observed.mean()))
    for prefix, chosen in (("", best_seen), ("on_", best_true), ("off_", best_seen & ~best_true)):
        row[f"{prefix}families"], row[f"{prefix}largest_family"] = _families(mine, chosen)
    return row


def measured_rows(made: World) -> list[Row]:
    """Every question for all children and by every topic."""
    rows: list[Row] = []
    for key in made.seen:
        rows.append(measured_row(made, key, "all_children", "All children", 0, np.ones(len(made.family), bool)))
        for topic, (groups, codes) in made.labels.items():
            rows += [
                measured_row(made, key, topic, name, place + 1, codes == place) for place, name in enumerate(groups)
            ]
    return rows


def unseen_rows(made: World) -> list[Row]:
    """What cannot be seen, by reason."""
    rows: list[Row] = []
    for key, reasons in made.why.items():
        for order, (reason, flags) in enumerate(reasons.items()):
            counts = flags.sum(0)
            families, largest = _families(made.family, flags[:, 0])
            rows.append({
                "measure": key[0], "window": key[1], "reason": reason, "order": order, "children": float(counts.mean()),
                "fewest": int(counts.min()), "most": int(counts.max()), "families": families, "largest_family": largest, "planned": True,
            })  # fmt: skip
    return rows


def answer_rows(rows: Sequence[Row]) -> list[Row]:
    """The headline's own table, from the rows of the measures."""
    return [
        {
            **row,
            "question": "on_benefit",
            "on_benefit": row["having"],
            "fewest_on": row["fewest"],
            "most_on": row["most"],
        }
        for row in rows
        if (row["measure"], row["window"]) == ("on_benefit", "on_day")
    ]


def table(spec: TableSpec, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Rows as a table of the data dictionary; what a row leaves out is empty."""
    return pa.table(
        {name: pa.array([row.get(name) for row in rows], spec.schema.field(name).type) for name in spec.names}
    )


def tables(made: World) -> dict[str, pa.Table]:
    """The answer and the tables of measures."""
    rows = measured_rows(made)
    return {
        "answer": table(ANSWER, answer_rows(rows)),
        "measured": table(a.MEASURED, rows),
        "unseen": table(a.UNSEEN, unseen_rows(made)),
    }


PLAN = Plan((Question("on_benefit", ("on_day", "before_12", "before_24"), tuple(TOPICS)),), sealed="0" * 64)
