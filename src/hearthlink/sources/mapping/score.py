"""How well a supplier's column fits one of ours: by the words of its header, and by whether its values look as they should."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from rapidfuzz import fuzz

from hearthlink.sources.intake.declared import IntakeColumn, Kind
from hearthlink.sources.mapping.shapes import Profile
from hearthlink.sources.mapping.words import sense_of, words_of
from hearthlink.sources.reading.delimited import normal

BY_LOOKS = 0.62
"""What a column is worth whose values could hardly be anything else, whatever its header says."""

PHRASES: Mapping[str, tuple[str, ...]] = {
    "start_date": ("from", "start", "start date", "effective from", "effective date", "valid from", "date from", "period start", "from date", "occupation date", "commencement date", "award start", "begin date", "date started to be looked after", "decom"),
    "end_date": ("to", "end", "end date", "effective to", "valid to", "date to", "period end", "to date", "vacation date", "cease date", "award end", "closure date", "date ceased to be looked after", "dec"),
    "birth_date": ("date of birth", "birth date", "person birth date", "dob"),
    "claim_ref": ("claim reference", "claim number", "claim id", "case reference", "benefit claim number"),
    "ct_account_ref": ("council tax account number", "council tax reference", "account reference"),
    "address_1": ("address line 1", "address 1", "property address", "address"),
    "address_2": ("address line 2", "address 2", "street", "thoroughfare"), "address_3": ("address line 3", "address 3", "town", "post town", "locality"), "address_4": ("address line 4", "address 4"),
    "address_5": ("address line 5", "address 5"),
    "role": ("relationship to claimant", "person type", "member type", "household role", "relationship"),
    "relationship": ("relationship type", "relationship to child", "relation type", "relationship to applicant"),
    "person_ref": ("person reference", "person id", "party reference", "member reference", "party id"),
    "person_id": ("child", "person id", "child id", "client id", "child unique id"),
    "adult_id": ("adult id", "contact id", "related person id", "carer id", "adult person id"),
    "claim_type": ("benefit type", "scheme type", "claim type"),
    "status": ("claim status", "award status"),
    "tenure": ("tenure type", "tenancy type"),
    "contractual_rent": ("rent amount", "contractual rent", "gross rent", "rent charge"),
    "rent_period": ("rent frequency", "rent period"),
    "cts_award": ("council tax support award", "council tax reduction award", "weekly council tax support"),
    "hb_award": ("housing benefit award", "weekly housing benefit"),
    "dhp_award": ("discretionary housing payment award", "discretionary housing payment weekly"),
    "uc_award": ("universal credit award", "universal credit amount"),
    "passport_benefit": ("passported benefit", "passporting benefit", "passport"),
    "suspension_date": ("suspended date", "suspension start date", "date suspended"),
    "suspension_reason": ("suspension reason code",),
    "end_reason": ("reason ended", "closure reason", "end reason code", "cancellation reason"),
    "capital": ("capital amount", "total capital"),
    "household_size": ("number in household", "household members"),
    "dependants": ("number of dependants", "number of children"),
    "title": ("title",), "middle_names": ("middle name", "middle names", "other forenames"), "other_names": ("middle name", "other forenames", "second forename", "forename 2"),
    "known_as": ("known as", "preferred name"), "former_surname": ("previous surname", "birth surname", "maiden name"),
    "address_kind": ("address type",), "confidential": ("confidential address", "unsafe address"),
    "disability": ("disability", "disabled", "disability code", "disability type"), "employment": ("employment status", "employment type"),
    "lives_with": ("lives with child", "same household", "resides with"),
    "nino": ("national insurance number", "nino"), "upn": ("unique pupil number", "upn"), "uprn": ("unique property reference number", "uprn"),
    "balance": ("balance", "arrears", "amount outstanding", "total outstanding", "current balance"),
    "day": ("balance date", "as at date", "snapshot date", "date"),
    "opened_date": ("case opened date", "application date", "approach date"), "closed_date": ("case closed date", "date closed"),
    "case_ref": ("case reference", "case id", "case number"), "tenancy_ref": ("tenancy reference", "tenancy number", "rent account number"),
    "weekly": ("weekly amount", "weekly award"), "lump_sum": ("lump sum amount", "one off payment"),
    "stage": ("recovery stage", "debt stage"), "rent": ("weekly rent", "rent"), "bedrooms": ("number of bedrooms", "bedrooms"),
    "liable_name": ("liable party name", "account holder name", "lead liable name"),
    "sanction": ("sanction", "sanctioned"), "restricted": ("restricted record", "sensitive record"),
    "merged_into": ("merged into id",), "legacy_id": ("legacy id", "old system id", "previous system id", "legacy system id"), "child_id": ("census child id", "la child id"),
    "birth_date_estimated": ("estimated date of birth", "dob estimated"), "expected_birth_date": ("expected date of birth", "expected dob", "due date", "estimated date of delivery"),
    "reason": ("award reason", "reason code"),
    "referral_id": ("referral reference", "referral number", "cin episode id"), "referral_date": ("date of referral", "referral received date", "date referral received", "referral date"),
    "referral_source": ("source of referral", "referrer type", "contact source"), "primary_need": ("category of need", "need code", "primary need", "cin primary need"),
    "closure_date": ("case closed date", "date case closed", "close date", "closed date", "referral closed date"), "closure_reason": ("reason case closed", "close reason", "reason closed", "case closure reason"),
    "no_further_action": ("referral no further action",), "assessment_start_date": ("continuous assessment start date", "date assessment started", "assessment start"),
    "assessment_end_date": ("continuous assessment date of authorisation", "assessment completed date", "assessment completion date", "assessment authorised date", "date assessment completed", "assessment end"),
    "assessment_factor": ("factor code", "assessment factor code", "factor identified"), "ethnicity": ("ethnic origin", "ethnic group", "ethnicity code"),
    "enquiry_start_date": ("strategy discussion initiating section 47 enquiry start date", "s47 start date", "section 47 start date", "s47 enquiry start date"), "conference_due": ("icpc target date", "conference target date", "icpc due date"),
    "first_conference_date": ("date of initial child protection conference", "icpc date", "initial conference date", "conference date"), "conference_not_required": ("was an initial child protection conference deemed unnecessary", "icpc not required", "conference not needed"),
    "protection_start_date": ("cp plan start date", "child protection plan start date"), "protection_end_date": ("cp plan end date", "child protection plan end date"),
    "first_category": ("initial category", "initial abuse category"), "latest_category": ("latest abuse category", "current category of abuse"),
    "earlier_plans": ("number of previous child protection plans", "number of previous plans", "previous plans"), "review_date": ("cp review date", "conference review date", "date of review"),
}  # fmt: skip
"""What else our columns are likely to be called; a header that says exactly so is still a guess, and told as one."""


TELLING = frozenset(
    "postcode surname forename sex nino uprn upn tenure capital earnings from to start end weekly".split()
)
"""Words that say by themselves what a column holds, whatever stands before them."""

OTHERS = frozenset(
    "partner landlord agent appointee mother father placement school worker team provider forwarding correspondence previous next".split()
)
"""Whose a column is, if not the person's that the row is about."""


