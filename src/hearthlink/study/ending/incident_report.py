"""What an incident put in scope, by counts and kinds alone: out of the protocol, the ledger and the dictionary of tables, never out of the data."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hearthlink.governance import Event, Ledger
from hearthlink.governance.certificate import stamp
from hearthlink.governance.chain import Line
from hearthlink.governance.protocol import digest_of
from hearthlink.governance.signing import fingerprint
from hearthlink.study.signer import Signer
from hearthlink.study.study import Study
from hearthlink.tables import Room, TableSpec
from hearthlink.tables.catalogue import ALL_TABLES

REPORT = "hearthlink incident report 1"
TELL_WITHIN, ANSWER_WITHIN = timedelta(hours=72), timedelta(days=30)
LOOK_BACK, AT_MOST = timedelta(days=30), 500
"""How far back the slice of the ledger goes, and how many lines it has at most."""

LAW = (
    "Tell the Information Commissioner without undue delay, where feasible within 72 hours of becoming aware (UK GDPR Article 33).",
    "You need not where a risk to anybody is unlikely; later than 72 hours, say why. Write down what you decide, and why.",
    "Where the risk to people is high, tell them too, without undue delay (Article 34).",
    "Whoever complains is to have it acknowledged within 30 days (Data Protection Act 2018, section 164A).",
)
RELEASES = (Event.RELEASED, Event.WITHDRAWN)
LEFT = {"research": "research tables written out", "open": "research room opened in a notebook"}
"""What is done beside the run that leaves a copy or a view elsewhere, by its name in the ledger."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What was in scope, as plain JSON, and the lines of the ledger that go with it, as they lie there."""

    said: dict[str, Any]
    slice_of_ledger: tuple[bytes, ...]


def scope_of(study: Study, who: Signer, number: int, now: datetime, ledger: Ledger) -> Scope:
    """What an incident put in scope. The rooms are looked at from outside: no file in them is opened."""
    judged, rows = ledger.judged(), ledger.rows()
    lines = judged.lines
    protocol = study.protocol
    said: dict[str, Any] = {
        "what": REPORT,
        "number": number,
        "study": study.lines.name,
        "authority": study.lines.authority,
        "made_up": study.lines.practice is not None,
        "project": "" if protocol is None else protocol.project.id,
        "protocol": None if protocol is None else {"version": protocol.version, "digest": digest_of(protocol)},
        "at": stamp(now),
        "name": who.name,
        "key": who.key.public,
        "tell_the_commissioner_by": stamp(now + TELL_WITHIN),
        "law": LAW,
        "rooms": list(_rooms(lines)),
        "store": _store(study.folder / "rooms"),
        "keys": "with their people, apart" if _apart(study) else "together in the study's folder",
        "extracts_read": _last_counts(lines, Event.READ),
        "releases": {event.value: sum(line.said["event"] == event.value for line in lines) for event in RELEASES},
        "copies": {
            words: sum(line.said["step"] == step and line.said["event"] == Event.STEP.value for line in lines)
            for step, words in LEFT.items()
        },
        "people": [
            {"name": one.name, "parts": [part.value for part in one.roles], "key": fingerprint(one.key) if one.key else ""}
            for one in (() if protocol is None else protocol.person)
        ],
        "events": dict(sorted(Counter(str(line.said["event"]) for line in lines).items())),
        "ledger": {
            "lines": len(rows),
            "head": ledger.head(),
            "fault": None if judged.fault is None else {"line": judged.fault[0], "what": judged.fault[1]},
        },
    }  # fmt: skip
    since = stamp(now - LOOK_BACK)
    recent = sum(str(line.said["time"]) >= since for line in lines) + len(rows) - len(lines)
    return Scope(said, tuple(rows[-min(recent, AT_MOST) :]) if recent else ())


