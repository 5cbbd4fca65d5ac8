"""The tables of others that a study registers: exact counts of the same children, which the output checks take every reader to have."""

from __future__ import annotations

import hashlib

from hearthlink.errors import Refused
from hearthlink.study.permitted import LEFT_BY_SYSTEMS
from hearthlink.study.study import Study

FOLDER = "outside"
MOST_BYTES = 5_000_000


def outside_tables(study: Study) -> list[tuple[str, bytes]]:
    """The files in the folder of outside tables, by name. A study without a protocol, which is made up, may have any.

    Raises Refused where one that the protocol registers is missing or was changed, and where one is there that it does not register.
    """
    folder = study.folder / FOLDER
    here = {path.name: path for path in folder.iterdir() if path.name not in LEFT_BY_SYSTEMS} if folder.is_dir() else {}
    found: list[tuple[str, bytes]] = []
    for name, path in sorted(here.items()):
        if path.is_symlink() or not path.is_file() or path.suffix != ".csv" or path.stat().st_size > MOST_BYTES:
            raise _refused(name, "This is no CSV file of a table of statistics.", "Take it out of the folder.")
        found.append((name, path.read_bytes()))
    if study.protocol is None:
        return found
    told = {one.file: one.sha256 for one in study.protocol.outside}
    for name, content in found:
        if told.get(name) != hashlib.sha256(content).hexdigest():
            what = "was changed since the protocol was signed" if name in told else "is not registered in the protocol"
            raise _refused(
                name,
                f"This outside table {what}.",
                "Put it back as it was, or have a new version of the protocol signed.",
            )
    missing = sorted(told.keys() - here.keys())
    if missing:
        raise _refused(missing[0], "This outside table is registered in the protocol and is not there.", "Put it back.")
    return found


def _refused(name: str, what: str, remedy: str) -> Refused:
    return Refused(what, file=f"{FOLDER}/{name}", remedy=f"Nothing was cleared. {remedy}")
