"""The words of SQL that stages may call: every one means the same on each engine that Hearthlink runs on.

A word that is not listed here is refused by a test, and each that is listed is tried on both engines over awkward values, so that a query
written for DuckDB can be carried to Spark. Texts are measured by their bytes in UTF-8, and lists gathered in a stated, ascending order.
Left out on purpose, because the two differ without saying so: `date_diff` in months or years, `hash`, `upper` on text that is not plain
letters, `regexp_replace` without a flag, `substring` from position 0, `round` to decimals, a fraction made a whole number without being
rounded first, sums of fractions in no stated order, bits of numbers below nought, and division by nought (`nullif` guards against it).

`array_length`, `epoch`, `jaro_similarity`, `list_intersect`, `regexp_extract`, `substring` and `try_strptime` serve Splink's settings
alone, which are weighed on DuckDB.
"""

from __future__ import annotations

VOCABULARY: dict[str, str] = {
    "abs": "absolute value",
    "array_length": "number of values in a list",
    "bit_count": "number of bits set in a whole number",
    "cast": "change of type",
    "coalesce": "first value that is not missing",
    "concat": "texts joined, missing ones left out",
    "contains": "whether a text holds another within it",
    "count": "number of rows or of values that are not missing",
    "count_if": "number of rows where a condition holds",
    "date_add": "a date so many days on",
    "date_diff": "days from one date to another, in days only",
    "day": "day of the month",
    "epoch": "seconds from 1970 to a date or time",
    "exists": "whether a subquery has rows",
    "greatest": "largest of its arguments",
    "jaro_similarity": "Jaro similarity of two texts, 0 to 1",
    "jaro_winkler_similarity": "Jaro-Winkler similarity of two texts, 0 to 1",
    "lag": "value of the row before, in a window",
    "lead": "value of the row after, in a window",
    "least": "smallest of its arguments",
    "left": "first letters of a text",
    "length": "number of letters",
    "levenshtein": "edit distance",
    "damerau_levenshtein": "edit distance that counts a transposition as one",
    "list": "values gathered into a list, in a stated order",
    "list_intersect": "values that two lists share, each once",
    "lower": "small letters",
    "ltrim": "text without leading letters",
    "max": "largest value",
    "min": "smallest value",
    "month": "month of the year",
    "nullif": "missing where two values are equal",
    "row_number": "running number in a window",
    "dense_rank": "rank without gaps in a window",
    "rank": "rank in a window",
    "regexp_extract": "first part of a text that fits a pattern, empty where none does",
    "replace": "text with one piece put in place of another, everywhere",
    "right": "last letters of a text",
    "round": "nearest whole number",
    "substring": "letters of a text from a position, 1 or more, and so many on",
    "sum": "sum",
    "avg": "mean",
    "translate": "text with letters exchanged one for one",
    "trim": "text without blanks around it",
    "upper": "capital letters, on texts that hold plain letters only",
    "try_strptime": "a text read as a time in a stated format, missing where it does not fit",
    "unnest": "one row for each value of a list",
    "xor": "bitwise exclusive or",
    "year": "year",
}
