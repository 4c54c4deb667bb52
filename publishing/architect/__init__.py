"""The protocol for Architect flows: check out, save, check in, publish, release."""
