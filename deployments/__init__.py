"""All that is needed to run the pipeline on servers. Nothing here is needed to run it from a terminal."""
