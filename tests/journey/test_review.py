"""Clerical review from the keyboard to the report: blind, kept at once, gone on with after a kill, and true where the reader is."""

from __future__ import annotations

import io
import multiprocessing
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from made_authority import (
    Done,
    Secrets,
    bytes_below,
    copy_of,
    events,
    leave_to_read,
    now,
    run_for,
    run_study,
    say,
    store_of,
    table,
)

from hearthlink.errors import Refused, WrongUse
from hearthlink.review import added, require_whole, second_opinions, summary
from hearthlink.study import open_study
from hearthlink.study.review import (
    Answer,
    Pair,
    Sitting,
    begin_sitting,
    card_of,
    keep_answer,
    pairs_to_show,
    thought_over,
)
from hearthlink.tables.catalogue import ALL_TABLES

CHILDREN = 30
Reader = Callable[[Pair], Answer]


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory, practice: Path) -> Path:
    """A practice study, run up to its evaluation. To be copied, never changed."""
    study = copy_of(practice, tmp_path_factory.mktemp("review") / "study")
    run_for(study, "evaluate")
    return study


@pytest.fixture
def study(linked: Path, tmp_path: Path) -> Path:
    """A linked study that may be reviewed."""
    return copy_of(linked, tmp_path / "study")


def sit(study: Path, reviewer: str = "AB", **more: object) -> Sitting:
    return begin_sitting(open_study(study), reviewer=reviewer, clock=now, children=CHILDREN, **more)  # pyright: ignore[reportArgumentType]


def answer_all(sitting: Sitting, reader: Reader) -> int:
    """Answer every pair that falls to a reviewer; how many there were."""
    answered = 0
    while (pair := next((one for one in pairs_to_show(sitting) if not one.answered), None)) is not None:
        sitting = keep_answer(sitting, pair, reader(pair))
        answered += 1
    return answered


def truthful(study: Path) -> Reader:
    """A reader who knows where each child truly lived."""
    import csv

    with (study / "truth" / "children.csv").open(encoding="utf-8", newline="") as file:
        homes = {
            r["child_id"]: {r["household_id"], *r["second_household_id"].split(";")} - {""}
            for r in csv.DictReader(file)
        }
    return lambda pair: Answer.MATCH if pair.household_id in homes[pair.child_id] else Answer.NO_MATCH


def figures(study: Path, basis: str) -> dict[str, Mapping[str, float]]:
    rows = table(study, "link_summary").to_pylist()
    return {row["measure"]: row for row in rows if row["basis"] == basis and row["level"] == "household"}


def test_a_truthful_review_finds_the_truth(study: Path) -> None:
    """Half of sixty children read by one who knows give intervals that hold the true precision, and links that heed every answer."""
    before = figures(study, "truth")
    assert figures(study, "clerical review") == {}
    reader = truthful(study)
    answered = answer_all(sit(study), reader)
    twice = answer_all(sit(study, "CD", second=True), reader)
    assert 0.15 <= twice / answered <= 0.35
    run_for(study, "evaluate")
    found = figures(study, "clerical review")
    assert (found["read"]["value"], found["readers"]["value"], found["agreement"]["value"]) == (CHILDREN, 2, 1)
    assert found["precision"]["low"] <= before["precision"]["value"] <= found["precision"]["high"]
    assert found["precision"]["high"] - found["precision"]["low"] < 0.4
    links = {row["child_id"]: row["household_id"] for row in table(study, "link").to_pylist()}
    for row in table(study, "decision").to_pylist():
        matched = row["answer"] == "match"
        assert matched or links[row["child_id"]] != row["household_id"]
    assert any(row["basis"] == "clerical review" for row in table(study, "calibration").to_pylist())


def test_every_child_read_truthfully_gives_the_truth_itself(study: Path) -> None:
    """With all sixty read, the precision of the review is that of the truth, and there is no interval left but the point."""
    before = figures(study, "truth")["precision"]["value"]
    sitting = begin_sitting(open_study(study), reviewer="AB", clock=now, children=60)
    answer_all(sitting, truthful(study))
    run_for(study, "evaluate")
    found = figures(study, "clerical review")["precision"]
    assert (found["low"], found["value"], found["high"]) == pytest.approx((before, before, before))


