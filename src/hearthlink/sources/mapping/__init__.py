"""Suppliers whose layout is not documented: what a mapping may say, how one is guessed, and what is read through it."""
