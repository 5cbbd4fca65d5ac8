"""What is printed of a group under each profile, as a table anyone in the office could correct."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from hearthlink.disclosure import Cell, ClearedColumn, ClearedTable, Comparator, Policy, clear, pack, unpack
from hearthlink.disclosure.cleared import seal
from hearthlink.errors import DataProblem, OurFault, WrongUse
from hearthlink.study import open_study
from hearthlink.tables.record import FINDING, LINK_SUMMARY, RECEIPT
from hearthlink.tables.research import ANSWER, QUALITY_BY_GROUP

COMPARATOR = Comparator(1 / 3, "a third", "made up", "made up")

GROUPS = """
    children | on | strict     | nhs        | dfe
    0        | 0  | c c c      | 0 z z      | 0 z z
    1        | 0  | c c c      | c c c      | c c c
    5        | 2  | c c c      | c c c      | c c c
    6        | 3  | c c c      | c c c      | 6 c c
    8        | 4  | c c c      | 10 c c     | 8 c c
    12       | 6  | 10 c c     | 10 c c     | 12 6 u
    16       | 8  | 15 c c     | 15 10 u    | 16 8 u
    40       | 0  | 40 c c     | 40 c c     | 40 c c
    40       | 5  | 40 c c     | 40 c c     | 40 c c
    40       | 6  | 40 c c     | 40 c c     | 40 6 15%
    43       | 9  | 45 c c     | 45 10 22%  | 43 9 21%
    43       | 23 | 45 25 56%  | 45 25 56%  | 43 23 53%
    40       | 35 | 40 c c     | 40 c c     | 40 c c
    40       | 34 | 40 c c     | 40 c c     | 40 34 85%
    300      | 286 | 300 c c   | 300 c c    | 300 c c
    300      | 285 | 300 285 95% | 300 285 95% | 300 285 95%
"""
"""Each child is a family of its own. Nobody of 40, or 286 of 300, is said of them all."""


def cases() -> list[tuple[str, int, int, str]]:
    """Each group under each profile."""
    head, *lines = ([word.strip() for word in line.split("|")] for line in GROUPS.strip().splitlines())
    return [
        (name, int(line[0]), int(line[1]), line[2 + place]) for line in lines for place, name in enumerate(head[2:])
    ]


def figures(children: int, on: int) -> dict[str, object]:
    """The columns of the answer for one group, with an interval of three children either way."""
    return {
        "question": "on_benefit", "order": 0, "children": children, "families": children, "largest_family": min(1, children),
        "on_benefit": float(on), "fewest_on": on, "most_on": on, "on_families": on, "on_largest_family": min(1, on),
        "off_families": children - on, "off_largest_family": min(1, children - on), "overlapping": False,
        "these_low": max(0.0, on - 3.0), "these_high": min(on + 3.0, float(children)),
    }  # fmt: skip


def cleared(profile: str, children: int, on: int) -> dict[str, ClearedTable]:
    """What leaves of a study with thirty other groups, so many that no small one can be had by subtraction."""
    listed = [figures(100, 50) | {"topic": "age", "group": f"other {n}"} for n in range(30)]
    listed.append(figures(7, 3) | {"topic": "age", "group": "few"})
    listed.append(figures(children, on) | {"topic": "age", "group": "this"})
    whole = figures(3007 + children, 1503 + on) | {"topic": "all_children", "group": "all"}
    answer = pa.table(
        {
            name: pa.array([row.get(name) for row in (whole, *listed)], ANSWER.schema.field(name).type)
            for name in ANSWER.names
        }
    )
    made = clear(
        answer=answer, quality_by_group=QUALITY_BY_GROUP.empty(), link_summary=LINK_SUMMARY.empty(), receipt=RECEIPT.empty(),
        finding=FINDING.empty(), policy=Policy.of(profile), comparator=COMPARATOR,
    )  # fmt: skip
    return {one.name: one for one in made}


@pytest.mark.parametrize(("profile", "children", "on", "printed"), cases())
def test_what_is_printed_of_a_group(profile: str, children: int, on: int, printed: str) -> None:
    """Children, those on benefit and their share are printed, rounded or held back, as the table says."""
    table = cleared(profile, children, on)["on_benefit_by_age"]
    assert " ".join(table.text(len(table.rows) - 1, place) for place in (1, 2, 3)) == printed


@pytest.mark.parametrize("profile", ["strict", "nhs", "dfe"])
def test_ends_of_an_interval_are_no_finer_than_five_children(profile: str) -> None:
    """With exact counts too an end lies a multiple of five children from the count, however near the true end is."""
    table = cleared(profile, 110, 55)["on_benefit_by_age"]
    low, share, high = (table.rows[-1][place].value for place in (4, 3, 5))
    on = table.rows[-1][2].value
    assert isinstance(on, int)
    assert [low, high] == [round((on - 5) / 110, 2), round((on + 5) / 110, 2)]
    assert share == 0.5


SAYS = {
    "strict": "Counts under 10, nought included, are held back; others are rounded to the nearest 5, and shares are made from rounded counts.",
    "nhs": "Counts from 1 to 7, and nobody of a group that is there, are held back; others are rounded to the nearest 5, and shares are made from rounded counts.",
    "dfe": "Counts from 1 to 5, and nobody of a group that is there, are held back; others are exact, and shares are made from them.",
}  # fmt: skip


@pytest.mark.parametrize("profile", SAYS)
def test_the_tables_say_by_which_rule_they_were_made(profile: str) -> None:
    """The note beside what was held back says the profile's rule, and the file of cleared tables names the profile unless it is the strict one."""
    tables = cleared(profile, 43, 23)
    assert tables["held_back"].notes[0].startswith(SAYS[profile])
    packed = pack(tuple(tables.values()))
    named = {one.get("profile") for one in json.loads(packed)["tables"]}
    assert named == ({None} if profile == "strict" else {profile})
    assert unpack(packed) == tuple(tables.values())


