"""The command `destroy`: the end of a study, by two people."""

from __future__ import annotations

from typing import Annotated

import typer

from hearthlink.cli.options import KeyFolder, Quiet, StudyFolder, from_keyboard, now
from hearthlink.cli.progress import Screen
from hearthlink.cli.typed import typed

Signs = Annotated[str, typer.Option("--with", help="The name of your signing key: a custodian's or an approver's.")]
TakeBack = Annotated[
    bool,
    typer.Option("--take-back", help="Take your own signature back, while nobody else has signed; nothing is erased."),
]


def destroy(
    study: StudyFolder, key: Signs, take_back: TakeBack = False, keys: KeyFolder = None, quiet: Quiet = False
) -> None:
    """Agree that a study is destroyed; given by a second person within 30 days, erase its keys and files and leave a certificate."""
    from hearthlink.study import open_study
    from hearthlink.study.ending import destroy as ending

    if take_back:
        who = ending.take_back(open_study(study), key, ask=from_keyboard, clock=now, folder=keys)
        print(f"{who} no longer agrees that this study is destroyed. Nothing was erased, and the ledger says both.")
        return
    with Screen(quiet=quiet) as screen:
        told = ending.destroy(
            open_study(study), key, ask=from_keyboard, clock=now, folder=keys, progress=screen.progress
        )
    if told.certificate is None:
        print(f"{told.signed_by} agrees that this study is destroyed. That waits until {told.until[:10]}.\n\nTo go:")
    else:
        print("Destroyed:")
    for part, files, size in told.parts:
        print(f"  {part:<16} {files:>8,} files {size:>16,} bytes")
    for folder in told.outside:
        print(f"  The extracts in {folder} lie outside the study: nothing there is touched. Destroy them yourselves.")
    if told.certificate is None:
        print(
            "\nWhat stays: study.toml, the protocol, the plan, mappings, the ledger, the record of releases, and what was reported."
        )
        print(f"Next: somebody else, a custodian or an approver:\n  {typed('destroy', study)} --with THEIR-NAME")
        print(f"To take it back until then:\n  {typed('destroy', study, '--with', key)} --take-back")
    else:
        print(f"\nCertificate  {told.certificate}\nTo read it   {told.certificate.with_suffix('.html')}")
        print("It does not reach backups or copies elsewhere: whoever keeps those destroys them.")
