"""Splink's own settings files, weighed by Splink 5, by Splink 4.0.16 and by us: the same pairs, levels, weights and probabilities.

The files are JSON and were saved by each version after training, or written by hand for what training seldom shows. Nothing is
built anew from a comparison library, since the same call makes other levels in another version.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from weighed_by_splink import OLDER, made_files, weighed

from hearthlink.engine import open_engine
from hearthlink.linkage.splink_json import read
from hearthlink.linkage.splink_score import score
from hearthlink.linkage.splink_settings import SplinkSettings

SAVED = Path(__file__).parent / "splink_saved"
FILES = sorted(path.stem for path in SAVED.glob("*.json"))
SAME = 1e-9
"""In bits, and in probability: all differ in is the order in which a few logarithms are added."""

VERSIONS = {"5.0.0": False, "4.0.16": True}
FURTHEST = math.log2(1e300)
"""Bits at which Splink 4 cuts a total off; 5 does not, nor do we."""

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """Weighed pairs: their ids, in order, and each column of figures along them."""

    pairs: list[Key]
    figures: Mapping[str, np.ndarray]


@pytest.fixture(scope="module")
def files() -> tuple[pa.Table, pa.Table]:
    """A left and a right file of made-up records."""
    return made_files(7, 90)


@pytest.fixture(scope="module", params=VERSIONS, ids=lambda version: f"splink-{version}")
def folder(
    request: pytest.FixtureRequest, files: tuple[pa.Table, pa.Table], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Every settings file weighed by one version of Splink."""
    older = VERSIONS[request.param]
    if older and not OLDER.is_dir():
        pytest.skip(
            "Splink 4.0.16 is not laid beside the environment; `python3 dev.py test` does so, and needs a network once"
        )
    made: Path = tmp_path_factory.mktemp("splink")
    for side, table in zip(("left", "right"), files, strict=True):
        pq.write_table(table, made / f"{side}.parquet")
    for name in FILES:
        shutil.copy(SAVED / f"{name}.json", made)
    assert weighed(made, older=older) == request.param
    return made


def settings_of(name: str) -> SplinkSettings:
    return read((SAVED / f"{name}.json").read_text(encoding="utf-8")).required(name)


def ours(name: str, files: tuple[pa.Table, pa.Table], pairs: pa.Table | None = None) -> Table:
    with open_engine(threads=2) as engine:
        return in_order(score(engine, settings_of(name), *files, pairs))


def theirs(path: Path) -> Table:
    """What Splink predicted; version 4 gives factors where 5 gives bits."""
    found = in_order(pq.read_table(path))
    bits = {n: v if not n.startswith("bf_") else np.log2(v) for n, v in found.figures.items()}
    return Table(found.pairs, {n.replace("bf_", "mw_", 1) if n.startswith("bf_") else n: v for n, v in bits.items()})


def in_order(table: pa.Table) -> Table:
    ordered = table.sort_by([("unique_id_l", "ascending"), ("unique_id_r", "ascending")])
    ids = (ordered.column(f"unique_id_{side}").to_pylist() for side in "lr")
    names = [n for n in ordered.column_names if n.startswith(("gamma_", "match_", "mw_", "bf_"))]
    figures = {n: np.array(ordered.column(n).to_pylist(), dtype=np.float64) for n in names}
    return Table(list(zip(*ids, strict=True)), figures)


@pytest.mark.parametrize("name", FILES)
def test_every_pair_weighs_the_same(name: str, folder: Path, files: tuple[pa.Table, pa.Table]) -> None:
    """The same candidate pairs by the same rule, and for each the same levels, weights, adjustments, total and probability."""
    mine, other = ours(name, files), theirs(folder / f"{name}.parquet")
    if np.abs(other.figures["match_weight"]).max() == FURTHEST:
        mine = replace(
            mine, figures={**mine.figures, "match_weight": mine.figures["match_weight"].clip(-FURTHEST, FURTHEST)}
        )
    assert mine.pairs == other.pairs
    assert len(mine.pairs) > 200
    for column, figures in mine.figures.items():
        exact = column.startswith("gamma_") or column == "match_key"
        assert np.abs(figures - other.figures[column]).max() <= (0 if exact else SAME), column
    parts = {n for n in other.figures if n.startswith(("gamma_", "mw_"))}
    assert parts == {n for n in mine.figures if n.startswith(("gamma_", "mw_"))}


