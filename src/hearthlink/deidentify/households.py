"""Households by month under their pseudonyms, what befell them, and what befell those a child may live in, by weeks from its referral."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthlink.deidentify.pseudonyms import Named, NewPseudonyms, Whole, named, word_codes
from hearthlink.tables.research import RESEARCH_CHILD_EVENT, RESEARCH_EVENT, RESEARCH_HOUSEHOLD, RESEARCH_STRETCH

WEEKS_BEFORE, WEEKS_AFTER = 105, 53
"""How many weeks before and after a referral the events of a household are told with a child."""


@dataclass(frozen=True, slots=True)
class Chains:
    """The households of the research room, a place for each: `keys` of their chains ascending, `facts` about them, their pseudonyms."""

    keys: Whole
    facts: pa.Table
    named: Named

    def place(self, keys: pa.ChunkedArray | pa.Array) -> Whole:
        """The place of each chain key; -1 where it is empty, or of a household that does not cross."""
        asked = _whole(keys, -1)
        if not len(self.keys):
            return np.full(len(asked), -1, np.int64)
        found = np.minimum(np.searchsorted(self.keys, asked), len(self.keys) - 1)
        return np.where(self.keys[found] == asked, found, -1)


def chains_of(
    facts: pa.Table, candidate_keys: pa.ChunkedArray, seen: pa.Table, new_pseudonyms: NewPseudonyms
) -> Chains:
    """The households that cross: those observed that have children, and every one that a child may live in.

    `facts` is `chain_fact`, `seen` is `household_state`.
    """
    keys = _whole(facts.column("chain_key"), -1)
    observed = np.isin(keys, _whole(seen.column("household_key"), -1))
    kept = (observed & _flags(facts, "with_children")) | np.isin(keys, _whole(candidate_keys, -1))
    facts = facts.filter(pa.array(kept))
    # Pseudonyms are asked for by the ids that stay over receipts; a chain of which no claim is on file any more has its key alone.
    own = pc.binary_join_element_wise("key", facts.column("chain_key").cast(pa.string()), " ")
    ids: list[str] = pc.coalesce(facts.column("named"), own).to_pylist()
    made = named("household", ids, new_pseudonyms)
    order = np.argsort(keys[kept], kind="stable")
    return Chains(
        keys[kept][order], facts.take(pa.array(order)), Named(made.names.take(pa.array(order)), made.order[order])
    )


def research_household(chains: Chains, seen: pa.Table, fifths: pa.Table) -> pa.Table:
    """A row for each household; its first and last month are 0 where it was observed in none."""
    place = chains.place(seen.column("household_key"))
    kept = place >= 0
    first, last = np.full(len(chains.keys), 10**6), np.zeros(len(chains.keys), np.int64)
    np.minimum.at(first, place[kept], seen.column("first_month").to_numpy()[kept])
    np.maximum.at(last, place[kept], seen.column("last_month").to_numpy()[kept])
    decile = np.zeros(len(chains.keys), np.int64)
    home = chains.place(fifths.column("chain_key"))
    decile[home[home >= 0]] = _whole(fifths.column("imd_decile"), 0)[home >= 0]
    disability = _whole(chains.facts.column("disability"), 0)
    table = pa.table(
        {
            "household_pseudonym": chains.named.names,
            "first_month": np.where(last == 0, 0, first),
            "last_month": last,
            "deprivation_fifth": pa.array((decile + 1) // 2, mask=decile == 0),
            "disability": pa.array(disability == 2, mask=disability == 0),
            "credit_only": chains.facts.column("credit_only"),
        }
    )
    return RESEARCH_HOUSEHOLD.conform(table.take(pa.array(np.argsort(chains.named.order))))


def research_stretch(chains: Chains, seen: pa.Table) -> pa.Table:
    """`household_state` under pseudonyms, by household and month."""
    place = chains.place(seen.column("household_key"))
    kept = np.flatnonzero(place >= 0)
    order = kept[np.lexsort((seen.column("first_month").to_numpy()[kept], chains.named.order[place[kept]]))]
    table = seen.drop_columns(["household_key"]).take(pa.array(order))
    table = table.append_column("household_pseudonym", chains.named.of(place[order]))
    return RESEARCH_STRETCH.conform(table.select(list(RESEARCH_STRETCH.names)))


def research_event(chains: Chains, events: pa.Table) -> pa.Table:
    """`household_event` under pseudonyms and without its days, by household and month."""
    place = chains.place(events.column("household_key"))
    kept = np.flatnonzero(place >= 0)
    by = (
        _whole(events.column("dose"), -1), word_codes(events.column("basis")), word_codes(events.column("kind")),
        events.column("month").to_numpy(),
    )  # fmt: skip
    order = kept[np.lexsort((*(one[kept] for one in by), chains.named.order[place[kept]]))]
    table = events.take(pa.array(order)).append_column("household_pseudonym", chains.named.of(place[order]))
    return RESEARCH_EVENT.conform(table.select(list(RESEARCH_EVENT.names)))


def research_child_event(
    chains: Chains, candidates: pa.Table, child: Whole, children: Named, events: pa.Table
) -> pa.Table:
    """The events of every household a child may live in, by whole weeks from the day of referral, by child and rank.

    `candidates` is `candidate_rows` and `child` the place of each one's child among the pseudonyms of `children`.
    """
    home, struck = chains.place(candidates.column("chain_key")), chains.place(events.column("household_key"))
    by_home = np.argsort(struck, kind="stable")
    start = np.searchsorted(struck[by_home], home)
    count = np.where(home < 0, 0, np.searchsorted(struck[by_home], home, side="right") - start)
    which = np.repeat(np.arange(len(home)), count)
    event = by_home[np.repeat(start - (np.cumsum(count) - count), count) + np.arange(len(which))]
    day, referred = _whole(events.column("day"), 0), _whole(candidates.column("referral_date"), 0)
    weeks = np.floor_divide(day[event] - referred[which], 7)
    near = (weeks >= -WEEKS_BEFORE) & (weeks <= WEEKS_AFTER)
    which, event, weeks = which[near], event[near], weeks[near]
    rank, dose = candidates.column("rank").to_numpy()[which], _whole(events.column("dose"), -1)[event]
    kind = word_codes(events.column("kind"))[event]
    order = np.lexsort((dose, kind, weeks, rank, children.order[child[which]]))
    told = events.take(pa.array(event[order]))
    table = pa.table(
        {
            "child_pseudonym": children.of(child[which[order]]),
            "rank": rank[order],
            "kind": told.column("kind"),
            "weeks": weeks[order],
            "dose": told.column("dose"),
        }
    )
    return RESEARCH_CHILD_EVENT.conform(table)


def _whole(values: pa.ChunkedArray | pa.Array, missing: int) -> Whole:
    """A column of whole numbers or dates, with a number for what is missing."""
    held = values.cast(pa.int32()) if pa.types.is_date(values.type) else values
    return pc.fill_null(held.cast(pa.int64()), missing).to_numpy().astype(np.int64)


def _flags(table: pa.Table, name: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray(table.column(name).to_numpy(), bool)
