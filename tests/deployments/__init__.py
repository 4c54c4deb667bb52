"""A package to pytest, so that the servers of these tests end with the last of them."""
