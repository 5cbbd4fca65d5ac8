"""Mask a person table for a partner who may not share names: keyed tokens leave, under random ids, and a crosswalk stays.

The action is declared in `actions.MASK`. A site's policy may forbid it; what was done is entered in a ledger beside the masked file.
What two records of one file share would tell whoever holds a list of the same people who they are. So a token that is not one record's
alone is left out, every record has as many tokens as every other, random ones among them, and rows and ids are in random order: the file
by itself says how many records it has, and nothing more.
"""

from __future__ import annotations

import csv
import io
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from hearthlink.errors import WrongUse
from hearthlink.governance import Event
from hearthlink.governance.signing import require_own_place
from hearthlink.governance.tokens import MaskKey, new_mask_key, open_mask_key, random_token, tokens
from hearthlink.linkage.token_sets import HOUSEHOLD_SETS, combinations
from hearthlink.standardise.maskable import maskable
from hearthlink.study.actions import MASK
from hearthlink.study.matching.masked_file import Record, as_bytes, is_masked
from hearthlink.study.matching.person_files import Names, names_for, read_persons
from hearthlink.study.policy import require_allowed
from hearthlink.study.run import accounted
from hearthlink.study.store import write_whole

TOKENS, HOUSEHOLD_TOKENS = 16, 8
"""Tokens of every record and of every household, random ones where there are fewer. Who has more loses the last."""

FEW = 1000
"""Records below which so few pairs share each number of tokens that who has both lists in clear could tell over one in a hundred of them."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Done:
    """records: how many were masked. fingerprint: the key's. said: what the file lacked and what was left out, in sentences."""

    records: int
    fingerprint: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """The rows of a masked file; what leads back, pairs of a masked id and the owner's own; and sentences for who masks."""

    records: tuple[Record, ...]
    crosswalk: tuple[tuple[str, str], ...]
    households: tuple[tuple[str, str], ...]
    said: tuple[str, ...]


def make_key(path: Path) -> tuple[MaskKey, bool]:
    """The key in a file, made where there is none; and whether it was made. Raises Refused where the site forbids masking."""
    require_allowed(MASK.name)
    if path.exists():
        return open_mask_key(path), False
    return new_mask_key(path), True


def crosswalk_of(out: Path) -> Path:
    """The crosswalk that lies beside a masked file, and stays with whoever made it."""
    return out.with_name(f"{out.name}.crosswalk.csv")


def ledger_of(out: Path) -> Path:
    """The ledger that lies beside a masked file."""
    return out.with_name(f"{out.name}.ledger.jsonl")


def mask_file(
    persons: Path,
    out: Path,
    *,
    key: Path,
    clock: Callable[[], datetime],
    names: Names | None = None,
    everybody: bool = False,
    households: bool = False,
    progress: Progress = lambda words, share: None,
) -> Done:
    """Mask a file, CSV or Parquet, with the key in a file; the crosswalk and a ledger come to lie beside it.

    Nothing is left behind where it stops. Raises Refused where the site forbids it, or a key or a crosswalk would lie where others get at
    it; DataProblem for a file that cannot be understood; WrongUse for a path or a map that is wrong.
    """
    require_allowed(MASK.name)
    names_for("left", names)
    if out.is_dir() or any(out.resolve() == path.resolve() for path in (persons, key)):
        raise WrongUse("The masked file needs a name of its own.", file=out.name, remedy="Give another name.")
    if out.resolve().parent == key.resolve().parent:
        raise WrongUse(
            "The masked file would lie beside its key, and they may never travel together.",
            file=out.name,
            remedy="Keep the key in a folder of its own.",
        )
    crosswalk = crosswalk_of(out)
    require_own_place(crosswalk, what="crosswalk")
    if out.exists() or crosswalk.exists():
        raise WrongUse(
            "There is a masked file of that name, or its crosswalk; both were left as they are.",
            file=out.name,
            remedy="Give another name: links made with the earlier one need its crosswalk.",
        )
    if is_masked(persons):
        raise WrongUse("This file is masked already.", file=persons.name, remedy="Mask the file that it was made from.")
    held = open_mask_key(key)
    step, role = MASK.name, MASK.role.value
    with _nothing_left(out), accounted(ledger_of(out), clock) as ledger:
        progress("Reading the file", 0.0)
        read = read_persons(persons, "left", names)
        table, refused = read.table, read.refused
        ledger.write(Event.READ, step=step, role=role, counts={"rows": table.num_rows, "columns": table.num_columns})
        progress("Making names, dates and addresses comparable", 0.1)
        made = masked(table, held, everybody=everybody, households=households)
        content = as_bytes(made.records, key=held.fingerprint, households=households)
        write_whole(crosswalk, _crosswalk(made))
        try:
            write_whole(out, content)
        except BaseException:
            crosswalk.unlink(missing_ok=True)
            raise
        ledger.write(
            Event.STEP, step=step, role=role, counts={"records": len(made.records)}, about=sha256(content).hexdigest()
        )
        ledger.write(Event.FINISHED, step=step, role=role)
    left_out = [f"{refused:,} rows have another number of fields and were left out."] if refused else []
    return Done(len(made.records), held.fingerprint, (*left_out, *made.said))


