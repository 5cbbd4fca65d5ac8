"""The figures of docs/benchmarks.md, written between its markers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- figures, written by bench/run.py -->", "<!-- end of figures -->"


def write(page: Path, speed: Mapping[str, Any], growth: Mapping[str, Any]) -> None:
    """Put the figures between the markers of the page, and leave its other words alone."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    figures = "\n\n".join([*_speed(speed), *_growth(growth["sizes"])])
    page.write_text(f"{before}{BEGIN}\n\n{figures}\n\n{END}{after}", encoding="utf-8", newline="\n")


def _speed(speed: Mapping[str, Any]) -> list[str]:
    ours, machine = speed["hearthlink"], speed["machine"]
    rows = [("`hearthlink run`, all of it", _span(ours["wall_s"], 2), _whole(ours["peak_mib"]), "", "")]
    rows += [
        (
            f"Splink, train and predict alone; u from {_pairs(each['pairs'])} pairs",
            _span(each["wall_s"], 2),
            _whole(each["peak_mib"]),
            _span(each["ratio"]["wall"], 2),
            _span(each["ratio"]["peak"], 2),
        )
        for each in speed["splink"]
    ]
    size, persons = speed["size"], speed["persons"]
    words = (
        f"{size['children']:,} children, {size['households']:,} benefit households with children, {size['months']} months; "
        f"{persons['child']:,} children and {persons['member']:,} household members linked; {_turns(speed['turns'])}. Median, "
        f"with least and most in brackets. {_machine(machine)}; {speed['threads']} DuckDB threads for each."
    )
    return [
        "## Beside Splink",
        words,
        _table(("", "wall, s", "peak memory, MiB", "ours to theirs, time", "ours to theirs, memory"), rows),
    ]


def _growth(sizes: Sequence[Mapping[str, Any]]) -> list[str]:
    by_factor = {size["factor"]: size for size in sizes}
    rows = [
        (
            f"{size['factor']} times",
            f"{size['children']:,}",
            f"{size['extracts_mib']:,.0f}",
            f"{size['made_s']:,.0f}",
            f"{size['made_peak_mib']:,.0f}",
            f"{size['run_s']:,.1f}",
            f"{size['run_peak_mib']:,.0f}",
            _grown(size, by_factor),
        )
        for size in sizes
    ]
    steps = list(sizes[0]["steps_s"])
    times = [(step, *(_seconds(size["steps_s"].get(step)) for size in sizes)) for step in steps]
    headings = (
        "size", "children", "extracts, MiB", "synthesis, s", "synthesis, MiB", "run, s", "run, MiB", "run's growth, time and memory",
    )  # fmt: skip
    standing = "; ".join(f"{size['factor']} times taken {size['taken']}, load {size['load']}" for size in sizes)
    words = (
        f"Synthesis works in {sizes[0]['made_processes']} processes and its memory is that of all of them together; "
        f"the run is one process. {standing}."
    )
    return [
        "## Growth with size",
        words,
        _table(headings, rows),
        "Seconds of each step (start is the interpreter's imports; a step's time holds what comes before it, such as hashing):",
        _table(("step", *(f"{size['factor']} times" for size in sizes)), times),
    ]


def _grown(size: Mapping[str, Any], by_factor: Mapping[int, Mapping[str, Any]]) -> str:
    smaller = [factor for factor in by_factor if factor < size["factor"]]
    if not smaller:
        return ""
    before = by_factor[max(smaller)]
    bigger = size["factor"] / before["factor"]
    time, memory = (size[name] / before[name] for name in ("run_s", "run_peak_mib"))
    return f"{time:.1f} and {memory:.1f} times, for {bigger:g} times"


def _machine(machine: Mapping[str, Any]) -> str:
    return f"{machine['cores']} cores, load {machine['load']} at the start, Python {machine['python']}, taken {machine['taken']}"


def _turns(count: int) -> str:
    return "1 turn" if count == 1 else f"{count} turns"


def _pairs(count: int) -> str:
    return f"{count // 10**6:,} million" if count >= 10**6 else f"{count:,}"


def _span(spread: Mapping[str, float], places: int) -> str:
    return f"{spread['median']:.{places}f} ({spread['least']:.{places}f} to {spread['most']:.{places}f})"


def _whole(spread: Mapping[str, float]) -> str:
    return _span(spread, 0)


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [headings, tuple("---" for _ in headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _seconds(taken: float | None) -> str:
    """Seconds, or a dash for a step that was not there when the size was last measured."""
    return "-" if taken is None else f"{taken:.2f}"
