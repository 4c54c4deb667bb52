"""What a diagnosis goes by: the org's answers, and Prefect's."""
