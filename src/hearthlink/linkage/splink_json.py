"""Splink's settings JSON read and written. What cannot be said is refused by name: which comparison, which level, which construct."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from hearthlink.errors import WrongUse
from hearthlink.linkage.splink_conditions import Condition, as_comparison, of_blocking_rule, of_comparison
from hearthlink.linkage.splink_settings import (
    ELSE,
    NOT_OBSERVED,
    BlockingRule,
    Refusal,
    SplinkComparison,
    SplinkLevel,
    SplinkSettings,
    TermFrequency,
    gammas,
    stand_in,
)

Json = Mapping[str, object]

WITHOUT_EFFECT = frozenset(
    "retain_matching_columns retain_intermediate_calculation_columns additional_columns_to_retain em_convergence max_iterations"
    " bayes_factor_column_prefix match_weight_column_prefix comparison_vector_value_column_prefix linker_uid"
    " source_dataset_column_name".split()
)
"""Settings of training, of Splink's own column names and of what it keeps: no weight depends on them, and they are passed over."""

SETTINGS = WITHOUT_EFFECT | frozenset(
    "link_type probability_two_random_records_match blocking_rules_to_generate_predictions comparisons unique_id_column_name"
    " term_frequency_adjustment_column_prefix sql_dialect".split()
)
COMPARISON = frozenset({"output_column_name", "comparison_description", "comparison_levels"})
LEVEL = frozenset(
    "sql_condition label_for_charts is_null_level m_probability u_probability fix_m_probability fix_u_probability"
    " tf_adjustment_column tf_adjustment_weight tf_minimum_u_value disable_tf_exact_match_detection".split()
)
RULE = frozenset({"blocking_rule", "sql_dialect", "arrays_to_explode", "salting_partitions"})

DEFAULT_PRIOR = 0.0001
LARGEST = 1e300
SMALLEST = 1e-300
"""The least m or u that Splink 5 takes."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a settings file, what was refused, and what is worth knowing. No settings where anything was refused."""

    settings: SplinkSettings | None
    refusals: tuple[Refusal, ...]
    notes: tuple[str, ...]

    def required(self, file: str) -> SplinkSettings:
        """The settings. Raises WrongUse that names everything refused."""
        if self.settings is None:
            raise WrongUse(
                "These Splink settings say what cannot be said here.",
                file=file,
                remedy="\n  ".join(_each_remedy_once(self.refusals)),
            )
        return self.settings


def _each_remedy_once(refusals: Sequence[Refusal]) -> list[str]:
    said: set[str] = set()
    lines: list[str] = []
    for refusal in refusals:
        lines.append((replace(refusal, remedy="") if refusal.remedy in said else refusal).sentence)
        said.add(refusal.remedy)
    return lines


