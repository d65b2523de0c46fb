"""One router for every messenger: commands, plain words, presses, answers, events and refusals to handlers.

A handler declares what it needs by type; what nobody can supply stops the program when the router is built.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.actions import Action
from bot.dispatch.turn import Occasion, Turn, Visit
from bot.domain.errors import Refusal
from bot.domain.events import DomainEvent
from bot.domain.rights import Right, roles_with
from bot.messages import Command, Replied, State, Words
from bot.ports import Job
from bot.services.supplying import Untyped, needs_of
from bot.services.wiring import Services, is_service

Handler = Callable[..., Awaitable[Any]]


class Otherwise(StrEnum):
    """What remains when nothing else matched."""

    STRANGER = "stranger"
    """Somebody who is no employee of ours; the handler takes a Visit."""
    NOT_UNDERSTOOD = "not_understood"
    AMBIGUOUS = "ambiguous"
    """Words with several honest readings: they are asked about, never guessed."""
    UNKNOWN_COMMAND = "unknown_command"
    EDITED = "edited"
    LONG_AGO = "long_ago"
    """Words or a press so long on their way that they are asked about (case 17)."""
    UNREADABLE = "unreadable"
    FILE = "file"
    """A document that was sent, and that no open question waits for."""
    NOT_OWN = "not_own"
    """Words that the person did not write here themselves."""
    INVITED = "invited"
    """The bot was brought into a group chat."""
    STALE_BUTTON = "stale_button"
    """A button of a former version, or forged."""


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the route table."""

    handler: Handler
    needs: Mapping[str, type]
    command: Command | None = None
    right: Right | None = None
    """What a person must have to use the command."""
    intents: tuple[str, ...] = ()
    action: type[Action] | None = None
    state: type[State] | None = None
    agreed: type[State] | None = None
    event: type[DomainEvent] | None = None
    refusal: type[Refusal] | None = None
    otherwise: Otherwise | None = None
    replied: str = ""
    """The kind of slot whose messages may be answered in words."""
    job: str = ""

    @property
    def name(self) -> str:
        """Module and function, for logs and the route table."""
        return f"{self.handler.__module__.rsplit('.', 1)[-1]}.{self.handler.__name__}"

    async def call(self, services: Services, *given: object) -> Any:
        """Run the handler with what is given, and with services for everything else that it names."""
        arguments = {}
        for name, kind in self.needs.items():
            for each in given:
                if isinstance(each, kind):
                    arguments[name] = each
                    break
            else:
                arguments[name] = services.get(kind)
        return await self.handler(**arguments)


class BadRoute(TypeError):
    """A handler asks for something that nobody supplies, or a name is taken twice."""


@dataclass(slots=True)
class Router:
    """A named set of routes; a parent includes its children in order, and the first match wins."""

    name: str
    _routes: list[Route] = field(default_factory=list)

    def command(
        self,
        name: str,
        title: Words,
        *,
        intents: Sequence[str] = (),
        right: Right | None = None,
        params: Words | None = None,
    ) -> Callable[[Handler], Handler]:
        """Answer the slash command, and the plain words that mean one of `intents`, of whoever has the right."""
        roles = roles_with(right) if right is not None else ()
        command = Command(name, title, params, frozenset(role.value for role in roles))
        return self._add(command=command, right=right, intents=tuple(intents))

    def said(self, *intents: str) -> Callable[[Handler], Handler]:
        """Answer plain words that have no slash command of their own."""
        return self._add(intents=intents)

    def pressed(self, action: type[Action]) -> Callable[[Handler], Handler]:
        """Answer a press of that kind."""
        return self._add(action=action)

    def answered(self, state: type[State]) -> Callable[[Handler], Handler]:
        """Take the next words as the answer to that question, or to any of its kind that has no nearer handler."""
        return self._add(state=state)

    def replied(self, kind: str) -> Callable[[Handler], Handler]:
        """Take words that answer a message of ours in a slot of that kind ("kind:…"), before any open question."""
        return self._add(replied=kind)

    def agreed(self, state: type[State]) -> Callable[[Handler], Handler]:
        """Carry out what that question read back, now that the person said yes."""
        return self._add(agreed=state)

    def happened(self, event: type[DomainEvent]) -> Callable[[Handler], Handler]:
        """Tell people of that event; the handler returns notices."""
        return self._add(event=event)

    def refused(self, refusal: type[Refusal]) -> Callable[[Handler], Handler]:
        """Show that refusal, or any of its kind for which no nearer handler is declared."""
        return self._add(refusal=refusal)

    def due(self, job: str) -> Callable[[Handler], Handler]:
        """Do a job of that kind when it falls due; the handler may return notices."""
        return self._add(job=job)

    def otherwise(self, case: Otherwise) -> Callable[[Handler], Handler]:
        """Answer what nothing else matched."""
        return self._add(otherwise=case)

    def include(self, *routers: "Router") -> None:
        """Take over the routes of others, in order."""
        for router in routers:
            self._routes.extend(router.walk())

    def walk(self) -> Iterator[Route]:
        """List the routes in order."""
        return iter(self._routes)

    def _add(self, **what: Any) -> Callable[[Handler], Handler]:
        def declare(handler: Handler) -> Handler:
            try:
                self._routes.append(Route(handler, needs_of(handler), **what))
            except Untyped as error:
                raise BadRoute(str(error)) from error
            return handler

        return declare


