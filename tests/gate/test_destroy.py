"""The end of a study: two people, keys first, nothing left but what is listed, and a certificate that holds wherever it is."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from made_authority import call, copy_of, events, leave_to_read, real_study, run_study, say, store_of
from made_ended import DAY, GOES, KEEPS, SECRET, left_in, nobody, practice_keys_of, signed_by, small_study
from made_protocol import PASSPHRASE, Team, opened_below, permit, sign, team
from made_rooms import apart_study, turn_of

from hearthlink.errors import DataProblem, Refused, WrongUse
from hearthlink.governance import Ledger
from hearthlink.governance.certificate import digest, verify_certificate
from hearthlink.governance.signing import SigningKey
from hearthlink.study import STEPS, open_study, standing
from hearthlink.study.ended import AGREED_FILE, CERTIFICATE_FILE, require_open
from hearthlink.study.ending.destroy import take_back
from hearthlink.study.ending.erasing import STAYS, stays
from hearthlink.study.ledger import check_ledger
from hearthlink.tables.catalogue import ALL_TABLES


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, SigningKey]]:
    """A folder with three people's practice keys."""
    folder = tmp_path_factory.mktemp("people")
    return folder, practice_keys_of(folder, "first", "second", "third")


@pytest.fixture(scope="session")
def people(home: Path) -> Team:
    """The keys of the team that has every study's protocol signed."""
    return team(home)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A small study with something in every place."""
    return small_study(tmp_path / "study")


def both(study: Path, folder: Path) -> Path:
    """Both signatures; gives the certificate."""
    signed_by(study, "first", folder)
    made = signed_by(study, "second", folder).certificate
    assert made is not None
    return made


# --- who may, and when ---------------------------------------------------------------------------------------------


def test_one_signature_erases_nothing_and_says_what_would_go(study: Path, keys: tuple[Path, Any]) -> None:
    """After the first signature every file is as it was, the study may still be used, and what would go is counted."""
    before = {name: (study / name).read_bytes() for name in left_in(study) - {"ledger.jsonl"}}
    told = signed_by(study, "first", keys[0])
    assert told.certificate is None
    assert told.until == "2026-02-15T09:00:00Z"
    assert sum(files for _, files, _ in told.parts) == len(GOES) + 4
    assert {name: (study / name).read_bytes() for name in before} == before
    assert left_in(study) - set(before) == {"ledger.jsonl", AGREED_FILE, ".lock"}
    require_open(open_study(study), DAY)


def test_a_first_signature_may_be_taken_back_by_whoever_gave_it(study: Path, keys: tuple[Path, Any]) -> None:
    """Taken back it counts no more, not even from a copy of it; nobody else takes it back, and the ledger tells of both."""
    signed_by(study, "first", keys[0])
    copied = (study / AGREED_FILE).read_bytes()
    with pytest.raises(WrongUse, match="of yours"):
        take_back(open_study(study), "second", ask=nobody, clock=lambda: DAY, folder=keys[0])
    assert take_back(open_study(study), "first", ask=nobody, clock=lambda: DAY, folder=keys[0]) == "first"
    assert not (study / AGREED_FILE).exists()
    (study / AGREED_FILE).write_bytes(copied)
    assert signed_by(study, "second", keys[0]).certificate is None, "the copy is no first signature"
    told = [one["event"] for one in events(study)]
    assert [one for one in told if str(one).startswith("destruction")] == [
        "destruction agreed",
        "destruction taken back",
        "destruction agreed",
    ]
    assert set(GOES) <= left_in(study)


def test_once_two_have_signed_nothing_is_taken_back(study: Path, keys: tuple[Path, Any]) -> None:
    """When it is done there is nothing to take back, and it is said that it is done."""
    both(study, keys[0])
    with pytest.raises(WrongUse, match="destroyed already"):
        take_back(open_study(study), "first", ask=nobody, clock=lambda: DAY, folder=keys[0])


def same_again(study: Path, folder: Path, _: Any) -> None:
    signed_by(study, "first", folder)


def under_another_name(study: Path, folder: Path, _: Any) -> None:
    shutil.copy(folder / "first.pem", folder / "another.pem")
    signed_by(study, "another", folder)


def no_such_key(study: Path, folder: Path, _: Any) -> None:
    signed_by(study, "nobody", folder)


def agreement_changed(study: Path, folder: Path, _: Any) -> None:
    path = study / AGREED_FILE
    path.write_text(path.read_text("utf-8").replace("2026-02-15", "2099-02-15"), encoding="utf-8")
    assert signed_by(study, "second", folder).certificate is None
    raise Refused("begun anew")


def agreement_of_another_study(study: Path, folder: Path, _: Any) -> None:
    other = small_study(study.with_name("other"))
    signed_by(other, "first", folder)
    shutil.copy(other / AGREED_FILE, study / AGREED_FILE)
    assert signed_by(study, "second", folder).certificate is None
    raise Refused("begun anew")


def too_late(study: Path, folder: Path, _: Any) -> None:
    assert signed_by(study, "second", folder, now=DAY + timedelta(days=30, seconds=1)).certificate is None
    raise Refused("begun anew")


def carried_out_by_hand(study: Path, folder: Path, keys: dict[str, SigningKey]) -> None:
    """What the first person could write alone: a paper on which they carry out what they agreed to."""
    kept = json.loads((study / AGREED_FILE).read_text("utf-8"))
    found = {"keys": [], "parts": []}
    said = {name: kept["agreed"][name] for name in ("of", "name", "key", "at")}
    said |= {"for": "hearthlink destruction begun 1", "agreed": digest(kept["agreed"]), "inventory": digest(found)}
    said |= {"signature": keys["first"].sign(said)}
    (study / AGREED_FILE).write_text(json.dumps(kept | {"begun": said, "inventory": found}), encoding="utf-8")
    signed_by(study, "third", folder)


NOT_SO: dict[str, Callable[[Path, Path, Any], None]] = {
    "the same person twice": same_again,
    "the same key under another name": under_another_name,
    "a key that is not there": no_such_key,
    "an agreement whose words were changed": agreement_changed,
    "an agreement about another study": agreement_of_another_study,
    "the second a second too late": too_late,
    "carried out on one person's paper": carried_out_by_hand,
}


@pytest.mark.parametrize("case", NOT_SO)
def test_nothing_is_erased_without_two_people_who_mean_this_study(
    study: Path, keys: tuple[Path, dict[str, SigningKey]], tmp_path: Path, case: str
) -> None:
    """Each way of doing it alone, twice, too late or with another's paper erases nothing, and leaves its line in the ledger."""
    folder = tmp_path / "keys"
    shutil.copytree(keys[0], folder)
    signed_by(study, "first", folder)
    count = len(events(study))
    with pytest.raises((WrongUse, Refused)):
        NOT_SO[case](study, folder, keys[1])
    assert set(GOES) <= left_in(study)
    assert {(study / name).read_bytes() for name in GOES} >= {SECRET}
    assert len(events(study)) > count
    assert events(study)[-1]["event"] in {"refused", "stopped", "destruction agreed"}
    assert not (study / CERTIFICATE_FILE).exists()


