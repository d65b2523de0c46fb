"""A strict emulation of the Telegram Bot API for private chats, over HTTP on loopback.

Refusals carry Telegram's codes and words. Where the real server silently forgives a bot's mistake, this one
refuses, so that the mistake is seen: an unknown parameter, a number out of bounds, a button of two kinds.
Not emulated, and refused: groups, parse modes other than HTML, explicit entities, keyboards other than inline,
files by address, a method as the reply to a webhook.
"""

from bot.sandbox.telegram.emulator import TelegramEmulator

__all__ = ["TelegramEmulator"]
