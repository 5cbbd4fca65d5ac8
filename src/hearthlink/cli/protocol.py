"""The commands `protocol new`, `check`, `sign`, `show`, `diff`, `revoke` and `key`: what a study may do, and who says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from hearthlink.cli.options import Json, StudyFolder, from_keyboard, now
from hearthlink.cli.typed import typed
from hearthlink.errors import ExitCode

app = typer.Typer(
    help="The protocol: on what authority a study runs, signed by two people.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

KeyName = Annotated[str, typer.Argument(help="What to call the key, for example your own name.")]
With = Annotated[str, typer.Option("--with", help="The name of the signing key to sign with.")]
Whose = Annotated[str, typer.Argument(help="The person whose key counts no more, as the protocol names them.")]
Practice = Annotated[
    bool, typer.Option("--practice", help="A key without passphrase, that signs for practice studies alone.")
]
Folder = Annotated[
    Path | None, typer.Option("--keys", help="A folder of your own for signing keys, instead of the usual one.")
]


People = Annotated[
    str,
    typer.Option(help="In a practice study: four practice keys of this machine, as in analyst,keeper,linker,officer."),
]


@app.command("key")
def key(name: KeyName, practice: Practice = False, keys: Folder = None) -> None:
    """Make a signing key of your own, outside every study, and print the public keys that the protocol names."""
    from hearthlink.study.protocols.protocol import make_key

    path, public, opens = make_key(name, ask=from_keyboard, practice=practice, folder=keys)
    print(f"Made {path}\nKeep it to yourself. These lines go into the protocol, under your name:\n")
    print(f'  key = "{public}"\n  opens = "{opens}"')


@app.command("new")
def new(study: StudyFolder, people: People = "", keys: Folder = None) -> None:
    """Write a protocol.toml to be filled in, from what the study says and the names in its folder of extracts. Opens no file of them."""
    from hearthlink.study import open_study
    from hearthlink.study.protocols.protocol import write_protocol

    named = [name.strip() for name in people.split(",") if name.strip()]
    path = write_protocol(open_study(study), named, folder=keys)
    if named:
        print(f"Made {path}, filled in for practice\n\nNext: read it, and then two approvers sign it\n")
        print(f"  {typed('protocol show', study)}\n  {typed('next', study)} --with NAME")
        return
    print(f"Made {path}\n\nNext: fill it in, and see what is missing with\n  {typed('protocol check', study)}")


@app.command("check")
def check(study: StudyFolder, as_json: Json = False) -> int:
    """Say what the protocol lacks, and where study.toml asks for more; exit code 3 as long as it does not hold. Opens no extract."""
    from hearthlink.study import open_study
    from hearthlink.study.protocols.protocol import check_protocol

    told = check_protocol(open_study(study), now)
    print(json.dumps(told.as_json()) if as_json else "\n".join(told.lines()))
    return int(ExitCode.FINE if told.holds else ExitCode.REFUSED)


@app.command("sign")
def sign(study: StudyFolder, key: With, keys: Folder = None) -> None:
    """Sign the protocol as it stands, with a key of an approver whom it names and who is not its author."""
    from hearthlink.study import open_study
    from hearthlink.study.protocols.protocol import sign_protocol

    signer, count = sign_protocol(open_study(study), key, ask=from_keyboard, clock=now, folder=keys)
    print(f"Signed by {signer}; {count} of 2 have signed.")
    print(f"\nNext: {typed('protocol check', study)}")


@app.command("show")
def show(study: StudyFolder) -> None:
    """Print the protocol on one page: what an officer reads before signing."""
    from hearthlink.study import open_study
    from hearthlink.study.protocols.protocol import show_protocol

    print("\n".join(show_protocol(open_study(study))))


@app.command("diff")
def diff(study: StudyFolder, as_json: Json = False) -> None:
    """Say in words what the protocol says otherwise than the last version that was signed."""
    from hearthlink.study import open_study
    from hearthlink.study.protocols.protocol import diff_protocol

    version, changes = diff_protocol(open_study(study))
    if as_json:
        print(json.dumps({"signed_version": version, "changes": changes}))
    elif not version:
        print("No other version was signed.")
    else:
        print(f"Against version {version}, as it was signed:\n" + "\n".join(f"  {each}" for each in changes))


@app.command("revoke")
def revoke(study: StudyFolder, whose: Whose, key: With, keys: Folder = None) -> None:
    """Say, as an approver, that somebody's key counts no more, whatever it signed."""
    from hearthlink.study import open_study
    from hearthlink.study.protocols.protocol import revoke_key

    said = revoke_key(open_study(study), whose, key, ask=from_keyboard, clock=now, folder=keys)
    print("\n".join([f"Revoked: the key of {whose} counts no more.", *said]))
    print(f"\nNext: {typed('protocol check', study)}")
