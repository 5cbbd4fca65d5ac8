"""Before research tables are written out: a gate that cannot be argued with, and a person who signs what the tables are."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from made_authority import copy_of, events, leave_to_read, now, say, store_of, table
from made_protocol import PASSPHRASE, team
from made_risk import FEW, REVIEW, WORDS, by, classify, with_terms, writable
from pyarrow import parquet

from hearthlink.deidentify.risk import Terms, protected
from hearthlink.errors import Refused, WrongUse
from hearthlink.governance.signing import fingerprint
from hearthlink.study import open_study
from hearthlink.study.protocols.protocol import revoke_key
from hearthlink.study.research.classified import CLASSIFICATIONS_FILE, current, digest_of_tables, kept, terms_of
from hearthlink.study.research.export import csv_bytes, parquet_bytes, write_research
from hearthlink.study.research.risk import look_at_risk
from hearthlink.study.store import open_store
from hearthlink.tables.research import CROSSED, RESEARCH_CHILD, RESEARCH_HOUSEHOLD


@pytest.fixture(scope="module")
def ready(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study whose tables are classified and may be written out. To be copied, never changed."""
    return writable(copy_of(real, tmp_path_factory.mktemp("ready") / "study"))


@pytest.fixture
def study(ready: Path, tmp_path: Path) -> Path:
    """A copy of it that may be spoilt."""
    return copy_of(ready, tmp_path / "study")


def research(study: Path, *, clock: Callable[[], datetime] = now) -> Path:
    """Its research room written out beside it."""
    out = study.parent / "out"
    write_research(open_study(study), out, clock=clock)
    return out


def refused(study: Path, words: str, *, clock: Callable[[], datetime] = now) -> None:
    """See that nothing is written, and that the reason is told and entered."""
    with pytest.raises(Refused, match=words):
        research(study, clock=clock)
    assert not [path for path in study.parent.iterdir() if path.name.startswith("out")]
    assert (events(study)[-1]["event"], events(study)[-1]["step"]) == ("refused", "research")


# --- a person says what they are ----------------------------------------------------------------------------------


def test_a_classified_study_is_written_out_and_the_ledger_says_by_whose_word(study: Path) -> None:
    """Whose key, of which tables: the lines of the classification and of the writing have both, and the package has the words and the head."""
    out = research(study)
    said = json.loads((out / "datapackage.json").read_text("utf-8"))["hearthlink"]
    one = kept(open_study(study))[-1]
    lines = {line["event"]: line for line in events(study)}
    mark = (fingerprint(team(Path.home()).keys["officer"].public), one.digest)
    assert [
        (lines[e]["by"], lines[e]["about"]) for e in ("research tables classified", "research tables written out")
    ] == [mark, mark]
    assert said["held_back"]["classification"]["words"] == WORDS
    assert said["ledger_head"] in {line["hash"] for line in events(study)}
    page = (out / "codebook.md").read_text("utf-8")
    assert WORDS in page
    assert said["ledger_head"] in page


def test_without_a_classification_nothing_is_written(study: Path) -> None:
    """The tables may be as alike as they like: somebody must have looked."""
    (study / CLASSIFICATIONS_FILE).unlink()
    refused(study, "Nobody has classified")


def other_terms(study: Path) -> None:
    with_terms(study, **FEW | {"k": 4})


def other_tables(study: Path) -> None:
    path = study / "rooms" / "index.json"
    text = path.read_text("utf-8")
    digest = open_store(open_study(study)).digest(RESEARCH_CHILD)
    path.write_text(text.replace(digest, digest[::-1]), "utf-8")


def revoked(study: Path) -> None:
    keys = team(Path.home())
    revoke_key(open_study(study), "officer", "linker", ask=lambda _: PASSPHRASE, clock=now, folder=keys.folder)


CHANGED: dict[str, tuple[Callable[[Path], object], str]] = {
    "other terms": (other_terms, "of other tables, or of other terms"),
    "other tables": (other_tables, "of other tables, or of other terms|index"),
    "its signer's key revoked": (revoked, "takes part no more|Not approved|does not count"),
}


@pytest.mark.parametrize("case", CHANGED)
def test_a_classification_holds_of_the_very_tables_and_by_somebody_who_still_takes_part(study: Path, case: str) -> None:
    """Other terms, other tables or a key that counts no more: the tables are classified anew, or not written out."""
    change, words = CHANGED[case]
    change(study)
    refused(study, words)


