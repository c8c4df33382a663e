"""Everything the bot says: a folder per message, Thai formats and official words. No Thai stands anywhere else."""
