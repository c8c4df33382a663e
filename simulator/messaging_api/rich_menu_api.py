"""The rich menu endpoints of the Messaging API (reference, "Rich menu")."""

from collections.abc import Iterator
from contextlib import contextmanager

from simulator.line.people import USER_ID
from simulator.line.platform import Platform
from simulator.line.rich_menus import (
    MOST,
    AliasTaken,
    Batch,
    HasImage,
    Image,
    RichMenu,
    TooMany,
    UnknownAlias,
    UnknownMenu,
    WithoutImage,
)
from simulator.messaging_api.answers import NOT_FOUND, Answer, File, Refused, error, invalid_property, refused
from simulator.messaging_api.endpoints import ApiRequest, Route
from simulator.messaging_api.pictures import JPEG, PNG, NotAPicture, dimensions

MOST_IMAGE_BYTES = 1_024 * 1_024

_ACCEPTED = Answer(202)
_NO_SUCH_MENU = error(400, "richmenu not found")
_SIZE_NOT_ALLOWED = error(400, "The image size is not allowed for richmenu")


class RichMenuApi:
    """Answers from the rich menus of a `Platform`."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._menus = platform.menus

    def routes(self) -> tuple[Route, ...]:
        """Every endpoint, all behind a channel access token."""
        return (
            Route("POST", "/v2/bot/richmenu", self.create),
            Route("POST", "/v2/bot/richmenu/validate", self.validate),
            Route("GET", "/v2/bot/richmenu/list", self.menus),
            Route("GET", "/v2/bot/richmenu/{richMenuId}", self.menu),
            Route("DELETE", "/v2/bot/richmenu/{richMenuId}", self.delete),
            Route("POST", "/v2/bot/richmenu/{richMenuId}/content", self.upload),
            Route("GET", "/v2/bot/richmenu/{richMenuId}/content", self.download),
            Route("POST", "/v2/bot/user/all/richmenu/{richMenuId}", self.set_default),
            Route("GET", "/v2/bot/user/all/richmenu", self.default),
            Route("DELETE", "/v2/bot/user/all/richmenu", self.clear_default),
            Route("POST", "/v2/bot/user/{userId}/richmenu/{richMenuId}", self.link),
            Route("GET", "/v2/bot/user/{userId}/richmenu", self.linked),
            Route("DELETE", "/v2/bot/user/{userId}/richmenu", self.unlink),
            Route("POST", "/v2/bot/richmenu/bulk/link", self.link_many),
            Route("POST", "/v2/bot/richmenu/bulk/unlink", self.unlink_many),
            Route("POST", "/v2/bot/richmenu/alias", self.create_alias),
            Route("GET", "/v2/bot/richmenu/alias/list", self.aliases),
            Route("POST", "/v2/bot/richmenu/alias/{richMenuAliasId}", self.update_alias),
            Route("GET", "/v2/bot/richmenu/alias/{richMenuAliasId}", self.alias),
            Route("DELETE", "/v2/bot/richmenu/alias/{richMenuAliasId}", self.delete_alias),
            Route("POST", "/v2/bot/richmenu/batch", self.batch),
            Route("POST", "/v2/bot/richmenu/validate/batch", self.validate),
            Route("GET", "/v2/bot/richmenu/progress/batch", self.batch_progress),
        )

    def validate(self, _request: ApiRequest) -> Answer:
        """Say that the body is well formed: a request gets here only when it is."""
        return Answer()

    # Menus

    def create(self, request: ApiRequest) -> Answer:
        """Add a menu."""
        try:
            menu = self._menus.create(request.body)
        except TooMany:
            raise refused(400, f"The number of rich menus exceeds {MOST}") from None
        return Answer(body={"richMenuId": menu.id})

    def menus(self, _request: ApiRequest) -> Answer:
        """Every menu."""
        return Answer(body={"richmenus": [_described(menu) for menu in self._menus.menus()]})

    def menu(self, request: ApiRequest) -> Answer:
        """One menu."""
        with _found():
            return Answer(body=_described(self._menus.menu(request.arguments["richMenuId"])))

    def delete(self, request: ApiRequest) -> Answer:
        """Remove a menu."""
        with _found():
            self._menus.delete(request.arguments["richMenuId"])
        return Answer()

    def upload(self, request: ApiRequest) -> Answer:
        """Give a menu its image: PNG or JPEG as the media type says, as large as the menu says.

        The reference allows certain sizes and does not say that the image has to have its menu's; areas would not lie
        on the picture if it had another, so another is refused.
        """
        with _found():
            menu = self._menus.menu(request.arguments["richMenuId"])
        if request.media_type not in {PNG, JPEG}:
            raise refused(415, f"The content type '{request.media_type}' is not supported")
        if len(request.content) > MOST_IMAGE_BYTES:
            raise refused(413, "The image exceeds the maximum size of 1 MB.")
        size = menu.layout["size"]
        try:
            if dimensions(request.content) != (request.media_type, size["width"], size["height"]):
                raise Refused(_SIZE_NOT_ALLOWED)
            self._menus.set_image(menu.id, Image(request.content, request.media_type))
        except NotAPicture:
            raise refused(400, "The image could not be read") from None
        except HasImage:
            raise refused(400, "An image has already been uploaded to the richmenu") from None
        return Answer()

    def download(self, request: ApiRequest) -> Answer:
        """The image of a menu."""
        with _found():
            image = self._menus.menu(request.arguments["richMenuId"]).image
        if image is None:
            raise Refused(NOT_FOUND)
        return Answer(file=File(image.content, image.media_type))

    # Who sees which

    def set_default(self, request: ApiRequest) -> Answer:
        """Show a menu to everybody who is linked to none."""
        with _found(), _applied():
            self._menus.set_default(request.arguments["richMenuId"])
        return Answer()

    def default(self, _request: ApiRequest) -> Answer:
        """The default menu."""
        if (menu_id := self._menus.default) is None:
            raise refused(404, "no default richmenu")
        return Answer(body={"richMenuId": menu_id})

    def clear_default(self, _request: ApiRequest) -> Answer:
        """Show no menu to people who are linked to none."""
        self._menus.set_default(None)
        return Answer()

    def link(self, request: ApiRequest) -> Answer:
        """Show a menu to one person; whoever is unknown or has blocked the bot is passed over."""
        user_id = _user_id(request)
        with _found(), _applied():
            self._menus.link(self._platform.friends([user_id]), request.arguments["richMenuId"])
        return Answer()

    def linked(self, request: ApiRequest) -> Answer:
        """The menu that one person is linked to."""
        if (menu_id := self._menus.linked(_user_id(request))) is None:
            raise refused(404, "the user has no richmenu")
        return Answer(body={"richMenuId": menu_id})

    def unlink(self, request: ApiRequest) -> Answer:
        """Show one person the default again."""
        self._menus.unlink([_user_id(request)])
        return Answer()

    def link_many(self, request: ApiRequest) -> Answer:
        """Show a menu to up to 500 people; one impossible id and nobody sees it. At once, where LINE takes seconds."""
        people = _user_ids(request)
        with _found(_NO_SUCH_MENU), _applied():
            self._menus.link(self._platform.friends(people), request.body["richMenuId"])
        return _ACCEPTED

    def unlink_many(self, request: ApiRequest) -> Answer:
        """Show up to 500 people the default again."""
        self._menus.unlink(_user_ids(request))
        return _ACCEPTED

    # Aliases

    def create_alias(self, request: ApiRequest) -> Answer:
        """Give a menu an alias."""
        try:
            with _found(_NO_SUCH_MENU):
                self._menus.create_alias(request.body["richMenuAliasId"], request.body["richMenuId"])
        except AliasTaken:
            raise refused(400, "conflict richmenu alias id") from None
        except TooMany:
            raise refused(400, f"The number of rich menu aliases exceeds {MOST}") from None
        return Answer()

    def aliases(self, _request: ApiRequest) -> Answer:
        """Every alias."""
        return Answer(body={"aliases": [_named(*pair) for pair in self._menus.aliases().items()]})

    def update_alias(self, request: ApiRequest) -> Answer:
        """Let an alias stand for another menu."""
        with _found(_NO_SUCH_MENU):
            self._menus.update_alias(request.arguments["richMenuAliasId"], request.body["richMenuId"])
        return Answer()

    def alias(self, request: ApiRequest) -> Answer:
        """The menu that an alias stands for."""
        alias = request.arguments["richMenuAliasId"]
        with _found():
            return Answer(body=_named(alias, self._menus.alias(alias)))

    def delete_alias(self, request: ApiRequest) -> Answer:
        """Forget an alias."""
        with _found():
            self._menus.delete_alias(request.arguments["richMenuAliasId"])
        return Answer()

    # Batches

    def batch(self, request: ApiRequest) -> Answer:
        """Move everybody from some menus to others. At once, where LINE takes its time."""
        with _found(_NO_SUCH_MENU), _applied():
            self._menus.run_batch(request.id, Batch(self._platform.now(), tuple(request.body["operations"])))
        return _ACCEPTED

    def batch_progress(self, request: ApiRequest) -> Answer:
        """How far a batch is: carried out."""
        batch = self._menus.batch(request.query.get("requestId", ""))
        if batch is None:
            raise Refused(NOT_FOUND)
        at = batch.accepted_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return Answer(body={"phase": "succeeded", "acceptedTime": at, "completedTime": at})


@contextmanager
def _found(menu_missing: Answer = NOT_FOUND) -> Iterator[None]:
    """Answer in LINE's words for a menu or alias that does not exist."""
    try:
        yield
    except UnknownMenu:
        raise Refused(menu_missing) from None
    except UnknownAlias:
        raise Refused(NOT_FOUND) from None


@contextmanager
def _applied() -> Iterator[None]:
    """Answer in LINE's words for a menu that cannot be shown yet."""
    try:
        yield
    except WithoutImage:
        raise refused(400, "must upload richmenu image before applying it to user") from None


def _user_id(request: ApiRequest) -> str:
    user_id = request.arguments["userId"]
    if not USER_ID.fullmatch(user_id):
        raise refused(400, "The value for the 'userId' parameter is invalid")
    return user_id


def _user_ids(request: ApiRequest) -> list[str]:
    people: list[str] = request.body["userIds"]
    for index, user_id in enumerate(people):
        if not USER_ID.fullmatch(user_id):
            raise invalid_property(f"userIds[{index}]")
    return people


def _described(menu: RichMenu) -> dict[str, object]:
    return {"richMenuId": menu.id, **menu.layout}


def _named(alias: str, menu_id: str) -> dict[str, str]:
    return {"richMenuAliasId": alias, "richMenuId": menu_id}
