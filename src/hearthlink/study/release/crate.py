"""The release described as a Five Safes RO-Crate (profile 0.5, on RO-Crate 1.2): who asked, what was made, who checked it, who let it leave."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from hearthlink.governance.release import Entry, Move
from hearthlink.study.package import CRATE, PROTOCOL, RECORD, as_json, media_type

PROFILE, CRATE_VERSION, TERMS = "https://w3id.org/5s-crate/0.5", "https://w3id.org/ro/crate/1.2", "https://w3id.org/shp"
DONE = "http://schema.org/CompletedActionStatus"
PROJECT, COUNCIL, PROGRAM = "#project", "#council", "#hearthlink"
USED_TERMS = ("DisclosureCheck", "SignOff", "CheckValue")

Thing = dict[str, Any]


def crate(
    about: Mapping[str, Any],
    protocol: Mapping[str, Any] | None,
    moves: Sequence[Entry],
    files: Mapping[str, bytes],
    at: str,
) -> bytes:
    """ro-crate-metadata.json of a release that is being finished at a time. `moves` are those of the package that leaves, oldest first."""
    listed = [_file(name, content) for name, content in sorted(files.items())]
    actions = [*_run(about, files), *_sign_offs(protocol), *_checks(moves)]
    root: Thing = {
        "@id": "./", "@type": "Dataset", "conformsTo": _to(PROFILE), "name": f"Release {about['release']} of {about['study']}",
        "description": f"Cleared tables and report, {about['authority']} {about['year']}.", "datePublished": at,
        "license": _to("#terms"), "publisher": _to(COUNCIL), "sourceOrganization": _to(PROJECT), "mainEntity": _to(PROGRAM),
        "executionType": "custom", "hasPart": [_to(one["@id"]) for one in listed], "mentions": [_to(one["@id"]) for one in actions],
    }  # fmt: skip
    graph = [
        {"@id": CRATE, "@type": "CreativeWork", "about": _to("./"), "conformsTo": _to(CRATE_VERSION)},
        root,
        {"@id": PROFILE, "@type": "Profile", "name": "Five Safes RO-Crate profile"},
        *_context(about),
        *_people(about, protocol, moves),
        *actions,
        *(
            {"@id": f"{TERMS}#{one}", "@type": "DefinedTerm", "name": one, "inDefinedTermSet": _to(TERMS)}
            for one in USED_TERMS
        ),
        *listed,
    ]
    return as_json({"@context": f"{CRATE_VERSION}/context", "@graph": graph})


def _to(name: str) -> dict[str, str]:
    return {"@id": name}


def _file(name: str, content: bytes) -> Thing:
    return {
        "@id": name, "@type": "File", "name": name, "description": _told(name), "encodingFormat": media_type(name), "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }  # fmt: skip


TOLD = (
    ("checksums/", "The SHA-256 of a file, as ACRO lays it beside."),
    ("tables/*.meta.csv", "What the columns of a table mean."),
    ("tables/*.csv", "A cleared table."),
    ("tables.*", "The cleared tables as one workbook."),
    ("report.*", "The report in full, made from the cleared tables."),
    ("brief.*", "The report in brief, made from the cleared tables."),
    ("manifest.json", "Every file with its size and digest; its own digest is what was voted on."),
    ("*.json", "A record that programs read: what is here, by whom, under which protocol and rule."),
    ("*", "How to verify this release."),
)
"""What a file is, by the first pattern that fits its name."""


def _told(name: str) -> str:
    return next(says for pattern, says in TOLD if fnmatchcase(name, pattern) or name.startswith(pattern))


def _context(about: Mapping[str, Any]) -> Iterator[Thing]:
    yield {
        "@id": PROJECT,
        "@type": "Project",
        "name": about["study"],
        "description": about["purpose"],
        "member": _to(COUNCIL),
    }
    yield {"@id": COUNCIL, "@type": "Organization", "name": about["authority"]}
    yield {
        "@id": PROGRAM,
        "@type": "SoftwareApplication",
        "name": "Hearthlink",
        "description": "The program whose steps made what is here, and which verifies it.",
        "version": about["version"],
        # a program needs an address; the page that says how to verify all this with it comes along
        "url": _to("VERIFY.md"),
        "provider": _to(COUNCIL),
    }
    yield {
        "@id": "#terms",
        "@type": "CreativeWork",
        "name": "As the agreement under which it was released says",
        "description": "Who may use this, and for what, is in the agreement that the protocol names.",
    }


def _person(name: str) -> str:
    """The id of somebody within the description: by the digest of their name, since a name may hold any letter."""
    return f"#person-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def _people(about: Mapping[str, Any], protocol: Mapping[str, Any] | None, moves: Sequence[Entry]) -> Iterator[Thing]:
    signers = [str(one["signer"]) for one in protocol["signatures"]] if protocol else []
    names = dict.fromkeys([str(about["made_by"]["name"]), *(one.by for one in moves), *signers])
    for name in names:
        yield {
            "@id": _person(name),
            "@type": "Person",
            "name": name,
            "affiliation": _to(COUNCIL),
            "memberOf": _to(PROJECT),
        }


def _run(about: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[Thing]:
    made = [_to(name) for name in sorted(files) if name.endswith((".html", ".pdf", ".csv", ".ods", ".xlsx"))]
    yield {
        "@id": "#run", "@type": "CreateAction", "name": "The study's run, and its package", "actionStatus": DONE,
        "agent": _to(_person(str(about["made_by"]["name"]))), "instrument": _to(PROGRAM), "endTime": about["made_at"], "result": made,
    }  # fmt: skip


def _sign_offs(protocol: Mapping[str, Any] | None) -> Iterator[Thing]:
    for number, one in enumerate(protocol["signatures"] if protocol else (), start=1):
        yield {
            "@id": f"#signoff-{number}", "@type": "AssessAction", "additionalType": _to(f"{TERMS}#SignOff"),
            "name": "The protocol, signed: approved", "agent": _to(_person(str(one["signer"]))), "endTime": one["signed_at"],
            "object": [_to("./"), _to(PROJECT), _to(PROTOCOL)], "instrument": _to(PROTOCOL), "actionStatus": DONE,
        }  # fmt: skip


def _checks(moves: Sequence[Entry]) -> Iterator[Thing]:
    automatic = ""
    for number, one in enumerate(moves, start=1):
        by_program = one.kind is Move.CHECK
        if not by_program and one.kind is not Move.APPROVE:
            continue
        name = f"#disclosure-{number}"
        action: Thing = {
            "@id": name, "@type": "AssessAction", "additionalType": _to(f"{TERMS}#DisclosureCheck"),
            "disclosureCheckType": "automated" if by_program else "manual", "endTime": one.at, "object": _to("./"), "actionStatus": DONE,
            "name": f"Disclosure check, {'automatic' if by_program else 'by an output checker'}: approved",
            "agent": _to(PROGRAM if by_program else _person(one.by)), "result": _to(RECORD),
        }  # fmt: skip
        if by_program:
            action["instrument"] = _to(PROGRAM)
            automatic = automatic or name
        else:
            # the program's check is there: nobody can approve before it
            action["isBasedOn"] = _to(automatic)
        yield action
