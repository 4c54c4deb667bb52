"""The views of a run that are written in Markdown: its summary, and the page and question of an approval."""
