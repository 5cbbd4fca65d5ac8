"""Splink on a set, in a process of its own: `job_peer_splink.py FOLDER demo|expert THREADS OUT`.

FOLDER holds child.parquet and member.parquet as `accuracy_sets.for_peers` makes them. `demo` trains as Splink's demonstration of
linking two data sets does: m by EM on the birth date and on the address or postcode, u from a million random pairs. `expert` learns m
on blocks that brothers and sisters do not share (forename with something else), u from ten million, and blocks more widely.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

folder, style, threads, out = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])
connection = duckdb.connect()
connection.execute(f"SET threads = {threads}")
tables = {side: connection.read_parquet(str(folder / f"{side}.parquet")) for side in ("child", "member")}
fields = ("forename", "surname", "dob", "sex", "initial", "address", "postcode")


def first(relation: duckdb.DuckDBPyRelation) -> float:
    """The one figure of a relation; nought where it is empty."""
    found = relation.limit(1).fetchall()
    return float(found[0][0] or 0) if found else 0.0


def filled(name: str) -> bool:
    """The column says something on both sides."""
    return all(first(table.aggregate(f"count({name})")) > 0 for table in tables.values())


def is_dates() -> bool:
    """Most birth dates are dates."""
    return (
        first(tables["member"].aggregate("avg((try_cast(dob AS DATE) IS NOT NULL)::INT) FILTER (dob IS NOT NULL)"))
        > 0.5
    )


def widely(name: str) -> bool:
    """The column tells places apart: no value holds more than one row in fifty."""
    most = first(tables["member"].filter(f"{name} IS NOT NULL").aggregate("count(*) AS n", name).aggregate("max(n)"))
    return 0 < most * 50 < rows


rows = first(tables["member"].aggregate("count(*)"))
there = [name for name in fields if filled(name)]
british = (
    "postcode" in there
    and first(tables["member"].aggregate("avg(regexp_matches(postcode, '^[A-Z]{1,2}[0-9]')::INT)")) > 0.5
)
comparison = {
    "forename": cl.NameComparison("forename"),
    "surname": cl.NameComparison("surname"),
    "dob": cl.DateOfBirthComparison("dob", input_is_string=True) if is_dates() else cl.ExactMatch("dob"),
    "sex": cl.ExactMatch("sex"),
    "initial": cl.ExactMatch("initial"),
    "address": cl.JaroWinklerAtThresholds("address", [0.95, 0.88]).configure(term_frequency_adjustments=True),
    "postcode": cl.PostcodeComparison("postcode") if british else cl.ExactMatch("postcode"),
}
rules = {
    "demo": [["dob"], ["forename", "surname"], ["address"], ["surname", "postcode"], ["postcode"]],
    "expert": [
        ["dob"],
        ["forename", "surname"],
        ["address"],
        ["forename", "postcode"],
        ["surname", "postcode"],
        ["forename", "dob"],
    ],
}[style]
blocks = [rule for rule in rules if set(rule) <= set(there) and (len(rule) > 1 or widely(rule[0]))]
place = "postcode" if "postcode" in there and widely("postcode") else "address"
learnt = {
    "demo": [["dob"], [place]] if "dob" in there and widely("dob") else [["forename", "surname"], [place]],
    "expert": [["forename", "surname"], ["forename", "dob"] if "dob" in there else ["forename", place]],
}[style]
sure = [["forename", "surname", "dob"]] if "dob" in there else [["forename", "surname", place]]
database = DuckDBAPI(connection)
sides = [
    database.register(table.project("person_id AS unique_id, " + ", ".join(there)), dataset_display_name=side)
    for side, table in tables.items()
]
settings = SettingsCreator(
    link_type="link_only",
    blocking_rules_to_generate_predictions=[block_on(*rule) for rule in blocks],
    comparisons=[comparison[name] for name in there],
)
linker = Linker(sides, settings, log_level=logging.ERROR)
linker.training.estimate_probability_two_random_records_match([block_on(*rule) for rule in sure], recall=0.7)
linker.training.estimate_u_using_random_sampling(max_pairs={"demo": 1e6, "expert": 1e7}[style], seed=1)
for rule in learnt:
    linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
predicted = linker.inference.predict(threshold_match_probability=0.0001)
found = predicted.as_duckdbpyrelation()
connection.execute("SET threads = 1")
side = found.project("source_dataset_l").limit(1).fetchall()
left, right = ("l", "r") if not side or side[0][0] == "child" else ("r", "l")
found.project(
    f"unique_id_{left} AS child, unique_id_{right} AS member, 1 / (1 + 2.0 ** -match_weight) AS probability, match_weight AS weight"
).write_parquet(str(out))
print(json.dumps({"pairs": first(found.aggregate("count(*)")), "fields": there, "blocks": blocks, "learnt": learnt}))
