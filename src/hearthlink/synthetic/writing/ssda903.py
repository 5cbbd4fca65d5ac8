"""The looked-after return of the year (SSDA903): its files of episodes and of children, ``in/ssda903``.

It holds every episode that touches the year. A longer stay is two episodes, for the child moved once: the first ends with reason X1 on
the day the second begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from zlib import crc32

from hearthlink.synthetic.casework import CareRecord, LookedAfterEpisode
from hearthlink.synthetic.census_years import GENDER, SEX, by
from hearthlink.synthetic.world import Settings, Ward
from hearthlink.synthetic.writing.text import Part, rows, slashed

EPISODES = (
    "CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC", "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST",
    "URN",
)  # fmt: skip
HEADER = ("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB")
LONG = timedelta(days=90)


def names(settings: Settings) -> tuple[str, str]:
    """The files of the year: episodes, and children."""
    stem = f"in/ssda903/SSDA903_{settings.year_end.year}"
    return f"{stem}_episodes.csv", f"{stem}_header.csv"


def begin(settings: Settings) -> dict[str, bytes]:
    """The headers."""
    return dict(zip(names(settings), (rows([EPISODES]), rows([HEADER])), strict=True))


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The children of one ward who were looked after on any day of the year."""
    episodes: list[tuple[str, ...]] = []
    children: list[tuple[str, ...]] = []
    for record in ward.care_records:
        held = [spell for spell in record.looked_after if _touches(spell, settings)]
        if held:
            children.append(_child(record, settings.year_end))
            for spell in held:
                episodes += (_row(record, one, settings) for one in _moved(spell) if _touches(one, settings))
    return {name: Part(rows(lines)) for name, lines in zip(names(settings), (episodes, children), strict=True)}


def _touches(spell: LookedAfterEpisode, settings: Settings) -> bool:
    return spell.start <= settings.year_end and (spell.ceased is None or spell.ceased >= settings.year_start)


def _moved(spell: LookedAfterEpisode) -> Iterator[LookedAfterEpisode]:
    """A short spell as it is; a longer one as two episodes, of different placements."""
    until = spell.ceased or spell.start + 2 * LONG
    if until - spell.start < LONG:
        yield spell
        return
    day = spell.start + (until - spell.start) / 2
    yield replace(spell, ceased=day, ceased_reason="X1")
    yield replace(spell, start=day, start_reason="P", placement_type="U4" if spell.placement_type == "U6" else "U6")


def _row(record: CareRecord, spell: LookedAfterEpisode, settings: Settings) -> tuple[str, ...]:
    ceased = by(spell.ceased, settings.year_end)
    home = next((at.postcode for at in record.addresses if at.kind == "home" and at.start <= spell.start), "")
    provider = "PR1" if crc32(spell.identifier.encode()) % 2 else "PR4"
    return (
        record.legacy_id, slashed(spell.start), spell.start_reason, spell.legal_status, spell.need, spell.placement_type,
        provider, slashed(ceased), spell.ceased_reason if ceased else "", "PLACE" if ceased and spell.ceased_reason == "X1" else "",
        "" if record.restricted else home, "" if record.restricted else spell.placement_postcode, "",
    )  # fmt: skip


def _child(record: CareRecord, last: date) -> tuple[str, ...]:
    sex = record.person.sex
    said = sex if last.year >= SEX else GENDER.get(sex, "9")
    return record.legacy_id, said, slashed(record.person.birth_date), record.ethnicity, record.upn, "", ""
