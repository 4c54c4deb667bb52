"""What a command starts beside itself: a Prefect server and the demo org."""
