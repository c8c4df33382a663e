"""A LINE platform on one's own machine: the Messaging API as strict as LINE's, and a page with everybody's phone.

It knows nothing of the bot that talks to it, and the bot nothing of it: ``python -m simulator --help`` runs it beside
the bot, `simulator.server.serve` inside a test. `simulator.app` puts it together:

==================  ================================================================================================
the state           `platform`, and its parts `chats`, `contents`, `rich_menus`, `reply_tokens`; `people`, `behaviour`
LINE's API          `gate` takes each request through `faults`, `tokens`, `throttle`, `schema` and `limits` to `api` or
                    `rich_menu_api`; `login` verifies the ID tokens of LIFF apps
people's acts       `phones` makes `events` of them, `postman` carries these to the bot as `webhooks`
the control API     `control`, `acts`, `time_control`, `tour`
the page            `page`, `stream`, `drawing`; a phone is `screen` with `flex` and `taps`; beside it stand `panels`
time                `time_machine` goes on `journeys` and back to `snapshots`; `year_strip` draws the year
the other side      `desk`; it and the time machine ask the bot through `development`
==================  ================================================================================================
"""
