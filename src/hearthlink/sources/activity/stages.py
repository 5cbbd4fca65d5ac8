"""Every source of the stages that are not the census's own: its plans from 2021-22 on, the case system, the looked-after return, Annex A."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hearthlink.sources.activity.annex_a import read_annex_a
from hearthlink.sources.activity.census import Census, census_plans
from hearthlink.sources.activity.ssda903 import read_ssda903
from hearthlink.sources.case.identifiers import read_stages as read_case_stages
from hearthlink.sources.intake.spells import Spells, Stage
from hearthlink.sources.intake.taking import Taken
from hearthlink.sources.reading.files import SourceFiles

FULLER = "another source tells of the plans themselves"


def read_stages(files: SourceFiles, census: Census, given: Mapping[str, Sequence[Taken]] | None = None) -> list[Spells]:
    """Child in need plans and spells of care from whatever lies there, the most direct source of each first.

    Where two sources tell of the same spell, the first is taken (see `stages.united`). Raises DataProblem where a file cannot be read.
    """
    told = [*census_plans(census), *read_case_stages(files, given)]
    if (folder := files.one("ssda903")) is not None:
        told += read_ssda903(folder)
    if (folder := files.one("annex_a")) is not None:
        told += _where_nothing_else(told, read_annex_a(folder), "cin_plan")
    return told


def _where_nothing_else(told: Sequence[Spells], more: Sequence[Spells], stage: Stage) -> list[Spells]:
    """What more is told; of one stage nothing, if it is told already. Annex A knows when a case began, and not when its plan did."""
    if not any(one.table.num_rows for one in told if one.stage == stage):
        return list(more)
    return [
        replace(one, table=one.table.slice(0, 0), tally=one.tally.refusing(FULLER, one.table.num_rows))
        if one.stage == stage
        else one
        for one in more
    ]
