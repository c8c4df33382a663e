"""The page with everybody's phone: what each shows, drawn by the server, and told to open pages when it changes."""
