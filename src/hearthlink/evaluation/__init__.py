"""How good the links are, by the posterior, and by the truth where there is one."""

from hearthlink.evaluation.evaluate import evaluate
from hearthlink.evaluation.name_groups import read_name_groups

__all__ = ["evaluate", "read_name_groups"]
