"""The route table: what nobody can supply and what is taken twice stops the program when it is built."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.actions import Action
from bot.dispatch.router import BadRoute, Handler, Otherwise, Router, RouteTable
from bot.dispatch.turn import Occasion, Turn, Visit
from bot.domain.errors import AlreadyIn, NotIn, Refusal
from bot.domain.events import AccessChanged, DayChanged, RoleChanged
from bot.domain.rights import Right
from bot.messages import Reply, State
from bot.ports import Job
from bot.services.unit_service import UnitService
from bot.text import t


class Service(UnitService):
    """A service that handlers may ask for."""


class Unheard:
    """Something that nobody supplies."""


@dataclass(frozen=True, slots=True)
class Pressed(Action, code="zz-router"):
    """A press."""


@dataclass(frozen=True, slots=True)
class Asked(State):
    """A question."""


async def plain(turn: Turn) -> Reply:
    """Answer nothing."""
    del turn
    return Reply()


async def other(turn: Turn) -> Reply:
    """Answer nothing either."""
    del turn
    return Reply()


def router(*without: Otherwise) -> Router:
    """Return a router that has an answer to everything else."""
    made = Router("test")
    for case in Otherwise:
        if case not in without:
            made.otherwise(case)(plain)
    return made


def table(made: Router) -> RouteTable:
    """Index and check the routes."""
    return RouteTable(made)


def test_a_table_knows_each_kind_of_route() -> None:
    """Commands, words, presses, answers, events, refusals and jobs are found under their own key."""
    made = router()
    made.command("in", t("Check in"), intents=["check_in"])(plain)
    made.said("today")(plain)
    made.pressed(Pressed)(plain)
    made.answered(Asked)(plain)
    made.agreed(Asked)(other)
    made.happened(DayChanged)(plain)
    made.happened(DayChanged)(other)
    made.refused(Refusal)(plain)
    made.due("remind")(plain)
    found = table(made)
    assert set(found.commands) == {"in"}
    assert set(found.intents) == {"check_in", "today"}
    assert (set(found.presses), set(found.answers), set(found.jobs)) == ({Pressed}, {Asked}, {"remind"})
    assert {Asked: other} == {state: route.handler for state, route in found.deeds.items()}
    assert [route.handler for route in found.events[DayChanged]] == [plain, other]
    assert set(found.others) == set(Otherwise)
    assert [command.name for command in found.listed_commands()] == ["in"]


def test_arguments_are_found_by_type() -> None:
    """The turn, the services, and the very press, question, event or refusal that matched."""

    async def pressed(press: Pressed, turn: Turn, service: Service) -> Reply:
        del press, turn, service
        return Reply()

    async def answered(turn: Turn, asked: Asked) -> Reply:
        del turn, asked
        return Reply()

    async def happened(event: DayChanged, occasion: Occasion, service: Service) -> Reply:
        del event, occasion, service
        return Reply()

    async def refused(refusal: Refusal, turn: Turn) -> Reply:
        del refusal, turn
        return Reply()

    async def due(job: Job, service: Service) -> Reply:
        del job, service
        return Reply()

    async def stranger(visit: Visit) -> Reply:
        del visit
        return Reply()

    made = router(Otherwise.STRANGER)
    made.pressed(Pressed)(pressed)
    made.answered(Asked)(answered)
    made.happened(DayChanged)(happened)
    made.refused(NotIn)(refused)
    made.due("remind")(due)
    made.otherwise(Otherwise.STRANGER)(stranger)
    assert table(made).presses[Pressed].needs == {"press": Pressed, "turn": Turn, "service": Service}


async def unheard(turn: Turn, what: Unheard) -> Reply:
    """Ask for what nobody supplies."""
    del turn, what
    return Reply()


async def another_press(press: Pressed) -> Reply:
    """Ask for a press."""
    del press
    return Reply()


async def another_event(event: RoleChanged) -> Reply:
    """Ask for an event."""
    del event
    return Reply()


async def perhaps(service: Service | None) -> Reply:
    """Ask for a service or nothing."""
    del service
    return Reply()


async def number(turn: Turn, count: int) -> Reply:
    """Ask for a number."""
    del turn, count
    return Reply()


@pytest.mark.parametrize("handler", [unheard, another_press, another_event, perhaps, number])
def test_an_argument_that_nobody_supplies_is_refused(handler: Handler) -> None:
    """A command has no press, no event and no unknown service; the sentence names handler and argument."""
    made = router()
    made.command("x", t("X"))(handler)
    with pytest.raises(BadRoute, match=handler.__name__):
        table(made)


def test_another_event_than_the_declared_is_refused() -> None:
    """A handler of one fact cannot ask for another."""
    made = router()
    made.happened(DayChanged)(another_event)
    with pytest.raises(BadRoute):
        table(made)


def test_one_handler_may_take_either_of_two_events() -> None:
    """A union is supplied when each of its facts that is declared belongs to it, and by no third one."""

    async def either(event: DayChanged | RoleChanged) -> Reply:
        del event
        return Reply()

    made = router()
    made.happened(DayChanged)(either)
    made.happened(RoleChanged)(either)
    assert [route.handler for route in table(made).events[RoleChanged]] == [either]
    made.happened(AccessChanged)(either)
    with pytest.raises(BadRoute, match="either"):
        table(made)


def test_an_argument_without_a_type_is_refused_where_it_is_declared() -> None:
    """Nothing is guessed from names."""

    async def untyped(turn: Turn, service) -> Reply:  # type: ignore[no-untyped-def]  # noqa: ANN001
        del turn, service
        return Reply()

    with pytest.raises(BadRoute, match="untyped"):
        Router("test").command("x", t("X"))(untyped)


TWICE: dict[str, Callable[[Router], Callable[[Handler], Handler]]] = {
    "command": lambda made: made.command("in", t("Check in")),
    "intent": lambda made: made.said("check_in"),
    "press": lambda made: made.pressed(Pressed),
    "question": lambda made: made.answered(Asked),
    "yes": lambda made: made.agreed(Asked),
    "refusal": lambda made: made.refused(AlreadyIn),
    "job": lambda made: made.due("remind"),
    "rest": lambda made: made.otherwise(Otherwise.EDITED),
}


@pytest.mark.parametrize("kind", TWICE)
def test_what_is_taken_twice_is_refused(kind: str) -> None:
    """Two answers to one thing would hide each other; both are named."""
    made = router(Otherwise.EDITED)
    TWICE[kind](made)(plain)
    if kind != "rest":
        made.otherwise(Otherwise.EDITED)(plain)
    TWICE[kind](made)(other)
    with pytest.raises(BadRoute, match=r"other and .*plain"):
        table(made)


def test_taken_twice_across_included_routers_is_refused() -> None:
    """Modules do not know each other; their names must not collide."""
    one, two, all_of_them = Router("one"), Router("two"), router()
    one.command("in", t("Check in"))(plain)
    two.command("in", t("Come in"))(other)
    all_of_them.include(one, two)
    with pytest.raises(BadRoute):
        table(all_of_them)


def test_included_routes_keep_their_order() -> None:
    """Commands are listed as the modules are."""
    one, two, all_of_them = Router("one"), Router("two"), router()
    one.command("b", t("B"))(plain)
    two.command("a", t("A"))(plain)
    all_of_them.include(one, two)
    assert [command.name for command in table(all_of_them).listed_commands()] == ["b", "a"]


@pytest.mark.parametrize("case", Otherwise)
def test_case_18_nothing_is_left_without_an_answer(case: Otherwise) -> None:
    """An edit, a picture, an old button, a stranger: a table that has no words for it is refused."""
    with pytest.raises(BadRoute, match=str(case)):
        table(router(case))


def test_a_refusal_has_the_nearest_answer() -> None:
    """Its own handler first, then that of its family; none at all is a mistake of ours."""
    made = router()
    made.refused(Refusal)(plain)
    made.refused(NotIn)(other)
    found = table(made)
    assert (found.refusal(NotIn).handler, found.refusal(AlreadyIn).handler) == (other, plain)
    with pytest.raises(BadRoute):
        table(router()).refusal(NotIn)


def test_a_question_has_the_nearest_answer() -> None:
    """Its own handler first, then that of its family; none where only its buttons answer it."""

    @dataclass(frozen=True, slots=True)
    class AskedMore(Asked):
        """A question of that family."""

    made = router()
    assert table(made).answer(AskedMore) is None
    made.answered(Asked)(plain)
    assert table(made).answers[Asked] is table(made).answer(AskedMore)
    made.answered(AskedMore)(other)
    assert table(made).answers[AskedMore] is table(made).answer(AskedMore)


def test_a_command_is_for_whoever_has_its_right() -> None:
    """Without a right it is for everybody; with one it is listed to the roles that give it."""
    made = router()
    made.command("in", t("Check in"))(plain)
    made.command("who", t("Who is at work"), right=Right.SEE_HOURS)(plain)
    made.command("people", t("People"), right=Right.RESEND)(plain)
    found = table(made).commands
    listed = {name: route.command.roles for name, route in found.items() if route.command is not None}
    assert {"in": set(), "who": {"lead", "accountant", "admin"}, "people": {"admin"}} == listed
    assert [None, Right.SEE_HOURS, Right.RESEND] == [route.right for route in found.values()]
