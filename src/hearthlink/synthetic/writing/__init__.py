"""What the systems of the practice authority export: a module for each layout, and the table of them."""
