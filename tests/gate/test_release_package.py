"""A release as an outsider has it: what is in it, that every changed byte is found, and that a checker of their own finds the same."""

from __future__ import annotations

import base64
import io
import json
import random
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import plain_verifier
import pytest
from made_authority import copy_of, events, say
from made_protocol import PASSPHRASE, team

from hearthlink.cli.options import now
from hearthlink.errors import DataProblem, HearthlinkError, Refused, WrongUse
from hearthlink.governance.protocol import digest_of
from hearthlink.governance.release import Entry, Move, State
from hearthlink.study import open_study, run
from hearthlink.study.ending.destroy import destroy
from hearthlink.study.ending.incident import report_incident
from hearthlink.study.package import ADDED, APPROVALS, CRATE, MANIFEST, archive, as_json
from hearthlink.study.protocols.protocol import revoke_key
from hearthlink.study.release.acts import Hand, finish, make, review, submit, withdraw
from hearthlink.study.release.shown import release_told, releases_told
from hearthlink.study.release.verify import Found, look_through, verify_package
from hearthlink.study.released import released_before


@dataclass(frozen=True, slots=True)
class Left:
    """A study with a release that has left: its folder, the archive, the files in it, and the digest of the protocol."""

    study: Path
    archive: Path
    files: Mapping[str, bytes]
    protocol: str


def hand(who: str) -> Hand:
    return Hand(who, lambda _: PASSPHRASE, now, team(Path.home()).folder)


def let_leave(folder: Path) -> None:
    """Make a release of what a study has cleared, and let it leave."""
    make(open_study(folder), hand("author"))
    submit(open_study(folder), hand("author"), None)
    for who in ("custodian", "officer"):
        review(open_study(folder), hand(who), None, Move.APPROVE)
    finish(open_study(folder), hand("officer"), None)


