"""What runs in the containers of compose.yaml beside Prefect's own commands, and what prepares them."""
