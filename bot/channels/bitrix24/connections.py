"""Which portals are to be served: those where the application is installed, and the one of the incoming webhook."""

from collections.abc import Awaitable, Callable, Sequence

from bot.channels.bitrix24.bot import Remembered
from bot.channels.bitrix24.credentials import IncomingWebhook
from bot.channels.bitrix24.tokens import KeptTokens, StoredCredentials
from bot.domain.installation import Installation
from bot.domain.portal import Portal
from bot.ports import Connection, Credentials, Grants, Vault

FindPortal = Callable[[str], Awaitable[Portal | None]]


class StoredConnections:
    """The portals to be served, as they are stored, and the incoming webhook of the settings."""

    def __init__(
        self,
        grants: Grants,
        tokens: KeptTokens,
        vault: Vault,
        portal: FindPortal,
        *,
        webhook_key: str = "",
        webhook_url: str = "",
    ) -> None:
        """Read installations from `grants`; `portal` finds a tenant by its key."""
        self._grants = grants
        self._tokens = tokens
        self._vault = vault
        self._portal = portal
        self._webhook_key = webhook_key
        self._webhook_url = webhook_url
        self._webhook = IncomingWebhook(webhook_url)
        self._by_application: set[str] = set()

    async def all(self) -> Sequence[Connection]:
        """Return those that are to be served now, by key."""
        found = {portal.key: (portal, each) for portal, each in await self._grants.all()}
        served = [self._application(*each) for each in found.values() if each[1].is_served]
        if (webhook := await self._by_webhook(found.get(self._webhook_key))) is not None:
            served.append(webhook)
        return sorted(served, key=lambda each: each.key)

    async def of(self, key: str) -> Connection | None:
        """Return one of them; None while it is not to be served."""
        found = await self._grants.installation(key)
        if found is not None and found[1].is_served:
            return self._application(*found)
        return await self._by_webhook(found) if key == self._webhook_key else None

    def _application(self, portal: Portal, installation: Installation) -> Connection:
        self._by_application.add(portal.key)
        return Connection(
            portal.key,
            "application",
            installation.client_endpoint.rstrip("/") + "/",
            portal.member_id or "",
            installation.application_token,
            self._webhook_url if portal.key == self._webhook_key else "",
        )

    async def _by_webhook(self, found: tuple[Portal, Installation] | None) -> Connection | None:
        """Return the portal of the webhook, unless the application serves it, or it sleeps."""
        if not self._webhook_url or (found is not None and found[1].is_served):
            return None
        portal = await self._portal(self._webhook_key)
        # One whose bot was removed is registered anew at the next start, and may be reached until then.
        if portal is not None and not portal.is_active and found is not None:
            return None
        self._by_application.discard(self._webhook_key)
        return Connection(self._webhook_key, "webhook", self._webhook_url, (portal and portal.member_id) or "")

    def credentials(self, key: str, account: str = "") -> Credentials:
        """Return what opens a portal, for as long as it is served in the way that was read last."""
        if key == self._webhook_key and key not in self._by_application and not account:
            return self._webhook
        return StoredCredentials(key, self._tokens, account)

    async def chat(self, key: str) -> str:
        """Return the address at which people of that portal find the bot's chat; "" where it is not known."""
        connection = await self.of(key)
        if connection is None or connection.kind != "application":
            return ""
        bot_id = (await Remembered.of(self._vault, key)).id
        origin = connection.base_url.removesuffix("/").removesuffix("rest").rstrip("/")
        dialog = f"?IM_DIALOG={bot_id}" if bot_id else ""
        return f"{origin}/online/{dialog}"
