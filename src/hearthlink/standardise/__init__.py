"""Names, dates, postcodes and addresses made comparable: what two offices wrote of one person comes out alike."""

from hearthlink.standardise.people import people
from hearthlink.standardise.persons import Comparable, comparable, prepared

__all__ = ["Comparable", "comparable", "people", "prepared"]