@pytest.fixture(scope="module")
def left(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Left:
    """A release that has left. Never changed."""
    study = copy_of(real, tmp_path_factory.mktemp("left") / "study")
    let_leave(study)
    path = study / "releases" / "001" / "release-001.zip"
    with zipfile.ZipFile(path) as opened:
        files = {
            name.removeprefix("release-001/data/"): opened.read(name) for name in opened.namelist() if "/data/" in name
        }
    protocol = open_study(study).protocol
    assert protocol is not None
    return Left(study, path, files, digest_of(protocol))


@pytest.fixture
def study(left: Left, tmp_path: Path) -> Path:
    """A copy of the study that may be spoilt."""
    return copy_of(left.study, tmp_path / "study")


@pytest.fixture
def cleared(real: Path, tmp_path: Path) -> Path:
    """A copy of a study that was run and of which nothing has left."""
    return copy_of(real, tmp_path / "cleared")


def looked(files: Mapping[str, bytes], protocol: str = "") -> Found:
    found = Found()
    look_through(files, protocol, found)
    return found


# --- it holds ------------------------------------------------------------------------------------------------------------


def test_a_release_holds_for_us_and_for_a_checker_of_its_own(left: Left) -> None:
    """An outsider finds it whole, with Hearthlink or with sixty lines of their own; the ledger's line is in the council's ledger."""
    found = verify_package(left.archive, protocol=left.protocol)
    assert found.holds, found.wrong
    assert plain_verifier.faults(left.files, left.protocol) == []
    shown = "\n".join(found.shows)
    assert left.protocol in shown
    assert "custodian" in shown
    head = json.loads(left.files[APPROVALS])["moves"][-1]["ledger"]
    assert say("ledger", "verify", left.study, "--head", head).code == 0


def test_without_the_digest_trust_on_first_sight_is_said(left: Left) -> None:
    """Where nobody gave the protocol's digest, what is shown says so in words; with another digest it does not hold."""
    assert "on first sight" in "\n".join(verify_package(left.archive).shows)
    assert "on first sight" not in "\n".join(verify_package(left.archive, protocol=left.protocol).shows)
    wrong = verify_package(left.archive, protocol="0" * 64)
    assert [one for one in wrong.wrong if "not to be relied on" in one]
    assert plain_verifier.faults(left.files, "0" * 64)


def test_verify_needs_no_study_and_says_so_by_its_exit_code(left: Left, tmp_path: Path) -> None:
    """The command works on the archive alone, anywhere; what does not hold ends with 1, what is no package with 2."""
    alone = tmp_path / "elsewhere.zip"
    shutil.copy(left.archive, alone)
    done = say("verify", alone, "--protocol", left.protocol)
    assert (done.code, done.err) == (0, "")
    assert say("verify", left.study / "releases" / "001" / "package").code == 0
    alone.write_bytes(left.archive.read_bytes()[:-1])
    assert say("verify", alone).code == 1
    assert say("verify", tmp_path / "nothing.zip").code == 2
    assert say("verify", tmp_path).code == 2


def test_the_same_files_are_the_same_archive(left: Left) -> None:
    """The archive is made of its files alone, without a clock, so whoever has them can make it again."""
    assert archive(1, left.files) == left.archive.read_bytes()


# --- what is in it ---------------------------------------------------------------------------------------------------------


def test_acro_and_its_viewer_can_read_the_folder(left: Left) -> None:
    """What ACRO's load_records and SACRO Viewer's ACROOutputs ask of a folder is there: the one JSON of that form, files, checksums."""
    results = json.loads(left.files["results.json"])
    assert tuple(map(int, results["version"].split(".")[:2])) >= (0, 4)
    alike = [
        n
        for n, c in left.files.items()
        if n.endswith(".json") and "/" not in n and {"version", "results"} <= set(json.loads(c))
    ]
    assert alike == ["results.json"], "the viewer takes the one file that has both"
    needed = {
        "uid",
        "status",
        "type",
        "properties",
        "files",
        "outcome",
        "command",
        "summary",
        "timestamp",
        "comments",
        "exception",
        "fair",
    }
    for name, one in results["results"].items():
        assert needed <= set(one), name
        assert one["status"] in {"pass", "review"}
        assert one["exception"] or one["status"] == "pass"
        assert one["files"]
        for file in one["files"]:
            assert "sdc" in file
            assert left.files[f"checksums/{file['name']}.txt"].decode() == plain_verifier.digest(
                left.files[file["name"]]
            )
            assert all(cells == [] for cells in file["sdc"].get("cells", {}).values()), (
                "no cell is told to be a small one"
            )
    assert {"report.html", "tables/headline.csv"} <= set(results["results"])
    assert json.loads(left.files["config.json"])["safe_threshold"] == 10


def test_the_description_is_a_five_safes_crate(left: Left) -> None:
    """What profile 0.5 says MUST be there: a root that conforms, one execution, its project, who asked, and every check; all references end somewhere."""
    crate = json.loads(left.files[CRATE])
    graph = {one["@id"]: one for one in crate["@graph"]}
    assert len(graph) == len(crate["@graph"])
    root = graph["./"]
    assert root["conformsTo"] == {"@id": "https://w3id.org/5s-crate/0.5"}
    assert graph[root["conformsTo"]["@id"]]["@type"] == "Profile"
    assert graph["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    actions = [graph[one["@id"]] for one in root["mentions"]]
    run = next(one for one in actions if one["@type"] == "CreateAction")
    assert run["instrument"] == root["mainEntity"]
    assert graph[run["agent"]["@id"]]["@type"] == "Person"
    assert graph[root["sourceOrganization"]["@id"]]["@type"] == "Project"
    checks = [one for one in actions if one.get("additionalType") == {"@id": "https://w3id.org/shp#DisclosureCheck"}]
    assert [one["disclosureCheckType"] for one in checks] == ["automated", "manual", "manual"]
    assert {graph[one["agent"]["@id"]]["name"] for one in checks[1:]} == {"custodian", "officer"}
    parts = {one["@id"] for one in root["hasPart"]}
    assert parts == set(left.files) - set(ADDED)
    assert {one["@id"] for one in run["result"]} <= parts
    outside = {"https://w3id.org/ro/crate/1.2", "https://w3id.org/shp"}
    assert {target for one in crate["@graph"] for target in _targets(one)} <= set(graph) | outside


def _targets(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        else:
            yield from (target for inner in value.values() for target in _targets(inner))
    elif isinstance(value, list):
        yield from (target for inner in value for target in _targets(inner))


def test_the_archive_is_a_bag(left: Left) -> None:
    """The archive is one BagIt folder whose lists in SHA-512 are right, as the profile asks for."""
    import hashlib

    with zipfile.ZipFile(left.archive) as opened:
        held = {name.partition("/")[2]: opened.read(name) for name in opened.namelist()}
        assert {name.partition("/")[0] for name in opened.namelist()} == {"release-001"}
    for listing in ("manifest-sha512.txt", "tagmanifest-sha512.txt"):
        for line in held[listing].decode().splitlines():
            sum_of, _, name = line.partition("  ")
            assert hashlib.sha512(held[name]).hexdigest() == sum_of
    payload = {line.partition("  ")[2] for line in held["manifest-sha512.txt"].decode().splitlines()}
    assert payload == {name for name in held if name.startswith("data/")}
    assert b"External-Identifier: urn:uuid:" in held["bag-info.txt"]


def test_the_record_tells_how_much_was_held_back_and_not_where(left: Left) -> None:
    """disclosure.json has the rule, the program, each audit and its result, and of what was held back one number."""
    record = json.loads(left.files["disclosure.json"])
    assert (record["profile"], record["rule"]["threshold"], record["rule"]["base"]) == ("strict", 10, 5)
    assert {one["result"] for one in record["audits"]} == {"passed"}
    assert set(record["counts"]) == {"tables", "figures", "figures_held_back"}
    assert record["counts"]["figures_held_back"] > 0
    tables = {one["name"] for one in json.loads(left.files["cleared.json"])["tables"]} - {"headline", "held_back"}
    told = left.files["disclosure.json"].decode()
    assert not [name for name in tables if f'"{name}"' in told]


# --- a changed byte --------------------------------------------------------------------------------------------------------


def spoilt(files: Mapping[str, bytes], name: str, place: int) -> dict[str, bytes]:
    content = bytearray(files[name])
    content[place] ^= 1
    return {**files, name: bytes(content)}


def test_one_changed_byte_of_any_file_is_named(left: Left) -> None:
    """In each file one byte is turned over: the check names the file, or the move that it belongs to, and so does the other checker."""
    some = random.Random(6)
    for name, content in left.files.items():
        other = spoilt(left.files, name, some.randrange(len(content)))
        found = looked(other)
        assert not found.holds, name
        assert name in ADDED or name in " ".join(found.wrong), (name, found.wrong)
        assert plain_verifier.faults(other), name


def test_any_changed_byte_of_the_approvals_is_found(left: Left) -> None:
    """Wherever a byte of the approvals is turned over, blanks included, nothing holds any more."""
    content = left.files[APPROVALS]
    for place in range(0, len(content), 7):
        assert not looked(spoilt(left.files, APPROVALS, place)).holds, place


def test_any_changed_byte_of_the_archive_is_found(left: Left, tmp_path: Path) -> None:
    """Also in what is beside its files: names, dates, sizes, the list at its end."""
    whole = left.archive.read_bytes()
    places = {*range(120), *range(len(whole) - 200, len(whole)), *random.Random(7).sample(range(len(whole)), 60)}
    path = tmp_path / "release.zip"
    for place in sorted(places)[::2]:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            assert not verify_package(path).holds, place
        except HearthlinkError:
            continue


@pytest.mark.parametrize("name", ["tables/headline.csv", "protocol.json", APPROVALS, CRATE, MANIFEST, "VERIFY.md"])
def test_a_file_taken_out_or_added_is_named(left: Left, name: str) -> None:
    """Nothing is missing and nothing is there besides."""
    fewer = {one: content for one, content in left.files.items() if one != name}
    assert name in " ".join(looked(fewer).wrong)
    more = {**left.files, "tables/extra.csv": b"a\n"}
    assert "tables/extra.csv was added" in looked(more).wrong
    assert plain_verifier.faults(fewer)
    assert plain_verifier.faults(more)


def with_moves(files: Mapping[str, bytes], change: Callable[[list[Entry]], list[Entry]]) -> dict[str, bytes]:
    said = json.loads(files[APPROVALS])
    moves = change([Entry(**one) for one in said["moves"]])
    return {**files, APPROVALS: as_json({**said, "moves": [asdict(one) for one in moves]})}


def resigned(moves: list[Entry], place: int, **changed: Any) -> list[Entry]:
    """The moves with one changed and signed anew by whoever signed it, and those after it chained and signed anew too: collusion."""
    keys = {one.public: one for one in team(Path.home()).keys.values()}
    made = moves[:place]
    for number, one in enumerate(moves[place:], start=place):
        new = replace(one, **(changed if number == place else {}), after=made[-1].hash if made else one.after)
        made.append(replace(new, signature=keys[new.key].sign(new.says)))
    return made


CHECK, SUBMIT, FIRST, SECOND, FINISH = range(5)


def _key(who: str) -> str:
    return team(Path.home()).keys[who].public


FORGED: dict[str, Callable[[list[Entry]], list[Entry]]] = {
    "an approval taken out": lambda m: [*m[:FIRST], *m[SECOND:]],
    "an approval twice": lambda m: [*m[:SECOND], m[FIRST], m[FINISH]],
    "two approvals in another order": lambda m: [*m[:FIRST], m[SECOND], m[FIRST], m[FINISH]],
    "one person twice, signed anew": lambda m: resigned(m, SECOND, by=m[FIRST].by, key=m[FIRST].key),
    "the author's own, signed anew": lambda m: resigned(m, SECOND, by="author", key=_key("author")),
    "by somebody who is no checker": lambda m: resigned(m, SECOND, by="linker", key=_key("linker")),
    "under another's name": lambda m: resigned(m, SECOND, by="custodian", key=_key("linker")),
    "of another digest": lambda m: resigned(m, SECOND, digest="0" * 64),
    "of another release": lambda m: resigned(m, SECOND, release=2),
    "a return in place of an approval": lambda m: resigned(m, SECOND, move=Move.RETURN.value, why="a reason"),
    "never finished": lambda m: m[:FINISH],
    "no moves": lambda m: [],
}


@pytest.mark.parametrize("case", FORGED)
def test_approvals_that_do_not_count_are_found(left: Left, case: str) -> None:
    """Approvals moved, doubled, forged, or given by somebody who may not, do not hold, though every signature be good."""
    other = with_moves(left.files, FORGED[case])
    assert not looked(other).holds
    assert plain_verifier.faults(other)


def test_an_approval_of_another_release_does_not_count(left: Left, study: Path) -> None:
    """The signatures of one release are replayed for a second: its digest is another's."""
    assert "another" in " ".join(
        looked({**left.files, MANIFEST: left.files[MANIFEST].replace(b'"release": 1', b'"release": 2')}).wrong
    )


def test_figures_that_were_changed_and_approved_again_are_still_inspected(left: Left) -> None:
    """Even where everybody signs it, a count under the threshold in the cleared tables does not pass."""
    from hearthlink.study.package import digest_of as sum_of
    from hearthlink.study.package import manifest_of

    tables = json.loads(left.files["cleared.json"])
    row = next(t for t in tables["tables"] if t["name"] == "headline")["rows"][0]
    row[1][0] = 7
    files = {**left.files, "cleared.json": json.dumps(tables, ensure_ascii=False, sort_keys=True, indent=1).encode()}
    listed = {name: content for name, content in files.items() if name not in ADDED and name != MANIFEST}
    files[MANIFEST] = manifest_of(1, listed)
    digest = sum_of(files[MANIFEST])

    def again(moves: list[Entry]) -> list[Entry]:
        for place in range(len(moves)):
            moves = resigned(moves, place, digest=digest)
        return moves

    files = with_moves(files, again)
    files[APPROVALS] = as_json({**json.loads(files[APPROVALS]), "digest": digest})
    assert plain_verifier.faults(files) == [], "the forgery is one that signatures alone do not show"
    assert "headline" in " ".join(looked(files).wrong)


# --- in the study ----------------------------------------------------------------------------------------------------------


def test_what_left_is_remembered_for_the_next_clearing(left: Left) -> None:
    """Readers' cleared tables are given with their number, and the true figures behind them rest in the research room."""
    assert released_before(open_study(left.study)) == [(1, left.files["cleared.json"])]
    from made_authority import table

    rows = table(left.study, "released_figure").to_pylist()
    assert {row["release"] for row in rows} == {1}
    assert any(row["children"] for row in rows)


def test_every_move_has_its_line_and_a_first_review_tells_nothing(left: Left) -> None:
    """The ledger has each move with its digest; between the first review and the second no line says what the first said."""
    lines = events(left.study)
    mine = [(one["event"], one["about"]) for one in lines if one["step"] == "release" and one["about"]]
    digest = json.loads(left.files[APPROVALS])["digest"]
    assert mine == [
        ("release checked", digest), ("release submitted", digest), ("release approved", digest), ("release approved", digest),
        ("released", digest),
    ]  # fmt: skip
    steps = [one["event"] if one["about"] else one["step"] for one in lines if str(one["step"]).startswith("release")]
    first = steps.index("release-review")
    assert steps.index("release approved") > first


def test_a_package_changed_under_the_reviewers_hands_is_a_draft(cleared: Path) -> None:
    """A byte changed after the first vote: the second is refused, the votes are void, and it has to be made anew."""
    make(open_study(cleared), hand("author"))
    submit(open_study(cleared), hand("author"), None)
    review(open_study(cleared), hand("custodian"), 1, Move.APPROVE)
    told = release_told(open_study(cleared))
    assert told.state is State.REVIEWED_ONCE
    assert "custodian" not in " ".join(told.says)
    assert "approved" not in " ".join(told.says)
    assert "custodian" not in (cleared / "releases" / "001" / "state.json").read_text(encoding="utf-8")
    changed = cleared / "releases" / "001" / "package" / "tables" / "headline.csv"
    changed.write_bytes(changed.read_bytes() + b"\n")
    with pytest.raises(Refused, match="draft again"):
        review(open_study(cleared), hand("officer"), 1, Move.APPROVE)
    assert release_told(open_study(cleared)).state is State.DRAFT
    assert make(open_study(cleared), hand("author")).state is State.CHECKED
    with pytest.raises(Refused, match="cannot be approved"):
        review(open_study(cleared), hand("officer"), 1, Move.APPROVE)


def test_made_again_of_the_same_bytes_it_stands_as_it_did(cleared: Path) -> None:
    """A package that would be the same is left alone, with what was said of it."""
    first = make(open_study(cleared), hand("author"))
    submit(open_study(cleared), hand("author"), None)
    again = make(open_study(cleared), hand("author"))
    assert (again.digest, again.state) == (first.digest, State.SUBMITTED)


@pytest.mark.parametrize("name", ["tables/headline.csv", "report.html"])
def test_a_file_edited_in_out_is_refused(cleared: Path, name: str) -> None:
    """What the report wrote may leave; what somebody changed in it may not, and the file is named."""
    path = cleared / "out" / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(DataProblem, match="changed since") as refusal:
        make(open_study(cleared), hand("author"))
    assert refusal.value.file == name
    assert not (cleared / "releases").exists()


def test_a_file_put_beside_the_report_does_not_leave(cleared: Path) -> None:
    """Somebody's own notes in out/ are not taken, and it is said."""
    (cleared / "out" / "notes.csv").write_text("a,b\n", encoding="utf-8")
    told = make(open_study(cleared), hand("author"))
    assert any("Not taken" in one for one in told.says)
    assert not (cleared / "releases" / "001" / "package" / "notes.csv").exists()


def test_the_author_and_those_who_are_no_checkers_do_not_review(cleared: Path) -> None:
    """By the protocol's own parts: the analyst may not review, the linker may not, and no checker makes a package."""
    with pytest.raises(Refused, match="analyst or the author"):
        make(open_study(cleared), hand("officer"))
    make(open_study(cleared), hand("author"))
    submit(open_study(cleared), hand("author"), None)
    for who in ("author", "linker"):
        with pytest.raises(Refused, match="output checker"):
            review(open_study(cleared), hand(who), None, Move.APPROVE)
    with pytest.raises(Refused, match="submitted"):
        finish(open_study(cleared), hand("officer"), None)


def test_a_history_that_was_changed_stops_everything(study: Path) -> None:
    """A word in the signed history: nothing more is done, and what was released cannot be said, so the next clearing stops too."""
    path = study / "releases" / "001" / "state.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"by": "custodian"', '"by": "linker"'), encoding="utf-8")
    for act in (release_told, released_before):
        with pytest.raises(Refused, match="was changed"):
            act(open_study(study))


def test_what_was_released_stays_as_it_was(study: Path, tmp_path: Path) -> None:
    """A withdrawal adds a record beside it, which `verify` reads; the archive is as before, still counts as seen, and is withdrawn once."""
    before = (study / "releases" / "001" / "release-001.zip").read_bytes()
    told = withdraw(open_study(study), hand("linker"), 1, why="an error in a link")
    assert told.state is State.WITHDRAWN
    assert (study / "releases" / "001" / "release-001.zip").read_bytes() == before
    (found,) = verify_package(study / "releases" / "001" / "release-001.zip").wrong
    assert found.endswith("by linker, approver: an error in a link")
    (tmp_path / "sent.zip").write_bytes(before)
    assert verify_package(tmp_path / "sent.zip").holds
    assert [number for number, _ in released_before(open_study(study))] == [1]
    with pytest.raises(Refused, match="withdrawn"):
        withdraw(open_study(study), hand("linker"), 1, why="an error in a link")


def test_a_package_that_was_edited_after_it_left_is_read_from_its_archive(study: Path) -> None:
    """What readers have is what left: the next clearing has it from the archive where the package was changed, and stops where neither is as it left."""
    path = study / "releases" / "001" / "package" / "cleared.json"
    left = path.read_bytes()
    path.write_bytes(left + b" ")
    assert released_before(open_study(study)) == [(1, left)]
    packed = study / "releases" / "001" / "release-001.zip"
    packed.write_bytes(packed.read_bytes().replace(b'"tables"', b'"TABLES"', 1))
    with pytest.raises(DataProblem, match=r"cleared.json was changed") as stop:
        released_before(open_study(study))
    assert "release-001.zip" in (stop.value.remedy or "")


@pytest.mark.parametrize("spoilt", ["tables/headline.csv", "release.json", "manifest.json", None])
def test_a_release_is_withdrawn_whatever_became_of_its_package(study: Path, spoilt: str | None) -> None:
    """Withdrawal needs the signed history alone: an edited package, or none, holds nothing up, and that it is not as it left is said."""
    package = study / "releases" / "001" / "package"
    if spoilt is None:
        shutil.rmtree(package)
    else:
        (package / spoilt).write_bytes((package / spoilt).read_bytes() + b"x")
    told = withdraw(open_study(study), hand("linker"), 1, why="an error in a link")
    assert told.state is State.WITHDRAWN
    assert any("not as it left" in one for one in told.says)
    assert not verify_package(study / "releases" / "001" / "release-001.zip").holds


def test_a_notice_of_withdrawal_is_verified_by_itself(study: Path, tmp_path: Path) -> None:
    """Whoever has the notice alone learns which package is meant, by whom and why; a changed one does not hold."""
    withdraw(open_study(study), hand("linker"), 1, why="an error in a link")
    sent = tmp_path / "withdrawn.json"
    shutil.copy(study / "releases" / "001" / "withdrawn.json", sent)
    found = verify_package(sent)
    assert found.holds
    shown = "\n".join(found.shows)
    for words in ("release 001", "an error in a link", "linker, approver", release_told(open_study(study), 1).digest):
        assert words in shown
    sent.write_text(sent.read_text(encoding="utf-8").replace("an error", "no error"), encoding="utf-8")
    assert not verify_package(sent).holds
    assert say("verify", sent).code == 1


def test_let_leave_once_more_it_is_said_that_it_has_left(study: Path) -> None:
    """A release that has left is no fault of the clearing: it is said when it left; nothing is said to be made before that is refused."""
    told: list[str] = []
    with pytest.raises(WrongUse, match="left already, on "):
        finish(open_study(study), hand("custodian"), 1, say=told.append)
    assert told == []
    withdraw(open_study(study), hand("linker"), 1, why="an error in a link")
    with pytest.raises(WrongUse, match="withdrawn since"):
        finish(open_study(study), hand("custodian"), 1)


def test_what_was_returned_is_not_handed_in_unchanged(cleared: Path) -> None:
    """Of what was returned the same bytes are no new package: it is refused, unless the analyst tells the checkers why nothing is mended."""
    make(open_study(cleared), hand("author"))
    submit(open_study(cleared), hand("author"), None)
    review(open_study(cleared), hand("custodian"), 1, Move.APPROVE)
    review(open_study(cleared), hand("officer"), 1, Move.RETURN, why="no context for table two")
    with pytest.raises(WrongUse, match="nothing has been mended"):
        make(open_study(cleared), hand("author"))
    with pytest.raises(Refused):
        submit(open_study(cleared), hand("author"), None)
    told = make(open_study(cleared), hand("author"), why="its context stands in section four")
    assert told.state is State.CHECKED
    assert any("section four" in one for one in told.says)


def test_releases_are_shown_though_the_study_is_frozen_or_destroyed(study: Path) -> None:
    """In an incident and after the end it is told what left, and that it is frozen or destroyed; nothing is said to be changed."""
    keys = team(Path.home()).folder
    report_incident(
        open_study(study), "officer", "A page was left on a bus.", ask=lambda _: PASSPHRASE, clock=now, folder=keys
    )
    (told,) = releases_told(open_study(study))
    assert (told.state, told.commands) == (State.RELEASED, ())
    assert "frozen" in told.next
    for who in ("custodian", "officer"):
        destroy(open_study(study), who, ask=lambda _: PASSPHRASE, clock=now, folder=keys)
    (told,) = releases_told(open_study(study))
    assert (told.state, told.archive, told.package) == (State.RELEASED, "", "destroyed")
    assert "destroyed" in told.says[-1]
    assert not [one for one in told.says if "changed" in one]
    assert say("release", "show", study).code == 0


def test_of_a_single_review_that_opens_no_more_the_ledger_tells(cleared: Path) -> None:
    """The first review rests sealed under a key that destruction erases: what the release had come to is then told by the ledger."""
    make(open_study(cleared), hand("author"))
    submit(open_study(cleared), hand("author"), None)
    review(open_study(cleared), hand("custodian"), 1, Move.APPROVE)
    for who in ("custodian", "officer"):
        destroy(open_study(cleared), who, ask=lambda _: PASSPHRASE, clock=now, folder=team(Path.home()).folder)
    told = release_told(open_study(cleared))
    assert told.state is State.SUBMITTED
    assert "destroyed" in told.next


def test_another_version_of_the_protocol_needs_another_package(cleared: Path) -> None:
    """What was made under one version is not let leave under the next."""
    from made_authority import permit

    make(open_study(cleared), hand("author"))
    permit(cleared)
    with pytest.raises(Refused, match="new version"):
        submit(open_study(cleared), hand("author"), None)


def test_what_was_cleared_anew_is_made_again_though_its_bytes_are_the_same(
    cleared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once approved and then cleared anew, a package cannot leave; made again it can, once it is approved again."""
    make(open_study(cleared), hand("author"))
    submit(open_study(cleared), hand("author"), None)
    for who in ("custodian", "officer"):
        review(open_study(cleared), hand(who), None, Move.APPROVE)
    monkeypatch.setattr("hearthlink.study.processes.work._code", lambda: "another")
    run(open_study(cleared), clock=now)
    with pytest.raises(DataProblem, match="cleared anew"):
        finish(open_study(cleared), hand("officer"), None)
    let_leave(cleared)
    assert release_told(open_study(cleared)).state is State.RELEASED


def test_there_is_no_release_to_show(cleared: Path) -> None:
    """Asked for a release that is not there, the command says how one is made."""
    with pytest.raises(WrongUse, match="no such release"):
        release_told(open_study(cleared))
    assert say("release", "list", cleared).code == 0


def test_a_zip_that_leads_out_of_itself_is_no_release(tmp_path: Path) -> None:
    """A path with dots, an absolute one, a part twice, a compressed part: none is unpacked."""
    for name in ("release-001/data/../../x", "/release-001/data/x", "release-001\\data\\x"):
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w") as made:
            made.writestr(name, b"x")
        path = tmp_path / "bad.zip"
        path.write_bytes(sink.getvalue())
        with pytest.raises(DataProblem):
            verify_package(path)


def test_no_key_is_in_the_package(left: Left) -> None:
    """Public keys are there, and not a byte of anybody's own."""
    whole = b"".join(left.files.values())
    for key in team(Path.home()).keys.values():
        private = key.private.private_bytes_raw()
        assert private not in whole
        assert base64.b64encode(private) not in whole


def test_a_figure_forged_with_the_index_does_not_leave(cleared: Path) -> None:
    """Whoever writes into the folder may forge a file and its digest in the index, and two may approve it: it still does not leave."""
    path, index = cleared / "out" / "tables" / "headline.csv", cleared / "rooms" / "index.json"
    before = plain_verifier.digest(path.read_bytes())
    lines = path.read_text(encoding="utf-8").splitlines()
    figures = lines[1].split(",")
    figures[-8:-6] = figures[-7:-5]
    path.write_text("\n".join([lines[0], ",".join(figures), *lines[2:]]) + "\n", encoding="utf-8")
    after = plain_verifier.digest(path.read_bytes())
    assert after != before
    index.write_text(index.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    make(open_study(cleared), hand("author"))
    submit(open_study(cleared), hand("author"), None)
    for who in ("custodian", "officer"):
        review(open_study(cleared), hand(who), None, Move.APPROVE)
    with pytest.raises(DataProblem, match="make of the tables") as refusal:
        finish(open_study(cleared), hand("officer"), None)
    assert refusal.value.file == "tables/headline.csv"
    assert not (cleared / "releases" / "001" / "release-001.zip").exists()
    assert released_before(open_study(cleared)) == []


def test_letting_leave_reads_what_clearing_reads() -> None:
    """The act that makes it once more has leave for the very tables of the step, and no others."""
    from hearthlink.study.acts import RELEASE
    from hearthlink.study.steps import STEPS

    clear = next(step for step in STEPS if step.name == "clear")
    assert (set(RELEASE.reads), set(RELEASE.may_read)) == (set(clear.reads), set(clear.may_read))


@pytest.mark.parametrize("act", ["make", "submit", "review", "finish", "withdraw"])
def test_the_protocol_is_asked_anew_at_every_move(study: Path, act: str) -> None:
    """Past the last day of the protocol no move is made, and the refusal is in the ledger."""
    late = replace(
        hand("officer" if act in {"review", "finish", "withdraw"} else "author"),
        clock=lambda: now() + timedelta(days=40_000),
    )
    acts: dict[str, Callable[[], object]] = {
        "make": lambda: make(open_study(study), late),
        "submit": lambda: submit(open_study(study), late, None),
        "review": lambda: review(open_study(study), late, None, Move.APPROVE),
        "finish": lambda: finish(open_study(study), late, None),
        "withdraw": lambda: withdraw(open_study(study), late, None, why="a reason"),
    }
    with pytest.raises(Refused, match=r"No file was opened|destroyed"):
        acts[act]()
    assert events(study)[-1]["event"] == "refused"


def test_an_approval_by_a_key_that_was_revoked_since_does_not_count(cleared: Path) -> None:
    """Between the approvals and the end the custodian's key is revoked: it does not leave."""
    make(open_study(cleared), hand("author"))
    submit(open_study(cleared), hand("author"), None)
    for who in ("custodian", "officer"):
        review(open_study(cleared), hand(who), None, Move.APPROVE)
    revoke_key(
        open_study(cleared), "custodian", "linker", ask=lambda _: PASSPHRASE, clock=now, folder=team(Path.home()).folder
    )
    with pytest.raises(Refused, match="revoked since"):
        finish(open_study(cleared), hand("officer"), None)
