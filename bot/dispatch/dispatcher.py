"""The dispatcher: store, acknowledge; then, person by person, route, change, answer, and commit once."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from bot import metrics
from bot.actions import Action, UnknownAction
from bot.dispatch.announcer import announce, send
from bot.dispatch.router import Otherwise, Route, RouteTable
from bot.dispatch.turn import OLD, Occasion, Turn, Visit, time_of
from bot.domain.employee import Employee
from bot.domain.errors import Disabled, LeadsOnly, NotAllowed, Refusal
from bot.domain.portal import Portal
from bot.i18n import DEFAULT_LOCALE, known_locale
from bot.messages import Address, Incoming, IncomingKind, Reply, Say
from bot.ports import Checkpoint, Conflict, Job, Storage, Stored, UnitOfWork
from bot.services.kit import Kit
from bot.services.messengers import Messengers
from bot.services.people import People
from bot.services.seals import Seals
from bot.services.tenancy import wake
from bot.text import readable, t

ATTEMPTS = 5
MAX_TEXT = 2_000
_log = structlog.get_logger("turn")


class Dispatcher:
    """Takes stored incomings in order of each person, any number of people side by side."""

    def __init__(
        self,
        storage: Storage,
        routes: RouteTable,
        messengers: Messengers,
        seals: Seals,
        *,
        width: int = 64,
    ) -> None:
        """Handle at most `width` people at a time."""
        self._storage = storage
        self._routes = routes
        self._messengers = messengers
        self._width = width
        self._wake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._ended = time.monotonic()
        self._seals = seals

    async def receive(self, incomings: Sequence[Incoming], checkpoint: Checkpoint | None = None) -> int:
        """Store what a door brought, durably, and return how many were new. Only then may the door acknowledge."""
        new = await self._storage.inbox.add(incomings, checkpoint)
        if new:
            metrics.RECEIVED.labels(incomings[0].channel).inc(new)
        if new < len(incomings):
            metrics.REPEATED.inc(len(incomings) - new)
        return new

    async def run(self) -> None:
        """Take what waits until cancelled; a database that is away is waited for."""
        self._storage.on_inbox(self._wake.set)
        pause = 0.1
        try:
            while True:
                self._wake.clear()
                room = self._width - len(self._running)
                try:
                    claimed = await self._storage.inbox.claim(room) if room else ()
                    pause = 0.1
                except Exception as error:  # noqa: BLE001 - whatever the database says, the loop goes on
                    _log.warning("inbox is out of reach", error=type(error).__name__)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, 5)
                    continue
                for stored in claimed:
                    task = asyncio.create_task(self._take_safely(stored))
                    self._running.add(task)
                    task.add_done_callback(self._finished)
                if len(claimed) < max(room, 1):
                    await self._idle()
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _idle(self) -> None:
        # The timeout is for rows of other replicas whose lease ran out; everything else wakes us.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await self._wake.wait()

    def idle_for(self) -> float:
        """Return how many seconds ago the last turn ended, whatever came of it."""
        return time.monotonic() - self._ended

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._ended = time.monotonic()
        self._running.discard(task)
        self._wake.set()

    async def _take_safely(self, stored: Stored) -> None:
        try:
            await self.take(stored)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - the row stays in the inbox and is tried again
            _log.warning("turn postponed", stored=stored.id, error=type(error).__name__)
            try:
                await self._storage.inbox.postpone(stored, min(0.5 * 2.0 ** min(stored.tries, 6), 30))
            except Exception as again:  # noqa: BLE001 - its lease runs out by itself
                _log.warning("inbox is out of reach", error=type(again).__name__)

    async def take(self, stored: Stored) -> None:
        """Handle one stored incoming: everything it causes commits together, or nothing does."""
        started = time.perf_counter()
        turn_id = secrets.token_hex(4)
        incoming = stored.incoming
        line = {"turn": turn_id, "channel": incoming.channel, "trigger": incoming.kind.value}
        try:
            for attempt in range(ATTEMPTS):
                try:
                    await self._run(stored, turn_id, line)
                    break
                except Conflict:
                    metrics.CONFLICTS.inc()
                    if attempt == ATTEMPTS - 1:
                        raise
        except (Conflict, OSError, TimeoutError):
            raise
        except Exception as error:
            if type(error).__name__ in ("Unavailable", "NewerDatabase"):
                raise
            line["outcome"] = "fault"
            _log.exception("turn failed", **line, error=type(error).__name__)
            await self._apologise(stored, turn_id)
        took = time.perf_counter() - started
        metrics.TURNS.labels(incoming.channel, line.get("outcome", "answered")).inc()
        metrics.TURN_SECONDS.labels(incoming.channel).observe(took)
        _log.info("turn", **line, ms=round(took * 1000, 1))

    async def do(self, job: Job, now: datetime) -> None:
        """Do a job that fell due: its effects, its messages and its being done commit together."""
        turn_id = secrets.token_hex(4)
        started = time.perf_counter()
        outcome = "done"
        for attempt in range(ATTEMPTS):
            try:
                async with self._storage.unit_of_work() as uow:
                    kit = Kit(uow, self._storage, self._messengers, self._seals)
                    route = self._routes.jobs.get(job.kind)
                    if route is None:
                        outcome = "unknown"
                    else:
                        occasion = Occasion(now)
                        arguments = {
                            name: job if kind is Job else occasion if kind is Occasion else kit.get(kind)
                            for name, kind in route.needs.items()
                        }
                        await send(kit, await route.handler(**arguments) or (), occasion, turn_id)
                        await announce(self._routes, kit, occasion, turn_id)
                    uow.jobs.done(job)
                    await uow.commit()
                break
            except Conflict:
                metrics.CONFLICTS.inc()
                if not await self._storage.jobs.has(job):
                    outcome = "superseded"  # a turn moved or cancelled it while it was being done
                    break
                if attempt == ATTEMPTS - 1:
                    raise
        took = round((time.perf_counter() - started) * 1000, 1)
        _log.info("turn", turn=turn_id, trigger=f"job {job.kind}", portal=str(job.portal_id), outcome=outcome, ms=took)

    async def _run(self, stored: Stored, turn_id: str, line: dict[str, str]) -> None:
        incoming = stored.incoming
        if (said := readable(incoming.text)[:MAX_TEXT]) != incoming.text:
            incoming = replace(incoming, text=said)
        uow = await self._storage.turn(stored)
        async with uow:
            kit = Kit(uow, self._storage, self._messengers, self._seals)
            outcome = await self._handle(kit, incoming, turn_id, line)
            line["outcome"] = outcome
            uow.done(stored, outcome)
            await uow.commit()

    async def _handle(self, kit: Kit, incoming: Incoming, turn_id: str, line: dict[str, str]) -> str:
        uow = kit.uow
        if incoming.sender.is_outsider:
            return "outsider"
        if await self._is_part_of_words(incoming):
            return "part of an album"
        employee = await uow.employees.by_identity(incoming.channel, incoming.realm, incoming.sender.account)
        now, mark = time_of(incoming)
        if incoming.kind is IncomingKind.BLOCKED:
            return _blocked(uow, employee, incoming)
        if incoming.kind is IncomingKind.REMOVED:
            return await _removed(uow, incoming)
        portal = await self._portal(uow, employee, incoming)
        if portal is None:
            visit = Visit(incoming, now, known_locale(incoming.sender.locale) or DEFAULT_LOCALE)
            return await self._meet(kit, visit, turn_id, line)
        if not portal.is_active and incoming.realm == portal.key:
            portal = await self._woken(portal, now)
        if employee is None:
            employee = await self._enrol(uow, portal, incoming)
        line["portal"], line["employee"] = str(portal.id), str(employee.id)
        employee = _reached(uow, employee, incoming)
        state = await uow.dialogs.get(incoming.channel, incoming.realm, incoming.conversation)
        turn = Turn(turn_id, incoming, employee, portal, now, state, mark=mark)
        turn = self._in_their_language(kit, turn)
        reply, outcome = await self._reply(kit, turn, line)
        # A handler may have changed the person's language or zone: the answer is already in the new one.
        employee = await uow.employees.get(portal.id, employee.id) or turn.employee
        address = Address(
            portal.id, incoming.channel, incoming.realm, incoming.conversation, employee.locale, employee.zone
        )
        for say in reply.says:
            answer = replace(_in_its_topic(say, incoming), menu=employee.role.value)
            uow.outbox.add(address, answer, turn=turn_id, at=now)
        keeps = incoming.kind is not IncomingKind.TEXT and not reply.ends
        if reply.state is not None or (state is not None and not keeps):
            uow.dialogs.put(portal.id, incoming.channel, incoming.realm, incoming.conversation, reply.state)
            if state is not None and reply.state != state and all(say.slot != state.slot for say in reply.says):
                uow.outbox.strip(address, state.slot, at=now)  # a question that was answered is not one any more
        await announce(self._routes, kit, Occasion(now, turn.conversation), turn_id)
        return outcome

    async def _is_part_of_words(self, incoming: Incoming) -> bool:
        """Whether a message needs no answer of its own, for the words of its album have one."""
        if incoming.is_mute_part:
            return await self._storage.inbox.knows(incoming.channel, incoming.realm, incoming.album_words)
        return incoming.kind is IncomingKind.PART

    async def _portal(self, uow: UnitOfWork, employee: Employee | None, incoming: Incoming) -> Portal | None:
        if employee is not None:
            return await uow.portals.get(employee.portal_id)
        return await uow.portals.by_key(incoming.realm) if incoming.realm else None

    async def _woken(self, portal: Portal, now: datetime) -> Portal:
        """Wake a portal at rest: whoever writes there has the bot again. That stays, whatever becomes of the turn."""
        async with self._storage.unit_of_work() as own:
            portal = wake(own, portal, now)
            await own.commit()
        return portal

    async def _enrol(self, uow: UnitOfWork, portal: Portal, incoming: Incoming) -> Employee:
        """Make a colleague of somebody who wrote for the first time; that stays, whatever becomes of the turn."""
        async with self._storage.unit_of_work() as own:
            employee = await People(own).enrol(portal, incoming.channel, incoming.sender)
            await own.commit()
        return await uow.employees.get(portal.id, employee.id) or employee

    def _in_their_language(self, kit: Kit, turn: Turn) -> Turn:
        """Until a person has chosen, the language follows what they write, where we understood it."""
        if turn.employee.locale_is_chosen or turn.message.kind is not IncomingKind.TEXT:
            return turn
        written = script_of(turn.message.text)
        if written is None or written == turn.employee.locale or turn.understood.intent is None:
            return turn
        return turn.with_employee(kit.get(People).speak(turn.employee, written, is_chosen=False))

    async def _meet(self, kit: Kit, visit: Visit, turn_id: str, line: dict[str, str]) -> str:
        """Answer somebody who is no employee."""
        route = self._routes.others[Otherwise.STRANGER]
        line["handler"] = route.name
        outcome = "stranger"
        try:
            reply: Reply = await self._call(route, kit, visit)
        except Refusal as refusal:
            kit.uow.forget()
            reply, outcome = visit.say(refusal.phrase), refusal.code
        message = visit.message
        employee = await kit.uow.employees.by_identity(message.channel, message.realm, message.sender.account)
        locale, zone, portal_id = visit.locale, "UTC", 0
        if employee is not None:
            locale, zone, portal_id = employee.locale, employee.zone, employee.portal_id
        address = Address(portal_id, message.channel, message.realm, message.conversation, locale, zone)
        for say in reply.says:
            kit.uow.outbox.add(address, _in_its_topic(say, message), turn=turn_id, at=visit.now)
        await announce(self._routes, kit, Occasion(visit.now, (message.channel, message.conversation)), turn_id)
        return outcome

    async def _reply(self, kit: Kit, turn: Turn, line: dict[str, str]) -> tuple[Reply, str]:
        """Find the handlers that fit, first match first, and return the first answer."""
        try:
            if turn.employee.is_disabled:
                raise Disabled
            waiting, ends = self._matches(turn), False
            while waiting:
                route, subject, arguments = waiting.pop(0)
                line["handler"] = route.name
                if not route.allows(turn.employee.role):
                    raise LeadsOnly if route.is_for_leads else NotAllowed
                reply: Reply = await self._call(route, kit, replace(turn, arguments=arguments), subject)
                ends = ends or reply.ends
                if reply.instead is not None:
                    turn = turn.meaning(*reply.instead)
                    waiting = [(self._routes.intents[reply.instead[0]], None, "")]
                elif reply.agreed and turn.state is not None:
                    waiting = [(self._routes.deeds[type(turn.state)], turn.state, "")]
                elif reply.handled:
                    return replace(reply, ends=ends), "answered"
            raise LookupError("no handler answered")
        except Refusal as refusal:
            # What the handler had noted goes; what is true of the person whatever they asked is noted anew.
            kit.uow.forget()
            _reached(kit.uow, turn.employee, turn.message)
            turn = self._in_their_language(kit, turn)
            route = self._routes.refusal(type(refusal))
            return await self._call(route, kit, turn, refusal), refusal.code

    def _matches(self, turn: Turn) -> list[tuple[Route, object, str]]:
        """List the routes that could answer the turn: commands, then the open question, then plain words."""
        message, routes = turn.message, self._routes
        if turn.mark == OLD and message.kind in (IncomingKind.TEXT, IncomingKind.PRESS):
            return [(routes.others[Otherwise.LONG_AGO], None, "")]
        match message.kind:
            case IncomingKind.PRESS:
                try:
                    action = Action.unpack(message.data)
                    return [(routes.presses[type(action)], action, "")]
                except (UnknownAction, KeyError):
                    return [(routes.others[Otherwise.STALE_BUTTON], None, "")]
            case IncomingKind.GREETING:
                return [(routes.commands["start"], None, "")]
            case IncomingKind.EDITED:
                return [(routes.others[Otherwise.EDITED], None, "")]
            case IncomingKind.UNREADABLE:
                return [(routes.others[Otherwise.UNREADABLE], None, "")]
            case IncomingKind.NOT_OWN:
                return [(routes.others[Otherwise.NOT_OWN], None, "")]
        text = message.text.strip()
        if text.startswith("/"):
            name, _, arguments = text[1:].partition(" ")
            route = routes.commands.get(name.casefold())
            return [(route or routes.others[Otherwise.UNKNOWN_COMMAND], None, arguments.strip())]
        found: list[tuple[Route, object, str]] = []
        if turn.state is not None and (answer := routes.answer(type(turn.state))) is not None:
            found.append((answer, turn.state, ""))
        if turn.understood.ambiguous and turn.understood.intent in routes.intents:
            found.append((routes.others[Otherwise.AMBIGUOUS], None, ""))
        elif turn.understood.intent in routes.intents:
            found.append((routes.intents[turn.understood.intent], None, ""))
        found.append((routes.others[Otherwise.NOT_UNDERSTOOD], None, ""))
        return found

    async def _call(self, route: Route, kit: Kit, turn: Turn | Visit, subject: object = None) -> Reply:
        arguments = {
            name: turn if kind in (Turn, Visit) else subject if isinstance(subject, kind) else kit.get(kind)
            for name, kind in route.needs.items()
        }
        reply: Reply = await route.handler(**arguments)
        return reply

    async def _apologise(self, stored: Stored, turn_id: str) -> None:
        """Say sorry with the turn's id, and keep the row for a retry; both in one transaction."""
        incoming = stored.incoming
        uow = self._storage.unit_of_work()
        async with uow:
            employee = await uow.employees.by_identity(incoming.channel, incoming.realm, incoming.sender.account)
            locale = employee.locale if employee else known_locale(incoming.sender.locale) or DEFAULT_LOCALE
            zone, portal_id = (employee.zone, employee.portal_id) if employee else ("UTC", 0)
            address = Address(portal_id, incoming.channel, incoming.realm, incoming.conversation, locale, zone)
            sorry = t(
                "Something broke on our side, and nothing you wrote is lost. "
                "If it matters now, tell your administrator this number: {turn}",
                turn=turn_id,
            )
            said = _in_its_topic(Say(sorry), incoming)
            uow.outbox.add(address, said, turn=turn_id, at=incoming.received_at)
            uow.fail(stored, turn_id)
            await uow.commit()


