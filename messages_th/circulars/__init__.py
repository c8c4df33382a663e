"""What circulars look like and what is said of them (``domain.md`` §10)."""
