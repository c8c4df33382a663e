"""What a simulator is told when it starts."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds, as a bucket that refills steadily (reference, "Rate limits").

    LINE does not say how large a burst it takes; here it is the whole allowance of one period.
    """

    requests: int
    seconds: float


#: Every path that the reference does not name.
DEFAULT_RATE = Rate(2_000, 1)

#: LINE's own limits for the paths emulated here; with a method before it, for that method alone.
LINE_RATES: Mapping[str, Rate] = MappingProxyType(
    {
        "/v2/bot/message/multicast": Rate(200, 1),
        "/v2/bot/channel/webhook/endpoint": Rate(1_000, 60),
        "/v2/bot/channel/webhook/test": Rate(60, 3_600),
        "/v2/bot/chat/loading/start": Rate(100, 1),
        "/v2/bot/richmenu": Rate(100, 3_600),
        "DELETE /v2/bot/richmenu/{richMenuId}": Rate(100, 3_600),
        "/v2/bot/richmenu/list": Rate(10, 1),
        "DELETE /v2/bot/richmenu/alias/{richMenuAliasId}": Rate(100, 3_600),
        "/v2/bot/richmenu/batch": Rate(3, 3_600),
        "/v2/bot/richmenu/progress/batch": Rate(100, 3_600),
    }
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The LINE channel that is emulated.

    Args:
        channel_id: What the console calls "Channel ID".
        channel_secret: Signs webhooks and buys stateless tokens.
        access_token: A long-lived token that is accepted beside the stateless ones.
        quota: Messages allowed in a month; None for an account without a limit.
        bot_name: The account's name on the phones and in its bot info.
        rates: Allowed requests by path, or by method and path; others have `DEFAULT_RATE`.
    """

    channel_id: str
    channel_secret: str
    access_token: str | None = None
    quota: int | None = None
    bot_name: str = "eMENSCR"
    rates: Mapping[str, Rate] = field(default_factory=lambda: LINE_RATES)

    @property
    def bot_user_id(self) -> str:
        """The bot's own user id, the ``destination`` of its webhooks; always the same for one channel."""
        return "U" + hashlib.sha256(self.channel_id.encode()).hexdigest()[:32]
