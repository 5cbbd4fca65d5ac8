"""Every listed word of SQL, and the plain SQL around it, means one thing on both engines."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pyarrow as pa
import pytest
from word_cases import PLAIN, TABLE, WORDS, Case, query_of

from hearthlink.engine import VOCABULARY, Engine, Kind, Query, open_engine, require_engine
from hearthlink.errors import OurFault, WrongUse

# pyspark leaves a socket to be closed by the collector after each table it takes in.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


def opened(kind: Kind) -> Iterator[Engine]:
    """An engine over the made table; skips where this machine has no Spark."""
    try:
        require_engine(kind)
    except WrongUse as missing:
        pytest.skip(missing.what)
    with open_engine(kind=kind, threads=2, memory_gib=1) as engine:
        engine.put("t", TABLE)
        yield engine


@pytest.fixture(scope="module")
def duckdb() -> Iterator[Engine]:
    """DuckDB, which is always there."""
    yield from opened("duckdb")


@pytest.fixture(scope="module")
def spark() -> Iterator[Engine]:
    """Spark, where it is installed."""
    yield from opened("spark")


def answer(engine: Engine, asked: str) -> pa.Table:
    return engine.fetch(Query("answer", ("t",), query_of(asked)))


def rows(table: pa.Table) -> list[object]:
    """The rows of an answer: a value for each where there is one column, else a tuple."""
    found = [tuple(row.values()) for row in table.to_pylist()]
    return [row[0] if len(row) == 1 else row for row in found]


def close(expected: list[object]) -> list[object]:
    return [pytest.approx(value, rel=1e-15) if isinstance(value, float) else value for value in expected]


def test_every_listed_word_has_a_case() -> None:
    """No word is listed whose meaning is not tried."""
    assert {word for word, _, _ in WORDS} == set(VOCABULARY)


@pytest.mark.parametrize("case", [*WORDS, *PLAIN], ids=lambda case: f"{case[0]}: {case[1]}")
def test_a_word_gives_what_is_stated(duckdb: Engine, case: Case) -> None:
    """In DuckDB each word gives what its cases say."""
    _, asked, expected = case
    assert rows(answer(duckdb, asked)) == close(expected)


@pytest.mark.parametrize("case", [*WORDS, *PLAIN], ids=lambda case: f"{case[0]}: {case[1]}")
def test_spark_gives_the_same(duckdb: Engine, spark: Engine, case: Case) -> None:
    """In Spark each word gives DuckDB's values to the last bit, in columns of the same names and types."""
    ours, theirs = (answer(engine, case[1]) for engine in (duckdb, spark))
    assert theirs.schema.equals(ours.schema), (theirs.schema, ours.schema)
    assert [repr(row) for row in rows(theirs)] == [repr(row) for row in rows(ours)]


MEASURES = (
    "jaro_winkler_similarity",
    "jaro_similarity",
    "damerau_levenshtein",
    "levenshtein",
    "contains",
    "length",
    "left",
)
ALPHABETS = ("AB", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "AEIOU -'", "AÉßŁ日本", "0123456789-")


def pairs_of_texts(count: int) -> pa.Table:
    """Texts beside texts a few edits away, beside texts of their own, and beside nothing."""
    chance = random.Random(20)
    left: list[str | None] = []
    right: list[str | None] = []
    for number in range(count):
        letters = ALPHABETS[number % len(ALPHABETS)]
        text = [chance.choice(letters) for _ in range(chance.choice((0, 1, 2, 4, 5, 6, 8, 11, 70)))]
        other = list(text)
        for _ in range(chance.randint(0, 3)):
            place = chance.randint(0, len(other))
            other[place : place + chance.randint(0, 2)] = chance.choices(letters, k=chance.randint(0, 2))
        left.append("".join(text))
        right.append(None if chance.random() < 0.02 else "".join(other))
    return pa.table({"n": pa.array(range(count), pa.int64()), "l": left, "r": right})


def test_measures_of_text_agree_to_the_last_bit(duckdb: Engine, spark: Engine) -> None:
    """Over thousands of texts, letters beyond plain ones among them, both engines measure alike."""
    words = ", ".join(f"{word}(l, {'3' if word == 'left' else 'r'}) AS {word}" for word in MEASURES if word != "length")
    asked = Query("measured", ("pair",), f"SELECT n, length(l) AS length, {words} FROM pair ORDER BY n")
    found: list[pa.Table] = []
    for engine in (duckdb, spark):
        engine.put("pair", pairs_of_texts(20_000))
        found.append(engine.fetch(asked).combine_chunks())
        engine.drop("pair")
    assert found[0].equals(found[1])


def test_a_kept_table_comes_back_in_its_order(spark: Engine) -> None:
    """What a query put in order is taken out in that order, counted, and forgotten when it is dropped."""
    spark.put("many", pa.table({"k": pa.array(range(5_000), pa.int64())}))
    spark.run(Query("turned", ("many",), "SELECT (k * 7919) % 5000 AS k FROM many ORDER BY k DESC"))
    assert spark.count("turned") == 5_000
    assert spark.take("turned").column("k").to_pylist() == list(range(4_999, -1, -1))
    spark.drop("turned", "many")
    with pytest.raises(OurFault):
        spark.take("turned")


FAULTS = ("SELECT cast(concat(a, 'QUOTED') AS INTEGER) AS x FROM t", "SELECT QUOTED FROM t")


@pytest.mark.parametrize("sql", FAULTS)
@pytest.mark.parametrize("kind", ["duckdb", "spark"])
def test_a_fault_quotes_nothing(
    kind: str, sql: str, request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]
) -> None:
    """A query that fails says which and how, never a value, neither in its chain nor on the terminal."""
    engine: Engine = request.getfixturevalue(kind)
    with pytest.raises(OurFault) as fault:
        engine.fetch(Query("answer", ("t",), sql))
    assert "QUOTED" not in str(fault.value)
    assert fault.value.__cause__ is None
    assert fault.value.__context__ is None
    assert "".join(capfd.readouterr()) == ""


@pytest.mark.parametrize("sql", ["SELECT list(a) AS x FROM t", "SELECT list(a ORDER BY n DESC) AS x FROM t"])
def test_what_has_no_one_meaning_is_not_carried_to_spark(spark: Engine, sql: str) -> None:
    """A list whose order is not stated, or not ascending, is refused in Spark before it runs."""
    with pytest.raises(OurFault, match="order"):
        spark.fetch(Query("answer", ("t",), sql))
