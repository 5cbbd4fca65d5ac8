"""The facts for a data protection impact assessment, and the record of processing: for the council's own use."""

from __future__ import annotations

from collections.abc import Iterator

from hearthlink.governance.protocol import ProtocolLines
from hearthlink.governance.signing import fingerprint
from hearthlink.study.papers.controls import CONTROLS
from hearthlink.study.papers.facts import Facts
from hearthlink.study.papers.fields import NOT_COLLECTED, Field
from hearthlink.study.papers.flow import flow_svg, holders, told
from hearthlink.study.papers.page import Drawing, Grid, Paper, Part, listed
from hearthlink.tables import Room, Sensitivity
from hearthlink.tables.catalogue import ALL_TABLES
from hearthlink.tables.profiles import PROFILES

LIMBS = {
    "a": "(a) the research consists of collecting the data",
    "b": "(b) the data are converted into a form that does not permit identification",
    "c": "(c) the research cannot be carried out otherwise",
}
"""The limbs of Article 84B(1), in short."""

SUBJECTS = (
    "Children referred to children's social care in the window",
    "Adults who live with them or are responsible for them",
    "Members of households on council tax support, Housing Benefit or Universal Credit, as far as sources and columns are listed",
)

TELLS: dict[Sensitivity, str] = {
    Sensitivity.IDENTIFIER: "who somebody is: names, birth dates, addresses, the council's numbers",
    Sensitivity.LINKING: "which records belong together",
    Sensitivity.ATTRIBUTE: "what is known of somebody: needs, plans, awards, rent",
    Sensitivity.DISCLOSIVE: "how sure a match is",
    Sensitivity.PSEUDONYM: "random names",
    Sensitivity.COUNT: "counts",
}


def dpia(facts: Facts, fields: list[Field]) -> Paper:
    """What an assessment has to describe, as it is; whether that is enough is for people to say."""
    lines = facts.lines
    parts = (
        Part(
            "Why an assessment is needed",
            (
                (
                    "Records from different sources are matched, they are about children, and harm to somebody's safety could follow if they were lost. "
                    "Each of these is on the Information Commissioner's list of what needs an assessment (UK GDPR Article 35)."
                ),
            ),
        ),
        Part("The project", (_project(facts), listed(_also_allowed(lines)))),
        Part("The law relied on", (*_law(lines), _sources(lines))),
        Part("Approvals", (_approvals(facts),)),
        Part("Who takes part", (_people(lines),)),
        Part("How data flow", (Drawing(flow_svg(lines)), listed(told(lines)))),
        Part("What is collected", (_tables(fields),)),
        Part("What was done so far", tuple(_done(facts))),
        Part("Risk of recognition, as measured", tuple(_risk(facts))),
        Part("What guards the data, and which test shows it", (_controls(),)),
        Part("Keeping, and the end", tuple(_ends(lines))),
        Part("Rights and objections", tuple(_rights(facts))),
        Part(
            "What these facts do not say",
            (
                (
                    "Whether the project is necessary and proportionate, whether what remains of risk is acceptable, and who answers for that: the assessment itself is people's. "
                    "The software checks what it is told, and cannot see who stands behind somebody's back, what is photographed off a screen, or what a person already knows."
                ),
            ),
        ),
    )
    return Paper(
        "Facts for the data protection impact assessment",
        f"{lines.project.title}: {facts.authority}, {facts.year}. For the council's own use: it names those who take part, and it holds counts that have passed no output check.",
        parts,
        facts.foot,
        _notice(facts),
    )


def record(facts: Facts, fields: list[Field]) -> Paper:
    """What Article 30(1) asks a controller to write down of one processing."""
    lines = facts.lines
    collected = [one for one in fields if one.collected == "yes"]
    kinds = [kind for kind in TELLS if any(one.tells == kind.value for one in collected)]
    parts = (
        Part(
            "Controller",
            (
                f"{facts.authority or 'The council'}. To ask or object: {lines.objections.contact}.",
                "The data protection officer and any joint controller are not in the protocol: add them here.",
                listed(f"{name}: {terms.owner}" for name, terms in lines.sources.items()),
            ),
        ),
        Part("Purposes", (lines.project.purpose, listed(lines.outputs.planned))),
        Part("Legal basis", (*_law(lines), _sources(lines))),
        Part("Categories of people", (listed(SUBJECTS),)),
        Part(
            "Categories of personal data",
            (
                listed(
                    f"{TELLS[kind][0].upper()}{TELLS[kind][1:]} ({sum(one.tells == kind.value for one in collected)} columns)"
                    for kind in kinds
                ),
                "Health, ethnicity and disability are special categories (Article 9); factors of need may tell of offences by adults (Article 10).",
                "Every column stands in the field table beside this paper: fields.html and fields.csv.",
            ),
        ),
        Part(
            "Recipients",
            (
                "Personal data: those who take part, each in the rooms that their parts reach.",
                _people(lines),
                "Statistics that have passed the output checks and two output checkers: whoever reads the release.",
            ),
        ),
        Part(
            "Transfers to other countries",
            (
                "None by the software: the network is closed while it works, but for these databases."
                if lines.allowed.databases
                else "None by the software: the network is closed while it works.",
                listed(lines.allowed.databases),
            ),
        ),
        Part("Time limits for erasure", tuple(_ends(lines))),
        Part("Security measures", (listed(f"{one.against}: {one.does}" for one in CONTROLS),)),
        Part("Who answers for it", (_approvals(facts),)),
    )
    return Paper(
        "Record of processing",
        f"UK GDPR Article 30: {lines.project.title} ({lines.project.id}), {facts.authority}.",
        parts,
        facts.foot,
        _notice(facts),
    )


