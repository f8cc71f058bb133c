"""Queries over everything; no models of its own."""
