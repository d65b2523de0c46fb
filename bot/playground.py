"""The sandbox around the service: emulated messengers that the real adapters talk to over HTTP, and their page."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bot.audit import session_form
from bot.channels import bitrix24, telegram
from bot.clock import MovableClock
from bot.dispatch.router import Router
from bot.domain.approvals.course import due, tally
from bot.domain.approvals.matter import (
    CorrectionMatter,
    LeaveChangeMatter,
    LeaveMatter,
    Matter,
    OvertimeMatter,
    ReopenMatter,
)
from bot.domain.approvals.request import ApprovalRequest
from bot.domain.approvals.routed import RoutedRequest
from bot.domain.people.api_key import usable_scopes
from bot.domain.people.employee import Employee, Identity
from bot.domain.workday.correction import Span
from bot.domain.workday.punch_log import WorkSession
from bot.ports import Conflict, Storage, Supply
from bot.sandbox.companies import COMPANIES, MAIN
from bot.sandbox.control import mount
from bot.sandbox.control_http import Problem
from bot.sandbox.control_service import Service as Controlled
from bot.sandbox.portals import Portals
from bot.sandbox.telegram import TelegramEmulator
from bot.sandbox.world import SandboxPerson, World
from bot.service import SANDBOX, Service, realm_of
from bot.services.approvals.templates import parsed
from bot.services.people.access import Access
from bot.services.people.keys import Keys
from bot.settings import Settings
from bot.web.addresses import LINK

DATA_DIR = Path("data/sandbox")
"""Apart from `data`, where the real service keeps its own: nine invented people are nobody's colleagues."""
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - compared, not bound
_KEPT_KEYS = 15
"""So many of a person's keys work on when another one is asked for."""
_MANY = 200
_FAR = date(1970, 1, 1), date(9999, 1, 1)


