"""The application as its registration card shows it, and its being installed on a portal."""

import secrets
from dataclasses import dataclass

SCOPES = (
    "im",
    "imbot",
    "user_brief",
    "department",
    "crm",
    "task",
    "tasks",
    "timeman",
    "bizproc",
    "placement",
    "calendar",
)


@dataclass(slots=True)
class Application:
    """The card. `site` is where the application answers; it is known once the service listens."""

    client_id: str
    client_secret: str
    scopes: tuple[str, ...] = SCOPES
    version: int = 1
    site: str = ""

    @property
    def scope(self) -> str:
        """The scopes as tokens tell them."""
        return ",".join(self.scopes)

    @property
    def install_url(self) -> str:
        """Where the installation page is."""
        return f"{self.site}/bitrix24/install"

    @property
    def page_url(self) -> str:
        """Where the main page is."""
        return f"{self.site}/bitrix24/app"

    @property
    def events_url(self) -> str:
        """Where the life-cycle events go."""
        return f"{self.site}/bitrix24/events"

    @property
    def redirect_url(self) -> str:
        """Where the code flow comes back to."""
        return f"{self.site}/bitrix24/oauth/callback"


def invented() -> tuple[str, str]:
    """Return a client id and a secret as the vendor makes them for a local application."""
    return f"local.{secrets.token_hex(7)}.{10_000_000 + secrets.randbelow(90_000_000)}", secrets.token_hex(25)


@dataclass(slots=True)
class Installation:
    """The application on a portal; nothing is sent before it `is_finished`."""

    client_id: str
    application_token: str
    installed_by: int
    version: int = 1
    is_finished: bool = False
    status: str = "L"
