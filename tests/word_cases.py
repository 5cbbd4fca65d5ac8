"""What each listed word of SQL gives on a made table of awkward values: empty and missing texts, letters beyond plain ones, ties, ends of ranges.

A case is the word, what is asked, and the answer row by row. What is asked is a whole query, or an expression asked of every row.
"""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa

MIDNIGHT = datetime(2001, 2, 3)  # noqa: DTZ001 (a time in a file has no zone)

Case = tuple[str, str, list[object]]

TABLE = pa.table(
    {
        "n": pa.array([1, 2, 3, 4, 5, 6], pa.int64()),
        "g": pa.array(["u", "u", "v", "v", None, None]),
        "a": pa.array(["SMITH", "", None, "ÉCOLE", "AB AB", ""]),
        "b": pa.array(["SMITS", "A", "B", "ECOLE", "BA BA", ""]),
        "i": pa.array([3, -3, None, 0, 2147483647, 1], pa.int32()),
        "j": pa.array([5, 2, 7, None, -1, 1], pa.int64()),
        "x": pa.array([2.5, -2.5, None, 0.49999999999999994, 1.0, -0.5], pa.float64()),
        "d": pa.array(
            [date(2000, 2, 29), date(1999, 12, 31), None, date(1, 1, 1), date(2024, 1, 31), date(2024, 3, 1)]
        ),
        "e": pa.array(
            [
                date(2001, 3, 1),
                date(2000, 1, 1),
                date(2000, 1, 1),
                date(9999, 12, 31),
                date(2024, 1, 31),
                date(2024, 2, 28),
            ]
        ),
        "f": pa.array([True, False, None, True, False, None]),
        "l": pa.array([[3, 1, None], [], None, [2], [2, 2], [7]], pa.list_(pa.int32())),
        "m": pa.array([[1, 3], [1], [1], [2, 2], [2], None], pa.list_(pa.int32())),
    }
)

