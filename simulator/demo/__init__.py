"""The demo org: the same for the same seed."""
