"""Splink's train and predict, in a process of its own: `job_splink.py FOLDER PAIRS THREADS`.

The model is put together as in Splink's demonstration of linking two datasets, on the columns that there are: names by
Jaro-Winkler, birth date, sex, postcode, house number. u comes from random sampling of at most PAIRS pairs, m from EM on two
blocking rules, and pairs over a match probability of 0.01 are predicted. FOLDER holds child.parquet and member.parquet.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

from hidden import hide

hide()

import duckdb  # noqa: E402 - what is hidden must be hidden before anything is imported
import splink.comparison_library as cl  # noqa: E402
from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: E402

folder, pairs, threads = Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
connection = duckdb.connect()
connection.execute(f"SET threads = {threads}")
database = DuckDBAPI(connection)
sides = [
    database.register(connection.read_parquet(str(folder / f"{side}.parquet")), dataset_display_name=side)
    for side in ("child", "member")
]
settings = SettingsCreator(
    link_type="link_only",
    blocking_rules_to_generate_predictions=[
        block_on("dob", "first_name"),
        block_on("dob", "surname"),
        block_on("first_name", "surname"),
        block_on("postcode", "house"),
        block_on("postcode", "first_name"),
    ],
    comparisons=[
        cl.NameComparison("first_name"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.ExactMatch("sex"),
        cl.PostcodeComparison("postcode"),
        cl.ExactMatch("house"),
    ],
)
linker = Linker(sides, settings, log_level=logging.ERROR)
linker.training.estimate_probability_two_random_records_match([block_on("first_name", "surname", "dob")], recall=0.7)
linker.training.estimate_u_using_random_sampling(max_pairs=pairs, seed=1)
linker.training.estimate_parameters_using_expectation_maximisation(block_on("dob"))
linker.training.estimate_parameters_using_expectation_maximisation(block_on("first_name", "surname"))
predicted = linker.inference.predict(threshold_match_probability=0.01)
print(json.dumps({"predicted": predicted.as_duckdbpyrelation().count("*").fetchall()[0][0]}))
