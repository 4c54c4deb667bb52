"""Reading definitions, many at a time."""
