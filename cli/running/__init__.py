"""The commands that run a Prefect flow in this process: what they ask for, and what is shown of it."""
