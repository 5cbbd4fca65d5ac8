"""Receive: every extract read once, parted into identity and content at once, with a receipt by counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.engine import Engine
from hearthlink.sources.activity.census import read_census, without_children
from hearthlink.sources.activity.stages import read_stages
from hearthlink.sources.case.identifiers import read_identifiers
from hearthlink.sources.children import bring_together
from hearthlink.sources.claims.claim_months import claims_covered
from hearthlink.sources.claims.household_people import household_people
from hearthlink.sources.claims.household_sources import read_benefits
from hearthlink.sources.claims.households import Households, assemble
from hearthlink.sources.geography.areas import FILLED, read_geography, with_postcodes
from hearthlink.sources.geography.comparators import read_comparators
from hearthlink.sources.left_out import (
    LeftOut,
    children_left_out,
    households_left_out,
    outside_study,
    rows_left_out,
    with_those_who_follow,
    without,
)
from hearthlink.sources.left_out import told as objections_told
from hearthlink.sources.mapping.mapped import QueryOpener, no_database, read_given
from hearthlink.sources.money.received import read_money, with_alone
from hearthlink.sources.months_covered import table_of
from hearthlink.sources.objections import Objection
from hearthlink.sources.other_years import read_other_years
from hearthlink.sources.reading.columns import whole
from hearthlink.sources.reading.files import SourceFiles
from hearthlink.sources.reading.receipts import Tally, receipt
from hearthlink.sources.reading.years import census_year
from hearthlink.sources.withhold import withhold
from hearthlink.tables.content import CONTENT_TABLES
from hearthlink.tables.identity import IDENTITY_TABLES
from hearthlink.tables.money import MONEY_TABLES

Progress = Callable[[str, float], None]
SPECIFICATIONS = {spec.name: spec for spec in (*IDENTITY_TABLES, *CONTENT_TABLES, *MONEY_TABLES)}


def _silent(_words: str, _share: float) -> None:
    return None


def receive(
    engine: Engine,
    files: SourceFiles,
    *,
    year: str,
    new_key: Callable[[int], Sequence[int]],
    keep_childless: bool = False,
    link_alone: bool = False,
    open_query: QueryOpener = no_database,
    progress: Progress = _silent,
    objections: Sequence[Objection] = (),
    objections_file: str = "objections.csv",
) -> dict[str, pa.Table]:
    """The identity tables, the content tables and the receipt, each as its specification in `hearthlink.tables` says.

    `year` is spelt "2019-20". `new_key(n)` gives n different random whole numbers under 2**53. Monthly files are read from 24 months
    before the year to 12 months after it, as far as they go; others stay closed. Those who may be linked as at the day of referral are the
    households with a claim in the year or the month before; of those of other times the content room and the tables over time tell.
    Households in which nobody is ever a dependant, and nobody was under 18 when the year began, are removed and counted unless
    `keep_childless`. Households known from Universal Credit alone are among those that children may be linked with only where `link_alone`.
    `open_query` opens a query of a database that the study names. Whoever `objections` are about is in no table; `objection` says of each
    line of the list, called `objections_file`, whether anybody was found.

    Raises DataProblem where an extract is missing, is another file, or cannot be read; its words hold no value from the data.
    """
    asked = census_year(year)
    files = replace(files, wanted=replace(files.wanted, months=(asked.history_start, asked.follow_end)))
    given = read_given(files.given, open_query, files.wanted)
    benefits = read_benefits(engine, files, given, year=asked, nino_key=new_key(2), progress=progress)
    progress("Reading the census", 0.3)
    census = read_census(files, asked, given)
    progress("Reading the case system's extract", 0.5)
    others = read_other_years(files, asked)
    identifiers, stages = read_identifiers(files, given), read_stages(files, census, given)
    children = bring_together(census, identifiers, stages, asked, new_key, others=others)
    out = LeftOut()
    if objections:
        known = children.tables
        out = children_left_out(objections, known["child_identifier"], known["child_address"], children.ids)
    if len(out.child_ids):
        census = without_children(census, out.child_ids)
        children = bring_together(census, identifiers, stages, asked, new_key, others=others)
    progress("Bringing claims together", 0.7)
    households = assemble(engine, benefits, year=asked, new_key=new_key, keep_childless=keep_childless)
    progress("Reading money, rent and homes", 0.85)
    money = read_money(
        engine,
        files,
        households=_to_join(households, link_alone=link_alone),
        children=children.tables,
        new_key=new_key,
        handles=replace(households.handles, upn=_pupil_numbers(census.child)),
        given=given,
        year=asked,
        keep_childless=keep_childless,
        link_alone=link_alone,
        left_out=rows_left_out(out) if objections else None,
    )
    progress("Reading the geography", 0.9)
    over_time = {f"{name}{OVER_TIME}": table for name, table in households.over_time.items() if name in TOLD_OVER_TIME}
    told = {**children.tables, **with_alone(households.tables, money), **over_time, **money.tables}
    alone = [money.alone[name] for name in ("household_member",) if name in money.alone]
    if objections:
        out = outside_study(_households_out(out, told, households), identifiers.person, households.handles.unkept)
        told = without(out, told)
    told["month_covered"] = table_of({**claims_covered(benefits, asked), **money.covered}, asked)
    told["household_person"] = household_people(
        told["household_identifier"], told[f"household_member{OVER_TIME}"], *(_still_there(one, told) for one in alone)
    )
    objection, objection_tallies = objections_told(out, objections_file)
    shown, withheld_tallies = withhold(told)
    placed, geography_tallies = _placed(shown, files)
    comparator, comparator_tallies = read_comparators(files.one("comparators"))
    tallies = (
        *children.tallies,
        *census.others,
        *benefits.outside,
        *households.tallies,
        *money.tallies,
        *geography_tallies,
        *comparator_tallies,
        *objection_tallies,
        *withheld_tallies,
    )
    received = {
        name: SPECIFICATIONS[name].conform(table.select(SPECIFICATIONS[name].names)) for name, table in placed.items()
    }
    progress("Received", 1.0)
    counts = {"receipt": receipt(tallies), "join_rate": children.join_rate, "followed_up": children.followed_up}
    return received | counts | {"comparator": comparator, "objection": objection}


def _households_out(out: LeftOut, told: Mapping[str, pa.Table], households: Households) -> LeftOut:
    """The households that objections are about, with those that follow them, besides the children."""
    members = [told[f"household_member{suffix}"] for suffix in ("", OVER_TIME)]
    homes = [told[f"household_residence{suffix}"] for suffix in ("", OVER_TIME)]
    found = households_left_out(out, members, homes, households.handles.claim)
    return with_those_who_follow(found, told["household_identifier"], told["household_followed"])


def _still_there(members: pa.Table, told: Mapping[str, pa.Table]) -> pa.Table:
    """Members of households known from Universal Credit alone, without those who were left out of the tables."""
    return members.filter(pc.is_in(members.column("member_id"), whole(told["household_member"].column("member_id"))))


def _pupil_numbers(child: pa.Table) -> pa.Table:
    """The unique pupil number of each child of the census, for joining school meals in memory."""
    return pa.table({"handle": child.column("upn"), "child_id": child.column("child_id")})


def _to_join(households: Households, *, link_alone: bool) -> dict[str, pa.Table]:
    """The households that rows of money and homes may be put to.

    Where those known from Universal Credit alone may be linked, a claim of another time must not take their awards: they would be linked
    otherwise as at the day of referral for what happened at another.
    """
    if not link_alone:
        return households.over_time
    return {
        name: table.filter(pc.is_in(table.column("household_id"), households.of_the_window))
        for name, table in households.over_time.items()
    }


OVER_TIME = "_over_time"
TOLD_OVER_TIME = ("household_member", "household_residence", "household_count")
ADDRESSES = ("child_address", "household_residence", "household_residence_over_time")


def _placed(tables: Mapping[str, pa.Table], files: SourceFiles) -> tuple[dict[str, pa.Table], tuple[Tally, ...]]:
    """The tables with `postcode_area`, and with the postcode of an address's property where the address itself has none."""
    geography = read_geography(
        files.one("geography"),
        postcodes=[tables[name].column("postcode") for name in ADDRESSES],
        uprns=[tables[name].column("uprn") for name in ADDRESSES],
    )
    filled = {name: with_postcodes(tables[name], geography) for name in ADDRESSES}
    *first, last = geography.tallies
    told = last.noting(FILLED, sum(rows for name, (_, rows) in filled.items() if not name.endswith(OVER_TIME)))
    addresses = {name: table for name, (table, _) in filled.items()}
    return {**tables, **addresses, "postcode_area": geography.postcode_area}, (*first, told)
