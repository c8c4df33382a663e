"""Where LINE leaves a choice, or has a switch in its console: the one taken."""

from dataclasses import dataclass


@dataclass(slots=True)
class Behaviour:
    """May be changed at any time.

    Args:
        multicast_skips_unknown: What a multicast does with a well-formed id of nobody: LINE's reference has both "200,
            not delivered" and "400", so a bot has to stand either.
        redelivers: The console's switch "Webhook redelivery": an event that the bot did not take is sent again.
        redelivery_pause: Seconds between two such tries; LINE does not say.
        duplicates: Every event is handed over twice, the second time as a redelivery: LINE promises no less, even where
            the bot took the first.
        reorders: An event is held back for the next one and handed over behind it: LINE promises no order.
        reorder_window: Seconds for which it is held back; when nothing else happens by then, it goes alone.
        standby: Whether another module channel holds the chats.
        content_pause: Seconds for which the bytes of a file that was sent are being prepared.
    """

    multicast_skips_unknown: bool = True
    redelivers: bool = False
    redelivery_pause: float = 1.0
    duplicates: bool = False
    reorders: bool = False
    reorder_window: float = 1.0
    standby: bool = False
    content_pause: float = 0.0
