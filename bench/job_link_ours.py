"""Our linkage, in a process of its own: `job_link_ours.py FOLDER OUT [--draws N] [--threads N] [--rules all|birth] [--bar]`.

FOLDER holds person, place and family_adult. From reading them to resolved links: blocking, comparing, estimating, weighing families,
links written to OUT. Prints the seconds of each act and the pairs looked at, as JSON. `birth`: the rules are those of the peers' second
setting, a birth date alone among them.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from hidden import hide

begun = time.perf_counter()
hide()

import pyarrow.parquet as pq  # noqa: E402 - what is hidden must be hidden before anything is imported

from hearthlink.engine import open_engine  # noqa: E402
from hearthlink.linkage import agreement, estimate, link  # noqa: E402
from hearthlink.linkage.rules import RULES, Rule  # noqa: E402

AS_THEIRS = (
    Rule("birth date, however common", "child", "member", ("birth_key",), most=1_000_000),
    Rule("both names, however common", "child", "member", ("forename_no", "surname_no"), most=1_000_000),
    *(rule for rule in RULES if rule.name == "same postcode and number"),
)
"""The rules of the peers' second setting, a birth date alone among them."""

asked = argparse.ArgumentParser()
asked.add_argument("folder", type=Path)
asked.add_argument("out", type=Path)
asked.add_argument("--draws", type=int, default=1)
asked.add_argument("--threads", type=int)
asked.add_argument("--rules", choices=("all", "birth"), default="all")
asked.add_argument("--bar", action="store_true")
given = asked.parse_args()


def progress(words: str, share: float) -> None:
    """A line on the terminal, where it was asked for."""
    if given.bar:
        filled = round(40 * share)
        print(f"\r{'█' * filled}{'·' * (40 - filled)} {share:4.0%} {words:<40}", end="", file=sys.stderr, flush=True)


seconds = {"start": time.perf_counter() - begun}


def lap(name: str) -> None:
    """Keep how long the last act took."""
    seconds[name] = time.perf_counter() - begun - sum(seconds.values())


tables = {name: pq.read_table(given.folder / f"{name}.parquet") for name in ("person", "place", "family_adult")}
lap("read")
with open_engine(threads=given.threads) as engine:
    tables |= agreement(engine, tables, progress=progress, rules=RULES if given.rules == "all" else AS_THEIRS)
lap("block and compare")
tables["parameter"] = estimate(tables["agreement_pattern"])
lap("estimate")
made = link(tables, draws=given.draws, cut=0.5)
lap("weigh families")
links = made["link"].select(["child_id", "household_id", "member_id", "p_household", "p_person"])
pq.write_table(links, given.out)
lap("write")
print(
    json.dumps(
        {
            "seconds": seconds,
            "pairs": tables["candidate_pair"].num_rows,
            "patterns": tables["agreement_pattern"].num_rows,
        }
    )
)
