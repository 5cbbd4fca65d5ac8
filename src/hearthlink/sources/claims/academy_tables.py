"""Academy's tables, as far as they are read: the columns of domain.md 2.3 and no others, each typed by its declaration."""

from __future__ import annotations

from hearthlink.sources.intake.declared import (
    CODE,
    DATE,
    END,
    FLAG,
    NUMBER,
    PENCE,
    SEX,
    TEXT,
    WHOLE,
    IntakeTable,
    identifying,
    plain,
)

SOURCE = "academy"
_CLAIM = identifying("claim_id", "the claim", required=True)
_HOUSE = plain("house_id", TEXT, "the split: any change of circumstances begins another", required=True)
_FROM = plain("from_date", DATE, "first day", required=True)
_TO = plain("to_date", END, "last day; 2099-12-31 while it runs", needed=True)

HBCLAIM = IntakeTable(
    "hbclaim",
    "A claim.",
    SOURCE,
    ("hbclaim",),
    (
        _CLAIM,
        identifying("check_digit", "last figure of the reference that is printed for people"),
        plain("suspend_pay_ind", FLAG, "payment is suspended"),
        plain("hb_suspend_date", DATE, "Housing Benefit suspended on"),
        plain("ctb_suspend_date", DATE, "council tax support suspended on", "ctax_suspend_date"),
        plain("susp_reason_code", TEXT, "the system's code for why"),
        plain("hb_end_reason", TEXT, "the system's code for why Housing Benefit ended"),
        plain("ctb_end_reason", TEXT, "the system's code for why council tax support ended"),
        identifying("nino", "the claimant's National Insurance number; used only to follow a household, in memory"),
    ),
)
HBHOUSEHOLD = IntakeTable(
    "hbhousehold",
    "A claim's household over a split.",
    SOURCE,
    ("hbhousehold",),
    (
        _CLAIM,
        _HOUSE,
        _FROM,
        _TO,
        plain("inc_supp_ind", FLAG, "on a passporting benefit"),
        *(identifying(f"addr{n}", "address line") for n in (1, 2, 3, 4)),
        identifying("post_code", "postcode", "postcode", needed=True),
        identifying("uprn", "unique property reference number"),
    ),
)
HBMEMBER = IntakeTable(
    "hbmember",
    "A person of a household over a split.",
    SOURCE,
    ("hbmember",),
    (
        _CLAIM,
        _HOUSE,
        plain("member_id", TEXT, "the person within the split"),
        identifying("person_ref", "the person"),
        identifying("name", "the whole name, cut at 32 letters"),
        identifying("surname", "surname, cut at 32 letters"),
        identifying("title", "title"),
        identifying("forename", "forename, cut at 32 letters"),
        plain("type", TEXT, "claimant, partner, dependant or non-dependant, by the system's code", required=True),
        identifying("birth_date", "birth date", kind=DATE, needed=True),
        plain("gender", CODE, "1 male, 2 female", codes=SEX),
        identifying("nino", "National Insurance number; used only to follow a household, in memory"),
        plain("hours_worked", NUMBER, "hours worked a week"),
        plain("disable_ind", FLAG, "disabled"),
    ),
)
HBINCOME = IntakeTable(
    "hbincome",
    "An income of a household over a split.",
    SOURCE,
    ("hbincome",),
    (
        _CLAIM,
        _HOUSE,
        plain("inc_code", TEXT, "what it is, by hbinccode", required=True),
        plain("inc_amt", PENCE, "amount, for the time beside", required=True),
        plain("freq_len", WHOLE, "so many"),
        plain("freq_period", TEXT, "days, weeks, months or years"),
    ),
    may_be_bare=True,
)
HBINCCODE = IntakeTable(
    "hbinccode",
    "What an income code means.",
    SOURCE,
    ("hbinccode",),
    (
        plain("inc_code", TEXT, "the code", "code", required=True),
        plain("descrip1", TEXT, "its meaning", "descrip", "description"),
    ),
    may_be_bare=True,
)
HBRENTASS = IntakeTable(
    "hbrentass",
    "An assessment of Housing Benefit, or of a discretionary payment.",
    SOURCE,
    ("hbrentass",),
    (
        _CLAIM,
        _FROM,
        _TO,
        plain("type_ind", TEXT, "1 an award"),
        plain("dhp_ind", FLAG, "a discretionary housing payment"),
        plain("model_amt", PENCE, "amount a week", required=True),
    ),
    may_be_bare=True,
)
HBCTAXASS = IntakeTable(
    "hbctaxass",
    "An assessment of council tax support.",
    SOURCE,
    ("hbctaxass",),
    (
        _CLAIM,
        _FROM,
        _TO,
        plain("type_ind", TEXT, "1 an award"),
        plain("model_amt", PENCE, "amount a week", required=True),
    ),
    may_be_bare=True,
)
HBCTAXCLAIM = IntakeTable(
    "hbctaxclaim",
    "Which council tax account a claim is for.",
    SOURCE,
    ("hbctaxclaim",),
    (_CLAIM, identifying("ctax_ref", "council tax account", required=True)),
    may_be_bare=True,
)
CTACCOUNT = IntakeTable(
    "ctaccount",
    "A council tax account. The names on it are not read.",
    SOURCE,
    ("ctaccount",),
    (
        identifying("account_ref", "the account", required=True),
        identifying("account_cd", "last figure of its printed reference"),
    ),
    may_be_bare=True,
)
CTPROPERTY = IntakeTable(
    "ctproperty",
    "A property.",
    SOURCE,
    ("ctproperty",),
    (
        identifying("property_ref", "the property", required=True),
        plain("no_beds", WHOLE, "bedrooms"),
        identifying("uprn", "unique property reference number"),
    ),
    may_be_bare=True,
)
CTOCCUPATION = IntakeTable(
    "ctoccupation",
    "Which account was liable for which property, and when.",
    SOURCE,
    ("ctoccupation",),
    (
        identifying("account_ref", "the account", required=True),
        identifying("property_ref", "the property", required=True),
        plain("occupation_date", DATE, "from", required=True),
        plain("vacation_date", END, "until"),
    ),
    may_be_bare=True,
)
BALANCE = IntakeTable(
    "vw_acc_bal",
    "What is owed on a council tax account.",
    SOURCE,
    ("vw_acc_bal", "ctbalance"),
    (
        identifying("account_ref", "the account", required=True),
        plain("balance", PENCE, "owed", "acc_bal", "account_balance", required=True),
    ),
    may_be_bare=True,
)

NEEDED = (HBCLAIM, HBHOUSEHOLD, HBMEMBER)
OPTIONAL = (HBINCOME, HBINCCODE, HBRENTASS, HBCTAXASS, HBCTAXCLAIM, CTACCOUNT, CTPROPERTY, CTOCCUPATION, BALANCE)
ACADEMY_TABLES = (*NEEDED, *OPTIONAL)
