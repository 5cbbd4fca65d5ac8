"""What guards the data, each with the tests that show it: the part of the impact assessment that is about the software itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Control:
    """One guard: against what it stands, what the software does, and the tests that fail where it does not."""

    against: str
    does: str
    tests: tuple[str, ...]


CONTROLS: tuple[Control, ...] = (
    Control(
        "Use without permission, or for another purpose",
        "No extract is opened without a protocol that two approvers signed, neither its author; it is asked for again before every step and act.",
        ("tests/gate/test_protocol.py", "tests/gate/test_permission.py"),
    ),
    Control(
        "More data than was agreed",
        "Columns that are not listed never become a table, rows outside the window are dropped as they are read, and a folder that is not listed stops the run.",
        ("tests/gate/test_minimised.py",),
    ),
    Control(
        "Somebody who objects",
        "The list of objections is applied before anybody is linked; who was not found on it is counted and said.",
        ("tests/gate/test_objections.py",),
    ),
    Control(
        "Names and needs seen together",
        "Four rooms, each sealed under a key of its own (AES-256-GCM). No role reaches both a name and a need but the custodian, and each step runs with its role's keys alone.",
        ("tests/gate/test_roles.py", "tests/gate/test_rooms.py", "tests/gate/test_rooms_processes.py"),
    ),
    Control(
        "Names in messages, logs or temporary files",
        "Every stop is a sentence without a value of the data; nothing is written in the clear beside the rooms. hearthlink selftest shows it on the council's own machine.",
        ("tests/gate/test_selftest.py", "tests/journey/test_nothing_leaks.py", "tests/journey/test_bad_input.py"),
    ),
    Control(
        "Recognition in the research tables",
        "Random names; values merged and cells held back until the protocol's terms are met; written out only where a person has said, signed, what the tables are.",
        ("tests/gate/test_risk.py", "tests/unit/test_pseudonyms.py"),
    ),
    Control(
        "Recognition in what is published",
        "Small numbers are held back or rounded, and an attacker's programme tries every sum, every earlier release and every registered table of others before anything leaves.",
        ("tests/generative/test_disclosure.py", "tests/gate/test_outside.py"),
    ),
    Control(
        "Publication by one person alone",
        "Two output checkers, neither the analyst, approve the very bytes; any change asks for both again.",
        ("tests/gate/test_release.py", "tests/gate/test_release_package.py"),
    ),
    Control(
        "Data sent elsewhere",
        "The network is closed while any command works, but for a database that the protocol names.",
        ("tests/gate/test_network.py",),
    ),
    Control(
        "What was done being denied or altered",
        "Every read, step, decision and refusal is a signed line bound to the one before; the first that was changed is named.",
        ("tests/gate/test_ledger.py",),
    ),
    Control(
        "Data kept too long",
        "After the day of destruction everything else refuses; two people destroy, and a signed certificate says what.",
        ("tests/gate/test_destroy.py",),
    ),
    Control(
        "Data lost or stolen",
        "One command freezes the study and says, without naming anybody, what was in scope and by when the Commissioner is to be told.",
        ("tests/gate/test_incident.py",),
    ),
)
"""A test holds every file named here to be there."""
