"""The command `risk`: how easily somebody could be recognised in the research tables, and what a person says of that, signed."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated

import typer

from hearthlink.cli.options import Json, KeyFolder, StudyFolder, With, now, opened
from hearthlink.errors import WrongUse

Classify = Annotated[
    str | None, typer.Option(help="Sign, in words of your own, what these very tables are and for whom.")
]
Review = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day by which that is to be looked at again.")
]


def risk(
    study: StudyFolder,
    classify: Classify = None,
    review: Review = None,
    key: With = None,
    keys: KeyFolder = None,
    as_json: Json = False,
) -> None:
    """Say how easily a child could be recognised in the research tables, and what is held back before they are written out."""
    from hearthlink.study.research import risk as asked

    if (classify is None) != (review is None) or (classify is not None and key is None):
        raise WrongUse("A classification needs all three: --classify WORDS --review DATE --with NAME.")
    words = None if classify is None or review is None else (classify, _day(review))
    told = asked.look_at_risk(opened(study, key, keys), clock=now, classify=words)
    print(json.dumps(asked.as_json(told)) if as_json else "\n".join(asked.lines_of(told)))


def _day(given: datetime) -> date:
    return given.date()
