"""The service's real parts over one SQLite file, with a messenger in a file beside it, that can die at a named step.

`play` brings a scene to its end from wherever an earlier process left it: the messenger delivers again whatever was
not acknowledged, everything else is in the database. With `dies_at` the process ends there with `os._exit`: no
finally, no flush, no commit.
"""

import asyncio
import contextlib
import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self, cast

import structlog

from bot.clock import MovableClock
from bot.delivery import Delivery
from bot.dispatch.dispatcher import Dispatcher
from bot.dispatch.due import DueJobs
from bot.dispatch.lost import LostMessages
from bot.dispatch.router import RouteTable
from bot.dispatch.undertaking import Undertaking
from bot.domain.approvals.template import TemplateState, TemplateVersion
from bot.domain.people.employee import Employee, Identity, Role
from bot.domain.planning.schedule import Assignment, Scope
from bot.domain.portal import Portal
from bot.i18n import Translator
from bot.messages import DeliveryError, Incoming, IncomingKind, Outgoing, Receipt, Sender
from bot.messengers import FACTS
from bot.ports import Channel, Job, Storage, Stored
from bot.scheduler import Scheduler
from bot.services.approvals.seals import Seals
from bot.services.messengers import Messengers
from bot.services.reminding.watch import Watch
from bot.services.wiring import House
from storage import Database, open_storage
from tests.carrying import router
from tests.dialogs.routes import HEAD, stage, template
from tests.unit.domain.plans import fixed

KEY = "a secret key of at least 32 characters"
DIED = 86
PORTAL = Portal(1, "portal.example", "Ромашка")
ANNA = Employee(10, 1, "Анна Ким", zone="Europe/Moscow", lead_id=20, identities=(Identity("telegram", "", "10", "10"),))
SERGEY = Employee(
    20,
    1,
    "Сергей Орлов",
    role=Role.LEAD,
    zone="Europe/Moscow",
    identities=(Identity("telegram", "", "20", "20"),),
)
OLGA = Employee(
    30, 1, "Ольга Смирнова", role=Role.ADMIN, zone="Europe/Moscow", identities=(Identity("telegram", "", "30", "30"),)
)
MONDAY = datetime(2026, 7, 13, 6, 0, tzinfo=UTC)
"""Nine in the morning in Moscow."""
TUESDAY = datetime(2026, 7, 14, 5, 55, tzinfo=UTC)

Exit = Callable[[str], None]


@dataclass(frozen=True)
class Act:
    """Something a person does at an instant, delivered until acknowledged; then the clock goes on for `wait`."""

    name: str
    account: str
    at: datetime
    text: str = ""
    press: str = ""
    """The label of the newest button that is pressed."""
    wait: timedelta = timedelta()
    blocked_by: str = ""
    """The account that lets nobody write to it."""


ACTS = {
    "came": Act("came", "10", MONDAY, text="пришла"),
    "asks for a picture": Act("asks for a picture", "10", MONDAY, text="/carrypicture"),
    "comes for the shift": Act("comes for the shift", "20", MONDAY, text="статус", wait=timedelta(minutes=10)),
    "lunch": Act("lunch", "10", MONDAY + timedelta(hours=4), text="обед"),
    "asks": Act("asks", "10", TUESDAY, text="вчера ушла в 18:30"),
    "sends": Act("sends", "10", TUESDAY + timedelta(seconds=10), press="Отправить"),
    "asks in vain": Act(
        "asks in vain",
        "10",
        TUESDAY + timedelta(seconds=10),
        press="Отправить",
        wait=timedelta(seconds=5),
        blocked_by="20",
    ),
    "wishes": Act("wishes", "10", TUESDAY, text="/request Поездка"),
    "begins": Act("begins", "10", TUESDAY + timedelta(seconds=10), press="Отправить"),
    "answers": Act("answers", "20", TUESDAY + timedelta(seconds=20), press="Согласовать", wait=timedelta(seconds=31)),
    "approves": Act("approves", "20", TUESDAY + timedelta(seconds=20), press="Согласовать", wait=timedelta(seconds=31)),
}


class Steps:
    """Where the process is; it dies when it reaches the step `dies_at`, which is named `act:step`."""

    def __init__(self, dies_at: str = "") -> None:
        """Die there, or nowhere."""
        self._dies_at = dies_at
        self.phase = ""
        self.passed: list[str] = []

    def reach(self, step: str) -> None:
        """Come to a step of the present phase."""
        name = f"{self.phase}:{step}"
        self.passed.append(name)
        if name == self._dies_at:
            os._exit(DIED)


class Around:
    """A thing with the steps of its use marked; everything that is not marked is the thing's own."""

    def __init__(self, inner: Any, steps: Steps) -> None:
        """Stand around `inner`."""
        self._inner = inner
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        """Return what the thing has."""
        return getattr(self._inner, name)


