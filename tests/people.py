"""People for tests: a company whose members write on either channel and read what their chat shows.

Everything between the messenger's payload and the outbox is the real program on a real SQLite file; the messenger
itself is a chat in memory that sends, edits and takes buttons away as the real ones do. A scenario is written once and
runs on both channels.
"""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from bot.channels.bitrix24.events import Event
from bot.channels.bitrix24.events import to_incoming as from_bitrix24
from bot.channels.telegram.batch import to_incomings as from_telegram
from bot.clock import MovableClock
from bot.dispatch.dispatcher import Dispatcher
from bot.dispatch.due import DueJobs
from bot.dispatch.router import RouteTable
from bot.dispatch.turn import Occasion
from bot.dispatch.undertaking import Undertaking, Work
from bot.domain.automation.change import ObjectChange
from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.portal_absence import CalendarSpan, PortalAbsence, merged
from bot.domain.people.employee import Employee, Identity, Role
from bot.domain.planning.schedule import Assignment, Schedule, Scope
from bot.domain.portal import Portal
from bot.domain.workday.punch_log import Punch, WorkSession
from bot.i18n import Translator
from bot.ids import new_id
from bot.messages import Attachment, Button, DeliveryError, IncomingFile, Keyboard, Outgoing, Receipt
from bot.messengers import FACTS
from bot.ports import Fetched, FileTooLarge, ListedDepartment
from bot.ports import Person as Directed
from bot.scheduler import Scheduler
from bot.services.approvals.seals import Seals
from bot.services.automation.rules import Rules
from bot.services.deliveries import Deliveries
from bot.services.messengers import Messengers
from bot.services.people.portals import Portals
from bot.services.reminding.digest_times import DigestTimes
from bot.services.reminding.watch import Watch
from bot.services.wiring import House
from handlers import router
from storage import open_storage
from tests.migrated import begin_migrated

_Done = TypeVar("_Done")
REALM = "portal.example"
MOSCOW = ZoneInfo("Europe/Moscow")
MONDAY = datetime(2026, 7, 13, 6, 0, tzinfo=UTC)
"""Monday 13 July 2026, 09:00 in Moscow."""


@dataclass(slots=True)
class Bubble:
    """A message in a chat: plain words, the buttons as they are now, whether it was edited, and the files with it."""

    id: str
    text: str
    buttons: dict[str, Button]
    is_edited: bool = False
    is_own: bool = False
    files: tuple[Attachment, ...] = ()
    page: str = ""
    """The page that a messenger can open beside it."""


