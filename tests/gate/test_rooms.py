"""Three rooms, their own keys: four people play a study in turn, and no process is ever handed a key that its role does not need."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from made_authority import LINKS, TODAY, Secrets, bytes_below, copy_of, events, link_digests, results
from made_protocol import PASSPHRASE, Team, team
from made_rooms import ORDER, Played, Turn, opened_by, play, spelt, turn_of

from hearthlink.errors import Refused
from hearthlink.governance.signing import new_key
from hearthlink.study import STEPS, open_study
from hearthlink.study import run as carry_out
from hearthlink.study.holder import at_keyboard
from hearthlink.study.processes import handed
from hearthlink.study.protocols.protocol import revoke_key
from hearthlink.study.store import look
from hearthlink.tables import Room
from hearthlink.tables.catalogue import ALL_TABLES

HANDED = {
    "custodian": {"identity", "content", "research", "record"},
    "linker": {"identity", "record"},
    "reviewer": {"identity"},
    "analyst": {"research", "record"},
    "output checker": {"research", "record"},
}
"""Written out here, and not taken from governance, so that a key more has to be meant twice."""

TURNS = (
    ("custodian", ("receive", "check"), ("standardise", "linker", ("linker",))),
    ("linker", ("standardise", "compare", "estimate", "link", "link_before", "search", "evaluate"), ("measure", "custodian", ("custodian",))),
    ("custodian", ("measure", "deidentify"), ("answer", "analyst", ("author",))),
    ("author", ("answer",), ("clear", "output checker", ("custodian", "officer"))),
    ("officer", ("clear",), ("report", "analyst", ("author",))),
    ("author", ("report",), None),
)  # fmt: skip
"""Who does what, and who is said to be next: by step, by part, and by name."""


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory, practice: Path, secrets: Secrets) -> Played:
    """A study played from start to end by four people. To be copied, never changed."""
    base = tmp_path_factory.getbasetemp()
    return play(base / "rooms", practice / "in", team(base), secrets)


def told(turn: Turn) -> tuple[object, ...]:
    waits = turn.waits
    return turn.who, turn.done, waits and (waits.step.name, waits.part.value, waits.names)


def test_each_person_does_the_steps_of_their_parts_and_says_who_is_next(played: Played) -> None:
    """Four people with a key each run one study in turn: each does their own steps and no other, and the next is named by part and name."""
    assert tuple(told(turn) for turn in played.turns) == TURNS
    assert [name for _, done, _ in TURNS for name in done] == [step.name for step in STEPS]
    assert [turn.unchanged for turn in played.turns if turn.who == "custodian"] == [(), ("receive", "check")]


def test_four_people_come_to_what_one_process_comes_to(played: Played, real: Path) -> None:
    """Links, figures and report are the same bytes as those of the same study run by one person in one process."""
    indexed = look(open_study(played.study))
    assert {name: indexed.digest(ALL_TABLES[name]) for name in LINKS} == link_digests(real)
    assert bytes_below(played.study / "out") == bytes_below(real / "out")


def test_each_process_is_handed_the_keys_of_its_role_and_no_other(played: Played) -> None:
    """Every order is for steps of one role, with exactly the keys of the rooms that this role reaches."""
    roles = {step.name: step.role.value for step in STEPS}
    orders = [order for turn in played.turns for order in turn.orders]
    assert [order["steps"] for order in orders] == [list(done) for _, done, _ in TURNS]
    for order in orders:
        (role,) = {roles[name] for name in order["steps"]}
        assert set(order["keys"]) == HANDED[role]
        assert set(order) == {"study", "steps", "again", "keys"}


def test_a_key_travels_in_an_order_alone(played: Played) -> None:
    """No key is among a process's arguments, in its environment, or in any other message; and none is sent before the order."""
    keys = [word for key in played.room_keys.values() for word in spelt(key)]
    assert len(keys) == 5 * len(Room)
    for turn in played.turns:
        for command, how, environment, _ in turn.started:
            said = json.dumps([command, environment]).encode()
            assert not [word for word in keys if word in said]
            assert "env" not in how
            assert command == handed.COMMAND
        answers = [json.dumps(one).encode() for one in turn.sent if "keys" not in one]
        assert not [word for word in keys for one in answers if word in one]
        assert not turn.sent or "keys" in turn.sent[0]


