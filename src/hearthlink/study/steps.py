"""The run, as a list. Read it top to bottom: it is the method section.

The commands, the progress bars, the roles page and the ledger's events are all made from `STEPS`. Nothing else puts steps in order.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa

from hearthlink.engine import open_engine
from hearthlink.governance import Event, Role
from hearthlink.study.acts_inside import CHILDREN, HOUSEHOLDS, RECEIVED
from hearthlink.study.asking import plan_of
from hearthlink.study.minimised import still_there
from hearthlink.study.random_names import pseudonyms_of, random_keys
from hearthlink.study.step import Desk, Made, Step
from hearthlink.study.study import Study, inside, mapping_of
from hearthlink.tables import content as c
from hearthlink.tables import identity as i
from hearthlink.tables import measures as d
from hearthlink.tables import money as m
from hearthlink.tables import record as r
from hearthlink.tables import research as s
from hearthlink.tables.answers import ANSWER_TABLES
from hearthlink.tables.definitions import MEASURES
from hearthlink.tables.released import RELEASED_FIGURE

if TYPE_CHECKING:
    from hearthlink.sources import Given, SourceFiles
    from hearthlink.study.checked import Found

CLEARED = "rooms/cleared.json"

MEASURED_FROM = tuple(table for table in m.MONEY_TABLES if table != m.SCHOOL_MEAL)


# Each act loads its own stage when it is carried out: the process of one role's steps then has no other stage in it, and begins sooner.


def _receive(desk: Desk) -> Made:
    from hearthlink.sources import changes, keys_of, read_objections, receive, with_earlier_keys
    from hearthlink.study.checked import find_in_database
    from hearthlink.study.databases import asked_once, query_opener, require_mappings
    from hearthlink.study.minimised import only_listed

    lines = desk.study.lines
    earlier = {spec.name: desk.tables.get(spec.name, spec.empty()) for spec in RECEIVED}
    files, open_query = files_of(desk.study), asked_once(query_opener(desk.study, desk.permit))
    require_mappings(files.given, open_query)
    made = receive(
        desk.engine,
        files,
        year=lines.year,
        new_key=partial(random_keys, taken=keys_of(earlier)),
        keep_childless=lines.cohort.keep_households_without_children,
        link_alone=lines.cohort.link_universal_credit_alone,
        open_query=open_query,
        progress=desk.progress,
        objections=read_objections(desk.study.objections),
        objections_file=desk.study.objections.name,
    )
    kept = with_earlier_keys(only_listed(made, (*RECEIVED, *i.OVER_TIME), desk.study.protocol), earlier)
    told = {
        "refresh": changes(desk.engine, kept, earlier),
        "asked_place": find_in_database(desk.study, files, open_query, kept),
    }
    return Made(kept | told, entered=objections_counted(made["objection"]))


def objections_counted(objection: pa.Table) -> dict[Event, dict[str, int]]:
    """What the ledger is to say of the list of objections, by counts; nothing where there is no list."""
    rows = objection.to_pylist()
    outcomes = {"found": ("found", "more"), "not found": ("nobody",), "not in this study": ("in the extracts",)}
    counts = {word: sum(row["outcome"].startswith(begin) for row in rows) for word, begin in outcomes.items()}
    several = sum(row["outcome"].startswith("more") for row in rows)
    left = {f"{what} left out": sum(row[what] for row in rows) for what in ("children", "households")}
    return {Event.OBJECTIONS: {"lines": len(rows), **counts, "found more than once": several, **left}} if rows else {}


def _hosts(study: Study) -> frozenset[tuple[str, int]]:
    from hearthlink.study.databases import hosts_asked

    return hosts_asked(study)


def _given(study: Study) -> list[Given]:
    """The tables of the council's own, as study.toml names them."""
    from hearthlink.sources import Given

    return [
        Given(
            table=one.table,
            path=None if one.file is None else inside(study.extracts, one.file, "source.file"),
            sheet=one.sheet,
            database=one.database,
            query=one.query,
            mapping=mapping_of(study, one.mapping),
        )
        for one in study.lines.source
    ]


