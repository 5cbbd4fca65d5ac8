"""Names, dates, postcodes and addresses made comparable: what two offices wrote of one person comes out alike."""

from hearthlink.standardise.people import people

__all__ = ["people"]
