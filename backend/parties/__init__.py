"""Parties: those who help and those who speak for a place, one record each."""
