"""Every source of the stages that are not the census's own: its plans from 2021-22 on, the case system, the looked-after return, Annex A."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hearthlink.sources.annex_a import read_annex_a
from hearthlink.sources.cin import Census, census_plans
from hearthlink.sources.files import SourceFiles
from hearthlink.sources.identifiers import read_stages as read_case_stages
from hearthlink.sources.ssda903 import read_ssda903
from hearthlink.sources.stages import Spells
from hearthlink.sources.taking import Taken


def read_stages(files: SourceFiles, census: Census, given: Mapping[str, Sequence[Taken]] | None = None) -> list[Spells]:
    """Child in need plans and spells of care from whatever lies there, the most direct source of each first.

    Where two sources tell of the same spell, the first is taken (see `stages.united`). Raises DataProblem where a file cannot be read.
    """
    told = [*census_plans(census), *read_case_stages(files, given)]
    for layout, read in (("ssda903", read_ssda903), ("annex_a", read_annex_a)):
        folder = files.one(layout)
        told += [] if folder is None else read(folder)
    return told