def test_no_key_and_no_person_lies_in_the_clear(played: Played) -> None:
    """No file of the study holds a room's key in any spelling, and none but the extracts a name, an address or a birth date: not while steps run, and not after."""
    keys = {room: spelt(key) for room, key in played.room_keys.items()}
    assert len({words[0] for words in keys.values()}) == len(Room)
    found = [
        (name, room)
        for name, content in bytes_below(played.study).items()
        for room, words in keys.items()
        if any(word in content for word in words)
    ]
    assert found == []
    assert played.seen == {}
    assert not list(played.study.glob("keys/*.key")) or [p.name for p in played.study.glob("keys/*.key")] == [
        "ledger.key"
    ]
    assert list((played.study.parent / "temporary").rglob("*")) == []


def test_the_ledger_is_one_and_says_whose_turn_it_was(played: Played) -> None:
    """Every step has its line, written by whoever ran the study and signed with their key; the keys that were made are entered by digest."""
    lines = events(played.study)
    assert [line["step"] for line in lines if line["event"] == "step done"] == [step.name for step in STEPS]
    by_step = {line["step"]: line["by"] for line in lines if line["event"] == "step done"}
    whose = {who: {by_step[name] for w, done, _ in TURNS for name in done if w == who} for who in set(ORDER)}
    assert all(len(by) == 1 for by in whose.values())
    assert len(set().union(*whose.values())) == len(set(ORDER))
    assert [bool(line["about"]) for line in lines if line["event"] == "keys of rooms made"] == [True]


# --- one room without the others ----------------------------------------------------------------------------------


def without(study: Path, *rooms: str, keys: bool = True) -> None:
    """Take rooms away, and the keys to them."""
    for room in rooms:
        shutil.rmtree(study / "rooms" / room)
        for path in (study / "keys").glob(f"{room}.*") if keys else ():
            path.unlink()


ABSENT = {
    "linker": ("check", ("content", "research"), "standardise"),
    "author": ("deidentify", ("identity", "content"), "answer"),
}
"""Of each, after which step they begin, the rooms that they do without, and the step that they do then."""


@pytest.mark.parametrize("who", ABSENT)
def test_a_role_works_without_the_rooms_it_does_not_reach(played: Played, tmp_path: Path, who: str) -> None:
    """The linker works where there is no content room, the analyst where there is no identity room and no extract; neither makes one."""
    after, rooms, step = ABSENT[who]
    study = copy_of(played.after[after], tmp_path / "real")
    for room in rooms:
        shutil.rmtree(study / "rooms" / room, ignore_errors=True)
    if who == "author":
        shutil.rmtree(study / "in")
        (study / "in").mkdir()
    turn = turn_of(study, played.keys, who, upto=step)
    assert (turn.done, turn.waits) == ((step,), None)
    assert not [room for room in rooms if (study / "rooms" / room).exists()]


@pytest.mark.parametrize(("who", "after", "room", "first"), [("linker", "check", "identity", "receive"), ("author", "deidentify", "research", "deidentify")])  # fmt: skip
def test_a_role_without_its_own_room_does_nothing(
    played: Played, tmp_path: Path, who: str, after: str, room: str, first: str
) -> None:
    """Where the room that a role reads has gone, whoever fills it is named as next; where their key has gone, they are refused."""
    study = copy_of(played.after[after], tmp_path / "real")
    (
        study / "keys" / next(p.name for p in (study / "keys").glob(f"{room}.*") if p.name in mine(study, played, who))
    ).unlink()
    with pytest.raises(Refused, match=f"key of the {room} room is not sealed to {who}"):
        turn_of(study, played.keys, who)
    shutil.rmtree(study / "rooms" / room)
    turn = turn_of(study, played.keys, who)
    assert (turn.done, turn.started) == ((), [])
    assert turn.waits is not None
    assert turn.waits.step.name == first


def mine(study: Path, played: Played, who: str) -> set[str]:
    """The files of keys sealed to somebody."""
    opens = played.keys.keys[who].opens
    return {p.name for p in (study / "keys").glob("*.json") if json.loads(p.read_text("utf-8")).get("to") == opens}


