"""The JSON API with which an agency's own system sends submissions and reads their state."""
