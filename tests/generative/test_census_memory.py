"""A census takes little more memory than its tables, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from made_extracts import census, child, episode

CHILDREN = 60_000
FEW = 10_000
A_CHILD = 620
"""Bytes of peak memory for each further child at the most. The tables as they are handed on take just over half of it."""

READ = """
import json, sys
from pathlib import Path
from hearthlink.sources.activity.census import read_xml
from hearthlink.sources.reading.years import census_year
made = read_xml(Path(sys.argv[1]), census_year("2019-20"))
status = Path("/proc/self/status").read_text()
held = sum(getattr(made, name).nbytes for name in ("child", "referral", "assessment", "section47", "protection_plan", "cin_plan"))
peak = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:"))
print(json.dumps({"children": made.child.num_rows, "referrals": made.referral.num_rows, "held": held, "peak": peak}))
"""


def cost(tmp_path: Path, children: int) -> dict[str, int]:
    inside = "".join(
        f"<Assessments><AssessmentActualStartDate>2019-06-{day}</AssessmentActualStartDate></Assessments>"
        for day in range(11, 19)
    )
    path = tmp_path / f"{children}.xml"
    path.write_bytes(census(*(child(f"{n * 7919 % children:08d}", episode(inside=inside)) for n in range(children))))
    made = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True)
    return json.loads(made.stdout)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell what one process held")
def test_a_child_more_takes_little_more_than_its_rows(tmp_path: Path) -> None:
    """Of children in no order, each more adds no more to the peak than its rows as they come and as they go on, and what orders them."""
    few, many = cost(tmp_path, FEW), cost(tmp_path, CHILDREN)
    assert many["children"] == many["referrals"] == CHILDREN
    assert (many["peak"] - few["peak"]) / (CHILDREN - FEW) < A_CHILD
    assert many["held"] / CHILDREN > A_CHILD / 2
