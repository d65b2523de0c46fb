"""Times of day as a clock on somebody's wall shows them, for scenarios outside Moscow."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.workday.punch_log import WorkSession
from tests.people import Company, Person


@dataclass(frozen=True, slots=True)
class Wall:
    """A clock on a wall of a zone."""

    company: Company
    zone: str

    def at(self, text: str, fold: int = 0) -> datetime:
        """Return the instant of a full date and time of this wall; `fold` 1 is the second of two."""
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.zone), fold=fold)

    async def move(self, to: str, fold: int = 0) -> None:
        """Let time pass until this wall shows `to`."""
        await self.company.move(self.at(to, fold) - self.company.clock.now())


async def opened(folder: Path, start: str, zone: str = "Europe/Moscow") -> tuple[Company, Wall]:
    """Open a company on a day of its own choice."""
    made = Company(folder, at=datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone)))
    return await made.open(), Wall(made, zone)


async def told(person: Person, said: str) -> str:
    """Say something and return all that came back: words, then perhaps the caption of a picture."""
    before = len(person.chat)
    await person.says(said)
    return "\n".join(each.text for each in person.chat[before:])


async def last_session(person: Person) -> WorkSession:
    """Return the newest session of a person."""
    return (await person.sessions())[-1]