class RouteTable:
    """The routes of a router, indexed and checked once."""

    def __init__(self, router: Router) -> None:
        """Index the routes; BadRoute when one asks for a type that is no service, or a name is taken."""
        self.commands: dict[str, Route] = {}
        self.intents: dict[str, Route] = {}
        self.presses: dict[type[Action], Route] = {}
        self.answers: dict[type[State], Route] = {}
        self.deeds: dict[type[State], Route] = {}
        self.events: dict[type[DomainEvent], list[Route]] = {}
        self.refusals: dict[type[Refusal], Route] = {}
        self.others: dict[Otherwise, Route] = {}
        self.jobs: dict[str, Route] = {}
        self.replies: dict[str, Route] = {}
        given = {Turn, Visit, Occasion, Job, Replied}
        for route in router.walk():
            self._index(route)
            kinds = (route.action, route.state, route.agreed, route.event, route.refusal)
            subject = {each for each in kinds if each}
            for argument, kind in route.needs.items():
                if kind not in given and not is_service(kind) and not any(issubclass(each, kind) for each in subject):
                    raise BadRoute(f"{route.name} asks for {argument}: {kind}, which nobody supplies")
        for case in Otherwise:
            if case not in self.others:
                raise BadRoute(f"nothing answers {case}")

    def _index(self, route: Route) -> None:
        if route.command is not None:
            _once(self.commands, route.command.name, route)
        for intent in route.intents:
            _once(self.intents, intent, route)
        if route.action is not None:
            _once(self.presses, route.action, route)
        if route.state is not None:
            _once(self.answers, route.state, route)
        if route.agreed is not None:
            _once(self.deeds, route.agreed, route)
        if route.event is not None:
            self.events.setdefault(route.event, []).append(route)
        if route.refusal is not None:
            _once(self.refusals, route.refusal, route)
        if route.replied:
            _once(self.replies, route.replied, route)
        if route.job:
            _once(self.jobs, route.job, route)
        if route.otherwise is not None:
            _once(self.others, route.otherwise, route)

    def answer(self, state: type[State]) -> Route | None:
        """Return the nearest handler for words that answer a question; None where only its buttons do."""
        return _nearest(self.answers, state)

    def refusal(self, kind: type[Refusal]) -> Route:
        """Return the nearest handler for a refusal."""
        found = _nearest(self.refusals, kind)
        if found is None:
            raise BadRoute("nothing answers a Refusal")
        return found

    def listed_commands(self) -> list[Command]:
        """The commands that messengers list, in order."""
        return [route.command for route in self.commands.values() if route.command is not None]


def _nearest(table: Mapping[Any, Route], kind: type) -> Route | None:
    return next((table[each] for each in kind.__mro__ if each in table), None)


def _once(table: dict[Any, Route], key: Any, route: Route) -> None:
    if key in table:
        raise BadRoute(f"{route.name} and {table[key].name} both answer {key}")
    table[key] = route
