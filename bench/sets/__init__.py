"""Households made by other people's generators, with the truth: what `dev.py bench accuracy` links."""
