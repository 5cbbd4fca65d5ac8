"""The SQL of the stages: one vocabulary, so that it can be carried to another engine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from vocabulary import fault_of, strange_words, words_of

from hearthlink.engine import Query, open_engine

SOURCE = Path(__file__).parents[2] / "src" / "hearthlink"
OUTSIDE = frozenset({"sources/mapping/database.py"})
"""Queries put to a council's own database in its own dialect, never to an engine of ours."""

A_QUERY = re.compile(r"\s*(SELECT|WITH|FROM)\s")


def written_queries() -> Iterator[tuple[str, str]]:
    """Every literal in the source that begins as a query does, with `slot` where a name is put in, and where it stands."""
    for file in sorted(SOURCE.rglob("*.py")):
        if file.relative_to(SOURCE).as_posix() in OUTSIDE:
            continue
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        pieces = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in nodes:
            text = None if id(node) in pieces else _text_of(node)
            if text and A_QUERY.match(text):
                yield f"{file.relative_to(SOURCE).as_posix()}:{getattr(node, 'lineno', 0)}", text


def _text_of(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "slot" for part in node.values)
    return None


def test_every_written_query_keeps_to_the_vocabulary() -> None:
    """No query written in the source calls a function that engine/functions.py does not list."""
    queries = list(written_queries())
    strange = {place: sorted(words - {"slot"}) for place, sql in queries if (words := strange_words(sql)) - {"slot"}}
    assert queries, "no query was found, so nothing was tested"
    assert strange == {}


CASES = (
    ("SELECT max(a), count(*) FROM t", {"max", "count"}),
    ("SELECT a FROM t WHERE b IN (1, 2) AND (c OR d)", set()),
    ("WITH x AS (SELECT 1 AS a) SELECT * FROM x", set()),
    ("SELECT * FROM (VALUES (1, 2)) AS v(a, b)", set()),
    ("SELECT row_number() OVER (PARTITION BY a ORDER BY b) FROM t", {"row_number"}),
    ("SELECT left(a, 1), a.upper() FROM t JOIN u USING (k)", {"left", "upper"}),
    ("SELECT CASE WHEN (a) THEN b END FROM t WHERE NOT EXISTS (SELECT 1)", set()),
    ("SELECT CAST(a AS DECIMAL(10, 2)), list_transform(b, z -> z + 1) FROM t", {"cast", "list_transform"}),
)


@pytest.mark.parametrize(("sql", "words"), CASES)
def test_the_words_of_a_query_are_the_functions_it_calls(sql: str, words: set[str]) -> None:
    """A word counts when it is called, not when it only stands before a bracket."""
    assert words_of(sql) == words


REFUSED = (
    ("SELECT hash(a) FROM t", "hash"),
    ("SELECT date_diff('month', a, b) FROM t", "MONTH"),
    ("CREATE TABLE t AS SELECT 1", "not a SELECT"),
    ("SELECT 1; SELECT 2", "cannot read"),
)


@pytest.mark.parametrize(("sql", "why"), REFUSED)
def test_what_differs_between_engines_is_refused(sql: str, why: str) -> None:
    """A word that means two things on two engines, or that is no query at all, does not pass."""
    assert why in (fault_of(sql) or "")


def test_days_between_dates_pass() -> None:
    """Counting in days means the same everywhere."""
    assert fault_of("SELECT date_diff('day', a, b) AS n FROM t") is None


def test_every_query_run_under_test_is_judged() -> None:
    """A query put together while a test runs is refused too, before the database sees it."""
    with open_engine() as engine, pytest.raises(AssertionError, match="hash"):
        engine.fetch(Query("planted", (), "SELECT hash(1) AS a"))
