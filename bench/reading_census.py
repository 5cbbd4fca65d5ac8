"""The census in XML at England's size, for the benchmark of reading: a practice authority's children, over and over with ids of their own."""

from __future__ import annotations

import re
from pathlib import Path

from bench.measure import cost_of
from bench.reading_material import Aim, Material
from bench.studies import HEARTHLINK

ENGLAND = 650_000
"""Referrals of a year in England, about."""

AUTHORITY = 6000
LARGEST = 300

OPENING, CLOSING = b"  <Children>\n", b"  </Children>"
CHILD = re.compile(rb"(?<=</Child>\n)")
ID = re.compile(rb"<LAchildID>[^<]*<")


def make(folder: Path, records: int, within: dict[str, str]) -> tuple[Path, dict[str, int]]:
    """A census of so many referrals."""
    only = ",".join(f"-{layout}" for layout in ("ssd", "shbe", "cts", "geography"))
    made = folder / "authority"
    cost_of(
        [HEARTHLINK, "synthesise", str(made), "--quiet", "--layouts", only, "--children", str(AUTHORITY),
         "--households", str(2 * AUTHORITY), "--months", "13"],
        within=within,
    )  # fmt: skip
    text = next((made / "in").glob("*.xml")).read_bytes()
    head, _, rest = text.partition(OPENING)
    body, _, tail = rest.rpartition(CLOSING)
    children = [child for child in CHILD.split(body) if child]
    referrals = [child.count(b"<CINdetails>") for child in children]
    path, written, number = folder / "census.xml", 0, 0
    with path.open("wb") as file:
        file.write(head + OPENING)
        while written < records:
            place = number % len(children)
            file.write(ID.sub(b"<LAchildID>%08d<" % number, children[place]))
            written += referrals[place]
            number += 1
        file.write(CLOSING + tail)
    return path, {"children": number, "referrals": written, "bytes": path.stat().st_size}


MATERIAL = Material(
    "census",
    f"Children in need census (XML), the children of a practice authority of {AUTHORITY:,} repeated under ids of their own",
    ENGLAND,
    make,
    {
        "ours, typed as it comes": ("job_read_census.py", "typed"),
        "ours, to the last table": ("job_read_census.py", "whole"),
        "lxml, bare iterparse": ("job_read_lxml.py", "every"),
        "lxml, bare iterparse of Child alone": ("job_read_lxml.py", "Child"),
    },
    (
        Aim("ours, to the last table", "lxml, bare iterparse", 3.0),
        Aim("ours, to the last table", "lxml, bare iterparse of Child alone", 3.0),
        Aim("ours, typed as it comes", None, LARGEST),
        Aim("ours, to the last table", None, LARGEST),
    ),
)
