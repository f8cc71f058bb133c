"""Verified needs and the county project library: proposed by a village, reviewed, approved, published, adjusted."""