@dataclass(slots=True)
class Person:
    """A member of the company at one messenger."""

    company: "Company"
    employee_id: int
    channel: str
    account: str
    name: str
    locale: str = "ru"
    chat: list[Bubble] = field(default_factory=list)

    @property
    def conversation(self) -> str:
        """The chat with the bot: on both channels it is named for the person."""
        return self.account

    async def says(self, text: str, *, at: datetime | None = None, event: int | None = None) -> str:
        """Write to the bot and return what it answered, newest message last."""
        await self.sends(text, at=at, event=event)
        return await self.reads()

    async def sends(self, text: str, *, at: datetime | None = None, event: int | None = None) -> None:
        """Write to the bot without waiting for the answer."""
        number = event if event is not None else self.company.next_number()
        payload = self.company.message(self, text, number, at)
        await self.company.deliver(self.channel, payload)

    async def attaches(self, name: str, content: bytes, text: str = "") -> str:
        """Send a document, with words under it perhaps, and return what the bot answered."""
        number = self.company.next_number()
        payload = self.company.message(self, text, number, None)
        own = cast("dict[str, Any]", payload.get("message") or payload.get("data"))
        reference = self.company.next_number()
        self.company.sent_files[str(reference)] = Fetched(content, name)
        if self.channel == "telegram":
            del own["text"]
            own["document"] = {"file_id": str(reference), "file_name": name, "file_size": len(content)}
            own |= {"caption": text} if text else {}
        else:
            own["message"]["params"] = {"FILE_ID": [reference]}
        await self.company.deliver(self.channel, payload)
        return await self.reads()

    async def replies(self, to: Bubble, text: str) -> str:
        """Answer one of the bot's messages, and return what the bot answered."""
        payload = self.company.message(self, text, self.company.next_number(), None)
        own = cast("dict[str, Any]", payload.get("message") or payload.get("data"))
        if self.channel == "telegram":
            own["reply_to_message"] = {"message_id": int(to.id), "date": 1}
        else:
            own["message"]["params"] = {"REPLY_ID": int(to.id)}
        await self.company.deliver(self.channel, payload)
        return await self.reads()

    async def forwards(self, text: str) -> str:
        """Forward what somebody else wrote, and return what the bot answered."""
        payload = self.company.message(self, text, self.company.next_number(), None)
        own = cast("dict[str, Any]", payload.get("message") or payload.get("data"))
        if self.channel == "telegram":
            own["forward_origin"] = {"type": "hidden_user", "date": 1, "sender_user_name": "Борис"}
        else:
            own["message"]["forward"] = {"userId": 1, "id": "61/9"}
        await self.company.deliver(self.channel, payload)
        return await self.reads()

    async def presses(self, label: str) -> str:
        """Press the newest button whose label contains `label`, and return what the chat says then."""
        for bubble in reversed(self.chat):
            for text, button in bubble.buttons.items():
                if label in text:
                    assert button.action is not None, f"{text} is a link"
                    await self.taps(button.action.pack(), bubble.id)
                    return await self.reads()
        shown = [list(bubble.buttons) for bubble in self.chat if bubble.buttons]
        raise AssertionError(f"no button {label!r} among {shown}")

    async def taps(self, data: str, message: str) -> None:
        """Send a press with that data, as the messenger would, also a forged one."""
        payload = self.company.press(self, data, message, self.company.next_number())
        await self.company.deliver(self.channel, payload)

    async def reads(self) -> str:
        """Let the company's messages arrive; return the text of the message that was sent or edited last."""
        before = self.company.touched.get(self.key)
        await self.company.settle()
        last = self.company.touched.get(self.key)
        return last.text if last is not None and last is not before else (last.text if last else "")

    @property
    def key(self) -> tuple[str, str]:
        """(channel, conversation)."""
        return self.channel, self.conversation

    @property
    def buttons(self) -> list[str]:
        """The labels under the newest message that has any."""
        return next((list(each.buttons) for each in reversed(self.chat) if each.buttons), [])

    @property
    def files(self) -> tuple[Attachment, ...]:
        """The files of the newest message that has any."""
        return next((each.files for each in reversed(self.chat) if each.files), ())

    @property
    def shown(self) -> list[str]:
        """The bot's messages as the chat shows them now."""
        return [each.text for each in self.chat]

    async def verify_dialog(self, dialog: Sequence[tuple[str, str]]) -> None:
        """Check a list of (said, answered). `[Label]` presses a button; an answer that ends in … is a beginning."""
        for said, answered in dialog:
            pressed = re.fullmatch(r"\[(.+)\]", said)
            got = await (self.presses(pressed[1]) if pressed else self.says(said))
            if answered.endswith("…"):
                assert answered[:-1] == got[: len(answered) - 1], f"after {said!r}: {got!r}"
            else:
                assert answered == got, f"after {said!r}: {got!r}"

    async def employee(self) -> Employee:
        """The person as stored now."""
        async with self.company.storage.unit_of_work() as uow:
            found = await uow.employees.get(self.company.portal.id, self.employee_id)
        assert found is not None
        return found

    async def log(self) -> list[Punch]:
        """The person's punches of the last month, in the order of their times."""
        employee = await self.employee()
        async with self.company.storage.unit_of_work() as uow:
            return list((await uow.punches.log(employee, self.company.clock.now() - timedelta(days=31))).punches)

    async def sessions(self) -> list[WorkSession]:
        """The person's derived sessions, oldest first."""
        employee = await self.employee()
        day = self.company.clock.now().date()
        async with self.company.storage.unit_of_work() as uow:
            return list(await uow.punches.sessions(employee, day - timedelta(days=400), day + timedelta(days=2)))


@cache
def _routes() -> RouteTable:
    """Return the program's routes, which it indexes once as well."""
    return RouteTable(router)