def test_a_classification_ends_on_its_day(study: Path) -> None:
    """On the day it is to be looked at again it still holds, and on the next it does not."""
    opened, store = open_study(study), open_store(open_study(study))
    digest = digest_of_tables(store, CROSSED, terms_of(opened))
    last = datetime(REVIEW.year, REVIEW.month, REVIEW.day, 12, tzinfo=UTC)
    assert current(opened, digest, last) is not None
    with pytest.raises(Refused, match="looked at again"):
        current(opened, digest, last + timedelta(days=1))


@pytest.mark.parametrize("field", ["digest", "words", "review", "signer", "key", "signed_at", "signature"])
def test_a_changed_classification_is_found(study: Path, field: str) -> None:
    """Any word of it changed, and nothing is written."""
    path = study / CLASSIFICATIONS_FILE
    said = json.loads(path.read_text("utf-8"))
    said["classifications"][0][field] = "2099-01-01" if field == "review" else said["classifications"][0][field][::-1]
    path.write_text(json.dumps(said), "utf-8")
    refused(study, "classifications were changed")


@pytest.mark.parametrize("who", ["author", "custodian", "linker", "officer"])
def test_the_custodian_and_an_approver_may_classify_and_nobody_else(ready: Path, tmp_path: Path, who: str) -> None:
    """The analyst never says what the tables are that the analyst wants."""
    study = copy_of(ready, tmp_path / "study")
    (study / CLASSIFICATIONS_FILE).unlink()
    if who == "author":
        with pytest.raises(Refused, match="custodian or the approver"):
            classify(study, who)
        assert not (study / CLASSIFICATIONS_FILE).exists()
    else:
        assert classify(study, who).classification.signer == who


def test_a_classification_says_something_and_until_when(study: Path) -> None:
    """Words and a day to come are needed, and at the command all three of words, day and name."""
    with pytest.raises(WrongUse, match="words of your own"):
        classify(study, words="  ")
    with pytest.raises(WrongUse, match="has passed"):
        classify(study, review=now().date())
    done = say("risk", study, "--classify", "words", "--with", "officer")
    assert (done.code, "all three" in done.err) == (2, True)


# --- the gate ------------------------------------------------------------------------------------------------------


def test_what_cannot_be_made_alike_enough_is_not_written(study: Path) -> None:
    """Sixty children cannot meet the usual terms: refused, the dearest column named, no figure of anybody; and not to be classified either."""
    with_terms(study, quasi_identifiers=["age_band", "sex", "ethnic_group", "imd_decile"], k=5, most_blanked=1)
    with pytest.raises(Refused, match="have to be blanked") as stop:
        classify(study)
    assert "costs most" in (stop.value.remedy or "")
    opened = open_study(study)
    with pytest.raises(Refused):
        current(opened, digest_of_tables(open_store(opened), CROSSED, terms_of(opened)), now())


def test_what_is_written_passes_the_gate_and_nothing_else_was_changed(study: Path) -> None:
    """Of what is declared every child is alike with enough others; cells are as they were or empty; and what would tell them is empty too."""
    out = research(study)
    before, after = table(study, "research_child"), parquet.read_table(out / "parquet" / "research_child.parquet")
    said = json.loads((out / "datapackage.json").read_text("utf-8"))["hearthlink"]["held_back"]
    there = pc.is_in(before["child_pseudonym"], after["child_pseudonym"].combine_chunks())
    assert before.num_rows - after.num_rows == said["children_left_out"]
    assert not any(before.filter(pc.invert(there))["counted"].to_pylist())
    before, told = before.filter(there), said["blanked"]
    held = 0
    for name in FEW["quasi_identifiers"]:
        gone = pc.and_(pc.is_null(after[name]), pc.is_valid(before[name])).to_numpy()
        assert pc.all(pc.or_(pc.is_null(after[name]), pc.fill_null(pc.equal(after[name], before[name]), True))).as_py()
        assert int(gone.sum()) == told[name]
        held += int(gone.sum())
        if name == "age_band":
            assert after["months_lived"].filter(pa.array(gone)).null_count == gone.sum()
    assert held > 0
    sizes = after.group_by(["left_out", "age_band", "sex"]).aggregate([("stage", "count"), ("stage", "count_distinct")])
    assert min(sizes["stage_count"].to_pylist()) >= FEW["k"]
    assert min(sizes["stage_count_distinct"].to_pylist()) >= FEW["l"]
    kept_as_they_were = set(after.column_names) - {"age_band", "sex", "months_lived", "imd_decile"}
    assert all(after[name].equals(before[name]) for name in kept_as_they_were)


