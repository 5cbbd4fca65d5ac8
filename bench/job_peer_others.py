"""recordlinkage and exact rules on a set, in a process of its own: `job_peer_others.py FOLDER ecm|rule|cascade|dedupe OUT`.

FOLDER holds child.parquet and member.parquet as `accuracy_sets.for_peers` makes them; truth.parquet there is read by `dedupe` alone,
which is taught by 400 labelled pairs. `ecm` is set up as recordlinkage's documentation does: Jaro-Winkler at 0.85, exact dates, blocks on
birth date, names or address. `rule` sums the same agreements. `cascade` takes exact keys in turn.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import recordlinkage

warnings.filterwarnings("ignore")
folder, style, out = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
sides = {side: pd.read_parquet(folder / f"{side}.parquet").set_index("person_id") for side in ("child", "member")}
child, member = sides["child"], sides["member"]
FIELDS = ("forename", "surname", "dob", "sex", "initial", "address", "postcode")
there = [name for name in FIELDS if child[name].notna().any() and member[name].notna().any()]
EXACT = {"sex", "dob", "initial", "postcode"}


def widely(name: str) -> bool:
    """No value of the column holds more than one row in fifty."""
    return name in there and member[name].value_counts().max() * 50 < len(member)


def pairs() -> pd.MultiIndex:
    """Candidate pairs: the same birth date, address or postcode, or both names."""
    index = recordlinkage.Index()
    for name in ("dob", "address", "postcode"):
        if widely(name):
            index.block(name)
    index.block(["forename", "surname"])
    return index.index(child, member)


def agreements() -> pd.DataFrame:
    """0 or 1 for each field of each candidate pair."""
    compare = recordlinkage.Compare()
    for name in there:
        if name in EXACT:
            compare.exact(name, name, label=name)
        else:
            compare.string(name, name, method="jarowinkler", threshold=0.85, label=name)
    return compare.compute(pairs(), child, member)


def cascade() -> pd.DataFrame:
    """Exact keys, the surest first; each child by the first key that finds it."""
    keys = [
        ["forename", "surname", "dob", "address"], ["forename", "surname", "dob"], ["forename", "dob", "address"],
        ["forename", "surname", "address"], ["forename", "dob", "postcode"], ["surname", "dob", "address"], ["forename", "surname", "postcode"],
        ["forename", "address"], ["forename", "surname"],
    ]  # fmt: skip
    found: list[pd.DataFrame] = []
    for rank, key in enumerate(keys):
        if not set(key) <= set(there):
            continue
        left, right = child.dropna(subset=key).reset_index(), member.dropna(subset=key).reset_index()
        met = left.merge(right, on=key, suffixes=("", "_right"))
        met = met.rename(columns={"person_id": "child", "person_id_right": "member"})[["child", "member"]]
        found.append(met.assign(probability=1 - rank / 20))
    return pd.concat(found).drop_duplicates(["child", "member"])


def classified() -> pd.DataFrame:
    """recordlinkage's ECM or the plain sum of agreements."""
    features = agreements()
    if style == "rule":
        stated = features.sum(axis=1) / len(there)
    else:
        model = recordlinkage.ECMClassifier()
        model.fit(features)
        stated = model.prob(features)
    stated.index.names = ["child", "member"]
    return stated.rename("probability").reset_index()


def taught() -> pd.DataFrame:
    """dedupe's record link after 400 labels: half matches, half of its own uncertain kind (candidates that are none)."""
    import dedupe
    from dedupe import variables

    truth = pd.read_parquet(folder / "truth.parquet").dropna(subset=["right_person_id"])
    kinds = {
        "sex": variables.Exact,
        "initial": variables.Exact,
        "dob": variables.ShortString,
        "postcode": variables.ShortString,
    }
    linker = dedupe.RecordLink(
        [kinds.get(name, variables.String)(name, has_missing=True) for name in there], num_cores=0
    )
    data = [side[there].astype(object).where(side[there].notna(), None).to_dict("index") for side in (child, member)]
    rng = np.random.default_rng(1)
    known = list(zip(truth["left_person_id"], truth["right_person_id"], strict=True))
    chosen = [known[number] for number in rng.permutation(len(known))[:200]]
    candidates = [pair for pair in pairs().tolist() if pair not in set(known)]
    other = [candidates[number] for number in rng.permutation(len(candidates))[:200]]
    labels = {
        name: [{"__class__": "tuple", "__value__": [data[0][left], data[1][right]]} for left, right in pairs_of]
        for name, pairs_of in (("match", chosen), ("distinct", other))
    }
    linker.prepare_training(data[0], data[1], training_file=io.StringIO(json.dumps(labels)), sample_size=1000)
    linker.train(recall=0.95, index_predicates=False)
    blocked = linker.pairs(data[0], data[1])
    scored = linker.score(blocked)
    rows = [
        (str(ids[0]), str(ids[1]), float(stated)) for ids, stated in zip(scored["pairs"], scored["score"], strict=True)
    ]
    return pd.DataFrame(rows, columns=["child", "member", "probability"])


if __name__ == "__main__":
    answer = {"cascade": cascade, "ecm": classified, "rule": classified, "dedupe": taught}[style]()
    answer["child"], answer["member"] = answer["child"].astype(str), answer["member"].astype(str)
    answer.to_parquet(out, index=False)
    print(len(answer))
