"""Case systems: who the children are, where they lived and with whom, whichever system knows it."""
