"""The research room: coarse attributes under pseudonyms, and the answers worked out from them."""

from __future__ import annotations

from hearthlink.tables.measures import MONTH_CALENDAR, STATE_COLUMNS
from hearthlink.tables.spec import Column, Kind, Room, Sensitivity, TableSpec

PSEUDONYM, ATTR = Sensitivity.PSEUDONYM, Sensitivity.ATTRIBUTE
TEXT, WHOLE, NUMBER, FLAG, TEXTS, WHOLES = Kind.TEXT, Kind.WHOLE, Kind.NUMBER, Kind.FLAG, Kind.TEXTS, Kind.WHOLES

RESEARCH_CHILD = TableSpec(
    "research_child",
    Room.RESEARCH,
    "A child referred in the year: coarse attributes, stage, and whether seen on a benefit at referral.",
    (
        Column("child_pseudonym", TEXT, "random, new for each run", PSEUDONYM, True),
        Column("family_pseudonym", TEXT, "random; shared by a family group", PSEUDONYM, True),
        Column("household_pseudonym", TEXT, "random; the household of the best link; empty where none", PSEUDONYM),
        Column("counted", FLAG, "in the base of the headline", ATTR, True),
        Column("left_out", TEXT, "why not in the base: unborn on the day of referral; empty where counted", ATTR),
        Column(
            "age_band", TEXT, "under 1, 1 to 4, 5 to 9, 10 to 15, 16 and 17, 18 and over; empty where unknown", ATTR
        ),
        Column("sex", TEXT, "female, male; empty where unknown", ATTR),
        Column("ethnic_group", TEXT, "White, Mixed, Asian, Black, Other; empty where not known", ATTR),
        Column("disabled", FLAG, "any disability recorded; empty where not known", ATTR),
        Column("primary_need", TEXT, "census code of the first referral in the year; empty where not stated", ATTR),
        Column("factors", TEXTS, "factor groups found at completed assessments of that referral", ATTR, True),
        Column("assessed", FLAG, "has a completed assessment in that referral", ATTR, True),
        Column("stage", TEXT, "highest stage reached in the year from that referral", ATTR, True),
        Column(
            "stage_six_months",
            TEXT,
            "highest stage reached within 183 days of it; empty where nobody followed so long",
            ATTR,
        ),
        Column(
            "assessment_six_months",
            FLAG,
            "an assessment began within 183 days; empty where nobody followed so long",
            ATTR,
        ),
        Column("section47_six_months", FLAG, "the same of a section 47 enquiry", ATTR),
        Column("cin_plan_six_months", FLAG, "the same of a child in need plan", ATTR),
        Column("protection_plan_six_months", FLAG, "the same of a child protection plan", ATTR),
        Column("looked_after_six_months", FLAG, "the same of being looked after", ATTR),
        Column(
            "cin_plan_proxy",
            FLAG,
            "no file holds child in need plans, so that one is inferred from how the case went",
            ATTR,
            True,
        ),
        Column(
            "referred_before", FLAG, "referred in the twelve months before; empty where no census speaks of them", ATTR
        ),
        Column(
            "referred_again",
            FLAG,
            "referred again in the twelve months after; empty where no census speaks of them",
            ATTR,
        ),
        Column("index_month", WHOLE, "number of the month of the referral, 25 to 36", ATTR, True),
        Column(
            "months_lived",
            WHOLE,
            "months of life before the referral, in threes, 24 standing for 24 and more; empty where unknown",
            ATTR,
        ),
        Column("imd_decile", WHOLE, "1 the most deprived tenth; empty where the postcode is unknown", ATTR),
        Column("unaccompanied", FLAG, "unaccompanied asylum seeker (factor 9A or need N8)", ATTR, True),
        Column("observability", TEXT, "observable, no name, no address, restricted record, out of area", ATTR, True),
        Column("best_link", TEXT, "listed, unlisted or none", ATTR, True),
        Column(
            "on_benefit",
            FLAG,
            "best link at 0.5: in a household with a claim in payment on the day of referral",
            ATTR,
            True,
        ),
        Column("on_window", FLAG, "as on_benefit, but within 31 days either side", ATTR, True),
        Column("two_homes", FLAG, "more than one household on file on that day is likely", ATTR, True),
        Column("on_main_home", FLAG, "as on_benefit, but by the likeliest household alone", ATTR, True),
        Column(
            "in_care",
            FLAG,
            "looked after on the day of referral and from before it, so in no household on file",
            ATTR,
            True,
        ),
        Column(
            "household_status",
            TEXT,
            "in_payment, suspended, nil, ended or none at the best link on that day; credit_only where it is known from Universal Credit alone",
            ATTR,
            True,
        ),
        Column(
            "on_draws", WHOLES, "1 or 0 for each draw of the linkage: on benefit on the day of referral", ATTR, True
        ),
        Column("sure", TEXT, "how sure the link is, coarsened", ATTR, True),
        Column("expected_right", NUMBER, "probability that the best link is right, in twentieths", ATTR, True),
        Column("expected_on_file", NUMBER, "probability of being in any household on file, in twentieths", ATTR, True),
        Column(
            "ever_before_12_otherwise",
            NUMBER,
            "where it is in no household on file on the day: chance that it was, 6 or 12 months before, in one with a claim in payment on a day of the year before the referral; in twentieths, empty where it was not born then",
            ATTR,
        ),
        Column(
            "ever_before_24_otherwise",
            NUMBER,
            "the same of two years, by the largest of the chances as at 6, 12, 18 and 24 months before",
            ATTR,
        ),
        Column("name_group", TEXT, "group of the surname, of six at most; empty unless the permission lists it", ATTR),
        Column("household_verdict", TEXT, "right, wrong, unfounded, missed or rightly_none; empty without truth", ATTR),
        Column("person_verdict", TEXT, "the same, or wrong_sibling; empty without truth", ATTR),
    ),
    ("child_pseudonym",),
)

