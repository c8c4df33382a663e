"""Conversations about circulars: making, releasing and following them, and acknowledging what came."""