def read(text: str) -> Reading:
    """A settings file as Splink 4 or 5 saves it. Raises WrongUse where it is not JSON or no such file at all."""
    try:
        data: object = json.loads(text)
    except json.JSONDecodeError as fault:
        raise WrongUse("This is not JSON.", line=fault.lineno, remedy="Save the model again from Splink.") from None
    except RecursionError:
        raise WrongUse("This JSON is nested too deeply to be read.") from None
    if not isinstance(data, dict) or not isinstance(data.get("comparisons"), list):
        raise WrongUse("This JSON holds no Splink settings: there is no list of comparisons.")
    return _Reader([], []).whole(cast("Json", data))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Goes through a settings file and notes what it may not pass on."""

    refusals: list[Refusal]
    notes: list[str]

    def refuse(self, where: str, what: str, remedy: str = "") -> None:
        self.refusals.append(Refusal(where, what, remedy))

    def whole(self, data: Json) -> Reading:
        for name in sorted(data.keys() - SETTINGS):
            self.refuse("settings", f"{name} is not a setting of Splink 4 or 5 that is known here.", "Take it out.")
        if data.get("link_type") != "link_only":
            self.refuse("settings", "link_type is not link_only.", "Hearthlink links one file with another.")
        if data.get("sql_dialect") not in (None, "duckdb"):
            self.refuse("settings", "sql_dialect is not duckdb.", "Save the model from a linker on DuckDB.")
        prior = self.number("settings", data, "probability_two_random_records_match", DEFAULT_PRIOR)
        if not 0.0 < prior < 1.0:
            self.refuse("settings", "probability_two_random_records_match is not between 0 and 1.")
        given = cast("Sequence[object]", data["comparisons"])
        comparisons = [self.comparison(number, each) for number, each in enumerate(given, start=1)]
        found = [comparison for comparison in comparisons if comparison is not None]
        names = [comparison.column.lower() for comparison in found]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.refuse("settings", f"Two comparisons are named {name}.", "Give each its own output_column_name.")
        if not given:
            self.refuse("settings", "There are no comparisons.")
        rules = data.get("blocking_rules_to_generate_predictions") or []
        if not isinstance(rules, list):
            self.refuse("settings", "blocking_rules_to_generate_predictions is not a list.")
            rules = []
        blocking = [self.rule(n, each) for n, each in enumerate(cast("Sequence[object]", rules), start=1)]
        settings = SplinkSettings(
            prior=prior,
            comparisons=tuple(found),
            blocking=tuple(rule for rule in blocking if rule is not None),
            unique_id=self.text("settings", data, "unique_id_column_name", "unique_id"),
            frequency_prefix=self.text("settings", data, "term_frequency_adjustment_column_prefix", "tf_"),
        )
        return Reading(None if self.refusals else settings, tuple(self.refusals), tuple(self.notes))

    def comparison(self, number: int, data: object) -> SplinkComparison | None:
        where = f"comparison {number}"
        if not isinstance(data, dict) or not isinstance(data.get("comparison_levels"), list):
            self.refuse(where, "It has no list of comparison_levels.")
            return None
        given = cast("Json", data)
        raw = cast("list[object]", given["comparison_levels"])
        named = self.text(where, given, "output_column_name", "")
        where = f"{where} ({named})" if named else where
        for name in sorted(given.keys() - COMPARISON):
            self.refuse(where, f"{name} is not part of a comparison that is known here.", "Take it out.")
        levels = [
            cast("Json", each) for each in raw if isinstance(each, dict) and isinstance(each.get("sql_condition"), str)
        ]
        if len(levels) < len(raw):
            self.refuse(where, "A level has no sql_condition.")
            return None
        numbers = gammas([bool(level.get("is_null_level")) for level in levels])
        if sum(number >= 0 for number in numbers) < 2:
            self.refuse(where, "Fewer than two of its levels are not missing levels.", "Splink needs two as well.")
            return None
        before = len(self.refusals)
        says = [
            self.condition(f"{where}, level {n} of {len(levels)}", level) for n, level in enumerate(levels, start=1)
        ]
        if not _is_else(levels[-1]) or any(map(_is_else, levels[:-1])):
            self.refuse(where, "ELSE is not its last level and only that.", "Let the last level be ELSE, and no other.")
        if len(self.refusals) > before:
            return None
        chances = [
            self.chances(f"{where}, level {n} of {len(levels)}", level, number, max(numbers) + 1)
            for n, (level, number) in enumerate(zip(levels, numbers, strict=True), start=1)
        ]
        made = tuple(
            SplinkLevel(
                label=self.text(f"{where}, level {n} of {len(levels)}", level, "label_for_charts", str(number)),
                when=said.sql,
                missing=number < 0,
                m=m,
                u=u,
                frequency=self.frequency(f"{where}, level {n} of {len(levels)}", level, u, says, chances),
                columns=said.columns,
                dates=said.dates,
            )
            for n, (level, number, said, (m, u)) in enumerate(zip(levels, numbers, says, chances, strict=True), start=1)
        )
        columns = sorted({column for said in says for column in said.columns})
        name = named or (columns[0] if len(columns) == 1 else f"custom_{'_'.join(columns)}")
        return SplinkComparison(name, made, self.text(where, given, "comparison_description", name))

    def condition(self, where: str, level: Json) -> Condition:
        for name in sorted(level.keys() - LEVEL):
            self.refuse(where, f"{name} is not part of a level that is known here.", "Take it out.")
        if _is_else(level):
            if level.get("is_null_level"):
                self.refuse(
                    where,
                    "A missing level may not be ELSE.",
                    "Say when a value is missing: a_l IS NULL OR a_r IS NULL.",
                )
            return Condition(ELSE, frozenset(), frozenset(), None)
        try:
            return of_comparison(str(level["sql_condition"]))
        except WrongUse as stop:
            self.refuse(where, stop.what, stop.remedy or "")
            return Condition("FALSE", frozenset(), frozenset(), None)

    def chances(self, where: str, level: Json, number: int, levels: int) -> tuple[float, float]:
        """m and u of a level, or what Splink puts in their place; 1 and 1 where the level is the missing one."""
        if number < 0:
            return 1.0, 1.0
        found: list[float] = []
        for name, instead in zip(("m_probability", "u_probability"), stand_in(number, levels), strict=True):
            if level.get(name) in (None, NOT_OBSERVED):
                # Splink's own stand-in for u may pass 1, and it weighs by it all the same.
                self.notes.append(
                    f"{where}: {name} is not given, so it is {instead:.6g}, which Splink puts in its place."
                )
                found.append(instead)
                continue
            value = self.number(where, level, name, instead)
            if not SMALLEST <= value <= 1.0 and value != instead:
                self.refuse(
                    where,
                    f"{name} is not between 1e-300 and 1.",
                    "A share of nought would weigh without end: give a small one.",
                )
                value = instead
            found.append(value)
        return found[0], found[1]

    def frequency(
        self, where: str, level: Json, u: float, says: Sequence[Condition], chances: Sequence[tuple[float, float]]
    ) -> TermFrequency | None:
        """A level's term-frequency adjustment, where Splink makes one: not at a missing level, nor at ELSE, nor by a weight of 0."""
        column = self.text(where, level, "tf_adjustment_column", "")
        weight = self.number(where, level, "tf_adjustment_weight", 1.0)
        if not column or weight == 0.0 or level.get("is_null_level") or _is_else(level):
            return None
        name = column.removeprefix('"').removesuffix('"')
        own = bool(level.get("disable_tf_exact_match_detection"))
        exact = [
            chance[1] for said, chance in zip(says, chances, strict=True) if (said.exact or "").lower() == name.lower()
        ]
        if not own and not exact:
            self.refuse(
                where,
                f"Its frequency adjustment is on {name}, and no level says that {name} is the same.",
                "Add that level, or set disable_tf_exact_match_detection.",
            )
        least = self.number(where, level, "tf_minimum_u_value", 0.0)
        if not 0.0 <= least <= 1.0:
            self.refuse(where, "tf_minimum_u_value is not between 0 and 1.")
        return TermFrequency(name, weight, least, u if own or not exact else exact[0], own)

    def rule(self, number: int, data: object) -> BlockingRule | None:
        where = f"blocking rule {number}"
        given: Json = (
            {"blocking_rule": data} if isinstance(data, str) else cast("Json", data) if isinstance(data, dict) else {}
        )
        if not isinstance(given.get("blocking_rule"), str):
            self.refuse(where, "It has no condition.")
            return None
        for name in sorted(given.keys() - RULE):
            self.refuse(where, f"{name} is not part of a blocking rule that is known here.", "Take it out.")
        if given.get("arrays_to_explode"):
            self.refuse(
                where,
                "arrays_to_explode forms pairs from each element of a list.",
                "Give each element a row of its own.",
            )
        if given.get("sql_dialect") not in (None, "duckdb"):
            self.refuse(where, "sql_dialect is not duckdb.", "Save the model from a linker on DuckDB.")
        try:
            said = of_blocking_rule(str(given["blocking_rule"]))
        except WrongUse as stop:
            self.refuse(where, stop.what, stop.remedy or "")
            return None
        return BlockingRule(said.sql, said.columns, said.dates)

    def text(self, where: str, data: Json, name: str, otherwise: str) -> str:
        value = data.get(name)
        if value is not None and not isinstance(value, str):
            self.refuse(where, f"{name} is not text.")
        return value if isinstance(value, str) and value else otherwise

    def number(self, where: str, data: Json, name: str, otherwise: float) -> float:
        value = data.get(name)
        if value is None:
            return otherwise
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:
            self.refuse(where, f"{name} is not a number.")
            return otherwise
        return float(value)