def fields_paper(facts: Facts, fields: list[Field]) -> Paper:
    """The field table as a page, a part for each room."""
    lines = facts.lines
    blocks = {
        room: Grid(
            f"Columns of the {room.value} room",
            ("Table and column", "What it is", "Tells", "Collected", "Source and gateway", "Made by", "Used by", "Kept until", "Why"),
            tuple(
                (f"{one.table}.{one.column}", one.what, one.tells, one.collected, f"{one.source}: {one.gateway}" if one.source else "", one.made_by, one.used_by, one.kept_until, one.why)
                for one in fields
                if one.room == room.value
            ),
        )
        for room in Room
    }  # fmt: skip
    collected = sum(one.collected == "yes" for one in fields)
    refused = sum(one.collected == NOT_COLLECTED for one in fields)
    return Paper(
        "Field table",
        f"{lines.project.title}: of {len(fields):,} columns, {collected:,} are collected, {refused:,} could be and are not in the protocol, and the rest is made or worked out here. "
        f"The purpose of all: {lines.project.purpose}",
        tuple(Part(f"The {room.value} room", (grid,)) for room, grid in blocks.items()),
        facts.foot,
        _notice(facts),
    )


def _notice(facts: Facts) -> str:
    made_up = "Everybody in this study is made up. " if facts.made_up else ""
    draft = (
        f"Draft: the protocol does not hold as it stands. {' '.join(facts.doubts)} Nothing is opened by it."
        if facts.doubts
        else ""
    )
    return f"{made_up}{draft}".strip()


def _project(facts: Facts) -> Grid:
    lines = facts.lines
    window = lines.cohort
    rows = (
        ("Number in the council's register", lines.project.id),
        ("Title", lines.project.title),
        ("Purpose", lines.project.purpose),
        ("Study", f"{facts.name}, {facts.authority}, {facts.year}"),
        ("Children", f"referred from {window.referred_from:%d %B %Y} to {window.referred_to:%d %B %Y}" if window.referred_from and window.referred_to else ""),
        ("Planned outputs", "; ".join(lines.outputs.planned)),
        ("Plan of analysis, by its digest", lines.outputs.analysis),
        ("First and last day of use", f"{lines.dates.starts:%d %B %Y} to {lines.dates.ends:%d %B %Y}" if lines.dates.starts and lines.dates.ends else ""),
    )  # fmt: skip
    return Grid("The project, as the protocol has it", ("", "What the protocol says"), rows)


def _also_allowed(lines: ProtocolLines) -> Iterator[str]:
    allowed = lines.allowed
    for words, yes in (
        ("match quality by groups of surnames", allowed.name_origin),
        ("the same random names over later extracts", allowed.keep_pseudonyms),
        ("households without children", allowed.households_without_children),
        ("linking to households known from Universal Credit alone", allowed.universal_credit_alone),
    ):
        yield f"{'Allowed' if yes else 'Not allowed'}: {words}."
    yield f"Databases that may be asked: {', '.join(allowed.databases) or 'none'}."
    yield from (f"Table of others that output checks reckon with: {one.file}, {one.what}." for one in lines.outside)


def _law(lines: ProtocolLines) -> Iterator[str]:
    law = lines.law
    yield f"UK GDPR Article 6: {law.article_6}. Article 9: {law.article_9}."
    yield (
        f"Research safeguards, UK GDPR Chapter 8A (Articles 84A to 84C): Article 84B(1) {LIMBS.get(law.article_84b, '')}. "
        f"Necessary because: {law.necessary_because}."
    )
    yield "Article 84C: nothing here is for a measure or decision about any one person; there is no command that looks somebody up, and none that leads from a random name back."


def _sources(lines: ProtocolLines) -> Grid:
    rows = tuple(
        (name, terms.owner, terms.gateway, ", ".join(terms.layouts), str(sum(map(len, terms.columns.values()))))
        for name, terms in lines.sources.items()
    )
    return Grid(
        "Each source has its own owner and its own power",
        ("Source", "Owner", "Gateway", "Files and folders", "Columns"),
        rows,
    )


