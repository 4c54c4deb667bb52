"""The API of the org: what each route answers, in the names of the SDK."""
