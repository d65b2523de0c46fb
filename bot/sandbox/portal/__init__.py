"""The emulated Bitrix24 portal: strict REST on loopback, `imbot.v2` in both event modes, and its people."""

from bot.sandbox.portal.emulator import PortalEmulator

__all__ = ["PortalEmulator"]
