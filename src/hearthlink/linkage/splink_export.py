"""Our model in Splink's words, as far as Splink has words for it; the rest is named, with what is lost by leaving it out.

What can be said is the part about one person: the fields of a child against those of a listed member, with m and u. What cannot is
the part about the family: who lives together, at which address on which day, and who else of the household it might be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hearthlink.errors import WrongUse
from hearthlink.linkage.comparisons import FIELDS, Comparison, Level
from hearthlink.linkage.model import CLASSES, SAME_PERSON, UNRELATED, Model
from hearthlink.linkage.splink_conditions import as_comparison, of_blocking_rule, of_comparison
from hearthlink.linkage.splink_settings import (
    ELSE,
    BlockingRule,
    Refusal,
    SplinkComparison,
    SplinkLevel,
    SplinkSettings,
    TermFrequency,
)

COUNTED = ("forename", "surname")
"""Fields whose agreement is worth the more the rarer the value."""

RULES = (
    "l.birth_date = r.birth_date",
    "l.forename = r.forename AND l.surname = r.surname",
    "l.surname = r.surname AND year(l.birth_date) = year(r.birth_date)",
)

LOST = {
    "address": "An address here is dated, several may hold on one day, and a family's counts once. Without it a shared home says nothing.",
    "carer": "Whether an adult of the family is the claimant or partner says nothing any more.",
    "middle": "Further forenames and initials say nothing any more.",
    "ages": "Ages of dependants that a household states without names say nothing any more.",
}

NO_COLUMN = {"middle": "It is worked out from all forenames, less the first; `person` has no column of it."}
"""Fields whose values Splink would have to work out by words it has no comparison for."""

ALWAYS_LOST = (
    Refusal("brothers and sisters", "Splink knows two kinds of pair, the same person and not.", "A brother or sister may weigh as the child does."),
    Refusal("the family", "Splink weighs each pair by itself.", "Children of one family are no longer given to those listed one to one."),
    Refusal("in no household on file", "Splink has no such outcome.", "The probabilities of a child no longer add to one."),
    Refusal("names", "Splink counts a name over both files, and the two that agree among them.", "A rare name in a small file weighs a little less."),
    Refusal("candidate pairs", "Splink forms pairs of people, not of families and households.", "Three plain rules stand in; change them as you need."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Export:
    """What could be said, as settings for the columns of the `person` table, and what could not."""

    settings: SplinkSettings
    lost: tuple[Refusal, ...]


def exported(model: Model) -> Export:
    """The model as Splink settings. Raises WrongUse where the model knows of no matches, and so of no prior."""
    prior = float(model.prior[CLASSES.index(SAME_PERSON)])
    if not 0.0 < prior < 1.0:
        raise WrongUse("The model found no two records of one person, so it has no prior to write.")
    said: list[SplinkComparison] = []
    lost: list[Refusal] = []
    for field in FIELDS:
        comparison = _comparison(field, model, lost)
        said += [] if comparison is None else [comparison]
    rules = [of_blocking_rule(rule) for rule in RULES]
    settings = SplinkSettings(
        prior=prior,
        comparisons=tuple(said),
        blocking=tuple(BlockingRule(rule.sql, rule.columns, rule.dates) for rule in rules),
        unique_id="person_no",
    )
    return Export(settings, (*lost, *_doubts(model), *ALWAYS_LOST))


def _doubts(model: Model) -> Iterable[Refusal]:
    if not model.identified:
        yield Refusal("m", "The model could not tell its classes apart, so stated rates stand in for m.")
    if model.names_together > 1.0:
        yield Refusal(
            "forename and surname",
            f"By chance they agree together {model.names_together:.1f} times as often as each alone would have it.",
            "Splink takes fields for independent, so the two together weigh too much by that.",
        )


def _comparison(field: Comparison, model: Model, lost: list[Refusal]) -> SplinkComparison | None:
    if field.of in NO_COLUMN:
        lost.append(Refusal(field.of, NO_COLUMN[field.of], f"The whole comparison is left out. {LOST[field.of]}"))
        return None
    m, u = (model.shares[of][field.of] for of in (SAME_PERSON, UNRELATED))
    levels: list[SplinkLevel] = []
    for number, level in enumerate(field.levels):
        try:
            levels.append(_level(field, level, float(m[number]), float(u[number])))
        except WrongUse as stop:
            where = f"{field.of}, level {number + 1} of {len(field.levels)} ({level.label})"
            lost.append(
                Refusal(where, stop.what, f"The whole comparison is left out. {LOST.get(field.of, '')}".strip())
            )
            return None
    return SplinkComparison(field.of, tuple(levels), field.of)


def _level(field: Comparison, level: Level, m: float, u: float) -> SplinkLevel:
    if level.when == ELSE:
        return SplinkLevel(level.label, ELSE, level.missing, m, u)
    said = of_comparison(as_comparison(level.when, DERIVED))
    counted = field.of in COUNTED and said.exact == field.of
    return SplinkLevel(
        label=level.label,
        when=said.sql,
        missing=level.missing,
        m=m,
        u=u,
        frequency=TermFrequency(field.of, 1.0, 0.0, u) if counted else None,
        columns=said.columns,
        dates=said.dates,
    )


def _both(word: str, column: str) -> str:
    return f'{word}("{column}_l", "{column}_r")'


def _of_date(part: str, side: str) -> str:
    return f'{part}("birth_date_{side}")'


def _derived() -> dict[tuple[str, str], str]:
    """In Splink's words, what is worked out from the columns of `person` before and while they are compared."""
    made: dict[tuple[str, str], str] = {}
    for side in "lr":
        text = f'cast("birth_date_{side}" AS TEXT)'
        made |= {(f"birth_{part}", side): _of_date(part, side) for part in ("year", "month", "day")}
        made |= {("birth_text", side): text, ("birth_written", side): f'"birth_text_{side}"'}
        made[("birth_key", side)] = f'coalesce({text}, "birth_text_{side}")'
    for name in COUNTED:
        made[(f"{name}_similarity", "s")] = _both("jaro_winkler_similarity", name)
        made[(f"{name}_edits", "s")] = _both("damerau_levenshtein", name)
    same = " + ".join(f"cast({_of_date(p, 'l')} = {_of_date(p, 'r')} AS INTEGER)" for p in ("year", "month", "day"))
    edits = 'damerau_levenshtein(cast("birth_date_l" AS TEXT), cast("birth_date_r" AS TEXT))'
    written = f'length("birth_text_l") >= 4 AND {_both("levenshtein", "birth_text")} = 1'
    made[("birth_edits", "s")] = f"(CASE WHEN {same} = 2 THEN {edits} WHEN {written} THEN 1 END)"
    return made


DERIVED = _derived()
