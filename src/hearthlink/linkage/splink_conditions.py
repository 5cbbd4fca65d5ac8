"""Conditions on a pair, carried between Splink's words and ours: the part of SQL that both can say, and a refusal by name for the rest.

Splink writes a column of the left record as `surname_l` in a comparison and as `l.surname` in a blocking rule; here it is always
`l.surname`. Every other word is spelt alike, so one reader serves both ways: it goes through the parsed condition, takes only what
it knows, and writes it out again from what it took. Nothing of the text it was given is passed on unread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from hearthlink.errors import WrongUse

NUMBER = re.compile(r"\d+(\.\d+)?([eE][+-]?\d+)?")
FORMAT = re.compile(r"(%[YymdbBHMS]|[ \-/.,:TZ])+")
SUFFIX = re.compile(r"(.+)_([lr])", re.IGNORECASE | re.DOTALL)
USE_INSTEAD = (
    "Rewrite the level with equality, jaro_similarity, jaro_winkler_similarity, levenshtein, damerau_levenshtein, a difference of"
    " dates in days or seconds, substring, AND, OR or NOT; docs/how-to/splink-settings.md lists all that is known."
)

BETWEEN_SIDES: dict[type[exp.Expr], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=", exp.And: "AND", exp.Or: "OR",
    exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.DPipe: "||", exp.NullSafeEQ: "IS NOT DISTINCT FROM",
}  # fmt: skip

CALLED: dict[type[exp.Expr], tuple[str, tuple[str, ...]]] = {
    exp.Levenshtein: ("levenshtein", ("this", "expression")),
    exp.JarowinklerSimilarity: ("jaro_winkler_similarity", ("this", "expression")),
    exp.Abs: ("abs", ("this",)),
    exp.Lower: ("lower", ("this",)),
    exp.Upper: ("upper", ("this",)),
    exp.Trim: ("trim", ("this",)),
    exp.Length: ("length", ("this",)),
    exp.Left: ("left", ("this", "expression")),
    exp.Right: ("right", ("this", "expression")),
    exp.Substring: ("substring", ("this", "start", "length")),
    exp.Nullif: ("nullif", ("this", "expression")),
    exp.Coalesce: ("coalesce", ("this", "expressions")),
    exp.Greatest: ("greatest", ("this", "expressions")),
    exp.Least: ("least", ("this", "expressions")),
    exp.Contains: ("contains", ("this", "expression")),
    exp.Year: ("year", ("this",)),
    exp.Month: ("month", ("this",)),
    exp.Day: ("day", ("this",)),
    exp.TimeToUnix: ("epoch", ("this",)),
    exp.RegexpExtract: ("regexp_extract", ("this", "expression", "group")),
    exp.ArraySize: ("array_length", ("this",)),
}
"""Functions that the parser knows by kind: the engine's word, and which parts of the parsed call are its arguments, in order."""

NAMED = {
    "damerau_levenshtein": 2,
    "jaro_similarity": 2,
    "jaro_winkler_similarity": 2,
    "try_strptime": 2,
    "list_intersect": 2,
}
"""Functions that the parser knows by name alone, with the number of their arguments."""

HARMLESS = {"safe", "null_if_pos_overflow", "ignore_nulls", "typed", "coalesce", "safe_mode"}
"""What the parser notes about a call that changes nothing on DuckDB."""

Read = Callable[[exp.Column], tuple[str, str]]
Write = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition carried over: its SQL, the columns it looks at, those it needs as dates, and the column whose equality it is, if any."""

    sql: str
    columns: frozenset[str]
    dates: frozenset[str]
    exact: str | None


def of_comparison(sql: str) -> Condition:
    """A level's condition, as Splink has it, in the engine's words. Raises WrongUse that names what cannot be said."""
    return _carried(sql, _suffixed, aliased)


def of_blocking_rule(sql: str) -> Condition:
    """A blocking rule, as Splink has it, in the engine's words. Raises WrongUse that names what cannot be said."""
    return _carried(sql, _by_alias, aliased)


