"""Text that others have written, on its way to people: the one place that makes it harmless for where it is shown.

In the model, in plans and in records it stays as it came; what reads it compares names to the letter.
"""
