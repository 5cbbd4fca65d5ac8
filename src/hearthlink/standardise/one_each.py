"""Several rows of one person made one: the latest row that says something decides, and every name that any row gives is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem

EVER, NEVER = pa.scalar(date(1, 1, 1), pa.date32()), pa.scalar(date(9999, 12, 31), pa.date32())
OTHERS_AT_MOST = 0.05
"""Share of the ids on several undated rows that may be of plainly different people before ids are not believed to name anybody."""

DECIDED = ("role", "forename", "surname", "surname_last", "birth_date", "birth_text", "birth_date_weak", "sex")


def one_each(rows: pa.Table, key: Sequence[str], which: str) -> pa.Table:
    """One row for each key, in the order of the key. The order of the rows given changes nothing.

    Raises DataProblem where ids stand on undated rows of plainly different people.
    """
    counted = (
        rows.select(list(key))
        .append_column("one", pa.repeat(1, rows.num_rows))
        .group_by(list(key))
        .aggregate([("one", "sum")])
    )
    if counted.num_rows == rows.num_rows:
        return rows.sort_by([(name, "ascending") for name in key])
    several = counted.filter(pc.greater(counted.column("one_sum"), 1)).select(list(key))
    mine = _is_among(rows, several, key)
    twice = rows.filter(mine)
    _refuse_strangers(twice, key, which)
    made = pa.concat_tables(
        [rows.filter(pc.invert(mine)), _merged(twice, key).select(rows.column_names).cast(rows.schema)]
    )
    return made.sort_by([(name, "ascending") for name in key])


def _is_among(rows: pa.Table, keys: pa.Table, key: Sequence[str]) -> pa.ChunkedArray:
    def whole(table: pa.Table) -> pa.ChunkedArray:
        return pc.binary_join_element_wise(*(table.column(name) for name in key), "\x1f")

    return pc.is_in(whole(rows), value_set=whole(keys).combine_chunks())


def _merged(rows: pa.Table, key: Sequence[str]) -> pa.Table:
    latest_first = [(name, "ascending") for name in key] + [("start_date", "descending")]
    content = [(name, "ascending") for name in rows.column_names if name not in key and name != "start_date"]
    rows = rows.sort_by([*latest_first, *content])
    no_date = pc.is_null(rows.column("birth_date"))
    filled = {
        "start_date": pc.fill_null(rows.column("start_date"), EVER),
        "end_date": pc.fill_null(rows.column("end_date"), NEVER),
        "birth_date_weak": pc.if_else(no_date, pa.scalar(None, pa.bool_()), rows.column("birth_date_weak")),
    }
    for name, column in filled.items():
        rows = rows.set_column(rows.column_names.index(name), name, column)
    acts = {**dict.fromkeys(DECIDED, "first"), "start_date": "min", "end_date": "max", "referral_date": "max"}
    acts |= dict.fromkeys((n for n in rows.column_names if n not in acts and n not in key), "first")
    lists = [("forenames", "list"), ("surname", "list"), ("surnames", "list")]
    grouped = rows.group_by(list(key), use_threads=False).aggregate([*acts.items(), *lists])
    made = {name: grouped.column(name if name in key else f"{name}_{acts[name]}") for name in rows.column_names}
    made["forenames"] = _words(grouped.column("forenames_list").to_pylist(), least=1)
    names = zip(grouped.column("surname_list").to_pylist(), grouped.column("surnames_list").to_pylist(), strict=True)
    made["surnames"] = _words([[*one, *more] for one, more in names], least=2)
    made["birth_date_weak"] = pc.fill_null(made["birth_date_weak"], False)
    made["start_date"] = _unless(made["start_date"], EVER)
    made["end_date"] = _unless(made["end_date"], NEVER)
    return pa.table(made)


def _unless(dates: pa.ChunkedArray, filler: pa.Scalar) -> pa.ChunkedArray:
    return pc.if_else(pc.equal(dates, filler), pa.scalar(None, pa.date32()), dates)


def _words(lists: Iterable[list[str | None]], *, least: int) -> pa.ChunkedArray:
    """Every word of every text, each once, in the order met; empty where there are fewer than `least`."""
    made: list[str | None] = []
    for texts in lists:
        words = list(dict.fromkeys(word for text in texts if text for word in text.split()))
        made.append(" ".join(words) if len(words) >= least else None)
    return pa.chunked_array([pa.array(made, pa.string())])


def _refuse_strangers(rows: pa.Table, key: Sequence[str], which: str) -> None:
    undated = rows.filter(pc.and_(pc.is_null(rows.column("start_date")), pc.is_null(rows.column("end_date"))))
    seen = undated.group_by(list(key)).aggregate([("forename", "count_distinct"), ("birth_date", "count_distinct")])
    two = [seen.column(f"{name}_count_distinct").to_numpy() > 1 for name in ("forename", "birth_date")]
    strangers = int(np.count_nonzero(two[0] & two[1]))
    if strangers > OTHERS_AT_MOST * max(seen.num_rows, 1):
        raise DataProblem(
            f"{strangers:,} ids stand on several undated rows with another forename and another birth date in each.",
            file=f"the {which} table",
            column="person_id",
            remedy="An id must be one person's. Several rows of one person need valid_from or valid_to to tell them apart.",
        )
