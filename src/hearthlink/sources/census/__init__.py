"""The children in need census as it is sent: streamed from its XML or read from flat tables, and typed."""
