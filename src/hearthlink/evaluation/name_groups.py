"""Groups of surnames, from a file that the study brings: what a name says of a person is for its permission to decide, not for us.

There is no classifier here. Those that guess an origin from spelling are wrong oftenest about the very people for whom it matters
(Mateos 2014), and a reader could not tell whose fault a difference is. A list that somebody answers for, of few groups, can be checked.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from hearthlink.errors import DataProblem, Refused

FILE = "name_groups.csv"
COLUMNS = ("surname", "group")
MOST = 6


def read_name_groups(folder: Path) -> dict[str, str]:
    """The group of each listed surname, by its capital letters alone.

    Raises DataProblem where the file or one of its columns is missing, and Refused where it has more than six groups: finer ones
    would tell where a family is from.
    """
    try:
        table = csv.read_csv(
            folder / FILE,
            convert_options=csv.ConvertOptions(
                include_columns=list(COLUMNS),
                column_types=dict.fromkeys(COLUMNS, pa.string()),
                strings_can_be_null=False,
            ),
        )
        surnames, groups = (table.column(name).to_pylist() for name in COLUMNS)
    except (OSError, pa.ArrowInvalid, pa.ArrowKeyError):
        raise DataProblem(
            "The permission lists name origin, and the list of names cannot be read.",
            file=f"{folder.name}/{FILE}",
            remedy="Put there a CSV with the columns surname and group, or set permission.name_origin = false.",
        ) from None
    found = {_letters(surname): group.strip() for surname, group in zip(surnames, groups, strict=True)}
    found = {surname: group for surname, group in found.items() if surname and group}
    kinds = len(set(found.values()))
    if kinds > MOST:
        raise Refused(
            f"The list of names has {kinds} groups, and at most {MOST} are allowed.",
            file=f"{folder.name}/{FILE}",
            column="group",
            remedy="Join groups until there are six or fewer, then run again.",
        )
    return found


def _letters(name: str) -> str:
    """A name as its capital letters: no accents, marks or spaces, as the surnames it is looked up by."""
    plain = unicodedata.normalize("NFKD", name).upper()
    return "".join(letter for letter in plain if letter.isalpha())
