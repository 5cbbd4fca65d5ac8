"""Every role, every step and every room: what the permit lets through, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from hearthlink.errors import OurFault, Refused
from hearthlink.governance import Permission, Permit, Role, grant
from hearthlink.study import STEPS
from hearthlink.study.acts import Beside
from hearthlink.study.acts_inside import BESIDE, REVIEW
from hearthlink.study.steps import Step
from hearthlink.tables import ADMITS, Column, Kind, Room, Sensitivity, TableSpec
from hearthlink.tables.catalogue import ALL_TABLES

WHOLE = Permission("a study", {"social_care": "a", "benefits": "b", "geography": "c"}, "e", "d", "a", date(2027, 3, 31))
TODAY = date(2026, 1, 15)

MAY: dict[Role, dict[Room, str]] = {
    Role.CUSTODIAN: {Room.IDENTITY: "rw", Room.CONTENT: "rw", Room.RESEARCH: "w", Room.RECORD: "rw"},
    Role.LINKER: {Room.IDENTITY: "rw", Room.CONTENT: "", Room.RESEARCH: "", Room.RECORD: "rw"},
    Role.REVIEWER: {Room.IDENTITY: "rw", Room.CONTENT: "", Room.RESEARCH: "", Room.RECORD: ""},
    Role.ANALYST: {Room.IDENTITY: "", Room.CONTENT: "", Room.RESEARCH: "rw", Room.RECORD: "r"},
    Role.OUTPUT_CHECKER: {Room.IDENTITY: "", Room.CONTENT: "", Room.RESEARCH: "rw", Room.RECORD: "r"},
}
"""Written out here, and not taken from governance, so that a wider reach has to be meant twice."""


DONE = (*STEPS, *BESIDE)
"""All that is ever done on a study: the steps, and what people do beside them."""


def asked(step: Step | Beside) -> tuple[TableSpec, ...]:
    return *step.reads, *step.may_read


def permit_for(role: Role, step: Step | Beside) -> Permit:
    return grant(WHOLE, step=step.name, role=role, reads=asked(step), writes=step.writes, today=TODAY)


def needs(step: Step | Beside) -> set[tuple[Room, str]]:
    return {(t.room, "r") for t in asked(step)} | {(t.room, "w") for t in step.writes}


@pytest.mark.parametrize(("role", "step"), list(product(Role, DONE)), ids=lambda x: getattr(x, "name", "").lower())
def test_a_role_gets_a_permit_for_a_step_only_where_it_reaches_every_room_of_it(
    role: Role, step: Step | Beside
) -> None:
    """For each role and each step, the permit is given exactly where the role may do all that the step asks for."""
    too_far = {(room, verb) for room, verb in needs(step) if verb not in MAY[role][room]}
    if not too_far:
        permit = permit_for(role, step)
        assert permit.reads == {t.name for t in asked(step)}
        assert permit.writes == {t.name for t in step.writes}
        return
    with pytest.raises(Refused, match=role.value) as refusal:
        permit_for(role, step)
    assert step.name in refusal.value.what


@pytest.mark.parametrize(("role", "room", "verb"), list(product(Role, Room, "rw")))
def test_a_role_reaches_the_rooms_it_should_and_no_other(role: Role, room: Room, verb: str) -> None:
    """For each role, room and verb, a step that asks for one table there is let by or refused as the table says."""
    probe = TableSpec("probe", room, "a table to ask for", ())
    reads, writes = ([probe] if verb == one else [] for one in "rw")
    if verb in MAY[role][room]:
        grant(WHOLE, step="probe", role=role, today=TODAY, reads=reads, writes=writes)
    else:
        with pytest.raises(Refused, match="probe"):
            grant(WHOLE, step="probe", role=role, today=TODAY, reads=reads, writes=writes)


@pytest.mark.parametrize(("step", "table"), list(product(DONE, ALL_TABLES.values())), ids=lambda x: x.name)
def test_a_permit_names_its_tables_and_holds_for_no_other(step: Step | Beside, table: TableSpec) -> None:
    """For each step and each table there is, the step's permit opens the door only where the step said it would ask."""
    permit = permit_for(step.role, step)
    for named, ask in ((asked(step), permit.to_read), (step.writes, permit.to_write)):
        if table in named:
            ask(table)
        else:
            with pytest.raises(Refused, match=table.name):
                ask(table)


