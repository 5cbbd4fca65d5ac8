"""From linked records to the research room: random pseudonyms, coarse attributes, and benefit on the day of referral."""

from hearthlink.deidentify.deidentify import deidentify

__all__ = ["deidentify"]