@pytest.mark.parametrize(("who", "may"), [("author", False), ("custodian", True), ("linker", True), ("officer", True)])
def test_custodian_and_approvers_sign_and_nobody_else(
    tmp_path: Path, practice: Path, people: Team, who: str, may: bool
) -> None:
    """In a study with a protocol the analyst who wrote it has no say in its end; custodian and approvers have."""
    study = real_study(tmp_path / "study", practice / "in")
    if may:
        assert signed_by(study, who, people.folder, ask=lambda _: PASSPHRASE).certificate is None
        assert events(study)[-1]["event"] == "destruction agreed"
    else:
        with pytest.raises(Refused, match="custodian or the approver"):
            signed_by(study, who, people.folder, ask=lambda _: PASSPHRASE)
        assert events(study)[-1]["event"] == "refused"


def test_whoever_names_themselves_in_an_unsigned_protocol_ends_nothing(
    tmp_path: Path, practice: Path, people: Team
) -> None:
    """A protocol changed after it was signed gives nobody a say in the end."""
    study = real_study(tmp_path / "study", practice / "in")
    path = study / "protocol.toml"
    path.write_text(path.read_text("utf-8").replace('"a reference"', '"another"', 1), encoding="utf-8")
    with pytest.raises(Refused, match="protocol that holds"):
        signed_by(study, "officer", people.folder, ask=lambda _: PASSPHRASE)