def as_comparison(sql: str, derived: Mapping[tuple[str, str], str] | None = None) -> str:
    """A condition in the engine's words as Splink writes it in a level.

    `derived` gives, for a name and its table, the SQL in Splink's words of what no record holds as a column. Raises WrongUse for a
    name of another table that it does not give.
    """
    given = derived or {}

    def write(name: str, side: str) -> str:
        if (name, side) in given:
            return given[name, side]
        if side not in {"l", "r"}:
            raise WrongUse(f"{side}.{name} is worked out between two records, and Splink has no word for it.")
        return quoted(f"{name}_{side}")

    return _carried(sql, _by_any_alias, write).sql


def aliased(name: str, side: str) -> str:
    """A column of the left or right record as the engine takes it."""
    return f"{side}.{quoted(name)}"


def quoted(name: str) -> str:
    """A name in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def _suffixed(column: exp.Column) -> tuple[str, str]:
    found = SUFFIX.fullmatch(column.name)
    if column.table or not found:
        raise WrongUse(
            f"The column {column.name} says neither left nor right.", remedy="End each column's name in _l or in _r."
        )
    return found[1], found[2].lower()


def _by_alias(column: exp.Column) -> tuple[str, str]:
    if column.table.lower() not in {"l", "r"}:
        raise WrongUse(
            f"The column {column.name} says neither left nor right.",
            remedy="Begin each column's name with l. or with r.",
        )
    return column.name, column.table.lower()


def _by_any_alias(column: exp.Column) -> tuple[str, str]:
    return column.name, column.table.lower()


def _carried(sql: str, read: Read, write: Write) -> Condition:
    try:
        tree = _parsed(sql)
        said = _Speaker(read, write).say(tree)
    except (SqlglotError, ValueError):
        raise WrongUse("It is not one SQL condition of DuckDB.", remedy=USE_INSTEAD) from None
    except RecursionError:
        raise WrongUse("It is nested too deeply to be read.", remedy=USE_INSTEAD) from None
    columns = list(tree.find_all(exp.Column))
    dated = {id(c) for call in tree.find_all(exp.TimeToUnix, exp.Year, exp.Month, exp.Day) for c in _bare(call.this)}
    dated |= {id(c) for call in tree.find_all(exp.Extract) for c in _bare(call.expression)}
    dated |= {id(c) for call in tree.find_all(exp.DateDiff) for end in (call.this, call.expression) for c in _bare(end)}
    return Condition(
        sql=said,
        columns=frozenset(read(column)[0] for column in columns),
        dates=frozenset(read(column)[0] for column in columns if id(column) in dated),
        exact=_exact(tree, read),
    )


def _parsed(sql: str) -> exp.Expr:
    """The one condition that the text is. Raises ValueError for none, or several."""
    (tree,) = sqlglot.parse(sql, read="duckdb")
    if tree is None:
        raise ValueError
    return tree


def _bare(node: exp.Expr) -> Iterator[exp.Column]:
    inner = node.unnest()
    if isinstance(inner, exp.Column):
        yield inner


def _exact(tree: exp.Expr, read: Read) -> str | None:
    """The column whose equality on both sides is the whole condition."""
    node = tree.unnest()
    if not isinstance(node, exp.EQ):
        return None
    left, right = node.left.unnest(), node.right.unnest()
    if not (isinstance(left, exp.Column) and isinstance(right, exp.Column)):
        return None
    (one, here), (other, there) = read(left), read(right)
    return one if one.lower() == other.lower() and {here, there} == {"l", "r"} else None


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Writes a parsed condition out again, known word by known word."""

    read: Read
    write: Write

    def say(self, node: exp.Expr) -> str:
        for kind, act in SPOKEN.items():
            if isinstance(node, kind):
                return act(self, node)
        if (word := BETWEEN_SIDES.get(type(node))) is not None:
            return f"{self.say(node.args['this'])} {word} {self.say(node.args['expression'])}"
        if (call := CALLED.get(type(node))) is not None:
            return self.called(node, *call)
        raise WrongUse(f"{_name_of(node)} is not among the words that both can say.", remedy=USE_INSTEAD)

    def column(self, node: exp.Expr) -> str:
        if not isinstance(node, exp.Column) or node.args.get("db"):
            raise WrongUse("A column of another table is asked for.", remedy=USE_INSTEAD)
        return self.write(*self.read(node))

    def literal(self, node: exp.Expr) -> str:
        text = str(node.this)
        if node.args["is_string"]:
            return "'" + text.replace("'", "''") + "'"
        if not NUMBER.fullmatch(text):
            raise WrongUse("A number is not written in digits.", remedy=USE_INSTEAD)
        return text

    def opposite(self, node: exp.Expr) -> str:
        if isinstance(node.this, exp.Is):
            return f"{self.say(node.this.this)} IS NOT {self.say(node.this.expression)}"
        return f"NOT {self.say(node.this)}"

    def one_of(self, node: exp.Expr) -> str:
        listed = node.args.get("expressions") or []
        if not listed or not all(isinstance(each, exp.Literal) for each in listed):
            raise WrongUse("IN is followed by something other than a list of values.", remedy=USE_INSTEAD)
        return f"{self.say(node.this)} IN ({', '.join(map(self.say, listed))})"

    def within(self, node: exp.Expr) -> str:
        if node.args.get("symmetric"):
            raise WrongUse("BETWEEN SYMMETRIC is not among the words that both can say.", remedy=USE_INSTEAD)
        return f"{self.say(node.this)} BETWEEN {self.say(node.args['low'])} AND {self.say(node.args['high'])}"

    def cases(self, node: exp.Expr) -> str:
        if node.args.get("this") is not None:
            raise WrongUse(
                "CASE is followed by a value, not by WHEN.", remedy="Write CASE WHEN condition THEN value END."
            )
        whens = " ".join(f"WHEN {self.say(each.this)} THEN {self.say(each.args['true'])}" for each in node.args["ifs"])
        default = node.args.get("default")
        return f"CASE {whens}{'' if default is None else f' ELSE {self.say(default)}'} END"

    def cast(self, node: exp.Expr) -> str:
        """A cast to text, which never fails; to a number or a date only of what is written out or true or false, for data may not fit."""
        inner, kind = node.this, node.args["to"].sql("duckdb").upper()
        said = self.say(inner)
        fixed = isinstance(inner.unnest(), exp.Literal | exp.Predicate | exp.Connector | exp.Boolean | exp.Null)
        if kind in {"TEXT", "VARCHAR"} or (fixed and kind in {"INT", "INTEGER", "DOUBLE", "REAL", "DATE"}):
            return f"cast({said} AS {'INTEGER' if kind == 'INT' else kind})"
        raise WrongUse(
            f"A cast to {'INTEGER' if kind == 'INT' else _plain(kind)} is not among the words that both can say.",
            remedy="Give the column that type before, or cast to TEXT.",
        )

    def days(self, node: exp.Expr) -> str:
        unit = str(node.args.get("unit") or "DAY").upper()
        if unit != "DAY":
            raise WrongUse(
                f"date_diff counts in {_plain(unit)}, which counts boundaries crossed and differs between engines.",
                remedy="Count in days.",
            )
        return f"date_diff('day', {self.say(node.args['expression'])}, {self.say(node.args['this'])})"

    def part_of_date(self, node: exp.Expr) -> str:
        part = str(node.this).lower()
        if part not in {"year", "month", "day"}:
            raise WrongUse(f"extract({_plain(part)}) is not among the words that both can say.", remedy=USE_INSTEAD)
        return f"{part}({self.say(node.args['expression'])})"

    def by_name(self, node: exp.Expr) -> str:
        word, arguments = node.name.lower(), node.args.get("expressions") or []
        if NAMED.get(word) != len(arguments):
            raise WrongUse(f"{_name_of(node)} is not among the words that both can say.", remedy=USE_INSTEAD)
        if word == "try_strptime":
            _require_format(arguments[1])
        return f"{word}({', '.join(map(self.say, arguments))})"

    def called(self, node: exp.Expr, word: str, parts: tuple[str, ...]) -> str:
        extra = [name for name, value in node.args.items() if value and name not in {*parts, *HARMLESS}]
        if extra:
            raise WrongUse(f"{word} is called with more than both can say ({extra[0]}).", remedy=USE_INSTEAD)
        given = [node.args.get(part) for part in parts]
        arguments = [x for each in given for x in (each if isinstance(each, list) else [each]) if x is not None]
        _require_fixed(node, word)
        return f"{word}({', '.join(map(self.say, arguments))})"


