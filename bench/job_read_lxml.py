"""lxml's bare iterparse, in a process of its own: `job_read_lxml.py every|Child FILE`. Nothing is kept: each element is let go of as it ends.

`every` is told of every element's end; `Child` of the end of each child alone.
"""

from __future__ import annotations

import json
import sys
import time

from lxml import etree
from own_peak import own_peak

what, path = sys.argv[1:3]
begun = time.perf_counter()
children = 0
for _, element in etree.iterparse(path, events=("end",), tag="Child" if what == "Child" else None):
    children += element.tag == "Child"
    element.clear()
    if element.tag == "Child":
        while element.getprevious() is not None:
            del element.getparent()[0]
print(json.dumps({"seconds": time.perf_counter() - begun, "peak": own_peak(), "children": children}))
