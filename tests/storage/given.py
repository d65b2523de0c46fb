"""What storage tests begin with: a portal, people, messages, and a clock that is moved by hand."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.actions import Action
from bot.domain.people.employee import Employee, Identity
from bot.domain.portal import Portal
from bot.domain.workday.punch_log import Punch, PunchKind, WorkSession, derive
from bot.ids import new_id
from bot.messages import Address, Button, Incoming, IncomingKind, Keyboard, Say, Sender, State
from bot.text import t
from storage import Database
from storage.backup.seal import Seal

Opener = Callable[..., Awaitable[Database]]
"""Opens another storage on the test's database, as another process would have it."""
NewUrl = Callable[..., Awaitable[str]]
"""Makes another database and returns its address."""

KEY = "a secret key of at least 32 characters"
SEAL = Seal(KEY)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PORTAL = Portal(1, "portal.example", "Example")


class Wall:
    """A wall clock in epoch seconds that stands until it is moved."""

    def __init__(self) -> None:
        """Stand at a time after everything the tests' ids were made at."""
        self.at = datetime.now(UTC).timestamp()

    def __call__(self) -> float:
        """Tell the time."""
        return self.at

    def move(self, seconds: float) -> None:
        """Move forward."""
        self.at += seconds


@dataclass(frozen=True, slots=True)
class PressOut(Action, code="t-out"):
    """A press of a test."""

    day: str


@dataclass(frozen=True, slots=True)
class AskWhy(State):
    """A question of a test."""

    why: str


def person(number: int, name: str = "", *, telegram: bool = False, portal: Portal = PORTAL) -> Employee:
    """Return an employee with a Bitrix24 account, and a Telegram one where asked for."""
    identities = [Identity("bitrix24", portal.key, str(number), f"chat{number}")]
    if telegram:
        identities.append(Identity("telegram", "", f"tg{number}", f"tg{number}"))
    return Employee(number, portal.id, name or f"Person {number}", identities=tuple(identities))


async def given(storage: Database, *people: Employee, portal: Portal | None = PORTAL) -> None:
    """Store a portal and people."""
    async with storage.unit_of_work() as unit:
        if portal is not None:
            unit.portals.add(portal)
        for each in people:
            unit.employees.add(each)
        await unit.commit()


def incoming(
    event: str, account: str = "10", channel: str = "bitrix24", at: datetime = NOW, text: str = "hello"
) -> Incoming:
    """Return a text message; accounts of Telegram are global, others belong to the portal."""
    realm = PORTAL.key if channel == "bitrix24" else ""
    conversation = f"chat{account}" if channel == "bitrix24" else account
    return Incoming(
        channel, realm, event, IncomingKind.TEXT, Sender(account, "Ann"), conversation, at, text, sent_at=at
    )


def punch(kind: PunchKind, at: datetime = NOW, event: str = "") -> Punch:
    """Return a punch of Moscow."""
    return Punch(new_id(), kind, at, at, "Europe/Moscow", "test", event)


async def punched(storage: Database, portal_id: int, employee_id: int, *punches: Punch) -> list[WorkSession]:
    """Add punches to a person's log in one unit of work, as a service does."""
    async with storage.unit_of_work() as unit:
        employee = await unit.employees.get(portal_id, employee_id)
        assert employee is not None
        log = await unit.punches.log(employee, min(each.at for each in punches) - timedelta(days=1))
        sessions = derive((*log.punches, *punches))
        unit.punches.add(employee, punches, log, sessions)
        await unit.commit()
        return sessions


def address(conversation: str = "chat10", channel: str = "bitrix24") -> Address:
    """Return where a message goes."""
    realm = PORTAL.key if channel == "bitrix24" else ""
    account = conversation.removeprefix("chat")
    return Address(PORTAL.id, channel, realm, account, conversation, "ru", "Europe/Moscow")


CARD = Say(t("The day card"), Keyboard.of(Button(t("Out"), PressOut("20"), style="danger")), slot="day")
EDIT = replace(CARD, text=t("The day card, edited"), edit=True)


async def said(storage: Database, *says: Say, to: Address | None = None) -> None:
    """Put messages into the outbox, each in its own unit of work."""
    for say in says:
        async with storage.unit_of_work() as unit:
            unit.outbox.add(to or address(), say, turn="turn", at=NOW)
            await unit.commit()


def events(stored: Sequence[object]) -> list[str]:
    """Return the event ids of claimed rows, in order."""
    return [each.incoming.event_id for each in stored]  # type: ignore[attr-defined]


async def tried_again(storage: Database, portal: Portal = PORTAL) -> int:
    """Let what failed on a portal be tried again, as an administrator does; return how many turns and messages."""
    async with storage.unit_of_work() as unit:
        found = await unit.failures.of(portal)
        unit.failures.retry(portal)
        await unit.commit()
    return sum(found)
