"""Writing, reading and signing a protocol: what each tool makes, what it refuses, and that none of them opens an extract."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from made_authority import TODAY, copy_of, say, table, unpermitted_study
from made_protocol import PASSPHRASE, PEOPLE, Team, filled, opened_below, sign, team, write

from hearthlink.errors import Refused, WrongUse
from hearthlink.governance import require
from hearthlink.governance.people import APART, NEEDED, SMALLEST, Part, clashes, lacking
from hearthlink.governance.protocol import ProtocolLines
from hearthlink.governance.signing import fingerprint, holds, is_opening, is_practice, new_key, open_key
from hearthlink.sources.reading.files import PLACES, Group
from hearthlink.study import open_study
from hearthlink.study import run as carry_out
from hearthlink.study.acts_inside import RECEIVED
from hearthlink.study.permitted import permission_of
from hearthlink.study.protocols.protocol import (
    check_protocol,
    diff_protocol,
    make_key,
    revoke_key,
    show_protocol,
    signing_keys,
)
from hearthlink.study.protocols.text import BENEFITS, FILLED, GEOGRAPHY, LIE_IN


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Team:
    """The keys of four people."""
    return team(tmp_path_factory.getbasetemp())


@pytest.fixture
def study(tmp_path: Path, practice: Path) -> Path:
    """A council's study over the small authority's extracts, without a protocol."""
    return unpermitted_study(tmp_path / "study", practice / "in")


# --- the team -----------------------------------------------------------------------------------------------------


def lawful_teams(people: int) -> list[tuple[frozenset[Part], ...]]:
    """Every way in which so many people may hold all the parts there are, each as many as it needs, and no two that are to be apart."""
    alone = [frozenset(p for n, p in enumerate(Part) if bits >> n & 1) for bits in range(2 ** len(Part))]
    alone = [parts for parts in alone if not clashes(parts)]
    widest = [parts for parts in alone if not any(parts < other for other in alone)]  # a part more never breaks a need
    found: list[tuple[frozenset[Part], ...]] = []

    def grow(chosen: tuple[frozenset[Part], ...], start: int) -> None:
        if len(chosen) == people:
            if not lacking({str(n): parts for n, parts in enumerate(chosen)}):
                found.append(chosen)
            return
        for number in range(start, len(widest)):
            grow((*chosen, widest[number]), number)

    grow((), 0)
    return found


def test_four_people_can_do_it_and_three_cannot() -> None:
    """Of all ways to share the parts out, none does with three people, and the one that the template shows does with four."""
    assert lawful_teams(3) == []
    assert lawful_teams(4) != []
    assert lacking(SMALLEST) == []
    assert [who for who, parts in SMALLEST.items() if clashes(parts)] == []
    assert len(SMALLEST) == 4


@pytest.mark.parametrize("pair", APART, ids=lambda pair: " and ".join(sorted(p.value for p in pair)))
def test_parts_that_are_for_two_people_are_not_one_persons(
    tmp_path: Path, study: Path, keys: Team, pair: frozenset[Part]
) -> None:
    """For each pair of parts that are to be apart, a protocol that gives both to one person is not whole, and nobody can sign it."""
    said = filled(study, keys)
    said["person"][0]["roles"] = sorted(part.value for part in pair)
    write(study, said)
    told = check_protocol(open_study(study), lambda: TODAY)
    assert any("are for two people" in each for each in told.lacking)
    with pytest.raises(WrongUse, match="not whole"):
        sign(study, keys, "officer")


@pytest.mark.parametrize("part", NEEDED)
def test_no_part_may_be_missing(study: Path, keys: Team, part: Part) -> None:
    """A protocol in which nobody holds a part says which."""
    said = filled(study, keys)
    for person in said["person"]:
        person["roles"] = [role for role in person["roles"] if role != part.value]
    write(study, said)
    told = check_protocol(open_study(study), lambda: TODAY)
    assert [each for each in told.lacking if each.startswith(f"person: {part.value}:")] != []


# --- keys ---------------------------------------------------------------------------------------------------------


def test_a_signing_key_is_enciphered_and_its_owners_alone(tmp_path: Path) -> None:
    """A key's file can be read by its owner alone, does not open without its passphrase, and signs what its public key tells."""
    path = tmp_path / "keys" / "a.pem"
    made = new_key(path, PASSPHRASE)
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o600
    assert b"ENCRYPTED" in path.read_bytes()
    for wrong in (None, "another passphrase"):
        with pytest.raises(Refused, match="does not open"):
            open_key(path, wrong)
    again = open_key(path, PASSPHRASE)
    assert holds({"a": 1}, again.sign({"a": 1}), made.public)
    assert not holds({"a": 2}, again.sign({"a": 1}), made.public)
    assert len(fingerprint(made.public)) == 19
    with pytest.raises(WrongUse, match="left as it is"):
        new_key(path, PASSPHRASE)