def child(**changes: object) -> dict[str, object]:
    return {one.name: None for one in RESEARCH_CHILD.columns} | {
        "child_pseudonym": "C", "family_pseudonym": "F", "counted": True, "factors": [], "assessed": False, "stage": "referral",
        "cin_plan_proxy": False, "index_month": 25, "unaccompanied": False, "observability": "observable", "best_link": "none",
        "on_benefit": False, "on_window": False, "two_homes": False, "on_main_home": False, "in_care": False, "household_status": "none",
        "on_draws": [0], "sure": "certain", "expected_right": 1.0, "expected_on_file": 1.0,
    } | changes  # fmt: skip


def room(rows: list[dict[str, object]]) -> dict[str, pa.Table]:
    made = {spec.name: spec.empty() for spec in CROSSED}
    numbered = [row | {"child_pseudonym": f"C{n}", "family_pseudonym": f"F{n}"} for n, row in enumerate(rows)]
    made["research_child"] = pa.Table.from_pylist(numbered, RESEARCH_CHILD.schema)
    return made


def test_a_value_that_was_taken_out_is_nowhere_in_the_bytes() -> None:
    """The only child of an age has it blanked, with all that tells it: no buffer, page or dictionary of what is written holds the word."""
    rows = [child(age_band="5 to 9", stage=s) for s in ("referral", "assessment") for _ in range(4)]
    rows += [child(age_band=f"CANARY {n}", months_lived=5, name_group=f"CANARY {n}", household_pseudonym="H", stage=s) for n, s in enumerate(("referral", "assessment", "referral"))]  # fmt: skip
    tables = room(rows)
    home = {
        "household_pseudonym": "H",
        "first_month": 1,
        "last_month": 2,
        "deprivation_fifth": 1,
        "disability": True,
        "credit_only": False,
    }
    tables["research_household"] = pa.Table.from_pylist([home], RESEARCH_HOUSEHOLD.schema)
    terms = Terms(("age_band",), ("stage",), (), 3, 2, 0.5)
    made = protected(tables, terms)
    written = made.tables["research_child"].drop_columns(["name_group"])
    assert made.gate.blanked == {"age_band": 3}
    sealed = pa.BufferOutputStream()
    with pa.ipc.new_stream(sealed, written.schema) as stream:
        stream.write_table(written)
    for content in (parquet_bytes(written, compression="none"), csv_bytes(written), sealed.getvalue().to_pybytes()):
        assert b"5 to 9" in content
        assert b"CANARY" not in content
    assert written["months_lived"].null_count == len(rows)


def test_children_who_count_in_no_answer_are_left_out_where_they_are_too_few() -> None:
    """One child not yet born would stand alone for good: it is left out of every table, and that is said."""
    rows = [child(age_band="5 to 9", stage=s) for s in ("referral", "assessment") for _ in range(4)]
    rows.append(child(counted=False, left_out="unborn"))
    made = protected(room(rows), Terms(("age_band",), ("stage",), (), 3, 2, 0.5))
    assert made.gate.passes
    assert (made.gate.children_left_out, made.tables["research_child"].num_rows) == (1, 8)


@pytest.mark.parametrize(("column", "values"), [("index_month", (25, 26)), ("stage", ("referral", "assessment"))])
def test_what_is_never_empty_counts_and_is_never_blanked(column: str, values: tuple[object, object]) -> None:
    """A declared column that an answer cannot do without singles a child out: the gate is not passed, whatever else is blanked."""
    rows = [child(age_band="5 to 9", **{column: values[0]}) for _ in range(8)] + [
        child(age_band="5 to 9", **{column: values[1]})
    ]
    sensitive = ("primary_need",)
    gate = protected(room(rows), Terms(("age_band", column), sensitive, (), 3, 1, 0.5)).gate
    assert not gate.passes
    assert "A child would stand alone." in gate.why


# --- what the files themselves tell --------------------------------------------------------------------------------


