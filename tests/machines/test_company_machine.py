"""A machine over the whole program: people write and press whatever they like, and every rule holds after each step."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.people.employee import Role
from tests.machines.company import RestartedCompany
from tests.machines.rules import Rules
from tests.people import Person
from tests.series import series

PUNCHES = (
    *("пришла", "на месте", "обед", "перерыв 15 минут", "вернулась", "ушла", "отмена", "пришла в 9:05", "/undo"),
    *("I'm in", "lunch", "back", "done for today", "undo", "came at 9:15", "break since 13:00"),
)
WISHES = (
    *("вчера ушла в 18:30", "вчера ушла в 19:00", "вчера был с 9 до 18", "вчера пришла в 8:30", "ушла в 18:10"),
    *("вчера обед с 13 до 13:40", "удали вчерашний приход", "вчера не работала", "позавчера был с 10 до 19"),
    *("отпуск с 3 по 14 августа", "отгул завтра", "day off on Friday", "болею сегодня"),
    *(
        "left yesterday at 6:30 pm",
        "was in from 10:00 to 18:00 yesterday",
        "forgot to check out, left at 19:20 yesterday",
    ),
)
WORDS = (
    *("статус", "сегодня", "моя неделя", "да", "нет", "не согласовано", "согласовано", "абракадабра", "история"),
    *("мои согласования", "ушла в 23:50", "мне неудобно", "кто на работе", "с 9 до 6", "status", "yes", "approve"),
    *("cancel", "/start", "/help", "/cancel", "/approvals", "/history", "/language en", "/language ru", "/people"),
    *("/zone Екатеринбург", "/who", "/link", "/correct Анна вчера ушла в 18:30", "/nonsense", "", "🙂"),
)
ALL_WORDS = (*PUNCHES, *WISHES, *WORDS)
SOON = tuple(timedelta(seconds=each) for each in (1, 20, 31, 240, 900))
LATER = tuple(timedelta(hours=each) for each in (1, 4, 9, 14, 24, 72))
EXAMPLES = series(12)
MANY = 1 << 16


class CompanyMachine(RuleBasedStateMachine):
    """Four people, two of them on both messengers, one clock, one file."""

    def __init__(self) -> None:
        """Begin on a Monday morning with nobody at work."""
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(prefix="smena-machine-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
        self.past: list[tuple[str, dict[str, object]]] = []
        self.held: list[tuple[str, dict[str, object]]] = []
        self.buttons: list[tuple[Person, str, str]] = []

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine on the machine's loop."""
        return self.runner.run(work)

    @initialize()
    def begin(self) -> None:
        """Employ everybody."""
        self.company = RestartedCompany(self.folder)
        self.law = Rules(self.company)
        self.do(self._hire())

    async def _hire(self) -> None:
        company = await self.company.open()
        olga = await company.hire("Ольга Смирнова", "telegram", role=Role.ADMIN)
        sergey = await company.hire("Сергей Орлов", "bitrix24", role=Role.LEAD, lead=olga, also="telegram")
        await company.hire("Анна Ким", "bitrix24", lead=sergey, also="telegram")
        await company.hire("James Carter", "telegram", lead=sergey, locale="en")
        self.members = [person for _, person in sorted(company.people.items())]
        for person in self.members:
            await person.sends("пришла")
        await company.move(timedelta(hours=9))
        for person in self.members[:2]:
            await person.sends("ушла")
        await company.move(timedelta(hours=13, minutes=30))

    def _member(self, number: int) -> Person:
        return self.members[number % len(self.members)]

    async def _deliver(self, channel: str, payload: dict[str, object], person: Person) -> None:
        """Deliver something new: it must be answered where it came from (I9: nothing is silently ignored)."""
        self.past.append((channel, payload))
        before = self.company.showings[person.key]
        await self.company.deliver(channel, payload)
        await self.company.settle()
        assert self.company.showings[person.key] > before, f"{person.name} got no answer to {payload}"
        self.buttons += [
            (owner, button.action.pack(), bubble.id)
            for owner, bubble, _, button in self.company.visible()
            if button.action is not None and (owner, button.action.pack(), bubble.id) not in self.buttons
        ]

    @rule(who=st.integers(0, 5), text=st.sampled_from(ALL_WORDS), late=st.sampled_from((0, 0, 0, 5, 45, 600)))
    def writes(self, who: int, text: str, late: int) -> None:
        """Somebody writes; the message may have been on its way for a while. Words never approve (I8)."""
        person, approvals = self._member(who), self.law.approvals
        self._write(person, text, self.company.clock.now() - timedelta(minutes=late))
        self.do(self.law.hold())
        assert approvals == self.law.approvals

    def _write(self, person: Person, text: str, at: datetime | None = None) -> None:
        payload = self._message(person, text, at or self.company.clock.now())
        self.do(self._deliver(person.channel, payload, person))

    def _message(self, person: Person, text: str, at: datetime) -> dict[str, object]:
        return self.company.message(person, text, self.company.next_number(), at)

    @rule(who=st.integers(0, 5), text=st.sampled_from(PUNCHES))
    def punches(self, who: int, text: str) -> None:
        """Somebody comes, takes a break, goes."""
        self._write(self._member(who), text)

    @rule(who=st.integers(0, 5), text=st.sampled_from(WISHES))
    def asks(self, who: int, text: str) -> None:
        """Somebody asks for a correction or for leave, and confirms what was read back."""
        person = self._member(who)
        self._write(person, text)
        self._press_label(0, ("Отправить", "Send"), person)

    @rule(which=st.integers(0, 3), label=st.sampled_from(("Согласовать", "Отклонить", "Согласовать все", "Да, все")))
    def decides(self, which: int, label: str) -> None:
        """Somebody answers a card."""
        self._press_label(which, (label,))

    @rule(which=st.integers(0, 3), words=st.sampled_from(("не тогда", "в 17 тебя уже не было", "пришла", "👍")))
    def rejects(self, which: int, words: str) -> None:
        """Somebody rejects, for a reason."""
        person = self._press_label(which, ("Отклонить",))
        if person is not None:
            self._write(person, words)

    @rule(which=st.integers(0, 3), label=st.sampled_from(("Вернуть", "Отозвать", "Withdraw")))
    def thinks_better_of_it(self, which: int, label: str) -> None:
        """Somebody takes a decision or a request back."""
        self._press_label(which, (label,))

    def _press_label(self, which: int, labels: tuple[str, ...], by: Person | None = None) -> Person | None:
        """Press one of the newest buttons whose label contains one of `labels`, and return who pressed."""
        visible = [
            each
            for each in reversed(self.company.visible())
            if any(label in each[2] for label in labels) and by in (None, each[0])
        ]
        if not visible:
            return None
        person, bubble, _, button = visible[which % len(visible)]
        assert button.action is not None
        self._tap(person, button.action.pack(), bubble.id)
        return person

    @rule(which=st.integers(0, MANY))
    def presses(self, which: int) -> None:
        """Somebody presses a button that they see."""
        visible = self.company.visible()
        if visible:
            person, bubble, _, button = visible[-1 - which % len(visible)]
            assert button.action is not None
            self._tap(person, button.action.pack(), bubble.id)

    @precondition(lambda self: self.buttons)
    @rule(which=st.integers(0, MANY))
    def presses_a_stale_button(self, which: int) -> None:
        """Somebody presses a button that was there once."""
        self._tap(*self.buttons[which % len(self.buttons)])

    @precondition(lambda self: self.buttons)
    @rule(which=st.integers(0, MANY), who=st.integers(0, 5))
    def presses_a_copied_button(self, which: int, who: int) -> None:
        """Somebody presses a button that was made for another chat."""
        _, data, message = self.buttons[which % len(self.buttons)]
        self._tap(self._member(who), data, message)

    def _tap(self, person: Person, data: str, message: str) -> None:
        payload = self.company.press(person, data, message, self.company.next_number())
        self.do(self._deliver(person.channel, payload, person))

    @rule(who=st.integers(0, 5), text=st.sampled_from((*PUNCHES, *WISHES)))
    def writes_while_offline(self, who: int, text: str) -> None:
        """Somebody writes without a connection: it is delivered later, in any order."""
        person = self._member(who)
        self.held.append((person.channel, self._message(person, text, self.company.clock.now())))

    @precondition(lambda self: self.held)
    @rule(which=st.integers(0, MANY))
    def comes_online(self, which: int) -> None:
        """One of the messages that were held back arrives."""
        channel, payload = self.held.pop(which % len(self.held))
        self.past.append((channel, payload))
        self.do(self._redeliver(channel, payload))

    @precondition(lambda self: self.past)
    @rule(which=st.integers(0, MANY))
    def delivers_again(self, which: int) -> None:
        """A messenger repeats an old delivery: nothing changes and nothing is said."""
        before = (dict(self.company.showings), dict(self.law.requests), dict(self.law.logs))
        self.do(self._redeliver(*self.past[which % len(self.past)]))
        self.do(self.law.hold())
        assert before == (dict(self.company.showings), self.law.requests, self.law.logs)

    async def _redeliver(self, channel: str, payload: dict[str, object]) -> None:
        await self.company.deliver(channel, payload)
        await self.company.settle()

    @rule(pause=st.sampled_from(SOON))
    def a_while_passes(self, pause: timedelta) -> None:
        """The clock goes on; what falls due is done."""
        self.do(self.company.move(pause))

    @rule(pause=st.sampled_from(LATER))
    def hours_pass(self, pause: timedelta) -> None:
        """The clock goes on by hours or days."""
        self.do(self.company.move(pause))

    @rule()
    def restarts(self) -> None:
        """The service is stopped and started again."""
        self.do(self.company.restart())

    @invariant()
    def everything_holds(self) -> None:
        """Check every rule after every step."""
        self.do(self.law.hold())

    def teardown(self) -> None:
        """Close everything."""
        if hasattr(self, "company"):
            self.do(self.company.close())
        self.runner.close()
        shutil.rmtree(self.folder, ignore_errors=True)


CompanyMachine.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class TestCompany(CompanyMachine.TestCase):  # type: ignore[misc,valid-type]
    """The machine as a test; `make series` looks deeper."""
