"""The same file by DuckDB's bare CSV reader, every field as text: `job_read_shbe_duckdb.py FILE`. Prints its counts and seconds as JSON.

Every value is touched, by a hash of each column, and nothing is kept: that is reading and no more.
"""

from __future__ import annotations

import json
import sys
import time

import duckdb

FIELDS = 341


def main() -> None:
    """Read the file once and say how many records it held."""
    columns = "{" + ", ".join(f"'f{number}': 'VARCHAR'" for number in range(1, FIELDS + 1)) + "}"
    options = f"delim='|', header=false, quote='', escape='', auto_detect=false, columns={columns}, skip=1, ignore_errors=true"
    connection = duckdb.connect()
    begun = time.perf_counter()
    query = f"SELECT count(*), sum(hash(COLUMNS(*))) FROM read_csv(?, {options})"
    (records, *_) = connection.execute(query, [sys.argv[1]]).fetchall()[0]
    print(json.dumps({"seconds": time.perf_counter() - begun, "records": records}))


if __name__ == "__main__":
    main()