class Playground:
    """A world with two messengers, and the service that serves them."""

    def __init__(self, settings: Settings, world: World, *, is_strict: bool = True, gives_token: bool = True) -> None:
        """Emulate the messengers of `world` for a service with these settings.

        Unless it `gives_token`, the bot of Telegram is brought by an administrator, on a page.
        """
        self._gives_token = gives_token
        self.world = world
        self.portals = Portals(world, is_strict=is_strict)
        self.portal = self.portals[MAIN]
        self.telegram = TelegramEmulator(world)
        self._settings = settings
        self.service: Service

    async def start(self, open_storage: Callable[[Settings], Awaitable[Storage]], router: Router, port: int) -> None:
        """Start the emulators, then the service on top of them."""
        await self.portals.start()
        await self.telegram.start()
        application = self.portals.authority.application
        settings = self._settings.model_copy(
            update={
                "bitrix24_webhook_url": SecretStr(self.portal.webhook_url),
                "bitrix24_client_id": application.client_id,
                "bitrix24_client_secret": SecretStr(application.client_secret),
                "bitrix24_oauth_hosts": self.portals.authority.host,
                "telegram_bot_token": SecretStr(self.telegram.token if self._gives_token else ""),
                "telegram_api_url": self.telegram.api_url,
                "allow_local_portals": True,
                "port": port,
            }
        )
        storage = await open_storage(settings)
        self.service = Service(
            settings,
            storage,
            router,
            self.world.clock,
            mount=lambda app: mount(
                app,
                self.world,
                {"bitrix24": self.portals, "telegram": self.telegram},
                self._controlled(),
                portals=self.portals,
            ),
            telegram_signer=self.telegram.public_key,
        )
        await self.service.start()
        application.site = self._site()
        self._seeding = asyncio.create_task(self._seed())

    async def stop(self) -> None:
        """Stop what the service does not stop by itself."""
        self._seeding.cancel()
        # The service has stopped, and its database with it: seeding that still waited has nothing more to say.
        await asyncio.gather(self._seeding, return_exceptions=True)
        await self.portals.stop()
        await self.telegram.stop()
        self.world.close()

    def _controlled(self) -> Controlled:
        return Controlled(
            hours=self._hours,
            requests=self._requests,
            backlog=self._backlog,
            advance=self._advance,
            person_state=self._person_state,
            is_served=self._is_served,
            web=self._web,
        )

    async def _employee(self, person: SandboxPerson) -> Employee | None:
        realm = self._realm(person.portal)
        async with self.service.storage.unit_of_work() as uow:
            return await uow.employees.by_identity(bitrix24.FACTS.name, realm, str(person.bitrix24_user_id))

    async def _is_served(self, portal: str) -> bool:
        """Whether the service knows the people of a portal."""
        if not self.service.is_open.is_set():
            return False
        first = next(each for each in self.world.people if each.portal == portal)
        return await self._employee(first) is not None

    def _realm(self, portal: str) -> str:
        """Return under what name the service knows a portal."""
        return realm_of(self.service.settings) if portal == MAIN else self.portals[portal].member_id

    def _must_be_open(self) -> None:
        if not self.service.is_open.is_set():
            raise Problem(503, "starting", "The service is starting; ask again in a moment.")

    async def _hours(self, key: str, from_day: date | None, to_day: date | None) -> list[dict[str, Any]]:
        self._must_be_open()
        person = self.world.person(key)
        employee = await self._employee(person) if person else None
        if employee is None:
            return []
        async with self.service.storage.unit_of_work() as uow:
            sessions = await uow.punches.sessions(employee, from_day or _FAR[0], to_day or _FAR[1])
            waiting = [each for each in await uow.requests.about(employee, _MANY) if _waits(each)]
        asked = {
            span.start
            for each in waiting
            if isinstance(each.matter, CorrectionMatter)
            for span in each.matter.plan.before
        }
        now = self.world.clock.now()
        return [{**session_form(session, now), "status": _status(session, asked)} for session in sessions]

    async def _requests(self) -> list[dict[str, Any]]:
        self._must_be_open()
        return [each for key in self.portals for each in await self._requests_of(key)]

    async def _requests_of(self, key: str) -> list[dict[str, Any]]:
        async with self.service.storage.unit_of_work() as uow:
            portal = await uow.portals.by_key(self._realm(key))
            if portal is None:
                return []
            requests = await uow.requests.of_portal(portal.id, _MANY)
            routed = await uow.routed.of_portal(portal.id, _MANY)
            templates = await uow.templates.of_portal(portal.id) if routed else ()
            people = {each.id: each for each in await uow.employees.of_portal(portal.id)}
        keys = {employee_id: self._key(employee, key) for employee_id, employee in people.items()}
        stages = {
            (each.key, each.version): [stage.id for stage in parsed(each.document).route.stages] for each in templates
        }
        return [
            *(request_form(request, keys, key) for request in requests),
            *(routed_form(each, keys, stages[each.template, each.template_version], key) for each in routed),
        ]

    async def _web(self, key: str, wants_key: bool) -> dict[str, str]:
        """Make a fresh sign-in link of a person, and where it is wanted a key with all scopes that they can use."""
        self._must_be_open()
        person = self.world.person(key)
        employee = await self._employee(person) if person else None
        identity = employee.identity(bitrix24.FACTS.name) if employee else None
        if employee is None or identity is None:
            raise Problem(409, "not_served", "The service does not know this person: install the application first.")
        now = self.world.clock.now()

        async def offer(services: Supply) -> dict[str, str]:
            made = {"url": f"{self._site()}{LINK}#{services.get(Access).offer(employee, identity, now).token}"}
            if wants_key:
                keys = services.get(Keys)
                for former in (await keys.of(employee, now))[_KEPT_KEYS:]:
                    await keys.revoke(employee, former.id, now)
                made["key"] = (await keys.make(employee, "Sandbox", usable_scopes(employee), now)).token
            return made

        return await self.service.undertake(offer, now)

    def _site(self) -> str:
        """Return the service's own address."""
        host = "127.0.0.1" if self.service.settings.host == _EVERYWHERE else self.service.settings.host
        return f"http://{host}:{self.service.port}"

    def _key(self, employee: Employee, portal: str) -> str:
        identity = employee.identity(bitrix24.FACTS.name)
        person = self.world.by_bitrix24(int(identity.account), portal) if identity else None
        return person.key if person else employee.name

    async def _backlog(self) -> tuple[int, int]:
        self._must_be_open()
        storage = self.service.storage
        # Jobs first: one that is done between the two has left its messages in the outbox.
        hints = await storage.hints.count()
        due = await storage.jobs.next_due()
        backlog = await storage.backlog()
        return backlog.inbox + hints + (due is not None and due <= self.world.clock.now()), backlog.outbox

    async def _advance(self, to: datetime) -> None:
        if to < self.world.clock.now():
            raise ValueError("the clock only moves forward")
        self._must_be_open()
        await self.service.scheduler.advance(to, self.world.move_clock)
        for each in self.service.lookouts:
            await each.catch_up()

    async def _person_state(self, key: str) -> dict[str, Any]:
        person = self.world.person(key)
        employee = await self._employee(person) if person and self.service.is_open.is_set() else None
        if person is None or employee is None:
            return {
                "roles": ["admin"] if person and person.is_portal_admin else ["employee"],
                "locale": person.locale if person else "ru",
                "zone": person.zone if person else "UTC",
                "linked": False,
            }
        return {
            "roles": [employee.role.value],
            "locale": employee.locale,
            "zone": employee.zone,
            "linked": employee.identity(telegram.FACTS.name) is not None,
        }

    async def _seed(self) -> None:
        """At the first start, link the Telegram accounts of those who are said to have done so before."""
        await self.service.is_open.wait()
        vault = self.service.storage.vault
        while await vault.get(SANDBOX) is None:
            connected = [each for each in self.world.people if each.portal == MAIN]
            known = [await self._employee(person) for person in connected]
            if any(employee is None for employee in known):
                await asyncio.sleep(0.05)
                continue
            with suppress(Conflict):
                await self._settle_in([(p, e) for p, e in zip(connected, known, strict=True) if e is not None])
                await vault.put(SANDBOX, "yes")

    async def _settle_in(self, known: list[tuple[SandboxPerson, Employee]]) -> None:
        async with self.service.storage.unit_of_work() as uow:
            for person, employee in known:
                if person.starts_linked and employee.identity(telegram.FACTS.name) is None:
                    account = str(person.telegram_user_id)
                    self.telegram.open(person)
                    uow.employees.link(employee, Identity(telegram.FACTS.name, "", account, account))
                if person.locale != employee.locale:
                    uow.employees.put(replace(employee, locale=person.locale, locale_is_chosen=True))
            await uow.commit()


