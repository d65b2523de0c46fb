"""Storage: SQLite and PostgreSQL behind the ports of `bot`."""

from bot.ports import Unavailable, WrongKey
from storage.database import Database, open_storage
from storage.errors import BackupError

__all__ = ["BackupError", "Database", "Unavailable", "WrongKey", "open_storage"]
