"""What anybody may read of a study: the text of a privacy notice, and a summary for a public list of projects. They name no member of staff and hold no count."""

from __future__ import annotations

from collections.abc import Iterator

from hearthlink.governance.protocol import ProtocolLines
from hearthlink.study.papers.dpia import LIMBS
from hearthlink.study.papers.facts import Facts
from hearthlink.study.papers.fields import Field
from hearthlink.study.papers.page import Grid, Paper, Part, listed
from hearthlink.tables import Sensitivity

IN_WORDS: dict[Sensitivity, str] = {
    Sensitivity.IDENTIFIER: "Names, dates of birth, addresses and the council's own numbers. We use them only to find which records belong to the same family.",
    Sensitivity.ATTRIBUTE: "Facts such as the kind of need, plans, benefits, rent and arrears, and age, sex, ethnic group and disability where they are recorded.",
}
SOURCES = {
    "social_care": "children's social care records",
    "benefits": "council tax support, benefits, housing and school meals records",
    "geography": "published figures about areas",
}


def notice(facts: Facts, fields: list[Field]) -> Paper:
    """Text for a privacy notice (UK GDPR Articles 13 and 14), in plain English."""
    lines = facts.lines
    council = facts.authority or "The council"
    collected = {one.tells for one in fields if one.collected == "yes"}
    parts = (
        Part(
            "Who we are",
            (f"{council} is responsible for this project, “{lines.project.title}”. Questions: {lines.objections.contact}.",),
        ),
        Part("Why we use the information", (lines.project.purpose, listed(lines.outputs.planned))),
        Part(
            "Whose information",
            (f"{_window(lines)} We also use records of people who live with them, and of households that receive help with their rent or council tax.",),
        ),
        Part("What information", (listed(IN_WORDS[kind] for kind in IN_WORDS if kind.value in collected), "Notes and reports written about a family are not read.")),
        Part("Where it comes from", ("The council holds it already, or was given it:", _sources(lines))),
        Part("The law", tuple(_law(lines))),
        Part(
            "Who sees it",
            (
                "A few named people. Names are kept apart from everything else, under different keys; the people who work out the results see no names.",
                "What is published are figures about groups. Small numbers are held back, and two people who did not work out the results check them first.",
                "The software sends the information nowhere.",
            ),
        ),
        Part(
            "What does not happen",
            ("Nobody makes a decision about you from this, no computer does either, and it changes no service that you receive.",),
        ),
        Part("How long we keep it", tuple(_kept(lines))),
        Part(
            "Your rights",
            (
                (f"You can object to your information being used in this project. {_sentence(lines.objections.process)} To object, contact {lines.objections.contact}. "
                "What was published before you objected cannot be taken back out of it."),
                "You can ask to see your information, to have it put right, and to have its use restricted. For research the law limits some of these rights where they would seriously harm the research and the results identify nobody; we will say so if that applies.",
            ),
        ),
        Part(
            "To complain",
            (
                f"You can complain to us: {lines.objections.contact}. We will acknowledge your complaint within 30 days, look into it, and tell you the outcome (Data Protection Act 2018, section 164A).",
                "You can also complain to the Information Commissioner: ico.org.uk/make-a-complaint or telephone 0303 123 1113.",
            ),
        ),
    )  # fmt: skip
    return Paper(
        "How we use records for research",
        f"{council}: {lines.project.title}. Draft text for a privacy notice; add your data protection officer's address before you publish it.",
        parts,
        facts.foot,
        _draft(facts),
    )


def summary(facts: Facts) -> Paper:
    """An entry for a public list of projects."""
    lines = facts.lines
    rule = lines.disclosure
    approvals = {"Ethics": lines.ethics, "Impact assessment": lines.dpia, "Sharing agreement": lines.agreement}
    parts = (
        Part("What it is for", (lines.project.purpose,)),
        Part("What will come out", (listed(lines.outputs.planned),)),
        Part("Which records", (_window(lines), _sources(lines))),
        Part("The law", tuple(_law(lines))),
        Part(
            "Who approved it",
            (
                Grid(
                    "Approvals", ("What", "By whom", "Reference", "Given"),
                    tuple((what, one.body, one.reference, "" if one.dated is None else f"{one.dated:%d %B %Y}") for what, one in approvals.items()),
                ),
            ),
        ),
        Part(
            "How people are protected",
            (
                "Names and needs are kept apart under different keys. Whoever works out results sees no name. Two other people check what leaves.",
                f"Of published figures, counts under {rule.threshold} are held back and others are rounded to {rule.rounding}."
                if rule.rounding and rule.rounding > 1
                else f"Of published figures, counts under {rule.threshold} are held back; others are exact. Why: {rule.because}",
                "No decision about anybody follows from it.",
            ),
        ),
        Part("How long", tuple(_kept(lines))),
        Part("To ask, object or complain", (f"{_sentence(lines.objections.process)} Contact: {lines.objections.contact}. Complaints are acknowledged within 30 days.",)),
    )  # fmt: skip
    return Paper(
        lines.project.title,
        f"{facts.authority}, {facts.year}. Number {lines.project.id} in the council's register of research.",
        parts,
        facts.foot,
        _draft(facts),
    )


def _draft(facts: Facts) -> str:
    made_up = "Everybody in this study is made up. " if facts.made_up else ""
    return f"{made_up}{'Draft: the protocol is not approved as it stands.' if facts.doubts else ''}".strip()


def _window(lines: ProtocolLines) -> str:
    window = lines.cohort
    if window.referred_from is None or window.referred_to is None:
        return ""
    return f"Children referred to children's social care from {window.referred_from:%d %B %Y} to {window.referred_to:%d %B %Y}."


def _sources(lines: ProtocolLines) -> Grid:
    return Grid(
        "Where records come from, and what lets them be used",
        ("Records", "Held by", "Under"),
        tuple((SOURCES.get(name, name), terms.owner, terms.gateway) for name, terms in lines.sources.items()),
    )


def _law(lines: ProtocolLines) -> Iterator[str]:
    law = lines.law
    yield f"We rely on UK GDPR Article 6, {law.article_6}, and for sensitive information on Article 9, {law.article_9}."
    yield (
        f"Because it is research, UK GDPR Articles 84A to 84C apply; under Article 84B(1), {LIMBS.get(law.article_84b, '')}. "
        f"We need the information because: {law.necessary_because}."
    )


def _kept(lines: ProtocolLines) -> Iterator[str]:
    dates = lines.dates
    if dates.starts and dates.ends and dates.destroy_by:
        yield f"We use it from {dates.starts:%d %B %Y} to {dates.ends:%d %B %Y}, and destroy our working copies by {dates.destroy_by:%d %B %Y}."


def _sentence(words: str) -> str:
    said = words.strip()
    return f"{said[:1].upper()}{said[1:]}{'' if said.endswith(('.', '!', '?')) else '.'}"
