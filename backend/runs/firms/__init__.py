"""Firms and villages: facts, scores and words; and runs over all that may help each other, which nobody could list."""
