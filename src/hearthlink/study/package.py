"""The package that leaves: its files, the manifest whose digest is voted on, and one archive that is the same bytes for the same files."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

from hearthlink import __version__

MANIFEST, ABOUT, PROTOCOL, CLEARED, RECORD = (
    "manifest.json",
    "release.json",
    "protocol.json",
    "cleared.json",
    "disclosure.json",
)
APPROVALS, CRATE = "approvals.json", "ro-crate-metadata.json"
WITHDRAWN = "withdrawn.json"
"""What lies beside a package that was withdrawn: the signed move that says so."""
ADDED = (APPROVALS, CRATE)
"""What is added when a release is finished. The manifest names every other file."""
FORM = "hearthlink release manifest 1"

MEDIA = {
    ".html": "text/html", ".pdf": "application/pdf", ".csv": "text/csv", ".json": "application/json", ".md": "text/markdown",
    ".txt": "text/plain", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


def as_json(said: object) -> bytes:
    """Plain values as a file, in the one spelling that every file of a package has."""
    return (json.dumps(said, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def manifest_of(release: int, files: Mapping[str, bytes]) -> bytes:
    """The manifest: the size and SHA-256 of every file. Its own SHA-256 is the digest of the release."""
    listed = {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()} for name, content in files.items()
    }
    return as_json({"hearthlink": FORM, "release": release, "files": listed})


def digest_of(manifest: bytes) -> str:
    """The exact digest that reviewers vote on."""
    return hashlib.sha256(manifest).hexdigest()


def media_type(name: str) -> str:
    """What kind of file it is."""
    return MEDIA.get(PurePosixPath(name).suffix, "application/octet-stream")


# --- for other software: ACRO and its viewers --------------------------------------------------------------------

ACRO_VERSION = "1.0.2"
"""The version of ACRO whose results.json this is: its load_records reads its own version alone; SACRO Viewer asks for 0.4 or later."""


def acro_files(report: Mapping[str, bytes], *, made_at: str, threshold: int, noughts: bool) -> dict[str, bytes]:
    """results.json, config.json and checksums as ACRO writes them (AI-SDC/ACRO, record.py), so that SACRO Viewer opens the folder.

    A data table is a *table* that passed. Pages and books are *custom*, which ACRO asks a person to look at. No cell is flagged: what was
    held back is not there, and a list of it would tell which cells are small.
    """
    outputs = {
        name: _acro_output(name, content, made_at) for name, content in report.items() if not name.endswith(".meta.csv")
    }
    named = {str(file["name"]) for one in outputs.values() for file in one["files"]}  # type: ignore[attr-defined]
    sums = {f"checksums/{name}.txt": hashlib.sha256(report[name]).hexdigest().encode() for name in sorted(named)}
    tool = {"@type": "SoftwareApplication", "name": "Hearthlink", "version": __version__}
    config = {
        "safe_threshold": threshold, "survival_safe_threshold": threshold, "zeros_are_disclosive": not noughts,
        "check_missing_values": False,
    }  # fmt: skip
    return {
        "results.json": as_json({"version": ACRO_VERSION, "tool": tool, "results": outputs}),
        "config.json": as_json(config),
        **sums,
    }


def _acro_output(name: str, content: bytes, made_at: str) -> dict[str, object]:
    table = name.endswith(".csv")
    names = ("negative", "missing", "threshold", "p-ratio", "nk-rule", "all-values-are-same")
    held = table and (b",c," in content or b",c\n" in content)
    sdc = {"summary": {"suppressed": held, **dict.fromkeys(names, 0)}, "cells": {one: [] for one in names}}
    return {
        "uid": name, "status": "pass" if table else "review", "type": "table" if table else "custom",
        "properties": {"method": "cleared table" if table else media_type(name)}, "files": [{"name": name, "sdc": sdc if table else {}}],
        "outcome": {}, "command": "hearthlink clear" if table else "custom",
        "summary": f"pass; suppressed: {held}" if table else "review; made from the cleared tables alone", "timestamp": made_at.removesuffix("Z"),
        "comments": ["What is held back, and under which rule, is in disclosure.json."], "fair": {},
        "exception": "" if table else "It prints no number that the cleared tables do not hold; see disclosure.json.",
    }  # fmt: skip


# --- the archive -----------------------------------------------------------------------------------------------------

NOBODY = (1980, 1, 1, 0, 0, 0)
"""The time that every part of the archive is given: no clock of anybody's is in it."""


