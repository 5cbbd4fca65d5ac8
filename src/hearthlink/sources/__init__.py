"""Read each supplier's extract into its tables, and part names from needs at once."""

from hearthlink.sources.objections import read_objections
from hearthlink.sources.reading.files import Given, SourceFiles, source_files
from hearthlink.sources.reading.years import CensusYear, census_year
from hearthlink.sources.receive import receive
from hearthlink.sources.refresh import changes, keys_of, with_earlier_keys

__all__ = [
    "CensusYear",
    "Given",
    "SourceFiles",
    "census_year",
    "changes",
    "keys_of",
    "read_objections",
    "receive",
    "source_files",
    "with_earlier_keys",
]
