"""Who was referred and how far it went, from whichever source tells of it."""
