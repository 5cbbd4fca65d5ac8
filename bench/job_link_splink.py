"""Splink's train and predict, in a process of its own: `job_link_splink.py FOLDER OUT tight|birth THREADS`.

The model is put together as in Splink's demonstration of linking two datasets: its own comparisons for names, birth dates and postcodes;
the prior from an exact rule, u from a million random pairs, m by EM on two blocks. `tight`: blocking rules of two fields each. `birth`: a
birth date alone among them. The best prediction of each child goes to OUT, whatever its probability.
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

folder, out, style, threads = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
RULES = {
    "tight": [
        ("dob", "first_name"),
        ("dob", "surname"),
        ("first_name", "surname"),
        ("postcode", "house"),
        ("postcode", "first_name"),
    ],
    "birth": [("dob",), ("first_name", "surname"), ("postcode", "house")],
}
RANDOM_PAIRS = 1e6
connection = duckdb.connect()
connection.execute(f"SET threads = {threads}")
database = DuckDBAPI(connection)
columns = "unique_id, first_name, surname, dob, sex, postcode, house"
sides = [
    database.register(
        connection.sql(f"SELECT {columns} FROM read_parquet('{folder / f'{side}.parquet'}')"), dataset_display_name=side
    )
    for side in ("child", "member")
]
settings = SettingsCreator(
    link_type="link_only",
    blocking_rules_to_generate_predictions=[block_on(*rule) for rule in RULES[style]],
    comparisons=[
        cl.NameComparison("first_name"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.ExactMatch("sex"),
        cl.PostcodeComparison("postcode"),
        cl.ExactMatch("house"),
    ],
    retain_intermediate_calculation_columns=False,
    retain_matching_columns=False,
)
linker = Linker(sides, settings, log_level=logging.ERROR)
linker.training.estimate_probability_two_random_records_match([block_on("first_name", "surname", "dob")], recall=0.7)
linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=1)
linker.training.estimate_parameters_using_expectation_maximisation(block_on("dob"))
linker.training.estimate_parameters_using_expectation_maximisation(block_on("first_name", "surname"))
predicted = linker.inference.predict().as_duckdbpyrelation()
best = connection.sql(
    """
    SELECT child, arg_max(member, (probability, -member)) AS member, max(probability) AS probability
    FROM (SELECT CASE WHEN source_dataset_l = 'child' THEN unique_id_l ELSE unique_id_r END AS child,
                 CASE WHEN source_dataset_l = 'child' THEN unique_id_r ELSE unique_id_l END AS member,
                 match_probability AS probability FROM predicted)
    GROUP BY child
    """
)
best.write_parquet(str(out))
print(json.dumps({"pairs": predicted.aggregate("count(*)").fetchall()[0][0]}))