def fit(column: IntakeColumn, header: str, profile: Profile) -> float:
    """How well a column fits one of ours, from 0 to 1; `header` is its header without what all headers of the file begin with."""
    said = max(by_name(column, profile.header), by_name(column, header))
    words = words_of(header)
    if words and words[-1] == "id" and not column.identifies:
        said *= 0.6
    alone = 0.0 if OTHERS & {*words} else _looks_alone(column, profile)
    return max(said * by_looks(column, profile), alone)


def by_name(column: IntakeColumn, header: str) -> float:
    """How alike a header and what our column may be called are; 1 where it is one of our own spellings."""
    own = max(_alike(header, column.name), *(0.99 * _alike(header, name) for name in ("", *column.also)))
    return max(own, 0.94 * max((_alike(header, phrase) for phrase in PHRASES.get(column.name, ())), default=0.0))


@lru_cache(maxsize=1 << 18)
def _alike(header: str, phrase: str) -> float:
    if normal(header) == normal(phrase):
        return 1.0
    said, meant = words_of(header), words_of(phrase)
    if not said or not meant:
        return 0.0
    if said == meant:
        return 0.97
    if sorted(said) == sorted(meant):
        return 0.95
    strangers = (set(said) - set(meant)) & OTHERS
    if strangers:
        return 0.6 * _alike(" ".join(word for word in said if word not in strangers), phrase)
    if len(said) > len(meant) and said[-len(meant) :] == meant and (len(meant) > 1 or TELLING.issuperset(meant)):
        return 0.82
    one, other = sense_of(header), sense_of(phrase)
    if one and one == other:
        return 0.9
    shared = 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
    return 0.85 * max(shared, 0.85 * _spelt_alike(" ".join(said), " ".join(meant)))


