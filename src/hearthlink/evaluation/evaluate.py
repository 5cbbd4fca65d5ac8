"""How sure the link of each child is and whether it is right, and the measures of the linkage as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import fsum
from pathlib import Path

import numpy as np
import pyarrow as pa

from hearthlink.evaluation.calibration import Flags, calibration, curve
from hearthlink.evaluation.calibration import rows as calibration_rows
from hearthlink.evaluation.intervals import Number, Share, counted_share, drawn_share, f1
from hearthlink.evaluation.posterior import (
    HOUSEHOLD,
    RIGHT,
    candidates,
    drawn,
    expected,
    expected_listed,
)
from hearthlink.evaluation.stages import (
    answers_given,
    candidates_of,
    compared_with_own,
    expected_of,
    model_facts,
    with_candidate,
)
from hearthlink.evaluation.truth import TrueLink, read_truth
from hearthlink.tables.identity import LINK_QUALITY
from hearthlink.tables.record import CALIBRATION, LINK_SUMMARY

CERTAIN, LIKELY = 0.99, 0.8
"""From which probability a link, or the answer that there is none, is called certain or likely."""

COARSE = 20
"""Probabilities cross to the research room in twentieths: finer ones would give rare names away."""

PARTS = 1_000_000
"""Probabilities are added up as millionths, so that nothing hangs on the order of floating-point sums."""

Row = tuple[str, str, str, float, float | None, float | None, float | None, float | None]
Verdicts = list[tuple[str | None, str | None]]


def evaluate(
    tables: Mapping[str, pa.Table],
    *,
    truth: Path | None,
    name_groups: Mapping[str, str] | None = None,
) -> dict[str, pa.Table]:
    """Link quality per child, link summary and calibration: by the posterior always, and by the truth where its folder is given.

    Reads link, candidate_posterior, link_draw, candidate_pair, person and parameter, and, with a truth, household_member. A child with
    two true households counts as right on either. `name_groups`: the group of a surname, where the study's permission lists it.
    Raises DataProblem where the truth cannot be read.
    """
    link = tables["link"]
    rows = [*_counts(link), *_by_posterior(link, tables["candidate_posterior"], tables["link_draw"])]
    rows += [_count("posterior", "with_candidate", "household", with_candidate(tables["candidate_pair"]))]
    rows += [_count("model", *fact) for fact in model_facts(tables["parameter"])]
    verdicts: Verdicts = [(None, None)] * link.num_rows
    if truth is not None:
        truths = read_truth(truth, tables["household_member"])
        verdicts = _verdicts(link, truths)
        rows.extend(_by_truth(verdicts, link, truths))
        own = compared_with_own(tables["candidate_pair"], tables["person"], truths)
        rows.extend(_share("truth", "compared", "household", counted_share(*own)))
        known = _known(tables, verdicts, truths)
        rows.extend(row for level, (chance, right) in known.items() for row in _calibration_error(level, chance, right))
    else:
        known = {level: (chance, None) for level, chance in _unknown(tables).items()}
    names = LINK_SUMMARY.names
    summary = pa.table({name: pa.array([row[i] for row in rows]) for i, name in enumerate(names)})
    quality = _quality(link, verdicts, _groups_of(link, tables["person"], name_groups))
    return {
        "link_quality": LINK_QUALITY.conform(quality),
        "link_summary": LINK_SUMMARY.conform(summary),
        "calibration": _calibration(known, "posterior" if truth is None else "truth"),
    }


Curves = Mapping[str, tuple[Number, Flags | None]]


def _known(
    tables: Mapping[str, pa.Table], verdicts: Verdicts, truths: dict[str, TrueLink]
) -> dict[str, tuple[Number, Flags]]:
    """Chances and whether they came true, for each child's one answer, each household and each person."""
    posterior = tables["candidate_posterior"]
    return {
        "answer": answers_given(tables["link"], [household for household, _ in verdicts]),
        "household": candidates_of(posterior, truths, "household"),
        "person": candidates_of(posterior, truths, "person"),
    }


