"""Measurements that are too large for a test: run by hand, written down in docs/."""
