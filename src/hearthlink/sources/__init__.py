"""Read each supplier's extract into its tables, and part names from needs at once."""

from hearthlink.sources.files import Given, SourceFiles, source_files
from hearthlink.sources.receive import receive
from hearthlink.sources.refresh import changes, keys_of, with_earlier_keys
from hearthlink.sources.years import CensusYear, census_year

__all__ = [
    "CensusYear",
    "Given",
    "SourceFiles",
    "census_year",
    "changes",
    "keys_of",
    "receive",
    "source_files",
    "with_earlier_keys",
]