class Company:
    """A portal with its people, a clock that tests move, and two messengers in memory."""

    router = router
    """The conversations; a test may have more of them."""

    def __init__(
        self, folder: Path, *, at: datetime = MONDAY, url: str = "", wall: Callable[[], float] = time.time
    ) -> None:
        """Keep the database in `folder`, or use the one at `url`; `wall` is the machine's clock, for leases."""
        self.clock = MovableClock(at)
        self._wall = wall
        self._file = None if url else folder / "company.db"
        self._url = url or f"sqlite:///{self._file}"
        self._number = 1000
        self._message = 5000
        self.people: dict[tuple[str, str], Person] = {}
        self.touched: dict[tuple[str, str], Bubble] = {}
        self.messengers = Messengers(FACTS, {"telegram": lambda token: f"https://t.me/smena_bot?start={token}"})
        self.blocked: set[tuple[str, str]] = set()
        """Those who have blocked the bot, by their keys."""
        self.sent_files: dict[str, Fetched] = {}
        """What people sent, by what it is asked for by."""
        self.loses_files = False
        """Whether the messengers do not give what was sent."""
        self.messengers.fetches = dict.fromkeys(("bitrix24", "telegram"), self._fetch)

    async def _fetch(self, realm: str, file: IncomingFile, limit: int) -> Fetched:
        """Give what was sent, as the messengers do."""
        del realm
        if self.loses_files or file.reference not in self.sent_files:
            raise DeliveryError("gone", permanent=True)
        if len(self.sent_files[file.reference].content) > limit:
            raise FileTooLarge
        return self.sent_files[file.reference]

    async def open(self) -> "Company":
        """Open the database and make the portal."""
        if self._file is not None:
            await begin_migrated(self._file)
        self.storage = await open_storage(self._url, secret_key="s" * 40, clock=self._wall)
        await self.storage.start()
        self.routes = _routes() if self.router is router else RouteTable(self.router)
        self.seals = Seals("s" * 40)
        self.undertaking = Undertaking(self.routes, House(self.storage, self.messengers, self.seals))
        self.dispatcher = Dispatcher(self.undertaking)
        self.scheduler = Scheduler(self.storage, self.clock, DueJobs(self.undertaking).do)
        self.portal = Portal(new_id(), REALM, "Ромашка")
        async with self.storage.unit_of_work() as uow:
            uow.portals.add(self.portal)
            await uow.commit()
        return self

    async def restart(self) -> None:
        """Go on in another process: only what is in the database remains."""
        await self.storage.close()
        self.storage = await open_storage(self._url, secret_key="s" * 40, clock=self._wall)
        await self.storage.start()
        self.undertaking = Undertaking(self.routes, House(self.storage, self.messengers, self.seals))
        self.dispatcher = Dispatcher(self.undertaking)
        self.scheduler = Scheduler(self.storage, self.clock, DueJobs(self.undertaking).do)

    async def close(self) -> None:
        """Close the database."""
        await self.storage.close()

    async def installs(self, key: str) -> Portal:
        """Install the application on a portal."""
        return await self._does(lambda services: services.get(Portals).install(key, self.clock.now()))

    async def lists(
        self, realm: str, people: Sequence[Directed], departments: Sequence[ListedDepartment] = ()
    ) -> Sequence[str]:
        """Read the portal's directory; returns the accounts that it does not list any more."""
        now = self.clock.now()
        return await self._does(
            lambda services: services.get(Portals).listed(realm, "bitrix24", people, departments, now)
        )

    async def happens(self, change: ObjectChange) -> None:
        """Let the portal's rules know of what happened to an object there."""
        await self._does(lambda services: services.get(Rules).happened(self.portal, change, self.clock.now()))

    async def starts(self) -> None:
        """Do what the service does at its start."""
        await self._does(lambda services: services.get(DigestTimes).begin_everywhere(self.clock.now()))

    async def _does(self, work: Work[_Done]) -> _Done:
        return await self.undertaking(work, Occasion(self.clock.now()))

    async def hire(
        self,
        name: str,
        channel: str,
        *,
        role: Role = Role.EMPLOYEE,
        lead: Person | None = None,
        zone: str = "Europe/Moscow",
        locale: str = "ru",
        also: str = "",
    ) -> Person:
        """Employ a person who writes on `channel`, and on the channel `also` as well."""
        account = str(self.next_number())
        employee = Employee(
            new_id(),
            self.portal.id,
            name,
            role=role,
            zone=zone,
            locale=locale,
            locale_is_chosen=True,
            lead_id=lead.employee_id if lead else None,
            identities=tuple(self._identity(each, account) for each in (channel, also) if each),
        )
        async with self.storage.unit_of_work() as uow:
            uow.employees.add(employee)
            await uow.commit()
        for each in (also, channel):
            if each:
                self.people[each, account] = Person(self, employee.id, each, account, name, locale)
        return self.people[channel, account]

    async def plans(self, schedule: Schedule, person: Person | None = None, *, since: date = date(2020, 1, 1)) -> None:
        """Give a person or everybody a schedule, and let the watch know."""
        scope, target = (Scope.PERSON, person.employee_id) if person else (Scope.PORTAL, 0)
        async with self.storage.unit_of_work() as uow:
            uow.schedules.put(Assignment(new_id(), self.portal.id, scope, target, since, schedule))
            Watch(uow).look_again(self.portal.id, self.clock.now())
            await uow.commit()

    async def sends_away(
        self, person: Person, kind: AbsenceKind, first: str, last: str = "", between: tuple[str, str] | None = None
    ) -> None:
        """Approve an absence of a person: of days, or of Moscow hours of one day."""
        days = [date.fromisoformat(each) for each in (first, last or first)]
        start, end = [self.at(f"{first}T{each}") for each in between] if between else (None, None)
        async with self.storage.unit_of_work() as uow:
            uow.absences.add(Absence(new_id(), self.portal.id, person.employee_id, kind, *days, start, end))
            await uow.commit()

    async def calendar_says(self, person: Person, *away: tuple[str, str]) -> None:
        """Let it be known of the portal's calendar when a person is away: days, or Moscow times with a T."""
        spans = [
            CalendarSpan(self.at(first), self.at(last))
            if "T" in first
            else CalendarSpan(self.at("00:00"), self.at("00:00"), (date.fromisoformat(first), date.fromisoformat(last)))
            for first, last in away
        ]
        async with self.storage.unit_of_work() as uow:
            instants = merged(each.instants("Europe/Moscow") for each in spans)
            absences = [PortalAbsence(self.portal.id, person.employee_id, *each) for each in instants]
            uow.portal_absences.replace(self.portal.id, person.employee_id, self.clock.now(), absences)
            await uow.commit()

    def elsewhere(self, person: Person) -> Person:
        """The same person at the other messenger."""
        other = "telegram" if person.channel == "bitrix24" else "bitrix24"
        return self.people[other, person.account]

    @staticmethod
    def _identity(channel: str, account: str) -> Identity:
        return Identity(channel, REALM if channel == "bitrix24" else "", account, account)

    def visitor(self, name: str, channel: str = "telegram", locale: str = "ru") -> Person:
        """Somebody who is not employed, with an account on a channel."""
        account = str(self.next_number())
        person = Person(self, 0, channel, account, name, locale)
        self.people[channel, account] = person
        return person

    def next_number(self) -> int:
        """Return a fresh number for accounts, messages and events."""
        self._number += 1
        return self._number

    def at(self, text: str) -> datetime:
        """Return the instant of a Moscow clock time on the company's present day, or of a full date and time."""
        if len(text) <= 5:
            today = self.clock.now().astimezone(MOSCOW).date()
            return datetime.fromisoformat(f"{today}T{text:0>5}").replace(tzinfo=MOSCOW)
        return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)

    async def move(self, to: str | timedelta) -> None:
        """Move the clock to a Moscow time, or on by a while, doing what falls due."""
        target = self.clock.now() + to if isinstance(to, timedelta) else self.at(to)
        await self.scheduler.advance(target, self.clock.move_to)
        await self.settle()

    async def opens(self, person: Person) -> None:
        """Let the portal tell that a person opened the chat with the bot."""
        told = {"eventId": self.next_number(), "type": "ONIMBOTV2JOINCHAT", "date": self.clock.now().isoformat()}
        await self.deliver("bitrix24", {**told, "data": self._bitrix24(person)})
        await self.settle()

    def message(self, person: Person, text: str, number: int, at: datetime | None) -> dict[str, object]:
        """Return the payload of a message as the messenger delivers it."""
        sent = at or self.clock.now()
        first, _, last = person.name.partition(" ")
        if person.channel == "telegram":
            sender = {
                "id": int(person.account),
                "is_bot": False,
                "first_name": first,
                "last_name": last,
                "language_code": person.locale,
            }
            return {
                "update_id": number,
                "message": {
                    "message_id": number,
                    "date": int(sent.timestamp()),
                    "chat": {"id": int(person.account), "type": "private", "first_name": first},
                    "from": sender,
                    "text": text,
                },
            }
        return {
            "eventId": number,
            "type": "ONIMBOTV2MESSAGEADD",
            "date": sent.isoformat(),
            "data": {**self._bitrix24(person), "message": self._own(person, text, number, sent)},
        }

    def press(self, person: Person, data: str, message: str, number: int) -> dict[str, object]:
        """Return the payload of a pressed button as the messenger delivers it."""
        now = self.clock.now()
        if person.channel == "telegram":
            chat = {"id": int(person.account), "type": "private"}
            return {
                "update_id": number,
                "callback_query": {
                    "id": str(number),
                    "from": {"id": int(person.account), "is_bot": False, "first_name": person.name},
                    "chat_instance": "1",
                    "data": data,
                    "message": {"message_id": int(message), "date": int(now.timestamp()), "chat": chat, "text": "x"},
                },
            }
        own = {**self._own(person, "x", int(message), now), "authorId": 5120}
        command = {"id": 7, "command": "/smena", "params": data, "context": "keyboard"}
        return {
            "eventId": number,
            "type": "ONIMBOTV2COMMANDADD",
            "date": now.isoformat(),
            "data": {**self._bitrix24(person), "command": command, "message": own},
        }

    def _bitrix24(self, person: Person) -> dict[str, object]:
        first, _, last = person.name.partition(" ")
        user = {
            "id": int(person.account),
            "name": person.name,
            "firstName": first,
            "lastName": last,
            "bot": False,
            "extranet": False,
            "connector": False,
            "type": "employee",
        }
        return {
            "bot": {"id": 5120, "code": "smena"},
            "chat": {"id": 61, "dialogId": person.account, "type": "private"},
            "user": user,
            "language": "ru",
        }

    @staticmethod
    def _own(person: Person, text: str, number: int, sent: datetime) -> dict[str, object]:
        return {
            "id": number,
            "chatId": 61,
            "authorId": int(person.account),
            "date": sent.isoformat(),
            "text": text,
            "isSystem": False,
            "params": {},
        }

    async def deliver(self, channel: str, payload: dict[str, object]) -> None:
        """Hand a payload to the service as the channel does: parse, store, acknowledge."""
        now = self.clock.now()
        if channel == "telegram":
            incomings = from_telegram([payload], received_at=now, username=None)
        else:
            read = from_bitrix24(Event.fetched(payload), realm=REALM, received_at=now)
            incomings = [] if read is None else [read]
        if incomings:
            await self.dispatcher.receive(incomings)

    async def settle(self) -> None:
        """Handle what waits in the inbox and deliver what waits in the outbox, until nothing waits."""
        while True:
            claimed = list(await self.storage.inbox.claim(50))
            for stored in claimed:
                await self.dispatcher.take(stored)
            sent = [*await self.storage.outbox.claim("bitrix24", 50), *await self.storage.outbox.claim("telegram", 50)]
            for outgoing in sent:
                if (outgoing.to.channel, outgoing.to.conversation) in self.blocked:
                    await self._refuse(outgoing, DeliveryError("blocked", permanent=True))
                else:
                    await self.storage.outbox.sent([(outgoing, self._show(outgoing))])
            if not claimed and not sent:
                return

    async def _refuse(self, outgoing: Outgoing, error: DeliveryError) -> None:
        """Take no message, as a messenger whose person has blocked the bot."""
        await self._does(lambda services: services.get(Deliveries).lost(outgoing, error, self.clock.now()))
        await self.storage.outbox.failed([(outgoing, error, None)])

    def _show(self, outgoing: Outgoing) -> Receipt:
        person = self.people[outgoing.to.channel, outgoing.to.conversation]
        translator = Translator(outgoing.to.locale, outgoing.to.zone, self.clock.now())
        text = translator.plain(outgoing.say.text)
        buttons = self._labels(outgoing.say.keyboard, translator)
        if outgoing.shown_as is not None:
            for bubble in person.chat:
                if bubble.id == outgoing.shown_as:
                    is_strip = not buttons and bubble.text == text
                    bubble.text, bubble.buttons, bubble.is_edited = text, buttons, True
                    bubble.page = outgoing.say.keyboard.page
                    if not is_strip:
                        self.touched[person.key] = bubble
                    return Receipt(bubble.id, edited=True)
        self._message += 1
        file = outgoing.say.file
        bubble = Bubble(
            str(self._message), text, buttons, files=(file,) if file else (), page=outgoing.say.keyboard.page
        )
        person.chat.append(bubble)
        self.touched[person.key] = bubble
        return Receipt(bubble.id)

    @staticmethod
    def _labels(keyboard: Keyboard, translator: Translator) -> dict[str, Button]:
        return {translator.plain(button.text): button for row in keyboard.rows for button in row}
