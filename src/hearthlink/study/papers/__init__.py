"""Papers that write themselves from a study's protocol and its ledger."""