def test_only_two_steps_stand_in_the_doorway_between_rooms() -> None:
    """Names and needs are written apart by receive alone, and people cross to the research room in deidentify alone."""
    people = {Room.IDENTITY, Room.CONTENT}
    assert [s.name for s in STEPS if people <= {t.room for t in s.writes}] == ["receive"]
    crossing = [
        s.name for s in STEPS if Room.RESEARCH in {t.room for t in s.writes} and people & {t.room for t in s.reads}
    ]
    assert crossing == ["deidentify"]


def test_nothing_behind_the_wall_reads_a_person() -> None:
    """No step after deidentify reads or writes the identity or the content room."""
    behind = STEPS[[s.name for s in STEPS].index("deidentify") + 1 :]
    assert behind
    assert [s.name for s in behind if {Room.IDENTITY, Room.CONTENT} & {room for room, _ in needs(s)}] == []


def test_every_step_reads_only_what_an_earlier_step_wrote() -> None:
    """The list of steps can be read from top to bottom: no table or file is asked for before it is there."""
    there: set[str] = set()
    for step in STEPS:
        assert {t.name for t in step.reads} <= there, step.name
        there |= {t.name for t in step.writes}
    for beside in BESIDE:
        assert {t.name for t in beside.reads} <= there, beside.name
        there |= {t.name for t in beside.writes}
    assert there == set(ALL_TABLES)


def test_what_a_step_may_find_beside_the_run_is_written_beside_the_run() -> None:
    """Of a step, a table that need not be there is one that people write; a person may act before a step has written its own."""
    beside = {t.name for b in BESIDE for t in b.writes}
    assert {t.name for step in STEPS for t in step.may_read} <= beside
    assert {t.name for act in BESIDE for t in act.may_read} <= beside | {t.name for step in STEPS for t in step.writes}


def test_a_reviewer_is_shown_no_score() -> None:
    """The reviewer's permit opens the records and the pairs to look at, and no table that holds a probability, a band or a link."""
    scored = {t.name for t in ALL_TABLES.values() for c in t.columns if c.sensitivity is Sensitivity.DISCLOSIVE}
    telling = scored | {"review_sample", "link", "link_draw", "link_quality", "candidate_posterior", "candidate_pair"}
    assert {"parameter", "agreement_pattern"} <= telling
    assert permit_for(Role.REVIEWER, REVIEW).reads & telling == set()


def test_a_table_is_written_by_one_step_alone() -> None:
    """No table has two makers, so the ledger says who made each."""
    written = [t.name for step in DONE for t in step.writes]
    assert sorted(written) == sorted(set(written))


@pytest.mark.parametrize(("room", "sensitivity"), list(product(Room, Sensitivity)))
def test_a_table_cannot_be_defined_in_a_room_that_may_not_hold_it(room: Room, sensitivity: Sensitivity) -> None:
    """A column is refused, by type, in every room that does not admit its sensitivity."""
    column = Column("a", Kind.TEXT, "a column", sensitivity)
    if sensitivity in ADMITS[room]:
        TableSpec("t", room, "a table", (column,))
    else:
        with pytest.raises(OurFault, match=room.value):
            TableSpec("t", room, "a table", (column,))


def test_no_table_of_ours_can_be_moved_to_a_room_of_less_protection() -> None:
    """Every table that holds an identifier, or a fine detail of a need, is refused in the research room and in the record."""
    fine = {Sensitivity.IDENTIFIER, Sensitivity.LINKING, Sensitivity.DISCLOSIVE}
    movable = [t for t in ALL_TABLES.values() if fine & {c.sensitivity for c in t.columns}]
    assert len(movable) > 20
    for table, room in product(movable, (Room.RESEARCH, Room.RECORD)):
        with pytest.raises(OurFault):
            replace(table, room=room)


def test_names_never_enter_the_content_room_nor_needs_the_identity_room() -> None:
    """No column that names a person may rest where needs are kept, and none that tells a need where names are kept."""
    assert Sensitivity.IDENTIFIER not in ADMITS[Room.CONTENT]
    assert Sensitivity.ATTRIBUTE not in ADMITS[Room.IDENTITY]
    assert ADMITS[Room.RESEARCH] <= {Sensitivity.PSEUDONYM, Sensitivity.ATTRIBUTE}
    assert [r for r in Room if Sensitivity.PSEUDONYM in ADMITS[r]] == [Room.RESEARCH]
