"""Runs of the matcher: frozen snapshot, execution, certificate, suggestions."""
