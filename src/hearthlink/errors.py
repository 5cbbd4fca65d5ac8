"""Every way Hearthlink stops, each with its exit code and a sentence a tired person can act on.

A message names a file, a line, a column or a setting. It never holds a value out of the data.
"""

from __future__ import annotations

import errno
import os
from enum import IntEnum
from pathlib import PurePath


class ExitCode(IntEnum):
    """What the process tells the shell: one code for each kind of stop."""

    FINE = 0
    DATA = 1
    USE = 2
    REFUSED = 3
    OURS = 4


class HearthlinkError(Exception):
    """A stop with a plain message: what is wrong, where, and what to do next."""

    code = ExitCode.OURS

    def __init__(
        self,
        what: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.what = what
        self.file = file
        self.line = line
        self.column = column
        self.remedy = remedy
        super().__init__(self.sentence)

    @property
    def where(self) -> str:
        """The place of the fault, as far as it is known."""
        parts = (
            self.file,
            None if self.line is None else f"line {self.line:,}",
            None if self.column is None else self._named(self.column),
        )
        return ", ".join(part for part in parts if part)

    @property
    def sentence(self) -> str:
        """The whole message, on one or two lines."""
        first = f"{self.where}: {self.what}" if self.where else self.what
        return f"{first}\n  {self.remedy}" if self.remedy else first

    def _named(self, column: str) -> str:
        """A column of a file; a setting of a file of settings. An option, which begins with two dashes, is called by itself."""
        if column.startswith("--"):
            return column
        return f"setting {column}" if self.file is not None and self.file.endswith(".toml") else f"column {column}"


class DataProblem(HearthlinkError):
    """An extract cannot be read, or what it holds cannot be used. Exit code 1."""

    code = ExitCode.DATA


class WrongUse(HearthlinkError):
    """A command, an option or a setting is not what Hearthlink understands. Exit code 2."""

    code = ExitCode.USE

    def _named(self, column: str) -> str:
        """Outside a file it is what the user named, such as a year or a measure, and is no column."""
        return column if self.file is None else super()._named(column)


class Refused(HearthlinkError):
    """Permission is missing, has run out, or does not reach so far. Exit code 3."""

    code = ExitCode.REFUSED


class OurFault(HearthlinkError):
    """Something happened that this program should have prevented. Exit code 4."""

    code = ExitCode.OURS


def refused_by_system(fault: OSError) -> DataProblem:
    """The stop that stands for a refusal of the operating system: a full disk, missing rights, a device that fails."""
    full = fault.errno in (errno.ENOSPC, errno.EDQUOT)
    reason = os.strerror(fault.errno).lower() if fault.errno else "no reason given"
    name = PurePath(fault.filename).name if isinstance(fault.filename, str) else None
    return DataProblem(
        "The disk is full." if full else f"The system refused: {reason}.",
        file=name,
        remedy="Earlier results are as they were. Make room, or mend the rights of the folder, and run again.",
    )
