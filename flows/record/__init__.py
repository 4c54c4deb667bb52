"""What a run leaves for later ones: its record, and what it may have left live."""