def _unknown(tables: Mapping[str, pa.Table]) -> dict[str, Number]:
    """The same chances where nobody knows what is right."""
    link, posterior = tables["link"], tables["candidate_posterior"]
    return {
        "answer": answers_given(link, ["right"] * link.num_rows)[0],
        "household": expected_of(posterior, "household"),
        "person": expected_of(posterior, "person"),
    }


def _calibration(known: Curves, basis: str) -> pa.Table:
    rows = [
        row for level, (chance, right) in known.items() for row in calibration_rows(basis, level, curve(chance, right))
    ]
    return CALIBRATION.conform(
        pa.table(
            {
                name: pa.array([row[name] for row in rows], CALIBRATION.schema.field(name).type)
                for name in CALIBRATION.names
            }
        )
    )


def _calibration_error(level: str, chance: Number, right: Flags) -> Iterator[Row]:
    """The expected calibration error, and the one that perfect probabilities would show in so many answers."""
    found = calibration(chance, right)
    if found is not None:
        for measure, gap in (("calibration_error", found.gap), ("calibration_by_chance", found.by_chance)):
            yield "truth", measure, level, gap / found.answers, gap, float(found.answers), None, None


def _groups_of(link: pa.Table, person: pa.Table, groups: Mapping[str, str] | None) -> list[str | None]:
    """The name group of each child, in the order of the link table; None where the study asks for none, or the name is not listed."""
    if groups is None:
        return [None] * link.num_rows
    surname = dict(zip(person.column("record_id").to_pylist(), person.column("surname").to_pylist(), strict=True))
    return [groups.get(surname.get(child) or "") for child in link.column("child_id").to_pylist()]


