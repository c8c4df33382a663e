"""Circulars: letters to many people, who acknowledge them (``architecture.md`` §2, ``domain.md`` §10)."""