COUNT = ClearedColumn("n", "Number", "count")
INSPECTED = [
    ("strict", 10, 5, 10, True), ("strict", 10, 5, 0, False), ("strict", 10, 5, 5, False), ("strict", 10, 1, 12, False),
    ("nhs", 8, 5, 10, True), ("nhs", 8, 5, 0, True), ("nhs", 8, 5, 5, False), ("nhs", 8, 5, 8, False), ("nhs", 6, 5, 10, False),
    ("dfe", 6, 1, 6, True), ("dfe", 6, 1, 0, True), ("dfe", 6, 1, 5, False), ("dfe", 6, 1, -3, False), ("dfe", 5, 1, 7, False),
    ("any", 10, 5, 10, False),
]  # fmt: skip


@pytest.mark.parametrize(("profile", "threshold", "base", "count", "passes"), INSPECTED)
def test_the_last_look_goes_by_the_profile(profile: str, threshold: int, base: int, count: int, passes: bool) -> None:
    """A count that the profile would not print stops everything, and so does a table whose rule is milder than its profile."""

    def make() -> ClearedTable:
        return seal("a", "A", [COUNT], [[Cell(count)]], threshold=threshold, base=base, profile=profile)

    if passes:
        assert unpack(pack([make()])) == (make(),)
        return
    with pytest.raises(OurFault):
        make()


def test_a_file_that_calls_itself_by_a_milder_profile_is_looked_at_by_it() -> None:
    """Exact counts under the strict profile's name stop; a profile of no known name is no cleared table."""
    held = json.loads(pack([seal("a", "A", [COUNT], [[Cell(7)]], threshold=6, base=1, profile="dfe")]))
    for name in ("strict", "other"):
        held["tables"][0]["profile"] = name
        with pytest.raises((OurFault, DataProblem)):
            unpack(json.dumps(held).encode())


STUDY = 'name = "A"\nauthority = "B"\nyear = "2019-20"\n[disclosure]\n'
SETTINGS = {
    "nothing": ("", ("strict", 10, 5)),
    "nhs": ('profile = "nhs"\n', ("nhs", 8, 5)),
    "dfe": ('profile = "dfe"\n', ("dfe", 6, 1)),
    "a stricter threshold": ('profile = "dfe"\nthreshold = 10\nrounding = 5\n', ("dfe", 10, 5)),
    "a threshold alone": ("threshold = 20\n", ("strict", 20, 5)),
}
MILDER = {
    "exact counts under strict": ("rounding = 1\n", 5),
    "five under nhs": ('profile = "nhs"\nthreshold = 5\n', 6),
    "two under dfe": ('profile = "dfe"\nthreshold = 5\n', 6),
    "a profile that is none": ('profile = "own"\n', 5),
    "eleven would be printed as ten": ("threshold = 11\n", 5),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_a_study_takes_the_numbers_of_its_profile(tmp_path: Path, case: str) -> None:
    """What study.toml leaves out is the profile's own."""
    lines, wanted = SETTINGS[case]
    (tmp_path / "study.toml").write_text(STUDY + lines, encoding="utf-8")
    asked = open_study(tmp_path).lines.disclosure
    assert (asked.profile, asked.threshold, asked.rounding) == wanted
    policy = Policy.of(asked.profile, asked.threshold, asked.rounding)
    assert (policy.profile, policy.threshold, policy.base) == wanted


@pytest.mark.parametrize("case", MILDER)
def test_a_study_cannot_be_milder_than_its_profile(tmp_path: Path, case: str) -> None:
    """A setting under the least that a profile allows is refused, with its line."""
    lines, line = MILDER[case]
    (tmp_path / "study.toml").write_text(STUDY + lines, encoding="utf-8")
    with pytest.raises(WrongUse) as stop:
        open_study(tmp_path)
    assert (stop.value.file, stop.value.line) == ("study.toml", line)


@pytest.mark.parametrize(
    ("profile", "threshold", "rounding"), [("nhs", 5, 5), ("dfe", 5, 1), ("strict", 10, 1), ("own", None, None)]
)
def test_no_policy_is_milder_than_its_profile(profile: str, threshold: int | None, rounding: int | None) -> None:
    """The checks themselves refuse it too."""
    with pytest.raises(WrongUse):
        Policy.of(profile, threshold, rounding)
