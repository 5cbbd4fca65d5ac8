"""Links lost before scoring: children who may have been missed are compared with every household on file, and linked again.

At the size of one authority everything can be scored, so what the rules that propose candidates have cost is measured rather than
guessed from the rules themselves (Dasylva and Goussanou 2021 estimate it where that is not so). A child who shares nothing with any
record of its household is found neither way: that is a record beyond recognition, not one lost to the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import fsum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine, Query
from hearthlink.linkage.compare import compare_candidates
from hearthlink.linkage.linkage import link
from hearthlink.linkage.model import Floats, Wholes
from hearthlink.linkage.prepare import PREPARE, lay_out
from hearthlink.linkage.rules import NOT_FORMED
from hearthlink.tables.record import BLOCKING_SUMMARY

Progress = Callable[[str, float], None]
Row = tuple[str, float, float | None, float | None]

SURE = 0.9
"""A child whose household is this likely is not looked for again."""

MOST_PAIRS = 1_000_000
"""Children times households beyond which fewer children are looked for."""

FEWEST = 20
"""Fewer children than this, where there are more in doubt, would say next to nothing: none is then looked for."""

REACH = 1.959964
DRAWS = 1
"""Links are drawn along with the rest; none is used here."""


EVERYTHING = Query(
    "candidate",
    ("child", "searched", "household", "live"),
    """
    WITH unit AS (SELECT DISTINCT unit_no, referral_date FROM child JOIN searched USING (child_id))
    SELECT unit_no, child_no, household_no
    FROM unit JOIN child USING (unit_no) CROSS JOIN household JOIN live USING (household_no)
    WHERE coalesce(unit.referral_date >= first_date, TRUE) AND coalesce(unit.referral_date <= last_date, TRUE)
    """,
)
"""Every household on file on the day, for the children of the table `searched` and those referred with them."""


def search(
    engine: Engine, tables: Mapping[str, pa.Table], *, children: int, cut: float, progress: Progress
) -> pa.Table:
    """The `blocking_summary`: how many more children would have been found, had every household been compared.

    Reads person, place, family_adult, candidate_pair, agreement_pattern, parameter and link. `children`: how many of those
    without a sure link are looked for; a step through them in content order chooses, so that the choice is the same on every run.
    """
    found = tables["link"]
    unsure = found.filter(pc.less(found.column("p_household"), SURE)).column("child_id")
    households = pc.count_distinct(
        tables["person"].filter(pc.equal(tables["person"].column("side"), "member")).column("group_id")
    ).as_py()
    chosen = _evenly(len(unsure), min(children, MOST_PAIRS // max(households, 1)))
    rows: list[Row] = [
        ("children", found.num_rows, None, None),
        ("compared", _compared(tables["candidate_pair"]), None, None),
        ("passed_over", _passed_over(tables["agreement_pattern"]), None, None),
        ("unsure", len(unsure), None, None),
    ]
    if len(chosen) >= min(FEWEST, max(len(unsure), 1)):
        names = pa.table({"child_id": unsure.take(pa.array(chosen))})
        pairs = _everything(engine, tables, names)
        progress("Every household compared", 0.7)
        more = _found_more(tables, pairs, names, cut)
        rows += _lost(more, len(unsure), fsum((1 - found.column("p_none").to_numpy()).tolist()))
        rows.append(("searched_pairs", engine.count("candidate"), None, None))
    return BLOCKING_SUMMARY.conform(_table(rows))


def _table(rows: list[Row]) -> pa.Table:
    columns = ("measure", "value", "low", "high")
    return pa.table(
        {name: pa.array([row[place] for row in rows], BLOCKING_SUMMARY.schema.field(name).type)
         for place, name in enumerate(columns)}
    )  # fmt: skip


def _evenly(length: int, wanted: int) -> Wholes:
    """So many places of a list, evenly apart."""
    count = max(min(length, wanted), 0)
    return (np.arange(count) * length // max(count, 1)).astype(np.int64)


def _everything(engine: Engine, tables: Mapping[str, pa.Table], names: pa.Table) -> pa.Table:
    """These children compared with every household on file on their day, as `candidate_pair`."""
    lay_out(engine, tables)
    engine.put("searched", names)
    for query in (*PREPARE, EVERYTHING):
        engine.run(query)
    compare_candidates(engine)
    return engine.take("candidate_pair")


def _compared(pair: pa.Table) -> int:
    """How many pairs of a child and a household were compared."""
    if pair.num_rows == 0:
        return 0
    household = pair.column("household_no").to_numpy().astype(np.int64)
    child = pair.column("child_no").to_numpy().astype(np.int64)
    return int(np.unique(child * (int(household.max()) + 1) + household).size)


def _passed_over(pattern: pa.Table) -> int:
    """How many pairs of records the rules left alone because too many records share what they look at."""
    passed_over = pattern.filter(pc.starts_with(pattern.column("drawn_from"), NOT_FORMED))
    return int(pc.sum(passed_over.column("pairs")).as_py() or 0)


def _found_more(tables: Mapping[str, pa.Table], pairs: pa.Table, names: pa.Table, cut: float) -> Floats:
    """For each child looked for, how likely it is to live in a household that the rules had not proposed: shape (children,)."""
    before = tables["candidate_pair"]
    others = before.filter(pc.invert(pc.is_in(before.column("unit_no"), pc.unique(pairs.column("unit_no")))))
    # The many new pairs stay as narrow as they came, and in whatever order: weighing sorts what it needs of them.
    both = pa.concat_tables([others.select(pairs.column_names).cast(pairs.schema), pairs])
    again = link({**tables, "candidate_pair": both}, draws=DRAWS, cut=cut)["candidate_posterior"]
    proposed = _proposed(before, tables["person"], names)
    mine = again.filter(
        pc.and_(again.column("household_id").is_valid(), pc.is_in(again.column("child_id"), names.column("child_id")))
    )
    where = {child: place for place, child in enumerate(names.column("child_id").to_pylist())}
    more = np.zeros(names.num_rows)
    for child, household, chance in zip(
        *(mine.column(name).to_pylist() for name in ("child_id", "household_id", "probability")), strict=True
    ):
        if (child, household) not in proposed:
            more[where[child]] += chance
    return np.minimum(more, 1.0)


def _proposed(before: pa.Table, person: pa.Table, names: pa.Table) -> set[tuple[str, str]]:
    """The households that the rules had proposed for these children."""
    number = person.column("person_no")
    record, group = person.column("record_id"), person.column("group_id")
    wanted = number.filter(
        pc.and_(pc.equal(person.column("side"), "child"), pc.is_in(record, names.column("child_id")))
    )
    few = before.select(["child_no", "member_no"]).filter(pc.is_in(before.column("child_no"), wanted))
    child, member = (pc.index_in(few.column(name), number) for name in ("child_no", "member_no"))
    return set(zip(record.take(child).to_pylist(), group.take(member).to_pylist(), strict=True))


def _lost(more: Floats, unsure: int, on_file: float) -> list[Row]:
    """Children found only by comparing everything, of those looked for; and what that makes of all, with a 95% interval.

    Of the children looked for, the number found more is a sum of chances; over all unsure children it is scaled up, with the ends of
    Wilson's score interval (1927) for a share of so many looked for of so few (Cochran 1977, 2.6: nothing is left to chance where all
    are). `lost` is a share of the children expected to be on file.
    """
    n = len(more)
    total = fsum(more.tolist())
    share, left = total / n, 1 - n / unsure
    spread = REACH * left**0.5
    square = spread**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = spread * (max(share * (1 - share), 0.0) / n + square / (4 * n * n)) ** 0.5 / (1 + square / n)
    below = max(on_file, 1e-12)
    low, high = (max(0.0, middle - half) * unsure, (middle + half) * unsure)
    return [
        ("searched", n, None, None),
        ("found_more", total, None, None),
        ("lost", min(1.0, share * unsure / below), min(1.0, low / below), min(1.0, high / below)),
    ]
