"""The Bot API through aiogram's client. Imports aiogram: loaded in a thread when the channel starts."""

import asyncio
import json
import re
from collections.abc import Sequence
from typing import Any, TypeVar, cast

import aiohttp
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import ClientDecodeError
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMyCommands,
    DeleteWebhook,
    EditMessageText,
    GetFile,
    GetMe,
    GetUpdates,
    GetWebhookInfo,
    Response,
    SendDocument,
    SendMessage,
    SendPhoto,
    SetChatMenuButton,
    SetMyCommands,
    SetMyDescription,
    SetMyShortDescription,
    SetWebhook,
    TelegramMethod,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MenuButtonWebApp,
    WebAppInfo,
)
from aiogram.utils.token import TokenValidationError

from bot.channels.telegram.api import Me, Rows, WebhookStatus
from bot.channels.telegram.errors import NoBotApi, delivery_error, is_not_editable, is_unchanged
from bot.channels.telegram.features import Features
from bot.messages import Attachment, DeliveryError
from bot.ports import FileTooLarge

CALL_SECONDS = 15
UPLOAD_SECONDS = 60
ANSWER_SECONDS = 5
BEYOND_LONG_POLL = 10
"""Seconds that an answer to a long poll may come late."""

T = TypeVar("T")
_TOO_BIG = "file is too big"
"""What Telegram says of a file that it gives to no bot."""
_UPDATE_ID = re.compile(r'"update_id"\s*:\s*(\d{1,18})\b')


# These return plain objects: an update or a message of a kind that this version of aiogram does not know
# must neither hold up the updates behind it nor turn a message that was sent into an error and a repetition.
class _GetUpdates(GetUpdates):
    """getUpdates without a model for each update."""

    __returning__ = list[Any]


class _SendMessage(SendMessage):
    """sendMessage without a model of the message."""

    __returning__ = dict[str, Any]


class _SendPhoto(SendPhoto):
    """sendPhoto without a model of the message."""

    __returning__ = dict[str, Any]


class _SendDocument(SendDocument):
    """sendDocument without a model of the message."""

    __returning__ = dict[str, Any]


class _EditMessageText(EditMessageText):
    """editMessageText without a model of the message."""

    __returning__ = dict[str, Any] | bool


class _Session(AiohttpSession):
    """Tells a refusal of the Bot API from a page that somebody on the way answered with."""

    def check_response(self, bot: Bot, method: TelegramMethod[T], status_code: int, content: str) -> Response[T]:
        """Take the answer apart; NoBotApi where a refusal is none of the Bot API."""
        if status_code >= 300 and not _is_refusal(content):
            raise NoBotApi(status_code)
        return super().check_response(bot, method, status_code, content)


def _is_refusal(content: str) -> bool:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(answer, dict) and answer.get("ok") is False and isinstance(answer.get("description"), str)