async def run_playground(
    settings: Settings,
    open_storage: Callable[[Settings], Awaitable[Storage]],
    router: Router,
    *,
    port: int,
    data_dir: Path | None,
    at: datetime | None,
    stopped: Callable[[], asyncio.Event],
    ready: Callable[[str], None],
) -> None:
    """Run the sandbox until stopped, keeping its files in `data_dir`.

    Its clock stands at `at`, if given, or goes on where it was; it never goes back, for marks were made by it.
    """
    told_to_stop = stopped()  # from now on; starting takes a while
    folder = data_dir or DATA_DIR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    update: dict[str, Any] = {}
    if "database_url" not in settings.model_fields_set:
        update["database_url"] = f"sqlite:///{folder / 'smena.db'}"
    if not settings.secret_key.get_secret_value():
        update["secret_key"] = SecretStr(_kept_secret(folder))
    settings = settings.model_copy(update=update)
    world = World(MovableClock(), companies=COMPANIES, data_dir=folder)
    world.resume_clock(at if at is None or at.tzinfo else at.replace(tzinfo=UTC))
    playground = Playground(settings, world, is_strict=False)
    await playground.start(open_storage, router, port)
    host = "127.0.0.1" if settings.host == _EVERYWHERE else settings.host
    ready(f"Smena's sandbox: http://{host}:{playground.service.port}/sandbox")
    try:
        await playground.service.run_until(told_to_stop)
    finally:
        await playground.stop()


def _kept_secret(folder: Path) -> str:
    """Return the sandbox's own secret, made at its first start and readable by its owner alone."""
    file = folder / "secret_key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32), encoding="ascii")
    return file.read_text(encoding="ascii").strip()


