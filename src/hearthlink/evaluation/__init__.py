"""How good the links are, by the posterior, and by the truth where there is one."""

from hearthlink.evaluation.evaluate import evaluate

__all__ = ["evaluate"]
