"""What an Architect flow holds: its documents, what is wrong in them, and the modules that they embed."""
