"""Later or corrected extracts received into the same study, and one link put right after the fact."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from made_authority import Secrets, bytes_below, copy_of, events, link_digests, permit, run_study, say, table

from hearthlink.study.foresee import figures_changed
from hearthlink.study.steps import STEPS

HOUSEHOLD = "in/cts/household_period.csv"
PERSON = "in/cts/person_period.csv"
KEYS = (("child_identifier", "child_id", "child_key"), ("household_identifier", "household_id", "household_key"))
PSEUDONYMS = ("child_pseudonym", "family_pseudonym", "household_pseudonym")
Rows = list[dict[str, str]]


def changed(path: Path, change: Callable[[Rows], Rows]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, names = list(reader), list(reader.fieldnames or ())
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))


def another_award(rows: Rows) -> Rows:
    """The last row with an award pays a pound more."""
    at = max(place for place, row in enumerate(rows) if row["ctr_weekly_award"] not in {"", "0.00"})
    rows[at]["ctr_weekly_award"] = f"{float(rows[at]['ctr_weekly_award']) + 1:.2f}"
    return rows


def done_since(study: Path) -> list[str]:
    since = [e for e in events(study) if e["event"] in {"step done", "step unchanged"}][-len(STEPS) :]
    return [str(e["step"]) for e in since if e["event"] == "step done"]


def keys(study: Path) -> list[dict[str, int]]:
    held = ((table(study, name), known_by, key) for name, known_by, key in KEYS)
    return [dict(zip(t.column(a).to_pylist(), t.column(b).to_pylist(), strict=True)) for t, a, b in held]


def pseudonyms(study: Path) -> set[tuple[str | None, ...]]:
    people = table(study, "research_child")
    return set(zip(*(people.column(name).to_pylist() for name in PSEUDONYMS), strict=True))


def test_a_corrected_extract_does_again_only_what_leans_on_it(real: Path, tmp_path: Path) -> None:
    """One award put right: that household counts as changed, every key stays, and no step of the linkage is done again."""
    study = copy_of(real, tmp_path / "study")
    before, links = keys(study), link_digests(study)
    changed(study / HOUSEHOLD, another_award)
    said = say("run", study)
    assert said.code == 0
    assert "Since the extracts were last received" in said.out
    assert "1 changed, 0 withdrawn" in said.out
    assert keys(study) == before
    assert link_digests(study) == links
    done = set(done_since(study))
    assert {"receive", "deidentify"} <= done
    assert not done & {"standardise", "compare", "estimate", "link", "search", "evaluate"}
    counted = {row["table"]: row for row in table(study, "refresh").to_pylist()}
    assert [counted["award"][name] for name in ("added", "changed", "withdrawn")] == [0, 1, 0]
    assert not any(counted["household_member"][name] for name in ("added", "changed", "withdrawn"))
    assert "Since the extracts" not in say("run", study).out, "nothing was received anew"


def test_who_comes_is_added_and_who_goes_is_withdrawn(real: Path, tmp_path: Path) -> None:
    """A claim that is no longer in the extracts is withdrawn, others keep their keys, and back again it is added under a new one."""
    study = copy_of(real, tmp_path / "study")
    before = keys(study)[1]
    in_shbe = {
        row.split("|")[2] for p in (study / "in/shbe").iterdir() for row in p.read_text("utf-8").splitlines()[1:-1]
    }
    gone = next(one for one in sorted(before) if one not in in_shbe)
    held = [(study / name).read_bytes() for name in (HOUSEHOLD, PERSON)]
    for name in (HOUSEHOLD, PERSON):
        changed(study / name, lambda rows: [row for row in rows if row["claim_ref"] != gone])
    run_study(study, "receive")
    after = keys(study)[1]
    assert after == {one: key for one, key in before.items() if one != gone}
    (counted,) = [row for row in table(study, "refresh").to_pylist() if row["table"] == "household_identifier"]
    assert [counted[name] for name in ("added", "withdrawn")] == [0, 1]
    for name, content in zip((HOUSEHOLD, PERSON), held, strict=True):
        (study / name).write_bytes(content)
    run_study(study, "receive")
    (counted,) = [row for row in table(study, "refresh").to_pylist() if row["table"] == "household_identifier"]
    assert [counted[name] for name in ("added", "withdrawn")] == [1, 0]
    assert {one: key for one, key in keys(study)[1].items() if one != gone} == after


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "new"])
def test_pseudonyms_stay_only_where_the_study_says_so(real: Path, tmp_path: Path, kept: bool) -> None:
    """With keep_pseudonyms a child, a family and a household are called the same after a refresh; without it nothing is the same."""
    study = copy_of(real, tmp_path / "study")
    path = study / "study.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count("keep_pseudonyms = false") == 1
    path.write_text(text.replace("keep_pseudonyms = false", f"keep_pseudonyms = {str(kept).lower()}"), encoding="utf-8")
    permit(study)
    run_study(study)
    before, figures = pseudonyms(study), bytes_below(study / "out")
    changed(study / HOUSEHOLD, another_award)
    run_study(study)
    after = pseudonyms(study)
    assert len(before) == len(after) > 10
    assert (after == before) if kept else not after & before
    assert set(bytes_below(study / "out")) == set(figures)
    assert (study / "keys" / "pseudonym.key").exists() == kept


def linked_child(study: Path) -> tuple[str, str]:
    """A child who counts, linked for certain, and its household."""
    rows = table(study, "link").to_pylist()
    return next(
        (row["child_id"], row["household_id"])
        for row in rows
        if row["outcome"] == "listed" and row["p_household"] > 0.99
    )


def test_one_link_put_right_says_what_it_changes_and_changes_no_more(
    real: Path, tmp_path: Path, secrets: Secrets
) -> None:
    """The figures named beforehand are those that change, matching is not done again, and taking it back gives the same bytes as before."""
    study = copy_of(real, tmp_path / "study")
    child, _ = linked_child(study)
    links, out = link_digests(study), bytes_below(study / "out")
    cleared = (study / "rooms" / "cleared.json").read_bytes()
    said = say("correct", study, "--child", child, "--none", "--reason", "moved away", "--by", "AB", "--json")
    assert (said.code, said.err) == (0, "")
    foretold = json.loads(said.out)["figures_changed"]
    assert bytes_below(study / "out") == out, "nothing is released by saying what would change"
    run_study(study)
    assert done_since(study)[0] == "link"
    row = next(row for row in table(study, "link").to_pylist() if row["child_id"] == child)
    assert (row["outcome"], row["household_id"], row["p_none"]) == ("none", None, 1.0)
    assert figures_changed(cleared, (study / "rooms" / "cleared.json").read_bytes()) == foretold
    assert not any(phrase in "\n".join(foretold) for phrases in secrets.phrases.values() for phrase in phrases)
    taken_back = ("--withdraw", "--reason", "it was right", "--by", "AB", "--json")
    assert say("correct", study, "--child", child, *taken_back).code == 0
    run_study(study)
    assert link_digests(study) == links
    assert bytes_below(study / "out") == out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--child", "NOBODY", "--none", "--reason", "x", "--by", "AB", "--yes"), 1, "No child of this id"),
        (("--child", "{child}", "--household", "NONE", "--reason", "x", "--by", "AB", "--yes"), 1, "No household of this id"),
        (("--child", "{child}", "--none", "--withdraw", "--reason", "x", "--by", "AB"), 2, "Say one of"),
        (("--child", "{child}", "--none", "--reason", " ", "--by", "AB", "--yes"), 2, "reason"),
        (("--child", "{child}", "--none", "--reason", "x", "--by", "", "--yes"), 2, "name or initials"),
    ],
)  # fmt: skip
def test_a_correction_of_nobody_is_refused(real: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    """An id that is not on file, two answers at once, or no reason is told plainly, without the id."""
    child, _ = linked_child(real)
    done = say("correct", real, *(a.format(child=child) for a in arguments))
    assert (done.code, words in done.err, child in done.err, "NOBODY" in done.err) == (code, True, False, False)
