"""An invented authority: its families, its systems' errors, and the truth behind both.

`synthetic.synthesise` makes one; it is loaded by whoever needs it, since most commands make none.
"""

from hearthlink.synthetic.settings import DEFAULT_LAYOUTS, PRACTICE_LAYOUTS, Settings, World

__all__ = ["DEFAULT_LAYOUTS", "PRACTICE_LAYOUTS", "Settings", "World"]
