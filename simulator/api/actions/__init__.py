"""Integration actions as the API serves them."""