def archive(release: int, files: Mapping[str, bytes]) -> bytes:
    """The package as one ZIP of a BagIt folder (RFC 8493), uncompressed, so that the same files are the same bytes everywhere."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as made:
        for name, content in bagged(release, files).items():
            part = zipfile.ZipInfo(name, NOBODY)
            part.external_attr, part.create_system = 0o100644 << 16, 3
            made.writestr(part, content)
    return sink.getvalue()


LARGEST = 300_000_000
"""Bytes that an archive may hold: more is no release of ours."""
NO_ARCHIVE = (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError)
"""What is raised of bytes that are no archive of ours, or of half a one."""


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a package out of its archive, those below data/. Raises one of NO_ARCHIVE, too for a path that leads out of it, is there twice or is too large."""
    files: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        for part in opened.infolist():
            name = PurePosixPath(part.filename)
            if name.is_absolute() or ".." in name.parts or "\\" in part.filename or part.filename != name.as_posix():
                raise ValueError
            if part.file_size > LARGEST or part.compress_type != zipfile.ZIP_STORED:
                raise ValueError
            if len(name.parts) > 2 and name.parts[1] == "data":
                inner = "/".join(name.parts[2:])
                if inner in files:
                    raise ValueError
                files[inner] = opened.read(part)
    return files


def bagged(release: int, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Every part of the archive by its path: the files below data/, and BagIt's own beside them."""
    top = archive_name(release).removesuffix(".zip")
    payload = {f"data/{name}": files[name] for name in sorted(files)}
    named = uuid.uuid5(uuid.NAMESPACE_URL, f"urn:sha256:{digest_of(files[MANIFEST])}")
    info = {
        "External-Identifier": f"urn:uuid:{named}",
        "Payload-Oxum": f"{sum(map(len, payload.values()))}.{len(payload)}",
    }
    tags = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": "".join(f"{name}: {value}\n" for name, value in info.items()).encode(),
        "manifest-sha512.txt": _sums(payload),
    }
    tags["tagmanifest-sha512.txt"] = _sums(tags)
    return {f"{top}/{name}": content for name, content in {**tags, **payload}.items()}


def _sums(files: Mapping[str, bytes]) -> bytes:
    return "".join(f"{hashlib.sha512(content).hexdigest()}  {name}\n" for name, content in files.items()).encode()


def archive_name(release: int) -> str:
    """What the archive of a release is called."""
    return f"release-{release:03}.zip"


# --- what it is, in plain words ---------------------------------------------------------------------------------------

VERIFY = """\
# How to check this release without trusting whoever sent it

## With Hearthlink

    hearthlink verify release-{number:03}.zip --protocol DIGEST

It needs no study and no network. DIGEST is the digest of the protocol under which this was released; ask the council for it by
another way than this package came, for example by telephone or from its register of studies. Without it the check still tells whether
the package is whole, but it takes the names and keys in it on trust.

## By hand, or with any other program

1. `manifest.json` names every file with its size and SHA-256, but for itself, `approvals.json` and `{crate}`. No other file
   may be here, none may be missing, and each must have that SHA-256. (The archive also holds BagIt's own lists, in SHA-512.)
2. The SHA-256 of the bytes of `manifest.json` is the *digest* of the release.
3. `protocol.json` holds what the protocol says, under `protocol`. Spell that as JSON with the names in order, no blanks, letters as they
   are (UTF-8): the SHA-256 of it is the digest of the protocol. It names the people, their parts and their public keys. The signatures of
   its approvers stand beside it. A release of made-up data may have no protocol: then whoever has a key plays every part.
4. `approvals.json` lists the moves, oldest first. What was signed of each is `"for": "{signed_for}"` with every field of it but `signature`,
   spelt in the same way. The signature is Ed25519 (RFC 8032) in base64, by the public key that `key` holds after its colon.
5. `after` of each move but the first is the SHA-256 of the move before it, with its signature, spelt in the same way.
6. Each move has the `digest` of step 2 and the number of this `release`. There must be two that say `approved`, by two names and two keys; the protocol must give both the
   part of output checker and neither that of analyst; and neither may be whoever made the release (`made_by` in `release.json`) or
   submitted it.
7. The last move says `released`. Its `crate` is the SHA-256 of `{crate}`. Its `ledger` is the last line of the council's own record at
   that moment: whoever holds that record can show that it still stands there.
8. `cleared.json` holds the figures that were cleared. Under the rule in `disclosure.json`, no count in it is under the threshold, and each
   is a multiple of the rounding.

What this shows is who let these very bytes leave, and under which rule. It does not show that the rule was wise, nor that the figures are right.
"""


def verify_page(number: int, signed_for: str) -> bytes:
    """VERIFY.md of a release."""
    return VERIFY.format(number=number, crate=CRATE, signed_for=signed_for).encode()
