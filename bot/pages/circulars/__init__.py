"""The page on which a circular is written."""
