"""The safeguarding dataset's tables of what followed a referral: disabilities, assessments, enquiries, conferences, plans and reviews."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from json import dumps

from hearthlink.synthetic.census_years import disabilities_of
from hearthlink.synthetic.world import CareRecord, Referral
from hearthlink.synthetic.writing.text import midnight

PLACEHOLDER = "SSD_PH"

ACTIVITY: dict[str, tuple[str, ...]] = {
    "in/ssd/ssd_disability.csv": ("disa_table_id", "disa_person_id", "disa_disability_code"),
    "in/ssd/ssd_cin_assessments.csv": (
        "cina_assessment_id", "cina_person_id", "cina_referral_id", "cina_assessment_start_date", "cina_assessment_child_seen",
        "cina_assessment_auth_date", "cina_assessment_outcome_json", "cina_assessment_outcome_nfa",
    ),
    "in/ssd/ssd_assessment_factors.csv": ("cinf_table_id", "cinf_assessment_id", "cinf_assessment_factors_json"),
    "in/ssd/ssd_s47_enquiry.csv": (
        "s47e_s47_enquiry_id", "s47e_referral_id", "s47e_person_id", "s47e_s47_start_date", "s47e_s47_end_date", "s47e_s47_nfa",
        "s47e_s47_outcome_json",
    ),
    "in/ssd/ssd_initial_cp_conference.csv": (
        "icpc_icpc_id", "icpc_s47_enquiry_id", "icpc_person_id", "icpc_referral_id", "icpc_icpc_target_date", "icpc_icpc_date",
        "icpc_icpc_outcome_cp_flag",
    ),
    "in/ssd/ssd_cp_plans.csv": (
        "cppl_cp_plan_id", "cppl_referral_id", "cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date", "cppl_cp_plan_ola",
        "cppl_cp_plan_initial_category", "cppl_cp_plan_latest_category",
    ),
    "in/ssd/ssd_cp_reviews.csv": ("cppr_cp_review_id", "cppr_cp_plan_id", "cppr_person_id", "cppr_cp_review_due", "cppr_cp_review_date"),
}  # fmt: skip
"""The files and their columns."""

Row = tuple[object, ...]


def activity(records: Sequence[CareRecord]) -> Mapping[str, Iterator[Row]]:
    """The rows of each file."""
    episodes = [(record.person_id, referral) for record in records for referral in record.referrals]
    return {
        "in/ssd/ssd_disability.csv": _disabilities(records),
        "in/ssd/ssd_cin_assessments.csv": _assessments(episodes),
        "in/ssd/ssd_assessment_factors.csv": _factors(episodes),
        "in/ssd/ssd_s47_enquiry.csv": _enquiries(episodes),
        "in/ssd/ssd_initial_cp_conference.csv": _conferences(episodes),
        "in/ssd/ssd_cp_plans.csv": _plans(episodes),
        "in/ssd/ssd_cp_reviews.csv": _reviews(episodes),
    }


Episodes = Sequence[tuple[str, Referral]]


def _disabilities(records: Sequence[CareRecord]) -> Iterator[Row]:
    for record in records:
        for number, code in enumerate(disabilities_of(record), 1):
            yield f"D{record.person_id}-{number}", record.person_id, code


def _assessments(episodes: Episodes) -> Iterator[Row]:
    for person_id, referral in episodes:
        for one in referral.assessments:
            days = (midnight(one.start), "Y", midnight(one.authorised))
            yield one.identifier, person_id, referral.identifier, *days, "", ""


def _factors(episodes: Episodes) -> Iterator[Row]:
    for _, referral in episodes:
        for one in referral.assessments:
            if one.factors:
                yield f"F{one.identifier}", one.identifier, dumps(list(one.factors))


def _enquiries(episodes: Episodes) -> Iterator[Row]:
    for person_id, referral in episodes:
        for one in referral.enquiries:
            nfa = "Y" if one.conference_not_required else "N"
            yield one.identifier, referral.identifier, person_id, midnight(one.start), midnight(one.end), nfa, ""


def _conferences(episodes: Episodes) -> Iterator[Row]:
    """Conferences of enquiries, and those that a referral knows without one."""
    for person_id, referral in episodes:
        for one in referral.enquiries:
            if one.conference:
                days = (midnight(one.conference_target), midnight(one.conference))
                yield f"I{one.identifier}", one.identifier, person_id, referral.identifier, *days, PLACEHOLDER
        if referral.other_conference:
            held = midnight(referral.other_conference)
            yield f"I{referral.identifier}", "", person_id, referral.identifier, "", held, PLACEHOLDER


def _plans(episodes: Episodes) -> Iterator[Row]:
    for person_id, referral in episodes:
        for plan in referral.plans:
            days = (midnight(plan.start), midnight(plan.end))
            yield (
                plan.identifier,
                referral.identifier,
                person_id,
                *days,
                PLACEHOLDER,
                plan.initial_category,
                plan.latest_category,
            )


def _reviews(episodes: Episodes) -> Iterator[Row]:
    for person_id, referral in episodes:
        for plan in referral.plans:
            for number, day in enumerate(plan.reviews, 1):
                yield f"R{plan.identifier}-{number}", plan.identifier, person_id, "", midnight(day)
