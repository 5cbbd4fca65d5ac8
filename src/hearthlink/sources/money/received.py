"""Money, rent and homes: every file of them read, put to the households and children on file, and parted from who they are about.

Nothing that names anybody leaves this module but in the identity tables of households known from Universal Credit alone, and those only
where the study asks for them. References, National Insurance numbers and pupil numbers join rows in memory and are kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine
from hearthlink.sources.intake import money as intake
from hearthlink.sources.intake.declared import IntakeTable
from hearthlink.sources.intake.fills import TIMES
from hearthlink.sources.intake.handles import Handles
from hearthlink.sources.intake.taking import Taken, take
from hearthlink.sources.money import universal_credit, universal_credit_only
from hearthlink.sources.money.arrears import read_arrears
from hearthlink.sources.money.files import Heap, files_in, heap_of, ordinal, read_folder
from hearthlink.sources.money.homelessness import read_homelessness
from hearthlink.sources.money.homelessness_xml import open_return
from hearthlink.sources.money.homes import homes
from hearthlink.sources.money.join import households_at_hand
from hearthlink.sources.money.meals import Pupils, read_meals
from hearthlink.sources.money.payments import read_payments
from hearthlink.sources.money.rent import read_rent
from hearthlink.sources.months_covered import Flags, Months, by_rows, months_of
from hearthlink.sources.reading.columns import Values, whole
from hearthlink.sources.reading.files import SourceFiles
from hearthlink.sources.reading.receipts import OBJECTED, Tally
from hearthlink.sources.reading.years import CensusYear
from hearthlink.tables.content import HOUSEHOLD_FACT
from hearthlink.tables.money import (
    COUNCIL_TAX_ARREAR,
    HOMELESSNESS,
    HOUSEHOLD_HOME,
    HOUSING_PAYMENT,
    RENT_ACCOUNT,
    RENT_BALANCE,
    SCHOOL_MEAL,
    TEMPORARY_ACCOMMODATION,
    UNIVERSAL_CREDIT,
)
from hearthlink.tables.spec import TableSpec

NewKey = Callable[[int], Sequence[int]]

TABLES = (
    HOUSEHOLD_HOME, UNIVERSAL_CREDIT, HOMELESSNESS, TEMPORARY_ACCOMMODATION, RENT_ACCOUNT, RENT_BALANCE, HOUSING_PAYMENT, COUNCIL_TAX_ARREAR,
    SCHOOL_MEAL,
)  # fmt: skip
"""The content tables that are made here. All of them are, with no rows where there is no file. Homes come from the claims' own addresses."""

FOLDERS: Mapping[str, tuple[IntakeTable, ...]] = {
    "universal_credit": (intake.UC_AWARD,),
    "homelessness": (intake.HOMELESSNESS_CASE, intake.HOMELESSNESS_PERSON, intake.TEMPORARY_ACCOMMODATION),
    "rent": (intake.RENT_ACCOUNT, intake.RENT_PERSON, intake.RENT_BALANCE),
    "housing_payments": (intake.HOUSING_PAYMENT,),
    "council_tax": (intake.COUNCIL_TAX_ARREAR,),
    "school_meals": (intake.SCHOOL_MEAL, intake.SCHOOL_PUPIL),
}
"""Which intake tables lie in which folder."""

SPOKEN_OF = {
    "universal_credit": "uc_award",
    "homelessness": "homelessness_case",
    "rent": "rent_account",
    "rent_balance": "rent_balance",
    "housing_payments": "housing_payment",
    "council_tax": "council_tax_arrear",
    "school_meals": "school_meal",
}
"""The intake table by which each source's months are known."""


@dataclass(frozen=True, slots=True)
class Money:
    """Content tables by name, the tallies of the files, and what is known of households from Universal Credit alone.

    `alone_facts` are their rows of `household_fact`. `alone` holds their rows of the identity tables of households, and is empty unless
    the study asks to link them. `covered` says of which months the files of each source speak.
    """

    tables: Mapping[str, pa.Table]
    tallies: tuple[Tally, ...]
    alone_facts: pa.Table
    alone: Mapping[str, pa.Table] = field(default_factory=dict)
    covered: Mapping[str, Flags] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Keys:
    """The random keys of households and of children, by their place in the identity tables."""

    household: pa.Array
    child: pa.Array


