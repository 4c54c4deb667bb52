"""The command `set`: one step, found, told, published and confirmed."""
