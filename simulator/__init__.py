"""A Genesys Cloud org on loopback. It knows nothing of our client; they meet over HTTP alone."""
