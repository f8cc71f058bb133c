"""Decisions on suggestions, pairings and the acknowledgements of both sides."""
