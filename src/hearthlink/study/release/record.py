"""What a release says of itself: under whose authority, which rule it was cleared by, which checks ran and what they found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from hearthlink import __version__
from hearthlink.disclosure import ClearedTable, Marker, Policy
from hearthlink.governance.protocol import digest_of as protocol_digest
from hearthlink.governance.protocol import said_by
from hearthlink.study.permitted import read_signatures
from hearthlink.study.release.checks import Check, Facts
from hearthlink.study.study import Study

RULES: tuple[tuple[str, str], ...] = (
    ("threshold", "A count under the threshold is held back, and so is one whose complement is."),
    ("families", "A figure from too few families, or mostly from one, is held back."),
    ("alike", "A figure is held back where all or nearly all of a group are alike."),
    ("rounding", "Counts are rounded, and shares, rates, ratios and ends of ranges are made from rounded counts, or moved outward."),
    ("attack", "A reader of every table at once, who knows each additive relation, is played, and figures are held back until none can be narrowed down."),
    ("time_out", "Where the solver runs out of time, what it was asked about is held back."),
    ("totals_known", "The same reader, who also knows the number of children in each group from elsewhere."),
    ("earlier_releases", "The same reader, who has every earlier release of this study."),
)  # fmt: skip
"""What the step clear applies to every table, in the order it does."""


def policy_of(study: Study) -> Policy:
    """The rule in force, as the output checks have it."""
    lines = study.lines.disclosure
    return Policy.of(lines.profile, lines.threshold, lines.rounding)


def facts_of(study: Study) -> Facts:
    """What the automatic checks hold files against."""
    lines, policy = study.lines, policy_of(study)
    permission, comparator = lines.permission, lines.comparator
    words = (
        lines.name, lines.authority, lines.year, lines.year.replace("-", ""), __version__, str(policy.threshold), str(policy.base),
        policy.says, str(lines.linkage.draws), permission.purpose, permission.ethics, permission.dpia, permission.agreement,
        *permission.gateways.values(), comparator.label, comparator.source, comparator.base, f"{comparator.share:.10g}",
        *(f"{day.day} {day.year}" for day in (study.year_start, study.year_end)),
    )  # fmt: skip
    return Facts(policy.profile, policy.threshold, policy.base, lines.authority, words)


def record_of(
    study: Study, tables: Sequence[ClearedTable], found: Sequence[Check], after: Sequence[Mapping[str, object]]
) -> dict[str, object]:
    """disclosure.json, the machine-readable record that SATRE v2 asks for (3.3.09): thresholds, rules, program, audits and their results.

    Of what was held back it tells how much in all. Which rule held back which figure would tell which are the small ones.
    """
    policy = policy_of(study)
    cells = [
        cell
        for table in tables
        for row in table.rows
        for column, cell in zip(table.columns, row, strict=True)
        if column.kind != "text"
    ]
    outside: Sequence[object] = getattr(study.protocol, "outside", ())
    return {
        "hearthlink": "disclosure record 1",
        "answers_to": "SATRE v2, 3.3.09",
        "program": {"name": "Hearthlink", "version": __version__},
        "made_up": study.lines.practice is not None,
        "profile": policy.profile,
        "because": "" if study.protocol is None else study.protocol.disclosure.because,
        "rule": {**asdict(policy), "says": policy.says},
        "rules_applied": [{"name": name, "says": says} for name, says in RULES],
        "audits": [{"name": one.name, "says": one.says, "result": "failed" if one.faults else "passed"} for one in found],
        "counts": {
            "tables": len(tables), "figures": len(cells),
            "figures_held_back": sum(cell.marker in (Marker.HELD_BACK, Marker.AT_LEAST) for cell in cells),
        },
        "earlier_releases": list(after),
        "outside_tables": [one.model_dump(mode="json") for one in outside],  # type: ignore[attr-defined]
    }  # fmt: skip


def about(
    study: Study,
    number: int,
    *,
    made_at: str,
    ledger: str,
    by: Mapping[str, str],
    after: Sequence[Mapping[str, object]],
) -> dict[str, object]:
    """release.json: what this is, of which study, made when and by whom, under which protocol, after which releases."""
    lines, protocol = study.lines, study.protocol
    return {
        "hearthlink": "release 1", "release": number, "study": lines.name, "authority": lines.authority, "year": lines.year,
        "made_up": lines.practice is not None, "purpose": lines.permission.purpose, "version": __version__, "made_at": made_at,
        "made_by": dict(by), "ledger": ledger, "after": list(after),
        "protocol": None if protocol is None else {"version": protocol.version, "digest": protocol_digest(protocol)},
    }  # fmt: skip


def protocol_record(study: Study) -> dict[str, object] | None:
    """protocol.json: what the protocol says, and who signed that; None in a practice study without one."""
    if study.protocol is None:
        return None
    digest = protocol_digest(study.protocol)
    kept = [one for one in read_signatures(study.folder).signatures if one.digest == digest]
    return {
        "hearthlink": "protocol 1", "digest": digest, "protocol": said_by(study.protocol),
        "signatures": [{name: value for name, value in asdict(one).items() if name != "protocol"} for one in kept],
    }  # fmt: skip
