"""Which words a query uses beyond plain SQL, so that one which is not in the engine's vocabulary can be refused."""

from __future__ import annotations

from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import Token

from hearthlink.engine import VOCABULARY

STRUCTURE = frozenset(
    "ALL AND ANY AS BETWEEN BY CASE DISTINCT ELSE EXCEPT EXISTS FILTER FROM GROUP HAVING IN INTERSECT JOIN LATERAL LIMIT MATERIALIZED"
    " NOT ON OR OVER PARTITION QUALIFY SELECT THEN UNION USING VALUES WHEN WHERE WITH".split()
)
"""Words of plain SQL that may stand before a bracket without being a function."""

TYPES = frozenset("DECIMAL STRUCT VARCHAR".split())


def words_of(sql: str) -> frozenset[str]:
    """Every word that stands before a bracket and is neither structure, a type, nor the name of a list of columns."""
    tokens = sqlglot.tokenize(sql, dialect="duckdb")
    return frozenset(
        word.text.lower()
        for before, word, bracket in zip([None, *tokens], tokens, tokens[1:], strict=False)
        if bracket.text == "(" and _is_function(before, word)
    )


def _is_function(before: Token | None, word: Token) -> bool:
    text = word.text.upper()
    if not text.replace("_", "").isalnum() or text[0].isdigit() or text in STRUCTURE | TYPES:
        return False
    names_columns = before is not None and (before.text.upper() in {"AS", "WITH", "RECURSIVE"} or before.text == ")")
    return not names_columns


def strange_words(sql: str) -> frozenset[str]:
    """The words of a query that the engine's vocabulary does not list."""
    return words_of(sql) - VOCABULARY.keys()


@cache
def fault_of(sql: str) -> str | None:
    """Why a query may not be run, or None: it must be one SELECT that sqlglot reads, in listed words, and count dates in days."""
    try:
        (tree,) = sqlglot.parse(sql, dialect="duckdb")
    except (ParseError, TokenError, ValueError) as fault:
        return f"sqlglot cannot read it as one statement ({type(fault).__name__})"
    if not isinstance(tree, exp.Query):
        return "it is not a SELECT"
    strange = strange_words(sql)
    if strange:
        return f"words not in engine/functions.py: {', '.join(sorted(strange))}"
    units = {str(each.args.get("unit") or "DAY").upper() for each in tree.find_all(exp.DateDiff)}
    return f"date_diff in {', '.join(sorted(units - {'DAY'}))}" if units - {"DAY"} else None
