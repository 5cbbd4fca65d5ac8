"""A table out of a database: one read-only query, put to the one host that the study names."""
