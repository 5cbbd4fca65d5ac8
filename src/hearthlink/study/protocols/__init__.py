"""A study's protocol: written, signed, and asked before every step and act."""