@pytest.mark.parametrize("place", ["study", "study/keys", "OneDrive - Council", "Dropbox/a", "My Google Drive"])
def test_a_signing_key_never_lies_where_others_could_take_it(tmp_path: Path, place: str) -> None:
    """Inside a study, and in a folder that is copied elsewhere, no key is made and none is used."""
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "study.toml").write_text("", encoding="utf-8")
    with pytest.raises(Refused):
        new_key(tmp_path / place / "a.pem", PASSPHRASE)
    path = tmp_path / "elsewhere" / "a.pem"
    new_key(path, PASSPHRASE)
    moved = tmp_path / place / "a.pem"
    moved.parent.mkdir(parents=True, exist_ok=True)
    path.rename(moved)
    with pytest.raises(Refused):
        open_key(moved, PASSPHRASE)


def test_a_key_is_made_by_its_name_and_with_a_passphrase_said_twice(tmp_path: Path) -> None:
    """Passphrases that differ or are short make nothing; a name that leads elsewhere is refused; a practice key says what it is."""
    said = iter([PASSPHRASE, PASSPHRASE + "x"])
    with pytest.raises(WrongUse, match="differ"):
        make_key("a", ask=lambda _: next(said), practice=False, folder=tmp_path)
    with pytest.raises(WrongUse, match="fewer than"):
        make_key("a", ask=lambda _: "short", practice=False, folder=tmp_path)
    for name in ("../a", "", ".a", "a/b"):
        with pytest.raises(WrongUse, match="name"):
            make_key(name, ask=lambda _: PASSPHRASE, practice=False, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
    _, public, opens = make_key(
        "a", ask=lambda _: pytest.fail("a practice key asks nothing"), practice=True, folder=tmp_path
    )
    assert is_practice(public)
    assert is_opening(opens)
    assert not is_opening(public)


def test_a_practice_key_signs_for_practice_studies_alone(tmp_path: Path, practice: Path, study: Path) -> None:
    """In a practice study practice keys make a protocol hold; in a council's own they sign nothing."""
    practised = team(tmp_path, practice=True)
    made_up = copy_of(practice, tmp_path / "made up")
    for folder in (made_up, study):
        said = filled(folder, practised)
        opened = open_study(folder)
        if folder == made_up:  # its own permission lines say what the practice permission is for
            lines = opened.written.permission
            said["project"]["purpose"] = lines.purpose
            for name in ("ethics", "dpia", "agreement"):
                said[name]["reference"] = getattr(lines, name)
            for name, terms in said["sources"].items():
                terms["gateway"] = lines.gateways[name]
            path = folder / "study.toml"
            path.write_text(path.read_text("utf-8").replace("2099-12-31", "2027-03-31"), encoding="utf-8")
        write(folder, said)
    sign(made_up, practised, "linker", "officer")
    require(permission_of(open_study(made_up), TODAY), TODAY.date())
    with pytest.raises(Refused, match="practice key signs for practice studies"):
        sign(study, practised, "linker")


# --- signing ------------------------------------------------------------------------------------------------------


def test_only_an_approver_signs_and_once(study: Path, keys: Team) -> None:
    """The author and whoever is no approver are refused, an approver signs once, and then a changed text needs a new version."""
    said = filled(study, keys)
    write(study, said)
    for who in ("author", "custodian"):
        with pytest.raises(Refused, match="not that of an approver"):
            sign(study, keys, who)
    sign(study, keys, "linker")
    with pytest.raises(WrongUse, match="signed with this key already"):
        sign(study, keys, "linker")
    write(study, said | {"project": said["project"] | {"title": "Another"}})
    with pytest.raises(WrongUse, match="Raise the version"):
        sign(study, keys, "officer")


def test_a_revoked_key_signs_no_more(study: Path, keys: Team) -> None:
    """A key that an approver revoked cannot sign, and only an approver revokes."""
    write(study, filled(study, keys))
    with pytest.raises(Refused, match="not that of an approver"):
        revoke_key(
            open_study(study), "linker", "author", ask=lambda _: PASSPHRASE, clock=lambda: TODAY, folder=keys.folder
        )
    revoke_key(
        open_study(study), "linker", "officer", ask=lambda _: PASSPHRASE, clock=lambda: TODAY, folder=keys.folder
    )
    with pytest.raises(Refused, match="revoked"):
        sign(study, keys, "linker")


# --- writing and reading ------------------------------------------------------------------------------------------


def test_a_new_protocol_is_written_from_names_alone(study: Path) -> None:
    """`protocol new` opens no extract, names what lies there under its source, and writes nothing over a protocol that is there."""
    with opened_below(study / "in") as seen:
        assert say("protocol", "new", study).code == 0
    assert seen == []
    said = tomllib.loads((study / "protocol.toml").read_text(encoding="utf-8"))
    named = {layout for terms in said["sources"].values() for layout in terms["layouts"]}
    assert named == {path.name for path in (study / "in").iterdir()}
    assert said["project"]["title"] == open_study(study).written.name
    done = say("protocol", "new", study)
    assert (done.code, "left as it is" in done.err) == (2, True)


def test_an_unfilled_protocol_is_told_setting_by_setting(study: Path) -> None:
    """`protocol check` on a fresh one ends with 3 and names what is missing; no run is let by with it."""
    say("protocol", "new", study)
    with opened_below(study / "in") as seen:
        done = say("protocol", "check", study)
        assert say("run", study, "--quiet").code == 3
    assert (done.code, seen) == (3, [])
    for name in (
        "project.id",
        "law.article_6",
        "ethics.body",
        "dates.destroy_by",
        "objections.process",
        "sources.benefits.owner",
    ):
        assert f"{name} is empty" in done.out


def test_what_changed_is_said_in_words(study: Path, keys: Team) -> None:
    """Against the last signed version each change is a sentence: another day, a column less, a layout more, another person."""
    said = filled(study, keys)
    write(study, said)
    assert diff_protocol(open_study(study)) == (0, [])
    sign(study, keys, "linker", "officer")
    said["version"] = 2
    said["dates"]["ends"] = said["dates"]["ends"].replace(year=2026, month=6, day=30)
    said["sources"]["social_care"]["columns"]["child"].remove("ethnicity")
    said["sources"]["benefits"]["layouts"].append("rent_more")
    said["person"][0]["name"] = "somebody"
    write(study, said)
    version, changes = diff_protocol(open_study(study))
    assert version == 1
    for words in (
        "dates.ends: was 2027-03-31, and is now 2026-06-30",
        "sources.social_care.columns.child: ethnicity taken out",
        "sources.benefits.layouts: rent_more added",
        "person author.roles: author, analyst taken out",
        "person somebody.roles: author, analyst added",
    ):
        assert words in changes
    assert say("protocol", "diff", study).out.startswith("Against version 1")


def test_one_page_tells_an_officer_all_that_is_signed(study: Path, keys: Team) -> None:
    """`protocol show` names every person with the letters of their key, every source, every day, and who has signed."""
    write(study, filled(study, keys))
    sign(study, keys, "linker")
    page = "\n".join(show_protocol(open_study(study)))
    assert say("protocol", "show", study).out.strip() == page
    for person in PEOPLE:
        assert f"{person}: " in page
        assert fingerprint(keys.keys[person].public) in page
    for words in (
        "Source social_care",
        "31 March 2027",
        "30 September 2027",
        "Not approved: 2 approvers must sign it",
        "signed 2026-01-15",
    ):
        assert words in page


def test_a_list_that_means_nothing_is_told(study: Path, keys: Team) -> None:
    """A table or column that there is not, and a table that cannot be kept without a column, are named by `check`."""
    said = filled(study, keys)
    columns = said["sources"]["social_care"]["columns"]
    columns["child_idenifier"] = ["forename"]
    columns["child"].append("ethnic")
    columns["referral"].remove("referral_date")
    write(study, said)
    told = " ".join(check_protocol(open_study(study), lambda: TODAY).lists)
    for words in ("child_idenifier is no table", "child.ethnic is no column", "referral is kept with no rows"):
        assert words in told


def test_a_column_that_is_not_listed_is_not_kept(study: Path, keys: Team) -> None:
    """Of a column the protocol leaves out no value reaches a room, a table it leaves out has no rows, and the rest is as it was."""
    said = filled(study, keys)
    columns = said["sources"]["social_care"]["columns"]
    columns["child_identifier"].remove("known_as")
    columns["child"].remove("ethnicity")
    del said["sources"]["benefits"]["columns"]["council_tax_arrear"]
    write(study, said)
    sign(study, keys, "linker", "officer")
    carry_out(open_study(study), clock=lambda: TODAY, upto="receive")
    children, attributes = table(study, "child_identifier"), table(study, "child")
    assert children.num_rows == attributes.num_rows >= 60
    assert children["known_as"].null_count == children.num_rows
    assert attributes["ethnicity"].null_count == attributes.num_rows
    assert children["forename"].null_count < children.num_rows
    assert table(study, "council_tax_arrear").num_rows == 0
    assert table(study, "rent_account").num_rows > 0 or table(study, "award").num_rows > 0


def test_every_table_that_is_received_has_its_source() -> None:
    """The template lists each received table once, and knows each folder of money and figures by its name."""
    listed = [name for tables in FILLED.values() for name in tables]
    assert sorted(listed) == sorted(spec.name for spec in RECEIVED)
    told = {Group.CLAIMS: BENEFITS, Group.MONEY: BENEFITS, Group.GEOGRAPHY: GEOGRAPHY, Group.COMPARATORS: GEOGRAPHY}
    folders = {place.folder: told[place.gives[0]] for place in PLACES if place.gives[0] in told}
    assert folders == LIE_IN


def test_the_usual_place_of_keys_is_the_users_own(home: Path) -> None:
    """Signing keys lie below the user's own folder, and in no study."""
    assert os.fspath(signing_keys()).startswith(os.fspath(home)) or os.environ.get("XDG_CONFIG_HOME")
    assert all(
        not (folder / "study.toml").exists() for folder, _ in pairwise([signing_keys(), *signing_keys().parents])
    )


def test_every_setting_is_in_the_file_that_new_writes(study: Path) -> None:
    """Each setting of a protocol stands in the commented file, as one to be filled or as a remark to be opened."""
    say("protocol", "new", study)
    text = (study / "protocol.toml").read_text(encoding="utf-8")
    bare = re.sub(
        r'^# (?=\[sources\.benefits\.extracts|\[\[outside|(?:"folder/|starts|ends|destroy_by|dated|review|file|sha256|what)[\w/."]* = )',
        "",
        text,
        flags=re.MULTILINE,
    )
    for source in ("social_care", "geography"):
        bare = bare.replace(f"# [sources.{source}.extracts]", f"[sources.{source}.extracts]")
    written = tomllib.loads(bare)
    for name, info in ProtocolLines.model_fields.items():
        assert name in written
        section = (
            written[name][0]
            if name in ("person", "outside")
            else next(iter(written[name].values()))
            if name == "sources"
            else written[name]
        )
        kinds = (info.annotation, *getattr(info.annotation, "__args__", ()))
        fields = {field for kind in kinds for field in getattr(kind, "model_fields", {})}
        assert fields - {"review"} <= set(section if fields else ()), name
