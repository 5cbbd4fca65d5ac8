"""After an incident a study is frozen at once, the report tells what was in scope and nothing of anybody, and two approvers lift it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from made_authority import Secrets, bytes_below, copy_of, events, now, real_study, run_study, say
from made_ended import DAY, nobody, practice_keys_of, signed_by
from made_protocol import PASSPHRASE, Team, opened_below, permit, sign, team
from made_text import text_of

from hearthlink.errors import Refused, WrongUse
from hearthlink.governance.signing import SigningKey
from hearthlink.study import open_study
from hearthlink.study import run as carry_out
from hearthlink.study.ended import FROZEN_FILE, require_open
from hearthlink.study.ending.incident import LONGEST, Reported, lift, report_incident
from hearthlink.study.ledger import check_ledger
from hearthlink.study.lock import only_one
from hearthlink.study.protocols.protocol import revoke_key

WORDS = "A laptop was left on a train; whoever finds it could open the folder. Reference: XYZZY."


@pytest.fixture(scope="session")
def people(home: Path) -> Team:
    """The keys of the team that has every study's protocol signed."""
    return team(home)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, SigningKey]]:
    """A folder with three people's practice keys."""
    folder = tmp_path_factory.mktemp("people")
    return folder, practice_keys_of(folder, "first", "second", "third")


@pytest.fixture(scope="module")
def run_once(tmp_path_factory: pytest.TempPathFactory, practice: Path) -> Path:
    """A council's study that was run a part of the way. To be copied, never changed."""
    study = real_study(tmp_path_factory.mktemp("run once") / "study", practice / "in")
    run_study(study, "standardise")
    return study


