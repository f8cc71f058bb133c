"""Commitments and their append-only ledger."""
