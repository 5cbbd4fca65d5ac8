"""The daily children's social care feed (``domain.md`` 1.8.4): one JSON object a child, one a line.

The feed names each child by the id of the census. It holds no relative and, of an address, only the latest postcode.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from json import dumps

from hearthlink.synthetic.census_years import disabilities_of
from hearthlink.synthetic.settings import Settings
from hearthlink.synthetic.world import Assessment, CareRecord, Referral, Section47, Ward
from hearthlink.synthetic.writing.text import Part, iso

FILE = "in/daily_api/children.jsonl"

Json = Mapping[str, object]


def begin(settings: Settings) -> dict[str, bytes]:
    """The file, which has no header."""
    return {FILE: b""}


def part(ward: Ward, settings: Settings) -> dict[str, Part]:
    """The children of one ward."""
    lines = [dumps(_child(record), ensure_ascii=False) for record in ward.care_records]
    return {FILE: Part("".join(f"{line}\n" for line in lines).encode())}


def _child(record: CareRecord) -> Json:
    estimated = record.expected_birth_date
    homes = [home for home in record.addresses if home.kind != "placement"]
    details: dict[str, object] = {
        "unique_pupil_number": record.upn or None,
        "former_unique_pupil_number": record.former_upn or None,
        "unique_pupil_number_unknown_reason": record.upn_unknown or None,
        "first_name": record.person.forename or None,
        "surname": record.person.surname or None,
        "date_of_birth": None if estimated else _day(record.person.birth_date),
        "expected_date_of_birth": _day(estimated),
        "sex": record.person.sex or "U",
        "ethnicity": record.ethnicity,
        "disabilities": list(disabilities_of(record)),
        "postcode": homes[-1].postcode if homes and homes[-1].postcode else None,
        "uasc_flag": record.unaccompanied,
        "purge": False,
    }
    return {
        "la_child_id": record.legacy_id,
        "mis_child_id": record.person_id,
        "child_details": {name: value for name, value in details.items() if value is not None},
        "social_care_episodes": _episodes(record),
        "purge": False,
    }


def _episodes(record: CareRecord) -> list[Json]:
    """The referrals. A placement that belongs to no referral of the record stands with the first."""
    known = {referral.identifier for referral in record.referrals}
    made: list[Json] = []
    for number, referral in enumerate(record.referrals):
        placed = [
            {
                "child_looked_after_placement_id": care.identifier,
                "start_date": iso(care.start),
                "start_reason": care.start_reason,
                "placement_type": care.placement_type,
                "postcode": care.placement_postcode,
                "end_date": _day(care.ceased),
            }
            for care in record.looked_after
            if care.referral == referral.identifier or (not number and care.referral not in known)
        ]
        plans = [
            {"child_in_need_plan_id": plan.identifier, "start_date": iso(plan.start), "end_date": _day(plan.end)}
            for plan in record.cin_plans
            if plan.referral == referral.identifier
        ]
        made.append(_episode(referral) | {"child_in_need_plans": plans, "child_looked_after_placements": placed})
    return made


def _episode(referral: Referral) -> dict[str, object]:
    return {
        "social_care_episode_id": referral.identifier,
        "referral_date": iso(referral.day),
        "referral_source": referral.source,
        "referral_no_further_action_flag": referral.no_further_action,
        "closure_date": _day(referral.closed),
        "closure_reason": referral.closure_reason or None,
        "child_and_family_assessments": [_assessment(one) for one in referral.assessments],
        "section_47_assessments": [_enquiry(one) for one in referral.enquiries],
        "child_protection_plans": [
            {"child_protection_plan_id": plan.identifier, "start_date": iso(plan.start), "end_date": _day(plan.end)}
            for plan in referral.plans
        ],
        "purge": False,
    }


def _assessment(one: Assessment) -> Json:
    return {
        "child_and_family_assessment_id": one.identifier,
        "start_date": iso(one.start),
        "authorisation_date": _day(one.authorised),
        "factors": list(one.factors),
    }


def _enquiry(one: Section47) -> Json:
    return {
        "section_47_assessment_id": one.identifier,
        "start_date": iso(one.start),
        "icpc_required_flag": not one.conference_not_required,
        "icpc_date": _day(one.conference),
        "end_date": _day(one.end),
    }


def _day(day: date | None) -> str | None:
    return iso(day) or None
