"""No protocol that holds, no data: whatever is changed, missing, past or signed by the wrong people, nothing is opened and the code is 3."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from made_authority import TODAY, copy_of, events, say, unpermitted_study
from made_protocol import PASSPHRASE, Team, filled, mutations, opened_below, permit, sign, team, write

from hearthlink.errors import ExitCode, Refused
from hearthlink.governance import require
from hearthlink.governance.approval import Signature, read_kept
from hearthlink.governance.protocol import ProtocolLines, digest_of, said_by
from hearthlink.study import STEPS, Study, open_study
from hearthlink.study import run as carry_out
from hearthlink.study.acts import Beside
from hearthlink.study.acts_inside import BESIDE
from hearthlink.study.beside import permit_for
from hearthlink.study.permitted import permission_of
from hearthlink.study.protocols.protocol import check_protocol, revoke_key


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Team:
    """The keys of four people."""
    return team(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def permitted(tmp_path_factory: pytest.TempPathFactory, practice: Path, keys: Team) -> Path:
    """A council's study over the small authority's extracts with a protocol that holds and no permission lines. To be copied."""
    study = unpermitted_study(tmp_path_factory.getbasetemp() / "permitted", practice / "in")
    path = study / "study.toml"
    text = re.sub(
        r"^(purpose|ethics|dpia|agreement|social_care|benefits|geography) = .*$",
        "",
        path.read_text("utf-8"),
        flags=re.MULTILINE,
    )
    path.write_text(re.sub(r"^ends = .*$", "", text, flags=re.MULTILINE), encoding="utf-8")
    permit(study, keys)
    return study


@pytest.fixture
def study(tmp_path: Path, permitted: Path) -> Path:
    """A copy of it that may be spoilt."""
    return copy_of(permitted, tmp_path / "study")


def refusal(study: Path, now: datetime = TODAY) -> str:
    """The words in which a run is refused; it must be, with code 3, and must open no extract."""
    with opened_below(study / "in") as seen, pytest.raises(Refused) as stop:
        carry_out(open_study(study), clock=lambda: now, upto="receive")
    assert stop.value.code == ExitCode.REFUSED
    assert seen == []
    assert events(study)[-1]["event"] == "refused"
    return stop.value.sentence


def lets_by(study: Study) -> bool:
    """Whether the gate lets a study go on; where it does not, it refuses."""
    try:
        require(permission_of(study, TODAY), TODAY.date())
    except Refused:
        return False
    return True


def test_a_study_runs_by_a_protocol_that_holds(study: Path) -> None:
    """Without a permission line of its own the study is let by, its extracts are opened, and the protocol's words are the permission's."""
    with opened_below(study / "in") as seen:
        carry_out(open_study(study), clock=lambda: TODAY, upto="receive")
    assert len(seen) > 30, "the spy must see extracts opened where they are"
    permission = permission_of(open_study(study), TODAY)
    assert (permission.purpose, permission.ends) == ("a reference", date(2027, 3, 31))


def test_every_change_of_what_was_signed_is_refused(study: Path, keys: Team) -> None:
    """For each setting changed or left out after signing, the gate refuses with code 3 before any extract is opened."""
    said = filled(study, keys)
    held: list[str] = []
    count = 0
    with opened_below(study / "in") as seen:
        for name, other in mutations(said):
            count += 1
            write(study, other)
            opened = open_study(study)
            if lets_by(opened):
                held.append(name)
    assert count > 200
    assert (held, seen) == ([], [])
    write(study, said)
    assert lets_by(open_study(study))


def test_another_spelling_of_the_same_protocol_holds(study: Path, keys: Team) -> None:
    """Order of sections, comments and blanks are no part of what is signed."""
    said = filled(study, keys)
    turned = {name: dict(reversed(v.items())) if isinstance(v, dict) else v for name, v in reversed(said.items())}
    write(study, turned)
    path = study / "protocol.toml"
    path.write_text("# a remark\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert lets_by(open_study(study))


def kept(study: Path) -> dict[str, Any]:
    return json.loads((study / "protocol.signatures.json").read_text(encoding="utf-8"))


def keep(study: Path, held: dict[str, Any]) -> None:
    (study / "protocol.signatures.json").write_text(json.dumps(held), encoding="utf-8")


def test_every_change_of_a_signature_is_refused(study: Path) -> None:
    """For each thing changed or left out in the file of signatures, the protocol that was signed in it included, the gate refuses."""
    held = kept(study)
    opened = open_study(study)
    let_by: list[str] = []
    count = 0
    for name, other in mutations(held):
        count += 1
        keep(study, other)
        if lets_by(opened):
            let_by.append(name)
    assert count > 200
    assert let_by == []
    keep(study, held)
    assert lets_by(opened)


def one_signer(study: Path, _keys: Team) -> None:
    held = kept(study)
    keep(study, held | {"signatures": held["signatures"][:1]})


def same_signer_twice(study: Path, _keys: Team) -> None:
    held = kept(study)
    keep(study, held | {"signatures": held["signatures"][:1] * 2})


def made_by_hand(study: Path, keys: Team, who: str) -> dict[str, Any]:
    """A signature of the protocol as it stands that the tool would not make."""
    lines = open_study(study).protocol
    assert lines is not None
    key = keys.keys[who]
    blank = Signature(lines.version, digest_of(lines), who, key.public, "2026-01-02T00:00:00Z", "", said_by(lines))
    return asdict(blank) | {"signature": key.sign(blank.says)}


def also_signed_by(who: str) -> Callable[[Path, Team], None]:
    """One signature of an approver, and one that somebody else made by hand."""

    def spoil(study: Path, keys: Team) -> None:
        held = kept(study)
        keep(study, held | {"signatures": [held["signatures"][0], made_by_hand(study, keys, who)]})

    return spoil


def practice_keys(study: Path, _keys: Team) -> None:
    practised = team(study.parent, practice=True)
    write(study, filled(study, practised) | {"version": 2})
    keep(
        study, {"signatures": [made_by_hand(study, practised, who) for who in ("linker", "officer")], "revocations": []}
    )


def practice_keys_marked_as_real(study: Path, _keys: Team) -> None:
    practice_keys(study, _keys)
    for name in ("protocol.toml", "protocol.signatures.json"):
        path = study / name
        path.write_text(path.read_text(encoding="utf-8").replace("practice-ed25519:", "ed25519:"), encoding="utf-8")


def revoked_signer(study: Path, keys: Team) -> None:
    revoke_key(
        open_study(study), "linker", "officer", ask=lambda _: PASSPHRASE, clock=lambda: TODAY, folder=keys.folder
    )


def revocation_taken_out(study: Path, keys: Team) -> None:
    revoked_signer(study, keys)
    keep(study, kept(study) | {"revocations": []})


def another_name(study: Path, _keys: Team) -> None:
    held = kept(study)
    held["signatures"][0]["signer"] = "custodian"
    keep(study, held)


def another_version_signed(study: Path, keys: Team) -> None:
    said = filled(study, keys)
    before = (study / "protocol.toml").read_bytes()
    write(study, said | {"version": 2, "disclosure": said["disclosure"] | {"threshold": 20}})
    sign(study, keys, "linker", "officer")
    (study / "protocol.toml").write_bytes(before)


def new_text_unsigned(study: Path, keys: Team) -> None:
    said = filled(study, keys)
    write(study, said | {"version": 2, "project": said["project"] | {"purpose": "another"}})


def without(name: str) -> Callable[[Path, Team], None]:
    return lambda study, _keys: (study / name).unlink()


def both_gone(study: Path, _keys: Team) -> None:
    for name in ("protocol.toml", "protocol.signatures.json"):
        (study / name).unlink()


def text_of(name: str, words: str) -> Callable[[Path, Team], None]:
    def spoil(study: Path, _keys: Team) -> None:
        (study / name).write_text(words, encoding="utf-8")

    return spoil


def ledger_changed(study: Path, _keys: Team) -> None:
    path = study / "ledger.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("2026-01-02", "2026-01-01", 1), encoding="utf-8")


def another_extract(study: Path, _keys: Team) -> None:
    (study / "in" / "mosaic").mkdir()


SPOILT: dict[str, tuple[Callable[[Path, Team], None], str]] = {
    "one signer": (one_signer, "2 approvers must sign it, and 1 did"),
    "the same signer twice": (same_signer_twice, "signed twice, which counts once"),
    "signed by its author": (also_signed_by("author"), "nobody approves a protocol that they wrote"),
    "signed by no approver": (also_signed_by("custodian"), "does not name them as an approver"),
    "practice keys": (practice_keys, "a practice key, which signs for practice studies alone"),
    "practice keys marked as real": (practice_keys_marked_as_real, "signatures of the protocol were changed"),
    "a revoked signer": (revoked_signer, "the key was revoked"),
    "a revocation taken out": (revocation_taken_out, "revocation was taken out"),
    "another name on a signature": (another_name, "signatures of the protocol were changed"),
    "no JSON": (text_of("protocol.signatures.json", "{"), "signatures of the protocol were changed"),
    "a later version signed": (another_version_signed, "A later version was signed"),
    "a later version unsigned": (new_text_unsigned, "none did"),
    "no signatures": (without("protocol.signatures.json"), "none did"),
    "no protocol": (without("protocol.toml"), "The protocol was taken away"),
    "neither": (both_gone, "The protocol was taken away"),
    "no TOML": (text_of("protocol.toml", "version = "), "protocol.toml"),
    "nothing in it": (text_of("protocol.toml", "version = 1"), "not whole"),
    "the ledger changed": (ledger_changed, "The ledger was changed"),
    "an extract that is not named": (another_extract, "in/mosaic"),
}


@pytest.mark.parametrize("case", SPOILT)
def test_a_protocol_that_does_not_hold_opens_nothing(study: Path, keys: Team, case: str) -> None:
    """Each way in which a protocol may fail to be the one that two approvers signed is refused in words that say which."""
    spoil, words = SPOILT[case]
    spoil(study, keys)
    assert words in refusal(study)


DAYS: dict[str, tuple[datetime, str]] = {
    "before it begins": (datetime(2025, 12, 31, tzinfo=UTC), "The clock was set back"),
    "after its last day": (datetime(2027, 4, 1, tzinfo=UTC), "The protocol ended on 31 March 2027"),
    "after all was to be destroyed": (datetime(2027, 10, 1, tzinfo=UTC), "to be destroyed by 30 September 2027"),
    "the clock set back by days": (datetime(2026, 1, 1, 12, tzinfo=UTC), "The clock was set back"),
    "the clock set back by minutes": (datetime(2026, 1, 1, 23, 57, tzinfo=UTC), "The clock was set back"),
}


@pytest.mark.parametrize("case", DAYS)
def test_a_protocol_holds_from_its_first_day_to_its_last(study: Path, case: str) -> None:
    """On each day out of its time, or on one before something that was done already, the study is refused."""
    now, words = DAYS[case]
    assert words in refusal(study, now)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"dates": {"starts": date(2026, 2, 1), "ends": date(2027, 3, 31), "destroy_by": date(2027, 9, 30)}}, "begins on"),
        ({"dpia": {"body": "b", "reference": "a reference", "dated": date(2025, 12, 1), "review": date(2026, 1, 14)}}, "dpia"),
    ],
)  # fmt: skip
def test_what_is_signed_may_not_hold_yet_or_no_longer(
    study: Path, keys: Team, change: dict[str, Any], words: str
) -> None:
    """A protocol before its first day, and one whose approval was to be looked at again, are refused though two have signed."""
    write(study, filled(study, keys) | {"version": 2} | change)
    sign(study, keys, "linker", "officer", now=datetime(2026, 1, 2, tzinfo=UTC))
    assert words in refusal(study)


def test_a_protocol_is_asked_for_anew_before_every_step(study: Path, keys: Team) -> None:
    """Text that changes after the first step keeps the second from beginning; the first stays done."""
    changed: list[bool] = []

    def tell(_news: object) -> None:
        if not changed:
            changed.append(True)
            new_text_unsigned(study, keys)

    with pytest.raises(Refused, match="changed while it was in use"):
        carry_out(open_study(study), clock=lambda: TODAY, upto="standardise", tell=tell)
    assert [e["step"] for e in events(study) if e["event"] == "step done"] == ["receive"]


def bound(study: Path, keys: Team) -> None:
    """Have a version signed that holds the digests of the very files."""
    from hearthlink.study.practice import file_hashes

    said = filled(study, keys)
    said["sources"]["social_care"]["extracts"] = file_hashes(study / "in")
    write(study, said | {"version": 2})
    sign(study, keys, "linker", "officer", now=datetime(2026, 1, 2, tzinfo=UTC))


def test_a_protocol_that_binds_files_holds_for_them(study: Path, keys: Team) -> None:
    """The files whose digests a protocol holds are read."""
    bound(study, keys)
    carry_out(open_study(study), clock=lambda: TODAY, upto="receive")
    assert events(study)[-1]["event"] == "run finished"


def test_another_dataset_is_refused(study: Path, keys: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with one letter changed is hashed and not read, and one of another name is not even opened."""
    bound(study, keys)
    path = study / "in" / "ssd" / "ssd_person.csv"
    content = bytearray(path.read_bytes())
    content[-10] ^= 1
    path.write_bytes(content)
    monkeypatch.setattr("hearthlink.sources.receive", lambda *_, **__: pytest.fail("rows were read"))
    with pytest.raises(Refused, match="not the extract whose digest"):
        carry_out(open_study(study), clock=lambda: TODAY, upto="receive")
    shutil.copy(path, path.with_name("another.csv"))
    assert "in/ssd/another.csv" in refusal(study)


