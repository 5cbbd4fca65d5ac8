"""One monthly Housing Benefit extract read as `receive` reads it: `job_read_shbe_ours.py FILE`. Prints its counts and seconds as JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from hearthlink.sources.shbe import read_month


def main() -> None:
    """Read the file once and say what it held."""
    begun = time.perf_counter()
    month = read_month(Path(sys.argv[1]), nino_key=(3, 5))
    seconds = time.perf_counter() - begun
    print(json.dumps({"seconds": seconds, "claims": month.claim.num_rows, "records": month.tally.rows_in}))


if __name__ == "__main__":
    main()