SPOKEN: dict[type[exp.Expr], Callable[[_Speaker, exp.Expr], str]] = {
    exp.Column: _Speaker.column,
    exp.Literal: _Speaker.literal,
    exp.Boolean: lambda _, node: "TRUE" if node.this else "FALSE",
    exp.Null: lambda _, node: "NULL",
    exp.Paren: lambda speaker, node: f"({speaker.say(node.this)})",
    exp.Neg: lambda speaker, node: f"-({said})" if (said := speaker.say(node.this)).startswith("-") else f"-{said}",
    exp.Not: _Speaker.opposite,
    exp.Is: lambda speaker, node: f"{speaker.say(node.this)} IS {speaker.say(node.args['expression'])}",
    exp.In: _Speaker.one_of,
    exp.Between: _Speaker.within,
    exp.Case: _Speaker.cases,
    exp.TryCast: lambda _, node: _refuse_try_cast(),
    exp.Cast: _Speaker.cast,
    exp.DateDiff: _Speaker.days,
    exp.Extract: _Speaker.part_of_date,
    exp.Anonymous: _Speaker.by_name,
}
"""What has a shape of its own; the rest stands between two sides or is called."""


def _refuse_try_cast() -> str:
    raise WrongUse("try_cast is not among the words that both can say.", remedy="Use try_strptime with a format.")


