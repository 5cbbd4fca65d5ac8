"""What the screen shows while a study runs: a line for each step, and a bar for anything over two seconds."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from hearthlink.study import News

PATIENCE = 2.0
"""Seconds of quiet that a person takes for work; past them a bar shows that something moves."""


class Screen:
    """The terminal for the length of one command. Quiet where nobody looks: no bar outside a terminal, nothing at all if asked."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._live = not quiet and sys.stderr.isatty()
        self._begun = time.monotonic()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def progress(self, words: str, share: float) -> None:
        """Take note of how far the work is; shows nothing until it has gone on for a while."""
        if share in (0.0, 1.0):
            self._stop()
            self._begun = time.monotonic()
        if self._live and self._bar is None and time.monotonic() - self._begun > PATIENCE:
            from rich.progress import BarColumn, TextColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                TextColumn("  {task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), transient=True
            )
            self._bar.start()
            self._task = self._bar.add_task(words, total=1.0)
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=share, description=words)

    def tell(self, news: News) -> None:
        """One line for a step that is done."""
        self._stop()
        if not self._quiet:
            took = time.monotonic() - self._begun
            seconds = f"  {took:.1f} s" if news.done and took > PATIENCE else ""
            print(f"  {news.step.says}{seconds}{'' if news.done else '  (unchanged)'}")
        self._begun = time.monotonic()

    def _stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
            self._task = None
