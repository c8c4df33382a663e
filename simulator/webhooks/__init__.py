"""What people do with their phones, as events on their way to the bot."""
