"""One measured run of Hearthlink's command line, in a process of its own: `job_hearthlink.py run STUDY …`."""

from __future__ import annotations

from hidden import hide

hide()

from hearthlink.cli import main  # noqa: E402 - what is hidden must be hidden before anything is imported

if __name__ == "__main__":  # the processes that make an authority read this file again
    main()
