"""Comparing in parts: some families at a time against every household, so that memory stays bounded however many there are.

A part is whole families, told apart by the running number of their unit, so that the parts are the same on every run and in any order of
the rows; and what comes out is what would come of all families at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa

from hearthlink.engine import Engine, Query
from hearthlink.linkage.block import finish, prepare, propose
from hearthlink.linkage.compare import compare_candidates, count_patterns
from hearthlink.linkage.rules import Rule

Progress = Callable[[str, float], None]

AT_ONCE = 120_000
"""Children compared at a time."""

OF_CHILDREN = ("child_place", "carer", "child_name", "child_alias", "child")
"""The prepared tables that hold rows of children; `child`, which knows the units, last."""

IN_ORDER = Query(
    "candidate_pair",
    ("piece",),
    "SELECT * FROM piece ORDER BY unit_no, child_no, household_no, member_no",
)


def compare_all(
    engine: Engine, rules: Sequence[Rule], *, progress: Progress, at_once: int = AT_ONCE, counted: bool = True
) -> None:
    """Make `candidate_pair` and, where patterns are `counted`, `agreement_pattern`, `at_once` children at a time.

    Expects the tables of `lay_out` in the engine.
    """
    prepare(engine, rules)
    progress("Persons made ready", 0.1)
    parts = max(-(-engine.count("child") // at_once), 1)
    if parts == 1:
        propose(engine, rules)
        progress("Candidate households found", 0.4)
        compare_candidates(engine)
    else:
        _each_part(engine, rules, parts, progress)
    finish(engine, rules)
    progress("Pairs compared", 0.95)
    if counted:
        count_patterns(engine)


def _each_part(engine: Engine, rules: Sequence[Rule], parts: int, progress: Progress) -> None:
    for name in OF_CHILDREN:
        unit = "" if name == "child" else " JOIN (SELECT child_no, unit_no FROM child) AS u USING (child_no)"
        engine.run(
            Query(f"whole_{name}", (name, "child"), f"SELECT w.*, unit_no % {parts} AS part FROM {name} AS w{unit}")
        )
    pieces: list[pa.Table] = []
    for part in range(parts):
        for name in OF_CHILDREN:
            engine.run(Query(name, (f"whole_{name}",), f"SELECT * FROM whole_{name} WHERE part = {part}"))
        propose(engine, rules)
        compare_candidates(engine)
        pieces.append(engine.take("candidate_pair"))
        progress(f"Families compared, part {part + 1} of {parts}", 0.1 + 0.8 * (part + 1) / parts)
    for name in OF_CHILDREN:
        engine.run(Query(name, (f"whole_{name}",), f"SELECT * FROM whole_{name}"))
        engine.drop(f"whole_{name}")
    engine.put("piece", pa.concat_tables(pieces))
    engine.run(IN_ORDER)
    engine.drop("piece")
