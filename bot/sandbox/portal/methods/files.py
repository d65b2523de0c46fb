"""`imbot.v2.File.*`: files that the bot puts into a dialog."""

import base64
import binascii
import secrets
from typing import Any
from urllib.parse import quote

from bot.sandbox.pictures import picture_size
from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.params import Params
from bot.sandbox.portal.registry import Answer, method
from bot.sandbox.portal.state import StoredFile

UPLOAD = "imbot.v2.File.upload"
LARGEST_FILE = 100 * 1024 * 1024


def address(portal: Portal, stored: StoredFile) -> str:
    """Return where the page can load a file from."""
    return f"{portal.address}/files/{stored.id}/{stored.key}/{quote(stored.name, safe='')}"


def store(portal: Portal, chat_id: int, name: str, content: bytes) -> StoredFile:
    """Keep a file of a chat; a bot's picture is of none, which is 0."""
    key, (width, height) = secrets.token_hex(8), picture_size(content) or (0, 0)
    stored = StoredFile(portal.rows.next_id("file"), chat_id, name, len(content), key, width, height)
    portal.rows.put_file(stored.id, content)
    portal.memory.files[stored.id] = stored
    portal.memory.save("file", stored)
    return stored


def upload(portal: Portal, params: Params) -> Answer:
    """Store a file and show it in a message of the dialog."""
    bot = portal.own_bot(params)
    chat = portal.dialog(bot, params)
    fields = params.mapping("fields", required=True)
    fields.only(("name", "content", "message"))
    name, encoded = fields.text("name", "").strip(), fields.text("content", "")
    if not name or not encoded:
        raise RestError("FILE_EMPTY", "File name or content is empty")
    try:
        content = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise RestError("FILE_INVALID_CONTENT", "Invalid base64 content") from wrong
    if len(content) > LARGEST_FILE:
        raise RestError("FILE_TOO_LARGE", "File is too large")
    portal.refuse_blocked(chat)
    stored = store(portal, chat.id, name, content)
    message = portal.post(bot, chat, fields.text("message", ""), file_ids=[stored.id])
    extension = name.rpartition(".")[2] if "." in name else ""
    file = {"id": stored.id, "chatId": chat.id, "name": name, "extension": extension, "size": stored.size}
    return Answer({"file": file, "messageId": message.id, "chatId": chat.id, "dialogId": str(chat.user_id)})


def download(portal: Portal, params: Params) -> Answer:
    """Return the address of a file of the bot's dialogs. The sandbox lets it be used more than once."""
    bot = portal.own_bot(params)
    stored = portal.memory.files.get(params.integer("fileId"))
    if stored is None:
        raise RestError("FILE_NOT_FOUND", "File not found")
    chat = portal.memory.chats.get(stored.chat_id)
    if chat is None or chat.bot_id != bot.id:
        raise RestError("FILE_ACCESS_ERROR", "File access error", 403)
    return Answer({"downloadUrl": address(portal, stored)})


def journal(name: str, params: dict[str, Any]) -> dict[str, Any]:
    """Return a call as the journal keeps it: a file, or a bot's picture, by its size only."""
    fields = params.get("fields")
    if not isinstance(fields, dict):
        return params
    if name == UPLOAD and "content" in fields:
        return {**params, "fields": {**fields, "content": _size(fields["content"])}}
    properties = fields.get("properties")
    if isinstance(properties, dict) and "avatar" in properties:
        return {**params, "fields": {**fields, "properties": {**properties, "avatar": _size(properties["avatar"])}}}
    return params


def _size(encoded: object) -> str:
    return f"({len(str(encoded))} characters)"


METHODS = (
    method(UPLOAD, upload, "botId botToken dialogId fields", writes=True, in_batch=False),
    method("imbot.v2.File.download", download, "botId botToken fileId", in_batch=False),
)
