"""What a person does beside the run in the rooms that hold who children are; and all that is done beside it, together."""

from __future__ import annotations

from hearthlink.governance import Role
from hearthlink.study.acts import MERGE, OPEN_ROOM, PREPARE_RELEASE, RELEASE, RESEARCH, REVIEW_RELEASE, RISK, Beside
from hearthlink.tables import content as c
from hearthlink.tables import identity as i
from hearthlink.tables import money as m
from hearthlink.tables import record as r

CHILDREN = (i.CHILD_IDENTIFIER, i.CHILD_ADDRESS, i.CHILD_ADULT, i.CHILD_REFERRAL)
HOUSEHOLDS = (i.HOUSEHOLD_IDENTIFIER, i.HOUSEHOLD_MEMBER, i.HOUSEHOLD_RESIDENCE)
RECEIVED = (*CHILDREN, *HOUSEHOLDS, i.HOUSEHOLD_COUNT, *c.CONTENT_TABLES, *m.MONEY_TABLES)

DRAW = Beside(
    "draw", "Draw the children whose links are to be reviewed", Role.LINKER,
    reads=(i.PERSON, i.PLACE, i.PARAMETER, i.LINK_TABLE, i.CANDIDATE_POSTERIOR),
    writes=(i.REVIEW_SAMPLE, i.REVIEW_PAIR),
)  # fmt: skip
REVIEW = Beside(
    "review", "Say whether a child and a household belong together", Role.REVIEWER,
    reads=(*CHILDREN, *HOUSEHOLDS, i.REVIEW_PAIR), may_read=(i.DECISION,), writes=(i.DECISION,),
)  # fmt: skip
OBJECTIONS = Beside(
    "objections", "Say how many of those who object were found and left out", Role.CUSTODIAN, reads=(i.OBJECTION,), writes=(),
)  # fmt: skip
EXPLAIN = Beside(
    "explain", "Show what each agreement adds to a weight", Role.LINKER, reads=(i.PARAMETER,), writes=(),
)  # fmt: skip
EXPLAIN_PAIR = Beside(
    "explain-pair", "Show how one child and one household come to their weight", Role.REVIEWER,
    reads=(i.PARAMETER, i.PERSON, i.CANDIDATE_PAIR), may_read=(i.REVIEW_PAIR, i.DECISION), writes=(),
)  # fmt: skip
SPLINK = Beside(
    "splink", "Write the model as Splink settings", Role.LINKER, reads=(i.PARAMETER,), writes=(),
)  # fmt: skip
FINDINGS = Beside(
    "findings", "Show what the checks found, and accept a finding with a reason", Role.CUSTODIAN,
    reads=(*RECEIVED, r.RECEIPT, r.JOIN_RATE, r.FINDING, i.FINDING_PLACE, i.ASKED_PLACE), may_read=(i.ACCEPTED,), writes=(i.ACCEPTED,),
)  # fmt: skip
CORRECT = Beside(
    "correct", "Put one link right by hand", Role.REVIEWER,
    reads=(i.CHILD_IDENTIFIER, i.HOUSEHOLD_IDENTIFIER), may_read=(i.CORRECTION,), writes=(i.CORRECTION,),
)  # fmt: skip
BESIDE: tuple[Beside, ...] = (
    DRAW,
    REVIEW,
    CORRECT,
    OBJECTIONS,
    EXPLAIN,
    EXPLAIN_PAIR,
    SPLINK,
    FINDINGS,
    OPEN_ROOM,
    RESEARCH,
    RISK,
    MERGE,
    PREPARE_RELEASE,
    REVIEW_RELEASE,
    RELEASE,
)
"""What is done beside the run and written for it to read. The reviewer reads no score: the sample and the links stay closed."""
