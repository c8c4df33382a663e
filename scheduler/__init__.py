"""The clock that puts reminders into the outbox, and the sender that empties it through a port to LINE."""