# --- what is left ---------------------------------------------------------------------------------------------------


def test_nothing_is_left_but_what_is_listed(study: Path, keys: tuple[Path, Any]) -> None:
    """Keys, tables, extracts, results and whatever somebody put there are gone; what stays is listed, and holds nothing of the data."""
    both(study, keys[0])
    left = left_in(study)
    assert [name for name in left if not stays(name)] == []
    assert set(KEEPS) <= left
    assert {name for name in left if name.startswith("keys/")} == {"keys/ledger.key"}
    assert [name for name in left - set(KEEPS) if SECRET in (study / name).read_bytes()] == []


def test_what_a_link_leads_to_is_left_alone(study: Path, keys: tuple[Path, Any], tmp_path: Path) -> None:
    """A link in the study, to a file or a folder, is taken away and what it leads to stays; a file with another name only loses this one."""
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in ("a", "b"):
        (outside / name).write_bytes(SECRET)
    (study / "in" / "link").symlink_to(outside / "a")
    (study / "rooms" / "link").symlink_to(outside, target_is_directory=True)
    (study / "maps" / "link.toml").symlink_to(outside / "a")
    os.link(outside / "b", study / "in" / "twice")
    both(study, keys[0])
    assert {path.name: path.read_bytes() for path in outside.iterdir()} == {"a": SECRET, "b": SECRET}
    assert [name for name in left_in(study) if (study / name).is_symlink()] == []


def test_extracts_that_lie_elsewhere_are_named_and_not_touched(
    study: Path, keys: tuple[Path, Any], tmp_path: Path
) -> None:
    """Where study.toml reads from a folder outside the study, that is said, and nothing there is erased."""
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(study / "in", elsewhere)
    with (study / "study.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[files]\nfolder = '{elsewhere}'\n")
    signed_by(study, "first", keys[0])
    assert signed_by(study, "second", keys[0]).outside == (elsewhere,)
    assert len(list(elsewhere.rglob("*"))) == 4


def test_what_this_machine_remembers_of_the_study_is_forgotten(
    tmp_path: Path, practice: Path, keys: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the files of a practice study were found to be practice files is kept, by hash, in the user's folder; it goes with them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    study = copy_of(practice, tmp_path / "study")
    run_study(study, "receive")
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] != []
    signed_by(study, "first", keys[0], now=datetime.now(DAY.tzinfo))
    signed_by(study, "second", keys[0], now=datetime.now(DAY.tzinfo))
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory, practice: Path, keys: tuple[Path, Any]) -> tuple[Path, Path]:
    """A study that was run and then destroyed, and a backup of its folder from before."""
    folder = tmp_path_factory.mktemp("ended")
    study = copy_of(practice, folder / "study")
    run_study(study, "standardise")
    backup = copy_of(study, folder / "backup")
    now = datetime.now(DAY.tzinfo)
    signed_by(study, "first", keys[0], now=now)
    signed_by(study, "second", keys[0], now=now)
    return study, backup


