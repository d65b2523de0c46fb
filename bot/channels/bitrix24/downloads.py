"""Files that people send: the portal gives an address for each, and only the portal's own is opened."""

import asyncio
from urllib.parse import urlsplit

import aiohttp

from bot.channels.bitrix24.bot import RegisteredBot
from bot.channels.bitrix24.client import Client
from bot.channels.bitrix24.errors import RestError, delivery_error
from bot.channels.bitrix24.values import mapping, text
from bot.messages import DeliveryError, IncomingFile
from bot.ports import Fetched, FileTooLarge
from bot.ports.connections import Credentials
from bot.reachable import is_safe

DOWNLOAD = "imbot.v2.File.download"
_SECONDS = 60
_MOVED = frozenset({301, 302, 303, 307, 308})


async def download(
    client: Client,
    credentials: Credentials,
    session: aiohttp.ClientSession,
    bot: RegisteredBot,
    file: IncomingFile,
    limit: int,
) -> Fetched:
    """Return a file of the bot's dialogs, with the name that the portal gives it, which its events need not tell.

    FileTooLarge beyond `limit` bytes, DeliveryError where it cannot be had.
    """
    try:
        answer = await client.call(DOWNLOAD, {**bot.proof, "fileId": int(file.reference)})
    except RestError as error:
        raise delivery_error(error, whole_request=False) from None
    address = text(mapping(answer.result).get("downloadUrl"))
    base = await credentials.base_url()
    if urlsplit(address).netloc != urlsplit(base).netloc or urlsplit(address).scheme != urlsplit(base).scheme:
        raise DeliveryError("rejected", permanent=True, detail="a file of another host")
    try:
        async with asyncio.timeout(_SECONDS):
            return await _read(session, address, limit)
    except (aiohttp.ClientError, TimeoutError, OSError, UnicodeError):
        # The exception names the address, and with it whoever has it gets the file.
        raise DeliveryError("network", permanent=False, detail="a file") from None


async def _read(session: aiohttp.ClientSession, address: str, limit: int) -> Fetched:
    async with session.get(address, allow_redirects=False) as response:
        location = response.headers.get("Location", "")
        if response.status in _MOVED and is_safe(location, allow_local=False):
            async with session.get(location, allow_redirects=False) as stored:
                return await _content(stored, limit)
        return await _content(response, limit)


async def _content(response: aiohttp.ClientResponse, limit: int) -> Fetched:
    if response.status != 200:
        raise DeliveryError("gone", permanent=True, detail=f"status {response.status} for a file")
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > limit:
            raise FileTooLarge
    named = response.content_disposition
    return Fetched(bytes(content), (named.filename if named else None) or "")
