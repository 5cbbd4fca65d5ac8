"""A mapping guessed from headers and shapes: which of our tables a file fills, where each column comes from, and how sure that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache

import numpy as np
from scipy.optimize import linear_sum_assignment

from hearthlink.errors import DataProblem
from hearthlink.sources.intake.catalogue import INTAKE
from hearthlink.sources.intake.declared import IntakeColumn, IntakeTable
from hearthlink.sources.intake.name_parts import Part
from hearthlink.sources.intake.rules import ColumnRule, TableRules
from hearthlink.sources.mapping.file_names import is_inside
from hearthlink.sources.mapping.score import fit
from hearthlink.sources.mapping.shapes import Profile, profiles
from hearthlink.sources.mapping.spelling import spelling
from hearthlink.sources.mapping.words import without_prefix, words_of
from hearthlink.sources.reading.delimited import normal
from hearthlink.sources.reading.text_columns import Tabular

WORTH_SAYING = 0.45
"""How well a column must fit to be proposed at all."""
SURE_FROM = 0.8
CLEAR_BY = 0.06
"""How far ahead of any other a column must be to be called sure."""


MOST_COLUMNS = 1_000
LONGEST_HEADER = 200
SAME_TABLE = 0.4
"""How little less another table may fit a file before a person is asked which it is."""


STEMS = {"looked_after": ("episodes", "list_8", "ssda903", "903"), "cin_plan": ("list_6",)}
"""Names of files that tell the table, beside those under which it is looked for."""


BY_THE_WAY = {"cin_child": 1.0}
"""What a table must fit better by that almost every list about children fills by the way."""


class Sureness(Enum):
    """How sure a guess is. Only the doubtful is asked about."""

    SURE = "sure"
    LIKELY = "likely"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """Where one of our columns is likely to come from. `doubts` says in sentences what a person should look at.

    `others` are further headers that could be it, the best first.
    """

    column: IntakeColumn
    rule: ColumnRule
    fit: float
    sureness: Sureness
    shape: str = ""
    doubts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableGuess:
    """Which of our tables a file fills, and each column. `unread` are the headers that no column comes from, `lacking` what is needed and not found."""

    table: IntakeTable
    file: str | None
    sheet: str | None
    rows: int
    columns: tuple[ColumnGuess, ...]
    unread: tuple[str, ...]
    lacking: tuple[str, ...]
    sure_of_table: bool = True
    other_tables: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    asked: bool = False
    profiles: Mapping[str, Profile] = field(default_factory=dict[str, Profile])

    @property
    def doubtful(self) -> tuple[ColumnGuess, ...]:
        """The columns that a person should be asked about."""
        return tuple(one for one in self.columns if one.sureness is Sureness.DOUBTFUL)

    @property
    def recognised(self) -> bool:
        """Whether enough is found for the file to be this table at all, where nobody said that it is."""
        if self.asked:
            return bool(self.columns)
        every, theirs = len(self.table.columns), len(self.columns) + len(self.unread)
        much = 4 * len(self.columns) >= every or 2 * len(self.columns) > theirs
        needed = sum(1 for column in self.table.columns if column.needed or column.required)
        return much and len(self.columns) >= min(every, 3) and 3 * len(self.lacking) <= needed

    def rules(self, said_in: str = "the mapping") -> TableRules:
        """The part of a mapping that this guess is."""
        return TableRules(
            self.table.name, said_in, self.file, self.sheet, self.missing, {}, {g.column.name: g.rule for g in self.columns}
        )  # fmt: skip


def guess(
    tabular: Tabular, *, table: str | None = None, sheet: str | None = None, called: str | None = None
) -> TableGuess:
    """The mapping of a file, guessed. Its values are looked at for their shapes and let go; none is kept.

    `table` says which of our tables it fills, where that is known; `called` is the name of a table that lies in no file.
    """
    if len(tabular.headers) > MOST_COLUMNS:
        raise DataProblem(
            f"The file has more than {MOST_COLUMNS:,} columns, which no table of records has.",
            file=tabular.file,
            line=1,
            remedy="Ask for an export of the columns that are needed.",
        )
    seen = profiles(tabular, _our_codes())
    _refuse_values(seen, tabular.file)
    unique = Counter(normal(one.header) for one in seen)
    usable = [one for one in seen if unique[normal(one.header)] == 1 and _is_usable(one)]
    stem = called or tabular.file.rpartition(".")[0] or tabular.file
    ranked = sorted(
        (
            (_total(one, (stem, sheet or ""), usable), one.name)
            for one in ([INTAKE[table]] if table else INTAKE.values())
        ),
        key=lambda pair: (-pair[0], pair[1]),
    )
    chosen = INTAKE[ranked[0][1]]
    others = tuple(name for total, name in ranked[1:4] if total > ranked[0][0] - SAME_TABLE)
    columns = _with_house(chosen, usable, _with_split(chosen, usable, _columns(chosen, usable)))
    taken = {header for one in columns for header in one.rule.headers}
    return TableGuess(
        chosen,
        stem if called is None and is_inside(stem) else None,
        sheet,
        max((one.rows for one in seen), default=0),
        columns,
        tuple(one.header for one in seen if one.header not in taken and not one.looks_like_a_value),
        tuple(c.name for c in chosen.columns if (c.needed or c.required) and c.name not in {g.column.name for g in columns}),
        sure_of_table=not others,
        other_tables=others,
        missing=_nothings(usable, taken),
        asked=table is not None,
        profiles={one.header: one for one in usable},
    )  # fmt: skip


def answered(whole: TableGuess, column: str, header: str | None) -> TableGuess:
    """The guess with one column settled by a person: on a header of the file, or on none."""
    held = [one for one in whole.columns if one.column.name != column]
    if header is not None:
        ours = whole.table.column(column)
        held = [one for one in held if header not in one.rule.headers or one.rule.part is not None]
        rule, doubts = spelling(ours, whole.profiles[header])
        shape = whole.profiles[header].shape
        settled = Sureness.LIKELY if doubts else Sureness.SURE
        held.append(ColumnGuess(ours, rule, 1.0, settled, shape, tuple(doubts)))
    order = whole.table.names
    held.sort(key=lambda one: order.index(one.column.name))
    taken = {one for guessed in held for one in guessed.rule.headers}
    needed = [c.name for c in whole.table.columns if c.needed or c.required]
    return replace(
        whole,
        columns=tuple(held),
        unread=tuple(one for one in whole.profiles if one not in taken),
        lacking=tuple(name for name in needed if name not in {one.column.name for one in held}),
    )


def _is_usable(one: Profile) -> bool:
    """Whether a header can stand in a mapping: there, of a sensible length, and no value."""
    header = one.header.strip()
    return 0 < len(header) <= LONGEST_HEADER and header.count(".") <= 20 and not one.looks_like_a_value


def _refuse_values(seen: Sequence[Profile], file: str) -> None:
    """Raise DataProblem where the first row is data and no header, for headers are shown and written."""
    named = [one for one in seen if one.header.strip()]
    values = sum(one.looks_like_a_value for one in named)
    if not named or 4 * values >= len(named):
        raise DataProblem(
            "The first row looks like data and not like the names of columns, so none of it is shown.",
            file=file,
            line=1,
            remedy="Ask for an export whose first row names the columns, or write the names in above the first row.",
        )


@cache
def _our_codes() -> frozenset[str]:
    return frozenset(spelt for table in INTAKE.values() for column in table.columns for spelt in column.codes)


def _fits(table: IntakeTable, seen: Sequence[Profile]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """How well each of our columns, in rows, fits each of theirs."""
    bare = without_prefix([one.header for one in seen])
    return np.array(
        [[fit(column, name, one) for name, one in zip(bare, seen, strict=True)] for column in table.columns]
    ).reshape(len(table.columns), len(seen))


def _assigned(fits: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> list[tuple[int, int]]:
    """Each of our columns on one of theirs so that all together fit best; of two that fit alike the one that stands first."""
    if not fits.size:
        return []
    worth = np.where(fits >= WORTH_SAYING, fits**2, 0.0) - 1e-7 * np.arange(fits.shape[1])
    ours, theirs = linear_sum_assignment(worth, maximize=True)
    return [(int(o), int(t)) for o, t in zip(ours, theirs, strict=True) if fits[o, t] >= WORTH_SAYING]


def _total(table: IntakeTable, called: Sequence[str], seen: Sequence[Profile]) -> float:
    """How well a file fills a table as a whole: what its columns are worth and what it is called, less what is needed and lacking."""
    fits = _fits(table, seen)
    found = _assigned(fits)
    worth = sum(float(fits[o, t]) ** 2 for o, t in found)
    held = {table.columns[o].name for o, _ in found}
    lacking = sum(1.2 for c in table.columns if (c.required or c.needed) and c.name not in held)
    stems = {normal(one) for one in (*table.stems, *STEMS.get(table.name, ()))}
    names = {normal(one) for one in called if one}
    named = 1.5 if names & stems else 0.0
    part = 0.8 if not named and any(len(s) > 3 and s in name for s in stems for name in names) else 0.0
    own = {*words_of(table.name)}
    spoken = 0.3 if any(own <= {*words_of(one.header)} for one in seen) else 0.0
    return worth - lacking + named + part + spoken - BY_THE_WAY.get(table.name, 0.0)


def _columns(table: IntakeTable, seen: Sequence[Profile]) -> tuple[ColumnGuess, ...]:
    fits = _fits(table, seen)
    made: list[ColumnGuess] = []
    for o, t in _assigned(fits):
        column, profile, best = table.columns[o], seen[t], float(fits[o, t])
        rule, doubts = spelling(column, profile)
        along, down = np.delete(fits[o], t), np.delete(fits[:, t], o)
        rival = max(float(along.max(initial=0.0)), float(down.max(initial=0.0)))
        others = [seen[int(n)].header for n in np.argsort(-fits[o], kind="stable")[:5] if n != t and fits[o, n] >= 0.3]
        made.append(
            ColumnGuess(
                column, rule, best, _sureness(best, rival, doubts), profile.shape, tuple(doubts), tuple(others[:4])
            )
        )
    return tuple(made)


def _sureness(best: float, rival: float, doubts: Sequence[str]) -> Sureness:
    if best < 0.68 or (best < 0.97 and best - rival < CLEAR_BY / 3) or doubts:
        return Sureness.DOUBTFUL
    return Sureness.SURE if best >= SURE_FROM and (best >= 0.97 or best - rival >= CLEAR_BY) else Sureness.LIKELY


def _with_split(table: IntakeTable, seen: Sequence[Profile], made: tuple[ColumnGuess, ...]) -> tuple[ColumnGuess, ...]:
    """The guesses with surname, forename and title taken out of one string, where no columns of their own were found."""
    found = {one.column.name: one for one in made}
    wanted = [name for name in ("surname", "forename") if name in table.names]
    whole = next((one for one in seen if one.look("comma name") >= 0.7), None)
    lacking = [name for name in wanted if name not in found or found[name].rule.headers == (whole and whole.header,)]
    if whole is None or len(wanted) < 2 or not lacking:
        return made
    titled = " " in whole.shape or whole.look("comma name") >= 0.7
    parts: dict[str, Part] = {
        "surname": "surname",
        "forename": "forename",
        "middle_names": "middle_names",
        "other_names": "middle_names",
        "title": "title",
    }
    kept = [one for one in made if whole.header not in one.rule.headers]
    names = {one.column.name for one in kept}
    for ours, part in parts.items():
        if ours in table.names and ours not in names:
            rule = ColumnRule(
                (whole.header,), order="SURNAME, TITLE FORENAMES" if titled else "SURNAME, FORENAMES", part=part
            )
            doubt = "The name is taken apart at its comma: surname first, then a title if there is one, then forenames."
            kept.append(ColumnGuess(table.column(ours), rule, BY_COMMA, Sureness.DOUBTFUL, whole.shape, (doubt,)))
    return tuple(sorted(kept, key=lambda one: table.names.index(one.column.name)))


BY_COMMA = 0.7
HOUSE = tuple("room,floor,flat,sub building,building,building name,house name,house".split(","))
"""What a first line of an address is made of, where a system keeps it in parts, in the order of an envelope."""


def _with_house(table: IntakeTable, seen: Sequence[Profile], made: tuple[ColumnGuess, ...]) -> tuple[ColumnGuess, ...]:
    """The guesses with the first line of an address put together from a flat, a house's name and its number, where these are columns."""
    found = {one.column.name: one for one in made}
    parts = {" ".join(words_of(one.header)).removesuffix(" number"): one for one in seen}
    held = [parts[name].header for name in HOUSE if name in parts]
    whole = found.get("address_1")
    if "address_1" not in table.names or not held or (whole is not None and whole.rule.headers[0] not in held):
        return made
    doubts = ("The line is put together from its parts.",)
    rule = ColumnRule(tuple(held), join=", ") if len(held) > 1 else ColumnRule(tuple(held))
    joined = ColumnGuess(
        table.column("address_1"), rule, BY_COMMA, Sureness.LIKELY, "", doubts if len(held) > 1 else ()
    )
    kept = [one for one in made if one.column.name != "address_1" and not {*one.rule.headers} & {*held}]
    return tuple(sorted([*kept, joined], key=lambda one: table.names.index(one.column.name)))


def _nothings(seen: Sequence[Profile], taken: set[str]) -> tuple[str, ...]:
    return tuple(sorted({word for one in seen if one.header in taken for word in one.nothings}))
