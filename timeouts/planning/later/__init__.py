"""What an org shows later than a plan or a run: what has moved since, and what does not show yet."""
