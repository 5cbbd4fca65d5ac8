"""A study carried out on the screen: its steps as they are done, what came and went with the extracts, and who is next or the headline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from hearthlink.cli.options import now
from hearthlink.cli.progress import Screen
from hearthlink.cli.typed import typed

if TYPE_CHECKING:
    from hearthlink.study import Next, Study


def carry_out(
    study: Study,
    upto: str | None,
    *,
    again: bool,
    quiet: bool,
    as_json: bool,
    apart: bool = False,
    goes_on: bool = False,
) -> None:
    """Carry out a study's steps up to one, or all; say what came and went, who is next, or the headline. `goes_on` says none of what is next."""
    from hearthlink.study import News, headline, refreshed, run

    folder = study.folder
    received: list[bool] = []
    with Screen(quiet=quiet or as_json) as screen:

        def tell(news: News) -> None:
            received.append(news.done and news.step.name == "receive")
            screen.tell(news)

        waits = run(
            study,
            clock=now,
            upto=upto,
            again=again,
            apart=apart,
            progress=screen.progress,
            tell=tell,
            say=screen.say,
        )
    since = refreshed(study) if any(received) else []
    if since and not (quiet or as_json):
        print("\nSince the extracts were last received")
        for one in since:
            counts = f"{one.added:,} added, {one.changed:,} changed, {one.withdrawn:,} withdrawn"
            print(f"  {one.table:<22} {one.about:<11} {counts}")
    report = study.out / "report.html"
    if waits is not None:
        if goes_on:
            return
        _print_next(waits, folder, quiet=quiet, as_json=as_json)
        return
    if upto not in (None, "report"):
        if as_json:
            print(json.dumps({"step": upto, "done": True}))
        elif not quiet:
            who = study.holder.name if study.keys_apart and study.holder else ""
            print(f"\nNext: {typed('run', folder, *(('--with', who) if who else ()))}")
        return
    said = headline(study)
    if as_json:
        print(json.dumps({"headline": said, "report": str(report)}))
    else:
        print(f"\n{said}\n\nReport  {report}")
        if not goes_on:
            print(f"Next    open the report, or ask where the study stands: {typed('status', folder)}")


def _print_next(waits: Next, folder: Path, *, quiet: bool, as_json: bool) -> None:
    """Who is next, and by which command."""
    if as_json:
        print(json.dumps({"next": {"step": waits.step.name, "part": waits.part.value, "people": waits.names}}))
    elif not quiet:
        who = " or ".join(waits.names)
        print(f"\nNext is the {waits.part.value}{f', {who},' if who else ''} for the step {waits.step.name}:")
        print(f"  {typed('run', folder, '--with', waits.names[0] if len(waits.names) == 1 else 'NAME')}")
