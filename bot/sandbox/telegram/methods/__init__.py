"""The methods of the Bot API that the sandbox has; importing this package registers them all."""

from bot.sandbox.telegram.methods import chats, editing, profile, receiving, sending
from bot.sandbox.telegram.methods.registry import METHODS, Given, Method

__all__ = ["METHODS", "Given", "Method", "chats", "editing", "profile", "receiving", "sending"]
