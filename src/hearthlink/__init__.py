"""Hearthlink links children's social care records to benefits records, and clears what may be learnt from the link."""

__version__ = "0.1.0"
