"""`python -m hearthlink` does what `hearthlink` does."""

from hearthlink.cli import main

main()
