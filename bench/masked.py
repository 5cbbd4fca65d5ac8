"""Masked linking beside linking by names, and masked files under attack: `python3 dev.py bench masked [--folder SETS]`.

Masks both files of each set with one key, links them through `hearthlink.match`, and scores the links beside those by names on the same
files. The sets are practice authorities on one day, and those of bench/sets that lie in the folder given. Then the attacks of
tests/masked_attacker.py are tried on invented authorities of a study's size. Leaves docs/evidence/masked.json and writes its figures into
docs/how-to/match-without-names.md.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "tests"))

from made_masked import (  # noqa: E402 - the roots must be on the path first  # pyright: ignore[reportMissingImports] - the tests' own
    default_view,
    two_file_view,
    two_files,
)
from masked_attacker import (  # noqa: E402  # pyright: ignore[reportMissingImports] - the tests' own
    by_graph,
    guessing,
    sharing,
    strongest,
    success,
)
from prove import evidence  # noqa: E402

from bench.accuracy import answers  # noqa: E402
from bench.accuracy_scores import Answer, Score, as_figures, score  # noqa: E402
from bench.accuracy_sets import homes_of, truth_of  # noqa: E402
from hearthlink.study.matching.mask import crosswalk_of, make_key, mask_file  # noqa: E402
from hearthlink.study.matching.match import match_files  # noqa: E402
from hearthlink.synthetic import Settings  # noqa: E402
from hearthlink.synthetic.synthesise import synthesise  # noqa: E402

PAGE = ROOT / "docs" / "how-to" / "match-without-names.md"
BEGIN, END = "<!-- figures, written by bench/masked.py -->", "<!-- end of figures -->"
DAY, WITHIN = "2019-09-30", 30
"""The day as at which practice files are taken, and how many days from it a child was referred: its truth is as at its referral."""

PRECISE, MOST = 0.97, 0.01
"""The claim: the least precision of persons on practice authorities, and the most that an attack names beyond guessing."""

OVERLAPS = (1.0, 0.8, 0.5)
SIZES = (100, 300, 600, 1000)
Figures = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Measure, keep the evidence, write the page. Fails where the claim did not hold."""
    given = _options().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="hearthlink-masked-", dir=given.scratch) as made:
        scratch = Path(made)
        folders = [_practice(scratch, children=given.children, errors=errors) for errors in given.errors]
        folders += [given.folder / name for name in given.sets] if given.folder else []
        sets = [measure(folder, scratch / "masked") for folder in folders]
        attacks = [attacked(scratch / f"attacked-{seed}", seed) for seed in range(1, given.authorities + 1)]
        few = [small(scratch / f"small-{children}", children) for children in SIZES]
    named = max(view["beyond_guessing"] for each in attacks for view in each["default"])
    precise = min(row["masked"]["person_precision"] for row in sets if row["set"].startswith("practice"))
    held = named <= MOST and precise >= PRECISE
    figures = {"sets": sets, "attacks": attacks, "most_named_beyond_guessing": named, "small": few}
    evidence.keep(
        "masked", figures=figures, held=held, command="python3 dev.py bench masked --folder SETS", short=given.short
    )
    write(given.page, figures)
    print(f"masked: {'held' if held else 'DID NOT HOLD'}", flush=True)
    return 0 if held else 1


def _options() -> argparse.ArgumentParser:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--folder", type=Path, help="folder in which sets of bench/sets lie")
    asked.add_argument(
        "--sets", nargs="*", help="which of them",
        default=["british-light", "british-middling", "british-heavy", "claims-light", "claims-middling", "dependants-heavy", "febrl4"],
    )  # fmt: skip
    asked.add_argument("--children", type=int, default=11000, help="of a practice authority over the year")
    asked.add_argument(
        "--errors", type=float, nargs="*", default=[1, 2, 4], help="their rates of error, times the usual"
    )
    asked.add_argument("--authorities", type=int, default=3, help="authorities to attack")
    asked.add_argument("--short", action="store_true", help="show the evidence and do not keep it")
    asked.add_argument("--scratch", type=Path, help="folder for what is made and deleted")
    asked.add_argument("--page", type=Path, default=PAGE)
    return asked


