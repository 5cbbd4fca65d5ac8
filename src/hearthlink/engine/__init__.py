"""Run a query. Nothing else in Hearthlink knows which database answers."""

from hearthlink.engine.engine import Engine, Query, open_engine
from hearthlink.engine.functions import VOCABULARY

__all__ = ["VOCABULARY", "Engine", "Query", "open_engine"]
