"""Dependency tracking: who uses what, and whose resources have moved."""
