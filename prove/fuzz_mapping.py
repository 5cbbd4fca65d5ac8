"""The readers of mappings under fuzzing: the mapping itself, a table read through one, and a guess of one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path


def _require(holds: bool, words: str) -> None:  # noqa: FBT001 - a plain condition
    if not holds:
        raise AssertionError(words)


def as_mapping(data: bytes, folder: Path) -> None:
    """A mapping: whatever is let through names files inside their folder, and tables and columns that there are."""
    from hearthlink.sources.intake.catalogue import INTAKE
    from hearthlink.sources.mapping.file_names import is_inside
    from hearthlink.sources.mapping.form import read_mapping

    _ = folder
    for rules in read_mapping(data, "case.toml").tables:
        _require({*rules.columns} <= {*INTAKE[rules.fills].names}, "a column that is not there")
        _require(rules.file is None or is_inside(rules.file), "a file outside its folder")


def as_mapped(data: bytes, folder: Path) -> None:
    """A table through a mapping that fits it: every row is kept, or set aside under a reason, and every column has its type."""
    from hearthlink.sources.intake.catalogue import INTAKE
    from hearthlink.sources.intake.taking import take
    from hearthlink.sources.mapping.form import read_mapping
    from hearthlink.sources.reading.tabular import open_tabular

    (rules,) = read_mapping(MAPPING.encode(), "case.toml").tables
    path = folder / "case.csv"
    path.write_bytes(data)
    taken = take(open_tabular(path, "cts"), INTAKE[rules.fills], rules)
    _require(
        taken.table.num_rows == taken.tally.rows_kept, f"{taken.tally.rows_kept} kept, {taken.table.num_rows} rows"
    )
    taken.table.validate(full=True)


def as_guess(data: bytes, folder: Path) -> None:
    """A guess of a mapping: no value is in it, and its reader understands it where nothing that is needed is lacking."""
    from hearthlink.sources.mapping.form import read_mapping
    from hearthlink.sources.mapping.guess import guess
    from hearthlink.sources.mapping.write import mapping_text
    from hearthlink.sources.reading.tabular import open_tabular

    path = folder / "case.csv"
    path.write_bytes(data)
    found = guess(open_tabular(path, "cts"), table="claim_period")
    text = mapping_text([found])
    headers = "".join((*found.profiles, *found.unread))
    _require(CANARY in headers or CANARY not in text, "a value in the mapping")
    if found.columns and not found.lacking:
        read_mapping(text.encode(), "case.toml")


CANARY = "QZX"

MAPPING = """
[[table]]
fills = "claim_period"
only = { live = ["Y", "y"] }
missing = ["N/A"]
[table.columns]
claim_ref = "ref"
address_1 = { column = ["flat", "street"], join = ", " }
postcode = ["postcode", "ref"]
start_date = "from"
end_date = { column = "to", date = "dd mon yy", pivot = 30 }
hb_award = { column = "rent", per = "month" }
capital = { column = "pence", unit = "pence" }
claim_type = { column = "kind", codes = { H = "hb", C = "cts", X = "" } }
uc_in_payment = { column = "live", invert = true }
"""


def mappings() -> tuple[bytes, ...]:
    """Mappings: the one above, and those that ship."""
    from hearthlink.sources.mapping.shipped import shipped, shipped_text

    return (MAPPING.encode(), *(shipped_text(name).encode() for name in shipped()))


@cache
def mapped_tables() -> Sequence[bytes]:
    """Tables in the layout of the mapping above."""
    head = "ref,flat,street,postcode,from,to,rent,pence,kind,live"
    rows = "".join(
        f'{CANARY}{n},{n},"{CANARY} ST, ""{n}""",ZZ{n} 1AA,{n:02}/04/2019,{n:02}-MAY-19,"1,{n}00.50",{n}99,{"HCX"[n % 3]},{"YN"[n % 2]}\r\n'
        for n in range(1, 10)
    )
    plain = f"{head}\r\n{rows}"
    return tuple(text.encode() for text in (plain, plain.replace(",", ";"), plain.replace("/04/", "/13/")))
