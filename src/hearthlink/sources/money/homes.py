"""The homes of households by number: when one was left for another, with no address, for moves and for rents at the same address.

Two ways of writing an address look like a move. So homes are told apart by property number, or by postcode and house number, and a home
that follows another in the same postcode is marked: it may be the same one, corrected.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine, Query
from hearthlink.sources.money import tidy
from hearthlink.sources.money.join_queries import EVER, NEVER
from hearthlink.sources.reading.columns import each, found_at, joined, only, whole

NUMBERS = re.compile(r"\d+[A-Z]?\b")

HOME = Query(
    "r_home",
    ("r_residence",),
    """
    WITH of_property AS (
        SELECT household, uprn, min(door) AS door FROM r_residence WHERE uprn IS NOT NULL AND door IS NOT NULL GROUP BY household, uprn
    ),
    of_door AS (
        SELECT r.household, r.door, min(p.door) AS same_as
        FROM r_residence AS r JOIN of_property AS p ON p.household = r.household AND p.uprn = r.uprn
        WHERE r.door IS NOT NULL GROUP BY r.household, r.door
    )
    SELECT r.household, r.postcode, r.start_day, r.end_day, coalesce(p.door, d.same_as, r.door, concat('uprn ', r.uprn)) AS home
    FROM r_residence AS r
    LEFT JOIN of_property AS p ON p.household = r.household AND p.uprn = r.uprn
    LEFT JOIN of_door AS d ON d.household = r.household AND d.door = r.door
    WHERE r.door IS NOT NULL OR r.uprn IS NOT NULL
    """,
)
"""Each residence with what tells its home: the door by postcode and number, one of them for all that share a property number."""

STRETCH = Query(
    "r_stretch",
    ("r_home",),
    """
    WITH ordered AS (
        SELECT *, max(end_day) OVER (
            PARTITION BY household, home ORDER BY start_day, end_day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached
        FROM r_home
    ),
    numbered AS (
        SELECT *, sum(CASE WHEN start_day <= reached + 1 THEN 0 ELSE 1 END) OVER (
            PARTITION BY household, home ORDER BY start_day, end_day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS stretch_no
        FROM ordered
    )
    SELECT household, home, min(postcode) AS postcode, min(start_day) AS start_day, max(end_day) AS end_day
    FROM numbered GROUP BY household, home, stretch_no
    """,
)

NUMBERED = Query(
    "r_numbered",
    ("r_stretch",),
    """
    WITH first AS (
        SELECT household, home, min(postcode) AS postcode, min(start_day) AS first_day FROM r_stretch GROUP BY household, home
    ),
    counted AS (
        SELECT *, row_number() OVER (PARTITION BY household ORDER BY first_day, home) AS home_no,
            lag(postcode) OVER (PARTITION BY household ORDER BY first_day, home) AS postcode_before
        FROM first
    )
    SELECT s.household AS place, c.home_no, s.start_day, s.end_day, coalesce(c.postcode = c.postcode_before, FALSE) AS same_postcode
    FROM r_stretch AS s JOIN counted AS c ON c.household = s.household AND c.home = s.home
    ORDER BY s.household, s.start_day, c.home_no
    """,
)


def homes(engine: Engine, tables: Mapping[str, pa.Table]) -> pa.Table:
    """The content table `household_home`, with `place`, the household's, in place of its key. `tables` are the identity tables of households."""
    residence = tables["household_residence"]
    postcode = tidy.postcodes(residence.column("postcode"))
    engine.put(
        "r_residence",
        pa.table(
            {
                "household": found_at(
                    residence.column("household_id"), tables["household_identifier"].column("household_id")
                ),
                "uprn": tidy.uprns(residence.column("uprn")),
                "postcode": postcode,
                "door": only(
                    joined([postcode, each(residence.column("address"), _door, pa.string())], " "),
                    pc.is_valid(postcode),
                ),
                "start_day": pc.fill_null(tidy.days(residence.column("start_date")), EVER),
                "end_day": pc.fill_null(tidy.days(residence.column("end_date")), NEVER),
            }
        ),
    )
    engine.run(HOME)
    engine.run(STRETCH)
    made = engine.fetch(NUMBERED)
    engine.drop("r_residence", "r_home", "r_stretch")
    days = {name: whole(made.column(f"{name}_day")).cast(pa.int32()) for name in ("start", "end")}
    return pa.table(
        {
            "place": made.column("place").cast(pa.int64()),
            "home_no": made.column("home_no").cast(pa.int64()),
            "start_date": only(days["start"], pc.greater(days["start"], EVER)).cast(pa.date32()),
            "end_date": only(days["end"], pc.less(days["end"], NEVER)).cast(pa.date32()),
            "same_postcode": made.column("same_postcode"),
        }
    )


def _door(address: str | None) -> str | None:
    """The house and flat numbers of an address, in order whatever the words between; without any, its first word."""
    if address is None:
        return None
    numbers = sorted(NUMBERS.findall(address.upper()))
    return " ".join(numbers) or next(iter(re.findall(r"[^\W\d_]+", address.upper())), None)
