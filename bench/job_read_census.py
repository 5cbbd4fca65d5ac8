"""Our reading of a census, in a process of its own: `job_read_census.py typed|whole FILE`.

`typed` reads every child into typed columns and keeps them; `whole` puts them in order and ties them together besides, as `receive` does.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path

from hidden import hide
from own_peak import own_peak

hide()

from hearthlink.sources.activity.census import LEFT, read_xml  # noqa: E402 - what is hidden must be hidden before anything is imported
from hearthlink.sources.activity.census import Reading as Census  # noqa: E402
from hearthlink.sources.census.cin_bytes import open_xml  # noqa: E402
from hearthlink.sources.census.cin_parse import batches  # noqa: E402
from hearthlink.sources.census.memory import plain_memory  # noqa: E402
from hearthlink.sources.reading.years import census_year  # noqa: E402

how, path, year = sys.argv[1], Path(sys.argv[2]), census_year("2019-20")
begun = time.perf_counter()
if how == "whole":
    census = read_xml(path, year)
    counts = {"children": census.child.num_rows, "referrals": census.referral.num_rows}
else:
    xml, notes = open_xml(path, "cin"), Counter[str]()
    reading = Census(xml.file, year, notes)
    with plain_memory():
        for batch in batches(xml, notes, without=LEFT):
            reading.add(batch.tables, batch.children)
    counts = {"children": reading.children}
print(json.dumps({"seconds": time.perf_counter() - begun, "peak": own_peak(), **counts}))
