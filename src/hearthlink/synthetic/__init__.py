"""An invented authority: its families, its systems' errors, and the truth behind both."""
