"""A company for the machine: one that can be restarted on its file, and that counts what each chat was shown."""

import asyncio
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from bot.dispatch.dispatcher import Dispatcher
from bot.dispatch.due import DueJobs
from bot.dispatch.undertaking import Undertaking
from bot.messages import Button, Outgoing, Receipt
from bot.scheduler import Scheduler
from bot.services.wiring import House
from storage import open_storage
from storage.migrate import migrate
from tests.people import Bubble, Company, Person

KEY = "s" * 40
_template: list[Path] = []


class RestartedCompany(Company):
    """A company whose service is stopped and started again on the same file."""

    def __init__(self, folder: Path) -> None:
        """Begin with a copy of a database that has the schema."""
        if not _template:
            path = folder.parent / "machine-template.db"
            path.unlink(missing_ok=True)
            asyncio.run(migrate(f"sqlite:///{path}"))
            _template.append(path)
        shutil.copy(_template[0], folder / "company.db")
        super().__init__(folder)
        self.showings: Counter[tuple[str, str]] = Counter()

    async def restart(self) -> None:
        """Close the storage and open it again, as a new process does."""
        await self.storage.close()
        self.storage = await open_storage(self._url, secret_key=KEY)
        await self.storage.start()
        storage: Any = self.storage
        self.undertaking = Undertaking(self.routes, House(storage, self.messengers, self.seals))
        self.dispatcher = Dispatcher(self.undertaking)
        self.scheduler = Scheduler(storage, self.clock, DueJobs(self.undertaking).do)

    def visible(self) -> list[tuple[Person, Bubble, str, Button]]:
        """Return every button that anybody sees now, in a stable order."""
        return [
            (person, bubble, label, button)
            for _, person in sorted(self.people.items())
            for bubble in person.chat
            for label, button in bubble.buttons.items()
            if button.action is not None
        ]

    def _show(self, outgoing: Outgoing) -> Receipt:
        self.showings[outgoing.to.channel, outgoing.to.conversation] += 1
        return super()._show(outgoing)
