"""Readers of money and homes that fuzzing is put to: the homelessness return, and awards joined to households."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path.insert(0, str(TESTS))

from made_money import a_file, read  # noqa: E402  # pyright: ignore[reportMissingImports] - the tests' own

CANARY = "QZX"


def as_return(data: bytes, folder: Path) -> None:
    """A homelessness return: every record of every section that is known is a row, kept or set aside."""
    from hearthlink.sources.intake.catalogue import INTAKE
    from hearthlink.sources.intake.taking import take
    from hearthlink.sources.money.homelessness_xml import open_return

    path = folder / "hclic.xml"
    path.write_bytes(data)
    for name, tabular in open_return(path).items():
        taken = take(tabular, INTAKE[name])
        if taken.tally.rows_kept != taken.table.num_rows:
            raise AssertionError("rows went missing")


def as_awards(data: bytes, folder: Path) -> None:
    """Universal Credit awards: each row is joined, kept by itself or set aside, and those kept are the rows of the table."""
    money = read(folder, {"universal_credit/uc_award.csv": data})
    (tally,) = money.tallies
    if tally.rows_kept != money.tables["universal_credit"].num_rows:
        raise AssertionError("rows went missing")


def returns() -> tuple[bytes, ...]:
    """Returns in which sections stand side by side, and in which they stand within a case."""
    person = f"<Forename>{CANARY}</Forename><Surname>{CANARY}</Surname><DateOfBirth>1985-02-01</DateOfBirth>"
    dates = "<StartDate>2019-05-02</StartDate>"
    main = f"<ApplicationDate>2019-05-01</ApplicationDate><Postcode>{CANARY}</Postcode><MainReasonForLoss>{CANARY}</MainReasonForLoss>"
    case = f"<CaseReference>{CANARY}1</CaseReference>"
    flat = "".join(
        f"<{section}>{case}{inside}</{section}>"
        for section, inside in (("Main", main), ("People", person), ("People", person), ("Relief", dates), ("TemporaryAccommodation", dates))
    )  # fmt: skip
    nested = f'<Case CaseID="{CANARY}2"><Main>{main}</Main><People><Person>{person}</Person></People><Prevention>{dates}</Prevention></Case>'
    return (
        f"<HCLIC>{flat}</HCLIC>".encode(),
        f'<?xml version="1.0"?><h:R xmlns:h="x"><Cases>{nested}{nested}</Cases></h:R>'.encode(),
    )


@cache
def awards() -> tuple[bytes, ...]:
    """Awards of a household on file and of another, told again and corrected."""
    whose = {
        "uc_ref": f"{CANARY}1",
        "claimant_forename": "Aaa",
        "claimant_surname": "Smith",
        "claimant_birth_date": "1985-02-01",
        "postcode": "ZZ1 1AA",
    }
    other = {**whose, "uc_ref": f"{CANARY}2", "claimant_surname": CANARY}
    period = {
        "start_date": "2019-05-10",
        "end_date": "2019-06-09",
        "award": "812.50",
        "earnings": "400",
        "children": "2",
    }
    later = {**period, "start_date": "2019-06-10", "end_date": "2019-07-09", "earnings": "800"}
    return (a_file([{**one, **when} for one in (whose, other) for when in (period, later, {**later, "award": "1"})]),)
