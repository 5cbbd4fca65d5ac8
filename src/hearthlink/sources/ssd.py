"""The case system's extract: Standard Safeguarding Dataset tables, and the related adults beside them (domain.md 1.8).

`SSD_PH` is the dataset's own placeholder and is missing everywhere. Pupil and health numbers are not read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.errors import DataProblem
from hearthlink.sources.dates import read_days
from hearthlink.sources.delimited import Named, read_sheet
from hearthlink.sources.marked import REASON, is_marked
from hearthlink.sources.receipts import Tally, tally
from hearthlink.sources.text import open_extract

SOURCE = "ssd"
PLACEHOLDERS = ("SSD_PH",)
BAD_DATE = "a date not understood, taken as missing"
NO_START = "no start date"

PERSON = "ssd_person.csv"
ADDRESS = "ssd_address.csv"
MOTHER = "ssd_mother.csv"
CIN_PLANS = "ssd_cin_plans.csv"
CLA_EPISODES = "ssd_cla_episodes.csv"
ADULTS = "related_adults.csv"

COLUMNS: dict[str, tuple[Named, ...]] = {
    PERSON: (
        Named("pers_legacy_id"),
        Named("pers_person_id"),
        Named("pers_forename"),
        Named("pers_surname"),
        Named("pers_sex"),
        Named("pers_dob"),
        Named("pers_expected_dob"),
        Named("pers_restricted", ("restricted",), optional=True),
    ),
    ADDRESS: (
        Named("addr_person_id"),
        Named("addr_address_type"),
        Named("addr_address_start_date"),
        Named("addr_address_end_date"),
        Named("addr_address_postcode"),
        Named("addr_address_json"),
    ),
    MOTHER: (Named("moth_person_id"), Named("moth_childs_person_id")),
    CIN_PLANS: (Named("cinp_person_id"), Named("cinp_cin_plan_start_date"), Named("cinp_cin_plan_end_date")),
    CLA_EPISODES: (
        Named("clae_person_id"),
        Named("clae_cla_episode_start_date", ("clae_start_date",)),
        Named("clae_cla_episode_ceased", ("clae_cla_episode_ceased_date", "clae_end_date")),
    ),
    ADULTS: (
        Named("person_id", ("child_id",)),
        Named("adult_id"),
        Named("relationship"),
        Named("forename"),
        Named("surname"),
        Named("dob", ("date_of_birth",)),
        Named("lives_with"),
    ),
}
DATES = {
    PERSON: ("pers_dob", "pers_expected_dob"),
    ADDRESS: ("addr_address_start_date", "addr_address_end_date"),
    CIN_PLANS: ("cinp_cin_plan_start_date", "cinp_cin_plan_end_date"),
    CLA_EPISODES: ("clae_cla_episode_start_date", "clae_cla_episode_ceased"),
    ADULTS: ("dob",),
}
MAY_BE_BARE = frozenset({MOTHER, CIN_PLANS, CLA_EPISODES, ADULTS})
"""Files in which no row at all is a fact and not a fault."""


@dataclass(frozen=True, slots=True)
class SsdFile:
    """One file of the dataset: its wanted columns as texts, dates as dates, and its tally so far."""

    table: pa.Table
    tally: Tally


def read_ssd(folder: Path) -> dict[str, SsdFile]:
    """The six files that are needed, by file name. The dataset's other files are left closed."""
    return {name: _read(folder / name, columns) for name, columns in COLUMNS.items()}


def _read(path: Path, columns: Sequence[Named]) -> SsdFile:
    extract = open_extract(path, SOURCE)
    sheet = read_sheet(extract, columns, missing=PLACEHOLDERS)
    if not sheet.table.num_rows and path.name not in MAY_BE_BARE:
        raise DataProblem(
            "The file has a header and no rows.", file=path.name, remedy="Ask the supplier to export it again."
        )
    table, unread = sheet.table, 0
    for name in DATES.get(path.name, ()):
        days = read_days(table.column(name))
        unread += days.unread_count
        table = table.set_column(table.column_names.index(name), name, days.dates)
    counted = tally(extract, sheet.rows_in, sheet.refused).noting(BAD_DATE, unread)
    if path.name == PERSON:
        return _without_marked(SsdFile(table, counted))
    return SsdFile(table, counted)


def _without_marked(read: SsdFile) -> SsdFile:
    marked = is_marked(read.table.column("pers_forename"), read.table.column("pers_surname"))
    kept = read.table.filter(pc.invert(marked))
    return SsdFile(kept, read.tally.refusing(REASON, read.table.num_rows - kept.num_rows))


# --- addresses ------------------------------------------------------------------------------------

PARTS = ("ROOM", "FLOOR", "FLAT", "BUILDING", "HOUSE", "STREET", "TOWN")


def read_addresses(
    texts: Iterable[str | None], postcodes: Iterable[str | None]
) -> tuple[list[str | None], list[str | None]]:
    """One line and the property reference number of each address; the postcode is left out of the line.

    Takes the JSON object of the dataset, the bare comma-joined text of one variant, and the other variant that writes the
    same text as building and as house (domain.md 1.8.1).
    """
    lines: list[str | None] = []
    uprns: list[str | None] = []
    for text, postcode in zip(texts, postcodes, strict=True):
        line, uprn = _address(text, postcode)
        lines.append(line)
        uprns.append(uprn)
    return lines, uprns


def _address(text: str | None, postcode: str | None) -> tuple[str | None, str | None]:
    if not text:
        return None, None
    held = _json_object(text)
    if held is None:
        parts = [part.strip() for part in text.split(",")]
        uprn = None
    else:
        parts = _postal_order({key.upper(): _plain(value) for key, value in held.items()})
        uprn = next((_plain(value) for key, value in held.items() if key.upper() == "UPRN"), "") or None
    bare = "".join((postcode or "").split()).upper()
    kept = [part for part in parts if part and "".join(part.split()).upper() != bare]
    return ", ".join(kept) or None, uprn


def _json_object(text: str) -> dict[str, object] | None:
    if not text.startswith("{"):
        return None
    try:
        held = json.loads(text)
    except ValueError:
        return None
    return held if isinstance(held, dict) else None


def _plain(value: object) -> str:
    text = str(value).strip() if isinstance(value, str | int | float) else ""
    return "" if text in PLACEHOLDERS else text


def _postal_order(held: dict[str, str]) -> list[str]:
    parts = {name: held.get(name, "") for name in PARTS}
    if parts["HOUSE"] == parts["BUILDING"]:
        parts["BUILDING"] = ""
    parts["STREET"] = f"{parts.pop('HOUSE')} {parts['STREET']}".strip()
    return list(parts.values())