def checked(desk: Desk) -> Found:
    """What the checks find on a desk that has the received tables."""
    from hearthlink.study.checked import find

    return find(desk.engine, desk.study, desk.tables, files_of(desk.study))


def files_of(study: Study) -> SourceFiles:
    """Which files of a study are which source."""
    from hearthlink.sources import source_files
    from hearthlink.study.minimised import wanted_of

    return source_files(study.extracts, _given(study), wanted_of(study.protocol, RECEIVED))


def _check(desk: Desk) -> Made:
    found = checked(desk)
    found.require_none_stops()
    return Made({"finding": found.finding, "finding_place": found.places})


def _standardise(desk: Desk) -> Made:
    from hearthlink.standardise import people

    return Made(people(desk.engine, desk.tables))


def _compare(desk: Desk) -> Made:
    from hearthlink.linkage import agreement

    return Made(agreement(desk.engine, desk.tables, progress=desk.progress))


def _estimate(desk: Desk) -> Made:
    from hearthlink.linkage import estimate

    return Made({"parameter": estimate(desk.tables["agreement_pattern"])})


def _link(desk: Desk) -> Made:
    from hearthlink.linkage import decided, link

    lines = desk.study.lines.linkage
    made = link(desk.tables, draws=lines.draws, cut=lines.cut)
    said = (still_there(desk.tables[name], desk.tables["person"]) for name in ("decision", "correction"))
    return Made(decided(made, *said, cut=lines.cut))


def _link_before(desk: Desk) -> Made:
    from hearthlink.linkage import link_before
    from hearthlink.standardise import people

    lines, tables = desk.study.lines.linkage, desk.tables
    over_time = {spec.name.removesuffix("_over_time"): tables[spec.name] for spec in i.OVER_TIME}
    with open_engine() as small:  # as for the people of the day: this grows with people, and not with pairs of them
        told = over_time | people(small, {**tables, **over_time})
    tables = {**tables, **{name: still_there(tables[name], tables["person"]) for name in ("decision", "correction")}}
    made = link_before(desk.engine, tables, told, draws=lines.draws, cut=lines.cut, progress=desk.progress)
    return Made(
        made.tables, counts={f"children not born {months} months before": n for months, n in made.not_yet_born.items()}
    )


def _search(desk: Desk) -> Made:
    from hearthlink.linkage import search

    lines = desk.study.lines.linkage
    found = search(desk.engine, desk.tables, children=lines.search, cut=lines.cut, progress=desk.progress)
    return Made({"blocking_summary": found})


def _evaluate(desk: Desk) -> Made:
    from hearthlink.evaluation import evaluate, read_name_groups
    from hearthlink.review import summary

    truth = desk.study.truth if desk.study.lines.practice and desk.study.truth.is_dir() else None
    asked = desk.study.lines.permission.name_origin
    groups = read_name_groups(desk.study.names) if asked else None
    made = evaluate(desk.tables, truth=truth, name_groups=groups)
    shown = {name: still_there(desk.tables[name], desk.tables["person"]) for name in ("review_sample", "review_pair")}
    reviewed = summary({**desk.tables, **shown})
    return Made(made | {name: pa.concat_tables([made[name], rows]) for name, rows in reviewed.items()})


def _measure(desk: Desk) -> Made:
    from hearthlink.measures.measure import measure

    tables = {name: table for name, table in desk.tables.items() if name != "comparator"}
    return Made(measure(desk.engine, tables, year_start=desk.study.year_start, comparator=desk.tables["comparator"]))


def _deidentify(desk: Desk) -> Made:
    from hearthlink.deidentify import deidentify

    made = deidentify(
        desk.engine,
        desk.tables,
        year_start=desk.study.year_start,
        year_end=desk.study.year_end,
        new_pseudonyms=pseudonyms_of(desk.study),
    )
    return Made(made)


def _answer(desk: Desk) -> Made:
    from hearthlink.analysis import answer

    tables = {spec.name: desk.tables[spec.name] for spec in s.CROSSED}
    return Made(
        answer(tables, plan_of(desk.study.folder), comparator=desk.tables["comparator"], year=desk.study.lines.year)
    )


