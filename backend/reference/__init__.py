"""Reference: real facts in compact files, each row with its status and source, and their idempotent loader."""
