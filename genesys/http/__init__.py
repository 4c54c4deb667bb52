"""One request on its way: the connection, the token, the rate limit, waiting, repeating, and what an answer must be."""