def _clear(desk: Desk) -> Made:
    from hearthlink.disclosure import Comparator, Policy, clearance, pack
    from hearthlink.study.outside import outside_tables
    from hearthlink.study.released import released_before

    lines = desk.study.lines
    cleared = clearance(
        answer=desk.tables["answer"],
        quality_by_group=desk.tables["quality_by_group"],
        link_summary=desk.tables["link_summary"],
        calibration=desk.tables["calibration"],
        blocking_summary=desk.tables["blocking_summary"],
        pooled_quality=desk.tables["pooled_quality"],
        receipt=desk.tables["receipt"],
        finding=desk.tables["finding"],
        plan=plan_of(desk.study.folder),
        earlier=released_before(desk.study),
        released_figure=desk.tables["released_figure"],
        outside=outside_tables(desk.study),
        **{spec.name: desk.tables[spec.name] for spec in ANSWER_TABLES},
        policy=Policy.of(lines.disclosure.profile, lines.disclosure.threshold, lines.disclosure.rounding),
        comparator=Comparator(
            share=lines.comparator.share,
            label=lines.comparator.label,
            source=lines.comparator.source,
            base=lines.comparator.base,
        ),
    )
    # How many figures were held back for which reason would tell a reader which cells are the small ones: the ledger has their sum.
    held_back = sum(refusal.figures for refusal in cleared.refusals)
    counts = {"figures held back": held_back}
    if cleared.repeats is not None:
        counts["release said again"] = cleared.repeats
    # By how much a table of others differs from ours would tell exact numbers: it is said here alone.
    told = {"outside groups unknown": cleared.outside.unmet, "outside groups that differ": cleared.outside.differing,
            "differ by up to": round(cleared.outside.most)}  # fmt: skip
    counts |= {name: many for name, many in told.items() if many}
    return Made(files={CLEARED: pack(cleared.tables)}, counts=counts)


def _report(desk: Desk) -> Made:
    from hearthlink.disclosure import unpack
    from hearthlink.report import artefacts
    from hearthlink.study.about import about_run

    cleared = unpack(desk.files[CLEARED])
    asked = {one.measure for one in plan_of(desk.study.folder).questions}
    definitions = {name: one for name, one in MEASURES.items() if name in asked}
    return Made(files=artefacts(cleared, about_run(desk.study, desk.run_id), definitions=definitions))


