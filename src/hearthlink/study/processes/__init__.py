"""The processes that do a study's steps: one for each role, holding that role's keys alone."""
