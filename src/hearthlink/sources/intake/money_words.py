"""The words that money and housing tables keep, each with what systems write for it (domain.md 2.7 to 2.9).

Codes of H-CLIC, of rent systems and of councils' own lists are not public, so a word here stands for a *group* of reasons, after the
groups of the published tables. A system's own codes are given by a mapping.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Words: TypeAlias = Mapping[str, tuple[str, ...]]

NOTICES: Words = {
    "new": ("n", "new claim", "first"),
    "change": ("c", "change of circumstances", "update"),
    "stop": ("s", "end", "stopped"),
}

DUTIES: Words = {
    "none": ("no duty", "no duty owed", "not homeless"),
    "prevention": ("prevention duty",),
    "relief": ("relief duty",),
    "main": ("main duty", "final", "final duty", "full duty"),
}

HOME_LOSSES: Words = {
    "private_tenancy": (
        "end of private rented tenancy assured shorthold tenancy", "end of private rented tenancy assured shorthold", "end of assured shorthold tenancy",
        "end of ast", "loss of ast", "end of private ast",
    ),
    "other_private_tenancy": ("end of private rented tenancy not assured shorthold tenancy", "end of other private tenancy", "loss of other rented", "tied accommodation ended"),
    "social_tenancy": ("end of social rented tenancy", "end of social tenancy", "end of council tenancy", "end of housing association tenancy"),
    "supported_housing": ("eviction from supported housing", "evicted from supported housing", "end of supported housing"),
    "family": ("family no longer willing or able to accommodate", "family no longer willing", "parents no longer willing"),
    "friends": ("friends no longer willing or able to accommodate", "friends no longer willing"),
    "family_or_friends": ("family or friends no longer willing or able to accommodate", "family or friends no longer willing"),
    "domestic_abuse": ("domestic abuse victim", "domestic violence", "violence domestic"),
    "other_violence": ("other violence or harassment", "non domestic violence", "violence other", "racially motivated violence or harassment", "harassment"),
    "relationship_breakdown": ("relationship with partner ended non violent breakdown", "non violent relationship breakdown", "relationship ended"),
    "mortgage": ("mortgage repossession", "repossession", "mortgage repossession or sale of owner occupied property"),
    "institution": ("left institution with no accommodation available", "left institution", "left prison", "left hospital", "left care"),
    "asylum_support": ("required to leave accommodation provided by home office as asylum support", "left asylum support accommodation", "end of asylum support"),
    "emergency": ("fire or flood other emergency", "fire flood or other emergency", "fire or flood", "fire", "flood"),
    "disrepair": ("property disrepair", "disrepair"),
    "other": ("other reason", "other reasons not known", "not known"),
}  # fmt: skip
"""Why the last settled home was lost, or threatened."""

TENANCY_LOSSES: Words = {
    "arrears_circumstances": ("rent arrears due to change in personal circumstances", "rent arrears change in personal circumstances"),
    "arrears_earnings": ("rent arrears due to reduction in employment income", "rent arrears fall in earnings", "rent arrears reduced earnings"),
    "arrears_benefit": ("rent arrears due to change in benefit entitlement", "rent arrears change in benefit", "rent arrears changes in benefit entitlement"),
    "arrears_rent": ("rent arrears due to increase in rent", "rent arrears rise in rent", "rent arrears increase in rent"),
    "arrears_budgeting": ("rent arrears due to tenant difficulty budgeting or making other payment", "rent arrears budgeting", "rent arrears difficulty budgeting"),
    "arrears": ("rent arrears",),
    "breach": ("breach of tenancy not related to rent arrears", "breach of tenancy"),
    "landlord": ("landlord wishing to sell or re let the property", "landlord selling", "landlord reletting", "landlord wishing to sell", "landlord selling or re letting"),
    "tenant_complained": ("tenant complained to the council agent landlord about disrepair", "tenant complained of disrepair", "tenant complained"),
    "illegal_eviction": ("illegally evicted", "unlawful eviction"),
    "other": ("other reason", "tenant abandoned property", "not known"),
}  # fmt: skip
"""Why an assured shorthold tenancy ended."""

TEMPORARY_KINDS: Words = {
    "bed_and_breakfast": ("b&b", "bb", "bed & breakfast", "bed and breakfast hotels", "bed and breakfast including shared annexes", "hotel"),
    "hostel": ("hostels", "hostels including reception centres emergency units", "emergency unit"),
    "refuge": ("women's refuge", "refuges"),
    "nightly_paid": ("nightly paid self contained", "nightly paid privately managed accommodation self contained", "annexe"),
    "private_leased": ("private sector accommodation leased", "private sector leased", "psl", "leased", "private sector accommodation leased by authority or leased or managed by a registered provider"),
    "council_or_association": ("local authority or housing association stock", "council stock", "la stock", "within council stock", "la ha stock"),
    "other": ("other private sector", "any other type of temporary accommodation including private landlord", "not known"),
}  # fmt: skip

HOUSING_OUTCOMES: Words = {
    "stayed": ("secured existing accommodation for 6 or more months", "stayed in existing", "secured existing accommodation"),
    "moved": ("secured alternative accommodation for 6 or more months", "moved to alternative", "secured accommodation for 6 months", "secured accommodation", "secured alternative accommodation"),
    "homeless": ("homeless including intentionally homeless", "still homeless", "became homeless"),
    "main_duty": ("main duty owed", "main duty accepted", "homeless priority need and unintentionally homeless"),
    "not_owed": ("no duty owed", "not homeless", "not eligible", "no longer eligible", "intentionally homeless", "no priority need", "56 days elapsed", "56 days or more expired and no further action"),
    "contact_lost": ("contact lost", "lost contact"),
    "refused": ("refused suitable accommodation offer", "refused to cooperate", "notice served due to refusal to cooperate", "refused offer"),
    "withdrawn": ("withdrew application", "withdrew application or applicant deceased", "application withdrawn"),
    "other": ("other reason", "local connection referral accepted by other la", "not known"),
}  # fmt: skip
"""How a homelessness case, or the last duty of it, ended."""

TENANCY_ENDS: Words = {
    "eviction": ("evicted", "eviction by bailiff", "possession", "court possession"),
    "abandoned": ("abandonment", "absconded"),
    "transfer": ("transferred", "internal transfer", "decant", "decanted"),
    "exchange": ("mutual exchange",),
    "notice": ("tenant notice", "notice to quit", "tenant gave notice", "termination by tenant"),
    "death": ("deceased", "tenant deceased", "died"),
    "bought": ("right to buy", "rtb", "sold"),
    "other": ("other reason",),
}

PAYMENT_REASONS: Words = {
    "benefit_cap": ("cap",),
    "size_criteria": ("bedroom tax", "removal of the spare room subsidy", "rsrs", "under occupation"),
    "lha": ("lha shortfall", "lha reform", "local housing allowance"),
    "rent_shortfall": ("shortfall",),
    "deposit": ("rent deposit", "deposit or rent in advance", "rent in advance"),
    "moving": ("removal costs", "moving costs"),
    "core": ("other rent", "non welfare reform"),
    "other": ("other reason",),
}

ARREAR_STAGES: Words = {
    "none": ("bill", "no recovery", "billed"),
    "reminder": ("reminder notice", "first reminder", "second reminder"),
    "final_notice": ("final", "final reminder"),
    "summons": ("summonsed", "summons issued", "court summons"),
    "liability_order": ("lo", "liability order granted", "court order"),
    "enforcement_agent": ("enforcement", "bailiff", "enforcement agents", "with enforcement agent"),
    "attachment": (
        "attachment of benefit",
        "attachment of benefits",
        "attachment of earnings",
        "deduction from benefit",
        "aoe",
        "aob",
    ),
    "committal": ("committal to prison", "charging order", "bankruptcy"),
}
"""How far recovery of council tax has gone, least first."""

MEAL_CATEGORIES: Words = {
    "means_tested": ("tfsm", "fsm", "targeted"),
    "protected": ("transitional", "transitional protection", "tp"),
    "universal": ("uifsm", "universal infant"),
}


def spellings(words: Words) -> dict[str, str]:
    """Each way of writing a word, and the word itself, with the word kept: lower case, with anything but letters and digits as one underscore."""
    return {_spelt(one): word for word, others in words.items() for one in (word, *others)}


def _spelt(text: str) -> str:
    return "_".join("".join(c if c.isalnum() or c in "&'" else " " for c in text.lower()).split())
