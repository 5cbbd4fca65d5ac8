"""Tables of what came before, of bounds and of other sides of the share, made from invented children, for tests of what shows them."""

from __future__ import annotations

from math import log

import pyarrow as pa
from made_answers import LENGTHS, Flags, Row, World, table

from hearthlink.tables import answers as a

UNITS = {"month": 1, "quarter": 3, "half": 6}
REACH = 24
PLACEBO = "move"


def monthly_rows(made: World) -> list[Row]:
    """Events of every kind by month, quarter and half before the referral, of those observed from the first month; and a comparison."""
    rows: list[Row] = []
    cohort = made.linked & (made.length >= REACH)[:, None]
    for measure, month in made.months.items():
        for series, seen, shift in (("referred", cohort, 0), ("comparison", cohort, 7)):
            for unit, length in UNITS.items():
                for order, last in enumerate(range(REACH - length, -1, -length)):
                    when = (month + shift) % 40
                    true = seen & ((when > last) & (when <= last + length))[:, None]
                    rows.append(_span(made, seen, true, (measure, series, unit, order, -last - length, -last - 1)))
    return rows


def _span(made: World, seen: Flags, true: Flags, head: tuple[str, str, str, int, int, int]) -> Row:
    observed, having = seen.sum(0), true.sum(0)
    row: Row = dict(zip(("measure", "series", "unit", "order", "first", "last"), head, strict=True))
    row |= {
        "children": float(observed.mean()), "having": float(having.mean()), "fewest": int(having.min()), "most": int(having.max()),
        "low": max(0.0, having.mean() - 8), "high": min(float(observed.mean()), having.mean() + 8), "planned": True,
    }  # fmt: skip
    for prefix, chosen in (("", seen[:, 0]), ("on_", true[:, 0]), ("off_", seen[:, 0] & ~true[:, 0])):
        families = {int(one) for one in made.family[chosen]}
        row[f"{prefix}families"] = len(families)
        row[f"{prefix}largest_family"] = min(3, int(chosen.sum()))
    return row


def effect_rows(made: World) -> list[Row]:
    """A ratio for each kind of event, design and treatment of links, and of each band of its dose."""
    rows: list[Row] = []
    for measure, month in made.months.items():
        cases = int((made.linked[:, 0] & (made.length >= REACH)).sum())
        exposed = int((made.linked[:, 0] & (made.length >= REACH) & (month <= LENGTHS["before_3"])).sum())
        for design in ("case_crossover", "case_time_control", "matched_cohort"):
            for treatment in ("draws", "corrected", "best_link"):
                for term in ("any", "1", "2", "3") if treatment == "draws" else ("any",):
                    part = exposed if term == "any" else exposed // 3
                    rows.append({
                        "measure": measure, "design": design, "window": "months_1_to_3", "term": term, "treatment": treatment,
                        "log_ratio": log(1.6), "low": log(1.1), "high": log(2.4), "cases": float(cases), "exposed_cases": float(part),
                        "referents": 5.0 * cases, "exposed_referents": 3.0 * part, "families": cases // 2, "largest_family": 3,
                        "smallest_cell": float(min(part, cases - part)), "degrees": 60.0, "placebo": measure == PLACEBO,
                        "planned": measure != "reduction",
                    })  # fmt: skip
    return rows


def other_rows(made: World) -> dict[str, list[Row]]:
    """Bounds, comparisons, stages and roads of the share on benefit."""
    children = len(made.family)
    on = float(made.true["on_benefit", "on_day"].sum(0).mean())
    linked = made.linked.sum(0)
    bounds = (
        ("No assumption", 0.02, 0.95),
        ("Eligible families who do not claim", 0.02, 0.2),
        ("With the Universal Credit data share", 0.01, 0.08),
    )
    return {
        "bound": [
            {"order": order, "name": name, "assumption": name, "source": "made up", "children": children, "low": on * (1 - down),
             "high": on + up * (children - on), "low_end": on * (1 - down) - 20, "high_end": on + up * (children - on) + 20, "planned": True}
            for order, (name, down, up) in enumerate(bounds)
        ],
        "compared": [
            {"order": order, "comparator": name, "source": "made up", "base": "all children", "measure": "on_benefit", "children": children,
             "having": on, "expected": share * children, "share": share, "standardised": order > 0, "these_low": on - 9, "these_high": on + 9,
             "process_low": on - 40, "process_high": on + 40, "planned": True}
            for order, (name, share) in enumerate((("children in England", 0.21), ("children of the same ages and areas", 0.27)))
        ],
        "staged": [
            {"order": order, "stage": stage, "children": count, "fewest": int(count), "most": int(count), "families": int(count // 2),
             "largest_family": 3}
            for order, (stage, count) in enumerate((
                ("Children referred and counted", float(children)), ("With a name and a date of birth", float(children - 4)),
                ("With an address in the area", float(children - 90)), ("In a household on file", float(linked.mean())), ("On benefit", on)))
        ],
        "error_check": [
            {"order": order, "road": road, "says": says, "children": children, "having": on + more, "precision": precision, "recall": recall}
            for order, (road, says, more, precision, recall) in enumerate((
                ("draws", "All likely matches", 0.0, None, None), ("best_link", "The best match at one half", 3.0, None, None),
                ("identity", "Share matched, times right, over found", -14.0, 0.982, 0.961)))
        ],
    }  # fmt: skip


def all_tables(made: World) -> dict[str, pa.Table]:
    """Every table beside those of the measures, by its name."""
    rows = {"monthly": monthly_rows(made), "effect": effect_rows(made), **other_rows(made)}
    specs = {
        "monthly": a.MONTHLY,
        "effect": a.EFFECT,
        "bound": a.BOUND,
        "compared": a.COMPARED,
        "staged": a.STAGED,
        "error_check": a.ERROR_CHECK,
    }
    return {name: table(specs[name], lines) for name, lines in rows.items()}