def request_form(request: ApprovalRequest, keys: Mapping[int, str], portal: str = MAIN) -> dict[str, Any]:
    """Return a request as the control API shows it."""
    ballot = request.ballot
    before, after = _change_form(request.matter)
    return {
        "id": str(request.id),
        "kind": request.matter.kind,
        "state": request.state.value,
        "requester": keys.get(request.requester_id, "?"),
        "subject": keys.get(request.subject_id, "?"),
        "holders": [keys.get(each, "?") for each in request.holders],
        "decided_by": keys.get(ballot.by_id, "?") if ballot else None,
        "before": before,
        "after": after,
        "is_settled": request.settled_at is not None,
        "portal": portal,
    }


def _change_form(matter: Matter) -> tuple[Any, Any]:
    """Return what is before and after, where there is a before."""
    match matter:
        case CorrectionMatter(plan=plan):
            before, after = ([_span_form(each, plan.zone) for each in spans] for spans in (plan.before, plan.after))
            return before, after
        case LeaveMatter(wish=wish):
            return None, wish.payload
        case LeaveChangeMatter(change=change):
            spans = [[first.isoformat(), last.isoformat()] for first, last in (change.before, *change.after)]
            return spans[0], spans[1:]
        case OvertimeMatter():
            return None, {
                "day": matter.day.isoformat(),
                "seconds": _seconds(matter.length),
                "over": _seconds(matter.over),
                "worked": _seconds(matter.worked),
                "is_planned": matter.is_planned,
                "limits": [[each.kind.value, _seconds(each.overtime), _seconds(each.limit)] for each in matter.limits],
            }
        case ReopenMatter():
            days = {"first": matter.first.isoformat(), "last": matter.last.isoformat()}
            return None, {"closing_id": matter.closing_id, **days}


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())


def routed_form(
    request: RoutedRequest, keys: Mapping[int, str], stages: Sequence[str], portal: str = MAIN
) -> dict[str, Any]:
    """Return a request on a route as the control API shows it, with the ids of its stages and its files."""
    stage = request.running.stage
    answers = [each for each in request.record if each.what in {"approve", "reject", "return"}]
    subject = dict(request.running.subject)
    return {
        "id": str(request.id),
        "kind": "routed",
        "state": request.state,
        "requester": keys.get(request.initiator_id, "?"),
        "subject": keys.get(request.initiator_id, "?"),
        "holders": [keys.get(each, "?") for each in request.holders],
        "decided_by": keys.get(answers[-1].actor_id or 0, "?") if answers and not request.is_open else None,
        "before": dict(request.running.first_subject) if request.round else None,
        "after": subject,
        "is_settled": not request.is_open,
        "portal": portal,
        "number": request.number,
        "template": request.template,
        "version": request.template_version,
        "round": request.round,
        "stage": None if stage is None else stages[stage.number],
        "tracks": {name: list(counted) for name, counted in tally(request.running).items()},
        "due": _instant(due(request.running)) if request.is_open else None,
        "settles": None if stage is None else _instant(stage.settles_at),
        "parent": None if request.parent_id is None else str(request.parent_id),
        "files": [
            {"name": each.name, "size": each.size, "sha256": each.sha256, "field": each.field}
            for each in request.present_files
        ],
        "effects": [{"do": each.do, "is_done": each.is_done} for each in request.effects],
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _span_form(span: Span, zone: str) -> dict[str, Any]:
    local = ZoneInfo(zone)
    return {
        "start": span.start.astimezone(local).isoformat(),
        "end": span.end.astimezone(local).isoformat() if span.end else None,
        "breaks": [
            [start.astimezone(local).isoformat(), end.astimezone(local).isoformat() if end else None]
            for start, end in span.breaks
        ],
    }


def _waits(request: ApprovalRequest) -> bool:
    """Whether a correction is asked for and not carried out yet."""
    is_alive = request.is_open or request.settles_at is not None
    return isinstance(request.matter, CorrectionMatter) and is_alive


def _status(session: WorkSession, asked: Container[datetime]) -> str:
    if session.started_at in asked:
        return "pending"
    return "open" if session.is_open else "auto" if session.is_auto else "closed"
