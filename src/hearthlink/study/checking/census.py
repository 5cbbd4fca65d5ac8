"""Ask a census the rules of its year without a study: only rows and columns are written, and a ledger beside them.

The action is declared in `actions.CHECK`. A site's policy may forbid it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from hearthlink import __version__
from hearthlink.checks import census_findings
from hearthlink.checks.census_tables import reference_of, year_of
from hearthlink.engine import open_engine
from hearthlink.errors import WrongUse
from hearthlink.governance import Event
from hearthlink.report.findings import FileRead, FindingsPage
from hearthlink.sources.activity.flat import Kind, read_flat
from hearthlink.study.actions import CHECK
from hearthlink.study.checked import as_given, with_files
from hearthlink.study.checking.checking import Findings, told_of_census, written
from hearthlink.study.policy import require_allowed
from hearthlink.study.run import accounted
from hearthlink.study.study import STUDY_FILE, open_study, require_year

Progress = Callable[[str, float], None]

ENDINGS = frozenset({".csv", ".txt", ".xlsx", ".xls", ".ods", ".parquet"})
"""How files of flat tables end, of which the folder is wanted."""

LEDGER = "checks.ledger.jsonl"


def check_census(
    path: Path,
    *,
    clock: Callable[[], datetime],
    out: Path | None = None,
    year: str | None = None,
    progress: Progress = lambda words, share: None,
) -> Findings:
    """Ask the rules of a census, its XML or a folder of its flat tables, and write what they find into a folder, `findings` beside it.

    ``year`` asks the rules of another census year than the reference date's; where the census says none and lies in a study, those of the
    study's year are asked. Raises Refused where the site forbids it, DataProblem
    where the census cannot be read.
    """
    require_allowed(CHECK.name)
    kind: Kind = "cin_csv" if path.is_dir() else "cin"
    if year is not None:
        require_year(year)
    if path.is_file() and path.suffix.lower() in ENDINGS:
        raise WrongUse(
            "One table alone is no census.",
            column=path.name,
            remedy="Give the folder of all its flat tables, or its XML.",
        )
    folder = out or path.absolute().parent / "findings"
    if folder.exists() and not folder.is_dir():
        raise WrongUse("The findings need a folder.", column="--out", remedy="Give the name of a folder after --out.")
    step, role = CHECK.name, CHECK.role.value
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with accounted(folder / LEDGER, clock) as ledger:
        progress("Reading the census", 0.0)
        flat = read_flat([path], kind)
        ledger.write(Event.READ, step=step, role=role, counts={"children": flat.rows_in})
        progress("Asking the rules of the census", 0.5)
        given = as_given(flat, kind)
        said = reference_of(given)
        year = year or (_year_of_study(path) if said is None else None)
        ends = None if year is None else int(year[:4]) + 1
        reference = said or (None if ends is None else date(ends, 3, 31))
        with open_engine() as engine:
            places = with_files(census_findings(engine, given, reference_date=reference, year=ends), flat)
        asked = ends or year_of(reference)
        page = FindingsPage(
            title=flat.file,
            authority="",
            period=f"rules of {asked - 1}-{asked % 100:02}",
            practice=False,
            made_on=clock().date(),
            version=__version__,
            findings=tuple(
                sorted(told_of_census(places, year=asked, accepted={}), key=lambda one: one.severity != "error")
            ),
            read=(FileRead(flat.source, flat.file, flat.rows_in, 0, tuple(sorted(flat.notes.items()))),),
        )
        found = written(folder, page, places)
        ledger.write(Event.STEP, step=step, role=role, counts={"rules": len(found.found), "places": places.num_rows})
        ledger.write(Event.FINISHED, step=step, role=role)
    progress("Asking the rules of the census", 1.0)
    return found


def _year_of_study(path: Path) -> str | None:
    """The year of the study that a census lies in; None where it lies in none."""
    home = next((one for one in path.resolve().parents if (one / STUDY_FILE).is_file()), None)
    return None if home is None else open_study(home).lines.year