def test_what_a_desktop_leaves_in_a_folder_is_no_extract(study: Path, keys: Team) -> None:
    """A file that a desktop writes into folders it shows neither widens what is asked for nor makes another dataset of it."""
    bound(study, keys)
    for name in (".DS_Store", "ssd/.DS_Store", "shbe/Thumbs.db"):
        (study / "in" / name).write_bytes(b"anything")
    carry_out(open_study(study), clock=lambda: TODAY, upto="receive")
    assert events(study)[-1]["event"] == "run finished"


@pytest.mark.parametrize("step", [step.name for step in STEPS])
def test_no_step_begins_without_a_protocol_that_holds(study: Path, keys: Team, step: str) -> None:
    """Each step's command, with a protocol that one approver alone has signed, ends with 3, and opens and makes nothing."""
    one_signer(study, keys)
    with opened_below(study / "in") as seen:
        done = say(step, study, "--quiet")
    assert (done.code, seen, (study / "rooms").exists()) == (3, [], False)
    assert "No file was opened" in done.err


@pytest.mark.parametrize("act", BESIDE, ids=lambda act: act.name)
def test_nothing_is_done_beside_the_run_without_a_protocol_that_holds(study: Path, keys: Team, act: Beside) -> None:
    """What people do beside the run has a permit from a protocol that holds, and none from one whose signer was revoked."""
    assert permit_for(open_study(study), act, lambda: TODAY).step == act.name
    revoked_signer(study, keys)
    with pytest.raises(Refused, match="the key was revoked"):
        permit_for(open_study(study), act, lambda: TODAY)