def read_money(
    engine: Engine,
    files: SourceFiles,
    *,
    households: Mapping[str, pa.Table],
    children: Mapping[str, pa.Table],
    new_key: NewKey,
    handles: Handles | None = None,
    given: Mapping[str, Sequence[Taken]] | None = None,
    year: CensusYear | None = None,
    keep_childless: bool = False,
    link_alone: bool = False,
    left_out: Callable[[str, pa.Table], pa.Array] | None = None,
) -> Money:
    """Every content table of money and homes, from the folders of the study and from tables that it names itself (`given`).

    `households` and `children` are the identity tables made of claims and of the census. A row is put to a household by claim reference or
    council tax account; else by National Insurance number; else by name, birth date and address; rent, debts and homelessness cases by some
    keys more (`money_join_queries.RUNGS`). Two that fit alike get nothing. The receipt says how many rows were joined by which key.

    Where a `year` is given, rows that do not touch the time from 24 months before it to 12 months after it are set aside and counted.

    `left_out` says which rows of an intake table, by its name, are about somebody who objects: they are set aside and counted.

    Raises DataProblem where a file cannot be read or is called like no table.
    """
    if year is not None:
        files = replace(files, wanted=replace(files.wanted, months=(year.history_start, year.follow_end)))
    told = handles or Handles()
    heaps = _heaps(files, given or {})
    if left_out is not None:
        gone = {name: left_out(name, heap.rows) for name, heap in heaps.items()}
        heaps = {name: heap.keeping(pc.invert(gone[name]), OBJECTED) for name, heap in heaps.items()}
    covered = {} if year is None else _covered(heaps, months_of(year))
    keys = _Keys(
        whole(households["household_identifier"].column("household_key")),
        whole(children["child_identifier"].column("child_key")),
    )
    with households_at_hand(engine, households, told):
        awards = universal_credit.read_awards(engine, heaps[intake.UC_AWARD.name], told.nino_key)
        case = read_homelessness(engine, *(heaps[table.name] for table in FOLDERS["homelessness"]))
        tenancy = read_rent(engine, *(heaps[table.name] for table in FOLDERS["rent"]))
        payment, payments = read_payments(engine, heaps[intake.HOUSING_PAYMENT.name])
        arrear, arrears = read_arrears(engine, heaps[intake.COUNCIL_TAX_ARREAR.name])
        pupils = Pupils(children["child_identifier"], children["child_address"], told.upn)
        meal = read_meals(engine, heaps[intake.SCHOOL_MEAL.name], heaps[intake.SCHOOL_PUPIL.name], pupils)
    credit, uc = _credit(awards, keys, new_key, keep_childless=keep_childless, link_alone=link_alone)
    keyed = {
        HOUSEHOLD_HOME.name: homes(engine, households),
        **case.tables,
        **tenancy.tables,
        HOUSING_PAYMENT.name: payment,
        COUNCIL_TAX_ARREAR.name: arrear,
    }
    tables = {name: _under_keys(table, keys) for name, table in {**keyed, SCHOOL_MEAL.name: meal.table}.items()}
    made = {spec.name: _ordered({**tables, **credit.tables}[spec.name], spec) for spec in TABLES}
    tallies = (*uc.tallies, *case.tallies, *tenancy.tallies, *payments.tallies, *arrears.tallies, *meal.tallies)
    return Money(made, tallies, credit.alone_facts, credit.alone, covered)


def _heaps(files: SourceFiles, given: Mapping[str, Sequence[Taken]]) -> dict[str, Heap]:
    """The rows of every intake table, from its folder and from what the study names."""
    heaps: dict[str, Heap] = {}
    named = [one.path for one in files.given if one.path is not None]
    for layout, tables in FOLDERS.items():
        folder = files.one(layout)
        read = read_folder(folder, tables, named, files.wanted)
        if layout == "homelessness":
            for path in files_in(folder, (".xml",), named):
                parts = open_return(path)
                for table in (table for table in tables if table.name in parts):
                    read[table.name].append(take(parts[table.name], table, wanted=files.wanted))
        for table in tables:
            heaps[table.name] = heap_of(table, read[table.name], given.get(table.name, ()))
    return heaps


