"""What the process knows of itself, handed to services: nothing of it is there in a command that serves nobody."""

from dataclasses import dataclass

from bot.ports.premises import BotToken, Health, KnowsPortals, LastBackup


@dataclass(slots=True)
class Premises:
    """The running service, as far as pages may show and mend it."""

    health: Health | None = None
    portals: KnowsPortals | None = None
    token: BotToken | None = None
    last_backup: LastBackup | None = None