STEPS: tuple[Step, ...] = (
    Step(
        "receive", "Read the extracts and part names from needs", Role.CUSTODIAN,
        reads=(), writes=(*RECEIVED, *i.OVER_TIME, i.ASKED_PLACE, i.OBJECTION, r.RECEIPT, r.JOIN_RATE, r.COMPARATOR, r.REFRESH, r.FOLLOWED_UP),
        remembers=RECEIVED, asks=lambda study: any(one.query for one in study.lines.source), reaches=_hosts,
        act=_receive, settings=("year", "cohort", "source"), opens=("in", "maps"),
    ),
    Step(
        "check", "Look for what would change the answer", Role.CUSTODIAN,
        reads=(*RECEIVED, i.ASKED_PLACE, r.RECEIPT, r.JOIN_RATE), writes=(r.FINDING, i.FINDING_PLACE),
        act=_check, settings=("year", "source"), opens=("in", "maps"), version=2,
    ),
    Step(
        "standardise", "Make names, dates and addresses comparable", Role.LINKER,
        reads=(*CHILDREN, *HOUSEHOLDS), writes=(i.PERSON, i.PLACE, i.FAMILY_ADULT), act=_standardise,
    ),
    Step(
        "compare", "Find candidate pairs and compare them", Role.LINKER,
        reads=(i.PERSON, i.PLACE, i.FAMILY_ADULT, i.HOUSEHOLD_COUNT),
        writes=(i.CANDIDATE_PAIR, i.AGREEMENT_PATTERN), act=_compare, grows=True,
    ),
    Step(
        "estimate", "Learn what agreement is worth", Role.LINKER,
        reads=(i.AGREEMENT_PATTERN,), writes=(i.PARAMETER,), act=_estimate,
    ),
    Step(
        "link", "Weigh families against households", Role.LINKER,
        reads=(i.CANDIDATE_PAIR, i.PARAMETER, i.PERSON),
        writes=(i.CANDIDATE_POSTERIOR, i.LINK_TABLE, i.LINK_DRAW), act=_link, settings=("linkage",),
        may_read=(i.DECISION, i.CORRECTION),
    ),
    Step(
        "link_before", "Link again as at 12 and 24 months before", Role.LINKER,
        reads=(*CHILDREN, i.HOUSEHOLD_IDENTIFIER, *i.OVER_TIME, i.PERSON, i.FAMILY_ADULT, i.PARAMETER),
        writes=i.LINKED_BEFORE, act=_link_before, settings=("linkage",), may_read=(i.DECISION, i.CORRECTION), grows=True,
    ),
    Step(
        "search", "Look again, past the rules that propose candidates", Role.LINKER,
        reads=(
            i.PERSON, i.PLACE, i.FAMILY_ADULT, i.CANDIDATE_PAIR, i.AGREEMENT_PATTERN, i.PARAMETER, i.LINK_TABLE,
        ),
        writes=(r.BLOCKING_SUMMARY,), act=_search, settings=("linkage",),
    ),
    Step(
        "evaluate", "Ask how good the links are", Role.LINKER,
        reads=(
            i.LINK_TABLE, i.CANDIDATE_POSTERIOR, i.LINK_DRAW, i.HOUSEHOLD_MEMBER, i.CANDIDATE_PAIR, i.PERSON, i.PARAMETER,
        ),
        writes=(i.LINK_QUALITY, r.LINK_SUMMARY, r.CALIBRATION), act=_evaluate, opens=("truth", "names"),
        settings=("permission",), may_read=(i.REVIEW_SAMPLE, i.REVIEW_PAIR, i.DECISION),
    ),
    Step(
        "measure", "See month by month how households stand and what befell them", Role.CUSTODIAN,
        reads=(c.AWARD, c.HOUSEHOLD_FACT, *MEASURED_FROM, r.COMPARATOR), writes=d.MEASURE_TABLES, act=_measure, settings=("year",),
    ),
    Step(
        "deidentify", "Take names away and coarsen the rest", Role.CUSTODIAN,
        reads=(
            i.CHILD_IDENTIFIER, i.CHILD_REFERRAL, i.HOUSEHOLD_IDENTIFIER, i.PERSON, i.PLACE, i.LINK_TABLE,
            i.CANDIDATE_POSTERIOR, i.LINK_DRAW, *i.LINKED_BEFORE, i.LINK_QUALITY, c.CHILD, c.REFERRAL, c.ASSESSMENT, c.SECTION47,
            c.PROTECTION_PLAN, c.CIN_PLAN, c.LOOKED_AFTER, c.AWARD, c.HOUSEHOLD_FACT, c.POSTCODE_AREA,
            m.HOUSEHOLD_FOLLOWED, m.UNIVERSAL_CREDIT, *d.MEASURE_TABLES, r.FOLLOWED_UP,
        ),
        writes=s.CROSSED, act=_deidentify, settings=("year", "refresh"),
    ),
    Step(
        "answer", "Work out the shares", Role.ANALYST,
        reads=(*s.CROSSED, r.COMPARATOR), writes=(s.ANSWER, s.QUALITY_BY_GROUP, s.POOLED_QUALITY, *ANSWER_TABLES),
        act=_answer, settings=("year",), by_plan=True,
    ),
    Step(
        "clear", "Hold back what is small and round the rest", Role.OUTPUT_CHECKER,
        reads=(
            s.ANSWER, s.QUALITY_BY_GROUP, s.POOLED_QUALITY, *ANSWER_TABLES, r.RECEIPT, r.FINDING, r.LINK_SUMMARY, r.CALIBRATION, r.BLOCKING_SUMMARY,
        ),
        writes=(),
        act=_clear, settings=("comparator", "disclosure"), by_plan=True, may_read=(RELEASED_FIGURE,), opens=("outside",),
    ),
    Step(
        "report", "Write the report and its tables", Role.ANALYST,
        reads=(), writes=(), act=_report, settings=("name", "authority", "year", "permission", "disclosure", "linkage"),
        reads_files=(CLEARED,), by_plan=True,
    ),
)  # fmt: skip
