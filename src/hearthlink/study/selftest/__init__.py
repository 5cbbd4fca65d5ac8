"""Made-up people with unmistakable words, led through every command and every failure, and a search for those words."""
