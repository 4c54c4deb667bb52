"""An org on disk: a checkout of files, and what an audit of it takes."""