@contextmanager
def _nothing_left(out: Path) -> Iterator[None]:
    """Where nothing was masked there is nothing to account for: the ledger that was begun for it goes, and one that was there stays."""
    ledger = ledger_of(out)
    there = ledger.exists()
    try:
        yield
    except BaseException:
        if not there and not out.exists():
            ledger.unlink(missing_ok=True)
        raise


def masked(table: pa.Table, key: MaskKey, *, everybody: bool = False, households: bool = False) -> Made:
    """The rows of a masked file from a person table whose columns go by our names. Ids, order and filling are random every time."""
    ready = maskable(table, everybody=everybody, adults=households)
    rows = ready.people.to_pylist()
    homes = _households(rows, key) if households else {}
    asked = [row for row in rows if row["asked"]]
    own = [tokens(key, combinations(row)) for row in asked]
    kept, shared = _own_alone(own)
    records: list[Record] = []
    crosswalk: list[tuple[str, str]] = []
    for row, mine in zip(asked, kept, strict=True):
        home, of_home = homes.get(row["group_id"], ("", ()))
        one = Record(random_token(), _filled(mine, TOKENS), home, of_home)
        records.append(one)
        crosswalk += [(one.record_id, person) for person in row["person_ids"]]
    secrets.SystemRandom().shuffle(records)
    bare = sum(not mine for mine in kept)
    said = [
        f"{len(records):,} records, {TOKENS} tokens each, random ones among them.",
        *(
            [f"{shared:,} tokens that two or more records share were left out: they would tell who is who."]
            if shared
            else []
        ),
        *(
            [
                f"{bare:,} records have no token of their own, for want of fields or because of others like them: no match can find them."
            ]
            if bare
            else []
        ),
    ]
    written = {one.household_id for one in records}
    known = tuple(sorted((home, group[2:]) for group, (home, _) in homes.items() if home in written))
    if len(records) < FEW:
        said.append(
            "With so few records, whoever links and has both lists in clear could tell several of them: see the page on matching without names."
        )
    if households:
        said.append(
            f"Households are told too, {len(written):,} of them: who is of one household tells more than tokens do."
        )
    return Made(tuple(records), tuple(sorted(crosswalk)), known, (*ready.said, *said))


def _own_alone(made: Sequence[Sequence[str]]) -> tuple[list[list[str]], int]:
    """The tokens of each record that no other record of the file has, at most as many as leave; and how many were shared."""
    times = Counter(chain.from_iterable(made))
    return [[one for one in mine if times[one] == 1][:TOKENS] for mine in made], sum(n > 1 for n in times.values())


def _filled(mine: Sequence[str], size: int) -> list[str]:
    return [*mine, *(random_token() for _ in range(size - len(mine)))]


def _households(rows: Sequence[Mapping[str, Any]], key: MaskKey) -> dict[str, tuple[str, list[str]]]:
    """For each household of the file a random id and its tokens."""
    made = {group: tokens(key, combinations(held, HOUSEHOLD_SETS)) for group, held in household_fields(rows).items()}
    times = Counter(chain.from_iterable(made.values()))
    return {
        group: (random_token(), _filled([one for one in mine if times[one] == 1][:HOUSEHOLD_TOKENS], HOUSEHOLD_TOKENS))
        for group, mine in made.items()
    }


def household_fields(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, list[str]]]:
    """Of each household of the file, from the rows of its people: surnames, homes, and each adult by names and birth date."""
    fields: dict[str, dict[str, dict[str, None]]] = {}
    for row in rows:
        held = fields.setdefault(row["group_id"], {"surname": {}, "door": {}, "adult": {}})
        held["surname"] |= dict.fromkeys(row["surname"][:1])
        held["door"] |= dict.fromkeys(row["door"])
        who = [row[name][0] for name in ("forename", "surname", "birth_date") if row[name]]
        if not row["asked"] and len(who) == 3:
            held["adult"]["\n".join(who)] = None
    return {group: {name: list(values) for name, values in held.items()} for group, held in fields.items()}


def _crosswalk(made: Made) -> bytes:
    """The pairs of ids as CSV, as they stand in the masked file and in the file that was masked."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("what", "masked_id", "own_id"))
    writer.writerows(("record", *pair) for pair in made.crosswalk)
    writer.writerows(("household", *pair) for pair in made.households)
    return text.getvalue().encode()
