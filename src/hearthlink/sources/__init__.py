"""Read each supplier's extract into its tables, and part names from needs at once."""

from hearthlink.sources.files import SourceFiles, source_files
from hearthlink.sources.receive import receive
from hearthlink.sources.years import CensusYear, census_year

__all__ = ["CensusYear", "SourceFiles", "census_year", "receive", "source_files"]
