"""Events for the application's handlers: life-cycle to the card's address, the rest to what it has bound."""

import secrets
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from bot.sandbox.portal.callbacks import Callback, Callbacks
from bot.sandbox.portal.oauth.application import Installation
from bot.sandbox.portal.oauth.giver import TokenGiver
from bot.sandbox.portal.php import build_query
from bot.sandbox.portal.rows import Rows
from bot.sandbox.world import FaultName, World

LIFE_CYCLE = ("ONAPPINSTALL", "ONAPPUPDATE", "ONAPPUNINSTALL")
KNOWN = (
    *LIFE_CYCLE,
    "ONAPPTEST",
    "ONUSERADD",
    "ONCRMDEALADD",
    "ONCRMDEALUPDATE",
    "ONCRMDEALDELETE",
    "ONCRMDEALMOVETOCATEGORY",
    "ONCRMLEADADD",
    "ONCRMLEADUPDATE",
    "ONCRMLEADDELETE",
    *(f"ONCRMDYNAMICITEM{does}{of}" for does in ("ADD", "UPDATE", "DELETE") for of in ("", "_180")),
    "ONTASKADD",
    "ONTASKUPDATE",
    "ONTASKDELETE",
    "ONTASKCOMMENTADD",
    "ONOFFLINEEVENT",
)


@dataclass(frozen=True, slots=True)
class Handler:
    """A bound handler; `auth_type` is whose token the POST carries, 0 for whoever acted."""

    event: str
    handler: str
    auth_type: int = 0
    is_offline: bool = False


class Home(Protocol):
    """The portal that sends."""

    world: World
    rows: Rows
    callbacks: Callbacks
    key: str
    member_id: str
    installation: Installation | None
    authority: TokenGiver | None

    @property
    def domain(self) -> str:
        """Host and port."""
        ...

    def strikes(self, fault: FaultName, person: str | None = None) -> bool:
        """Whether a fault strikes here and now."""
        ...


class AppEvents:
    """The bound handlers of a portal, and what is sent to them."""

    def __init__(self, portal: Home) -> None:
        """Read back what was bound."""
        self._portal = portal
        self._handlers = {row_id: Handler(**body) for row_id, body in portal.rows.all("handler")}

    def bound(self) -> list[Handler]:
        """Return the handlers, oldest first."""
        return [*self._handlers.values()]

    def bind(self, handler: Handler) -> bool:
        """Bind a handler; whether it was not there yet."""
        if handler in self._handlers.values():
            return False
        row_id = self._portal.rows.next_id("handler")
        self._handlers[row_id] = handler
        self._portal.rows.put("handler", row_id, asdict(handler))
        self._portal.world.changed.set()
        return True

    def unbind(self, event: str, handler: str | None, auth_type: int | None, *, is_offline: bool) -> int:
        """Take handlers away and return how many there were."""
        gone = [
            row_id
            for row_id, each in self._handlers.items()
            if each.event == event
            and each.is_offline == is_offline
            and handler in (None, each.handler)
            and auth_type in (None, each.auth_type)
        ]
        self._drop(gone)
        return len(gone)

    def forget(self) -> None:
        """Take all handlers away, as an update and a removal do."""
        self._drop([*self._handlers])

    def emit(self, event: str, data: dict[str, Any], by: int | None) -> None:
        """Send what happened to every handler; nothing before the installation is finished.

        `by` is the account that acted; a robot has none, and its events carry no tokens.
        """
        installation = self._portal.installation
        if installation is None or not installation.is_finished:
            return
        for row_id, each in [*self._handlers.items()]:
            if each.event == event and not each.is_offline:
                user_id = each.auth_type or by
                body = self.form(event, data, self._auth(user_id), handler_id=row_id)
                self.send(each.handler, body)

    def send(self, url: str, body: bytes) -> None:
        """Send a body once, and twice or never where a fault says so."""
        portal = self._portal
        if portal.strikes("events_lost"):
            return
        for _ in range(2 if portal.strikes("duplicate_events", "") else 1):
            portal.callbacks.post(0, Callback(url, body))

    def form(self, event: str, data: dict[str, Any], auth: dict[str, Any], *, handler_id: int | None = None) -> bytes:
        """Write an event as PHP does."""
        about = {"event": event} if handler_id is None else {"event": event, "event_handler_id": handler_id}
        moment = int(self._portal.world.clock.now().timestamp())
        return build_query({**about, "data": data, "ts": moment, "auth": auth}).encode()

    def plain_form(self, values: dict[str, Any]) -> bytes:
        """Write a body that is no event, as a robot's handler gets it."""
        return build_query(values).encode()

    def endpoints(self) -> dict[str, Any]:
        """Return what the `auth` of every event carries."""
        portal = self._portal
        token = portal.installation.application_token if portal.installation else ""
        if portal.strikes("wrong_application_token"):
            token = secrets.token_hex(16)
        return {
            "domain": portal.domain,
            "server_endpoint": portal.authority.endpoint if portal.authority else "",
            "client_endpoint": f"http://{portal.domain}/rest/",
            "member_id": portal.member_id,
            "application_token": token,
        }

    def full_auth(self, user_id: int) -> dict[str, Any]:
        """Return `auth` with a pair of tokens of that person."""
        portal = self._portal
        tokens = portal.authority.tokens(portal.key, user_id) if portal.authority else {}
        return {**tokens, "user_id": user_id, **self.endpoints()}

    def _auth(self, user_id: int | None) -> dict[str, Any]:
        if user_id is None:
            return self.endpoints()
        auth = self.full_auth(user_id)
        moment = int(self._portal.world.clock.now().timestamp())
        return {**{key: each for key, each in auth.items() if key != "refresh_token"}, "expires": moment + 3600}

    def _drop(self, row_ids: list[int]) -> None:
        for row_id in row_ids:
            del self._handlers[row_id]
        self._portal.rows.drop("handler", row_ids)
        self._portal.world.changed.set()
