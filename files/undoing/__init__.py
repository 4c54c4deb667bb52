"""What makes a change of a file one that can be undone: Git behind it, and what runs of ours remember of their own."""