def _is_else(level: Json) -> bool:
    return str(level["sql_condition"]).strip().upper() == "ELSE"


def written(settings: SplinkSettings) -> str:
    """The settings as a JSON file that Splink 4 and 5 load. Raises WrongUse for a condition that Splink has no word for."""
    whole = {
        "link_type": "link_only",
        "probability_two_random_records_match": settings.prior,
        "unique_id_column_name": settings.unique_id,
        "retain_intermediate_calculation_columns": True,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": rule.when, "sql_dialect": "duckdb"} for rule in settings.blocking
        ],
        "comparisons": [
            {
                "output_column_name": comparison.of,
                "comparison_description": comparison.description or comparison.of,
                "comparison_levels": [_level(level) for level in comparison.levels],
            }
            for comparison in settings.comparisons
        ],
        "term_frequency_adjustment_column_prefix": settings.frequency_prefix,
        "sql_dialect": "duckdb",
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _level(level: SplinkLevel) -> dict[str, object]:
    said: dict[str, object] = {
        "sql_condition": "ELSE" if level.when == ELSE else as_comparison(level.when),
        "label_for_charts": level.label,
    }
    if level.missing:
        return said | {"is_null_level": True}
    # Only Splink's own stand-in passes 1; left out, it stands in again.
    said |= {n: share for n, share in (("m_probability", level.m), ("u_probability", level.u)) if share <= 1.0}
    if level.frequency is not None:
        said |= {"tf_adjustment_column": level.frequency.column, "tf_adjustment_weight": level.frequency.weight}
        said |= {"tf_minimum_u_value": level.frequency.least} if level.frequency.least else {}
        said |= {"disable_tf_exact_match_detection": True} if level.frequency.own_level else {}
    return said
