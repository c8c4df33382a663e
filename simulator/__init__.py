"""A LINE platform on one's own machine: the Messaging API as strict as LINE's, and a page with everybody's phone.

It knows nothing of the bot that talks to it, and the bot nothing of it: ``python -m simulator --help`` runs it beside
the bot, `simulator.server.serve` inside a test. `simulator.app` puts it together, from above to below:

==================  ================================================================================================
`control`           the control API, by which tests and the page's buttons put people on stage and let them act
`tour`              the guided tour beside the phones: its steps tick themselves
`other_side`        what goes on behind the phones: quota, queues, calls, faults
`time_machine`      `machine` goes on `journeys` and back to `snapshots`; `year_strip` draws the year
`page`              `views`, kept up to date by `stream`; a phone is `screen` with `flex` and `taps`, drawn by `drawing`
`messaging_api`     `gate` takes each request through `faults`, `tokens`, `throttle`, `schema` and `limits` to
                    `endpoints` or `rich_menu_api`; `login` verifies the ID tokens of LIFF apps
`webhooks`          `phones` makes `events` of what people do, `postman` carries these to the bot as `letters`
`line`              the state: `platform`, and its parts `chats`, `contents`, `rich_menus`, `reply_tokens`, `people`
==================  ================================================================================================

`development` asks the bot what only a bot under development tells. `templates` and `static` belong to the page.
"""
