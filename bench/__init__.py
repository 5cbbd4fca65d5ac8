"""Time and memory, measured: the whole run beside Splink's linkage, and growth with the size of the study."""
