"""Money, rent and homes: every file of them, joined to the households and children on file."""
