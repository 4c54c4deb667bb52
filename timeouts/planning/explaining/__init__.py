"""Why one step waits as long as it does, and what a policy makes of it."""
