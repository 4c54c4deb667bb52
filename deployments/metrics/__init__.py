"""Metrics for Prometheus of what the Prefect server knows of our runs (docs/monitoring.md)."""
