"""The floor, in a process of its own: `job_link_floor.py FOLDER OUT THREADS`. A plain cascade of exact rules in DuckDB.

Each rule in turn links the children whom no rule before it found to the first member that agrees on every key, and no more is asked.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from hidden import hide

hide()

import duckdb  # noqa: E402 - what is hidden must be hidden before anything is imported

folder, out, threads = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
CASCADE = (
    ("first_name", "surname", "dob", "sex", "postcode"),
    ("first_name", "surname", "dob", "sex"),
    ("first_name", "surname", "dob"),
    ("first_name", "surname", "postcode", "house"),
    ("first_name", "dob", "postcode"),
    ("surname", "dob", "postcode", "house"),
    ("first_name", "dob", "sex", "house"),
)
connection = duckdb.connect()
connection.execute(f"SET threads = {threads}")
for side in ("child", "member"):
    connection.execute(
        f"CREATE TABLE {side} AS SELECT * EXCLUDE (record, household) FROM read_parquet('{folder / side}.parquet')"
    )
connection.execute("CREATE TABLE found (child BIGINT, member BIGINT, probability DOUBLE)")
for number, keys in enumerate(CASCADE):
    connection.execute(
        f"""
        INSERT INTO found
        SELECT l.unique_id, min(r.unique_id), {1.0 - 0.1 * number}
        FROM child AS l JOIN member AS r USING ({", ".join(keys)})
        WHERE l.unique_id NOT IN (SELECT child FROM found) GROUP BY l.unique_id
        """
    )
connection.execute(f"COPY found TO '{out}' (FORMAT parquet)")
print(json.dumps({"pairs": connection.execute("SELECT count(*) FROM found").fetchall()[0][0]}))
