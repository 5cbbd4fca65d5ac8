"""Peers on a set: each in a process of its own, its scored pairs swept over every cut."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq

from bench.accuracy_scores import Link
from bench.accuracy_sets import for_peers

HERE = Path(__file__).resolve().parent
SPLINK = {"splink, as its demo": "demo", "splink, expert's blocks": "expert"}
OTHERS = {
    "recordlinkage ECM": "ecm",
    "recordlinkage rule": "rule",
    "exact cascade": "cascade",
    "dedupe, 400 labels": "dedupe",
}
PATIENCE = dict.fromkeys((*SPLINK, *OTHERS), 300.0) | {"dedupe, 400 labels": 1_800.0}
"""Seconds a peer is given for a set. dedupe tries every way of blocking on a sample before it learns, which alone takes minutes."""


def prepare(folder: Path, scratch: Path) -> None:
    """Write the set as peers take it."""
    scratch.mkdir(parents=True, exist_ok=True)
    for name, table in zip(("child", "member"), for_peers(folder), strict=True):
        pq.write_table(table, scratch / f"{name}.parquet")
    pq.write_table(pq.read_table(folder / "truth.parquet"), scratch / "truth.parquet")


def links_of(peer: str, scratch: Path, *, python: str, threads: int) -> tuple[list[Link], float]:
    """What a peer scores of a prepared set, and the seconds it took. python: one that has recordlinkage and dedupe.

    Raises RuntimeError with the peer's last words where it fails, or where its patience runs out.
    """
    out = scratch / "links.parquet"
    if peer in SPLINK:
        command = [sys.executable, str(HERE / "job_peer_splink.py"), str(scratch), SPLINK[peer], str(threads), str(out)]
    else:
        command = [python, str(HERE / "job_peer_others.py"), str(scratch), OTHERS[peer], str(out)]
    named = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    begun = time.perf_counter()
    try:
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE[peer],
            env={**os.environ, **dict.fromkeys(named, str(threads)), "PYTHONHASHSEED": "0"},
        )
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"no answer within {PATIENCE[peer]:.0f} seconds") from None
    if done.returncode:
        # The last line is the fault itself; those before it name folders of this machine.
        raise RuntimeError((done.stderr.strip().splitlines() or ["it failed without a word"])[-1][:400])
    took = time.perf_counter() - begun
    columns = pq.read_table(out).to_pydict()
    weights = columns.get("weight", columns["probability"])
    rows = zip(columns["child"], columns["member"], columns["probability"], weights, strict=True)
    links = [Link(*row) for row in rows if row[2] is not None]
    if not links and columns["child"]:
        raise RuntimeError("none of its pairs has a probability")
    return links, took
