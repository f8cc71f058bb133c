"""Agreements: what both sides of a pairing sign for a year or longer, as text, as targets, as documents."""
