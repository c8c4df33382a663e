"""Use-cases of circulars: making, releasing, sending, acknowledging (``architecture.md`` §2, "A circular")."""
