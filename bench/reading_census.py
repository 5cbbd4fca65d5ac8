"""The census in XML at England's size, for the benchmark of reading: a practice authority's children, over and over with ids of their own."""

from __future__ import annotations

import re
from pathlib import Path

from bench.measure import cost_of
from bench.reading_material import Aim, Material
from bench.studies import HEARTHLINK

ENGLAND = 650_000
"""Referrals of a year in England, about."""

MILLION = 1_000_000
AUTHORITY = 6000
LARGEST = 300
LARGEST_OF_MILLION = 300e6 / (1 << 20)
"""MiB in 300 million bytes."""

OPENING, CLOSING = b"  <Children>\n", b"  </Children>"
STRIDE = 7919
"""A prime, by steps of which ids are gone through where they stand in no order."""

CHILD = re.compile(rb"(?<=</Child>\n)")
ID = re.compile(rb"<LAchildID>[^<]*<")


def make(folder: Path, records: int, within: dict[str, str]) -> tuple[Path, dict[str, int]]:
    """A census of so many referrals, or a few more, its children in order of their ids."""
    return _made(folder, within, referrals=records, children=0, in_order=True)


def make_children(folder: Path, records: int, within: dict[str, str]) -> tuple[Path, dict[str, int]]:
    """A census of so many children, their ids in no order."""
    return _made(folder, within, referrals=0, children=records, in_order=False)


def _made(
    folder: Path, within: dict[str, str], *, referrals: int, children: int, in_order: bool
) -> tuple[Path, dict[str, int]]:
    """A census of as many referrals and of as many children at the least."""
    only = ",".join(["linking", *(f"-{layout}" for layout in ("ssd", "shbe", "cts", "geography"))])
    made = folder / "authority"
    cost_of(
        [HEARTHLINK, "synthesise", str(made), "--quiet", "--layouts", only, "--children", str(AUTHORITY),
         "--households", str(2 * AUTHORITY), "--months", "13", "--no-following"],
        within=within,
    )  # fmt: skip
    text = next((made / "in").glob("*.xml")).read_bytes()
    head, _, rest = text.partition(OPENING)
    body, _, tail = rest.rpartition(CLOSING)
    blocks = [block for block in CHILD.split(body) if block]
    held = [block.count(b"<CINdetails>") for block in blocks]
    path, written, number = folder / "census.xml", 0, 0
    with path.open("wb") as file:
        file.write(head + OPENING)
        while written < referrals or number < children:
            place = number % len(blocks)
            child_id = number if in_order else number * STRIDE % children
            file.write(ID.sub(b"<LAchildID>%08d<" % child_id, blocks[place]))
            written += held[place]
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

MILLION_CHILDREN = Material(
    "million",
    f"Children in need census (XML) of a million children, their ids in no order: those of a practice authority of {AUTHORITY:,}, repeated",
    MILLION,
    make_children,
    {"ours, to the last table": ("job_read_census.py", "whole")},
    (Aim("ours, to the last table", None, LARGEST_OF_MILLION),),
)
