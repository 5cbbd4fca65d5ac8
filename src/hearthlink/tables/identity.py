"""The identity room: who people are, where they lived, and of other facts only the dates that linking needs."""

from __future__ import annotations

from hearthlink.tables.spec import Column, Kind, Room, Sensitivity, TableSpec

ID, LINK, FINE = Sensitivity.IDENTIFIER, Sensitivity.LINKING, Sensitivity.DISCLOSIVE
TEXT, WHOLE, NUMBER, DATE, FLAG, WHOLES = Kind.TEXT, Kind.WHOLE, Kind.NUMBER, Kind.DATE, Kind.FLAG, Kind.WHOLES


def _table(name: str, says: str, *columns: Column, key: tuple[str, ...] = ()) -> TableSpec:
    return TableSpec(name, Room.IDENTITY, says, columns, key)


CHILD_IDENTIFIER = _table(
    "child_identifier",
    "A child in the census, by the names the case system holds.",
    Column("child_id", TEXT, "the council's own id, as the census carries it (LAchildID)", ID, True),
    Column("child_key", WHOLE, "random for each receipt; joins to the content room", LINK, True),
    Column("forename", TEXT, "as recorded", ID),
    Column("surname", TEXT, "as recorded", ID),
    Column("birth_date", DATE, "as recorded; empty where unborn or unknown", ID),
    Column("birth_date_estimated", FLAG, "the case system says the date is an estimate", LINK, True),
    Column("sex", TEXT, "F, M or empty", LINK),
    Column("restricted", FLAG, "the record is locked; its address is never shown", LINK, True),
    Column("unborn", FLAG, "not born by the reference date, so no person to link", LINK, True),
    Column("middle_names", TEXT, "further forenames, as recorded", ID),
    Column("known_as", TEXT, "forenames they go by, as recorded, parted by semicolons", ID),
    Column("former_surname", TEXT, "other and earlier surnames, as recorded, parted by semicolons", ID),
    key=("child_id",),
)

CHILD_ADDRESS = _table(
    "child_address",
    "Where the case system says a child lived, and when.",
    Column("child_id", TEXT, "the child", ID, True),
    Column("start_date", DATE, "from; empty where not known", LINK),
    Column("end_date", DATE, "until; empty where it still holds", LINK),
    Column("address", TEXT, "one line, parts in postal order, without the postcode", ID),
    Column("postcode", TEXT, "as recorded", ID),
    Column("uprn", TEXT, "unique property reference number, as recorded", ID),
    Column("address_kind", TEXT, "home, placement, refuge or the system's own word", LINK),
)

CHILD_ADULT = _table(
    "child_adult",
    "An adult the case system relates to a child.",
    Column("child_id", TEXT, "the child", ID, True),
    Column("adult_id", TEXT, "the adult; the same for every child related to them", ID, True),
    Column("relationship", TEXT, "mother, father, carer, …", LINK),
    Column("forename", TEXT, "as recorded", ID),
    Column("surname", TEXT, "as recorded", ID),
    Column("birth_date", DATE, "as recorded", ID),
    Column("lives_with", FLAG, "lives with the child; empty where not known", LINK),
)

CHILD_REFERRAL = _table(
    "child_referral",
    "The day as at which a child is linked: the first referral of the census year.",
    Column("child_id", TEXT, "the child", ID, True),
    Column("referral_date", DATE, "first referral in the year", LINK, True),
    key=("child_id",),
)

HOUSEHOLD_IDENTIFIER = _table(
    "household_identifier",
    "A benefit household: one claim group, followed by its claim reference.",
    Column(
        "household_id", TEXT, "council tax support reference where there is one, else the Housing Benefit one", ID, True
    ),
    Column("household_key", WHOLE, "random for each receipt; joins to the content room", LINK, True),
    Column("first_date", DATE, "first day on which a claim is on file", LINK),
    Column("last_date", DATE, "last day; empty where it still runs", LINK),
    Column("dependants_stated", WHOLE, "dependants the claim counts at its latest month", LINK),
    key=("household_id",),
)