def coarsened(chance: Number) -> list[float]:
    """Chances in twentieths, rounded one after another so that the sum over any run of them holds to within a twentieth.

    To round each by itself would lose the many small ones (cascade rounding; see Cox and Ernst 1982 for the controlled kind).
    """
    running = np.cumsum(np.round(PARTS * chance).astype(np.int64))
    steps = np.diff((COARSE * running + PARTS // 2) // PARTS, prepend=0)
    return (steps / COARSE).tolist()


def _quality(link: pa.Table, verdicts: Verdicts, groups: Sequence[str | None]) -> pa.Table:
    linked = np.array(
        [outcome != "none" for outcome in link.column("outcome").to_pylist()],
        dtype=bool,
    )
    right = np.where(linked, link.column("p_household").to_numpy(), link.column("p_none").to_numpy())
    with_household = np.select([right >= CERTAIN, right >= LIKELY], ["certain", "likely"], "doubtful")
    without = np.select(
        [right >= CERTAIN, right >= LIKELY],
        ["no match certain", "no match likely"],
        "doubtful",
    )
    return pa.table(
        {
            "child_id": link.column("child_id"),
            "sure": pa.array(np.where(linked, with_household, without).tolist(), pa.string()),
            "expected_right": pa.array(coarsened(right), pa.float64()),
            "expected_on_file": pa.array(coarsened(1 - link.column("p_none").to_numpy()), pa.float64()),
            "name_group": pa.array(groups, pa.string()),
            "household_verdict": pa.array([household for household, _ in verdicts], pa.string()),
            "person_verdict": pa.array([person for _, person in verdicts], pa.string()),
        }
    )


def _counts(link: pa.Table) -> Iterator[Row]:
    outcomes = Counter(link.column("outcome").to_pylist())
    yield _count("posterior", "children", "model", link.num_rows)
    yield _count("posterior", "linked", "household", outcomes["listed"] + outcomes["unlisted"])
    yield _count("posterior", "linked", "person", outcomes["listed"])


def _by_posterior(link: pa.Table, candidate_posterior: pa.Table, link_draw: pa.Table) -> Iterator[Row]:
    """Precision, recall and F1 as the posterior expects them, with intervals from the draws.

    Who a child is within its household is not drawn, so that the interval for the person adds the variance of it.
    """
    if link.num_rows == 0:
        return
    found = candidates(link, candidate_posterior)
    draws = drawn(found, link, link_draw)
    outcomes = link.column("outcome").to_pylist()
    linked, listed = (
        sum(one != "none" for one in outcomes),
        sum(one == "listed" for one in outcomes),
    )
    person = fsum(p for p, one in zip(link.column("p_person").to_pylist(), outcomes, strict=True) if one == "listed")
    known = expected_listed(found)
    levels = (
        (
            "household",
            linked,
            expected(found, RIGHT),
            expected(found, HOUSEHOLD),
            draws.right_household,
            draws.household,
            0.0,
        ),
        (
            "person",
            listed,
            person,
            known,
            draws.right_person,
            np.full_like(draws.household, known),
            draws.spread,
        ),
    )
    for level, total, right, there, right_drawn, there_drawn, spread in levels:
        fixed = np.full_like(right_drawn, float(total))
        yield from _share(
            "posterior",
            "precision",
            level,
            drawn_share(right, total, right_drawn, fixed, spread),
        )
        yield from _share(
            "posterior",
            "recall",
            level,
            drawn_share(right, there, right_drawn, there_drawn, spread),
        )
        f1_drawn = drawn_share(2 * right, total + there, 2 * right_drawn, fixed + there_drawn, 4 * spread)
        yield from _share("posterior", "f1", level, f1_drawn)


def _verdicts(link: pa.Table, truths: dict[str, TrueLink]) -> Verdicts:
    """The household and the person verdict of each child, in the order of the link table; None where the truth is silent."""
    columns = (link.column(name).to_pylist() for name in ("child_id", "household_id", "member_id"))
    return [
        (
            _household_verdict(truths[child], household),
            _person_verdict(truths[child], household, member),
        )
        if child in truths
        else (None, None)
        for child, household, member in zip(*columns, strict=True)
    ]


def _household_verdict(true: TrueLink, household: str | None) -> str:
    if household is None:
        return "missed" if true.households else "rightly_none"
    if household in true.households:
        return "right"
    return "wrong" if true.households else "unfounded"


def _person_verdict(true: TrueLink, household: str | None, member: str | None) -> str:
    if member is None:
        return "missed" if true.members else "rightly_none"
    if member in true.members:
        return "right"
    if household in true.households:
        return "wrong_sibling"
    return "wrong" if true.members else "unfounded"


def _by_truth(
    verdicts: Sequence[tuple[str | None, str | None]],
    link: pa.Table,
    truths: dict[str, TrueLink],
) -> Iterator[Row]:
    """Precision, recall and the rest as they really are."""
    known = [truths[child] for child in link.column("child_id").to_pylist() if child in truths]
    levels = (
        (
            "household",
            Counter(h for h, _ in verdicts),
            sum(bool(true.households) for true in known),
        ),
        (
            "person",
            Counter(p for _, p in verdicts),
            sum(bool(true.members) for true in known),
        ),
    )
    for level, seen, truly in levels:
        right = seen["right"]
        linked = right + seen["wrong"] + seen["unfounded"] + seen["wrong_sibling"]
        yield from _share("truth", "precision", level, counted_share(right, linked))
        yield from _share("truth", "recall", level, counted_share(right, truly))
        yield from _share("truth", "f1", level, f1(right, linked - right, truly - right))
        silent = seen["rightly_none"] + seen["missed"]
        yield from _share("truth", "none_right", level, counted_share(seen["rightly_none"], silent))
        if level == "person":
            yield from _share(
                "truth",
                "wrong_sibling",
                level,
                counted_share(seen["wrong_sibling"], linked),
            )


def _count(basis: str, measure: str, level: str, count: float) -> Row:
    return basis, measure, level, float(count), None, None, None, None


def _share(basis: str, measure: str, level: str, share: Share | None) -> Iterator[Row]:
    if share is not None:
        yield (
            basis,
            measure,
            level,
            share.value,
            share.numerator,
            share.denominator,
            share.low,
            share.high,
        )
