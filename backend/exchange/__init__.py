"""Excel as a way in: templates, uploads, checks cell by cell, one commit for all rows or none."""