WORDS: list[Case] = [
    ("abs", "abs(i)", [3, 3, None, 0, 2147483647, 1]),
    ("abs", "abs(x)", [2.5, 2.5, None, 0.49999999999999994, 1.0, 0.5]),
    ("array_length", "array_length(l)", [3, 0, None, 1, 2, 1]),
    ("avg", "SELECT g AS key, avg(j) AS value FROM t GROUP BY g ORDER BY g", [("u", 3.5), ("v", 7.0), (None, 0.0)]),
    ("bit_count", "bit_count(greatest(j,0))", [2, 1, 3, 0, 0, 1]),
    ("cast", "cast(d AS VARCHAR)", ["2000-02-29", "1999-12-31", None, "0001-01-01", "2024-01-31", "2024-03-01"]),
    ("cast", "cast(f AS INTEGER)", [1, 0, None, 1, 0, None]),
    ("cast", "cast(i AS BIGINT)", [3, -3, None, 0, 2147483647, 1]),
    ("cast", "cast(i AS DOUBLE)", [3.0, -3.0, None, 0.0, 2147483647.0, 1.0]),
    ("cast", "cast(i AS VARCHAR)", ["3", "-3", None, "0", "2147483647", "1"]),
    ("cast", "cast(i = 1 AS TINYINT)", [0, 0, None, 0, 0, 1]),
    ("coalesce", "coalesce(a,b)", ["SMITH", "", "B", "ÉCOLE", "AB AB", ""]),
    ("coalesce", "coalesce(i,j)", [3, -3, 7, 0, 2147483647, 1]),
    ("concat", "concat(a,b,'x')", ["SMITHSMITSx", "Ax", "Bx", "ÉCOLEECOLEx", "AB ABBA BAx", "x"]),
    ("contains", "contains(a,b)", [False, False, None, False, False, True]),
    ("contains", "contains(b,'')", [True, True, True, True, True, True]),
    ("contains", "contains(a,'É')", [False, False, None, True, False, False]),
    (
        "count",
        "SELECT g AS key, count(*) AS value, count(a) AS other, count(DISTINCT a) AS third FROM t GROUP BY g ORDER BY g",
        [("u", 2, 2, 2), ("v", 2, 1, 1), (None, 2, 2, 2)],
    ),
    (
        "count_if",
        "SELECT g AS key, cast(count_if(f) AS BIGINT) AS value FROM t GROUP BY g ORDER BY g",
        [("u", 1), ("v", 1), (None, 0)],
    ),
    (
        "count_if",
        "SELECT g AS key, count_if(f) > 0 AS value FROM t GROUP BY g ORDER BY g",
        [("u", True), ("v", True), (None, False)],
    ),
    ("damerau_levenshtein", "damerau_levenshtein(a,b)", [1, 1, None, 2, 2, 0]),
    (
        "date_add",
        "date_add(d, 1)",
        [date(2000, 3, 1), date(2000, 1, 1), None, date(1, 1, 2), date(2024, 2, 1), date(2024, 3, 2)],
    ),
    (
        "date_add",
        "date_add(d, cast(n AS INTEGER))",
        [date(2000, 3, 1), date(2000, 1, 2), None, date(1, 1, 5), date(2024, 2, 5), date(2024, 3, 7)],
    ),
    ("date_diff", "date_diff('day', d, e)", [366, 1, None, 3652058, 0, -2]),
    ("day", "day(d)", [29, 31, None, 1, 31, 1]),
    ("dense_rank", "dense_rank() OVER (ORDER BY a)", [3, 1, 5, 4, 2, 1]),
    (
        "epoch",
        "epoch(try_strptime(cast(e AS VARCHAR), '%Y-%m-%d'))",
        [983404800.0, 946684800.0, 946684800.0, 253402214400.0, 1706659200.0, 1709078400.0],
    ),
    ("epoch", "epoch(d)", [951782400.0, 946598400.0, None, -62135596800.0, 1706659200.0, 1709251200.0]),
    (
        "exists",
        "SELECT n AS value FROM t AS o WHERE EXISTS (SELECT 1 FROM t AS q WHERE q.g = o.g AND q.n > o.n) ORDER BY n",
        [1, 3],
    ),
    (
        "exists",
        "SELECT n AS value FROM t AS o WHERE NOT EXISTS (SELECT 1 FROM t AS q WHERE q.g = o.g AND q.n > o.n) ORDER BY n",
        [2, 4, 5, 6],
    ),
    ("greatest", "greatest(i, j)", [5, 2, 7, 0, 2147483647, 1]),
    ("greatest", "greatest(a, b)", ["SMITS", "A", "B", "ÉCOLE", "BA BA", ""]),
    (
        "jaro_similarity",
        "jaro_similarity(a,b)",
        [0.8666666666666667, 0.0, None, 0.8222222222222223, 0.8666666666666667, 0.0],
    ),
    (
        "jaro_winkler_similarity",
        "jaro_winkler_similarity(a,b)",
        [0.92, 0.0, None, 0.8222222222222223, 0.8666666666666667, 0.0],
    ),
    ("lag", "lag(a) OVER (ORDER BY n)", [None, "SMITH", "", None, "ÉCOLE", "AB AB"]),
    ("lead", "lead(i) OVER (PARTITION BY g ORDER BY n)", [-3, None, 0, None, 1, None]),
    ("least", "least(i, j)", [3, -3, 7, 0, -1, 1]),
    ("least", "least(a,b)", ["SMITH", "", "B", "ECOLE", "AB AB", ""]),
    ("left", "left(a,2)", ["SM", "", None, "ÉC", "AB", ""]),
    ("left", "left(a,0)", ["", "", None, "", "", ""]),
    ("length", "length(a)", [5, 0, None, 5, 5, 0]),
    ("levenshtein", "levenshtein(a,b)", [1, 1, None, 2, 4, 0]),
    (
        "list",
        "SELECT g AS key, list(a ORDER BY a) AS value FROM t GROUP BY g ORDER BY g",
        [("u", ["", "SMITH"]), ("v", ["ÉCOLE", None]), (None, ["", "AB AB"])],
    ),
    (
        "list",
        "SELECT g AS key, list(n ORDER BY d, n) AS value FROM t GROUP BY g ORDER BY g",
        [("u", [2, 1]), ("v", [4, 3]), (None, [5, 6])],
    ),
    ("list", "SELECT list(n ORDER BY n) AS value FROM t WHERE FALSE", [None]),
    ("list_intersect", "array_length(list_intersect(m,l))", [2, 0, 0, 1, 1, None]),
    ("list_intersect", "list_intersect(l,m)", [[3, 1], [], None, [2], [2], []]),
    ("lower", "lower(b)", ["smits", "a", "b", "ecole", "ba ba", ""]),
    ("ltrim", "ltrim(b,'AS')", ["MITS", "", "B", "ECOLE", "BA BA", ""]),
    ("ltrim", "ltrim(concat(' ', b))", ["SMITS", "A", "B", "ECOLE", "BA BA", ""]),
    (
        "max",
        "SELECT g AS key, max(a) AS value, max(d) AS other, max(i) AS third, max(f) AS fourth FROM t GROUP BY g ORDER BY g",
        [
            ("u", "SMITH", date(2000, 2, 29), 3, True),
            ("v", "ÉCOLE", date(1, 1, 1), 0, True),
            (None, "AB AB", date(2024, 3, 1), 2147483647, False),
        ],
    ),
    (
        "min",
        "SELECT g AS key, min(a) AS value, min(d) AS other, min(x) AS third, min(f) AS fourth FROM t GROUP BY g ORDER BY g",
        [
            ("u", "", date(1999, 12, 31), -2.5, False),
            ("v", "ÉCOLE", date(1, 1, 1), 0.49999999999999994, True),
            (None, "", date(2024, 1, 31), -0.5, False),
        ],
    ),
    ("month", "month(d)", [2, 12, None, 1, 1, 3]),
    ("nullif", "nullif(a,'')", ["SMITH", None, None, "ÉCOLE", "AB AB", None]),
    ("nullif", "nullif(i,3)", [None, -3, None, 0, 2147483647, 1]),
    ("rank", "rank() OVER (ORDER BY a DESC)", [2, 4, 6, 1, 3, 4]),
    ("regexp_extract", "regexp_extract(a,'[A-M]+')", ["MI", "", None, "C", "AB", ""]),
    ("regexp_extract", "regexp_extract(a,'Z')", ["", "", None, "", "", ""]),
    ("regexp_extract", "regexp_extract(b,'([A-L])([A-Z])', 2)", ["T", "", "", "C", "A", ""]),
    ("replace", "replace(a,'AB','C')", ["SMITH", "", None, "ÉCOLE", "C C", ""]),
    ("replace", "replace(a,'','C')", ["SMITH", "", None, "ÉCOLE", "AB AB", ""]),
    ("replace", "replace(a,'A','')", ["SMITH", "", None, "ÉCOLE", "B B", ""]),
    ("right", "right(a,2)", ["TH", "", None, "LE", "AB", ""]),
    ("round", "round(x)", [3.0, -3.0, None, 0.0, 1.0, -1.0]),
    ("round", "cast(round(x) AS BIGINT)", [3, -3, None, 0, 1, -1]),
    ("round", "cast(round(x * 1000000) AS BIGINT)", [2500000, -2500000, None, 500000, 1000000, -500000]),
    ("row_number", "row_number() OVER (ORDER BY a, n)", [4, 1, 6, 5, 3, 2]),
    ("row_number", "row_number() OVER (PARTITION BY g ORDER BY a DESC, n)", [1, 2, 2, 1, 1, 2]),
    ("substring", "substring(a,2,3)", ["MIT", "", None, "COL", "B A", ""]),
    ("substring", "substring(a,1,1)", ["S", "", None, "É", "A", ""]),
    ("substring", "substring(a,9,1)", ["", "", None, "", "", ""]),
    (
        "sum",
        "SELECT g AS key, cast(sum(i) AS BIGINT) AS value, sum(x) AS other FROM t GROUP BY g ORDER BY g",
        [("u", 0, 0.0), ("v", 0, 0.49999999999999994), (None, 2147483648, 0.5)],
    ),
    ("sum", "cast(sum(j) OVER (ORDER BY n) AS BIGINT)", [5, 7, 14, 14, 13, 14]),
    ("sum", "SELECT cast(sum(i) AS BIGINT) AS value FROM t WHERE FALSE", [None]),
    ("translate", "translate(b,'ABE','EB')", ["SMITS", "E", "B", "COL", "BE BE", ""]),
    ("trim", "trim(concat('  ', b, ' '))", ["SMITS", "A", "B", "ECOLE", "BA BA", ""]),
    (
        "try_strptime",
        "try_strptime(CASE n WHEN 1 THEN '2001-02-03' WHEN 2 THEN '2001-02-30' WHEN 3 THEN 'AB' WHEN 4 THEN '2001-2-3' WHEN 5 THEN '' END, '%Y-%m-%d')",
        [MIDNIGHT, None, None, MIDNIGHT, None, None],
    ),
    (
        "unnest",
        "SELECT n, unnest(l) AS value FROM t ORDER BY n, value",
        [(1, 1), (1, 3), (1, None), (4, 2), (5, 2), (5, 2), (6, 7)],
    ),
    (
        "unnest",
        "SELECT n, value FROM t CROSS JOIN unnest(l) AS each(value) ORDER BY n, value",
        [(1, 1), (1, 3), (1, None), (4, 2), (5, 2), (5, 2), (6, 7)],
    ),
    ("upper", "upper(lower(b))", ["SMITS", "A", "B", "ECOLE", "BA BA", ""]),
    ("xor", "xor(cast(i AS BIGINT), j)", [6, -1, None, None, -2147483648, 0]),
    ("xor", "bit_count(xor(abs(j), 12))", [2, 3, 3, None, 3, 3]),
    ("year", "year(d)", [2000, 1999, None, 1, 2024, 2024]),
    ("year", "year(e)", [2001, 2000, 2000, 9999, 2024, 2024]),
]

