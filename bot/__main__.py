"""``python -m bot`` is ``emenscr-bot``."""

from bot.cli import main

main()