class AroundUnit(Around):
    """A unit of work."""

    async def __aenter__(self) -> Self:
        """Begin."""
        await self._inner.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        """End."""
        await self._inner.__aexit__(*exc)

    async def commit(self) -> None:
        """Commit, between two steps."""
        self._steps.reach("handled")
        await self._inner.commit()
        self._steps.reach("committed")


class AroundInbox(Around):
    """The inbox."""

    async def add(self, incomings: Sequence[Incoming], checkpoint: Any = None) -> int:
        """Store, between two steps."""
        self._steps.reach("received")
        new: int = await self._inner.add(incomings, checkpoint)
        self._steps.reach("stored")
        return new

    async def claim(self, limit: int) -> Sequence[Stored]:
        """Claim; a step where there was something."""
        found: Sequence[Stored] = await self._inner.claim(limit)
        if found:
            self._steps.reach("claimed")
        return found


class AroundOutbox(Around):
    """The sending side of the outbox."""

    async def claim(self, channel: str, limit: int) -> Sequence[Outgoing]:
        """Claim; a step where there was something."""
        found: Sequence[Outgoing] = await self._inner.claim(channel, limit)
        if found:
            self._steps.reach("to be sent")
        return found

    async def sent(self, results: Any) -> None:
        """Note what was sent; a step afterwards."""
        await self._inner.sent(results)
        self._steps.reach("noted as sent")

    async def failed(self, failures: Any) -> None:
        """Note what could not be sent; a step afterwards."""
        await self._inner.failed(failures)
        self._steps.reach("noted as failed")


class AroundJobs(Around):
    """The jobs."""

    async def claim(self, now: datetime, limit: int) -> Sequence[Job]:
        """Claim; a step where there was something."""
        found: Sequence[Job] = await self._inner.claim(now, limit)
        if found:
            self._steps.reach("job claimed")
        return found


