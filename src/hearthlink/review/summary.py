"""The figures of a clerical review, as rows of the link summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa

from hearthlink.review.agreement import kappa
from hearthlink.review.design import worked_from
from hearthlink.review.estimate import Calibrated, Estimates, Stratum, estimates
from hearthlink.review.oneself import alike, second_opinions
from hearthlink.review.verdicts import Answer, Judged, judged, latest, pairs_read_twice, require_whole
from hearthlink.tables import TableSpec
from hearthlink.tables.record import CALIBRATION, LINK_SUMMARY

BASIS = "clerical review"
Row = tuple[str, str, str, float, float | None, float | None, float | None, float | None]


def summary(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Rows for `link_summary` and `calibration` on the basis of the review, from person, parameter, review_sample, review_pair and decision.

    How much was read, how far readers agree, and what it says of the links as they were when the sample was drawn, before any
    decision was heeded. The last is left out while a score band has nobody read, and where the links are no longer worked out from
    what they were worked out from then. No row at all where nothing was decided. Raises DataProblem where a decision was tampered with.
    """
    decision = tables["decision"]
    require_whole(decision)
    read = judged(tables["review_sample"], tables["review_pair"], decision)
    found = _estimates(tables, read)
    rows = list(_rows(read, decision, tables["review_pair"], found)) if decision.num_rows else []
    return {
        "link_summary": _table(LINK_SUMMARY, rows),
        "calibration": _table(CALIBRATION, [] if found is None else [_band(one) for one in found.calibration]),
    }


def _table(spec: TableSpec, rows: Sequence[tuple[object, ...]]) -> pa.Table:
    """The rows as a table, though there be none."""
    columns = [pa.array([row[place] for row in rows], field.type) for place, field in enumerate(spec.schema)]
    return spec.conform(pa.table(columns, names=list(spec.names)))


def _band(one: Calibrated) -> tuple[object, ...]:
    share = one.right
    return BASIS, "answer", one.start, one.end, share.denominator, one.expected, share.numerator, share.low, share.high


def _rows(read: Sequence[Judged], decision: pa.Table, review_pair: pa.Table, found: Estimates | None) -> Iterator[Row]:
    yield _count("read", len(read))
    yield _count("read_twice", sum(len(one.verdicts) > 1 for one in read))
    yield _count("readers", len(latest(decision)))
    yield from _with_oneself(decision)
    yield from _agreement(pairs_read_twice(review_pair, decision))
    if found is not None:
        for name, share in (("precision", found.precision), ("recall", found.recall), ("on_file", found.share)):
            yield BASIS, name, "household", share.value, share.numerator, share.denominator, share.low, share.high


def _estimates(tables: Mapping[str, pa.Table], read: Sequence[Judged]) -> Estimates | None:
    rows = tables["review_sample"].to_pylist()
    sizes: dict[Stratum, int] = {(row["band"], row["age_group"]): row["in_stratum"] for row in rows}
    current = {row["worked_from"] for row in rows} == {worked_from(tables)}
    return estimates(sizes, read) if current else None


def _with_oneself(decision: pa.Table) -> Iterator[Row]:
    """How many readers gave one answer throughout, and how far readers agree with themselves on pairs they were shown twice."""
    readers = list(latest(decision))
    if careless := sum(alike(decision, reader) is not None for reader in readers):
        yield _count("readers_alike", careless)
    twice = [both for reader in readers for both in second_opinions(decision, reader).values()]
    if twice:
        same = sum(one is other for one, other in twice)
        yield BASIS, "with_oneself", "household", same / len(twice), float(same), float(len(twice)), None, None


def _agreement(both: Sequence[tuple[Answer, Answer]]) -> Iterator[Row]:
    places = {answer: place for place, answer in enumerate(Answer)}
    table = np.zeros((len(places), len(places)), dtype=np.int64)
    for one, other in both:
        table[places[one], places[other]] += 1
    found = kappa(table)
    if both:
        agreed = int(np.trace(table))
        yield BASIS, "agreement", "household", agreed / len(both), float(agreed), float(len(both)), None, None
    if found is not None:
        yield BASIS, "kappa", "household", found.value, None, None, found.low, found.high


def _count(measure: str, count: int) -> Row:
    return BASIS, measure, "household", float(count), None, None, None, None