HOUSEHOLD_MEMBER = _table(
    "household_member",
    "A person listed on a claim, with the dates between which they are listed.",
    Column("household_id", TEXT, "the household", ID, True),
    Column(
        "member_id", TEXT, "the person within the household: its id and a running number, the same every time", ID, True
    ),
    Column("role", TEXT, "claimant, partner, dependant or non_dependant", LINK, True),
    Column("forename", TEXT, "as recorded", ID),
    Column("surname", TEXT, "as recorded", ID),
    Column("birth_date", DATE, "as recorded", ID),
    Column("sex", TEXT, "F, M or empty", LINK),
    Column("start_date", DATE, "listed from; empty where not known", LINK),
    Column("end_date", DATE, "listed until; empty where it still holds", LINK),
    key=("household_id", "member_id"),
)

HOUSEHOLD_RESIDENCE = _table(
    "household_residence",
    "Where a claim says the household lived, and when.",
    Column("household_id", TEXT, "the household", ID, True),
    Column("start_date", DATE, "first seen or stated", LINK),
    Column("end_date", DATE, "last seen or stated; empty where it still holds", LINK),
    Column("address", TEXT, "one line, without the postcode", ID),
    Column("postcode", TEXT, "as recorded", ID),
    Column("uprn", TEXT, "as recorded", ID),
)

PERSON = _table(
    "person",
    "A child or a household member made comparable; placeholders are missing.",
    Column("person_no", WHOLE, "running number in content order, children first", LINK, True),
    Column("side", TEXT, "child or member", LINK, True),
    Column("group_id", TEXT, "the family group of a child, the household of a member", ID, True),
    Column("record_id", TEXT, "child_id or member_id", ID, True),
    Column(
        "role", TEXT, "child, claimant, partner, dependant or non_dependant; other where nothing is known", LINK, True
    ),
    Column("forename", TEXT, "first forename: capitals, no accents, no punctuation", ID),
    Column("forenames", TEXT, "all forenames, joined by a space", ID),
    Column("surname", TEXT, "surname: capitals, joined form", ID),
    Column("surname_last", TEXT, "its last part, where it has several", ID),
    Column("birth_date", DATE, "birth date; empty where missing, impossible or a system's default", ID),
    Column("birth_date_weak", FLAG, "an estimate, or a day of the month that systems fill in", LINK, True),
    Column("sex", TEXT, "F, M or empty", LINK),
    Column("birth_text", TEXT, "birth date as written, capitals, where it is no date; compared as text", ID),
    Column("surnames", TEXT, "every surname and former surname known, joined by a space; empty where only one", ID),
    Column(
        "referral_date",
        DATE,
        "the day as at which a child is linked; empty for members, or where no day decides: then every listing is current",
        LINK,
    ),
    Column("start_date", DATE, "listed from; empty for children", LINK),
    Column("end_date", DATE, "listed until; empty for children or where it still holds", LINK),
    key=("person_no",),
)

PLACE = _table(
    "place",
    "A dated address of a child or a household made comparable; uninformative ones are marked.",
    Column("side", TEXT, "child or member", LINK, True),
    Column("owner_id", TEXT, "child_id or household_id", ID, True),
    Column("start_date", DATE, "from", LINK),
    Column("end_date", DATE, "until", LINK),
    Column("uprn", TEXT, "digits without leading zeros; empty where missing or a placeholder", ID),
    Column(
        "postcode", TEXT, "no spaces; empty where missing, misshapen or a placeholder; of any country in a match", ID
    ),
    Column("number", TEXT, "house and flat numbers in order, or the first word of a named house", ID),
    Column("street", TEXT, "address without number and postcode: capitals, abbreviations expanded, words in order", ID),
    Column("communal", FLAG, "so many unrelated families share it that it says little", LINK, True),
)

FAMILY_ADULT = _table(
    "family_adult",
    "An adult related to a family group, made comparable.",
    Column("family_id", TEXT, "the family group", ID, True),
    Column("forename", TEXT, "capitals, no accents", ID),
    Column("surname", TEXT, "capitals, joined form", ID),
    Column("birth_date", DATE, "birth date", ID),
    Column("sex", TEXT, "F, M or empty", LINK),
    Column("birth_text", TEXT, "birth date as written, capitals, where it is no date", ID),
)

