"""Xieshou (携手): the platform. Rooms and their order are described in ARCHITECTURE.md."""
