"""The figures of linking alone in docs/benchmarks.md, written between their own markers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- linkage, written by bench/linkage.py -->", "<!-- end of linkage -->"


def write(page: Path, figures: dict[str, Any]) -> None:
    """Put the figures between the markers of the page, and leave its other words alone."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    machine = figures["machine"]
    parts = [
        f"{machine['cores']} cores, load {machine['load']} at the start, {figures['threads']} threads for each; taken {machine['taken']}."
    ]
    for size in figures["sizes"]:
        parts += [f"### {size['size']}", _counts(size), _table(_jobs(size["jobs"])), _table(_ratios(size["ratios"]))]
    if "england" in figures:
        parts += ["### England, ours alone", _counts(figures["england"]), _table(_jobs({"ours": figures["england"]}))]
    parts += [
        "### The aims, at the largest size",
        _table(_aims(figures["aims"])),
        *(f"Left out: {each}." for each in figures["skipped"]),
    ]
    page.write_text(f"{before}{BEGIN}\n\n" + "\n\n".join(parts) + f"\n\n{END}{after}", encoding="utf-8", newline="\n")


def _counts(size: dict[str, Any]) -> str:
    return f"{size['children']:,} children and {size['members']:,} household members."


def _jobs(jobs: dict[str, Any]) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [
        ("", "wall, s", "processor, s", "peak, MiB", "pairs", "F1 of persons", "of households")
    ]
    for name, job in jobs.items():
        costs = (_range(job["wall_s"], 2), _range(job["processor_s"], 1), _range(job["peak_mib"], 0))
        rows.append((name, *costs, f"{job['pairs']:,}", f"{job['person_f1']:.3f}", f"{job['household_f1']:.3f}"))
    return rows


def _ratios(ratios: dict[str, Any]) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [("", "time", "memory")]
    return rows + [(name, _range(each["wall"], 3), _range(each["peak"], 3)) for name, each in ratios.items()]


def _aims(aims: Sequence[dict[str, Any]]) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [("", "found", "at most", "")]
    return rows + [
        (each["says"], f"{each['found']:g}", f"{each['at_most']:g}", "met" if each["met"] else "**not met**")
        for each in aims
    ]


def _range(figure: dict[str, float], places: int) -> str:
    return f"{figure['median']:.{places}f} ({figure['least']:.{places}f} to {figure['most']:.{places}f})"


def _table(lines: Sequence[Sequence[str]]) -> str:
    rows = [lines[0], ["---"] * len(lines[0]), *lines[1:]]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
