"""Bitrix24: chat-bots of the `imbot.v2` interface, by fetching events or by webhook."""

from bot.channels.bitrix24.bot import Appearance
from bot.channels.bitrix24.channel import Bitrix24Channel
from bot.channels.bitrix24.check import check
from bot.channels.bitrix24.credentials import Credentials, IncomingWebhook
from bot.channels.bitrix24.facts import FACTS
from bot.channels.bitrix24.glance import taken_apart
from bot.channels.bitrix24.webhook import routes

__all__ = ["FACTS", "Appearance", "Bitrix24Channel", "Credentials", "IncomingWebhook", "check", "routes", "taken_apart"]
