"""One small invented authority for every test, and a home of its own so that none leaves a trace in the user's."""

from made_studies import home, practice, real, secrets

__all__ = ["home", "practice", "real", "secrets"]
