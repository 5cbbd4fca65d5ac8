"""The words that Spark lacks or means otherwise, as Arrow functions that give DuckDB's values to the last bit.

Spark calls these in its Python workers. DuckDB compares texts by their bytes in UTF-8, and so do these. Its edit distances are
whole numbers that rapidfuzz gives the same. Its Jaro-Winkler is not asked of rapidfuzz: whether the bonus for a common prefix is
added with one rounding or two hangs on how DuckDB was compiled, and names that differ in one letter of five lie on a round figure.
So DuckDB itself is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein, Levenshtein

Wholes = np.ndarray[tuple[int], np.dtype[np.int64]]


def jaro_winkler_similarity(left: pa.Array, right: pa.Array) -> pa.Array:
    """Jaro-Winkler similarity of each pair, 0 to 1; two empty texts are 0 alike, as DuckDB has it."""
    return _asked("jaro_winkler_similarity(l, r)", left, right)


def jaro_similarity(left: pa.Array, right: pa.Array) -> pa.Array:
    """Jaro similarity of each pair, 0 to 1; two empty texts are 0 alike."""
    return _asked("jaro_similarity(l, r)", left, right)


def try_strptime(text: pa.Array, form: pa.Array) -> pa.Array:
    """Each text read as a time in the one form that is stated, missing where it does not fit. Spark reads dates by other rules."""
    (stated,) = pc.unique(form).to_pylist() or [""]
    quoted = stated.replace("'", "''")
    return _asked(f"try_strptime(l, '{quoted}')", text, form)


def damerau_levenshtein(left: pa.Array, right: pa.Array) -> pa.Array:
    """Unrestricted Damerau-Levenshtein distance of each pair, in bytes."""
    return _edits(left, right, partial(process.cpdist, scorer=DamerauLevenshtein.distance, dtype=np.int64))


def levenshtein(left: pa.Array, right: pa.Array) -> pa.Array:
    """Levenshtein distance of each pair, in bytes. Spark's own counts letters."""
    return _edits(left, right, partial(process.cpdist, scorer=Levenshtein.distance, dtype=np.int64))


def _edits(left: pa.Array, right: pa.Array, count: Callable[[list[bytes], list[bytes]], Wholes]) -> pa.Array:
    """What `count` gives for each pair of texts in bytes; missing where either is."""
    unknown = pc.or_(pc.is_null(left), pc.is_null(right))
    sides = [pc.fill_null(side, "").cast(pa.binary()).to_pylist() for side in (left, right)]
    return pa.array(count(sides[0], sides[1]), pa.int64(), mask=unknown.to_numpy(zero_copy_only=False))


def _asked(words: str, left: pa.Array, right: pa.Array) -> pa.Array:
    """What DuckDB says of each pair `l` and `r`."""
    connection = _duckdb()
    connection.register("pair", pa.table({"l": left, "r": right}))
    answer = connection.sql(f"SELECT {words} AS value FROM pair").to_arrow_table()
    connection.unregister("pair")
    return answer.column("value").combine_chunks()


@cache
def _duckdb() -> duckdb.DuckDBPyConnection:
    """One connection for the life of a worker, which touches no file."""
    connection = duckdb.connect(
        ":memory:",
        config={"threads": 1, "autoinstall_known_extensions": "false", "autoload_known_extensions": "false"},
    )
    for setting in ("temp_directory = ''", "enable_external_access = false", "lock_configuration = true"):
        connection.execute(f"SET {setting}")
    return connection


MEASURES = {
    "jaro_similarity": (jaro_similarity, "double"),
    "jaro_winkler_similarity": (jaro_winkler_similarity, "double"),
    "damerau_levenshtein": (damerau_levenshtein, "bigint"),
    "levenshtein": (levenshtein, "bigint"),
    "try_strptime": (try_strptime, "timestamp_ntz"),
}
"""Each word with its function and the type of its values. In Spark it is called with `OURS` before it."""

OURS = "hearthlink_"
