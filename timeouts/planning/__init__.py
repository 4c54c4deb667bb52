"""From a policy to a plan, from a plan to its outcomes, and back."""