RESEARCH_CANDIDATE = TableSpec(
    "research_candidate",
    Room.RESEARCH,
    "What a draw of the linkage may give a child: a household, or none. In the order of child and rank.",
    (
        Column("child_pseudonym", TEXT, "the child", PSEUDONYM, True),
        Column("rank", WHOLE, "0, 1, 2, … as the draws have it", ATTR, True),
        Column(
            "household_pseudonym",
            TEXT,
            "the household, one however often its claim reference changed; empty for none",
            PSEUDONYM,
        ),
        Column("best", FLAG, "what the best link has", ATTR, True),
        Column("on_benefit", FLAG, "a claim in payment on the day of referral", ATTR, True),
        Column("on_window", FLAG, "a claim in payment within 31 days either side", ATTR, True),
        Column(
            "ever_before_12",
            FLAG,
            "a claim in payment on any day of the year before the referral, that day with it",
            ATTR,
            True,
        ),
        Column("ever_before_24", FLAG, "the same of two years", ATTR, True),
        Column(
            "ever_after_12",
            FLAG,
            "the same of the year after, the day with it; empty where no file reaches so far",
            ATTR,
        ),
    ),
    ("child_pseudonym", "rank"),
)

RESEARCH_DRAW = TableSpec(
    "research_draw",
    Room.RESEARCH,
    "Which candidate each draw of the linkage gives a child; families are drawn together. A child that could not be linked has no row.",
    (
        Column("child_pseudonym", TEXT, "the child", PSEUDONYM, True),
        Column("ranks", WHOLES, "the rank in each draw", ATTR, True),
    ),
    ("child_pseudonym",),
)

RESEARCH_HOUSEHOLD = TableSpec(
    "research_household",
    Room.RESEARCH,
    "A benefit household with children, whether or not a child of it was referred.",
    (
        Column("household_pseudonym", TEXT, "random, new for each run; one for a chain of claims", PSEUDONYM, True),
        Column("first_month", WHOLE, "number of the first month it was observed in; 0 where in none", ATTR, True),
        Column("last_month", WHOLE, "number of the last; 0 likewise", ATTR, True),
        Column(
            "deprivation_fifth", WHOLE, "of the area of its last home, 1 the most deprived; empty where unknown", ATTR
        ),
        Column("disability", FLAG, "somebody has a disability benefit or premium; empty where it cannot be seen", ATTR),
        Column("credit_only", FLAG, "known from Universal Credit alone", ATTR, True),
    ),
    ("household_pseudonym",),
)

