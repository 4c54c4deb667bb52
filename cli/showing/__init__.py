"""What stands between a command and the terminal: its streams, and progress while it works."""
