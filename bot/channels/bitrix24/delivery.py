"""One message of the outbox → the bot's messages on the portal: sent, edited in place, or with a file before it.

A message with a file can have no buttons on the portal (`imbot.v2.File.upload` takes none). With buttons, or in a slot,
the words are an ordinary message right after the file.
"""

import base64
from collections.abc import Mapping
from typing import Any

from bot.channels.bitrix24.beat import AWAITED_FOR, Beat
from bot.channels.bitrix24.bot import RegisteredBot
from bot.channels.bitrix24.client import UPLOAD
from bot.channels.bitrix24.render import keyboard_buttons, message_text
from bot.channels.bitrix24.uploads import Uploads
from bot.channels.bitrix24.values import mapping, number, text
from bot.clock import Clock
from bot.i18n import Translator
from bot.messages import Attachment, DeliveryError, Outgoing, Receipt

LARGEST_FILE = 100 * 1024 * 1024
"""Bytes that the portal takes."""
_GONE = frozenset({"ACCESS_DENIED", "MESSAGE_NOT_FOUND", "MESSAGE_ID_ERROR"})
"""What the portal says of a message that is not there or not ours any more."""


class Courier:
    """Words messages in their reader's language and puts them on the beat."""

    def __init__(self, beat: Beat, uploads: Uploads, clock: Clock) -> None:
        """Send words through `beat`, files through `uploads`."""
        self._beat = beat
        self._uploads = uploads
        self._clock = clock
        self._brought: set[int] = set()
        """Messages whose file has come, while their words have not."""

    async def send(self, outgoing: Outgoing, bot: RegisteredBot) -> Receipt:
        """Send or edit one message; an edit of one that is gone is sent as a new one. Then presses are awaited."""
        receipt = await self._sent(outgoing, bot)
        if outgoing.say.keyboard.rows:
            self._beat.quicken(AWAITED_FOR)
        return receipt

    async def _sent(self, outgoing: Outgoing, bot: RegisteredBot) -> Receipt:
        translator = Translator(outgoing.to.locale, outgoing.to.zone, self._clock.now())
        message = message_text(translator.spans(outgoing.say.text))
        if not message.strip():
            raise DeliveryError("rejected", permanent=True, detail="EMPTY_MESSAGE")
        common = bot.proof
        say = outgoing.say
        if say.file is not None and not say.keyboard.rows and not say.slot:
            return await self._upload(outgoing, say.file, common, {"message": message})
        if say.file is not None and outgoing.id not in self._brought:
            await self._upload(outgoing, say.file, common, {})
            self._brought.add(outgoing.id)
        fields: dict[str, Any] = {"message": message}
        if say.keyboard.rows:
            fields["keyboard"] = keyboard_buttons(say.keyboard, bot.id, translator)
        if outgoing.shown_as is not None:
            receipt = await self._edited(outgoing, common, fields)
            if receipt is not None:
                return receipt
        params = {**common, "dialogId": outgoing.to.conversation, "fields": {**fields, "urlPreview": False}}
        result = await self._beat.submit("imbot.v2.Chat.Message.send", params, outgoing.to.conversation)
        self._brought.discard(outgoing.id)
        return Receipt(text(mapping(result).get("id")))

    async def _upload(
        self, outgoing: Outgoing, file: Attachment, common: Mapping[str, Any], words: Mapping[str, Any]
    ) -> Receipt:
        """Send a file, with words or without."""
        if len(file.content) > LARGEST_FILE:
            raise DeliveryError("rejected", permanent=True, detail="FILE_TOO_LARGE")
        fields = {"name": file.name, "content": base64.b64encode(file.content).decode(), **words}
        params = {**common, "dialogId": outgoing.to.conversation, "fields": fields}
        result = await self._uploads.submit(UPLOAD, params)
        return Receipt(text(mapping(result).get("messageId")))

    async def _edited(self, outgoing: Outgoing, common: Mapping[str, Any], fields: Mapping[str, Any]) -> Receipt | None:
        """Edit the message in place; None when it is gone and the words must be sent anew."""
        shown_as = outgoing.shown_as or ""
        changed = {"keyboard": "N", **fields, "urlPreview": False}
        params = {**common, "messageId": number(shown_as), "fields": changed}
        try:
            await self._beat.submit("imbot.v2.Chat.Message.update", params, outgoing.to.conversation)
        except DeliveryError as error:
            if error.detail not in _GONE:
                raise
            # Outside a slot only buttons were to be taken away, and they are gone as well.
            if outgoing.say.only_if_shown or not outgoing.say.slot:
                raise DeliveryError("gone", permanent=True, detail=error.detail) from None
            return None
        return Receipt(shown_as, edited=True)