HOUSEHOLD_COUNT = _table(
    "household_count",
    "How many dependants a household states, and their ages, where it does not list them by name.",
    Column("household_id", TEXT, "the household", ID, True),
    Column("start_date", DATE, "from; empty where not known", LINK),
    Column("end_date", DATE, "until; empty where it still holds", LINK),
    Column("dependants", WHOLE, "how many dependants", LINK),
    Column("ages", TEXT, "their ages in whole years at the start, ascending, joined by a space", LINK),
)


def _over_time(spec: TableSpec) -> TableSpec:
    says = f"{spec.says} As the whole time that is read tells it, for linking as at a day before the referral."
    return TableSpec(f"{spec.name}_over_time", spec.room, says, spec.columns, spec.key)


HOUSEHOLD_MEMBER_OVER_TIME = _over_time(HOUSEHOLD_MEMBER)
HOUSEHOLD_RESIDENCE_OVER_TIME = _over_time(HOUSEHOLD_RESIDENCE)
HOUSEHOLD_COUNT_OVER_TIME = _over_time(HOUSEHOLD_COUNT)
OVER_TIME = (HOUSEHOLD_MEMBER_OVER_TIME, HOUSEHOLD_RESIDENCE_OVER_TIME, HOUSEHOLD_COUNT_OVER_TIME)


def _levels() -> tuple[Column, ...]:
    fields = ("forename", "surname", "birth_date", "sex", "middle", "address", "carer", "ages")
    return tuple(Column(f"{field}_level", WHOLE, "level of agreement, 0 the strongest", FINE, True) for field in fields)


AGREEMENT_PATTERN = _table(
    "agreement_pattern",
    "How often each combination of agreement levels occurs, among pairs drawn in one of several ways.",
    Column(
        "drawn_from",
        TEXT,
        "candidate, sibling (two people of one household), random, not formed (pairs a rule passed over), or a size",
        LINK,
        True,
    ),
    *_levels(),
    Column("pairs", WHOLE, "pairs with this pattern", FINE, True),
)

CANDIDATE_PAIR = _table(
    "candidate_pair",
    "A child and a member of a household it might live in, with their agreement levels.",
    Column("unit_no", WHOLE, "children of one family referred on one day", LINK, True),
    Column("child_no", WHOLE, "person_no of the child", LINK, True),
    Column("household_no", WHOLE, "running number of the household", LINK, True),
    Column("member_no", WHOLE, "person_no of the member", LINK, True),
    Column(
        "listing",
        WHOLE,
        "1 listed on the day, or a baby added soon after; 0 listed only before; -1 only after; -2 a household that names nobody who may be the child, or no one the child may be is named",
        LINK,
        True,
    ),
    *_levels(),
)

PARAMETER = _table(
    "parameter",
    "The linkage model as estimated: for each field and level, its share in each class of pair; and a few sizes.",
    Column("field", TEXT, "comparison, or model for what is not a share", LINK, True),
    Column("level", WHOLE, "level of agreement, 0 the strongest", LINK, True),
    Column("label", TEXT, "what the level means", LINK, True),
    Column("pair_class", TEXT, "same_person, same_household, unrelated …", LINK, True),
    Column("value", NUMBER, "probability of the level in the class, or the size", FINE, True),
    Column("standard_error", NUMBER, "of the value; empty where it was counted rather than estimated", FINE),
)

CANDIDATE_POSTERIOR = _table(
    "candidate_posterior",
    "For each child, every household and person it may be, with a probability; rank 0 is none on file.",
    Column("child_id", TEXT, "the child", ID, True),
    Column("rank", WHOLE, "0 none; then 1, 2, … from the likeliest", LINK, True),
    Column("household_id", TEXT, "empty for none", ID),
    Column("member_id", TEXT, "the likeliest member; empty for none, or where not listed is likelier", ID),
    Column("probability", NUMBER, "posterior probability of the household; those of a child add to 1", FINE, True),
    Column("p_member", NUMBER, "posterior probability of being that member", FINE, True),
)

LINK_TABLE = _table(
    "link",
    "The best answer for each child: which household and person, or none.",
    Column("child_id", TEXT, "the child", ID, True),
    Column("family_id", TEXT, "the family group it was linked with", ID, True),
    Column("outcome", TEXT, "listed, unlisted or none", LINK, True),
    Column("household_id", TEXT, "empty where none", ID),
    Column("member_id", TEXT, "empty where none or unlisted", ID),
    Column("p_household", NUMBER, "probability that this is the household", FINE, True),
    Column("p_person", NUMBER, "probability that this is the person", FINE, True),
    Column("p_none", NUMBER, "probability that the child is in no household on file", FINE, True),
    key=("child_id",),
)

