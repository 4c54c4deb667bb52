"""The definitions of the demo org's Architect flows."""