def test_decisions_are_an_input_of_the_next_run(study: Path) -> None:
    """The answers make link and what follows run again, and nothing before it; without new answers nothing runs again."""
    answer_all(sit(study), truthful(study))
    begun = len(events(study))
    run_for(study, "evaluate")
    told = {e["step"]: e["event"] for e in events(study)[begun:] if e["event"] in ("step done", "step unchanged")}
    assert told["estimate"] == "step unchanged"
    assert told["link"] == told["evaluate"] == "step done"
    begun = len(events(study))
    run_for(study, "evaluate")
    assert "step done" not in {e["event"] for e in events(study)[begun:]}


# --- the screen -------------------------------------------------------------------------------------------------


def typed_in(monkeypatch: pytest.MonkeyPatch, keys: str, *arguments: object) -> Done:
    """Give `review` in this process, with these keys for a keyboard."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(keys))
    return say("review", *arguments)


TELLING = re.compile(
    r"\d\.\d|%|\b(certain|likely|doubtful|probab\w*|score\w*|band|rank\w*|weight\w*|posterior|linked|candidate|stratum|"
    r"first answer|match rate)\b|\b(0 to 4|5 to 10|11 and over)\b",
    re.IGNORECASE,
)


def test_the_screen_is_blind(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through every pair of a review no screen holds a score, a band, a group, an id, or a word of what the linkage found."""
    done = typed_in(monkeypatch, "n" * 4 * CHILDREN, study, "--reviewer", "AB", "--children", CHILDREN)
    assert (done.code, done.err) == (0, "")
    assert done.out.count("Did this child belong to this household") == table(study, "decision").num_rows
    screens = done.out.replace("likest", "")
    assert [found.group() for found in TELLING.finditer(screens)] == []
    sample = table(study, "review_sample").to_pylist()
    pairs = table(study, "review_pair").to_pylist()
    ids = {row["child_id"] for row in sample} | {row["household_id"] for row in pairs}
    members = {row["member_id"] for row in table(study, "household_member").to_pylist()}
    assert [one for one in ids | members if one in screens] == []


def test_a_few_pairs_come_up_twice_unmarked_and_count_once(study: Path) -> None:
    """Further on some pairs come up again and look like any other; a reader who says the same counts as one, and is told nothing."""
    answer_all(sit(study), truthful(study))
    rows = table(study, "decision").to_pylist()
    twice = Counter((row["child_id"], row["household_id"]) for row in rows)
    again = [pair for pair, count in twice.items() if count == 2]
    assert len(rows) == len(twice) + len(again) == 3 * CHILDREN + len(again)
    assert 1 <= len(again) <= CHILDREN // 4
    assert thought_over(sit(study), [9.0] * 90) == []
    run_for(study, "evaluate")
    found = figures(study, "clerical review")
    assert (found["with_oneself"]["numerator"], found["with_oneself"]["denominator"]) == (len(again), len(again))
    names = ("person", "parameter", "review_sample", "review_pair", "decision")
    tables = {name: table(study, name) for name in names}
    once = tables | {"decision": chained_anew(rows, again)}
    kept = [{r["measure"]: r for r in summary(one)["link_summary"].to_pylist()} for one in (tables, once)]
    assert kept[0]["precision"] == kept[1]["precision"]
    assert "with_oneself" not in kept[1]


def chained_anew(rows: Sequence[Mapping[str, Any]], again: Sequence[tuple[str, str]]) -> pa.Table:
    """The decisions without the second answers to these pairs."""
    decision, seen = ALL_TABLES["decision"].empty(), set[tuple[str, str]]()
    for row in rows:
        pair = row["child_id"], row["household_id"]
        if pair in seen and pair in again:
            continue
        seen.add(pair)
        decision = added(
            decision,
            child_id=pair[0],
            household_id=pair[1],
            answer=Answer(row["answer"]),
            reviewer=row["reviewer"],
            day=row["day"],
        )
    return decision


