"""What the report says of the study that it is of: its authority, its permission, its rule for what may leave."""

from __future__ import annotations

from hearthlink import __version__
from hearthlink.report import About
from hearthlink.study.study import Study
from hearthlink.tables.profiles import PROFILES


def about_run(study: Study, run_id: str) -> About:
    """What a study says of itself, by its settings and its protocol, and what the run is called."""
    lines = study.lines
    return About(
        study=lines.name,
        authority=lines.authority,
        year=lines.year,
        practice=lines.practice is not None,
        purpose=lines.permission.purpose,
        gateways=dict(lines.permission.gateways),
        ethics=lines.permission.ethics,
        dpia=lines.permission.dpia,
        agreement=lines.permission.agreement,
        threshold=lines.disclosure.threshold,
        rounding=lines.disclosure.rounding,
        noughts=PROFILES[lines.disclosure.profile].noughts,
        draws=lines.linkage.draws,
        version=__version__,
        run_id=run_id,
    )