@pytest.fixture
def study(run_once: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return copy_of(run_once, tmp_path / "study")


def reported(study: Path, people: Team, who: str = "officer", words: str = WORDS, **named: Any) -> Reported:
    return report_incident(open_study(study), who, words, ask=lambda _: PASSPHRASE, clock=now, folder=people.folder, **named)  # fmt: skip


def lifted(study: Path, people: Team, who: str) -> int:
    return lift(open_study(study), who, ask=lambda _: PASSPHRASE, clock=now, folder=people.folder)[1]


# --- frozen ---------------------------------------------------------------------------------------------------------

ASKED = (
    ("run",), ("status",), ("standardise",), ("research", "--out", "OUT"), ("review", "--reviewer", "AB"), ("plan",), ("check",),
    ("explain", "--pattern", "sex=same"),
)  # fmt: skip


def test_everything_refuses_a_frozen_study_and_opens_no_file(study: Path, people: Team, tmp_path: Path) -> None:
    """From the report on each command ends with 3 and a sentence that says why, and no extract is opened."""
    reported(study, people)
    for verb, *rest in ASKED:
        with opened_below(study / "in") as seen:
            done = say(verb, study, *(str(tmp_path / "out") if word == "OUT" else word for word in rest))
        assert (done.code, "frozen after an incident" in done.err, seen) == (3, True, []), verb


def taken_away(study: Path) -> None:
    (study / FROZEN_FILE).unlink()


def emptied(study: Path) -> None:
    (study / FROZEN_FILE).write_bytes(b"")


def lifted_by_hand(study: Path) -> None:
    path = study / FROZEN_FILE
    said = json.loads(path.read_text("utf-8"))
    said["lifted"] = [{"for": "hearthlink freeze lifted 1", "name": who, "key": "", "signature": ""} for who in "ab"]
    path.write_text(json.dumps(said), encoding="utf-8")


SPOILT: dict[str, Callable[[Path], None]] = {
    "taken away": taken_away,
    "emptied": emptied,
    "lifted by hand": lifted_by_hand,
}


@pytest.mark.parametrize("case", SPOILT)
def test_a_freeze_is_not_lifted_by_touching_its_paper(study: Path, people: Team, case: str) -> None:
    """However the paper is spoilt the study stays frozen, and two approvers still can lift it."""
    reported(study, people)
    SPOILT[case](study)
    assert "frozen" in say("run", study).err
    assert lifted(study, people, "linker") == 1
    assert "frozen" in say("run", study).err
    assert lifted(study, people, "officer") == 2
    assert say("standardise", study, "--quiet").code == 0


def test_two_approvers_lift_it_and_nobody_else(study: Path, people: Team) -> None:
    """Neither the author nor the custodian has a say, one approver is not enough, and the same one twice is not two."""
    reported(study, people)
    for who in ("author", "custodian"):
        with pytest.raises(Refused, match="for the approver"):
            lifted(study, people, who)
        assert events(study)[-1]["event"] == "refused"
    assert lifted(study, people, "linker") == 1
    with pytest.raises(WrongUse, match="said so already"):
        lifted(study, people, "linker")
    with pytest.raises(Refused, match="frozen"):
        require_open(open_study(study), now())
    assert lifted(study, people, "officer") == 2
    require_open(open_study(study), now())
    with pytest.raises(WrongUse, match="not frozen"):
        lifted(study, people, "officer")
    assert [line["event"] for line in events(study)].count("freeze lifted") == 1
    check_ledger(open_study(study), every=True)


@pytest.mark.parametrize(
    "change", ["words of before", "the whole paper of before", "the paper of before, and nothing entered"]
)
def test_what_was_said_of_one_freeze_lifts_no_other(study: Path, people: Team, change: str) -> None:
    """An approver's word counts for the freeze it was given for: the next one needs two again, whatever paper is put in the place of its own."""
    reported(study, people)
    lifted(study, people, "linker")
    lifted(study, people, "officer")
    before = json.loads(next((study / "incidents").glob("lifted-*.json")).read_text("utf-8"))
    assert len(before["lifted"]) == 2
    if change == "the paper of before, and nothing entered":
        with only_one(study), pytest.raises(WrongUse, match="still at work"):
            reported(study, people, patience=0)
    else:
        reported(study, people)
    now_said = json.loads((study / FROZEN_FILE).read_text("utf-8"))
    put = before if change != "words of before" else now_said | {"lifted": before["lifted"]}
    (study / FROZEN_FILE).write_text(json.dumps(put), encoding="utf-8")
    assert lifted(study, people, "officer") == 1
    assert "frozen" in say("run", study).err
    assert lifted(study, people, "linker") == 2


def test_a_run_at_work_stops_at_its_next_step(tmp_path: Path, practice: Path, people: Team) -> None:
    """Frozen while a run is under way, the step at work is the last; the paper is up although the study is held, and the report waits."""
    study = real_study(tmp_path / "study", practice / "in")

    def freeze(news: Any) -> None:
        if news.step.name == "check":
            with pytest.raises(WrongUse, match="frozen, and a step is still at work"):
                reported(study, people, patience=0)

    with pytest.raises(Refused, match="frozen"):
        carry_out(open_study(study), clock=now, tell=freeze)
    assert [line["step"] for line in events(study) if line["event"] == "step done"] == ["receive", "check"]
    assert reported(study, people).number == 1
    assert [line["event"] for line in events(study)][-1] == "frozen after an incident"


def test_a_key_can_be_revoked_while_all_else_is_frozen(study: Path, people: Team) -> None:
    """Whoever's key was lost in the incident can be shut out at once, and a new version of the protocol signed."""
    reported(study, people)
    revoke_key(open_study(study), "custodian", "officer", ask=lambda _: PASSPHRASE, clock=now, folder=people.folder)
    text = (study / "protocol.toml").read_text("utf-8")
    (study / "protocol.toml").write_text(text.replace('"version" = 1', '"version" = 2'), encoding="utf-8")
    sign(study, people, "linker", "officer", now=now())
    assert "frozen" in say("run", study).err


def test_a_frozen_study_can_be_destroyed_and_a_destroyed_one_reported(study: Path, people: Team) -> None:
    """The two ends do not stand in each other's way, and the report of the first stays."""
    reported(study, people)
    for who in ("custodian", "officer"):
        told = signed_by(study, who, people.folder, now=now(), ask=lambda _: PASSPHRASE)
    assert told.certificate is not None
    assert (study / "incidents" / "001" / "report.md").is_file()
    assert reported(study, people).number == 2


# --- reported -------------------------------------------------------------------------------------------------------


def rooms_gone(study: Path) -> None:
    for name in ("rooms", "keys", "in"):
        shutil.rmtree(study / name)


def rooms_a_file(study: Path) -> None:
    shutil.rmtree(study / "rooms")
    (study / "rooms").write_bytes(b"broken")


def ledger_broken(study: Path) -> None:
    path = study / "ledger.jsonl"
    path.write_bytes(path.read_bytes().replace(b"source read", b"source lost", 1))


def index_broken(study: Path) -> None:
    (study / "rooms" / "index.json").write_bytes(b"{")


OFFLINE: dict[str, Callable[[Path], None]] = {
    "everything there": lambda study: None,
    "the rooms, keys and extracts gone": rooms_gone,
    "a file in place of the rooms": rooms_a_file,
    "the ledger broken": ledger_broken,
    "the index broken": index_broken,
}


@pytest.mark.parametrize("case", OFFLINE)
def test_the_report_needs_no_data_and_tells_of_nobody(study: Path, people: Team, secrets: Secrets, case: str) -> None:
    """Whatever of the data is gone or broken, the report is written, opens none of it, and holds no identifier of anybody."""
    OFFLINE[case](study)
    with opened_below(study / "in") as extracts, opened_below(study / "rooms") as rooms:
        told = reported(study, people)
    assert (extracts, rooms) == ([], [])
    files = bytes_below(study / "incidents")
    assert set(files) == {"001/report.json", "001/report.md", "001/ledger-slice.jsonl"}
    for name, content in files.items():
        assert secrets.in_text(text_of(name, content)) == {}, name
    said = json.loads((study / "incidents" / "001" / "report.json").read_text("utf-8"))
    assert said["tell_the_commissioner_by"] == told.tell_by
    assert (datetime.fromisoformat(told.tell_by) - datetime.fromisoformat(said["at"])) == timedelta(hours=72)
    assert (said["ledger"]["fault"] is not None) == (case == "the ledger broken")


def test_the_report_says_what_was_in_scope_by_count_and_kind(study: Path, people: Team) -> None:
    """Rooms, tables, rows and how sensitive columns are; who has which part; what was done; what has to be done by when."""
    reported(study, people)
    said = json.loads((study / "incidents" / "001" / "report.json").read_text("utf-8"))
    rooms = {one["room"]: one for one in said["rooms"]}
    assert set(rooms) == {"identity", "content", "research", "record"}
    counted = {
        name: count
        for line in events(study)
        if line["event"] == "step done"
        for name, count in dict(line["counts"]).items()  # pyright: ignore[reportArgumentType, reportCallIssue]
    }
    tables = {one["table"]: one for room in said["rooms"] for one in room["tables"]}
    assert len(tables) > 10
    assert {name: one["rows"] for name, one in tables.items()} == {name: counted[name] for name in tables}
    assert tables["child_identifier"]["columns"]["identifier"] > 0
    assert rooms["research"]["tables"] == []
    assert {one["name"] for one in said["people"]} == {"author", "custodian", "linker", "officer"}
    page = (study / "incidents" / "001" / "report.md").read_text("utf-8")
    for words in ("Article 33", "72 hours", "within 30 days", WORDS, "child_identifier", "head"):
        assert words in page, words
    rows = (study / "ledger.jsonl").read_bytes().splitlines()
    assert (study / "incidents" / "001" / "ledger-slice.jsonl").read_bytes().splitlines()[-1] in rows


def test_the_officer_s_words_stand_in_the_report_alone(study: Path, people: Team) -> None:
    """What the officer says is in the report and nowhere else: not in the ledger, not in the paper that freezes, in no other file."""
    before = set(bytes_below(study))
    reported(study, people)
    found = {name for name, content in bytes_below(study).items() if b"XYZZY" in content}
    assert found == {"incidents/001/report.json", "incidents/001/report.md"}
    assert set(bytes_below(study)) - before == found | {"incidents/001/ledger-slice.jsonl", FROZEN_FILE}


@pytest.mark.parametrize("words", ["", "   ", "x" * (LONGEST + 1)])
def test_words_are_looked_at_for_their_length_alone(study: Path, people: Team, words: str) -> None:
    """Nothing said, or too much, freezes nothing and is entered as stopped; any other words are taken as they are."""
    with pytest.raises(WrongUse, match="characters what happened"):
        reported(study, people, words=words)
    assert events(study)[-1]["event"] == "stopped"
    assert not (study / FROZEN_FILE).exists()
    reported(study, people, words="x" * LONGEST)


def test_strangers_freeze_nothing(study: Path, people: Team, keys: tuple[Path, Any]) -> None:
    """Whoever the protocol does not name is refused, and that is entered; whoever it names may freeze, whatever their part."""
    with pytest.raises(Refused):
        report_incident(open_study(study), "first", WORDS, ask=nobody, clock=now, folder=keys[0])
    assert events(study)[-1]["event"] == "refused"
    assert not (study / FROZEN_FILE).exists()
    for number, who in enumerate(("author", "custodian", "linker", "officer"), start=1):
        assert reported(study, people, who).number == number


def test_in_a_practice_study_practice_keys_do_it_all(tmp_path: Path, practice: Path, keys: tuple[Path, Any]) -> None:
    """By the command line, with keys made to try things out: frozen, reported, lifted by two, and run."""
    study = copy_of(practice, tmp_path / "study")
    assert say("receive", study, "--quiet").code == 0
    done = say("incident", study, "--with", "first", "--what", WORDS, "--keys", keys[0])
    assert (done.code, "incidents/001/report.md" in done.out.replace("\\", "/")) == (0, True)
    assert say("receive", study).code == 3
    assert say("incident", "lift", study, "--with", "second", "--keys", keys[0]).code == 0
    assert say("incident", "lift", study, "--with", "second", "--keys", keys[0]).code == 2
    assert say("incident", "lift", study, "--with", "third", "--keys", keys[0]).code == 0
    assert say("receive", study, "--quiet").code == 0
    check_ledger(open_study(study), every=True)


def test_a_practice_key_freezes_no_council_s_study(study: Path, keys: tuple[Path, Any]) -> None:
    """A key made to try things out does nothing in a study of real people."""
    done = say("incident", study, "--with", "first", "--what", WORDS, "--keys", keys[0])
    assert (done.code, (study / FROZEN_FILE).exists()) == (3, False)


def test_a_freeze_is_entered_once_for_each_report_even_where_somebody_holds_the_study(
    study: Path, people: Team
) -> None:
    """While the study is held the paper goes up and nothing is entered; the next report enters it."""
    with only_one(study), pytest.raises(WrongUse, match="still at work"):
        reported(study, people, patience=0)
    assert (study / FROZEN_FILE).is_file()
    assert "frozen after an incident" not in {line["event"] for line in events(study)}
    assert "frozen" in say("run", study).err
    reported(study, people)
    assert [line["event"] for line in events(study)].count("frozen after an incident") == 1


def test_overdue_or_not_an_incident_can_be_reported(tmp_path: Path, practice: Path, people: Team) -> None:
    """Past its day of destruction, when nothing else is done, an incident is still reported."""
    study = real_study(tmp_path / "study", practice / "in")
    permit(study, people, ends=DAY.date().replace(month=2))
    late = DAY.replace(year=2027)
    told = report_incident(open_study(study), "officer", WORDS, ask=lambda _: PASSPHRASE, clock=lambda: late, folder=people.folder)  # fmt: skip
    assert told.report.is_file()