def script_of(text: str) -> str | None:
    """Return "ru" for Cyrillic words and "en" for Latin ones; None for commands and where there is no word."""
    if text.lstrip().startswith("/"):
        return None
    letters = [each for each in text if each.isalpha()]
    if any("а" <= each.lower() <= "я" or each.lower() == "ё" for each in letters):
        return "ru"
    return "en" if len([each for each in letters if each.isascii()]) > 1 else None


def _in_its_topic(say: Say, incoming: Incoming) -> Say:
    """Answer in the topic in which the person wrote."""
    return replace(say, thread=incoming.thread) if incoming.thread else say


def _reached(uow: UnitOfWork, employee: Employee, incoming: Incoming) -> Employee:
    """Somebody who writes can be written to again."""
    identity = employee.identity(incoming.channel)
    if identity is None or identity.is_reachable:
        return employee
    uow.employees.set_reachable(employee, identity, is_reachable=True)
    others = tuple(replace(each, is_reachable=True) if each is identity else each for each in employee.identities)
    return replace(employee, identities=others)


async def _removed(uow: UnitOfWork, incoming: Incoming) -> str:
    """Let a portal rest whose administrator removed the bot: nobody is reminded, and all is kept (case 76)."""
    portal = await uow.portals.by_key(incoming.realm)
    if portal is not None and portal.is_active:
        uow.portals.put(replace(portal, is_active=False))
    return "bot removed"


def _blocked(uow: UnitOfWork, employee: Employee | None, incoming: Incoming) -> str:
    identity = employee.identity(incoming.channel) if employee else None
    if employee is not None and identity is not None:
        uow.employees.set_reachable(employee, identity, is_reachable=False)
    return "blocked"