def _require_format(node: exp.Expr) -> None:
    if not (isinstance(node, exp.Literal) and node.is_string and FORMAT.fullmatch(node.name)):
        raise WrongUse(
            "try_strptime has a format that is not known.",
            remedy="Use %Y, %m, %d, %b, %H, %M and %S and plain separators.",
        )


def _require_fixed(node: exp.Expr, word: str) -> None:
    """Where an argument has to be written out: the pattern and group of regexp_extract, the start and length of substring."""
    if word == "regexp_extract":
        group = node.args.get("group")
        whole = group is None or (isinstance(group, exp.Literal) and group.name == "0")
        if not (isinstance(node.args.get("expression"), exp.Literal) and whole):
            raise WrongUse(
                "regexp_extract takes part of a match, or a pattern that is not written out.", remedy=USE_INSTEAD
            )
    if word == "substring":
        start, length = node.args.get("start"), node.args.get("length")
        if not (isinstance(start, exp.Literal) and start.name != "0" and isinstance(length, exp.Literal)):
            raise WrongUse("substring needs a start of 1 or more and a length, both written out.", remedy=USE_INSTEAD)


def _name_of(node: exp.Expr) -> str:
    """What a node is called in DuckDB, without anything that it holds."""
    if isinstance(node, exp.Anonymous):
        return _plain(node.name.lower())
    if isinstance(node, exp.Func):
        return _plain(node.sql("duckdb").split("(")[0].lower())
    return {"Bracket": "An element of a list", "Subquery": "A query within a condition", "Like": "LIKE"}.get(
        type(node).__name__, f"The construct {type(node).__name__}"
    )


def _plain(word: str) -> str:
    """A word as it may stand in a message."""
    return word if re.fullmatch(r"\w{1,60}", word) else "something"
