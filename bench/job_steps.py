"""One run of a study in a process of its own, told step by step: `job_steps.py STUDY` prints the seconds of each as JSON."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from hidden import hide

begun = time.perf_counter()
hide()

from hearthlink.study import News, open_study, run  # noqa: E402 - what is hidden must be hidden before anything is imported

seconds = {"start": time.perf_counter() - begun}
since = time.perf_counter()


def tell(news: News) -> None:
    """Keep how long the step took, with what came before it."""
    global since  # noqa: PLW0603 - one clock, for the one run of this process
    now = time.perf_counter()
    seconds[news.step.name] = now - since
    since = now


run(open_study(Path(sys.argv[1])), clock=lambda: datetime.now(UTC), tell=tell)
print(json.dumps(seconds))
