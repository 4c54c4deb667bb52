"""Comparing the calls before and after what runs of ours published, and showing it. Used by effect and audit."""
