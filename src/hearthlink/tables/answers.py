"""The answers to the study's questions before the output checks. None leaves as it is.

Numbers of children are expected numbers over draws of the linkage, with the fewest and the most of any draw. `planned` says that the
question, the window and the breakdown stood in the sealed plan; what did not is exploratory, and says so wherever it is shown.
"""

from __future__ import annotations

from hearthlink.tables.spec import Column, Kind, Room, Sensitivity, TableSpec

ATTR = Sensitivity.ATTRIBUTE
TEXT, WHOLE, NUMBER, FLAG = Kind.TEXT, Kind.WHOLE, Kind.NUMBER, Kind.FLAG


def _table(name: str, says: str, *columns: Column) -> TableSpec:
    return TableSpec(name, Room.RESEARCH, says, columns)


def _col(name: str, kind: Kind, says: str, *, required: bool = True) -> Column:
    return Column(name, kind, says, ATTR, required)


PLANNED = _col("planned", FLAG, "stood in the sealed plan; else it is exploratory")

FAMILIES = (
    _col("families", WHOLE, "families of the children observed, by the best link"),
    _col("largest_family", WHOLE, "children in the largest of them"),
    _col("on_families", WHOLE, "families of those of whom it is true"),
    _col("on_largest_family", WHOLE, "children in the largest of them"),
    _col("off_families", WHOLE, "families of those of whom it is not"),
    _col("off_largest_family", WHOLE, "children in the largest of them"),
)
"""What the output checks need of whose figures these are, by the best link."""

ENDS = (
    _col("these_low", NUMBER, "lower end for these children, as a number of the children observed", required=False),
    _col("these_high", NUMBER, "upper end for these children", required=False),
    _col("process_low", NUMBER, "lower end for the process", required=False),
    _col("process_high", NUMBER, "upper end for the process", required=False),
)

MEASURED = _table(
    "measured",
    "How many children a measure is true of, by group: one row for each group of each topic of each measure and window.",
    _col("measure", TEXT, "of hearthlink.tables.definitions.MEASURES"),
    _col("window", TEXT, "of hearthlink.tables.measures.WINDOW_WORDS"),
    _col("topic", TEXT, "what the groups are, such as all_children or age"),
    _col("group", TEXT, "the group"),
    _col("order", WHOLE, "its place in the table"),
    _col("children", WHOLE, "children in the group who are counted"),
    _col("observed", NUMBER, "children of whom it can be seen"),
    _col("fewest_observed", WHOLE, "smallest number of any draw"),
    _col("most_observed", WHOLE, "largest number of any draw"),
    _col("having", NUMBER, "children of whom it is true"),
    _col("fewest", WHOLE, "smallest number of any draw"),
    _col("most", WHOLE, "largest number of any draw"),
    *FAMILIES,
    *ENDS,
    _col("overlapping", FLAG, "a child may be in several groups of the topic"),
    PLANNED,
)

UNSEEN = _table(
    "unseen",
    "Of how many children a measure cannot be seen, by reason. With those observed the reasons add up to the children counted.",
    _col("measure", TEXT, "the measure"),
    _col("window", TEXT, "the window"),
    _col(
        "reason",
        TEXT,
        "in plain words: no household on file, income not held (passported), too young, months without a file, …",
    ),
    _col("order", WHOLE, "its place in the table"),
    _col("children", NUMBER, "children"),
    _col("fewest", WHOLE, "smallest number of any draw"),
    _col("most", WHOLE, "largest number of any draw"),
    _col("families", WHOLE, "families they come from, by the best link"),
    _col("largest_family", WHOLE, "children in the largest of them"),
    PLANNED,
)

MONTHLY = _table(
    "monthly",
    "Children with an event in each month around their referral, of a cohort fixed 24 months before; and benefit households whose children were not referred.",
    _col("measure", TEXT, "the measure"),
    _col("series", TEXT, "referred or comparison"),
    _col("unit", TEXT, "month, quarter or half: how long each span is, by the rule of falling back"),
    _col("order", WHOLE, "its place, from the earliest"),
    _col(
        "first",
        WHOLE,
        "first month of the span from the referral: -1 is the month (weeks 0 to 4) before it, 0 begins with it",
    ),
    _col("last", WHOLE, "last month of the span"),
    _col("children", NUMBER, "children (of the comparison: children of households) observed in the span"),
    _col("having", NUMBER, "of them with an event"),
    _col("fewest", WHOLE, "smallest number of any draw"),
    _col("most", WHOLE, "largest number of any draw"),
    *FAMILIES,
    _col("low", NUMBER, "lower end of the 95% interval of the process, as a number of children", required=False),
    _col("high", NUMBER, "upper end", required=False),
    PLANNED,
)

