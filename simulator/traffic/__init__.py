"""What callers and actions go through."""
