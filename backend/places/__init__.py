"""Places: dated areas, what is known about them and how far it may be trusted."""
