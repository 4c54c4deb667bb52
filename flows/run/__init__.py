"""What every run shares: reading the org, executing a plan, telling how it ended."""
