"""Makes the compact reference files from a folder of collected facts; `python -m backend.reference.build FOLDER`."""
