"""The ledger of a study: every tampering with it is found and named, and what is cut off its end is missed."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path

import pytest
from made_authority import copy_of, events, now, real_study, run_study, say, table
from made_ended import DAY, practice_keys_of, small_study
from made_protocol import PASSPHRASE, Team, opened_below, team

from hearthlink.errors import DataProblem, Refused, WrongUse
from hearthlink.governance import Event, Ledger
from hearthlink.governance.chain import (
    CHANGED,
    FALSE,
    MOVED,
    NOBODY,
    STUDY_KEY,
    TAKEN_OUT,
    TWICE,
    UNSIGNED,
    judge,
    spelt,
)
from hearthlink.governance.ledger import study_key
from hearthlink.governance.signing import SigningKey, raw_of
from hearthlink.study import open_study
from hearthlink.study.ended import require_open
from hearthlink.study.holder import at_keyboard
from hearthlink.study.ledger import check_export, check_ledger, export_ledger, find_head, head_of, told_by_ledger
from hearthlink.study.seen import Seen, last_seen, missed


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SigningKey]:
    """Two people's practice keys."""
    return practice_keys_of(tmp_path_factory.mktemp("people"), "first", "second")


@pytest.fixture(scope="module")
def run_once(tmp_path_factory: pytest.TempPathFactory, practice: Path, people: dict[str, SigningKey]) -> Path:
    """A practice study run by somebody and by nobody known, whose ledger so has lines of both."""
    study = copy_of(practice, tmp_path_factory.mktemp("run once") / "study")
    run_study(study, "receive")
    for who in ("first", "second", "first"):
        Ledger(study / "ledger.jsonl", now, people[who]).write(Event.PAPERS, counts={"papers": 5}, about="0" * 64)
    run_study(study, "receive")
    return study


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A small study that may be spoilt, with a ledger of six lines."""
    made = small_study(tmp_path / "study")
    ledger = Ledger(made / "ledger.jsonl", lambda: DAY)
    for count in range(5):
        ledger.write(Event.STEP, step="receive", role="custodian", counts={"child": 100 + count})
    return made


def rows_of(study: Path) -> list[bytes]:
    return (study / "ledger.jsonl").read_bytes().splitlines()


def put(study: Path, rows: Sequence[bytes]) -> None:
    (study / "ledger.jsonl").write_bytes(b"".join(row + b"\n" for row in rows))


# --- tampering ------------------------------------------------------------------------------------------------------


def test_every_byte_that_is_another_is_found_at_its_line(run_once: Path) -> None:
    """Of a real ledger each byte in turn is another: the first line that is wrong is that byte's, whichever it is; no line end is missed."""
    whole = (run_once / "ledger.jsonl").read_bytes()
    rows = whole.split(b"\n")[:-1]
    seen = Seen(json.loads(rows[0])[STUDY_KEY], len(rows), json.loads(rows[-1])["hash"], "")
    number, sound = 1, list[tuple[int, str]]()
    for place, byte in enumerate(whole):
        other = whole[:place] + bytes([byte ^ (1 << place % 8)]) + whole[place + 1 :]
        # Lines after the next tell nothing of this one: those alone are judged, so that every byte can have its turn.
        judged = judge(other.split(b"\n")[: number + 1] if number < len(rows) else other.split(b"\n")[:-1])
        if judged.fault is None or judged.fault[0] != number:
            cut = place == len(whole) - 1 and missed(seen, judged, study="", folder=run_once)
            sound += [] if cut else [(place, str(judged.fault))]
        number += byte == ord("\n")
    assert sound == []
    assert number == len(rows) + 1


Tampering = Callable[[list[bytes]], list[tuple[list[bytes], int, str]]]


def dropped(rows: list[bytes]) -> list[tuple[list[bytes], int, str]]:
    return [([*rows[:n], *rows[n + 1 :]], n + 1, TAKEN_OUT) for n in range(len(rows) - 1)]


def swapped(rows: list[bytes]) -> list[tuple[list[bytes], int, str]]:
    def swap(a: int, b: int) -> list[bytes]:
        made = list(rows)
        made[a], made[b] = made[b], made[a]
        return made

    return [(swap(a, b), a + 1, MOVED) for a, b in combinations(range(len(rows)), 2)]


def twice(rows: list[bytes]) -> list[tuple[list[bytes], int, str]]:
    return [
        ([*rows[:at], rows[n], *rows[at:]], at + 1, TWICE) for n in range(len(rows)) for at in range(n + 1, len(rows))
    ]


