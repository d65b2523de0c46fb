"""What the doors of all messengers have in common: how a body is read, and what is refused."""

from bot.bodies import MOST, PATIENCE, Refused, limited_body

__all__ = ["MOST", "PATIENCE", "Refused", "limited_body"]
