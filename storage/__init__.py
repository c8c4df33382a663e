"""The project database: tables, queries, importers, exporters, outbox and migrations."""