class Client:
    """One bot on one Bot API server; implements `Api`."""

    def __init__(self, token: str, api_url: str, features: Features) -> None:
        """Speak as the bot of `token`; DeliveryError when that cannot be a token."""
        self._token = token
        self._features = features
        session = _Session(api=TelegramAPIServer.from_base(api_url))
        try:
            self._bot = Bot(token, session=session)
        except TokenValidationError as error:
            raise DeliveryError("credentials", permanent=True, detail="not a bot token") from error

    async def me(self) -> Me:
        """Return the bot's account."""
        user = await self._call(GetMe())
        return Me(user.id, user.username or "")

    async def updates(self, offset: int, *, timeout: int, allowed: Sequence[str]) -> list[dict[str, Any]]:  # noqa: ASYNC109 - the server waits
        """Confirm what lies before `offset` and wait for what follows."""
        method = _GetUpdates(offset=offset, limit=100, timeout=timeout, allowed_updates=list(allowed))
        try:
            found = await self._call(method, seconds=timeout + BEYOND_LONG_POLL)
        except DeliveryError as error:
            if not isinstance(error.__cause__, ClientDecodeError):
                raise
            return await self._one_update(offset, allowed)
        return [each for each in cast("list[Any]", found) if isinstance(each, dict)]

    async def _one_update(self, offset: int, allowed: Sequence[str]) -> list[dict[str, Any]]:
        """Take a single update out of an answer that cannot be read; one that itself cannot is reduced to its id.

        Something nested too deeply or a number too long must not hold up for ever what comes after it.
        """
        method = _GetUpdates(offset=offset, limit=1, timeout=0, allowed_updates=list(allowed))
        try:
            found = await self._call(method)
        except DeliveryError as error:
            cause = error.__cause__
            known = _UPDATE_ID.search(str(cause.data)) if isinstance(cause, ClientDecodeError) else None
            if known is None:
                raise
            return [{"update_id": int(known[1])}]
        return [each for each in cast("list[Any]", found) if isinstance(each, dict)]

    async def send(self, chat: int, html: str, rows: Rows, *, thread: int = 0) -> int:
        """Send a message, into a topic of the chat if `thread` names one, and return its id."""
        shape = {**self._no_preview(), **_markup(rows), **_topic(thread)}
        sent = await self._call(_SendMessage(chat_id=chat, text=html, parse_mode="HTML", **shape))
        return _message_id(sent)

    async def send_file(self, chat: int, file: Attachment, html: str, rows: Rows, *, thread: int = 0) -> int:
        """Send a picture or a document with a caption, which may be empty, and return the message's id."""
        upload = BufferedInputFile(file.content, file.name)
        shape: dict[str, Any] = {"chat_id": chat, **_markup(rows), **_topic(thread)}
        if html:
            shape |= {"caption": html, "parse_mode": "HTML"}
        method: TelegramMethod[Any] = (
            _SendPhoto(photo=upload, **shape) if file.kind == "photo" else _SendDocument(document=upload, **shape)
        )
        return _message_id(await self._call(method, seconds=UPLOAD_SECONDS))

    async def fetch(self, file_id: str, limit: int) -> bytes:
        """Return what a person sent; what is larger than `limit` is not read to its end."""
        try:
            found = await self._call(GetFile(file_id=file_id))
        except DeliveryError as error:
            if _TOO_BIG in error.detail.lower():
                raise FileTooLarge from None
            raise
        if not found.file_path:
            raise DeliveryError("gone", permanent=True, detail="no file")
        if (found.file_size or 0) > limit:
            raise FileTooLarge
        url = self._bot.session.api.file_url(self._bot.token, found.file_path)
        content = bytearray()
        try:
            async with asyncio.timeout(UPLOAD_SECONDS):
                async for chunk in self._bot.session.stream_content(url, timeout=UPLOAD_SECONDS, raise_for_status=True):
                    content += chunk
                    if len(content) > limit:
                        raise FileTooLarge
        except (aiohttp.ClientError, TimeoutError, OSError):
            # The exception names the address, in which the bot's token stands.
            raise DeliveryError("network", permanent=False, detail="a file") from None
        return bytes(content)

    async def edit(self, chat: int, message: int, html: str, rows: Rows) -> bool:
        """Make the message show this; False when it is gone or can no longer be edited."""
        shape = {**self._no_preview(), **_markup(rows)}
        method = _EditMessageText(chat_id=chat, message_id=message, text=html, parse_mode="HTML", **shape)
        try:
            await self._call(method)
        except DeliveryError as error:
            cause = error.__cause__
            if isinstance(cause, Exception) and is_not_editable(cause):
                return False
            if not (isinstance(cause, Exception) and is_unchanged(cause)):
                raise
        return True

    async def answer(self, callback: str) -> None:
        """End the progress bar on a pressed button."""
        await self._call(AnswerCallbackQuery(callback_query_id=callback), seconds=ANSWER_SECONDS)

    async def set_webhook(self, url: str, *, secret: str, allowed: Sequence[str]) -> None:
        """Have updates delivered to that address."""
        await self._call(SetWebhook(url=url, secret_token=secret, allowed_updates=list(allowed)))

    async def delete_webhook(self) -> None:
        """Have updates kept for polling; those that wait stay."""
        await self._call(DeleteWebhook())

    async def webhook(self) -> WebhookStatus:
        """Return how the webhook does."""
        info = await self._call(GetWebhookInfo())
        at = int(info.last_error_date.timestamp()) if info.last_error_date else 0
        return WebhookStatus(info.url, info.last_error_message or "", at)

    async def set_commands(
        self, commands: Sequence[tuple[str, str]], language: str | None, *, chat: int | None = None
    ) -> None:
        """Set the command menu for a language or for all others, or of one chat; none removes it."""
        scope = BotCommandScopeChat(chat_id=chat) if chat is not None else None
        if not commands:
            await self._call(DeleteMyCommands(scope=scope, language_code=language))
            return
        listed = [BotCommand(command=name, description=title) for name, title in commands]
        await self._call(SetMyCommands(commands=listed, scope=scope, language_code=language))

    async def set_descriptions(self, long: str, short: str, language: str | None) -> None:
        """Set what an empty chat and the profile say."""
        await self._call(SetMyDescription(description=long, language_code=language))
        await self._call(SetMyShortDescription(short_description=short, language_code=language))

    async def set_app_button(self, title: str, url: str) -> None:
        """Let the button beside the field open a page in Telegram's own frame."""
        button = MenuButtonWebApp(text=title, web_app=WebAppInfo(url=url))
        await self._call(SetChatMenuButton(menu_button=button))

    async def close(self) -> None:
        """Close the connections."""
        await self._bot.session.close()

    def _no_preview(self) -> dict[str, Any]:
        if not self._features.link_preview_options:
            return {}
        return {"link_preview_options": LinkPreviewOptions(is_disabled=True)}

    async def _call(self, method: TelegramMethod[T], *, seconds: int = CALL_SECONDS) -> T:
        try:
            return await self._bot(method, request_timeout=seconds)
        except Exception as error:
            told = delivery_error(error)
            # The client's words may hold the address, and the address holds the token.
            detail = told.detail.replace(self._token, "…")
            raise DeliveryError(
                told.kind, permanent=told.permanent, retry_after=told.retry_after, detail=detail
            ) from error


def _markup(rows: Rows) -> dict[str, Any]:
    if not rows:
        return {}
    keys = [[InlineKeyboardButton.model_validate(button) for button in row] for row in rows]
    return {"reply_markup": InlineKeyboardMarkup(inline_keyboard=keys)}


def _topic(thread: int) -> dict[str, Any]:
    return {"message_thread_id": thread} if thread else {}


def _message_id(sent: object) -> int:
    found = sent.get("message_id") if isinstance(sent, dict) else None
    if not isinstance(found, int):
        raise DeliveryError("server", permanent=True, detail="the answer to a message names no message")
    return found