def _approvals(facts: Facts) -> Grid:
    lines = facts.lines
    named = {"Ethics": lines.ethics, "Impact assessment": lines.dpia, "Sharing agreement": lines.agreement}
    rows = [
        (what, one.body, one.reference, "" if one.dated is None else f"{one.dated:%d %B %Y}", "" if one.review is None else f"{one.review:%d %B %Y}")
        for what, one in named.items()
    ]  # fmt: skip
    rows.append(
        (
            "This protocol",
            ", ".join(facts.signed_by) or "nobody yet",
            f"version {lines.version}, {facts.digest[:16]}",
            "",
            "",
        )
    )
    return Grid("Approvals", ("What", "By whom", "Reference", "Given", "To be looked at again by"), tuple(rows))


def _people(lines: ProtocolLines) -> Grid:
    rows = tuple(
        (
            one.name,
            ", ".join(part.value for part in one.roles),
            ", ".join(room.value for room in Room if one.name in holders(lines, room)) or "none",
            fingerprint(one.key) if one.key else "",
        )
        for one in lines.person
    )
    return Grid(
        "Who takes part, in which parts, and so in which rooms", ("Name", "Parts", "Rooms", "Signing key"), rows
    )


def _tables(fields: list[Field]) -> Grid:
    names = list(dict.fromkeys(one.table for one in fields if one.collected == "yes"))
    rows = tuple(
        (
            name,
            ALL_TABLES[name].says,
            next(one.source for one in fields if one.table == name),
            ", ".join(one.column for one in fields if one.table == name and one.collected == "yes"),
        )
        for name in names
    )
    return Grid(
        "Tables that are filled from the extracts, and their listed columns; fields.html has all of each",
        ("Table", "A row is", "Source", "Columns collected"),
        rows,
    )


def _done(facts: Facts) -> Iterator[str | Grid]:
    if not facts.events:
        yield "Nothing is entered in the ledger yet."
        return
    yield Grid(
        "Lines of the ledger, by what they are of",
        ("Event", "Lines"),
        tuple((event, f"{count:,}") for event, count in facts.events.items()),
    )
    if facts.acts:
        yield Grid(
            "Steps and acts done", ("Step", "Times"), tuple((step, f"{count:,}") for step, count in facts.acts.items())
        )
    if facts.read:
        yield Grid(
            "As the extracts were last read",
            ("Counted", "How many"),
            tuple((name, f"{count:,}") for name, count in facts.read.items()),
        )
    if facts.rows:
        yield Grid(
            "Rows that rest in the rooms, as they were last counted",
            ("Table", "Room", "Rows"),
            tuple((name, ALL_TABLES[name].room.value, f"{count:,}") for name, count in facts.rows.items()),
        )


def _risk(facts: Facts) -> Iterator[str | Grid]:
    terms = facts.lines.research
    yield (
        f"Before research tables are written out, at least {terms.k} children must be alike in {', '.join(terms.quasi_identifiers)}, with {terms.l} different values among them of "
        f"{', '.join(terms.sensitive)}; merged first: {', '.join(terms.coarsen) or 'nothing'}; at most {terms.most_blanked} cells in a hundred are blanked for it."
    )
    measured = facts.acts.get("risk", 0)
    written = facts.events.get("research tables written out", 0)
    yield (
        f"By the ledger, the risk was measured {measured:,} times and research tables were written out {written:,} times, each time past that gate."
        if measured or written
        else "The ledger has no measurement of it yet: hearthlink risk makes one."
    )
    if facts.classified:
        yield Grid(
            "What people said of the research tables, signed, in their own words",
            ("Who", "When", "In their words", "To be looked at again by", "Tables, by digest"),
            tuple((one.signer, one.signed_at[:10], one.words, one.review, one.digest[:16]) for one in facts.classified),
        )
    rule = facts.lines.disclosure
    why = f" Why: {rule.because}." if rule.because else ""
    yield f"What is published goes by the profile {rule.profile} ({PROFILES[rule.profile or 'strict'].says}): threshold {rule.threshold}, rounding {rule.rounding}.{why}"


def _controls() -> Grid:
    return Grid(
        "Guards, and tests that fail where they do not hold",
        ("Against", "What the software does", "Shown by"),
        tuple((one.against, one.does, ", ".join(one.tests)) for one in CONTROLS),
    )


def _ends(lines: ProtocolLines) -> Iterator[str]:
    dates = lines.dates
    if dates.starts and dates.ends and dates.destroy_by:
        yield f"Used from {dates.starts:%d %B %Y} to {dates.ends:%d %B %Y}; everything is destroyed by {dates.destroy_by:%d %B %Y}."
    yield "Two people destroy it: keys first, then files, and a signed certificate stays with the ledger. Copies elsewhere are the council's to find. What was released stays released."


def _rights(facts: Facts) -> Iterator[str]:
    objections = facts.lines.objections
    yield f"How somebody objects (Article 21): {objections.process}. To whom: {objections.contact}."
    told_of = ", ".join(f"{name} {count:,}" for name, count in facts.objections.items())
    yield f"Objections as last applied: {told_of}." if told_of else "No objections have been applied yet."
    yield "Access, correction, restriction and objection may be limited for research only as far as DPA 2018 Schedule 2 paragraph 27 and Article 84B let them be, and only while results identify nobody."
    yield "Complaints: the council makes it easy to complain, and acknowledges within 30 days (DPA 2018 section 164A)."
