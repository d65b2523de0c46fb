"""Telegram: long polling or a webhook in, sendMessage and editMessageText out.

aiogram supplies types, client and errors. It takes seconds and more than a hundred megabytes to import, so only
`client` and `errors` name it, and `TelegramChannel` imports them in a thread when it starts.
"""

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.check import bot_called, check
from bot.channels.telegram.facts import FACTS
from bot.channels.telegram.features import ALL, Features
from bot.channels.telegram.mini_app import TELEGRAM_KEY
from bot.channels.telegram.webhook import routes

__all__ = ["ALL", "FACTS", "TELEGRAM_KEY", "Features", "TelegramChannel", "bot_called", "check", "routes"]
