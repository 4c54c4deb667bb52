"""The protocols for integration actions: a PATCH, or the draft of a function."""
