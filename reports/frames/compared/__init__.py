"""What moved between two audits or runs, and whether a run helped, as rows and sentences."""
