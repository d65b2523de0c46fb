"""Bitrix24: chat-bots of the `imbot.v2` interface, by fetching events or by webhook."""

from bot.channels.bitrix24.bot import OF_APPLICATION, Appearance
from bot.channels.bitrix24.check import check
from bot.channels.bitrix24.credentials import IncomingWebhook
from bot.channels.bitrix24.facts import FACTS
from bot.channels.bitrix24.former import FormerBot
from bot.channels.bitrix24.glance import taken_apart
from bot.channels.bitrix24.portal_bot import PortalBot
from bot.channels.bitrix24.portals import Bitrix24Channel
from bot.channels.bitrix24.rest_log import RestLog
from bot.channels.bitrix24.webhook import PATH, routes

__all__ = [
    "FACTS",
    "OF_APPLICATION",
    "PATH",
    "Appearance",
    "Bitrix24Channel",
    "FormerBot",
    "IncomingWebhook",
    "PortalBot",
    "RestLog",
    "check",
    "routes",
    "taken_apart",
]
