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

from bot.domain.employee import Role
from tests.machines.company import RestartedCompany
from tests.machines.rules import Rules
from tests.people import Person

WORDS = (
    *("пришла", "на месте", "обед", "перерыв 15 минут", "вернулась", "ушла", "отмена", "статус", "сегодня"),
    *("моя неделя", "да", "нет", "не согласовано", "согласовано", "абракадабра", "история", "мои согласования"),
    *("вчера ушла в 18:30", "забыла отметиться, ушла в 18:10", "вчера был с 9 до 18", "пришла в 9:05", "с 9 до 6"),
    *("ушла в 23:50", "вчера обед с 13 до 13:40", "удали вчерашний приход", "вчера не работала"),
    *("отпуск с 3 по 14 августа", "отгул завтра", "болею сегодня", "мне неудобно", "кто на работе"),
    *("I'm in", "lunch", "back", "done for today", "undo", "status", "left yesterday at 6:30 pm", "came at 9:15"),
    *("was in from 9 to 18 yesterday", "day off on Friday", "break since 13:00", "yes", "approve", "cancel"),
    *("/start", "/help", "/cancel", "/approvals", "/history", "/language en", "/language ru", "/zone Екатеринбург"),
    *("/undo", "/who", "/people", "/link", "/correct Анна вчера ушла в 18:30", "/nonsense", "", "🙂"),
)
PAUSES = tuple(
    timedelta(seconds=each) for each in (1, 20, 31, 240, 900, 3600, 4 * 3600, 9 * 3600, 14 * 3600, 86400, 3 * 86400)
)
EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "30"))
MANY = 1 << 16


class CompanyMachine(RuleBasedStateMachine):
    """Four people, two of them on both messengers, one clock, one file."""

    def __init__(self) -> None:
        """Begin on a Monday morning with nobody at work."""
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(prefix="smena-machine-"))
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
        self.rules = Rules(self.company)
        self.do(self._hire())

    async def _hire(self) -> None:
        company = await self.company.open()
        olga = await company.hire("Ольга Смирнова", "telegram", role=Role.ADMIN)
        sergey = await company.hire("Сергей Орлов", "bitrix24", role=Role.LEAD, lead=olga, also="telegram")
        await company.hire("Анна Ким", "bitrix24", lead=sergey, also="telegram")
        await company.hire("James Carter", "telegram", lead=sergey, locale="en")
        self.members = [person for _, person in sorted(company.people.items())]

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

    @rule(who=st.integers(0, 5), text=st.sampled_from(WORDS), late=st.sampled_from((0, 0, 0, 0, 5, 45, 600)))
    def writes(self, who: int, text: str, late: int) -> None:
        """Somebody writes; the message may have been on its way for a while. Words never approve (I8)."""
        person, approvals = self._member(who), self.rules.approvals
        payload = self._message(person, text, self.company.clock.now() - timedelta(minutes=late))
        self.do(self._deliver(person.channel, payload, person))
        self.do(self.rules.hold())
        assert approvals == self.rules.approvals

    def _message(self, person: Person, text: str, at: datetime) -> dict[str, object]:
        return self.company.message(person, text, self.company.next_number(), at)

    @rule(which=st.integers(0, MANY))
    def presses(self, which: int) -> None:
        """Somebody presses a button that they see."""
        visible = self.company.visible()
        if visible:
            person, bubble, _, button = visible[-1 - which % len(visible)]
            assert button.action is not None
            self._tap(person, button.action.pack(), bubble.id)

    @rule(which=st.integers(0, MANY), label=st.sampled_from(("Отправить", "Send", "Согласовать", "Approve", "Вернуть")))
    def goes_on(self, which: int, label: str) -> None:
        """Somebody presses what brings a request further."""
        visible = [each for each in self.company.visible() if label in each[2]]
        if visible:
            person, bubble, _, button = visible[which % len(visible)]
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

    @rule(who=st.integers(0, 5), text=st.sampled_from(WORDS))
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
        before = (dict(self.company.showings), dict(self.rules.requests), dict(self.rules.logs))
        self.do(self._redeliver(*self.past[which % len(self.past)]))
        self.do(self.rules.hold())
        assert before == (dict(self.company.showings), self.rules.requests, self.rules.logs)

    async def _redeliver(self, channel: str, payload: dict[str, object]) -> None:
        await self.company.deliver(channel, payload)
        await self.company.settle()

    @rule(pause=st.sampled_from(PAUSES))
    def time_passes(self, pause: timedelta) -> None:
        """The clock goes on; what falls due is done."""
        self.do(self.company.move(pause))

    @rule()
    def restarts(self) -> None:
        """The service is stopped and started again."""
        self.do(self.company.restart())

    @invariant()
    def everything_holds(self) -> None:
        """Check every rule after every step."""
        self.do(self.rules.hold())

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
    """The machine as a test; MACHINE_EXAMPLES=300 looks deeper."""
