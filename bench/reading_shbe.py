"""A monthly Housing Benefit extract of so many claims, read by Hearthlink and by DuckDB's bare CSV reader, in turns, on the same file."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from bench.measure import cost_of

HERE = Path(__file__).resolve().parent
FIELDS = 341
BLOCK = 20_000
CLAIM = {
    5: "MS", 9: "1", 12: "4", 13: "2", 14: "0", 21: "0", 33: "1", 34: "1", 35: "01-03-2017", 37: "01-03-2017", 41: "06-03-2017", 42: "0",
    43: "9000", 50: "9000", 53: "1", 57: "12000", 68: "12000", 70: "0", 75: "0", 76: "12345", 84: "3420", 98: "5000", 123: "0", 177: "F",
    181: "12000", 182: "1", 220: "01-03-2017", 241: "16", 247: "99", 274: "MADE UP", 278: "2",
}  # fmt: skip
DEPENDANTS = (0, 1, 1, 2, 2, 3)


def measure(scratch: Path, claims: int, *, turns: int, within: dict[str, str]) -> dict[str, Any]:
    """Median seconds of each, peak memory in MiB, the records, and the ratio of the medians."""
    path = scratch / "SHBE_201906.txt"
    write_month(path, claims)
    jobs = {name: [str(HERE / f"job_read_shbe_{name}.py"), str(path)] for name in ("ours", "duckdb")}
    told: dict[str, list[tuple[float, float]]] = {name: [] for name in jobs}
    records = 0
    for _ in range(turns):
        for name, command in jobs.items():
            cost = cost_of(command, within=within)
            said = json.loads(cost.printed)
            told[name].append((said["seconds"], cost.peak))
            records = max(records, said["records"])
    size = path.stat().st_size
    path.unlink()
    seconds = {name: median(each[0] for each in runs) for name, runs in told.items()}
    peak = {name: max(each[1] for each in runs) for name, runs in told.items()}
    ratio = seconds["ours"] / seconds["duckdb"]
    return {
        "claims": claims,
        "records": records,
        "bytes": size,
        "seconds": seconds,
        "peak": peak,
        "ratio": ratio,
        "turns": turns,
    }


def write_month(path: Path, claims: int) -> None:
    """A month of made-up records: names are letters and figures, and nobody is anybody."""
    random = Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write("H|MADE-UP|30-06-2019|1\n")
        records = 0
        for first in range(0, claims, BLOCK):
            lines = [line for number in range(first, min(first + BLOCK, claims)) for line in _household(random, number)]
            file.write("\n".join(lines) + "\n")
            records += len(lines)
        file.write(f"Z|{claims}|{records - claims}|{records + 2}\n")


def _household(random: Random, number: int) -> list[str]:
    refs = {2: f"6{number:09d}", 3: f"3{number * 7919 % 1_000_000_007:010d}"}
    surname = f"SURNAME{random.randrange(9999)}"
    claim = {
        **CLAIM, **refs, 4: f"QQ{random.randrange(1_000_000):06}A", 6: surname, 7: f"FORENAME{random.randrange(999)}",
        8: _day(random, 1950, 2000), 10: f"{random.randrange(200)} STREET {random.randrange(9999)}", 11: f"ZZ{random.randrange(99)} 1AA",
    }  # fmt: skip
    children = [
        {
            **refs, 308: "1", 309: f"{number}{place:02}", 310: "06-03-2017", 313: surname, 314: f"FORENAME{random.randrange(999)}",
            315: _day(random, 2001, 2019),
        }
        for place in range(random.choice(DEPENDANTS))
    ]  # fmt: skip
    return [_record("D", claim), *(_record("S", child) for child in children)]


def _day(random: Random, first: int, last: int) -> str:
    return f"{random.randrange(1, 29):02}-{random.randrange(1, 13):02}-{random.randrange(first, last)}"


def _record(kind: str, held: dict[int, str]) -> str:
    return "|".join([kind, *(held.get(number, "") for number in range(2, FIELDS + 1))])
