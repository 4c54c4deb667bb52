"""What can go wrong on the way of a request."""
