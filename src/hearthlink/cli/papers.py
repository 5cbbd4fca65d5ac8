"""The command `papers`: what an officer has to write of a study, from its protocol and its ledger alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hearthlink.cli.options import StudyFolder, now

Out = Annotated[
    Path, typer.Argument(help="The folder to write; papers that lie there are replaced, anything else is left alone.")
]


def papers(study: StudyFolder, out: Out) -> None:
    """Write the impact assessment's facts, record of processing, privacy notice, public summary, data-flow picture and field table. Opens no table."""
    from hearthlink.study import open_study
    from hearthlink.study.papers.papers import SAYS, write_papers

    made = write_papers(open_study(study), out, clock=now)
    for path in made.files:
        print(f"{path}  {SAYS[path.name]}")
    if made.doubts:
        print(f"\nEach says that it is a draft: the protocol does not hold as it stands. {' '.join(made.doubts)}")
    print(f"\nMade at the ledger's head {made.head}")
    print("Next    read them; what is for people to judge is said in each")
