"""Every table there is, by name. It knows the identity tables, so only `study` may import it."""

from __future__ import annotations

from hearthlink.tables.answers import ANSWER_TABLES
from hearthlink.tables.content import CONTENT_TABLES
from hearthlink.tables.identity import IDENTITY_TABLES
from hearthlink.tables.measures import MEASURE_TABLES
from hearthlink.tables.money import MONEY_TABLES
from hearthlink.tables.record import RECORD_TABLES
from hearthlink.tables.released import RELEASED_TABLES
from hearthlink.tables.research import RESEARCH_TABLES
from hearthlink.tables.spec import TableSpec

ALL_TABLES: dict[str, TableSpec] = {
    spec.name: spec
    for spec in (
        *IDENTITY_TABLES,
        *CONTENT_TABLES,
        *MONEY_TABLES,
        *MEASURE_TABLES,
        *RESEARCH_TABLES,
        *ANSWER_TABLES,
        *RELEASED_TABLES,
        *RECORD_TABLES,
    )
}
