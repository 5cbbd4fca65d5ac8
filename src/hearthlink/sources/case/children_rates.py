"""How many children of the census have a person in the case system: by each id tried, by stage reached and by year of birth.

Who does not join is not chance: babies have no pupil number, a child of years ago an id of the system before. The share by stage and by
year shows it before it bends an answer (domain.md 1.8.5).
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.sources.case.children_join import Join, found
from hearthlink.sources.reading.columns import count
from hearthlink.sources.reading.dates import day_of
from hearthlink.tables.record import JOIN_RATE

AS_JOINED = "as joined"
EVERY = "every child"
UNBORN = "born: not yet, or not known"


def join_rates(source: str, join: Join, reached: Mapping[str, pa.Array], birth_day: pa.Array) -> pa.Table:
    """Table `join_rate`. `reached` says for each stage, along the children, whether they reached it."""
    children = len(join.row)
    joined = pc.is_valid(join.row)
    rows: list[tuple[str, str, str, int, int]] = [(source, AS_JOINED, EVERY, children, found(join))]
    rows += [(source, by, EVERY, children, alone) for by, alone in join.alone]
    for stage, mask in reached.items():
        rows.append((source, AS_JOINED, stage, count(mask), count(pc.and_(mask, joined))))
    years = pa.array([None if day is None else day_of(day).year for day in birth_day.to_pylist()], pa.int32())
    for year in sorted(pc.unique(years.drop_null()).to_pylist()):
        born = pc.fill_null(pc.equal(years, year), fill_value=False)
        rows.append((source, AS_JOINED, f"born in {year}", count(born), count(pc.and_(born, joined))))
    undated = pc.is_null(years)
    rows.append((source, AS_JOINED, UNBORN, count(undated), count(pc.and_(undated, joined))))
    columns = list(zip(*rows, strict=True))
    made = [pa.array(list(c), field.type) for c, field in zip(columns, JOIN_RATE.schema, strict=True)]
    return JOIN_RATE.conform(pa.table(made, JOIN_RATE.names))
