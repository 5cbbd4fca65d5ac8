"""A column of texts into the type that its declaration asks for: each spelling read once, what cannot be read empty and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import OurFault
from hearthlink.sources.intake.declared import IntakeColumn, Kind
from hearthlink.sources.intake.name_parts import name_parts
from hearthlink.sources.intake.rules import ColumnRule
from hearthlink.sources.reading.codes import flag
from hearthlink.sources.reading.columns import Values, count, each, joined, only, whole
from hearthlink.sources.reading.date_formats import read_spelt
from hearthlink.sources.reading.dates import OPEN_ENDED, Order, day_number, order_of, read_days
from hearthlink.sources.reading.delimited import normal

TYPES = {
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.DATE: pa.date32(),
    Kind.END: pa.date32(),
    Kind.PENCE: pa.int64(),
    Kind.WHOLE: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
}
TO_A_WEEK = {
    "day": 7.0,
    "week": 1.0,
    "fortnight": 1 / 2,
    "four weeks": 1 / 4,
    "month": 12 / 52,
    "quarter": 4 / 52,
    "year": 1 / 52,
}
FLAG_WORDS = {"t": True, "f": False, "on": True, "off": False, "x": True, "-1": True}
"""What systems write for yes and no besides the census's own words; -1 is how one database writes true."""


def texts_of(rule: ColumnRule, columns: Sequence[Values], rows: int) -> pa.Array:
    """The texts of a column before they are typed: the only one, the first that holds something, several joined, or a constant."""
    if rule.constant is not None:
        return pa.array([rule.constant or None], pa.string()).take(pa.nulls(rows, pa.int32()).fill_null(0))
    if not columns:
        return pa.nulls(rows, pa.string())
    held = [_without(whole(column).cast(pa.string()), rule.missing) for column in columns]
    texts = whole(joined(held, rule.join)) if rule.join is not None else whole(pc.coalesce(*held))
    if rule.order is not None and rule.part is not None:
        order, part = rule.order, rule.part

        def of(text: str | None) -> str | None:
            return None if text is None else name_parts(text, order).part(part)

        return each(texts, of, pa.string())
    return texts


def orders_of(parts: Iterable[tuple[IntakeColumn, ColumnRule, pa.Array]]) -> dict[str, Order]:
    """Whether day or month stands first in each column of dates. A column in which no date tells follows the others of its file."""
    told = {
        column.name: order
        for column, rule, texts in parts
        if column.kind in {Kind.DATE, Kind.END} and rule.date is None and (order := order_of(texts)) is not None
    }
    sure = {order for order in told.values() if order is not Order.UNTOLD}
    others = sure.pop() if len(sure) == 1 else Order.UNTOLD
    return {
        name: others if order is Order.UNTOLD and others is not Order.MIXED else order for name, order in told.items()
    }


def read_column(
    column: IntakeColumn, rule: ColumnRule, texts: pa.Array, order: Order | None = None
) -> tuple[pa.Array, int]:
    """The column typed, and how many values were there but could not be read. `order` is that of its dates; see `orders_of`."""
    texts = _emptied(texts, rule.codes or column.codes)
    if column.kind is Kind.TEXT:
        texts = whole(only(texts, pc.invert(shortened(texts))))
    made = whole(_read(column, rule, texts, order))
    if made.type != TYPES[column.kind]:
        raise OurFault(f"The column {column.name} was read as another type.")
    return made, count(pc.and_(pc.is_valid(texts), pc.is_null(made))) - _far_ends(column, rule, texts, made, order)


SAID = {
    Order.MONTH: "dates are read with the month first, as some of the file can only be",
    Order.UNTOLD: "dates are read with the day first, though none tells day from month",
    Order.MIXED: "dates with the day first stand among others with the month first; all are read with the day first",
}
SHORTENED = "a number that a spreadsheet has shortened, as 4.1E+12: the digits are lost, so it is taken as missing"
SCIENTIFIC = r"^[0-9](?:\.[0-9]+)?[eE]\+[0-9]{1,2}$"


def shortened(texts: pa.Array) -> pa.Array:
    """Which texts are numbers whose last digits a spreadsheet has dropped. Two of them may look alike, so none is an id."""
    if not count(pc.match_substring(texts, "E+", ignore_case=True)):
        return pa.array([False]).take(pa.nulls(len(texts), pa.int32()).fill_null(0))
    return pc.fill_null(pc.match_substring_regex(texts, SCIENTIFIC), False)