class AroundStorage(Around):
    """The storage, with the steps of everything that goes through it."""

    def __init__(self, inner: Database, steps: Steps) -> None:
        """Mark the queues, the units of work, and the moment in which half of a transaction is written."""
        super().__init__(inner, steps)
        self.inbox = AroundInbox(inner.inbox, steps)
        self.outbox = AroundOutbox(inner.outbox, steps)
        self.jobs = AroundJobs(inner.jobs, steps)
        engine: Any = inner._engine
        apply = engine._apply

        def half(connection: sqlite3.Connection, group: Any) -> Any:
            is_work = any(each[0].name in ("done in inbox", "job done") for each in group)
            if is_work and len(group) > 1:
                apply(connection, group[: len(group) // 2])
                steps.reach("half written")
                return apply(connection, group[len(group) // 2 :])
            return apply(connection, group)

        engine._apply = half

    def unit_of_work(self) -> AroundUnit:
        """Return a unit of work with its steps."""
        return AroundUnit(self._inner.unit_of_work(), self._steps)

    async def turn(self, stored: Stored) -> AroundUnit:
        """Return the unit of work of a turn with its steps."""
        unit = AroundUnit(await self._inner.turn(stored), self._steps)
        self._steps.reach("loaded")
        return unit


@dataclass
class Chat:
    """A messenger that writes down what it was told, each line at once, and what was acknowledged."""

    file: Path
    clock: MovableClock
    steps: Steps
    blocked_by: str = ""
    name: str = "telegram"
    _lines: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read what earlier processes sent."""
        self._lines = lines_of(self.file)

    def narrow(self) -> Mapping[str, int]:
        """Take what there is."""
        return {}

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Show a message, between two steps."""
        self.steps.reach("about to be sent")
        if outgoing.to.conversation == self.blocked_by:
            self.steps.phase = "blocked"
            self.steps.reach("refused")
            raise DeliveryError("blocked", permanent=True)
        translator = Translator(outgoing.to.locale, outgoing.to.zone, self.clock.now())
        number = outgoing.shown_as or str(len(self._lines) + 1)
        keyboard = outgoing.say.keyboard
        buttons = {translator.plain(b.text): b.action.pack() for row in keyboard.rows for b in row if b.action}
        self._write(
            {
                "outgoing": outgoing.id,
                "message": number,
                "to": outgoing.to.conversation,
                "text": translator.plain(outgoing.say.text),
                "buttons": buttons,
                "is_edit": outgoing.shown_as is not None,
                "file": hashlib.sha256(outgoing.say.file.content).hexdigest() if outgoing.say.file else "",
            }
        )
        self.steps.reach("sent")
        return Receipt(number, edited=outgoing.shown_as is not None)

    def acknowledge(self, act: Act) -> None:
        """The service said 200: the messenger will not deliver this again."""
        self._write({"acknowledged": act.name})

    def acknowledged(self) -> set[str]:
        """Return what need not be delivered again."""
        return {each["acknowledged"] for each in self._lines if "acknowledged" in each}

    def button(self, account: str, label: str) -> tuple[str, str]:
        """Return (message, data) of the button as the chat shows it now."""
        shown: dict[str, dict[str, str]] = {}
        for each in self._lines:
            if each.get("to") == account:
                shown[each["message"]] = each["buttons"]
        for message, buttons in reversed(shown.items()):
            for text, data in buttons.items():
                if label in text:
                    return message, data
        raise AssertionError(f"no button {label!r} for {account}")

    def _write(self, line: dict[str, Any]) -> None:
        self._lines.append(line)
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def lines_of(file: Path) -> list[dict[str, Any]]:
    """Return the lines of a chat file."""
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


async def prepare(folder: Path, *acts: str, planned: bool = False) -> None:
    """Make the database with its people, perhaps with a schedule for Anna, and play those acts without harm."""
    storage = await open_storage(url_of(folder), secret_key=KEY)
    await storage.start()
    async with storage.unit_of_work() as uow:
        uow.portals.add(PORTAL)
        uow.employees.add(ANNA)
        uow.employees.add(SERGEY)
        uow.employees.add(OLGA)
        if planned:
            uow.schedules.put(Assignment(1, PORTAL.id, Scope.PERSON, ANNA.id, date(2020, 1, 1), fixed()))
            Watch(uow).look_again(PORTAL.id, MONDAY - timedelta(minutes=30))
        form = {**template(stage("head", [HEAD]), policy={"undo_seconds": 30}), "form": []}
        document = json.dumps(form, ensure_ascii=False)
        uow.templates.add(TemplateVersion(PORTAL.id, "trip", 1, document, TemplateState.ON, MONDAY))
        await uow.commit()
    await storage.close()
    for act in acts:
        await play(folder, act)


async def play(folder: Path, act_name: str, dies_at: str = "") -> list[str]:
    """Bring an act to its end and return the steps that were passed."""
    act = ACTS[act_name]
    steps = Steps(dies_at)
    clock = MovableClock(act.at)
    database = await open_storage(url_of(folder), secret_key=KEY)
    await database.start()
    storage = cast("Storage", AroundStorage(database, steps))
    undertaking = Undertaking(RouteTable(router), House(storage, Messengers(FACTS), Seals(KEY)))
    dispatcher = Dispatcher(undertaking)
    chat = Chat(folder / "chat.jsonl", clock, steps, act.blocked_by)
    delivery = Delivery(storage, {"telegram": cast("Channel", chat)}, LostMessages(undertaking, clock).see_to)
    again = None if act.name in chat.acknowledged() else incoming(act, chat)
    running = [asyncio.create_task(dispatcher.run()), asyncio.create_task(delivery.run())]
    await asyncio.sleep(0)
    scheduler = Scheduler(storage, clock, DueJobs(undertaking).do)
    try:
        steps.phase = "before"
        await scheduler.do_due(clock.now())
        await rest(database)
        steps.phase = "turn"
        if again is not None:
            await dispatcher.receive([again])
            chat.acknowledge(act)
            steps.reach("acknowledged")
        await rest(database)
        if act.wait:
            steps.phase = "job"
            await scheduler.advance(act.at + act.wait, clock.move_to)
            await rest(database)
    finally:
        for task in running:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*running)
        await database.close()
    return steps.passed


async def rest(storage: Database) -> None:
    """Wait until nothing waits."""
    async with asyncio.timeout(20):
        while True:
            backlog = await storage.backlog()
            if backlog.inbox == backlog.outbox == 0:
                return
            await asyncio.sleep(0.005)


def incoming(act: Act, chat: Chat) -> Incoming:
    """Return the act as a channel parsed it."""
    kind, data, message = IncomingKind.TEXT, "", "1"
    if act.press:
        kind = IncomingKind.PRESS
        message, data = chat.button(act.account, act.press)
    sender = Sender(act.account, "Somebody")
    return Incoming(
        "telegram", "", act.name, kind, sender, act.account, act.at, act.text, data, message, sent_at=act.at
    )


def url_of(folder: Path) -> str:
    """Return the address of the folder's database."""
    return f"sqlite:///{folder / 'crash.db'}"


def quiet() -> None:
    """Log nothing: the process is about to be killed on purpose."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))


def die(folder: str, act: str, dies_at: str) -> None:
    """Play an act in a process of its own that dies at a step."""
    quiet()
    asyncio.run(play(Path(folder), act, dies_at))
