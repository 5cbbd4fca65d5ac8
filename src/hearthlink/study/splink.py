"""Splink settings: a file read and told in plain rows, and the study's own model written as one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hearthlink.errors import WrongUse, refused_by_system
from hearthlink.linkage.model import from_table
from hearthlink.linkage.splink_export import exported
from hearthlink.linkage.splink_json import Reading, read, written
from hearthlink.linkage.splink_settings import SplinkComparison
from hearthlink.study.acts_inside import SPLINK
from hearthlink.study.beside import Clock, entered
from hearthlink.study.store import write_whole
from hearthlink.study.study import Study
from hearthlink.tables import identity as i

__all__ = ["Line", "Told", "read_settings", "write_settings"]


@dataclass(frozen=True, slots=True)
class Line:
    """One level of one comparison, as it is understood: m, u and the weight in bits, none where a value is missing."""

    comparison: str
    level: str
    m: float | None
    u: float | None
    weight: float
    frequency: str


@dataclass(frozen=True, slots=True)
class Told:
    """A settings file as it is understood: the prior in bits, its levels, the rules that form pairs, and what is worth knowing."""

    prior: float
    lines: tuple[Line, ...]
    rules: tuple[str, ...]
    notes: tuple[str, ...]


def read_settings(path: Path) -> Told:
    """What is understood of a settings file of Splink 4 or 5. Raises WrongUse that names every construct that is not."""
    reading = _reading(path)
    settings = reading.required(path.name)
    return Told(
        prior=settings.prior_weight,
        lines=tuple(line for comparison in settings.comparisons for line in _lines(comparison)),
        rules=tuple(rule.when for rule in settings.blocking),
        notes=reading.notes,
    )


def _reading(path: Path) -> Reading:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise WrongUse("There is no such file.", file=str(path)) from None
    except OSError as fault:
        raise refused_by_system(fault) from None
    except UnicodeDecodeError:
        raise WrongUse(
            "The file is not UTF-8 text.", file=path.name, remedy="Save the model again from Splink."
        ) from None
    try:
        return read(text)
    except WrongUse as stop:
        raise WrongUse(stop.what, file=path.name, line=stop.line, remedy=stop.remedy) from None


def _lines(comparison: SplinkComparison) -> list[Line]:
    return [
        Line(
            comparison.of,
            level.label,
            None if level.missing else level.m,
            None if level.missing else level.u,
            level.weight,
            "" if level.frequency is None else level.frequency.column,
        )
        for level in comparison.levels
    ]


def write_settings(study: Study, out: Path, *, clock: Clock) -> tuple[str, ...]:
    """Write the study's model as a settings file for Splink 4 or 5, and say in sentences what it could not take along.

    The file holds shares learnt from all records together and nobody's data. Raises WrongUse where a file is there already,
    DataProblem where the model is not estimated yet.
    """
    if out.exists():
        raise WrongUse(
            "There is a file here already; it was left as it is.", file=str(out), remedy="Choose another name."
        )
    with entered(study, SPLINK, clock) as opened:
        export = exported(from_table(opened.load(i.PARAMETER)))
        write_whole(out, written(export.settings).encode())
    return tuple(refusal.sentence for refusal in export.lost)
