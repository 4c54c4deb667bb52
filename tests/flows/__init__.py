"""A package to pytest, so that the Prefect server of these tests ends with the last of them."""
