"""What developers may do to a running bot, and nobody in production: move its clock, go back, look into its queues."""
