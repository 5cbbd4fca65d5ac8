"""The same links on both engines: practice authorities run with DuckDB and with Spark, and what more of Spark's cores buy.

Spark has to lie beside the environment, which `dev.py prove spark` sees to, and Java has to be there.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter

import pyarrow as pa

from hearthlink.engine import Kind, Query, open_engine, require_engine
from hearthlink.errors import WrongUse
from hearthlink.governance import Permit, Role
from hearthlink.linkage import agreement
from hearthlink.study import Settings, make_practice, open_study, run
from hearthlink.study.run import open_store
from hearthlink.study.steps import STEPS
from hearthlink.tables.catalogue import ALL_TABLES
from prove.evidence import keep

SEEDS = 3
FIRST = 5_000

COMPARED = ("candidate_pair", "agreement_pattern", "parameter", "candidate_posterior", "link", "link_draw")
"""What must be the same bytes: everything the linkage leaves."""

CORES = (1, 2, 4)
LARGER = 10
"""How many times the usual size the authority has on which cores are timed."""


def judge(count: int | None, processes: int) -> bool:
    """Judge the claim over `count` authorities, time Spark on one, two and four cores, and keep the evidence."""
    _ = processes
    try:
        require_engine("spark")
    except WrongUse as missing:
        print(missing.what)
        return False
    seeds = range(FIRST, FIRST + (count or SEEDS))
    differing = {seed: different(seed) for seed in seeds}
    figures = {
        "authorities": len(seeds),
        "seeds": f"{seeds[0]} to {seeds[-1]}",
        "tables_compared": ", ".join(COMPARED),
        "the_same_bytes": f"{sum(not names for names in differing.values())} of {len(seeds)}",
        "tables_that_differed": ", ".join(sorted({n for names in differing.values() for n in names})) or "none",
        "seconds_to_compare": seconds_by_cores(FIRST, LARGER),
    }
    held = not any(differing.values())
    keep("spark", figures=figures, held=held, command="python3 dev.py prove spark", short=len(seeds) < SEEDS)
    return held


def different(seed: int) -> list[str]:
    """The tables whose bytes are not the same when Spark compares in place of DuckDB, in a whole run to the links."""
    with tempfile.TemporaryDirectory(prefix="hearthlink-prove-") as scratch:
        folder = Path(scratch) / "study"
        make_practice(folder, Settings(seed=seed))
        found: list[dict[str, str]] = []
        for kind in ("duckdb", "spark"):
            choose(folder, kind)
            run(open_study(folder), clock=partial(datetime.now, UTC), upto="link")
            store = open_store(open_study(folder))
            found.append({name: store.digest(ALL_TABLES[name]) for name in COMPARED})
            shutil.rmtree(folder / "rooms")
        return [name for name in COMPARED if found[0][name] != found[1][name]]


def choose(folder: Path, kind: Kind) -> None:
    """Write a study's engine into its study.toml, ahead of the sections."""
    file = folder / "study.toml"
    lines = [x for x in file.read_text(encoding="utf-8").splitlines() if not x.startswith("engine = ")]
    year = next(n for n, line in enumerate(lines) if line.startswith("year = "))
    lines.insert(year + 1, f'engine = "{kind}"')
    file.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def seconds_by_cores(seed: int, times: int) -> dict[str, dict[str, float]]:
    """Seconds to find and compare candidates on each number of cores, without the start of the engine, on both engines."""
    tables = standardised(seed, times)
    taken: dict[str, dict[str, float]] = {}
    for kind in ("spark", "duckdb"):
        for cores in CORES:
            begun = perf_counter()
            with open_engine(kind=kind, threads=cores) as engine:
                engine.fetch(Query("ready", (), "SELECT 1 AS ready"))
                started = perf_counter()
                made = agreement(engine, tables, progress=lambda words, share: None)
                ended = perf_counter()
            taken[f"{kind} on {cores} core{'s' if cores > 1 else ''}"] = {
                "start": round(started - begun, 1),
                "compare": round(ended - started, 1),
                "candidate_pairs": made["candidate_pair"].num_rows,
            }
    return taken


def standardised(seed: int, times: int) -> dict[str, pa.Table]:
    """The tables that comparing reads, of an authority so many times the usual size."""
    usual = Settings()
    with tempfile.TemporaryDirectory(prefix="hearthlink-prove-") as scratch:
        folder = Path(scratch) / "study"
        make_practice(folder, Settings(seed=seed, children=usual.children * times, households=usual.households * times))
        study = open_study(folder)
        run(study, clock=partial(datetime.now, UTC), upto="standardise")
        store = open_store(study)
        reader = Permit("prove", Role.CUSTODIAN, frozenset(ALL_TABLES), frozenset())
        (compare,) = [step for step in STEPS if step.name == "compare"]
        return {spec.name: store.load(spec, reader) for spec in compare.reads}
