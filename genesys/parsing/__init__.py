"""From the platform's JSON to values of the core."""
