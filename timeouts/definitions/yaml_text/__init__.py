"""YAML as text with positions: read without losing where anything stands, so that one value can be replaced in place.

Knows nothing of Architect flows but how Archy writes a duration.
"""
