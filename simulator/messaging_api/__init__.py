"""The Messaging API over HTTP, as strict as LINE's: what is let in, what is refused, what the answers say."""
