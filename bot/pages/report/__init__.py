"""The form of a quarterly report: filling it, sending it, and what became of it."""
