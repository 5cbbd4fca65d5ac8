"""What may be done, by whom, and what was done."""

from hearthlink.governance.keys import Keys, practice_keys
from hearthlink.governance.ledger import Event, Ledger
from hearthlink.governance.permission import SOURCES, Permission, require
from hearthlink.governance.permit import Permit, grant
from hearthlink.governance.pseudonyms import kept_pseudonyms
from hearthlink.governance.roles import REACH, Reach, Role

__all__ = [
    "REACH", "SOURCES", "Event", "Keys", "Ledger", "Permission", "Permit", "Reach", "Role", "grant", "kept_pseudonyms",
    "practice_keys", "require",
]  # fmt: skip