# --- study.toml narrows, and never widens ---------------------------------------------------------------------------


def setting(pattern: str, words: str) -> Callable[[Path], None]:
    def change(study: Path) -> None:
        path = study / "study.toml"
        text, count = re.subn(pattern, words, path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
        assert count == 1
        path.write_text(text, encoding="utf-8")

    return change


def another_plan(study: Path) -> None:
    path = study / "analysis.toml"
    text = path.read_text(encoding="utf-8")
    assert '"before_12"' in text
    path.write_text(text.replace('"before_12"', '"before_24"', 1), encoding="utf-8")


ENDS, QUERY = "[permission]\nends = ", '[[source]]\ntable = "claim_period"\ndatabase = "d"\nquery = "SELECT a FROM b"\n'
WIDENED: dict[str, tuple[Callable[[Path], None], str]] = {
    "threshold": (setting(r"^threshold = 10", "threshold = 5"), "disclosure.threshold"),
    "year": (setting(r'^year = "2019-20"', 'year = "2020-21"'), "year"),
    "name origin": (setting(r"^name_origin = false", "name_origin = true"), "permission.name_origin"),
    "pseudonyms": (setting(r"^keep_pseudonyms = false", "keep_pseudonyms = true"), "refresh.keep_pseudonyms"),
    "childless": (setting(r"^keep_households_without_children = false", "keep_households_without_children = true"), "cohort."),
    "credit alone": (setting(r"^link_universal_credit_alone = false", "link_universal_credit_alone = true"), "cohort."),
    "ends": (setting(r"^\[permission\]", f"{ENDS}2027-04-01"), "permission.ends"),
    "purpose": (setting(r"^\[permission\]", '[permission]\npurpose = "another"'), "permission.purpose"),
    "gateway": (setting(r"^\[files\]", '[permission.gateways]\nbenefits = "another"\n\n[files]'), "permission.gateways.benefits"),
    "layouts": (setting(r'^folder = "in"', 'folder = "."'), "No source of the protocol names it"),
    "a query": (setting(r"^\[cohort\]", f"{QUERY}\n[cohort]"), "in/claim_period"),
    "the plan": (another_plan, "analysis.toml"),
}  # fmt: skip
NARROWED: dict[str, Callable[[Path], None]] = {
    "threshold": setting(r"^threshold = 10", "threshold = 20"),
    "rounding": setting(r"^threshold = 10(.*)\nrounding = 5", r"threshold = 20\1\nrounding = 10"),
    "ends": setting(r"^\[permission\]", f"{ENDS}2026-03-31"),
    "the same words": setting(r"^\[permission\]", '[permission]\npurpose = "a reference"'),
    "a layout less": lambda study: shutil.rmtree(study / "in" / "geography"),
}


@pytest.mark.parametrize("case", WIDENED)
def test_study_toml_never_widens_a_protocol(study: Path, case: str) -> None:
    """Each setting by which a study would ask for more than its protocol allows is refused by its name."""
    change, names = WIDENED[case]
    change(study)
    said = refusal(study)
    assert names in said
    assert "asks for more" in said


def test_rounding_is_never_finer_than_the_protocol_says(study: Path, keys: Team) -> None:
    """A protocol that rounds to 10 refuses a study that rounds to 5."""
    said = filled(study, keys)
    write(study, said | {"version": 2, "disclosure": said["disclosure"] | {"rounding": 10}})
    sign(study, keys, "linker", "officer", now=datetime(2026, 1, 2, tzinfo=UTC))
    assert "disclosure.rounding" in refusal(study)


@pytest.mark.parametrize("case", NARROWED)
def test_study_toml_may_narrow_a_protocol(study: Path, case: str) -> None:
    """A study that asks for less than its protocol allows is let by, and is held to what it asks for."""
    NARROWED[case](study)
    opened = open_study(study)
    assert lets_by(opened)
    if case == "ends":
        assert permission_of(opened, TODAY).ends == date(2026, 3, 31)


def test_what_keeps_a_protocol_from_holding_is_said_by_check(study: Path) -> None:
    """The words by which the gate refuses are those that `protocol check` gives beforehand."""
    WIDENED["threshold"][0](study)
    told = check_protocol(open_study(study), lambda: TODAY)
    assert not told.holds
    assert [each.partition(":")[0] for each in told.against_study] == ["disclosure.threshold"]


def test_signatures_are_read_as_they_were_written(study: Path) -> None:
    """The file of signatures holds two, each with the protocol it is of."""
    held = read_kept((study / "protocol.signatures.json").read_text(encoding="utf-8"))
    assert [one.signer for one in held.signatures] == ["linker", "officer"]
    assert {digest_of(ProtocolLines.model_validate(one.protocol)) for one in held.signatures} == {
        held.signatures[0].digest
    }
