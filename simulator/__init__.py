"""A LINE platform on one's own machine: the Messaging API as strict as LINE's, and a page with everybody's phone.

It knows nothing of the bot that talks to it, and the bot nothing of it: ``python -m simulator --help`` runs it beside
the bot, `simulator.server.serve` inside a test.
"""
