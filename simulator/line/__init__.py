"""The state of the emulated platform: people, chats, files, rich menus, what may still be sent. No HTTP in here."""