PLAIN: list[Case] = [
    (
        "a name given earlier in the list",
        "SELECT n + 1 AS k, k * 2 AS m FROM t ORDER BY k",
        [(2, 4), (3, 6), (4, 8), (5, 10), (6, 12), (7, 14)],
    ),
    ("arithmetic", "i / 2", [1.5, -1.5, None, 0.0, 1073741823.5, 0.5]),
    ("arithmetic", "i % 2", [1, -1, None, 0, 1, 1]),
    ("arithmetic", "j // 2", [2, 1, 3, None, 0, 0]),
    ("arithmetic", "x * 0.1", [0.25, -0.25, None, 0.049999999999999996, 0.1, -0.05]),
    (
        "arithmetic",
        "d + 1",
        [date(2000, 3, 1), date(2000, 1, 1), None, date(1, 1, 2), date(2024, 2, 1), date(2024, 3, 2)],
    ),
    ("arithmetic", "n * 2 - i", [-1, 7, None, 8, -2147483637, 11]),
    ("ends belong to between", "x BETWEEN 0.49 AND 2.5", [True, False, None, True, True, False]),
    ("missing and true, missing or true", "f AND i > 0", [True, False, None, False, False, None]),
    ("missing and true, missing or true", "a = b OR f", [True, False, None, True, False, True]),
    ("missing is one value", "SELECT DISTINCT g AS value FROM t ORDER BY value", ["u", "v", None]),
    ("a count over some rows", "SELECT count(*) FILTER (WHERE f) AS value FROM t", [2]),
    (
        "groups by all that is not counted",
        "SELECT g, left(b,1) AS c, count(*) AS n FROM t GROUP BY ALL ORDER BY ALL",
        [("u", "A", 1), ("u", "S", 1), ("v", "B", 1), ("v", "E", 1), (None, "", 1), (None, "B", 1)],
    ),
    ("missing is in no list", "a IN ('', 'SMITH')", [True, True, None, False, False, True]),
    (
        "rows without a partner stay",
        "SELECT p.n, q.n AS value FROM t AS p LEFT JOIN t AS q ON p.a = q.a AND q.n > p.n ORDER BY ALL",
        [(1, None), (2, 6), (3, None), (4, None), (5, None), (6, None)],
    ),
    (
        "missing comes last, either way",
        "SELECT a AS value FROM t ORDER BY a DESC, n",
        ["ÉCOLE", "SMITH", "AB AB", "", "", None],
    ),
    (
        "missing comes last, either way",
        "SELECT a AS value, b AS other FROM t ORDER BY ALL",
        [("", ""), ("", "A"), ("AB AB", "BA BA"), ("SMITH", "SMITS"), ("ÉCOLE", "ECOLE"), (None, "B")],
    ),
    ("missing comes last, either way", "SELECT n AS value FROM t ORDER BY f, g DESC, n", [2, 5, 4, 1, 3, 6]),
    (
        "the last of each group",
        "SELECT g, n AS value FROM t QUALIFY row_number() OVER (PARTITION BY g ORDER BY n DESC) = 1 ORDER BY g",
        [("u", 2), ("v", 4), (None, 6)],
    ),
    (
        "types meet at the wider",
        "SELECT i AS value FROM t UNION SELECT j FROM t ORDER BY value",
        [-3, -1, 0, 1, 2, 3, 5, 7, 2147483647, None],
    ),
    (
        "missing keys meet nothing",
        "SELECT n, p.a, q.b FROM t AS p JOIN t AS q USING (n, g) ORDER BY n",
        [(1, "SMITH", "SMITS"), (2, "", "A"), (3, None, "B"), (4, "ÉCOLE", "ECOLE")],
    ),
]
"""Plain SQL that engines are known to read differently."""


def query_of(asked: str) -> str:
    """The whole query that a case stands for."""
    return asked if asked.startswith("SELECT ") else f"SELECT {asked} AS value FROM t ORDER BY n"
