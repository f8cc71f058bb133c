"""Expressions of interest: a firm or organisation names a village that it would help, before anybody pairs them."""