def test_a_backup_of_the_rooms_opens_no_more(ended: tuple[Path, Path], tmp_path: Path) -> None:
    """The sealed tables of a backup do not open with anything that is left of the study, nor with keys made anew."""
    study, backup = ended
    again = copy_of(study, tmp_path / "again")
    shutil.copytree(backup / "rooms", again / "rooms")
    with pytest.raises(Refused, match="has gone"):
        store_of(again)
    store_of(other := copy_of(study, tmp_path / "other"))
    shutil.copytree(other / "keys", again / "keys", dirs_exist_ok=True)
    with pytest.raises(Refused, match="does not open"):
        store_of(again)
    store = store_of(backup)
    there = [spec for spec in ALL_TABLES.values() if store.digest(spec)]
    assert len(there) > 10
    assert store.load(there[0], leave_to_read()).num_rows >= 0


def test_keys_that_rest_apart_go_too(tmp_path: Path, practice: Path, people: Team) -> None:
    """Keys sealed to each person lie in the study: once they are gone, nobody's own key opens a backup of the rooms."""
    study = apart_study(tmp_path / "study", practice / "in", people)
    assert turn_of(study, people, "custodian", upto="receive").done == ("receive",)
    backup = copy_of(study, tmp_path / "backup")
    assert len(list((study / "keys").glob("*.json"))) > 4
    for who in ("custodian", "officer"):
        told = signed_by(study, who, people.folder, now=datetime.now(DAY.tzinfo), ask=lambda _: PASSPHRASE)
    assert told.certificate is not None
    assert [path.name for path in (study / "keys").iterdir()] == ["ledger.key"]
    assert len(json.loads(told.certificate.read_text("utf-8"))["inventory"]["keys"]) > 4
    verify_certificate(told.certificate)
    shutil.rmtree(backup / "keys")
    with pytest.raises(Refused, match="no key of any room"):
        turn_of(backup, people, "linker")


ASKED = (
    ("run",), ("status",), ("plan",), ("research", "--out", "x"), ("review", "--reviewer", "AB"), ("explain", "--pattern", "sex=same"), ("check",),
    ("protocol", "new"), *((step.name,) for step in STEPS),
)  # fmt: skip