def test_what_a_role_cannot_judge_it_leaves_alone(played: Played, tmp_path: Path) -> None:
    """After the linker's step, every file of the rooms that the linker does not reach is as it was, though no step of theirs made it."""
    study = copy_of(played.study, tmp_path / "real")
    (study / "rooms" / "content" / "stray.0123456789abcdef.sealed").write_bytes(b"of somebody else")
    (study / "rooms" / "identity" / "stray.0123456789abcdef.sealed").write_bytes(b"of nobody")
    before = {room: bytes_below(study / "rooms" / room) for room in ("content", "research")}
    assert turn_of(study, played.keys, "linker", upto="standardise", again=True).done == ("standardise",)
    assert {room: bytes_below(study / "rooms" / room) for room in before} == before
    assert not (study / "rooms" / "identity" / "stray.0123456789abcdef.sealed").exists()


# --- who may not --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "step"), [("author", "link"), ("linker", "answer"), ("custodian", "estimate"), ("linker", "receive"), ("custodian", "report")])  # fmt: skip
def test_a_step_of_somebody_elses_is_refused(played: Played, who: str, step: str) -> None:
    """A step asked for by a person whose parts do not have it is refused by name, and nothing is opened or started."""
    with pytest.raises(Refused, match=f"{step} is for the .*, and {who} is not"):
        turn_of(played.study, played.keys, who, upto=step)


def test_nobody_is_not_enough(played: Played) -> None:
    """Where keys are apart, a run by nobody in particular is refused and says what to add."""
    with pytest.raises(Refused, match="--with NAME"):
        carry_out(open_study(played.study), clock=lambda: TODAY)


def test_a_strangers_key_opens_nothing(played: Played, tmp_path: Path) -> None:
    """Somebody whom the protocol does not name is refused before any key is looked at, and that is entered."""
    study = copy_of(played.study, tmp_path / "real")
    new_key(tmp_path / "stranger.pem", PASSPHRASE)
    with pytest.raises(Refused, match="names nobody with this key"):
        at_keyboard(open_study(study), "stranger", ask=lambda _: PASSPHRASE, folder=tmp_path)
    assert events(study)[-1]["event"] == "refused"


def test_a_revoked_persons_keys_are_removed_and_rotation_is_said(played: Played, tmp_path: Path) -> None:
    """With a revocation every key that was sealed to that person goes, it is said that new keys need a new receipt, and they are refused."""
    study = copy_of(played.study, tmp_path / "real")
    theirs = mine(study, played, "author")
    assert theirs
    said = revoke_key(open_study(study), "author", "officer", ask=lambda _: PASSPHRASE, clock=lambda: TODAY, folder=played.keys.folder)  # fmt: skip
    assert "new receipt" in " ".join(said)
    assert not theirs & {path.name for path in (study / "keys").iterdir()}
    with pytest.raises(Refused, match="revoked"):
        opened_by(study, played.keys, "author")
    assert "keys of rooms removed" in {line["event"] for line in events(study)}


def test_a_table_that_was_changed_is_refused_out_of_its_process(played: Played, tmp_path: Path) -> None:
    """A byte changed in a sealed table stops the step that reads it with a sentence, which comes back from its process as a refusal."""
    study = copy_of(played.study, tmp_path / "real")
    path = next((study / "rooms" / "research").glob("research_child.*.sealed"))
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(content)
    with pytest.raises(Refused, match="does not open with this study's key"):
        turn_of(study, played.keys, "author", upto="answer", again=True)
    assert events(study)[-1]["event"] == "refused"


def test_the_results_of_a_run_in_parts_are_whole(played: Played) -> None:
    """What was made in six processes is what the index says, with nothing half made."""
    store = look(open_study(played.study), Room)
    assert all(store.record(step.name) is not None for step in STEPS)
    assert set(LINKS) <= {name.split(".")[0] for name in results(played.study)}
    assert list(played.study.rglob("*.new")) == []


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Team:
    """The keys of four people."""
    return team(tmp_path_factory.getbasetemp())
