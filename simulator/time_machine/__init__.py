"""Time: the supposed date, ways through it from due instant to due instant, and the way back to a snapshot."""
