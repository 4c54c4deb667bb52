"""One Prefect task a file. Thin: take a client, call one function below, return a value."""
