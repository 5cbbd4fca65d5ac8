"""What is to leave made once more, by whoever lets it leave, from the sealed tables alone: nothing that lies in a folder is taken on trust."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow.compute as pc

from hearthlink.engine import open_engine
from hearthlink.errors import DataProblem
from hearthlink.study.acts import RELEASE
from hearthlink.study.beside import Opened
from hearthlink.study.package import CLEARED
from hearthlink.study.processes.work import run_id_of
from hearthlink.study.release.desk import REMAKE
from hearthlink.study.step import Desk
from hearthlink.study.steps import CLEARED as CLEARED_IN_ROOMS
from hearthlink.study.steps import STEPS
from hearthlink.study.study import Study
from hearthlink.tables.released import RELEASED_FIGURE


def require_made_again(study: Study, opened: Opened, number: int, files: Mapping[str, bytes]) -> None:
    """Clear the tables of the research room and write the report again, in memory, and see that the package holds these very bytes.

    So whoever can write into the study's folder, its index included, still cannot let a figure leave that the checks did not clear.
    Figures that were remembered of this very release, when it was to leave and was cut short, are of no release before it. Raises
    DataProblem, which names a file that differs.
    """
    tables = opened.load_all(RELEASE)
    remembered = tables[RELEASED_FIGURE.name]
    tables[RELEASED_FIGURE.name] = remembered.filter(pc.not_equal(remembered.column("release"), number))
    steps = {step.name: step for step in STEPS}
    with open_engine() as engine:
        desk = Desk(
            study,
            tables,
            {},
            engine,
            lambda words, share: None,
            run_id_of(study, opened.store),
            opened.permit,
        )
        cleared = steps["clear"].act(desk).files[CLEARED_IN_ROOMS]
        report = steps["report"].act(replace(desk, tables={}, files={CLEARED_IN_ROOMS: cleared})).files
    made = {**report, CLEARED: cleared}
    strange = sorted(name for name, content in made.items() if files.get(name) != content)
    if strange:
        raise DataProblem(
            "What the output checks make of the tables in the research room is not what lies in the package.",
            file=strange[0],
            remedy=f"Nothing has left. {REMAKE}",
        )
