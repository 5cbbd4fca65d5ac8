"""Cleared tables of a made-up council, by the real analysis and the real output checks, for the tests of the report."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

import pyarrow as pa
from made_answers import PLAN, tables, world
from made_came_before import all_tables
from made_research import DEFAULTS

from hearthlink.analysis import on_the_day as answer
from hearthlink.disclosure import ClearedTable, Comparator, Policy, clear
from hearthlink.report import About
from hearthlink.tables.record import BLOCKING_SUMMARY, CALIBRATION, FINDING, LINK_SUMMARY, RECEIPT
from hearthlink.tables.research import QUALITY_BY_GROUP, RESEARCH_CHILD

DRAWS = 40
AGES = ("under 1", "1 to 4", "5 to 9", "10 to 15", "16 and 17")
STAGES = ("referral", "assessment", "section 47", "child in need plan", "protection plan", "looked after")
FACTORS = (
    "Domestic abuse",
    "Drug misuse",
    "Mental health",
    "Neglect",
    "Physical abuse",
    "Self-harm",
    "Emotional abuse",
)

ABOUT = About(
    study="Family study",
    authority="Ashmere",
    year="2019-20",
    practice=True,
    purpose="To practise with made-up data before any real record is asked for.",
    gateways={"cin": "Made-up data: no gateway is needed", "shbe": "Made-up data: no gateway is needed"},
    ethics="None needed: nobody is real",
    dpia="None needed: nobody is real",
    agreement="None needed: nobody is real",
    threshold=10,
    rounding=5,
    draws=200,
    version="0.1.0",
    run_id="0a1b2c3d4e5f",
)


def children(count: int = 2200, seed: int = 1) -> pa.Table:
    """Made-up research rows: families of one to three, a share on benefit that differs by age, need and deprivation."""
    random_ = random.Random(seed)
    rows: list[dict[str, object]] = []
    family = 0
    while len(rows) < count:
        family += 1
        decile, ethnic = (
            random_.choices((1, 2, 3, 5, 8), (5, 4, 3, 2, 1))[0],
            random_.choice(("White", "White", "Asian", "Mixed", "Black", None)),
        )
        chance = 0.62 - 0.04 * decile
        on_family = random_.random() < chance
        for _ in range(random_.choices((1, 2, 3), (6, 3, 1))[0]):
            rows.append(_child(random_, len(rows), family, decile, ethnic, on_family))
    return RESEARCH_CHILD.conform(
        pa.table(
            {
                one.name: pa.array(
                    [row.get(one.name, DEFAULTS[one.kind] if one.required else None) for row in rows],
                    RESEARCH_CHILD.schema.field(one.name).type,
                )
                for one in RESEARCH_CHILD.columns
            }
        )
    )


def _child(
    random_: random.Random, number: int, family: int, decile: int, ethnic: str | None, on_family: bool
) -> dict[str, object]:
    age = random_.choice(AGES)
    on = on_family if random_.random() < 0.95 else not on_family
    linked = on or random_.random() < 0.2
    assessed = random_.random() < 0.7
    unborn = random_.random() < 0.02
    verdict = "right" if linked and random_.random() < 0.98 else "wrong" if linked else "rightly_none"
    if not linked and random_.random() < 0.05:
        verdict = "missed"
    return {
        "child_pseudonym": f"c{number}",
        "family_pseudonym": f"f{family}",
        "household_pseudonym": f"h{family}" if linked else None,
        "counted": not unborn,
        "left_out": "unborn on the day of referral" if unborn else None,
        "age_band": age,
        "sex": random_.choice(("female", "male")),
        "ethnic_group": ethnic,
        "disabled": random_.random() < 0.1,
        "primary_need": random_.choices(("N1", "N2", "N4", "N5", "N6", "N8", "N9", None), (50, 6, 10, 15, 3, 1, 2, 5))[
            0
        ],
        "factors": random_.sample(FACTORS, random_.randint(0, 3)) if assessed else [],
        "assessed": assessed,
        "stage": random_.choices(STAGES, (30, 35, 10, 15, 7, 3))[0],
        "imd_decile": decile,
        "unaccompanied": random_.random() < 0.005,
        "observability": random_.choices(
            ("observable", "no address", "restricted record", "out of area"), (92, 3, 1, 4)
        )[0],
        "best_link": "listed" if linked else "none",
        "on_benefit": on,
        "on_window": on or random_.random() < 0.03,
        "two_homes": random_.random() < 0.02,
        "in_care": random_.random() < 0.01,
        "on_main_home": on and random_.random() > 0.002,
        "household_status": "in_payment" if on else random_.choice(("suspended", "nil", "ended")) if linked else "none",
        "on_draws": [int(on if random_.random() < 0.97 else not on) for _ in range(DRAWS)],
        "sure": "certain",
        "expected_right": random_.choice((1.0, 1.0, 0.95, 0.9)),
        "expected_on_file": 1.0 if linked else random_.choice((0.0, 0.0, 0.05)),
        "household_verdict": verdict,
        "person_verdict": verdict,
    }


def record(spec_names: Sequence[str], rows: Sequence[Sequence[object]]) -> dict[str, list[object]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(spec_names)}


RECEIPTS = [
    ("cin", "cin_2019_20.xml", "ab" * 32, 2310, 2200, 0, "kept"),
    ("cin", "cin_2019_20.xml", "ab" * 32, 2310, 0, 110, "a later referral of the same child"),
    *(("shbe", f"SHBE_2020{month:02d}.txt", "cd" * 32, 10120, 5000, 0, "kept") for month in (1, 2, 3)),
    *(
        ("shbe", f"SHBE_2020{month:02d}.txt", "cd" * 32, 10120, 0, 5120, "a claim with no child in it")
        for month in (1, 2, 3)
    ),
    ("postcodes", "ONSPD_extract.csv", "ef" * 32, 3000, 3000, 0, "kept"),
]
FINDINGS = [
    (
        "D01",
        "look",
        "A date of birth on the first or the fifteenth of a month, more often than chance",
        2200,
        60,
        "Ask how unknown dates of birth are recorded.",
    ),
    (
        "J02",
        "note",
        "A child in the census with no record in the identifiers extract",
        2200,
        4,
        "Draw both extracts on the same day.",
    ),
    ("S03", "stops", "A referral outside the census year", 2310, 0, "Choose the census year of the file."),
]
SUMMARY = [
    ("posterior", "children", "model", 2200.0, None, None, None, None),
    ("posterior", "linked", "household", 1300.0, None, None, None, None),
    *(
        (basis, measure, level, over / under, over, under, over / under - 0.008, over / under + 0.006)
        for basis in ("posterior", "truth")
        for level, under in (("household", 1300.0), ("person", 1250.0))
        for measure, over in (("precision", under - 24), ("recall", under - 41), ("f1", under - 33))
    ),
    ("truth", "wrong_sibling", "person", 6 / 1250, 6.0, 1250.0, 0.001, 0.009),
    ("posterior", "with_candidate", "household", 1900.0, None, None, None, None),
    ("truth", "compared", "household", 1270 / 1290, 1270.0, 1290.0, 0.97, 0.99),
    ("truth", "calibration_error", "answer", 22 / 2200, 22.0, 2200.0, None, None),
    *(("model", fact, "model", value, None, None, None, None)
      for fact, value in (("identified", 1.0), ("converged", 1.0), ("iterations", 41.0), ("starts_agreeing", 3.0), ("classes", 4.0))),
]  # fmt: skip
CHANCES = [
    ("truth", level, start, end, answers, expected, right, right / answers - 0.02, right / answers + 0.02)
    for level in ("answer", "household")
    for start, end, answers, expected, right in (
        (0.2, 0.5, 60.0, 21.0, 24.0), (0.5, 0.8, 80.0, 52.0, 50.0), (0.95, 0.99, 100.0, 97.0, 96.0), (0.99, 1.0, 1960.0, 1955.0, 1940.0),
    )
]  # fmt: skip
BLOCKING = [
    ("children", 2200.0, None, None), ("compared", 24810.0, None, None), ("passed_over", 44670.0, None, None), ("unsure", 930.0, None, None), ("searched", 300.0, None, None),
    ("found_more", 0.4, None, None), ("lost", 0.001, 0.0, 0.009), ("searched_pairs", 1_402_310.0, None, None),
]  # fmt: skip


@cache
def cleared(count: int = 2200, seed: int = 1) -> tuple[ClearedTable, ...]:
    """The tables of a made-up council as they leave the output checks."""
    answers = answer(children(count, seed))
    return clear(
        answer=answers["answer"],
        quality_by_group=answers["quality_by_group"],
        link_summary=LINK_SUMMARY.conform(pa.table(record(LINK_SUMMARY.names, SUMMARY))),
        receipt=RECEIPT.conform(pa.table(record(RECEIPT.names, RECEIPTS))),
        finding=FINDING.conform(pa.table(record(FINDING.names, FINDINGS))),
        calibration=CALIBRATION.conform(pa.table(record(CALIBRATION.names, CHANCES))),
        blocking_summary=BLOCKING_SUMMARY.conform(pa.table(record(BLOCKING_SUMMARY.names, BLOCKING))),
        pooled_quality=answers["pooled_quality"],
        policy=Policy(),
        comparator=Comparator(
            share=1 / 3,
            label="people who claim benefits, about 1 in 3",
            source="the feasibility study's own comparison, 2019-20",
            base="all people, not children, and all benefits; so the two bases differ",
        ),
    )


@cache
def cleared_whole(count: int = 3200, seed: int = 5) -> tuple[ClearedTable, ...]:
    """Every table that the study's questions bring, as they leave the output checks, of children made one by one."""
    made = world(count, seed)
    given = tables(made) | all_tables(made)
    return clear(
        quality_by_group=QUALITY_BY_GROUP.empty(),
        link_summary=LINK_SUMMARY.conform(pa.table(record(LINK_SUMMARY.names, SUMMARY))),
        receipt=RECEIPT.conform(pa.table(record(RECEIPT.names, RECEIPTS))),
        finding=FINDING.conform(pa.table(record(FINDING.names, FINDINGS))),
        policy=Policy(),
        comparator=Comparator(share=0.25, label="children in England", source="made up", base="all children"),
        plan=PLAN,
        **given,
    )
