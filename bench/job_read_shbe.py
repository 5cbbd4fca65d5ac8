"""A monthly Housing Benefit extract read once, in a process of its own: `job_read_shbe.py ours|duckdb FILE`.

`ours` reads it as `receive` does; `duckdb` by the bare CSV reader, every field as text and every value touched by a hash, and nothing kept.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import duckdb
from own_peak import own_peak

from hearthlink.sources.claims.shbe import read_month

FIELDS = 341


def ours(path: Path) -> tuple[float, int]:
    """Seconds, and how many records were read."""
    begun = time.perf_counter()
    month = read_month(path, nino_key=(3, 5))
    return time.perf_counter() - begun, month.tally.rows_in


def bare(path: Path) -> tuple[float, int]:
    """The same by DuckDB."""
    columns = "{" + ", ".join(f"'f{number}': 'VARCHAR'" for number in range(1, FIELDS + 1)) + "}"
    options = f"delim='|', header=false, quote='', escape='', auto_detect=false, columns={columns}, skip=1, ignore_errors=true"
    connection = duckdb.connect()
    begun = time.perf_counter()
    query = f"SELECT count(*), sum(hash(COLUMNS(*))) FROM read_csv(?, {options})"
    (records, *_) = connection.execute(query, [str(path)]).fetchall()[0]
    return time.perf_counter() - begun, int(records)


who, file = sys.argv[1:3]
seconds, records = (ours if who == "ours" else bare)(Path(file))
print(json.dumps({"seconds": seconds, "peak": own_peak(), "records": records}))