def brought_forward(rows: list[bytes]) -> list[tuple[list[bytes], int, str]]:
    return [([*rows[:at], rows[n], *rows[at:]], at + 1, MOVED) for n in range(1, len(rows)) for at in range(n)]


def half_a_line(rows: list[bytes]) -> list[tuple[list[bytes], int, str]]:
    return [([*rows[:n], row[: len(row) // 2], *rows[n + 1 :]], n + 1, CHANGED) for n, row in enumerate(rows)]


WAYS: dict[str, Tampering] = {
    "dropped": dropped,
    "swapped": swapped,
    "written twice": twice,
    "put in front as well": brought_forward,
    "cut in the middle": half_a_line,
}


@pytest.mark.parametrize("way", WAYS)
def test_every_entry_dropped_moved_or_doubled_is_named(run_once: Path, way: str) -> None:
    """Each entry of a real ledger, and each pair of them, tampered with in each way: the first bad line is named, and what is wrong with it."""
    for rows, line, what in WAYS[way](rows_of(run_once)):
        assert judge(rows).fault == (line, what), (way, line)


def test_whatever_is_cut_off_the_end_is_missed(run_once: Path) -> None:
    """Each number of lines cut off, and each byte of the last, is missed by what was last seen of the ledger."""
    whole = (run_once / "ledger.jsonl").read_bytes()
    rows = whole.split(b"\n")[:-1]
    seen = Seen(json.loads(rows[0])[STUDY_KEY], len(rows), json.loads(rows[-1])["hash"], "")
    assert missed(seen, judge(rows), study="", folder=run_once) == ""
    for left in range(len(rows)):
        assert "cut off" in missed(seen, judge(rows[:left]), study="", folder=run_once), left
    for size in range(len(whole) - len(rows[-1]) - 1, len(whole)):
        torn = whole[:size].split(b"\n")[:-1]
        assert "cut off" in missed(seen, judge(torn), study="", folder=run_once)


def forged(study: Path, key: SigningKey, as_if: str = "") -> bytes:
    """A line that follows from the last, made by whoever has a key and no program of ours; it may go by another's key."""
    last = json.loads(rows_of(study)[-1])
    line = {name: value for name, value in last.items() if name not in {"signature", "hash", STUDY_KEY}}
    return spelt(line | {"no": last["no"] + 1, "before": last["hash"], "key": as_if or key.public}, key)


def test_a_line_that_somebody_unknown_signed_is_named(study: Path, people: dict[str, SigningKey]) -> None:
    """A line that follows as it should and is signed by a key that nobody told of is found; so is one that goes by another's name."""
    stranger = people["first"]
    as_real = SigningKey(stranger.private, stranger.public.removeprefix("practice-"))
    put(study, [*rows_of(study), forged(study, as_real)])
    with pytest.raises(DataProblem) as found:
        check_ledger(open_study(study))
    assert (found.value.line, found.value.what) == (7, NOBODY)
    rows = rows_of(study)[:-1]
    put(study, rows)
    put(study, [*rows, forged(study, stranger, as_if=study_key(study).public)])
    with pytest.raises(DataProblem) as found:
        check_ledger(open_study(study))
    assert (found.value.line, found.value.what) == (7, FALSE)


def test_a_line_without_signature_after_signed_ones_is_named(study: Path) -> None:
    """Whoever has no key cannot go on as ledgers were written before lines were signed."""
    last = json.loads(rows_of(study)[-1])
    names = ("time", "event", "step", "role", "by", "about", "counts")
    put(study, [*rows_of(study), spelt({name: last[name] for name in names} | {"before": last["hash"]}, None)])
    with pytest.raises(DataProblem) as found:
        check_ledger(open_study(study))
    assert (found.value.line, found.value.what) == (7, UNSIGNED)


def test_a_forged_line_that_was_built_upon_is_found_at_the_next_beginning(
    study: Path, people: dict[str, SigningKey]
) -> None:
    """A line put in with a false signature, and honest ones after it, stops whoever begins next; and a look at each signature names it."""
    require_open(open_study(study), DAY)
    line = forged(study, people["first"], as_if=study_key(study).public)
    put(study, [*rows_of(study), line])
    Ledger(study / "ledger.jsonl", lambda: DAY).write(Event.FINISHED)
    with pytest.raises(Refused, match="signature of this line") as stop:
        require_open(open_study(study), DAY)
    assert stop.value.line == 7
    with pytest.raises(DataProblem) as found:
        check_ledger(open_study(study), every=True)
    assert found.value.line == 7


# --- who signs ------------------------------------------------------------------------------------------------------


def test_lines_are_signed_by_whoever_is_known_and_else_by_the_study(
    run_once: Path, people: dict[str, SigningKey]
) -> None:
    """Each line says whose signature it has, and the study's own key stands in the first."""
    lines = events(run_once)
    own = lines[0][STUDY_KEY]
    assert lines[0]["key"] == own
    assert {str(line["key"]) for line in lines} == {own, people["first"].public, people["second"].public}
    papers = [(line["key"], line["by"]) for line in lines if line["event"] == "papers written"]
    assert [key for key, _ in papers] == [people[who].public for who in ("first", "second", "first")]
    assert all(by for _, by in papers)
    assert (run_once / "keys" / "ledger.key").stat().st_size == 32
    told = check_ledger(open_study(run_once), every=True)
    assert sum(told.by.values()) == told.lines
    assert sorted(told.by.values())[:2] == [1, 2]


def test_whoever_runs_a_study_by_name_signs_its_lines(tmp_path: Path, practice: Path, home: Path) -> None:
    """A run by somebody whom the protocol names enters its lines under their key, and they are known by the protocol alone."""
    study = real_study(tmp_path / "study", practice / "in")
    keys: Team = team(home)
    opened = at_keyboard(open_study(study), "custodian", ask=lambda _: PASSPHRASE, folder=keys.folder)
    from hearthlink.study import run as carry_out

    carry_out(opened, clock=now, upto="receive")
    done = [line for line in events(study) if line["event"] == "step done"]
    assert [raw_of(str(line["key"])) for line in done] == [raw_of(keys.keys["custodian"].public)]
    assert check_ledger(open_study(study), every=True).lines == len(events(study))
    assert any("[custodian]" in line for line in told_by_ledger(open_study(study)))


def test_whoever_names_themselves_signs_no_line(tmp_path: Path, practice: Path, people: dict[str, SigningKey]) -> None:
    """Somebody who writes their key into a protocol and runs is refused, and the ledger stays one that verifies."""
    study = real_study(tmp_path / "study", practice / "in")
    path = study / "protocol.toml"
    text = path.read_text("utf-8")
    line = next(each for each in text.splitlines() if each.startswith('"key"'))
    made = SigningKey(people["first"].private, people["first"].public.removeprefix("practice-"))
    path.write_text(text.replace(line, f'"key" = "{made.public}"'), encoding="utf-8")
    opened = open_study(study)
    from hearthlink.governance.custody import Holder
    from hearthlink.study import run as carry_out

    opened.holder = Holder("author", frozenset(opened.protocol.person[0].roles), made)
    with pytest.raises(Refused):
        carry_out(opened, clock=now)
    path.write_text(text, encoding="utf-8")
    assert made.public not in {line["key"] for line in events(study)}
    check_ledger(open_study(study), every=True)


def test_a_ledger_begun_before_lines_were_signed_goes_on_signed(study: Path) -> None:
    """Its old lines verify as they were, are counted as not signed, and the first signed one says the study's key."""
    old: list[bytes] = []
    before = "0" * 64
    for count in range(3):
        said = {
            "time": "2026-01-01T00:00:00Z",
            "event": "step done",
            "step": "receive",
            "role": "custodian",
            "counts": {"child": count},
        }
        old.append(spelt(said | {"before": before}, None))
        before = json.loads(old[-1])["hash"]
    put(study, old)
    shutil.rmtree(study / "keys")
    assert check_ledger(open_study(study)).unsigned == 3
    Ledger(study / "ledger.jsonl", lambda: DAY).write(Event.BEGUN)
    Ledger(study / "ledger.jsonl", lambda: DAY).write(Event.FINISHED)
    told = check_ledger(open_study(study), every=True)
    assert (told.lines, told.unsigned, told.by) == (5, 3, {"nobody": 3, "the study": 2})
    rows = rows_of(study)
    assert [STUDY_KEY in json.loads(row) for row in rows] == [False, False, False, True, False]
    put(study, [rows[0].replace(b'"child": 0', b'"child": 9'), *rows[1:]])
    with pytest.raises(DataProblem) as found:
        check_ledger(open_study(study))
    assert found.value.line == 1


def test_a_ledger_goes_on_where_its_key_was_lost(study: Path) -> None:
    """With the folder of keys gone, the ledger goes on with a key made anew, which counts as long as it lies there."""
    shutil.rmtree(study / "keys")
    Ledger(study / "ledger.jsonl", lambda: DAY).write(Event.FINISHED)
    assert check_ledger(open_study(study), every=True).lines == 7
    shutil.rmtree(study / "keys")
    with pytest.raises(DataProblem, match="nobody known"):
        check_ledger(open_study(study))


# --- cut short ------------------------------------------------------------------------------------------------------


def test_a_ledger_cut_short_stops_whoever_begins_next(tmp_path: Path, practice: Path) -> None:
    """With its last lines taken off a study is refused, no extract is opened, and it is refused for as long as it stays so."""
    study = copy_of(practice, tmp_path / "study")
    run_study(study, "receive")
    rows = rows_of(study)
    put(study, rows[:-1])
    for _ in range(len(rows) + 2):
        with opened_below(study / "in") as seen:
            done = say("run", study)
        assert (done.code, seen) == (3, [])
        assert "cut off" in done.err or "does not hold the line" in done.err
    verify = say("ledger", "verify", study)
    assert (verify.code, verify.out) == (1, "")
    put(study, rows)
    assert say("receive", study, "--quiet").code == 0


def test_a_ledger_that_was_taken_away_stops_a_council_s_study(tmp_path: Path, practice: Path) -> None:
    """A study with a protocol does not begin a new ledger, nor does one whose key is still there; a practice study made anew does."""
    study = real_study(tmp_path / "study", practice / "in")
    run_study(study, "receive")
    kept = (study / "ledger.jsonl").read_bytes()
    (study / "ledger.jsonl").unlink()
    assert "cut off" in say("run", study).err
    shutil.rmtree(study / "keys")
    (study / "ledger.jsonl").unlink()
    assert "was taken away" in say("run", study).err
    (study / "ledger.jsonl").write_bytes(kept)
    assert say("status", study).code == 0
    made = copy_of(practice, tmp_path / "made")
    run_study(made, "receive")
    shutil.rmtree(made)
    run_study(copy_of(practice, made), "receive")
    assert check_ledger(open_study(made)).lines == len(events(made))


def test_what_was_seen_is_kept_outside_the_study_and_tells_nothing(tmp_path: Path, practice: Path) -> None:
    """In the user's own folder of states lies a number, two hashes and a public key, and no path and no name."""
    study = copy_of(practice, tmp_path / "a telling name")
    run_study(study, "receive")
    seen = last_seen(study)
    assert seen is not None
    assert (seen.lines, seen.head) == (len(events(study)), head_of(open_study(study)))
    assert "telling" not in json.dumps([seen.ledger, seen.head, seen.study])


# --- what may be asked ----------------------------------------------------------------------------------------------


def test_a_printed_head_is_found_or_is_not(run_once: Path) -> None:
    """Every line's head is found by its first sixteen letters, in whatever case; another head is not, and a word is none."""
    study = open_study(run_once)
    for number, line in enumerate(events(run_once), start=1):
        assert find_head(study, str(line["hash"])[:16].upper())[0] == number
    with pytest.raises(DataProblem, match="No line"):
        find_head(study, "0" * 64)
    for word in ("", "abc", "z" * 20):
        with pytest.raises(WrongUse):
            find_head(study, word)
    done = say("ledger", "verify", run_once, "--head", head_of(study))
    assert done.code == 0
    assert f"line {len(events(run_once))}" in done.out
    assert head_of(study) in done.out


def test_the_ledger_is_told_in_words_with_its_counts(run_once: Path) -> None:
    """Each line is a sentence with its counts and who says so; so many as are asked for."""
    done = say("ledger", "show", run_once)
    assert len(done.out.splitlines()) == len(events(run_once))
    assert "step done receive (custodian): " in done.out
    assert "[the study]" in done.out
    assert len(say("ledger", "show", run_once, "--last", 2).out.splitlines()) == 2


def test_a_ledger_written_out_is_checked_without_the_study(run_once: Path, tmp_path: Path) -> None:
    """An auditor's copy verifies alone, names keys and no people, and does not once a line is changed, cut off or signed by another."""
    out = tmp_path / "ledger.for-audit"
    count = export_ledger(open_study(run_once), out)
    assert say("ledger", "verify", out).code == 0
    assert check_export(out).lines == count == len(events(run_once))
    first, *rows = out.read_bytes().splitlines()
    told = json.loads(first)
    assert [one["parts"] for one in told["keys"] if one["key"] == told[STUDY_KEY]] == [["the study"]]
    for spoilt in (
        [first, *rows[:-1]],
        [first, *rows, rows[-1]],
        [first, rows[0].replace(b"begun", b"ended"), *rows[1:]],
    ):
        out.write_bytes(b"".join(row + b"\n" for row in spoilt))
        assert say("ledger", "verify", out).code == 1
    out.write_bytes(rows[0] + b"\n")
    assert say("ledger", "verify", out).code == 2
    assert say("ledger", "export", run_once, out).code == 2


def test_twenty_thousand_lines_are_checked_in_a_second() -> None:
    """A ledger of 20,000 signed lines is looked through in under a second of this machine's work."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    signer = SigningKey(key, "ed25519:" + _base64(key.public_key().public_bytes_raw()))
    counts = {f"table {n}": n for n in range(12)}
    rows: list[bytes] = []
    before = "0" * 64
    for number in range(1, 20_001):
        said = {
            "no": number, "time": "2026-01-01T00:00:00Z", "event": "step done", "step": "receive", "role": "custodian",
            "by": "", "about": "", "counts": counts, "before": before, "key": signer.public,
        }  # fmt: skip
        rows.append(spelt(said | ({STUDY_KEY: signer.public} if number == 1 else {}), signer))
        before = rows[-1][-66:-2].decode()
    begun = time.process_time()
    judged = judge(rows, known=lambda public: False)
    taken = time.process_time() - begun
    assert (judged.fault, len(judged.lines)) == (None, 20_000)
    assert taken < 1.0


def _base64(raw: bytes) -> str:
    import base64

    return base64.b64encode(raw).decode()


# --- every attempt has its line -------------------------------------------------------------------------------------

ATTEMPTS: dict[str, tuple[str, ...]] = {
    "a run": ("run",),
    "a step": ("link",),
    "a look into the research room": ("research", "--out", "OUT"),
    "an explanation": ("explain", "--pattern", "sex=same"),
    "a review": ("review", "--reviewer", "AB"),
    "an end": ("destroy", "--with", "nobody"),
    "an incident": ("incident", "--with", "nobody", "--what", "anything"),
    "a lift": ("incident lift", "--with", "nobody"),
    "a seal": ("plan", "--seal"),
    "Splink settings": ("splink write", "OUT"),
    "a run by somebody unknown": ("run", "--with", "stranger"),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_every_attempt_leaves_its_line(tmp_path: Path, practice: Path, attempt: str) -> None:
    """Whatever is attempted in a study that may not be used ends in a line that says it was refused or stopped."""
    study = real_study(tmp_path / "study", practice / "in")
    path = study / "protocol.toml"
    path.write_text(path.read_text("utf-8").replace('"a reference"', '"another"', 1), encoding="utf-8")
    count = len(events(study))
    verb, *rest = ATTEMPTS[attempt]
    if "stranger" in rest:
        rest += ["--keys", str(tmp_path / "keys")]
        practice_keys_of(tmp_path / "keys", "stranger")
    done = say(*verb.split(), study, *(str(tmp_path / "out") if word == "OUT" else word for word in rest))
    assert done.code in {2, 3} if attempt != "a seal" else done.code in {0, 2}
    assert len(events(study)) > count, done
    assert events(study)[-1]["event"] in {"refused", "stopped"} or attempt == "a seal"
    Ledger(study / "ledger.jsonl", now).verify()


def test_a_line_goes_on_from_what_was_left_by_a_kill(study: Path) -> None:
    """A line torn by a kill was never entered: the next takes its place and its number."""
    whole = (study / "ledger.jsonl").read_bytes()
    for size in (1, 100, 700):
        (study / "ledger.jsonl").write_bytes(whole + rows_of(study)[-1][:size])
        assert check_ledger(open_study(study)).lines == 6
        Ledger(study / "ledger.jsonl", lambda: DAY).write(Event.STOPPED)
        assert [line["no"] for line in events(study)] == [1, 2, 3, 4, 5, 6, 7]
        check_ledger(open_study(study), every=True)
        (study / "ledger.jsonl").write_bytes(whole)


def test_the_ledger_holds_no_table(run_once: Path) -> None:
    """What the ledger counts is what the tables have: numbers, and nothing of what is in them."""
    counted = next(
        line["counts"] for line in events(run_once) if (line["event"], line["step"]) == ("step done", "receive")
    )
    assert isinstance(counted, dict)
    assert counted["child_identifier"] == table(run_once, "child_identifier").num_rows
    assert all(isinstance(count, int) for count in counted.values())