def test_a_careless_reader_is_told(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One answer throughout, given faster than a card can be read, is said when the reviewer leaves, and counted in the figures."""
    done = typed_in(monkeypatch, "n" * 40 + "q", study, "--reviewer", "AB", "--children", CHILDREN)
    assert "Every answer you have given is no match." in done.out
    assert "took less than 2 seconds" in done.out
    made = summary(
        {name: table(study, name) for name in ("person", "parameter", "review_sample", "review_pair", "decision")}
    )
    told = {row["measure"]: row["value"] for row in made["link_summary"].to_pylist()}
    assert told["readers_alike"] == 1


def test_the_second_reader_does_not_see_what_the_first_said(study: Path) -> None:
    """The cards of a second reader are the same whatever the first answered, and only children of the second look come up."""
    shown: list[list[object]] = []
    for said in (Answer.MATCH, Answer.NO_MATCH):
        place = copy_of(study, study.parent / said.value)
        answer_all(sit(place), lambda _, said=said: said)
        second = sit(place, "CD", second=True)
        pairs = pairs_to_show(second)
        shown.append([(pair, card_of(second, pair)) for pair in pairs])
        assert not any(pair.answered for pair in pairs)
        readings = {row["child_id"]: row["readings"] for row in table(place, "review_pair").to_pylist()}
        assert {readings[pair.child_id] for pair in pairs} == {2}
    assert shown[0] == shown[1]
    assert shown[0]


def test_keys_answer_go_back_and_leave(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """m, n and u answer; b goes back, and the later answer counts; other keys do nothing; q leaves, and the next sitting goes on there."""
    done = typed_in(monkeypatch, "m\nzn\nbu\nu ?xnq", study, "--reviewer", "AB", "--children", CHILDREN)
    assert done.code == 0
    assert "5 answered in this sitting, 86 left." in done.out
    rows = table(study, "decision").to_pylist()
    assert [row["answer"] for row in rows] == ["match", "no_match", "not_sure", "not_sure", "no_match"]
    assert rows[1]["household_id"] == rows[2]["household_id"]
    assert {(row["reviewer"], row["day"]) for row in rows} == {("AB", rows[0]["day"])}
    first = pairs_to_show(sit(study))[4]
    assert first == next(one for one in pairs_to_show(sit(study)) if not one.answered)
    again = typed_in(monkeypatch, "", study, "--reviewer", "AB")
    assert "0 answered in this sitting, 86 left." in again.out
    assert table(study, "decision").num_rows == 5


def test_a_third_reader_decides_where_two_differ(study: Path) -> None:
    """A child of whom two readers say different things comes up for a third, no other does, and the next run heeds two against one."""
    answer_all(sit(study), lambda _: Answer.NO_MATCH)
    split = pairs_to_show(sit(study, "CD", second=True))[0]
    answer_all(
        sit(study, "CD", second=True),
        lambda pair: (
            Answer.MATCH
            if (pair.child_id, pair.household_id) == (split.child_id, split.household_id)
            else Answer.NO_MATCH
        ),
    )
    third = sit(study, "EF", second=True)
    assert {pair.child_id for pair in pairs_to_show(third)} == {split.child_id}
    answer_all(
        third,
        lambda pair: (
            Answer.MATCH
            if (pair.child_id, pair.household_id) == (split.child_id, split.household_id)
            else Answer.NO_MATCH
        ),
    )
    run_study(study, "link")
    links = {row["child_id"]: row["household_id"] for row in table(study, "link").to_pylist()}
    assert links[split.child_id] == split.household_id


def test_figures_of_a_review_go_when_the_links_are_worked_out_from_something_else(study: Path) -> None:
    """With other parameters the old sample says nothing of the links, and only what was read and agreed is told."""
    answer_all(sit(study), truthful(study))
    names = ("person", "parameter", "review_sample", "review_pair", "decision")
    tables = {name: table(study, name) for name in names}
    told = {row["measure"] for row in summary(tables)["link_summary"].to_pylist()}
    assert {"precision", "recall", "on_file", "read"} <= told
    tables["parameter"] = tables["parameter"].slice(1)
    made = summary(tables)
    assert {row["measure"] for row in made["link_summary"].to_pylist()} == {
        "read",
        "read_twice",
        "readers",
        "with_oneself",
    }
    assert made["calibration"].num_rows == 0


def test_two_reviewers_are_never_given_the_same_child(study: Path) -> None:
    """A child that one has begun does not come up for another first reader, and is the first one's to finish."""
    first, second = sit(study, "AB"), sit(study, "CD")
    pair = pairs_to_show(first)[0]
    keep_answer(first, pair, Answer.MATCH)
    other = pairs_to_show(sit(study, "CD"))
    assert pair.child_id not in {one.child_id for one in other}
    taken = keep_answer(second, other[0], Answer.NO_MATCH)
    assert taken.decision.num_rows == 2, "an answer joins what others have added meanwhile"


REFUSED: dict[str, tuple[tuple[object, ...], str]] = {
    "no name": (("--reviewer", "  "), "--reviewer"),
    "another size": (("--reviewer", "AB", "--children", "35"), "--children"),
    "too few": (("--reviewer", "AB", "--children", "2", "--afresh"), "at least"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_wrong_use_is_told(case: str, study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be done ends with 2 and a sentence that names the option, and changes no answer."""
    keep_answer(sit(study), pairs_to_show(sit(study))[0], Answer.MATCH)
    arguments, word = REFUSED[case]
    done = typed_in(monkeypatch, "m", study, *arguments)
    assert done.code == 2
    assert word in done.err
    assert table(study, "decision").num_rows == 1


def test_changed_records_need_another_sample(study: Path) -> None:
    """When the records have changed since the children were drawn, review says so; drawn afresh, it goes on and keeps old answers."""
    keep_answer(sit(study), pairs_to_show(sit(study))[0], Answer.MATCH)
    store = store_of(study)
    person = ALL_TABLES["person"]
    permit = leave_to_read()
    held = store.load(person, permit).slice(0, store.load(person, permit).num_rows - 1)
    kept = store.record("standardise")
    assert kept is not None
    from hearthlink.governance import Permit

    others = {ALL_TABLES[name]: store.load(ALL_TABLES[name], permit) for name in kept.tables if name != "person"}
    write = Permit("test", permit.role, permit.reads, frozenset(ALL_TABLES))
    store.save("standardise", (kept.fingerprint, kept.opened), {**others, person: held}, {}, write)
    with pytest.raises(WrongUse, match="have changed"):
        sit(study)
    assert sit(study, afresh=True).decision.num_rows == 1


def test_review_needs_permission_and_links(
    practice: Path, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A study not yet linked is a problem of the data, one whose permission has ended is refused; the ledger has a line of each."""
    fresh = copy_of(practice, tmp_path / "fresh")
    done = typed_in(monkeypatch, "", fresh, "--reviewer", "AB")
    assert (done.code, "hearthlink run" in done.err) == (1, True)
    lines = (study / "study.toml").read_text(encoding="utf-8")
    (study / "study.toml").write_text(re.sub(r"ends = \S+", "ends = 2020-01-01", lines), encoding="utf-8")
    with pytest.raises(Refused):
        sit(study)
    assert [event["event"] for event in (events(fresh)[-1], events(study)[-1])] == ["stopped", "refused"]


def test_a_site_may_forbid_reviewing(study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the site's policy forbids review, nothing is opened, and the refusal is in the ledger."""
    policy = tmp_path / "policy.toml"
    policy.write_text('forbid = ["review"]', encoding="utf-8")
    monkeypatch.setattr("hearthlink.study.policy.policy_files", lambda: (policy,))
    with pytest.raises(Refused, match="forbids"):
        sit(study)
    assert (events(study)[-1]["event"], events(study)[-1]["step"]) == ("refused", "review")


# --- what is left behind ----------------------------------------------------------------------------------------


def test_nothing_of_a_review_leaks(study: Path, secrets: Secrets, tmp_path: Path) -> None:
    """Names are on the reviewer's screen alone: not on the error stream, in the ledger, in any file in the clear, nor in a temporary one."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "hearthlink", "review", str(study), "--reviewer", "AB", "--children", str(CHILDREN)],
        input="mnu" * 5 + "q",
        env=os.environ | {"PYTHONIOENCODING": "cp1252"} | {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP")},
        check=False,
        capture_output=True,
        encoding="cp1252",
        timeout=600,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert secrets.in_text(done.stdout) != {}, "the reviewer sees names by necessity"
    assert list(temporary.iterdir()) == []
    left = {name: held for name, held in bytes_below(study).items() if not name.startswith(("in/", "truth/"))}
    assert {
        name: found for name, held in left.items() if (found := secrets.in_text(held.decode("utf-8", "replace")))
    } == {}
    words = {str(said) for event in events(study) for said in event.values()}
    assert not [one for one in words if re.search(r"(?i)(?<![\w-])AB(?![\w-])", one)]
    assert sum(event["step"] == "review" for event in events(study)) == 15


def answer_slowly(study: Path) -> None:
    answer_all(sit(study), truthful(study))


def test_killed_while_answers_are_kept_a_review_goes_on(study: Path, secrets: Secrets) -> None:
    """After each kill every answer told in the ledger is kept in one whole chain, nothing is in the clear, and the end is complete."""
    method = "spawn" if sys.platform == "win32" else "fork"
    context = multiprocessing.get_context(method)
    sit(study)
    for after in (0.15, 0.3, 0.45):
        process = context.Process(target=answer_slowly, args=(study,))  # pyright: ignore[reportAttributeAccessIssue]
        process.start()
        time.sleep(after)
        process.kill()
        process.join()
        kept = store_of(study).load_if_there(ALL_TABLES["decision"], leave_to_read())
        require_whole(kept)
        said = [event["counts"]["decision"] for event in events(study) if event["step"] == "review"]  # pyright: ignore[reportIndexIssue]
        assert kept.num_rows >= max([0, *said])
        left = {name: held for name, held in bytes_below(study).items() if not name.startswith(("in/", "truth/"))}
        assert not any(secrets.in_text(held.decode("utf-8", "replace")) for held in left.values())
    answer_all(sit(study), truthful(study))
    rows = table(study, "decision").to_pylist()
    again = second_opinions(table(study, "decision"), "AB")
    assert len({(row["child_id"], row["household_id"]) for row in rows}) == len(rows) - len(again) == 3 * CHILDREN


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are not to be had there")
def test_in_a_terminal_a_key_is_enough_and_nothing_stays_on_the_screen(study: Path) -> None:
    """In a terminal of 24 lines a single key answers without Enter, long cards have pages, and the screen of its own is left at the end."""
    import fcntl
    import pty
    import select
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 90, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "hearthlink", "review", str(study), "--reviewer", "AB", "--children", str(CHILDREN)],
        stdin=slave, stdout=slave, stderr=slave, env=os.environ | {"TERM": "xterm", "NO_COLOR": "1"},
    )  # fmt: skip
    os.close(slave)
    seen = b""

    def until(word: bytes, begin: int) -> int:
        nonlocal seen
        ends = time.monotonic() + 300
        while word not in seen[begin:] and time.monotonic() < ends:
            if select.select([master], [], [], 0.2)[0]:
                try:
                    seen += os.read(master, 65536)
                except OSError:
                    break
        assert word in seen[begin:]
        return len(seen)

    at = until(b"? help", 0)
    for key, word in (
        (b"?", b"Nothing here says"),
        (b"?", b"SOCIAL CARE"),
        (b"\x1b[B", b"Nothing here says"),
        (b"?", b"SOCIAL CARE"),
        (b"m", b"89 left"),
        (b"q", b"answered in this sitting"),
    ):
        time.sleep(0.2)
        os.write(master, key)
        at = until(word, at)
    process.wait(timeout=300)
    os.close(master)
    text = seen.decode("utf-8", "replace")
    assert "\x1b[?1049h" in text
    before, after = text.split("\x1b[?1049l")
    assert "SOCIAL CARE" not in after
    assert re.search(r"\x1b\[[\d;]*m", text) is None, "no colour"
    assert all(len(line) <= 90 for line in re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", before).split("\r\n"))
    assert table(study, "decision").num_rows == 1
