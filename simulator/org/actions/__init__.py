"""The integration actions of the org, published and as drafts."""