def doubts(column: IntakeColumn, texts: pa.Array, order: Order | None = None) -> dict[str, int]:
    """What must be said of how a column was read, and of how many of its values."""
    if order in SAID:
        return {SAID[order]: len(texts) - texts.null_count}
    if column.kind is Kind.TEXT:
        rounded = count(shortened(texts))
        return {SHORTENED: rounded} if rounded else {}
    return {}


def _read(column: IntakeColumn, rule: ColumnRule, texts: pa.Array, order: Order | None) -> Values:
    match column.kind:
        case Kind.TEXT:
            return _coded(texts, rule.codes) if rule.codes else texts
        case Kind.CODE:
            return _coded(texts, rule.codes or column.codes)
        case Kind.FLAG:
            return _flags(column, rule, texts)
        case Kind.DATE | Kind.END:
            return _dates(texts, rule, order, ends=column.kind is Kind.END)
        case Kind.PENCE:
            return _pence(texts, rule)
        case Kind.WHOLE:
            bare = pc.replace_substring_regex(texts, r"^\+|\.0+$|[, ]", "")
            return only(bare, pc.match_substring_regex(bare, r"^-?\d{1,18}$")).cast(pa.int64())
        case Kind.NUMBER:
            return _numbers(texts)


def _without(texts: pa.Array, missing: Sequence[str]) -> pa.Array:
    return (
        pc.if_else(pc.is_in(texts, pa.array(missing, pa.string())), pa.scalar(None, pa.string()), texts)
        if missing
        else texts
    )


def _emptied(texts: pa.Array, codes: Mapping[str, str]) -> pa.Array:
    """The texts, without those that a mapping says stand for nothing."""
    nothing = {spelt: "nothing" for spelt, meaning in codes.items() if not meaning}
    return whole(only(texts, pc.is_null(_coded(texts, nothing)))) if nothing else texts


def _coded(texts: pa.Array, codes: Mapping[str, str]) -> pa.Array:
    """What each text means, however its case, spaces and marks; a label before or after the code is passed over."""
    meanings = {normal(spelt): meaning for spelt, meaning in codes.items()}

    def meaning(text: str | None) -> str | None:
        bare = (text or "").strip()
        plain = "".join(letter if letter.isalnum() or letter in "&'_" else " " for letter in bare)
        tries = (bare, plain, bare.partition(" - ")[0], bare.partition(":")[0], bare.partition(") ")[2])
        return next((meanings[normal(one)] or None for one in tries if one and normal(one) in meanings), None)

    return each(texts, meaning, pa.string())


def _flags(column: IntakeColumn, rule: ColumnRule, texts: pa.Array) -> pa.Array:
    if rule.codes or column.codes:
        texts = _coded(texts, rule.codes or column.codes)

    def yes(text: str | None) -> bool | None:
        said = flag(text)
        said = FLAG_WORDS.get(text.strip().lower()) if said is None and text else said
        return said if said is None or not rule.invert else not said

    return each(texts, yes, pa.bool_())


def _dates(texts: pa.Array, rule: ColumnRule, order: Order | None, *, ends: bool) -> pa.Array:
    if rule.date is None:
        return whole(read_days(texts, ends=ends, month_first=order is Order.MONTH).dates)
    spelt, pivot = rule.date, rule.pivot
    days = each(texts, lambda text: None if text is None else read_spelt(text, spelt, pivot), pa.int32())
    return whole(only(days, pc.less(days, day_number(OPEN_ENDED))) if ends else days).cast(pa.date32())


def _far_ends(column: IntakeColumn, rule: ColumnRule, texts: pa.Array, made: pa.Array, order: Order | None) -> int:
    """Ends far in the future that are empty on purpose and so were understood."""
    if column.kind is not Kind.END or made.null_count == texts.null_count:
        return 0
    every = _dates(texts, rule, order, ends=False)
    return count(pc.and_(pc.is_valid(every), pc.is_null(made)))


def _pence(texts: pa.Array, rule: ColumnRule) -> Values:
    pounds = _numbers(texts)
    hundredfold = 1.0 if rule.unit == "pence" else 100.0
    return pc.round(pc.multiply(pounds, hundredfold * TO_A_WEEK[rule.per or "week"])).cast(pa.int64())


def _numbers(texts: pa.Array) -> Values:
    """Numbers, with or without a pound sign and commas; below nought with a minus before or after, in brackets, or marked CR."""
    bare = pc.replace_substring_regex(texts, r"[£,\s]", "")
    bare = pc.replace_substring_regex(bare, r"^(?:\((.+)\)|(\d.*)-|(\d.*)(?i:cr))$", r"-\1\2\3")
    return only(bare, pc.match_substring_regex(bare, r"^[-+]?(\d{1,12}(\.\d{0,12})?|\.\d{1,12})$")).cast(pa.float64())
