"""The command `research`: the research room written out for researchers, with its codebook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hearthlink.cli.options import KeyFolder, StudyFolder, With, now, opened

Out = Annotated[Path, typer.Option("--out", help="The folder to write; one that is there is left alone.")]


def research(study: StudyFolder, out: Out, key: With = None, keys: KeyFolder = None) -> None:
    """Write the research tables as Parquet and CSV, with a codebook, for work inside the research room."""
    from hearthlink.study.research.export import write_research

    made = write_research(opened(study, key, keys), out, clock=now)
    print(f"Wrote {made.tables} tables of {made.rows:,} rows in all to {out}")
    if any(made.blanked.values()):
        print(f"Cells held back: {', '.join(f'{name} {count:,}' for name, count in made.blanked.items())}")
    print("Nothing in it has passed the output checks: it stays in the research room.")
    print(f"Next    in Python: hearthlink.open({str(out)!r})")
