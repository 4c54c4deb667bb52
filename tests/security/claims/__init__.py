"""What docs/security.md claims, one entry each: who may do what, what stops the others, and the test that shows it.

To add a claim, add an entry to the topic that it belongs to; `python -m tests.security.page` writes the page.
"""
