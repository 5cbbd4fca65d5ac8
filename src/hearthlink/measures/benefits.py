"""Which benefits a household has on the last day of each month, and what is taken off them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hearthlink.measures.income import TENURES
from hearthlink.measures.known import Known
from hearthlink.measures.months import UNKNOWN, Flags, Whole
from hearthlink.measures.payments import IN_PAYMENT, Credit, Paid, statuses

States = dict[str, npt.NDArray[np.int8]]


def states(known: Known) -> States:
    """The claim's status (by its place in `STATUS_WORDS` from 1), the benefits in payment, and what reduces them; -1 where not seen."""
    claims, awards = known.claims, known.credit
    capped = either(_some(claims.whole("benefit_cap")), _some(awards.amounts["benefit_cap"]))
    return {
        "status": statuses(known.grid, known.housing, known.support),
        "housing_benefit": _in_payment(known.housing),
        "council_tax_support": _in_payment(known.support),
        "universal_credit": awards.on,
        "passported": claims.flag("passported"),
        "tenure": claims.code("tenure", TENURES),
        "capped": capped,
        "spare_room_cut": _some(claims.whole("size_criteria")),
        "recovery": taken_back(claims.whole("overpayment_recovery"), awards),
    }


def taken_back(overpayment: Whole, awards: Credit) -> npt.NDArray[np.int8]:
    """Whether something is taken back or off: 1 where any source shows it, 0 where each benefit that could is known to be whole, else -1."""
    off = np.maximum.reduce([awards.amounts[name] for name in ("deductions", "advance_recovery", "sanction")])
    credit_whole = (off == 0) | (awards.on == 0)
    taken = (overpayment > 0) | (off > 0)
    return np.where(taken, 1, np.where((overpayment == 0) & credit_whole, 0, -1)).astype(np.int8)


def either(one: npt.NDArray[np.int8], other: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
    """True where one of two is, false where one is known to be and none true, not seen where neither is."""
    return np.maximum(one, other)


def _in_payment(one: Paid) -> npt.NDArray[np.int8]:
    return np.where(one.status < 0, -1, one.status == IN_PAYMENT).astype(np.int8)


def _some(amount: Whole) -> npt.NDArray[np.int8]:
    return np.where(amount == UNKNOWN, -1, amount > 0).astype(np.int8)


def live(one: Paid) -> Flags:
    """Where a claim runs and its amount is known."""
    return (one.status >= IN_PAYMENT) & (one.weekly != UNKNOWN)
