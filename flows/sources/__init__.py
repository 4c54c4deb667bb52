"""What runs work on: an org behind the API, or folders of files; and the clients of each."""
