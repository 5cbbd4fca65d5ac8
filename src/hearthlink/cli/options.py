"""Options and arguments that several commands take, said once; and the clock that they hand on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

StudyFolder = Annotated[Path, typer.Argument(help="The study's folder, the one with study.toml in it.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but the result.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def now() -> datetime:
    """The time by this machine's clock, in UTC."""
    return datetime.now(UTC)
