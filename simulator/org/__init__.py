"""The org itself: Architect flows and their versions, colleagues, and the rules of the platform."""
