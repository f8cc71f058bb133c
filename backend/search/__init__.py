"""Search: one box for places, parties, needs and pairings; no models of its own."""
