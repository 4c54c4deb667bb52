"""Approval of a plan by two people with keys of their own: who may, what is signed, what an answer comes to."""
