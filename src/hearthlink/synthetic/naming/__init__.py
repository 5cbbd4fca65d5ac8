"""What people of the practice authority are called, by the customs of where their families come from."""
