"""What the screen shows while a study runs: a line for each step, and a bar for anything over two seconds."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from threading import RLock, Timer
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
        self._words, self._share = "", 0.0
        self._timer: Timer | None = None
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._guard = RLock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def progress(self, words: str, share: float) -> None:
        """Take note of what is being done and how far it is; a bar shows it once it has gone on for a while."""
        if not self._live:
            return
        with self._guard:
            self._words, self._share = words, share
            if self._bar is not None and self._task is not None:
                self._bar.update(self._task, completed=share, total=1.0 if share else None, description=words)
            elif self._timer is None:
                # Many a step has nothing to say until it is done, so the clock and not the step calls for the bar.
                self._timer = Timer(max(PATIENCE - (time.monotonic() - self._begun), 0.0), self._show)
                self._timer.daemon = True
                self._timer.start()

    def say(self, words: str) -> None:
        """A sentence on what was done beside the steps."""
        self._stop()
        if not self._quiet:
            with suppress(BrokenPipeError):
                print(f"  {words}")

    def tell(self, news: News) -> None:
        """One line for a step that is done."""
        self._stop()
        if not self._quiet:
            took = time.monotonic() - self._begun
            seconds = f"  {took:.1f} s" if news.done and took > PATIENCE else ""
            with suppress(BrokenPipeError):  # whoever read along has gone; the work goes on
                print(f"  {news.step.says}{seconds}{'' if news.done else '  (unchanged)'}")
        self._begun = time.monotonic()

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        with self._guard:
            if self._timer is None:
                return
            self._bar = Bar(
                TextColumn("  {task.description}"),
                BarColumn(),
                TimeElapsedColumn(),
                transient=True,
                console=Console(stderr=True),
            )
            self._bar.start()
            self._task = self._bar.add_task(self._words, total=1.0 if self._share else None)
            self._bar.update(self._task, completed=self._share)

    def _stop(self) -> None:
        with self._guard:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._bar is not None:
                self._bar.stop()
                self._bar = None
                self._task = None
