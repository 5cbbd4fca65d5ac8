"""The few tables that every supplier's file is turned into, and the engine that fills them."""