RESEARCH_STRETCH = TableSpec(
    "research_stretch",
    Room.RESEARCH,
    "A household over an unbroken run of months in which nothing that is asked of it changed. A month in no run was not observed.",
    (
        Column("household_pseudonym", TEXT, "the household", PSEUDONYM, True),
        Column("first_month", WHOLE, "number of the first month", ATTR, True),
        Column("last_month", WHOLE, "number of the last month", ATTR, True),
        *STATE_COLUMNS,
    ),
    ("household_pseudonym", "first_month"),
)

RESEARCH_EVENT = TableSpec(
    "research_event",
    Room.RESEARCH,
    "Something that befell a household, by month.",
    (
        Column("household_pseudonym", TEXT, "the household", PSEUDONYM, True),
        Column("kind", TEXT, "which event", ATTR, True),
        Column("month", WHOLE, "number of the month of its decision, or of the day the files give", ATTR, True),
        Column("basis", TEXT, "decided, effective or seen", ATTR, True),
        Column("dose", WHOLE, "how large, 1 to 3; empty where it has none", ATTR),
    ),
)

RESEARCH_CHILD_EVENT = TableSpec(
    "research_child_event",
    Room.RESEARCH,
    "An event of a household that a child may be in, by weeks from the child's referral.",
    (
        Column("child_pseudonym", TEXT, "the child", PSEUDONYM, True),
        Column("rank", WHOLE, "the candidate whose household it befell", ATTR, True),
        Column("kind", TEXT, "which event", ATTR, True),
        Column(
            "weeks",
            WHOLE,
            "whole weeks from the day of referral: -1 is the week before it, 0 begins with it; -105 to 53",
            ATTR,
            True,
        ),
        Column("dose", WHOLE, "how large, 1 to 3; empty where it has none", ATTR),
    ),
)

MONTHS_BEFORE = Column(
    "months", WHOLE, "how many months before the referral the child was linked as at: 12 or 24", ATTR, True
)


def _before(spec: TableSpec) -> TableSpec:
    says = f"{spec.says} By its links as at a day before the referral, for children born by then."
    columns = (MONTHS_BEFORE, *spec.columns)
    return TableSpec(f"{spec.name}_before", spec.room, says, columns, spec.key and ("months", *spec.key))


RESEARCH_CANDIDATE_BEFORE = _before(RESEARCH_CANDIDATE)
RESEARCH_DRAW_BEFORE = _before(RESEARCH_DRAW)
RESEARCH_CHILD_EVENT_BEFORE = _before(RESEARCH_CHILD_EVENT)
CROSSED_BEFORE = (RESEARCH_CANDIDATE_BEFORE, RESEARCH_DRAW_BEFORE, RESEARCH_CHILD_EVENT_BEFORE)

RESEARCH_CALENDAR = TableSpec(
    "research_calendar",
    Room.RESEARCH,
    "The calendar that serves every question, by number of month.",
    tuple(Column(one.name, one.kind, one.says, ATTR, one.required) for one in MONTH_CALENDAR.columns),
    ("month",),
)