def _practice(scratch: Path, *, children: int, errors: float) -> Path:
    """A practice authority on one day: children referred about then, and whoever was on benefit; with its truth."""
    made, folder = scratch / f"made-{errors:g}", scratch / f"practice, errors times {errors:g}"
    settings = Settings(children=children, households=round(children * 5000 / 2200), seed=11, error_scale=errors)
    synthesise(made, settings, tables_only=True)
    folder.mkdir()
    held = f"(start_date IS NULL OR start_date <= DATE '{DAY}') AND (end_date IS NULL OR end_date > DATE '{DAY}')"
    near = f"NOT unborn AND abs(date_diff('day', referral_date, DATE '{DAY}')) <= {WITHIN}"
    who = "forename, surname, cast(birth_date AS VARCHAR) AS birth_date, sex, address, postcode, uprn"
    queries = {
        "left": f"""SELECT child.child_id AS person_id, family_id, 'child' AS role, {who} FROM (FROM child WHERE {near}) AS child
                    LEFT JOIN (FROM address WHERE side = 'child' AND {held}) ON owner_id = child.child_id""",
        "right": f"""SELECT member_id AS person_id, household_id, replace(role, 'non_dependant', 'other') AS role, {who}
                     FROM (FROM member WHERE {held}) LEFT JOIN (FROM address WHERE side <> 'child' AND {held}) ON owner_id = household_id""",
        "truth": f"""WITH here AS (FROM member WHERE {held})
                     SELECT child_id AS left_person_id, CASE WHEN member_id IN (SELECT member_id FROM here) THEN member_id END AS right_person_id,
                     CASE WHEN household_id IN (SELECT household_id FROM here) THEN household_id END AS household_id
                     FROM truth WHERE child_id IN (SELECT child_id FROM child WHERE {near})""",
    }
    with duckdb.connect() as connection:
        for name, file in (("child", "children"), ("member", "members"), ("address", "addresses"), ("truth", "truth")):
            connection.read_parquet(str(made / "tables" / f"{file}.parquet")).create_view(name)
        for name, query in queries.items():
            connection.sql(f"FROM ({query}) ORDER BY ALL").write_parquet(str(folder / f"{name}.parquet"))
    return folder


def measure(folder: Path, scratch: Path) -> Figures:
    """One set: by names, by tokens, and by tokens with households."""
    truth, home_of = truth_of(folder), homes_of(folder)
    figures: Figures = {
        "set": folder.name,
        "records": len(truth),
        "names": as_figures(score(answers(folder), truth, home_of)),
    }
    for name, households in (("masked", False), ("masked_households", True)):
        figures[name] = as_figures(by_tokens(folder, scratch / folder.name / name, households=households))
    print(figures, flush=True)
    return figures


def by_tokens(folder: Path, scratch: Path, *, households: bool) -> Score:
    """Mask both files of a set, link them, and score the links by what the crosswalks say."""
    make_key(scratch / "safe" / "key")
    own: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for side in ("left", "right"):
        out = scratch / f"{side}.masked"
        mask_file(folder / f"{side}.parquet", out, key=scratch / "safe" / "key", clock=_clock, households=households)
        with crosswalk_of(out).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                own[side, row["what"], row["masked_id"]].append(row["own_id"])
    links = match_files(
        scratch / "left.masked", scratch / "right.masked", scratch / "links.parquet", clock=_clock
    ).links
    truth, home_of = truth_of(folder), homes_of(folder)
    said: dict[str, Answer] = {}
    for row in links.to_pylist():
        persons = own.get(("right", "record", row["right_person_id"]), [])
        if households:
            homes = own.get(("right", "household", row["household_id"]), [])
        else:
            homes = [home_of[one] for one in own.get(("right", "record", row["household_id"]), []) if one in home_of]
        chance = {name: row[f"{name}_probability"] or 0.0 for name in ("household", "person")}
        none = 1.0 if row["none_probability"] is None else row["none_probability"]
        for child in own["left", "record", row["left_person_id"]]:
            known = truth.get(child)
            home, person = _of(homes, known.households if known else ()), _of(persons, known.persons if known else ())
            said[child] = Answer(home, chance["household"], person, chance["person"], none)
    return score(said, truth, home_of)


