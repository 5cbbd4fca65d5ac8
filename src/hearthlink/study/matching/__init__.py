"""Two person tables linked without a study, by name or by keyed tokens."""
