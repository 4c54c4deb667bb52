"""What moved in an org between two audits."""
