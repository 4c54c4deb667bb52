"""Whether a raise helped: what callers lost before and after it."""
