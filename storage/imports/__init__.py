"""Reads offices' spreadsheets into the database (``contract.md`` §4)."""