@pytest.mark.parametrize("words", ASKED, ids=" ".join)
def test_everything_else_refuses_a_destroyed_study(
    ended: tuple[Path, Path], tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Each command ends with 3 and a sentence that says what happened, and makes nothing."""
    study = ended[0]
    before = left_in(study)
    verb = words[:2] if words[0] == "protocol" else words[:1]
    done = say(*verb, study, *(str(tmp_path / w) if w == "x" else w for w in words[len(verb) :]))
    assert (done.code, "was destroyed" in done.err) == (3, True), done
    assert left_in(study) == before


def test_the_ledger_still_verifies_and_tells_of_the_end(ended: tuple[Path, Path]) -> None:
    """The ledger is sound after the end, and goes on: refusals are entered in it."""
    study = ended[0]
    count = check_ledger(open_study(study), every=True).lines
    assert "destroyed" in {str(one["event"]) for one in events(study)}
    assert say("run", study).code == 3
    assert check_ledger(open_study(study), every=True).lines == count + 2


def test_a_second_end_is_refused(ended: tuple[Path, Path], keys: tuple[Path, Any]) -> None:
    """A destroyed study is not destroyed again, by whomever."""
    with pytest.raises(WrongUse, match="destroyed already"):
        signed_by(ended[0], "third", keys[0], now=datetime.now(DAY.tzinfo))


# --- the certificate ------------------------------------------------------------------------------------------------


def test_the_certificate_holds_wherever_it_is(ended: tuple[Path, Path], tmp_path: Path) -> None:
    """Alone in another folder, and beside the ledger, the certificate verifies; it names no file, and the page loads nothing."""
    study = ended[0]
    alone = tmp_path / CERTIFICATE_FILE
    shutil.copy(study / CERTIFICATE_FILE, alone)
    assert verify_certificate(alone).lines == verify_certificate(study / CERTIFICATE_FILE).lines
    done = say("verify", alone)
    assert (done.code, "Head of the ledger" in done.out) == (0, True)
    (tmp_path / "spoilt.json").write_text(alone.read_text("utf-8").replace("second", "third"), encoding="utf-8")
    assert say("verify", tmp_path / "spoilt.json").code == 1
    said = json.loads(alone.read_text("utf-8"))
    assert "ssd_person" not in alone.read_text("utf-8")
    assert {part["part"] for part in said["inventory"]["parts"]} == {"in", "keys", "rooms", "truth"}
    assert len(said["inventory"]["keys"]) == 4
    page = (study / "destruction.html").read_text("utf-8")
    assert said["ledger"]["head"] in page
    assert "SP 800-88" in page
    assert [word for word in ("http:", "https:", "src=", "@import", "<script") if word in page] == []


def leaves(said: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(said, dict | list) and said:
        for name in said if isinstance(said, dict) else range(len(said)):
            yield from leaves(said[name], (*path, name))
    else:
        yield path


def test_a_certificate_of_which_anything_was_changed_holds_no_more(ended: tuple[Path, Path], tmp_path: Path) -> None:
    """Every value in it changed, one at a time, and every value left out, is found."""
    whole = json.loads((ended[0] / CERTIFICATE_FILE).read_text("utf-8"))
    path = tmp_path / CERTIFICATE_FILE
    held: list[tuple[Any, ...]] = []
    for leaf in leaves(whole):
        for change in ("changed", "left out"):
            said = deepcopy(whole)
            place = said
            for part in leaf[:-1]:
                place = place[part]
            if change == "changed":
                value = place[leaf[-1]]
                place[leaf[-1]] = (
                    (not value) if isinstance(value, bool) else f"{value}x" if isinstance(value, str) else 7
                )
            else:
                del place[leaf[-1]]
            path.write_text(json.dumps(said), encoding="utf-8")
            try:
                verify_certificate(path)
                held.append((change, *leaf))
            except (DataProblem, WrongUse):
                continue
    assert held == []


def test_a_certificate_made_by_one_person_does_not_hold(
    study: Path, keys: tuple[Path, dict[str, SigningKey]], tmp_path: Path
) -> None:
    """Whoever has one key and signs everything with it, under two names, is found out."""
    said = json.loads(both(study, keys[0]).read_text("utf-8"))
    key = keys[1]["third"]

    def signed(one: dict[str, Any], name: str) -> dict[str, Any]:
        plain = {k: v for k, v in one.items() if k != "signature"} | {"name": name, "key": key.public}
        return plain | {"signature": key.sign(plain)}

    said["agreed"] = signed(said["agreed"], "first")
    said["begun"] = signed(said["begun"] | {"agreed": digest(said["agreed"])}, "second")
    (tmp_path / "forged.json").write_text(json.dumps(signed(said, "second")), encoding="utf-8")
    with pytest.raises(DataProblem, match="signed twice"):
        verify_certificate(tmp_path / "forged.json")


def test_a_certificate_beside_a_ledger_that_was_cut_does_not_hold(study: Path, keys: tuple[Path, Any]) -> None:
    """The last line taken off the ledger takes away that it tells of the end."""
    made = both(study, keys[0])
    path = study / "ledger.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(DataProblem, match="does not tell"):
        verify_certificate(made)


def test_a_certificate_with_a_protocol_names_who_may_sign(tmp_path: Path, practice: Path, people: Team) -> None:
    """A council's study ends by two people whom its signed protocol names; a stranger's signature under it does not hold, nor another protocol."""
    study = real_study(tmp_path / "study", practice / "in")
    now = datetime.now(DAY.tzinfo)
    for who in ("custodian", "officer"):
        told = signed_by(study, who, people.folder, now=now, ask=lambda _: PASSPHRASE)
    assert told.certificate is not None
    assert any("by the protocol in it" in line for line in verify_certificate(told.certificate).lines)
    whole = json.loads(told.certificate.read_text("utf-8"))
    for change in ("stranger", "protocol"):
        said = deepcopy(whole)
        if change == "protocol":
            said["protocol"]["person"][0]["roles"] = ["custodian"]
        key = people.keys["author" if change == "stranger" else "officer"]
        said = {k: v for k, v in said.items() if k != "signature"} | {"key": key.public}
        path = tmp_path / "forged.json"
        path.write_text(json.dumps(said | {"signature": key.sign(said)}), encoding="utf-8")
        with pytest.raises(DataProblem):
            verify_certificate(path)


def test_a_broken_ledger_keeps_nobody_from_the_end_and_is_told(study: Path, keys: tuple[Path, Any]) -> None:
    """A study whose ledger was changed opens for nobody, and can be destroyed; the certificate says that the ledger does not verify."""
    path = study / "ledger.jsonl"
    path.write_bytes(path.read_bytes().replace(b"run begun", b"run ended"))
    with pytest.raises(Refused, match="ledger was changed"):
        require_open(open_study(study), DAY)
    made = both(study, keys[0])
    verify_certificate(made)
    assert json.loads(made.read_text("utf-8"))["ledger"]["sound"] is False
    assert "does not verify" in made.with_suffix(".html").read_text("utf-8")


# --- cut short ------------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """Stands for a process that ends at once."""


def die_at(monkeypatch: pytest.MonkeyPatch, number: int) -> list[int]:
    """Let the process die just before its n-th change to the disk: a file removed, replaced or appended to, or a folder removed."""
    count = [0]

    def counting(inner: Any) -> Any:
        def change(*given: Any, **named: Any) -> Any:
            count[0] += 1
            if count[0] == number:
                raise Killed
            return inner(*given, **named)

        return change

    for owner, name in ((Path, "unlink"), (Path, "replace"), (Path, "rmdir"), (os, "fsync")):
        monkeypatch.setattr(owner, name, counting(getattr(owner, name)))
    return count


def cut_short(study: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> tuple[bool, int]:
    """The second signature, and death before its n-th change to the disk; whether it died, and how many changes there were by then."""
    signed_by(small_study(study), "first", folder)
    with monkeypatch.context() as patch:
        count = die_at(patch, number)
        try:
            signed_by(study, "second", folder)
        except Killed:
            return True, count[0]
    return False, count[0]


def test_cut_short_at_any_moment_it_goes_on_to_the_end(
    tmp_path: Path, keys: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ended before a change to the disk, the same command given again comes to the same end; before that no certificate is there."""
    died, of_all = cut_short(tmp_path / "whole", keys[0], monkeypatch, 0)
    assert (died, of_all > 60) == (False, True)
    every = 1 if "PROVE_COUNT" in os.environ else 6
    moments = {*range(1, 9), *range(9, of_all - 12, every), *range(of_all - 12, of_all + 1)}
    for number in sorted(moments):
        study = tmp_path / f"study{number}"
        assert cut_short(study, keys[0], monkeypatch, number)[0]
        if (study / CERTIFICATE_FILE).exists():
            with pytest.raises(WrongUse, match="destroyed already"):
                signed_by(study, "third", keys[0])
        else:
            assert signed_by(study, "third" if number % 2 else "second", keys[0]).certificate is not None
        assert [name for name in left_in(study) if not stays(name)] == [], number
        assert AGREED_FILE not in left_in(study), number
        verify_certificate(study / CERTIFICATE_FILE)
        check_ledger(open_study(study), every=True)
        assert [one["event"] for one in events(study)].count("destroyed") == 1, number


KILL = """
import os, signal
count = 0
def note(event, args):
    global count
    if event == "os.remove" and "{folder}" in str(args[0]):
        count += 1
        if count == {number}:
            os.kill(os.getpid(), signal.SIGKILL)
import sys
sys.addaudithook(note)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot end itself so on Windows")
def test_killed_in_the_middle_nothing_opens_and_the_end_is_reached(study: Path, keys: tuple[Path, Any]) -> None:
    """Killed while it erases, the study is refused to everybody; the same command by another who may goes on to the end."""
    assert say("destroy", study, "--with", "first", "--keys", keys[0]).code == 0
    killed = call("destroy", study, "--with", "second", "--keys", keys[0], first=KILL.format(folder=study, number=9))
    assert killed.code == -9
    assert {name for name in left_in(study) if name.endswith(".key")} == {"keys/ledger.key"}, "keys go first"
    assert set(GOES) & left_in(study)
    refused = say("run", study)
    assert (refused.code, "is being destroyed" in refused.err) == (3, True)
    assert say("destroy", study, "--with", "third", "--keys", keys[0]).code == 0
    verify_certificate(study / CERTIFICATE_FILE)


# --- past its day ---------------------------------------------------------------------------------------------------


def test_past_its_day_nothing_is_done_but_the_end(tmp_path: Path, practice: Path, people: Team) -> None:
    """The day after its day of destruction a study says so and opens nothing, not even to say where it stands; no new version lengthens it."""
    study = real_study(tmp_path / "study", practice / "in")
    permit(study, people, ends=date(2026, 3, 31))
    ready = open_study(study)
    last = ready.protocol.dates.destroy_by
    assert last is not None
    late = datetime(last.year, last.month, last.day, 0, 0, tzinfo=DAY.tzinfo) + timedelta(days=1)
    require_open(ready, late - timedelta(seconds=1))
    with opened_below(study / "in") as seen, pytest.raises(Refused, match="was to be destroyed by"):
        require_open(ready, late)
    text = (study / "protocol.toml").read_text("utf-8")
    (study / "protocol.toml").write_text(text.replace(last.isoformat(), "2099-01-01"), encoding="utf-8")
    for for_protocol in (False, True):
        with pytest.raises(Refused, match="was to be destroyed by"):
            require_open(open_study(study), late, for_protocol=for_protocol)
    (study / "protocol.toml").write_text(text.replace('"version" = 2', '"version" = 3'), encoding="utf-8")
    sign(study, people, "linker", "officer", now=late)  # others may be named, who are to end it
    with pytest.raises(Refused, match="was to be destroyed by"):
        require_open(open_study(study), late)
    assert seen == []
    for who in ("linker", "officer"):
        told = signed_by(study, who, people.folder, now=late, ask=lambda _: PASSPHRASE)
    assert told.certificate is not None
    verify_certificate(told.certificate)


def test_status_opens_nothing_of_a_study_past_its_day(
    tmp_path: Path, practice: Path, people: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked where it stands, a study past its day of destruction says that and nothing else."""
    from hearthlink.study import actions

    study = real_study(tmp_path / "study", practice / "in")
    permit(study, people, ends=date(2026, 3, 31))
    ready = open_study(study)

    class Late(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime(2027, 1, 1, tzinfo=tz)

    monkeypatch.setattr(actions, "datetime", Late)
    with pytest.raises(Refused, match="was to be destroyed by"):
        standing(ready)


def test_the_list_of_what_stays_names_no_place_of_data() -> None:
    """Nothing that holds or held rows of anybody stands in the list of what stays."""
    assert [name for name in GOES if stays(name)] == []
    assert [name for name in KEEPS if not stays(name)] == []
    for room in ("in", "rooms", "out", "truth", "names", "objections", "findings", "outside"):
        assert not any(name.startswith(f"{room}/") for name in STAYS)
    assert Ledger(Path("x/ledger.jsonl"), lambda: DAY).path.name in STAYS
