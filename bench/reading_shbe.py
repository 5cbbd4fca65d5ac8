"""A monthly Housing Benefit extract of a million claims, for the benchmark of reading: records made up by chance, of nobody."""

from __future__ import annotations

from pathlib import Path
from random import Random

from bench.reading_material import Aim, Material

CLAIMS = 1_000_000
LARGEST = 1600
FIELDS = 341
BLOCK = 20_000
CLAIM = {
    5: "MS", 9: "1", 12: "4", 13: "2", 14: "0", 21: "0", 33: "1", 34: "1", 35: "01-03-2017", 37: "01-03-2017", 41: "06-03-2017", 42: "0",
    43: "9000", 50: "9000", 53: "1", 57: "12000", 68: "12000", 70: "0", 75: "0", 76: "12345", 84: "3420", 98: "5000", 123: "0", 177: "F",
    181: "12000", 182: "1", 220: "01-03-2017", 241: "16", 247: "99", 274: "MADE UP", 278: "2",
}  # fmt: skip
DEPENDANTS = (0, 1, 1, 2, 2, 3)


def make(folder: Path, records: int, within: dict[str, str]) -> tuple[Path, dict[str, int]]:
    """A month of so many claims and the people in them."""
    _ = within
    path = folder / "SHBE_201906.txt"
    held = write_month(path, records)
    return path, {"claims": records, "records": held, "bytes": path.stat().st_size}


def write_month(path: Path, claims: int) -> int:
    """A month of made-up records: names are letters and figures, and nobody is anybody. Gives how many records there are."""
    random = Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write("H|MADE-UP|30-06-2019|1\n")
        records = 0
        for first in range(0, claims, BLOCK):
            lines = [line for number in range(first, min(first + BLOCK, claims)) for line in _household(random, number)]
            file.write("\n".join(lines) + "\n")
            records += len(lines)
        file.write(f"Z|{claims}|{records - claims}|{records + 2}\n")
    return records


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


MATERIAL = Material(
    "shbe",
    "A month of the Single Housing Benefit Extract, 341 fields a record, made up by chance",
    CLAIMS,
    make,
    {
        "ours": ("job_read_shbe.py", "ours"),
        "DuckDB, bare read of every field as text": ("job_read_shbe.py", "duckdb"),
    },
    (Aim("ours", "DuckDB, bare read of every field as text", 3.0), Aim("ours", None, LARGEST)),
)
