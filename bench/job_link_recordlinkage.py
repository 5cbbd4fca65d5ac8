"""recordlinkage, in a process of its own: `job_link_recordlinkage.py FOLDER OUT`. Needs a Python that has it.

As its documentation sets a linking of two frames up: blocks, Jaro-Winkler at 0.85 for names, exact for the rest, and its ECM.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

import pandas as pd
import recordlinkage  # pyright: ignore[reportMissingImports] - lies in the Python of the peers

warnings.filterwarnings("ignore")
folder, out = Path(sys.argv[1]), Path(sys.argv[2])
child, member = (pd.read_parquet(folder / f"{side}.parquet").set_index("unique_id") for side in ("child", "member"))
index = recordlinkage.Index()
for keys in (
    ["dob", "first_name"],
    ["dob", "surname"],
    ["first_name", "surname"],
    ["postcode", "house"],
    ["postcode", "first_name"],
):
    index.block(keys)
pairs = index.index(child, member)
compare = recordlinkage.Compare()
for name in ("first_name", "surname"):
    compare.string(name, name, method="jarowinkler", threshold=0.85, label=name)
for name in ("dob", "sex", "postcode", "house"):
    compare.exact(name, name, label=name)
agreements = compare.compute(pairs, child, member)
ecm = recordlinkage.ECMClassifier()
ecm.fit(agreements)
probability = ecm.prob(agreements).rename("probability").reset_index()
probability.columns = ["child", "member", "probability"]
best = (
    probability.sort_values(["child", "probability", "member"], ascending=[True, False, True]).groupby("child").head(1)
)
best.to_parquet(out)
print(json.dumps({"pairs": len(pairs)}))
