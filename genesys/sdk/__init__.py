"""The seam to the official SDK."""
