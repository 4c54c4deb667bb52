"""An org on disk: folders with exports, configurations, Archy YAML, actions and Terraform, read and changed in place.

It knows neither Prefect nor the platform: what it reads are files, and what it gives are the values of the core.
"""
