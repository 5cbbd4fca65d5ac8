"""What a census of the year writes for what truly happened: its codes and its blocks (``domain.md`` 1.3).

The authority's casework is drawn in the codes of 2019-20. A code that was split or added later is put in its place by what the record
itself says, so that the same authority tells the same story in any year.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zlib import crc32

from hearthlink.synthetic.casework import Assessment, CareRecord, CinPlan, ProtectionPlan, Referral
from hearthlink.synthetic.settings import Settings

SPLIT_FACTORS, PLANS, MORE_CODES, SEX, PROCEEDINGS = 2021, 2022, 2023, 2025, 2027
"""The census years, by the year they end in, from which each change holds."""

GENDER = {"M": "1", "F": "2", "U": "0", "": "0"}


def year_of(settings: Settings) -> int:
    """The census year by the year it ends in."""
    return settings.year_end.year


def episodes_of(record: CareRecord, settings: Settings) -> list[Referral]:
    """The episodes that the census of the year carries: referred in it, or begun before and open when it began."""
    return [referral for referral in record.referrals if in_year(referral, settings)]


def in_year(referral: Referral, settings: Settings) -> bool:
    """Whether the census of the year carries the episode."""
    if referral.day >= settings.year_start:
        return referral.day <= settings.year_end
    if referral.no_further_action:
        return False
    return referral.closed is None or referral.closed >= settings.year_start


def sex_of(record: CareRecord, year: int) -> tuple[str, str]:
    """The element that says the sex, and what it says."""
    if year >= SEX:
        return "Sex", record.person.sex if record.person.sex in {"M", "F"} else "U"
    return "GenderCurrent", GENDER.get(record.person.sex, "9")


def disabilities_of(record: CareRecord) -> tuple[str, ...]:
    """The disability codes: NONE where there is none and the child was born, and any referral went further."""
    went_further = any(not referral.no_further_action for referral in record.referrals)
    return record.disabilities or (("NONE",) if went_further and record.expected_birth_date is None else ())


def source_of(referral: Referral, year: int) -> str:
    """The referral source: early help had no code of its own before 2022-23."""
    if year >= MORE_CODES and referral.source == "5B" and _share(referral.identifier) < 0.4:
        return "5D"
    return referral.source


def closure_reason_of(referral: Referral, year: int) -> str:
    """The reason for closure: a closing to early help had no code of its own before 2022-23."""
    if year >= MORE_CODES and referral.closure_reason == "RC8" and _share(referral.identifier) < 0.3:
        return "RC9"
    return referral.closure_reason


def factors_of(assessment: Assessment, year: int) -> tuple[str, ...]:
    """The factors: physical and sexual abuse are told apart by who did it from 2020-21; a few go on sending the code that was split."""
    if year < SPLIT_FACTORS:
        return assessment.factors
    where = _share(assessment.identifier)
    letter = "A" if where < 0.05 else "B" if where < 0.25 else "C"
    split = {"18A": f"18{letter}", "19A": f"19{letter}"}
    told = [split.get(code, code) for code in assessment.factors]
    exploited = year >= PLANS and "13A" in told and "24A" not in told and where < 0.6
    return (*told, "24A") if exploited else tuple(told)


def cin_plans_of(record: CareRecord, referral: Referral, year: int, last: date) -> Iterator[CinPlan]:
    """The child in need plans of an episode, which the census holds from 2021-22 on."""
    if year >= PLANS:
        yield from (plan for plan in record.cin_plans if plan.referral == referral.identifier and plan.start <= last)


@dataclass(frozen=True, slots=True)
class Proceedings:
    """A block of pre-proceedings: the elements that it holds, by name and in order."""

    cells: tuple[tuple[str, str], ...]


def proceedings_of(plan: ProtectionPlan, year: int, last: date) -> Iterator[Proceedings]:
    """Pre-proceedings that followed a long protection plan, which the census holds from 2026-27 on."""
    if year < PROCEEDINGS or _share(plan.identifier) >= 0.2:
        return
    began = plan.start + timedelta(days=90)
    if began > (plan.end or last) or began > last:
        return
    met, decided = began + timedelta(days=14), began + timedelta(days=70)
    days = (
        ("PPStartDate", began), ("LBPSentDate", began + timedelta(days=3)), ("FGDMMeetingOffer", "1"),
        ("FGDMMeetingFac", "1" if met <= last else "0"), ("InitialPPMeetingDate", met), ("ReviewMeetingsCount", "1"),
        ("StepDecisionDate", decided), ("PPOutcome", "A" if decided <= last else ""),
    )  # fmt: skip
    told = (
        (name, said) if isinstance(said, str) else (name, said.isoformat() if said <= last else "")
        for name, said in days
    )
    yield Proceedings(tuple((name, said) for name, said in told if said))


def by(day: date | None, last: date) -> date | None:
    """A day the return can know, because it lies on or before the reference date."""
    return day if day is not None and day <= last else None


def _share(identifier: str) -> float:
    """A number from 0 to 1 that belongs to a record for good."""
    return crc32(identifier.encode()) / 2**32