LINK_DRAW = _table(
    "link_draw",
    "Draws of the whole linkage: for each child the rank it took in each draw.",
    Column("child_id", TEXT, "the child", ID, True),
    Column("ranks", WHOLES, "one rank of candidate_posterior for each draw", LINK, True),
    key=("child_id",),
)

MONTHS_BEFORE = Column(
    "months",
    WHOLE,
    "how many months before the referral the child is linked as at: 12 or 24, and of candidates 6 and 18 too",
    LINK,
    True,
)


def _before(spec: TableSpec) -> TableSpec:
    says = f"{spec.says} As at a day before the referral, for children born by then."
    return TableSpec(
        f"{spec.name}_before", spec.room, says, (MONTHS_BEFORE, *spec.columns), spec.key and ("months", *spec.key)
    )


CANDIDATE_POSTERIOR_BEFORE = _before(CANDIDATE_POSTERIOR)
LINK_BEFORE = _before(LINK_TABLE)
LINK_DRAW_BEFORE = _before(LINK_DRAW)
LINKED_BEFORE = (CANDIDATE_POSTERIOR_BEFORE, LINK_BEFORE, LINK_DRAW_BEFORE)

REVIEW_SAMPLE = _table(
    "review_sample",
    "The children drawn for clerical review, and how: what the link said of each on that day. No reviewer reads it.",
    Column("child_id", TEXT, "the child", ID, True),
    Column("band", TEXT, "linked or none, and how sure: certain, likely or doubtful", LINK, True),
    Column("age_group", TEXT, "age in years on the day of referral, in groups", LINK, True),
    Column("in_stratum", WHOLE, "children of the same band and age group, of whom some were drawn", FINE, True),
    Column("drawn", WHOLE, "how many of them were drawn", FINE, True),
    Column("inclusion_probability", NUMBER, "drawn over in_stratum", FINE, True),
    Column("household_id", TEXT, "the household the child was linked to; empty where none", ID),
    Column("expected_right", NUMBER, "probability that this answer is right", FINE, True),
    Column("worked_from", TEXT, "hash that stands for what the links were worked out from on that day", LINK, True),
    key=("child_id",),
)

REVIEW_PAIR = _table(
    "review_pair",
    "A child and a household to be looked at side by side, in the order of showing, which tells nothing of how likely they are.",
    Column("place", WHOLE, "running number", LINK, True),
    Column("child_id", TEXT, "the child", ID, True),
    Column("household_id", TEXT, "the household", ID, True),
    Column("readings", WHOLE, "how many reviewers are to look: 1 or 2", LINK, True),
    key=("child_id", "household_id"),
)

DECISION = _table(
    "decision",
    "An answer of a reviewer. Rows are only added: the latest of a reviewer on a pair counts, and each is bound to the row before.",
    Column("entry", WHOLE, "running number", LINK, True),
    Column("child_id", TEXT, "the child", ID, True),
    Column("household_id", TEXT, "the household looked at; empty where the answer is about being in none on file", ID),
    Column("member_id", TEXT, "the person in it who is the child, where that was said", ID),
    Column("answer", TEXT, "match, no_match or not_sure", LINK, True),
    Column("reviewer", TEXT, "name or initials of who answered", ID, True),
    Column("day", DATE, "day of the answer", LINK, True),
    Column("chain", TEXT, "hash of this row and the chain of the row before", LINK, True),
    key=("entry",),
)

CORRECTION = _table(
    "correction",
    "A link put right by hand. Rows are only added: the latest of a child counts, above every answer of a reviewer.",
    Column("entry", WHOLE, "running number", LINK, True),
    Column("child_id", TEXT, "the child", ID, True),
    Column("household_id", TEXT, "the household it lives in; empty for none on file, or where withdrawn", ID),
    Column("says", TEXT, "household, none or withdrawn", LINK, True),
    Column("reason", TEXT, "why, in words that name nobody", LINK, True),
    Column("corrected_by", TEXT, "name or initials of who put it right", ID, True),
    Column("day", DATE, "day of the correction", LINK, True),
    Column("chain", TEXT, "hash of this row and the chain of the row before", LINK, True),
    key=("entry",),
)

