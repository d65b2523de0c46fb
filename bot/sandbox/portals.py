"""All portals as the one messenger that the control calls know: each person is heard on the portal they work at."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.sandbox.companies import MAIN
from bot.sandbox.portal.emulator import PortalEmulator
from bot.sandbox.portal.oauth.authority import Authority
from bot.sandbox.world import ChannelName, SandboxPerson, SentFile, ShownMessage, World


class Portals(Mapping[str, PortalEmulator]):
    """The portals of a world by their keys, with the authorisation server that they share."""

    channel: ChannelName = "bitrix24"

    def __init__(self, world: World, *, is_strict: bool = True) -> None:
        """Emulate a portal for each company."""
        self.authority = Authority(world)
        self._portals = {
            company.key: PortalEmulator(world, company, authority=self.authority, is_strict=is_strict)
            for company in world.companies
        }

    def __getitem__(self, key: str) -> PortalEmulator:
        """Return the portal of that key."""
        return self._portals[key]

    def __iter__(self) -> Iterator[str]:
        """Yield the keys, the main portal's first."""
        return iter(self._portals)

    def __len__(self) -> int:
        """How many portals there are."""
        return len(self._portals)

    async def start(self) -> None:
        """Start the authorisation server, then the portals, which name it."""
        await self.authority.start()
        for portal in self.values():
            await portal.start()

    async def stop(self) -> None:
        """Stop all of them."""
        for portal in self.values():
            await portal.stop()
        await self.authority.stop()

    async def say(
        self,
        person: SandboxPerson,
        text: str,
        *,
        at: datetime | None = None,
        event_id: int | None = None,
        is_forwarded: bool = False,
        files: Sequence[SentFile] = (),
        reply_to: int | None = None,
    ) -> int:
        """The person sends words and files on their portal."""
        return await self[person.portal].say(
            person, text, at=at, event_id=event_id, is_forwarded=is_forwarded, files=files, reply_to=reply_to
        )

    async def press(self, person: SandboxPerson, message_id: int, button: str | int) -> None:
        """The person presses a button on their portal."""
        await self[person.portal].press(person, message_id, button)

    def shown(self, person: SandboxPerson) -> list[ShownMessage]:
        """The person's chat on their portal."""
        return self[person.portal].shown(person)

    async def raw(self, body: bytes, content_type: str) -> int:
        """Deliver a body as an event of the main portal."""
        return await self[MAIN].raw(body, content_type)

    def undelivered(self) -> int:
        """How many events wait on all portals."""
        return sum(portal.undelivered() for portal in self.values())
