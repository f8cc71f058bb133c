"""The record: append-only events, sealed into a hash chain, and the one verb that changes a status."""
