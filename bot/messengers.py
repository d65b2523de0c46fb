"""The one list of messengers: what each is, whether it is configured, and how to make and to check it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web

from bot.channels import bitrix24, telegram
from bot.clock import Clock
from bot.derived import Derived
from bot.messages import Command
from bot.ports import (
    Channel,
    Directory,
    Facts,
    OnDuty,
    ReadUnread,
    ReceiveUnread,
    TakesCalendars,
    TellOutage,
    Vault,
    WatchesDays,
)
from bot.ports.connections import Connection, Connections, Credentials
from bot.settings import Settings
from bot.web.addresses import BY_TELEGRAM


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a channel is made with."""

    settings: Settings
    derived: Derived
    vault: Vault
    commands: Sequence[Command]
    directory: Callable[[str], Directory]
    """What a channel of that name tells of who works on its portals."""
    clock: Clock
    on_duty: OnDuty
    """Does what only one process may do."""
    unread: ReceiveUnread
    """Stores what a door did not take apart."""
    connections: Connections
    """Which portals are to be served."""
    life_cycle: Callable[[bytes, str, web.BaseRequest], Awaitable[None]]
    """Takes what portals tell of the life of the application there, by its body, its type and its call."""
    tell_outage: Callable[[str], TellOutage]
    """Whom a channel of that name tells of a portal whose outage lasts."""
    site: Callable[[], str | None]
    """Tells under which address we can be reached; None where we cannot."""
    days: WatchesDays | None = None
    """Whose working days on portals are to be looked at."""
    calendars: TakesCalendars | None = None
    """Is told who is away by portals' calendars."""


Made = tuple[Channel, Sequence[web.AbstractRouteDef]]


@dataclass(frozen=True, slots=True)
class Messenger:
    """A messenger that can be served."""

    facts: Facts
    is_configured: Callable[[Settings], bool]
    make: Callable[[Surroundings], Made]
    """Make its channel, and the doors of it."""
    check: Callable[[Settings], Awaitable[str]]
    """Reach it by the settings, and return one line about it."""
    read: ReadUnread | None = None
    """Take apart what its door stored as it came."""
    has_directory: bool = False
    """Whether people come from there: without such a messenger nobody gets in."""


def _bitrix24(around: Surroundings) -> Made:
    settings = around.settings
    events_url = f"{settings.public_url}/bitrix24/events" if settings.public_url else None
    folder = settings.rest_log_folder
    rest_log = bitrix24.RestLog(folder) if folder is not None else None

    def make(connection: Connection, credentials: Credentials, **shared: Any) -> bitrix24.PortalBot:
        by_application = connection.kind == "application"
        code = settings.bitrix24_bot_code + (bitrix24.OF_APPLICATION if by_application else "")
        return bitrix24.PortalBot(
            credentials=credentials,
            realm=connection.key,
            kind=connection.kind,
            mode="webhook" if by_application and events_url else settings.bitrix24_mode,
            events_url=events_url,
            derived=around.derived,
            vault=around.vault,
            directory=around.directory(bitrix24.FACTS.name),
            appearance=bitrix24.Appearance(code, commands=tuple(around.commands)),
            clock=around.clock,
            on_duty=around.on_duty,
            unread=around.unread,
            note=rest_log.note if rest_log is not None else None,
            calendars=around.calendars,
            handler=lambda: f"{site}{bitrix24.PATH}" if (site := around.site()) else None,
            **shared,
        )

    def former(realm: str, webhook: str, *, chat: Callable[[str], Awaitable[str]]) -> bitrix24.FormerBot:
        return bitrix24.FormerBot(
            realm,
            webhook,
            appearance=bitrix24.Appearance(settings.bitrix24_bot_code),
            derived=around.derived,
            vault=around.vault,
            clock=around.clock,
            chat=chat,
        )

    channel = bitrix24.Bitrix24Channel(
        around.connections,
        make,
        former=former,
        rest_log=rest_log,
        tell=around.tell_outage(bitrix24.FACTS.name),
        on_duty=around.on_duty,
        vault=around.vault,
        allow_local=settings.allow_local_portals,
        days=around.days,
        clock=around.clock,
    )
    return channel, list(bitrix24.routes(channel.find, around.life_cycle if settings.has_application else None))


async def _check_bitrix24(settings: Settings) -> str:
    """Reach the portal of the webhook; of the application, its portals are known by the database alone."""
    said = []
    if url := settings.bitrix24_webhook_url.get_secret_value():
        said.append(await bitrix24.check(url))
    if settings.has_application:
        said.append(f"the application {settings.bitrix24_client_id} is to be installed on portals")
    return "; ".join(said)


def _telegram(around: Surroundings, *, signer: bytes | None = None) -> Made:
    settings = around.settings
    channel = telegram.TelegramChannel(
        token=settings.telegram_bot_token.get_secret_value(),
        api_url=settings.telegram_api_url,
        mode=settings.telegram_mode,
        public_url=settings.public_url,
        derived=around.derived,
        vault=around.vault,
        commands=around.commands,
        clock=around.clock,
        app=lambda: _app_page(around.site(), allow_local=settings.allow_local_portals),
        on_duty=around.on_duty,
        signer=signer,
    )
    return channel, telegram.routes(channel)


def _app_page(site: str | None, *, allow_local: bool) -> str:
    """Return the page that opens in Telegram's own frame; "" where it could not be opened there."""
    is_safe = site is not None and (site.startswith("https://") or allow_local)
    return f"{site}{BY_TELEGRAM}" if is_safe else ""


MESSENGERS = (
    Messenger(
        bitrix24.FACTS,
        lambda settings: settings.has_bitrix24,
        _bitrix24,
        _check_bitrix24,
        bitrix24.taken_apart,
        has_directory=True,
    ),
    Messenger(
        telegram.FACTS,
        lambda settings: settings.has_telegram,
        _telegram,
        lambda settings: telegram.check(settings.telegram_bot_token.get_secret_value(), settings.telegram_api_url),
    ),
)
"""In the order in which they are begun."""
FACTS = tuple(each.facts for each in MESSENGERS)


TELEGRAM = telegram.FACTS.name
"""The messenger whose bot can be brought while the service runs."""


def late_telegram(around: Surroundings, settings: Settings, *, signer: bytes | None = None) -> Channel:
    """Return a channel for a token that came after the start.

    Whoever brought it knows it: who opens a page there is believed by Telegram's own signature. `signer` is the public
    key of a Telegram that is none, the sandbox's.
    """
    return _telegram(replace(around, settings=settings), signer=signer or telegram.TELEGRAM_KEY)[0]


async def bot_called(settings: Settings) -> str:
    """Return what the Telegram bot of these settings is called; DeliveryError says why that is not known."""
    return await telegram.bot_called(settings.telegram_bot_token.get_secret_value(), settings.telegram_api_url)


def configured(settings: Settings) -> list[Messenger]:
    """Return the messengers that the settings name."""
    return [each for each in MESSENGERS if each.is_configured(settings)]
