"""The command line."""

from hearthlink.cli.main import main

__all__ = ["main"]
