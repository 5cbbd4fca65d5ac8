"""How a supplier spells what one of our columns holds: the order of dates, the unit of amounts, which codes are ours."""

from __future__ import annotations

from hearthlink.sources.intake.declared import IntakeColumn, Kind
from hearthlink.sources.intake.rules import ColumnRule, Per
from hearthlink.sources.mapping.shapes import Profile
from hearthlink.sources.mapping.words import words_of
from hearthlink.sources.reading.date_formats import DATE_FORMATS, DateFormat, has_short_year

PIVOT = 30
BIRTH_PIVOT = 27
"""The last two digits of the last census year that is read; nobody in it was born later."""


def spelling(column: IntakeColumn, profile: Profile) -> tuple[ColumnRule, list[str]]:
    """The rule by which a column of theirs becomes ours, and in sentences what of it a person should look at."""
    rule = ColumnRule((profile.header,))
    if profile.empty:
        return rule, []
    match column.kind:
        case Kind.DATE | Kind.END:
            return _dates(rule, column, profile)
        case Kind.PENCE:
            return _amounts(rule, column, profile)
        case Kind.CODE:
            return rule, _codes(column, profile)
        case Kind.FLAG if profile.look("yes or no") < 0.95:
            return rule, ['Its spellings are not all ones of yes and no: add  codes = { THEIRS = "yes" }  for each.']
        case _:
            return rule, []


def is_weekly(column: IntakeColumn) -> bool:
    """Whether an amount is kept by the week, so that another period must be turned into weeks."""
    return column.kind is Kind.PENCE and "a week" in column.says


def _dates(rule: ColumnRule, column: IntakeColumn, profile: Profile) -> tuple[ColumnRule, list[str]]:
    """The order of its dates, where the reader does not know it by itself."""
    shares = profile.dates
    if shares.get("", 0.0) >= 0.98 * profile.dated and profile.dated:
        american = shares.get("mm/dd/yyyy", 0.0) > shares.get("", 0.0)
        if not american:
            return rule, []
    formats: list[DateFormat] = [one for one in _FORMATS if shares.get(one, 0.0) == profile.dated and profile.dated > 0]
    if not formats:
        return rule, ["Hardly any of its values read as a date."]
    first = formats[0]
    doubts: list[str] = []
    pivot = None
    if has_short_year(first):
        pivot = BIRTH_PIVOT if "birth" in column.name else PIVOT
        doubts.append(f"Its years have two digits: up to {pivot} they are taken as 20yy, and the others as 19yy.")
    if len(formats) > 1:
        doubts.append(f"Its dates could also be read as {formats[1]}.")
    return ColumnRule(rule.headers, date=first, pivot=pivot), doubts


_FORMATS: tuple[DateFormat, ...] = DATE_FORMATS  # type: ignore[assignment]

_PERIODS: dict[str, Per] = {
    "monthly": "month", "month": "month", "yearly": "year", "annual": "year", "annually": "year", "year": "year", "fortnightly": "fortnight",
    "daily": "day", "quarterly": "quarter",
}  # fmt: skip


def _amounts(rule: ColumnRule, column: IntakeColumn, profile: Profile) -> tuple[ColumnRule, list[str]]:
    """The unit and period of its amounts, as far as header and shape tell."""
    words = words_of(profile.header)
    per: Per | None = next((_PERIODS[word] for word in words if word in _PERIODS), None) if is_weekly(column) else None
    doubts = [f"Its amounts are taken to be for a {per}, and turned into weeks."] if per else []
    pence = "pence" in words
    bare = profile.look("whole") >= 0.98 and profile.distinct > ENOUGH_TO_TELL
    if bare and not pence:
        pence = profile.longest >= 4
        unit, other = ("pence", "pounds") if pence else ("pounds", "pence")
        doubts.append(f"Its amounts have no decimals, so they are taken to be {unit}; they could be {other}.")
    return ColumnRule(rule.headers, unit="pence" if pence else "pounds", per=per), doubts


ENOUGH_TO_TELL = 8


def _codes(column: IntakeColumn, profile: Profile) -> list[str]:
    known = set(profile.codes) & set(column.codes)
    if sum(profile.codes[code] for code in known) >= NEARLY_ALL:
        return []
    words = ", ".join(sorted(set(column.codes.values())))
    held = (
        f"{len(known)} of its {profile.distinct} spellings are ours"
        if known
        else f"None of its {profile.distinct} spellings is ours"
    )
    return [f'{held}: add  codes = {{ THEIRS = "ours" }}  for the others. Ours are: {words}.']


NEARLY_ALL = 0.95
"""The share of values with codes of ours past which the rest may be what is not recorded."""