def _spelt_alike(one: str, other: str) -> float:
    """How alike two spellings are; very short ones are alike only where they are the same."""
    return 0.0 if min(len(one), len(other)) <= 4 else max(0.0, fuzz.ratio(one, other) / 100 - 0.4) / 0.6


def by_looks(column: IntakeColumn, profile: Profile) -> float:
    """Whether the values could be what our column holds, from nearly 0 to 1. An empty column tells nothing."""
    if profile.empty:
        return 0.92
    match column.kind:
        case Kind.DATE | Kind.END:
            return _as_date(column, profile)
        case Kind.PENCE | Kind.NUMBER:
            return _at_least(profile.look("number"), 0.8)
        case Kind.WHOLE:
            return max(_at_least(profile.look("whole"), 0.8), 0.8 * _at_least(profile.look("number"), 0.8))
        case Kind.FLAG:
            return max(_at_least(profile.look("yes or no"), 0.8), 0.8 if profile.distinct <= 3 else 0.1)
        case Kind.CODE:
            return _as_code(column, profile)
        case Kind.TEXT:
            return _as_text(column, profile)


def _as_date(column: IntakeColumn, profile: Profile) -> float:
    fits = _at_least(profile.dated, 0.8)
    if profile.years is None:
        return fits
    first, last = profile.years
    if "birth" in column.name:
        return fits * (0.3 if last > 2050 else 0.7 if last - first < 3 and profile.distinct > 5 else 1.0)
    far = last > 2060 and column.kind is not Kind.END
    return fits * (0.5 if far else 1.0) * (0.6 if first < 1965 else 1.0)


def _as_code(column: IntakeColumn, profile: Profile) -> float:
    if sum(share for code, share in profile.codes.items() if code in column.codes) >= 0.5:
        return 1.0
    return 0.85 if profile.distinct <= 40 and profile.dated < 0.5 and profile.look("postcode") < 0.5 else 0.1


def _as_text(column: IntakeColumn, profile: Profile) -> float:
    look = profile.look
    name = column.name.removeprefix("claimant_").removeprefix("partner_")
    if name in _MUST_LOOK:
        return _at_least(look(name), 0.5)
    plainly_else = max(look("postcode"), look("nino"), look("object"), 0.0 if look("whole") > 0.9 else profile.dated)
    if name in _NAMES:
        return 0.05 if max(look("number"), plainly_else) > 0.5 else max(0.2, look("words"), 0.6 * look("comma name"))
    if name == "title":
        return max(0.2, look("title"))
    if name.startswith("address"):
        return 0.05 if max(plainly_else, look("amount")) > 0.5 else 1.0
    if name.endswith(("_ref", "_id", "_into")):
        spaced = max(
            look("comma name"),
            profile.dated if look("whole") < 0.9 else 0.0,
            look("postcode"),
            look("nino"),
            look("amount"),
        )
        return 0.1 if spaced > 0.5 else 1.0
    return 0.15 if plainly_else > 0.5 else 1.0


_MUST_LOOK = {"postcode", "uprn", "nino", "upn"}
_NAMES = {"forename", "surname", "middle_names", "other_names", "former_surname", "known_as", "liable_name"}


def _at_least(share: float, enough: float) -> float:
    """1 where enough values fit, falling to nearly nothing where hardly any do."""
    return 1.0 if share >= enough else 0.05 + 0.75 * (share / enough) ** 2


def _looks_alone(column: IntakeColumn, profile: Profile) -> float:
    """What values that could hardly be anything else are worth by themselves."""
    tests: Mapping[str, Callable[[], bool]] = {
        "postcode": lambda: profile.look("postcode") >= 0.8,
        "nino": lambda: profile.look("nino") >= 0.8,
        "upn": lambda: profile.look("upn") >= 0.8,
    }
    if column.name in tests and not profile.empty and tests[column.name]():
        return BY_LOOKS
    words = [code for code in profile.codes if code in column.codes and not code.isdigit()]
    ours = sum(share for code, share in profile.codes.items() if code in column.codes)
    if column.kind is Kind.CODE and len(words) > 1 and ours >= 0.8:
        return 0.55
    if column.name == "birth_date" and profile.dated >= 0.8 and profile.years is not None:
        first, last = profile.years
        return 0.5 if last - first >= 12 and last <= 2040 else 0.0
    return 0.0
