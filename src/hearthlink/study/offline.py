"""The network, closed around every command, whatever it does. Only a step whose permit names a host opens it, to that host alone."""

from hearthlink.governance.network import closed_network

__all__ = ["closed_network"]
