"""What waits for me, derived from the records themselves."""
