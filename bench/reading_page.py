"""The figures of reading in docs/benchmarks.md, written between their own markers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- reading, written by bench/reading.py -->", "<!-- end of reading -->"


def write(page: Path, figures: dict[str, Any]) -> None:
    """Put the figures between the markers of the page, and leave its other words alone."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    machine = figures["machine"]
    whole = "at full size" if figures["part"] == 1 else f"at {figures['part']:g} of the full size"
    parts = [
        f"{machine['cores']} cores, load {machine['load']} at the start, Python {machine['python']}; {whole}; taken {machine['taken']}."
    ]
    for material in figures["materials"].values():
        holds = ", ".join(f"{count:,} {what}" for what, count in material["holds"].items())
        parts += [f"{material['says']}: {holds}.", _table(_jobs(material["jobs"])), _table(_aims(material["aims"]))]
    page.write_text(f"{before}{BEGIN}\n\n" + "\n\n".join(parts) + f"\n\n{END}{after}", encoding="utf-8", newline="\n")


def _jobs(jobs: dict[str, Any]) -> Iterable[Sequence[str]]:
    yield "", "reading, s", "process, s", "peak memory, MiB"
    for name, job in jobs.items():
        yield name, _range(job["seconds"], 2), _range(job["process"], 2), _range(job["peak"], 0)


def _aims(aims: Sequence[dict[str, Any]]) -> Iterable[Sequence[str]]:
    yield "", "found", "at most", ""
    for each in aims:
        yield each["says"], f"{each['found']:g}", f"{each['at_most']:.4g}", "met" if each["met"] else "**not met**"


def _range(figure: dict[str, float], places: int) -> str:
    return f"{figure['median']:.{places}f} ({figure['least']:.{places}f} to {figure['most']:.{places}f})"


def _table(rows: Iterable[Sequence[str]]) -> str:
    first, *others = rows
    lines = [first, ["---"] * len(first), *others]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
