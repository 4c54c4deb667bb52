"""The commands of those who approve: keys, signatures, and the history of decisions."""
