"""The commands that people can type next: which ones help, and their words."""
