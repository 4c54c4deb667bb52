"""The facts of a run as typed rows, each derived once: times in whole milliseconds, no text but names and reasons."""
