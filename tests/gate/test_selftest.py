"""The self-test for a council's own IT: it finds what it should, whatever the spelling, and is silent where nothing is."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
import zlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from made_authority import bytes_below, now, say
from pyarrow import parquet

from hearthlink.study.selftest.planting import Planted
from hearthlink.study.selftest.selftest import MAY_HOLD, Result, Tried, self_test, verdict
from hearthlink.study.selftest.sweep import found_in
from hearthlink.study.selftest.trials import trials

BORN = date(2011, 3, 4)
PLANTED = Planted({"surname": ("Zelquistor",), "number": ("QJ891105A",)}, ("EA1 1AH",), frozenset({BORN}), {"in": 1})


def packed(name: str, content: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, content)
    return sink.getvalue()


def table_of(word: str) -> bytes:
    sink = pa.BufferOutputStream()
    parquet.write_table(pa.table({"a": [word]}), sink, compression="zstd")
    return sink.getvalue().to_pybytes()


SPELT: dict[str, bytes] = {
    "as it is": b"Zelquistor",
    "small": b"<td>zelquistor</td>",
    "capitals in a word": b"MCZELQUISTORSON",
    "accents": "Zélquistör".encode(),
    "accents apart": "ze\u0301lquisto\u0308r".encode(),
    "UTF-16": "Zelquistor".encode("utf-16"),
    "UTF-16, big, off by one": b"x" + "ZELQUISTOR".encode("utf-16-be"),
    "base64": base64.b64encode(b"Zelquistor"),
    "base64 in the middle": base64.b64encode(b"ab zelquistor cd"),
    "base64 elsewhere": base64.b64encode(b"a ZELQUISTOR cd"),
    "hexadecimal": b"Zelquistor".hex().encode(),
    "zip": packed("a.xml", b"<t>ZELQUISTOR</t>"),
    "name in a zip": packed("zelquistor.xml", b""),
    "zip in a zip": packed("b.zip", packed("a.xml", b"Zelquistor")),
    "gzip": gzip.compress(b"Zelquistor"),
    "PDF": b"%PDF-1.7\n1 0 obj\nstream\n" + zlib.compress(b"(Zelquistor)") + b"\nendstream",
    "Parquet": table_of("Zelquistor"),
    "number": b"x QJ891105A y",
    "postcode": b"at EA1 1AH.",
    "postcode, close": b"at ea11ah.",
    "day, year first": b"2011-03-04",
    "day, strokes": b"04/03/2011",
    "day, no noughts": b"4/3/2011",
    "day, points": b"04.03.2011",
    "day, together": b"born 20110304 in",
    "day, together, turned": b"born 04032011 in",
    "day in words": b"4 March 2011",
    "day in words, short": b"04 Mar 2011",
    "day in words, turned": b"March 4, 2011",
}
SILENT: dict[str, bytes] = {
    "nothing": b"",
    "another name": b"Zelquist or Zelkvistor",
    "another day": b"2011-03-05 and 5 March 2011",
    "figures that are no day": b"120110304 and 2011.03044",
    "a broken zip": b"PK\x03\x04nonsense",
    "a broken PDF": b"%PDF-1.7\nstream\nnonsense\nendstream",
}


@pytest.mark.parametrize("case", SPELT)
def test_a_planted_value_is_found_however_it_is_spelt(case: str) -> None:
    """In any case, accent, encoding, packing or form of a date, a value that was planted is found."""
    assert sum(found_in(PLANTED, "file.txt", SPELT[case]).values()) >= 1


@pytest.mark.parametrize("case", SILENT)
def test_what_was_not_planted_is_not_found(case: str) -> None:
    """Other names, other days and files that cannot be unpacked are passed over."""
    assert sum(found_in(PLANTED, "file.txt", SILENT[case]).values()) == 0


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    """A few steps on a planted study, with leaks planted on purpose."""
    out = tmp_path_factory.mktemp("selftest") / "report"
    heard: list[str] = []
    result = self_test(out, clock=now, show_it_can_fail=True, tell=heard.append)
    assert heard == [one.says for one in result.tried]
    return result, out


def test_planted_leaks_are_found_and_nothing_else_is(failed: tuple[Result, Path]) -> None:
    """Each leak that was planted on purpose is found in its place; what the steps themselves left holds none."""
    result, _ = failed
    assert {hit.after for hit in result.hits} == {"a leak planted on purpose"}
    assert len({hit.where for hit in result.hits}) == result.leak_planted == 9
    assert not result.sound
    assert result.unexpected == ()


def test_words_were_planted_in_every_extract_and_the_search_finds_them_there(failed: tuple[Result, Path]) -> None:
    """Every folder of extracts but public reference has planted values, of every kind, and many things were looked through."""
    result, _ = failed
    assert set(result.planted) > {"surname", "forename", "street", "birth date", "postcode"}
    assert min(result.planted.values()) >= 4
    assert {"ssd", "shbe", "cin_2019_20.xml", "annex_a", "daily_api", "academy", "mosaic"} <= set(result.places)
    assert min(result.places.values()) > 0
    assert result.sought > 5_000
    assert {"output of commands", "error streams of commands", "ledger", "compiled code"} <= set(result.looked)
    assert result.looked["sealed tables and indexes of rooms"] > 20


def test_the_report_holds_no_planted_value_and_the_folder_is_gone(failed: tuple[Result, Path]) -> None:
    """The report says where and which kind, never the value; of the folder that was worked in nothing is left."""
    result, out = failed
    files = bytes_below(out)
    assert set(files) == {"selftest.html", "selftest.json"}
    said = json.loads(files["selftest.json"])
    assert (said["sound"], len(said["tried"])) == (False, len(result.tried))
    for content in files.values():
        text = content.decode().casefold().replace("study/out/zelquistor.txt", "")
        assert "zelquistor" not in text


def test_everything_that_there_is_to_try_is_tried(tmp_path: Path) -> None:
    """The whole test has every command that reads or writes data, and every kind of failure."""
    every = [*trials(tmp_path)]
    verbs = {one.command[0] for one in every}
    assert {
        "run", "check", "plan", "status", "objections", "explain", "splink", "merge", "review", "correct", "risk", "research", "papers",
        "ledger", "release", "map", "match", "mask", "mask-key", "incident", "destroy", "protocol", "receive",
    } <= verbs  # fmt: skip
    assert sum(one.says.startswith("bad file") for one in every) >= 10
    assert sum(one.kill_after > 0 for one in every) >= 3
    assert sum(one.screen for one in every) == 1
    assert len({one.says for one in every}) == len(every)


def test_a_trial_that_ends_as_it_may_not_is_told(failed: tuple[Result, Path]) -> None:
    """Where nothing leaks and a command ended otherwise than it should, or the search found nothing anywhere, the test is not sound."""
    sound = replace(failed[0], hits=(), leak_planted=0)
    assert (sound.sound, verdict(sound)[:7]) == (True, "Nothing")
    wrong = replace(sound, tried=(*sound.tried, Tried("a run", 4, as_expected=False, seconds=1.0)))
    assert ([one.says for one in wrong.unexpected], wrong.sound, "should not" in verdict(wrong)) == (
        ["a run"],
        False,
        True,
    )
    blind = replace(sound, sought=0)
    assert (blind.sound, "shows nothing" in verdict(blind)) == (False, True)


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    """Nothing is tried where the folder for the report holds something else."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert say("selftest", tmp_path).code == 2
    assert set(bytes_below(tmp_path)) == {"notes.txt"}
    assert all(not name.startswith("/") for name in MAY_HOLD)
