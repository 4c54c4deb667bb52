"""The figures of actions: the queries that analytics takes, and its answers."""