def _of(ids: Sequence[str], right: Sequence[str] | frozenset[str]) -> str | None:
    """Of several ids that are one record, the one that is right, if one is: the record is the same."""
    return next((one for one in ids if one in right), ids[0] if ids else None)


def _clock() -> datetime:
    return datetime.now(UTC)


def attacked(folder: Path, seed: int) -> Figures:
    """One authority of a study's size: what each attack names from one masked file and from both, and with households."""
    left, right = two_files(folder, children=2200, households=2600, seed=seed)
    default: list[Figures] = []
    households: list[Figures] = []
    for overlap in OVERLAPS:
        for what, view in (
            ("one", default_view(left.slice(0, 900), overlap=overlap)),
            ("both", two_file_view(left, right, overlap=overlap)),
        ):
            found = strongest(view, small=what == "one")
            default.append(
                {"files": what, "overlap": overlap, "beyond_guessing": max(found.values()) - found["guessing"]} | found
            )
        default[-1]["of_those_sharing"] = max(success(view, each, sharing(view)) for each in by_graph(view))
        for what, view in (
            ("one", default_view(left, overlap=overlap, households=True)),
            ("both", two_file_view(left, right, overlap=overlap, households=True)),
        ):
            named = max(success(view, each) for each in by_graph(view))
            households.append({"files": what, "overlap": overlap, "guessing": guessing(view), "graph": named})
    made: Figures = {"default": default, "households": households}
    print(made, flush=True)
    return made


def small(folder: Path, children: int) -> Figures:
    """What the strongest attacker names where few were referred: each number of tokens in common is then that of few pairs."""
    view = two_file_view(*two_files(folder, children=children, households=round(children * 1.2)), overlap=1.0)
    named = max(success(view, each) for each in by_graph(view))
    return {"children": children, "records": len(view.encoded), "guessing": guessing(view), "graph": named}


def write(page: Path, figures: Mapping[str, Any]) -> None:
    """Put the figures between the markers of the page, and leave its other words alone."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    found: list[Sequence[str]] = [
        ("set", "linked by", "persons: precision", "recall", "F1", "households: precision", "recall", "F1")
    ]
    for row in figures["sets"]:
        for name, words in (("names", "names"), ("masked", "tokens"), ("masked_households", "tokens, with households")):
            measures = [f"{what}_{each}" for what in ("person", "household") for each in ("precision", "recall", "f1")]
            found.append((row["set"], words, *(_number(row[name][one]) for one in measures)))
    named: list[Sequence[str]] = [("the attacker has", "list in common", "default", "with `--households`")]
    for files, words in (("one", "one masked file"), ("both", "both masked files, and both lists in clear")):
        for overlap in OVERLAPS:
            each = [_most(figures["attacks"], kind, files, overlap) for kind in ("default", "households")]
            named.append((words, f"{overlap:.0%}", *(f"{share:.2%}" for share in each)))
    fewer: list[Sequence[str]] = [
        ("children referred", "records in both files", "both masked files, and both lists in clear")
    ]
    fewer += [(f"{row['children']:,}", f"{row['records']:,}", f"{row['graph']:.2%}") for row in figures["small"]]
    parts = [
        "### Beside linking by names",
        _table(found),
        "### Under attack",
        _table(named),
        "In smaller files more:",
        _table(fewer),
    ]
    page.write_text(f"{before}{BEGIN}\n\n" + "\n\n".join(parts) + f"\n\n{END}{after}", encoding="utf-8", newline="\n")


def _most(attacks: Sequence[Mapping[str, Any]], kind: str, files: str, overlap: float) -> float:
    """The greatest share named by any attack on any authority."""
    rows = [row for each in attacks for row in each[kind] if (row["files"], row["overlap"]) == (files, overlap)]
    return max(row.get(attack, 0.0) for row in rows for attack in ("frequency", "graph", "similarity"))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _table(lines: Sequence[Sequence[str]]) -> str:
    rows = [lines[0], ["---"] * len(lines[0]), *lines[1:]]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    sys.exit(main())
