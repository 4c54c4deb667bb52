"""What an org holds, as values: Architect flows, actions, steps with their settings, evidence."""
