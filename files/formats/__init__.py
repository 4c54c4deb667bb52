"""The forms in which Architect flows and actions lie in files: each is read and changed as text, and kept as it is."""
