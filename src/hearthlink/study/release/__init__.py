"""What leaves a study: made, looked through, handed in, approved by two, let go, and verified by whoever receives it."""