@pytest.mark.parametrize("name", FILES)
def test_the_cases_reach_every_level(name: str, files: tuple[pa.Table, pa.Table]) -> None:
    """Among all pairs of the two files each level of each comparison is reached, and each adjustment adds something to some pair."""
    settings = settings_of(name)
    ids = [table.column("unique_id").to_pylist() for table in files]
    every = pa.table({"unique_id_l": [x for x in ids[0] for _ in ids[1]], "unique_id_r": ids[1] * len(ids[0])})
    found = ours(name, files, every)
    for comparison in settings.comparisons:
        assert set(comparison.numbers) == set(found.figures[f"gamma_{comparison.column}"].astype(int)), comparison.of
        for level, number in zip(comparison.levels, comparison.numbers, strict=True):
            if level.frequency is not None:
                at = found.figures[f"gamma_{comparison.column}"] == number
                assert np.any(found.figures[f"mw_tf_adj_{comparison.column}"][at] != 0.0), level.label


def test_pairs_given_by_their_ids_weigh_as_those_that_rules_find(files: tuple[pa.Table, pa.Table]) -> None:
    """The candidate pairs of a run, given back by their ids, have the weights they had; a pair given twice is weighed once."""
    name = "saved_by_5"
    whole = ours(name, files)
    left, right = zip(*whole.pairs[::3], strict=True)
    given = pa.table({"unique_id_l": [*left, left[0]], "unique_id_r": [*right, right[0]]})
    some = ours(name, files, given)
    assert some.pairs == whole.pairs[::3]
    assert np.array_equal(some.figures["match_weight"], whole.figures["match_weight"][::3])


def test_the_order_of_rows_makes_no_difference(files: tuple[pa.Table, pa.Table]) -> None:
    """Files turned upside down give the same pairs and the same figures to the last bit."""
    turned = tuple(table.take(list(range(table.num_rows))[::-1]) for table in files)
    once, again = ours("by_hand", files), ours("by_hand", (turned[0], turned[1]))
    assert once.pairs == again.pairs
    assert all(np.array_equal(figures, again.figures[name]) for name, figures in once.figures.items())


def test_the_comparisons_that_the_page_names_are_read_as_splink_makes_them() -> None:
    """Each comparison of Splink's library that docs/how-to/splink-settings.md says can be read is read, and those it refuses are refused."""
    import splink.comparison_library as cl

    page = (Path(__file__).parents[2] / "docs" / "how-to" / "splink-settings.md").read_text(encoding="utf-8")
    readable = [
        cl.ExactMatch("a").configure(term_frequency_adjustments=True), cl.NameComparison("a"),
        cl.ForenameSurnameComparison("a", "b"), cl.DateOfBirthComparison("a", input_is_string=True),
        cl.DateOfBirthComparison("a", input_is_string=False), cl.PostcodeComparison("a"), cl.EmailComparison("a"),
        cl.JaroAtThresholds("a"), cl.JaroWinklerAtThresholds("a"), cl.LevenshteinAtThresholds("a"), cl.DamerauLevenshteinAtThresholds("a"),
        cl.AbsoluteDateDifferenceAtThresholds("a", input_is_string=True, metrics=["day", "year"], thresholds=[3, 1]),
        cl.AbsoluteTimeDifferenceAtThresholds("a", input_is_string=False, metrics=["hour"], thresholds=[1]),
        cl.ArrayIntersectAtSizes("a"),
    ]  # fmt: skip
    unreadable = [
        cl.JaccardAtThresholds("a"), cl.DistanceInKMAtThresholds("a", "b", [1]), cl.CosineSimilarityAtThresholds("a"),
        cl.PairwiseStringDistanceFunctionAtThresholds("a", "levenshtein", [1]),
    ]  # fmt: skip
    for made in (*readable, *unreadable):
        given = {"link_type": "link_only", "comparisons": [made.create_comparison_dict("duckdb")]}
        refused = [refusal.sentence for refusal in read(json.dumps(given)).refusals]
        assert bool(refused) == (made in unreadable), (type(made).__name__, refused)
    assert all(f"`{type(made).__name__}`" in page for made in readable)
