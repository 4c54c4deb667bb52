"""What people read of a run: facts derived once (frames/), and views on them. Knows no Prefect and no platform."""