LINK_QUALITY = _table(
    "link_quality",
    "How sure the link of each child is, and, where the truth is known, whether it is right.",
    Column("child_id", TEXT, "the child", ID, True),
    Column("sure", TEXT, "coarsened: certain, likely, doubtful, no match likely, no match certain", LINK, True),
    Column(
        "expected_right", NUMBER, "probability that the answer is right, in twentieths that keep its sum", FINE, True
    ),
    Column("expected_on_file", NUMBER, "probability of being in any household on file, in such twentieths", FINE, True),
    Column("name_group", TEXT, "group of the surname, of six at most; empty unless the permission lists it", ID),
    Column("household_verdict", TEXT, "right, wrong, unfounded, missed or rightly_none; empty without truth", LINK),
    Column("person_verdict", TEXT, "the same, or wrong_sibling; empty without truth", LINK),
    key=("child_id",),
)

FINDING_PLACE = _table(
    "finding_place",
    "A place in the activity extract that a rule of the census found. It says where to look, and nothing of what stands there.",
    Column("code", TEXT, "code of the rule", LINK, True),
    Column("severity", TEXT, "error or query, as the Department for Education has it", LINK, True),
    Column("file", TEXT, "file name, without its folder", LINK, True),
    Column("table", TEXT, "block of the census, by the name of its flat table", LINK, True),
    Column("child_no", WHOLE, "which child of the file; empty where the whole return is at fault", LINK),
    Column("line", WHOLE, "line of the file, or row of the table, where the record begins; empty likewise", LINK),
    Column("column", TEXT, "element at fault", LINK, True),
)

ASKED_PLACE = TableSpec(
    "asked_place",
    FINDING_PLACE.room,
    "The same, of activity that came out of a database: found when it was received, for nothing but `receive` may ask a database.",
    FINDING_PLACE.columns,
)

OBJECTION = _table(
    "objection",
    "A line of the list of those who object: whether anybody was found and left out. It says where to look, and nothing that stands there.",
    Column("line", WHOLE, "line of the list", LINK, True),
    Column("about", TEXT, "child or household", LINK, True),
    Column(
        "outcome",
        TEXT,
        "found; more than one found, all left out; in the extracts, and not in this study; or nobody found",
        LINK,
        True,
    ),
    Column("children", WHOLE, "children of the study left out for it", LINK, True),
    Column("households", WHOLE, "households left out for it", LINK, True),
    key=("line",),
)

ACCEPTED = _table(
    "accepted",
    "A finding that somebody accepted, or no longer accepts. Rows are only added: the latest on a check counts.",
    Column("entry", WHOLE, "running number", LINK, True),
    Column("code", TEXT, "code of the check", LINK, True),
    Column("act", TEXT, "accept or withdraw", LINK, True),
    Column("found", WHOLE, "how many it had found that day; with more it is open again", LINK, True),
    Column("reason", TEXT, "why, in the words of whoever accepted it; they never leave", ID, True),
    Column("by", TEXT, "name or initials of who accepted it; empty where nobody said", ID),
    Column("day", DATE, "day of the entry", LINK, True),
    key=("entry",),
)

IDENTITY_TABLES = (
    CHILD_IDENTIFIER, CHILD_ADDRESS, CHILD_ADULT, CHILD_REFERRAL, HOUSEHOLD_IDENTIFIER, HOUSEHOLD_MEMBER,
    HOUSEHOLD_RESIDENCE, HOUSEHOLD_COUNT, *OVER_TIME, PERSON, PLACE, FAMILY_ADULT, CANDIDATE_PAIR, AGREEMENT_PATTERN, PARAMETER,
    CANDIDATE_POSTERIOR, LINK_TABLE, LINK_DRAW, *LINKED_BEFORE, LINK_QUALITY, REVIEW_SAMPLE,
    REVIEW_PAIR, DECISION, CORRECTION, FINDING_PLACE, ASKED_PLACE, ACCEPTED, OBJECTION,
)  # fmt: skip
