"""Pictures of what a run found, and how a page holds them."""
