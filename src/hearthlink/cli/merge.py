"""The command `merge`: which groups, counted as one, would let more be shown."""

from __future__ import annotations

import json

from hearthlink.cli.options import Json, KeyFolder, StudyFolder, With, now, opened


def merge(study: StudyFolder, key: With = None, keys: KeyFolder = None, as_json: Json = False) -> None:
    """Say which groups, counted as one, would let more be shown: for the output checker alone."""
    from hearthlink.study import merging

    found = merging.what_to_merge(opened(study, key, keys), clock=now)
    print(json.dumps(merging.as_json(found)) if as_json else "\n".join(merging.lines_of(found)))