def _rooms(lines: Sequence[Line]) -> Iterator[dict[str, Any]]:
    """Each room and its tables, with the rows that the ledger has of them last and how sensitive their columns are."""
    rows: dict[str, int] = {}
    for line in lines:
        counts = line.said["counts"]
        if line.said["event"] == Event.STEP.value and isinstance(counts, dict):
            rows |= {str(name): int(count) for name, count in counts.items() if name in ALL_TABLES}
    for room in Room:
        tables = [spec for name, spec in ALL_TABLES.items() if spec.room is room and rows.get(name)]
        yield {
            "room": room.value,
            "tables": [{"table": spec.name, "rows": rows[spec.name], "columns": _columns(spec)} for spec in tables],
            "rows": sum(rows[spec.name] for spec in tables),
        }


def _columns(spec: TableSpec) -> dict[str, int]:
    return dict(sorted(Counter(column.sensitivity.value for column in spec.columns).items()))


def _last_counts(lines: Sequence[Line], event: Event) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in lines:
        counts = line.said["counts"]
        if line.said["event"] == event.value and isinstance(counts, dict):
            found |= {str(name): int(count) for name, count in counts.items()}
    return found


def _store(rooms: Path) -> str:
    """How the sealed rooms look from outside."""
    try:
        sealed = sum(name.endswith(".sealed") for _, _, files in os.walk(rooms, onerror=_raise) for name in files)
    except FileNotFoundError:
        return "not there"
    except OSError:
        return "there, and cannot be looked at"
    return f"there, with {sealed:,} sealed tables"


def _raise(fault: OSError) -> None:
    raise fault


def _apart(study: Study) -> bool:
    return study.protocol is not None and study.protocol.rooms.keys == "apart"


def report_text(said: Mapping[str, Any], words: str) -> str:
    """The report as a page to be read; the officer's own words stand in it as they were given."""
    return "\n\n".join(_parts(said, words)) + "\n"


def _parts(said: Mapping[str, Any], words: str) -> Iterator[str]:
    yield f"# Incident {said['number']}: {said['study']}, {said['authority']}"
    if said["made_up"]:
        yield "Everybody in this study is made up."
    yield f"Reported by {said['name']} at {said['at']}, key {fingerprint(said['key'])}. The study is frozen since."
    yield f"**Tell the Commissioner by {said['tell_the_commissioner_by']}**, if that has to be: 72 hours from this report. The clock began when the council became aware, which may be before."
    yield "## What happened\n\n" + "\n".join(f"> {line}" for line in words.splitlines())
    yield "## What has to be done\n\n" + "\n".join(f"- {each}" for each in said["law"])
    yield "## What was in scope\n\nBy the ledger: rows as they were last counted, and how sensitive the columns are. Nobody is named."
    for room in said["rooms"]:
        head = f"### The {room['room']} room: {room['rows']:,} rows in {len(room['tables'])} tables"
        rows = [
            f"| {one['table']} | {one['rows']:,} | {', '.join(f'{count} {kind}' for kind, count in one['columns'].items())} |"
            for one in room["tables"]
        ]
        yield "\n".join([head, "", "| table | rows | columns |", "| --- | --- | --- |", *rows]) if rows else head
    counted = {**said["extracts_read"], **said["releases"], **said["copies"]}
    yield "### Besides\n\n" + "\n".join(f"- {name}: {count:,}" for name, count in counted.items())
    yield f"The sealed rooms are {said['store']}. Their keys rest {said['keys']}."
    yield "## Who has which part\n\n" + (
        "\n".join(f"- {one['name']}: {', '.join(one['parts'])}{'; key ' + one['key'] if one['key'] else ''}" for one in said["people"])
        or "Nobody is named: the study has no protocol."
    )  # fmt: skip
    fault = said["ledger"]["fault"]
    yield "## The ledger\n\n" + "\n".join(f"- {event}: {count:,}" for event, count in said["events"].items())
    yield f"{said['ledger']['lines']:,} lines, head `{said['ledger']['head']}`. The last of them lie beside this page in `ledger-slice.jsonl`."
    if fault is not None:
        yield f"**The ledger is not sound from line {fault['line']:,} on.** {fault['what']} What it tells after that is not counted here."
