"""Reading is measured rightly: the file made has the records asked for, ratios are those of each turn, and the page says what was found."""

from __future__ import annotations

from pathlib import Path

from bench import reading_page
from bench.reading import measured
from bench.reading_material import Aim, Material
from made_extracts import census, child, episode


def material(tmp_path: Path) -> Material:
    def make(folder: Path, records: int, within: dict[str, str]) -> tuple[Path, dict[str, int]]:
        path = folder / "census.xml"
        path.write_bytes(census(*(child(f"C{n}", episode(), episode()) for n in range(records // 2))))
        return path, {"referrals": records}

    return Material(
        "census", "A census", 40, make,
        {"ours": ("job_read_census.py", "whole"), "theirs": ("job_read_lxml.py", "Child")},
        (Aim("ours", "theirs", 1e9), Aim("ours", None, 1.0)),
    )  # fmt: skip


def test_readers_take_turns_on_one_file(tmp_path: Path) -> None:
    """Both readers count the children of the same file; an aim is met or not by the median of turns."""
    made = measured(material(tmp_path), tmp_path, 0.5, 1)
    assert made["holds"] == {"referrals": 20}
    assert made["jobs"]["ours"]["read"] == {"children": 10, "referrals": 20}
    assert made["jobs"]["theirs"]["read"] == {"children": 10}
    assert [aim["met"] for aim in made["aims"]] == [True, False]
    assert made["jobs"]["theirs"]["peak"]["median"] < made["jobs"]["ours"]["peak"]["median"]


def test_the_page_keeps_its_other_words(tmp_path: Path) -> None:
    """Figures stand between the markers, and what is written around them stays."""
    page = tmp_path / "page.md"
    page.write_text(f"before\n{reading_page.BEGIN}\nold\n{reading_page.END}\nafter\n", encoding="utf-8")
    spread = {"median": 1.0, "least": 0.5, "most": 2.0}
    figures = {
        "machine": {"cores": 4, "load": 1.0, "python": "3.11", "taken": "today"},
        "part": 0.1,
        "materials": {
            "census": {
                "says": "A census",
                "holds": {"referrals": 20},
                "jobs": {"ours": {"seconds": spread, "process": spread, "peak": spread}},
                "aims": [{"says": "ours: MiB", "found": 400.0, "at_most": 300, "met": False}],
            }
        },
    }
    reading_page.write(page, figures)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "| ours: MiB | 400 | 300 | **not met** |" in text
