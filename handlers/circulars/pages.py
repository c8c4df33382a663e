"""What the links to pages of circulars say."""

from __future__ import annotations

CIRCULAR = "circular"
"""Under which argument of a link the circular's id stands, in digits."""
