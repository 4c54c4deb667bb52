"""Starts the Prefect flows from a terminal and shows what they found."""
