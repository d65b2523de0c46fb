"""Every command, every order in words, and every button that matters, of each role, about each kind of person."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.actions import Action
from bot.dispatch.router import RouteTable
from bot.dispatch.routing import reply_to
from bot.dispatch.turn import Occasion, Turn
from bot.domain.people.employee import Employee, Role
from bot.ids import short
from bot.messages import Incoming, IncomingKind, Sender
from bot.services.wiring import Services
from handlers import router
from handlers.cards.periods import ClosePeriodPressed, ConfirmDayPressed, RemindPressed
from handlers.cards.wanted import ReportPressed
from handlers.people.admin import AccessBackPressed, RoleBackPressed
from handlers.people.option_cards import CodesPressed, CountryPressed, OptionPressed, OptionsPressed, PresetPressed
from handlers.people.setup import IntroducePressed, UsualSchedulePressed
from handlers.planning.calendar_cards import VouchPressed
from handlers.reports.sheets import SheetPressed
from tests.people import Company, Person
from tests.rights.expected import COMMANDS, FOR_EVERYBODY, PRESSES, ROLES, WORDS

REFUSED = {"not_allowed", "leads_only", "not_your_people"}
NOT_HEARD = {"unknown_person", "ambiguous_person", "unknown_department", "unknown_country"}
JUNE = (date(2026, 6, 1).toordinal(), date(2026, 6, 30).toordinal())
WEEK = (date(2026, 7, 6).toordinal(), date(2026, 7, 12).toordinal())
NAMES = {
    "employee": ("Иван Котов", "Ивана Котова", "Ивану Котову"),
    "lead": ("Сергей Орлов", "Сергея Орлова", "Сергею Орлову"),
    "accountant": ("Вера Белова", "Веры Беловой", "Вере Беловой"),
    "admin": ("Ольга Смирнова", "Ольги Смирновой", "Ольге Смирновой"),
    "below employee": ("Дина Громова", "Дины Громовой", "Дине Громовой"),
    "below lead": ("Анна Ким", "Анны Ким", "Анне Ким"),
    "below accountant": ("Олег Фомин", "Олега Фомина", "Олегу Фомину"),
    "below admin": ("Яна Лукина", "Яны Лукиной", "Яне Лукиной"),
    "other": ("Борис Лавров", "Бориса Лаврова", "Борису Лаврову"),
}


@dataclass(frozen=True, slots=True)
class Office:
    """One person of each role, one below each of them, and somebody whom nobody leads; nothing said is kept."""

    company: Company
    people: dict[str, Person]

    async def does(self, role: str, kind: IncomingKind, said: str) -> tuple[str, str]:
        """Return what became of somebody's words or press, and the handler; it is forgotten at once."""
        actor, now = self.people[role], self.company.clock.now()
        line: dict[str, Any] = {}
        words, data = (said, "") if kind is IncomingKind.TEXT else ("", said)
        incoming = Incoming(
            "telegram", "", "1", kind, Sender(actor.account), actor.account, now, words, data, message="1"
        )
        async with self.company.storage.unit_of_work() as uow:
            employee = await uow.employees.get(self.company.portal.id, actor.employee_id)
            assert employee is not None
            turn = Turn("t", incoming, employee, self.company.portal, now)
            undertaking = self.company.undertaking
            services = Services(uow, undertaking.house, undertaking.apart(Occasion(now)))
            _, outcome = await reply_to(turn, self.company.routes, services, line)
        return outcome, str(line["handler"])


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """Make the people."""
    company = await Company(tmp_path).open()
    people: dict[str, Person] = {}
    for role in ROLES:
        people[role] = await company.hire(NAMES[role][0], "telegram", role=Role(role))
        below = f"below {role}"
        people[below] = await company.hire(NAMES[below][0], "telegram", lead=people[role])
    people["other"] = await company.hire(NAMES["other"][0], "telegram")
    yield Office(company, people)
    await company.close()


def whom(role: str, kind: str) -> str:
    """The person whom a role speaks of: itself, somebody below, somebody else."""
    return {"own": role, "below": f"below {role}", "other": "other"}[kind]


@pytest.mark.parametrize("name", [*COMMANDS, *WORDS])
async def test_what_is_said(office: Office, name: str) -> None:
    """Allowed about whom the rules say, and refused about everybody else."""
    said, expected = COMMANDS.get(name) or WORDS[name]
    for role, kinds in zip(ROLES, expected, strict=True):
        for kind in ("own", "below", "other"):
            forms = NAMES[whom(role, kind)]
            words = said.format(name=forms[0], of=forms[1], to=forms[2])
            outcome, handler = await office.does(role, IncomingKind.TEXT, words)
            assert handler not in ("start.not_understood", "start.unknown_command"), words
            assert outcome not in NOT_HEARD, (role, words)
            assert (kind in kinds.split()) == (outcome not in REFUSED), (role, words, outcome)


def test_no_command_without_a_line() -> None:
    """Whoever adds a command, or words of their own for something, says first who may use it."""
    table = RouteTable(router)
    commands = {f"/{name}" for name in table.commands}
    intents = {each for each, route in table.intents.items() if route.command is None}
    typed = {each.split()[0] for each in (*COMMANDS, *WORDS)} | FOR_EVERYBODY
    assert set() == (commands | intents) - typed
    for name, route in table.commands.items():
        assert route.right is None or f"/{name}" in COMMANDS, f"/{name} needs a right, and has no line"


def press_about(name: str, person: Employee) -> Action:
    """The button of that name, about a person where it is about one."""
    who = short(person.id)
    started = int(datetime(2026, 7, 6, 6, tzinfo=UTC).timestamp())
    presses = {
        "close a period": ClosePeriodPressed(*WEEK, 0),
        "remind somebody before closing": RemindPressed(*WEEK, who),
        "say for somebody that a day ended": ConfirmDayPressed(*WEEK, who, short(77), started),
        "settings of the portal": OptionsPressed(),
        "letters of form T-13": CodesPressed(),
        "ask for the organisation": OptionPressed("organisation"),
        "set the organisation": PresetPressed("organisation", "Ромашка"),
        "ask for the hour of the digest": OptionPressed("digest_at"),
        "set the hour of the digest": PresetPressed("digest_at", "9"),
        "country of the calendar": CountryPressed("KZ"),
        "vouch for a year of the calendar": VouchPressed(2027),
        "a role as it was": RoleBackPressed(who, "employee", 0),
        "access as it was": AccessBackPressed(who, 0),
        "tell everybody": IntroducePressed(),
        "the usual schedule for everybody": UsualSchedulePressed(),
        "show somebody's hours": ReportPressed(*JUNE, who, ""),
        "somebody's sheet": SheetPressed(*JUNE, who, "xlsx"),
        "somebody's form T-13": SheetPressed(*JUNE, who, "t13"),
    }
    return presses[name]


@pytest.mark.parametrize("name", PRESSES)
async def test_what_is_pressed(office: Office, name: str) -> None:
    """A button of before, or a forged one, does no more than the same words."""
    for role, kinds in zip(ROLES, PRESSES[name], strict=True):
        for kind in ("own", "below", "other"):
            person = await office.people[whom(role, kind)].employee()
            data = press_about(name, person).pack()
            outcome, handler = await office.does(role, IncomingKind.PRESS, data)
            assert "stale" not in handler, name
            assert (kind in kinds.split()) == (outcome not in REFUSED), (role, kind, outcome)
