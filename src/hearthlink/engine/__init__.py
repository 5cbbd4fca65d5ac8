"""Run a query. Nothing else in Hearthlink knows which database answers."""

from hearthlink.engine.engine import Engine, Kind, Query, open_engine, require_engine
from hearthlink.engine.functions import VOCABULARY

__all__ = ["VOCABULARY", "Engine", "Kind", "Query", "open_engine", "require_engine"]
