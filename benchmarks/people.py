"""A portal with a thousand employees in a fresh database, and what they write on one working day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.size import size
from bot.domain.people.employee import Employee, Identity
from bot.domain.portal import Portal
from bot.ids import new_id
from bot.messages import Incoming, IncomingKind, Sender
from bot.ports import Storage

REALM = "romashka.bitrix24.ru"
COUNT = size(1_000, 5)
MORNING = datetime(2026, 7, 15, 6, 0, tzinfo=UTC)
"""Wednesday, 09:00 in Moscow."""
SAID = (
    ("пришёл", "на месте", "/in", "приступаю к работе", "check in", "пришла в офис"),
    ("обед", "ушла на обед", "/break", "перерыв", "break", "отойду на перерыв"),
    ("вернулся", "вернулась с обеда", "/back", "я снова здесь", "back", "продолжаю работу"),
    ("ушёл", "ухожу домой", "/out", "на сегодня всё", "check out", "закончила работу"),
)
"""Check-in, break, back, check-out, as different people write them."""
AFTER = (timedelta(), timedelta(hours=4), timedelta(hours=5), timedelta(hours=9))
TURNS = COUNT * len(SAID)


@dataclass(frozen=True, slots=True)
class Staff:
    """The portal and its people."""

    portal: Portal
    people: Sequence[Employee]


async def hire(storage: Storage) -> Staff:
    """Employ a thousand people with a Bitrix24 account each."""
    portal = Portal(new_id(), REALM, "Ромашка")
    people = [
        Employee(
            new_id(), portal.id, f"Сотрудник {n}", locale_is_chosen=True,
            identities=(Identity("bitrix24", REALM, str(n), str(n)),),
        )
        for n in range(1, COUNT + 1)
    ]  # fmt: skip
    async with storage.unit_of_work() as uow:
        uow.portals.add(portal)
        for each in people:
            uow.employees.add(each)
        await uow.commit()
    return Staff(portal, people)


def working_day() -> list[Incoming]:
    """Return what everybody writes, in the order of time: four thousand messages."""
    found = []
    for part, (words, after) in enumerate(zip(SAID, AFTER, strict=True)):
        for n in range(1, COUNT + 1):
            at = MORNING + after + timedelta(milliseconds=200 * n)
            found.append(
                Incoming(
                    "bitrix24", REALM, f"m:{part * COUNT + n}", IncomingKind.TEXT,
                    Sender(str(n), "Сотрудник", str(n), "ru"), str(n), at,
                    text=words[n % len(words)], message=str(part * COUNT + n), sent_at=at,
                )
            )  # fmt: skip
    return found


async def join(storage: Storage, boss: Employee, count: int, *, lead: Employee | None = None) -> list[Employee]:
    """Employ so many people beside somebody who is there, all of one lead where one is given."""
    people = [
        Employee(
            new_id(), boss.portal_id, f"Сотрудник {n}", zone=boss.zone, lead_id=None if lead is None else lead.id,
            identities=(Identity("bitrix24", "bench", str(100_000 + n), str(n)),),
        )
        for n in range(count)
    ]  # fmt: skip
    async with storage.unit_of_work() as uow:
        for each in people:
            uow.employees.add(each)
        await uow.commit()
    return people
