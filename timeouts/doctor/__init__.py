"""What stands in the way of a run in one's own org: facts that were read in, findings out."""
