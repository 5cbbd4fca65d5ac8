"""Birth dates that cannot be the person's own: a child's that is that of an adult beside it, or that lies where no child's does.

Such a date is a slip of the row or of a digit. It stays as text, so that it can still agree, or nearly, and never disagrees.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.standardise.births import Births
from hearthlink.standardise.given import FEW

CHILDHOOD = 21
"""Years within which the births of all the children of one file lie, if those of most do."""

MOSTLY_WITHIN = 17
"""Years within which four in five of a file's children must be born for the file to be of children as at about one day."""

YEAR = 365.25


def own_births(born: Births, young: pa.ChunkedArray, group: pa.ChunkedArray) -> Births:
    """The births of one file with those that cannot be a child's own as text alone.

    young: whether each row is of a child or dependant; group: its family or household, both along the rows.
    """
    wrong = pc.and_(young, pc.or_(_far_off(born.date, young), _of_an_adult(born.date, young, group)))
    wrong = pc.fill_null(wrong, False)
    if not pc.any(wrong).as_py():
        return born
    text = pc.if_else(wrong, born.date.cast(pa.string()), born.text)
    return replace(born, date=pc.if_else(wrong, pa.scalar(None, pa.date32()), born.date), text=text)


def _far_off(days: pa.ChunkedArray, young: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whether each date lies further from the most of the children's than children's do."""
    theirs = days.filter(young).drop_null().cast(pa.int32()).to_numpy()
    if len(theirs) < FEW:
        return pa.chunked_array([pa.repeat(False, len(days))])
    low, high = np.quantile(theirs, [0.1, 0.9])
    if high - low > MOSTLY_WITHIN * YEAR:
        return pa.chunked_array([pa.repeat(False, len(days))])
    number = days.cast(pa.int32())
    return pc.or_(
        pc.less(number, int(high - CHILDHOOD * YEAR)),
        pc.greater(number, int(low + CHILDHOOD * YEAR)),
    )


def _of_an_adult(days: pa.ChunkedArray, young: pa.ChunkedArray, group: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whether each date is that of an adult of the same group."""
    key = pc.binary_join_element_wise(group, days.cast(pa.string()), "\x1f")
    return pc.is_in(key, value_set=key.filter(pc.invert(young)).drop_null().combine_chunks())
