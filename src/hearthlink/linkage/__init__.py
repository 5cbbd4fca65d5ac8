"""Who is the same person, and who lives with whom."""

from hearthlink.linkage.decided import decided
from hearthlink.linkage.earlier import link_before
from hearthlink.linkage.linkage import agreement, estimate, link
from hearthlink.linkage.resolve import tied
from hearthlink.linkage.search import search

__all__ = ["agreement", "decided", "estimate", "link", "link_before", "search", "tied"]
