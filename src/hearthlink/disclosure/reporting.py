"""The account of the linkage that GUILD and RECORD ask for, as far as the run can give it: each item with what was done.

The words hold figures of cleared tables alone. What only a person knows is marked as theirs to write.
GUILD: Gilbert et al. 2018, doi:10.1093/pubmed/fdx037. RECORD: Benchimol et al. 2015, doi:10.1371/journal.pmed.1001885.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hearthlink.disclosure.cleared import Cell, ClearedColumn, ClearedTable, cell_text, seal
from hearthlink.disclosure.figures import words
from hearthlink.disclosure.policy import Policy
from hearthlink.disclosure.shares import Row, number

FILLED, PARTLY, OPEN = "filled in", "filled in; a person adds the rest", "a person must write this"
Tables = Mapping[str, ClearedTable]
Item = tuple[str, str, str, str]
"""The item, what it asks, what was done, and who fills it in."""

NOTE = (
    "GUILD: Gilbert and others, 2018. RECORD: Benchimol and others, 2015; its numbers are given. Marked items hold what a person "
    "knows and the run does not: add it before this account is used in a paper."
)


def reporting(tables: Sequence[ClearedTable], summary: Sequence[Row], policy: Policy) -> ClearedTable:
    """Every item with its answer, made from tables that were cleared before and from how the model was learned."""
    named = {table.name: table for table in tables}
    facts = {str(row["measure"]): number(row, "value") or 0.0 for row in summary if row["basis"] == "model"}
    facts |= {f"review_{row['measure']}": number(row, "value") or 0.0
              for row in summary if row["basis"] == "clerical review"}  # fmt: skip
    lines = [[words(one) for one in item] for item in (*_provision(named), *_linkage(named, facts), *_after(named))]
    columns = (
        ClearedColumn("item", "Item", "text"),
        ClearedColumn("asks", "What it asks", "text"),
        ClearedColumn("answer", "This study", "text"),
        ClearedColumn("written_by", "State", "text"),
    )
    title = "The account that GUILD and RECORD ask for"
    return seal(
        "reporting",
        title,
        columns,
        lines,
        notes=[NOTE],
        threshold=policy.threshold,
        base=policy.base,
        profile=policy.profile,
    )


def _provision(tables: Tables) -> Iterator[Item]:
    referred = _figure(tables, "who_was_counted", "All children referred in the year", "children")
    counted = _figure(tables, "who_was_counted", "Counted", "children")
    yield (
        "GUILD 1, provision; RECORD 1.1, 1.2, 6.1",
        "Which records, of whom, where and when; how people were chosen",
        (
            f"Children referred to social care in the census year: {referred}; counted: {counted}. Households with Housing Benefit or "
            "council tax support. Who was left out and why stands under Who was counted."
        ),
        PARTLY,
    )
    yield (
        "GUILD 1, provision",
        "How the records came to be: who wrote them down, for what, and how they were cut for this study",
        "",
        OPEN,
    )
    receipts, findings = tables.get("receipts"), tables.get("findings")
    files = 0 if receipts is None else len({receipts.text(row, 1) for row in range(len(receipts.rows))})
    checks = 0 if findings is None else len(findings.rows)
    yield (
        "GUILD 1, provision; RECORD 12.2",
        "Quality of the records, and how they were cleaned",
        (
            f"Files read: {files}. Checks made: {checks}, each with what it found, under Data received and checked. Placeholders "
            "and dates that systems fill in count as missing; names, dates and addresses were put in one form."
        ),
        FILLED,
    )
    yield (
        "RECORD 12.1",
        "How far those who did the study could see the records of everybody",
        "Whoever matched saw names and no needs; whoever worked the answers out saw neither names nor addresses.",
        PARTLY,
    )


def _linkage(tables: Tables, facts: Mapping[str, float]) -> Iterator[Item]:
    yield (
        "RECORD 1.3",
        "Whether title or abstract say that records were linked",
        "Say: children\u2019s social care records were linked to benefit records by name, date of birth, sex, address and family.",
        PARTLY,
    )
    yield (
        "GUILD 2, linkage; RECORD 12.3",
        "Kind of linkage, and the facts it used",
        (
            "Person to household, by chance (Fellegi and Sunter), families weighed together. Forename, surname, date of birth, sex, "
            "address, carers and listed dependants were compared; ethnicity was not."
        ),
        FILLED,
    )
    yield ("GUILD 2, linkage; RECORD 12.3", "How the weight of evidence was learned", _learned(facts), FILLED)
    pairs = _figure(tables, "lost_before_weighing", "Pairs of a child and a household compared", "number")
    lost = _figure(tables, "lost_before_weighing", "Children on file lost before weighing, at most", "share")
    yield (
        "GUILD 2, linkage; RECORD 12.3",
        "Which pairs were compared, and what was lost by not comparing all",
        f"Pairs of a child and a household compared: {pairs}. Children on file lost by that, at most: {lost}.",
        FILLED,
    )
    stages = tables.get("linkage_stages")
    said = "" if stages is None else "; ".join(
        f"{stages.text(row, 0).lower()}: {stages.text(row, 1)}" for row in range(len(stages.rows))
    )  # fmt: skip
    yield ("RECORD 6.3, 13.1", "A flow diagram of the linkage, with numbers at each stage", f"{_upper(said)}.", FILLED)
    yield (
        "GUILD 2, linkage; RECORD 12.3",
        "How good the matches are, and how that is known",
        _quality(tables, facts),
        FILLED,
    )
    yield (
        "GUILD 2, linkage",
        "Whether errors of linkage fall more on some groups than on others",
        f"{_groups(tables)} Children with a match are set beside those without, in a table of their own.",
        FILLED,
    )


def _learned(facts: Mapping[str, float]) -> str:
    if not facts.get("identified"):
        return (
            "The records did not tell the kinds of pair apart, so that rates stated beforehand, of the order of published ones, "
            "stood in for learned ones."
        )
    rested = "came to rest" if facts.get("converged") else "did not come to rest, and is used as it stood"
    starts, classes = int(facts.get("starts_agreeing", 0)), int(facts.get("classes", 0))
    asked, found = int(facts.get("dependence_asked", 0)), int(facts.get("dependence_found", 0))
    return (
        f"From these records, with no known matches (expectation-maximisation): it {rested} after {int(facts.get('iterations', 0))} "
        f"turns. Starts that came to the same: {starts}. Kinds of pair told apart: {classes}. Of {asked} pairs of facts asked "
        f"whether they agree independently of each other, {found} do not."
    )


def _quality(tables: Tables, facts: Mapping[str, float]) -> str:
    quality = tables.get("link_quality")
    if quality is None:
        return "Not known."
    wanted = {"Of the matches, how many are right": "right, of the matches",
              "Of the children who are on file, how many are matched rightly": "found rightly, of those on file"}  # fmt: skip
    found: dict[str, list[str]] = {}
    for row in range(len(quality.rows)):
        basis, level, measure = (quality.text(row, column) for column in range(3))
        if level == "Household" and measure in wanted:
            found.setdefault(basis, []).append(f"{wanted[measure]}, {_known(quality, row, 4)}")
    said = [f"{basis}: {'; '.join(figures)}." for basis, figures in found.items()]
    if "review_readers" in facts:
        said.append(f"Reviewers: {int(facts['review_readers'])}.")
    if "review_readers_alike" in facts:
        said.append(f"Of them gave one and the same answer throughout: {int(facts['review_readers_alike'])}.")
    if "review_with_oneself" in facts:
        said.append(
            f"Of pairs shown to one of them twice, the share answered alike: {facts['review_with_oneself']:.1f}."
        )
    if "review_kappa" in facts:
        said.append(f"Agreement between them beyond chance (kappa): {facts['review_kappa']:.1f}.")
    else:
        said.append("No match was reviewed twice by eye.")
    return " ".join([*said, "Whether the chances can be believed stands in a table of its own."])


def _groups(tables: Tables) -> str:
    """Groups found less often than all children, by name, and how many leave it open."""
    fewer: list[str] = []
    unsure = asked = 0
    for table in tables.values():
        if not table.name.startswith("link_quality_by_"):
            continue
        last = len(table.columns) - 1
        for row in range(1, len(table.rows)):
            asked += 1
            fewer += [table.text(row, 0)] if table.text(row, last) == "fewer" else []
            unsure += table.text(row, last) not in ("fewer", "more", "much the same", "much the same, or more")
    said = f"Found rightly less often than all children: {', '.join(fewer) or 'no group of which it can be said'}."
    return f"{said} Groups looked at: {asked}; of them, too little evidence to say, or held back: {unsure}."


def _after(tables: Tables) -> Iterator[Item]:
    yield (
        "GUILD 3, analysis",
        "How errors of linkage were carried into the answers",
        (
            "The whole linkage was drawn many times, each possible match as often as it is likely, and every share was worked out in each "
            "draw; the ranges hold the spread. What another rule would change is shown."
        ),
        FILLED,
    )
    yield (
        "RECORD 7.1",
        "Lists of the codes and rules used",
        "What the words mean here, under How it was done; every step and table of the program is listed in its documents.",
        FILLED,
    )
    yield (
        "GUILD 4, reporting; RECORD 19.1",
        "What follows from using records not made for this question: wrong and missed matches, what is not recorded, changes of rules",
        "Under What this does not show, and How sure are we. Universal Credit is not in these files.",
        PARTLY,
    )
    share = _figure(tables, "headline", "All children referred and counted", "share")
    low, high = (
        _figure(tables, "headline", "All children referred and counted", f"these_{end}") for end in ("low", "high")
    )
    yield (
        "GUILD 4, reporting",
        "The answer with the doubt that linkage adds",
        f"Share on benefit: {share}; for these children, allowing for doubt about the matches: {low} to {high}.",
        FILLED,
    )
    yield (
        "RECORD 22.1",
        "Where protocol, data and program can be had",
        "The program\u2019s version and the run stand under Citing, version and run.",
        PARTLY,
    )


def _figure(tables: Tables, name: str, row_says: str, column: str) -> str:
    """A printed figure of a cleared table, or in words that it is held back or not there."""
    table = tables.get(name)
    if table is None:
        return "not known"
    place = next((number for number, one in enumerate(table.columns) if one.name == column), None)
    for row in range(len(table.rows)):
        if place is not None and table.text(row, 0) == row_says:
            return _known(table, row, place)
    return "not known"


def _known(table: ClearedTable, row: int, place: int) -> str:
    cell: Cell = table.rows[row][place]
    return "held back" if cell.value is None else cell_text(cell, table.columns[place].kind)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
