"""Talks, what is let out of them, the four questions and what was found out about each."""
