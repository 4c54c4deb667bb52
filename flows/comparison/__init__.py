"""Comparing: calls before and after what our runs published (effect, audit), and an org with files (audit, raise)."""