def _covered(heaps: Mapping[str, Heap], months: Months) -> dict[str, Flags]:
    """The months that each source's files speak of, whomever their rows are about."""
    return {source: by_rows(months, source, heaps[name].rows, TIMES[name]) for source, name in SPOKEN_OF.items()}


def _credit(
    awards: Heap, keys: _Keys, new_key: NewKey, *, keep_childless: bool, link_alone: bool
) -> tuple[Money, Heap]:
    """Awards under the keys of their households, those of no household on file under keys of their own."""
    heap = awards
    stranger = pc.is_null(heap.rows.column("place"))
    strangers = heap.rows.filter(stranger)
    alone = universal_credit_only.households_alone(strangers, keep_childless=keep_childless)
    own = _fresh_keys(new_key, len(alone.household_id), keys.household)
    number = _spread(alone.number, stranger)
    heap = heap.having("alone", number).noting(pc.is_valid(number), universal_credit_only.OWN)
    kept = pc.or_(pc.invert(stranger), pc.is_valid(number))
    heap = heap.keeping(kept, universal_credit_only.CHILDLESS)
    rows = heap.rows
    every_key = pa.concat_arrays([keys.household, own])
    apart = pc.add(rows.column("alone"), len(keys.household))
    owner = whole(pc.coalesce(rows.column("place"), apart))
    rows = rows.append_column("owner", owner).append_column("key", every_key.take(owner))
    rows = rows.append_column("award_no", ordinal(rows, "owner", "unit", "start_date"))
    rows = rows.sort_by([("owner", "ascending"), ("award_no", "ascending"), ("start_date", "ascending")])
    content = universal_credit.content(rows, whole(rows.column("key")), whole(rows.column("award_no")))
    last = universal_credit.last_day(rows)
    identities = universal_credit_only.identities(strangers, alone, own, last) if link_alone else {}
    facts = universal_credit_only.facts(strangers, alone, own)
    return Money({UNIVERSAL_CREDIT.name: content}, (), facts, identities), heap


def _spread(values: pa.Array, mask: Values) -> pa.Array:
    """The values at the places where the mask is true, in order; empty elsewhere."""
    flags = np.asarray(mask)
    place = np.cumsum(flags) - 1
    return values.take(pa.array(place, mask=~flags))


def _fresh_keys(new_key: NewKey, number: int, taken: pa.Array) -> pa.Array:
    """So many new keys, none of them in use. Asking for more at a time gives others, should chance ever give one twice."""
    more = number
    while True:
        keys = pa.array(new_key(more)[:number], pa.int64())
        if not pc.any(pc.is_in(keys, value_set=taken), min_count=0).as_py():
            return keys
        more += 1


def _under_keys(table: pa.Table, keys: _Keys) -> pa.Table:
    """The table in order of its owners, with their keys in place of their places."""
    owners = [name for name in ("child", "place") if name in table.column_names]
    table = table.sort_by(
        [(name, "ascending") for name in (*owners, *(n for n in table.column_names if n not in owners))]
    )
    for name, key, column in (("place", keys.household, "household_key"), ("child", keys.child, "child_key")):
        if name in table.column_names:
            table = table.append_column(column, key.take(whole(table.column(name)))).drop_columns([name])
    return table


def _ordered(table: pa.Table, spec: TableSpec) -> pa.Table:
    return spec.conform(table.select(spec.names))


def with_alone(households: Mapping[str, pa.Table], money: Money) -> dict[str, pa.Table]:
    """The tables of households with those known from Universal Credit alone: what kind each is, and who, where the study links them."""
    fact = households[HOUSEHOLD_FACT.name]
    told = {
        **households,
        HOUSEHOLD_FACT.name: fact.append_column("credit_only", pa.array(np.zeros(fact.num_rows, bool))),
    }
    added = {**money.alone, HOUSEHOLD_FACT.name: money.alone_facts}
    return {
        name: pa.concat_tables([table, added[name].select(table.column_names).cast(table.schema)])
        if name in added
        else table
        for name, table in told.items()
    }