EFFECT = _table(
    "effect",
    "What came before referrals more often than before other times, or before other families: one row for each design, window and treatment of links.",
    _col("measure", TEXT, "the exposure: an event or a state"),
    _col("design", TEXT, "case_crossover, case_time_control, matched_cohort"),
    _col("window", TEXT, "months_1_to_3: the exposure window, in plain form"),
    _col("term", TEXT, "any, or a band of the dose: 1, 2, 3"),
    _col("treatment", TEXT, "draws, corrected (with the outcome in mind) or best_link"),
    _col("log_ratio", NUMBER, "logarithm of the odds ratio; empty where there is not enough evidence", required=False),
    _col("low", NUMBER, "lower end of its 95% interval", required=False),
    _col("high", NUMBER, "upper end", required=False),
    _col("cases", NUMBER, "referrals that tell anything"),
    _col("exposed_cases", NUMBER, "of them exposed in the window"),
    _col("referents", NUMBER, "their other times, or the households matched to them"),
    _col("exposed_referents", NUMBER, "of those exposed"),
    _col("families", WHOLE, "families among the cases, by the best link"),
    _col("largest_family", WHOLE, "cases of the largest of them"),
    _col("smallest_cell", NUMBER, "the smallest of exposed and unexposed cases and referents, in any draw"),
    _col("degrees", NUMBER, "degrees of freedom left", required=False),
    _col("placebo", FLAG, "an exposure that cannot matter, shown so that the method can be judged"),
    PLANNED,
)

BOUND = _table(
    "bound",
    "Between what the share on benefit must lie, under no assumption and under named ones.",
    _col("order", WHOLE, "its place: from no assumption to the narrowest"),
    _col("name", TEXT, "a short name"),
    _col("assumption", TEXT, "what is assumed, in plain words"),
    _col("source", TEXT, "where its margin comes from"),
    _col("children", WHOLE, "children counted"),
    _col("low", NUMBER, "lower bound, as a number of children"),
    _col("high", NUMBER, "upper bound"),
    _col("low_end", NUMBER, "lower end of the 95% interval of Imbens and Manski (2004)", required=False),
    _col("high_end", NUMBER, "upper end", required=False),
    PLANNED,
)

COMPARED = _table(
    "compared",
    "The share beside the general population, like for like where the figures allow.",
    _col("order", WHOLE, "its place"),
    _col("comparator", TEXT, "what it is set beside, in plain words"),
    _col("source", TEXT, "who published it, and when"),
    _col("base", TEXT, "how its base differs from ours"),
    _col("measure", TEXT, "which of our measures is compared"),
    _col("children", WHOLE, "children counted in it"),
    _col("having", NUMBER, "of whom ours is true"),
    _col("expected", NUMBER, "of whom it would be, at the comparator's rates for their ages and areas"),
    _col("share", NUMBER, "the comparator's share, standardised to the children's ages and areas where it can be"),
    _col("standardised", FLAG, "whether ages or areas were standardised"),
    *ENDS,
    PLANNED,
)

STAGED = _table(
    "staged",
    "Who could be linked, from referral to claim: each stage with how many children are left.",
    _col("order", WHOLE, "its place"),
    _col("stage", TEXT, "in plain words"),
    _col("children", NUMBER, "children left"),
    _col("fewest", WHOLE, "smallest number of any draw"),
    _col("most", WHOLE, "largest number of any draw"),
    _col("families", WHOLE, "families they come from, by the best link"),
    _col("largest_family", WHOLE, "children in the largest of them"),
)

ERROR_CHECK = _table(
    "error_check",
    "The share on benefit by other roads, at the top level alone, as a cross-check.",
    _col("order", WHOLE, "its place"),
    _col("road", TEXT, "draws, best_link (at 0.5), identity: share linked times precision over recall"),
    _col("says", TEXT, "in plain words"),
    _col("children", WHOLE, "children counted"),
    _col("having", NUMBER, "of whom it is true by that road"),
    _col("precision", NUMBER, "used by the road; empty where none", required=False),
    _col("recall", NUMBER, "used by the road; empty where none", required=False),
)

ANSWER_TABLES = (MEASURED, UNSEEN, MONTHLY, EFFECT, BOUND, COMPARED, STAGED, ERROR_CHECK)
