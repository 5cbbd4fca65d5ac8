"""The research room: how recognisable its children are, written out for researchers, and opened by them."""
