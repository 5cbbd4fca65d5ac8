"""What the checks find in a study, shown to its custodian and accepted with a reason."""
