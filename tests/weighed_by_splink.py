"""Pairs weighed by Splink itself, whichever version the Python that runs this finds: called as a program, so that two can be asked.

`python weighed_by_splink.py FOLDER`, where the folder holds left.parquet, right.parquet and settings as *.json; for each of these it
writes what Splink predicts, every column of it, beside it as *.parquet. It prints the version.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

OLDER = Path(sys.prefix) / "peers" / "splink4"
"""Where dev.py lays the older Splink."""


def made_files(seed: int, rows: int) -> tuple[pa.Table, pa.Table]:
    """Two files of made-up records of every type that settings compare, some of them one person's, with slips and gaps."""
    draw = random.Random(seed)
    letters = "ABCDE"

    def name(longest: int) -> str:
        return "".join(draw.choice(letters) for _ in range(draw.randint(3, longest)))

    forenames, surnames = [name(6) for _ in range(25)], [name(8) for _ in range(40)]

    def person() -> dict[str, Any]:
        born = date(2003, 1, 1) + timedelta(days=draw.randint(0, 6000))
        return {
            "forename": draw.choice(forenames),
            "surname": draw.choice(surnames),
            "born": born,
            "postcode": f"{draw.choice(['AB', 'C'])}{draw.randint(1, 3)} {draw.randint(1, 3)}{draw.choice(letters)}{draw.choice(letters)}",
            "sex": draw.choice(("F", "M", "F", "M", None)),
            "email": f"{name(4).lower()}@{name(3).lower()}",
            "codes": sorted({draw.randint(1, 9) for _ in range(draw.randint(0, 4))}),
            "amount": draw.randint(1, 400) / 4,
        }

    def slipped(row: Mapping[str, Any]) -> dict[str, object]:
        made = dict(row)
        for column in ("forename", "surname", "postcode", "email"):
            text = str(made[column])
            place = draw.randrange(len(text))
            chance = draw.random()
            if chance < 0.2:
                made[column] = text[:place] + draw.choice(letters) + text[place + 1 :]
            elif chance < 0.3 and place:
                made[column] = text[: place - 1] + text[place] + text[place - 1] + text[place + 1 :]
            elif chance < 0.4:
                made[column] = None
        if draw.random() < 0.1:
            made["forename"], made["surname"] = made["surname"], made["forename"]
        if draw.random() < 0.3:
            made["born"] = (
                None if draw.random() < 0.3 else row["born"] + timedelta(days=draw.choice([1, 9, 31, 200, 400]))
            )
        made["codes"] = None if draw.random() < 0.1 else made["codes"]
        made["amount"] = (
            made["amount"] if draw.random() < 0.5 else None if draw.random() < 0.2 else draw.randint(1, 400) / 4
        )
        return made

    shared = [person() for _ in range(rows // 2)]
    files: list[pa.Table] = []
    for side, more in (("L", rows), ("R", rows + 30)):
        given = [slipped(row) for row in (*shared, *(person() for _ in range(more - len(shared))))]
        for number, row in enumerate(given):
            born = row["born"]
            text = "not known" if draw.random() < 0.02 else None if born is None else str(born)
            row |= {"unique_id": f"{side}{number}", "dob": text}
        files.append(pa.Table.from_pylist(given))
    return files[0], files[1]


def weighed(folder: Path, *, older: bool) -> str:
    """Have every settings file of a folder weighed by the Splink installed or by the older one; its version."""
    surroundings = os.environ | ({"PYTHONPATH": str(OLDER)} if older else {})
    done = subprocess.run(
        [sys.executable, __file__, str(folder)], env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-1]


def main(folder: Path) -> None:
    """Weigh by every settings file of a folder."""
    import logging
    import warnings

    import duckdb
    import splink

    warnings.simplefilter("ignore")
    logging.disable()
    tables = {f"{side}_file": pq.read_table(folder / f"{side}.parquet") for side in ("left", "right")}
    for path in sorted(folder.glob("*.json")):
        api = splink.DuckDBAPI(connection=duckdb.connect(":memory:"))
        settings = json.loads(path.read_text(encoding="utf-8")) | {"retain_intermediate_calculation_columns": True}
        if splink.__version__.startswith("4."):
            settings.pop("match_weight_column_prefix", None)  # 5 writes it, and 4 stops at what it does not know
            linker = splink.Linker(list(tables.values()), settings, db_api=api, input_table_aliases=list(tables))  # type: ignore[call-arg]
        else:
            registered = [api.register(table, dataset_display_name=side) for side, table in tables.items()]
            linker = splink.Linker(registered, settings)
        predicted = linker.inference.predict()
        rows = api._con.sql(f"SELECT * FROM {predicted.physical_name}").to_arrow_table()
        pq.write_table(rows, path.with_suffix(".parquet"))
    sys.stdout.write(splink.__version__)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