def test_files_tell_nothing_by_their_times_statistics_or_order(study: Path) -> None:
    """One day for every file; Parquet of one row group with no statistics, index, key-value pairs or maker but the library's constant; rows by pseudonym."""
    out = research(study)
    times = {path.stat().st_mtime for path in (out, *out.rglob("*"))}
    assert len(times) == 1
    assert out.stat().st_mtime % 86400 == 0
    for path in (out / "parquet").glob("*.parquet"):
        told = parquet.read_metadata(path)
        assert (told.metadata, told.num_row_groups <= 1) == (None, True)
        assert told.created_by == f"parquet-cpp-arrow version {pa.__version__}"
        for column in (
            told.row_group(n).column(c) for n in range(told.num_row_groups) for c in range(told.num_columns)
        ):
            assert (column.is_stats_set, column.has_offset_index, column.has_column_index) == (False, False, False)
            assert column.metadata is None or not column.metadata
        read = parquet.read_table(path)
        assert read.schema.metadata is None
        order = [name for name in ("months", "child_pseudonym") if name in read.column_names]
        order = order or [name for name in ("household_pseudonym",) if name in read.column_names]
        keys = list(zip(*(read[name].to_pylist() for name in order), strict=True))
        assert keys == sorted(keys), path.name


# --- as they rest, sealed ------------------------------------------------------------------------------------------


def test_sealed_tables_hold_nothing_beside_their_values(real: Path) -> None:
    """As they rest: no metadata of a schema, nothing left in an empty cell's place, and rows in the order of their pseudonyms."""
    store, leave = store_of(real), leave_to_read()
    for spec in CROSSED:
        table = store.load(spec, leave)
        assert table.schema.metadata is None
        assert not any(field.metadata for field in table.schema)
        for name in table.column_names:
            for chunk in table[name].chunks:
                assert left_behind(chunk) == 0, (spec.name, name)
        order = [name for name in ("months", "child_pseudonym", "household_pseudonym") if name in table.column_names][
            :2
        ]
        if order and order[-1] == table.column_names[len(order) - 1]:
            keys = list(zip(*(table[name].to_pylist() for name in order), strict=True))
            assert keys == sorted(keys), spec.name


def left_behind(chunk: pa.Array) -> int:
    """Bytes in the places of empty cells, and bytes of text that no cell has."""
    empty, buffers = ~np.asarray(chunk.is_valid()), chunk.buffers()
    if pa.types.is_int64(chunk.type) or pa.types.is_float64(chunk.type):
        held = np.frombuffer(buffers[1], np.int64)[chunk.offset : chunk.offset + len(chunk)]
        return int((held[empty] != 0).sum())
    if pa.types.is_string(chunk.type) and len(chunk):
        ends = np.frombuffer(buffers[1], np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
        spare = len(bytes(buffers[2]).rstrip(b"\0")) - int(ends[-1]) if buffers[2] is not None else 0
        return int(np.diff(ends)[empty].sum()) + max(spare, 0) + int(ends[0])
    return 0


# --- the report ----------------------------------------------------------------------------------------------------


def test_the_report_says_that_it_is_for_inside(study: Path) -> None:
    """It begins by saying for whom it is; it is the same for a script; and it leaves its line in the ledger."""
    done = say("risk", study)
    assert done.code == 0, done.err
    assert done.out.startswith("For the custodian and the officer, inside. It has passed no output check")
    read = json.loads(say("risk", study, "--json").out)
    assert (read["about"][:17], read["coarsened"]["rows"]) == (
        "For the custodian",
        table(study, "research_child").num_rows,
    )
    assert (events(study)[-1]["step"], events(study)[-1]["role"]) == ("risk", "output checker")


def test_the_report_and_what_is_held_back_hang_on_no_pseudonym(study: Path) -> None:
    """Other pseudonyms, another order of rows: the same figures."""
    first = look_at_risk(by(study, "officer"), clock=now).risk
    tables = {spec.name: table(study, spec.name) for spec in CROSSED}
    turned = {name: one.take(pa.array(range(one.num_rows - 1, -1, -1))) for name, one in tables.items()}
    again = protected(turned, terms_of(open_study(study)))
    assert again.gate == first.gate


def test_made_up_data_without_a_protocol_need_no_classification(practice: Path, tmp_path: Path) -> None:
    """A practice study asks nobody, and says of no tables that somebody looked at them."""
    study = tmp_path / "practice"
    study.mkdir()
    shutil.copy(practice / "study.toml", study)
    assert current(open_study(study), "0" * 64, now()) is None