ANSWER = TableSpec(
    "answer",
    Room.RESEARCH,
    "Figures before the output checks: one row for each group of each question. Never leaves as it is.",
    (
        Column("question", TEXT, "on_benefit, sensitivity or who_was_counted", ATTR, True),
        Column("topic", TEXT, "what the groups are, such as all_children or age", ATTR, True),
        Column("group", TEXT, "the group", ATTR, True),
        Column("order", WHOLE, "its place in the table", ATTR, True),
        Column("children", WHOLE, "children in the group who are counted", ATTR, True),
        Column("families", WHOLE, "families they come from", ATTR, True),
        Column("largest_family", WHOLE, "children in the largest of them", ATTR, True),
        Column(
            "on_benefit", NUMBER, "expected number on benefit, over draws of the linkage; empty where not asked", ATTR
        ),
        Column("fewest_on", WHOLE, "smallest number on benefit in any draw", ATTR),
        Column("most_on", WHOLE, "largest number on benefit in any draw", ATTR),
        Column("on_families", WHOLE, "families of those on benefit, by the best link", ATTR),
        Column("on_largest_family", WHOLE, "children in the largest of them", ATTR),
        Column("off_families", WHOLE, "families of those not on benefit, by the best link", ATTR),
        Column("off_largest_family", WHOLE, "children in the largest of them", ATTR),
        Column("these_low", NUMBER, "lower end for these children, as a number of children", ATTR),
        Column("these_high", NUMBER, "upper end for these children, as a number of children", ATTR),
        Column("process_low", NUMBER, "lower end for the process, as a number of children", ATTR),
        Column("process_high", NUMBER, "upper end for the process, as a number of children", ATTR),
        Column("overlapping", FLAG, "a child may be in several groups of the topic", ATTR, True),
    ),
)

QUALITY_BY_GROUP = TableSpec(
    "quality_by_group",
    Room.RESEARCH,
    "Link quality by group, worked out in the research room from coarsened figures. Never leaves as it is.",
    (
        Column("topic", TEXT, "what the groups are", ATTR, True),
        Column("group", TEXT, "the group", ATTR, True),
        Column("order", WHOLE, "its place in the table", ATTR, True),
        Column("children", WHOLE, "children in the group", ATTR, True),
        Column("linked", WHOLE, "children with a household", ATTR, True),
        Column("expected_right", NUMBER, "sum of the probabilities that the answer is right", ATTR, True),
        Column("linked_right", NUMBER, "that sum over the children with a household", ATTR, True),
        Column("expected_on_file", NUMBER, "sum of the probabilities of being in any household on file", ATTR, True),
        Column("right", WHOLE, "children linked with a household of theirs, by the truth; empty without it", ATTR),
        Column("wrong", WHOLE, "children linked with another household, by the truth; empty without it", ATTR),
        Column(
            "missed",
            WHOLE,
            "children in a household on file but not linked with it, by the truth; empty without it",
            ATTR,
        ),
        Column("overlapping", FLAG, "a child may be in several groups of the topic", ATTR, True),
    ),
)

POOLED_QUALITY = TableSpec(
    "pooled_quality",
    Room.RESEARCH,
    "Shares of links that are right by group, each leaning on the other groups of its topic. Never leaves as it is.",
    (
        Column("topic", TEXT, "what the groups are", ATTR, True),
        Column("group", TEXT, "the group", ATTR, True),
        Column("order", WHOLE, "its place in the table", ATTR, True),
        Column("basis", TEXT, "posterior or truth", ATTR, True),
        Column("measure", TEXT, "precision: of those linked; recall: of those on file", ATTR, True),
        Column("having", NUMBER, "children linked rightly, counted or expected", ATTR, True),
        Column("of", NUMBER, "children linked, or on file, counted or expected", ATTR, True),
        Column("pooled", NUMBER, "the pooled share times those; empty where there is nothing to learn from", ATTR),
        Column("low", NUMBER, "lower end of its 95% interval, as a number of children", ATTR),
        Column("high", NUMBER, "upper end of its 95% interval, as a number of children", ATTR),
        Column("own", NUMBER, "how much of the pooled share is the group's own evidence, from 0 to 1", ATTR),
    ),
)

CROSSED = (
    RESEARCH_CHILD, RESEARCH_CANDIDATE, RESEARCH_DRAW, RESEARCH_HOUSEHOLD, RESEARCH_STRETCH, RESEARCH_EVENT, RESEARCH_CHILD_EVENT,
    *CROSSED_BEFORE, RESEARCH_CALENDAR,
)  # fmt: skip
"""What crosses the wall: the tables that de-identification makes."""

RESEARCH_TABLES = (*CROSSED, ANSWER, QUALITY_BY_GROUP, POOLED_QUALITY)
