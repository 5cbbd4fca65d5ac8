"""Every measure of the study in one place: what is counted, of whom, when, what cannot be seen, what spoils it and the guard against that."""

from __future__ import annotations

from hearthlink.tables.definitions_home import HOME_MEASURES
from hearthlink.tables.definitions_money import MONEY_MEASURES
from hearthlink.tables.measures import Measure

MEASURES: dict[str, Measure] = {one.name: one for one in (*MONEY_MEASURES, *HOME_MEASURES)}
"""Every measure by its name, in the order in which they are reported."""
