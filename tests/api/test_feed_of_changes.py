"""The feed of changes: what happened, in order, to whoever could look at it now; a wait ends when it happens."""

import asyncio
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

from bot.api.bell import OF_A_PERSON, OF_A_PORTAL, OF_ALL, Bell
from bot.domain.people.api_key import Scope
from bot.services.people.keys import Keys
from tests.api.caller import Answered, Cast


def types(answered: Answered) -> list[str]:
    """Return what happened."""
    return [each["type"] for each in answered.body["items"]]


async def test_what_happened_since(cast: Cast) -> None:
    """From the making of the first key on; `next` goes on behind what was read, also where nothing stands yet."""
    await cast.anna.says("пришла")
    program = await cast.company.key_of(cast.olga, is_service=True)
    nothing = await program.get("/changes")
    await cast.sergey.says("пришёл")
    await cast.anna.says("ушла")
    first = await program.get(f"/changes?after={nothing.body['next']}&limit=1")
    second = await program.get(f"/changes?after={first.body['next']}")
    third = await program.get(f"/changes?after={second.body['next']}")
    anna, sergey = await cast.anna.employee(), await cast.sergey.employee()
    told = [each["data"] for page in (nothing, first, second, third) for each in page.body["items"]]
    assert [{"person_id": str(sergey.id)}, {"person_id": str(anna.id)}] == told
    assert types(second) == types(await program.get(f"/changes?after={first.body['next']}&limit=9&wait=0"))


async def test_each_sees_what_they_could_look_at(cast: Cast) -> None:
    """A lead those below, an employee themselves; who may not any more sees no more of it."""
    lead, boris = await cast.company.key_of(cast.sergey), await cast.company.key_of(cast.boris)
    await cast.anna.says("пришла")
    await cast.boris.says("пришёл")
    await cast.anna.says("отпуск с 7 по 11 сентября")
    await cast.anna.presses("Отправить")
    assert ["day.changed", "request.asked"] == types(await lead.get("/changes"))
    assert ["day.changed"] == types(await boris.get("/changes"))
    employee, olga = await cast.anna.employee(), await cast.olga.employee()
    async with cast.company.storage.unit_of_work() as uow:
        uow.employees.put(replace(employee, lead_id=olga.id))
        await uow.commit()
    assert "day.changed" not in types(await lead.get("/changes"))


async def test_a_key_sees_what_its_scopes_say(cast: Cast) -> None:
    """Without the scope of requests none of them is there."""
    await cast.company.key_of(cast.olga)
    hours = await cast.company.key_of(cast.olga, [Scope.HOURS_READ])
    await cast.anna.says("отпуск с 7 по 11 сентября")
    await cast.anna.presses("Отправить")
    await cast.anna.says("пришла")
    assert ["day.changed"] == types(await hours.get("/changes"))


async def test_a_place_is_worth_something_to_its_reader_alone(cast: Cast) -> None:
    """And for seven days: what came behind it is not kept longer."""
    olga, sergey = await cast.company.key_of(cast.olga), await cast.company.key_of(cast.sergey)
    place = (await olga.get("/changes")).body["next"]
    foreign = await sergey.get(f"/changes?after={place}")
    cast.company.clock.move_to(cast.company.clock.now() + timedelta(days=7, minutes=1))
    late = await olga.get(f"/changes?after={place}")
    assert [(400, "bad_query")] * 2 == [(each.status, each.code) for each in (foreign, late)]


async def test_who_waits_hears_it_at_once(cast: Cast) -> None:
    """The same commit that brought it wakes the caller, long before the time is up."""
    cast.company.storage.on_commit(cast.company.door.ring)
    program = await cast.company.key_of(cast.olga, is_service=True)
    place = (await program.get("/changes")).body["next"]
    asked = asyncio.create_task(program.get(f"/changes?after={place}&wait=25"))
    await _waits(cast)
    async with asyncio.timeout(10):
        await cast.anna.says("пришла")
        told = await asked
    assert ["day.changed"] == types(told)


async def test_who_waits_by_a_key_that_ends_is_told_so(cast: Cast) -> None:
    """Whose it is, and whether it works, is looked at anew with each look."""
    cast.company.storage.on_commit(cast.company.door.ring)
    program = await cast.company.key_of(cast.olga)
    place = (await program.get("/changes")).body["next"]
    asked = asyncio.create_task(program.get(f"/changes?after={place}&wait=25"))
    await _waits(cast)
    olga, now = await cast.olga.employee(), cast.company.clock.now()
    (key,) = await cast.company.does(lambda services: services.get(Keys).of(olga, now))
    await cast.company.does(lambda services: services.get(Keys).revoke(olga, key.id, now))
    async with asyncio.timeout(10):
        await cast.anna.says("пришла")
        told = await asked
    assert 401 == told.status


async def test_whoever_waits_is_let_go_when_the_service_ends(cast: Cast) -> None:
    """With nothing to tell, and the place where to go on."""
    program = await cast.company.key_of(cast.olga)
    place = (await program.get("/changes")).body["next"]
    asked = asyncio.create_task(program.get(f"/changes?after={place}&wait=25"))
    await _waits(cast)
    cast.company.door.hang_up()
    async with asyncio.timeout(10):
        told = await asked
    assert (200, []) == (told.status, types(told))


async def test_a_portal_without_keys_and_hooks_keeps_nothing(cast: Cast) -> None:
    """What nobody may want to know is not written at all."""
    await cast.anna.says("пришла")
    async with cast.company.storage.unit_of_work() as uow:
        assert not await uow.happenings.has_new(cast.company.portal.id)


async def test_a_wait_is_of_25_seconds_at_most(cast: Cast) -> None:
    """Longer ones are refused."""
    program = await cast.company.key_of(cast.olga)
    assert [400, 400, 400] == [
        (await program.get(f"/changes?{query}")).status for query in ("wait=26", "wait=-1", "after=AAAA")
    ]


async def _waits(cast: Cast) -> None:
    """Let calls that came before have their look: another one is answered."""
    for _ in range(200):
        if cast.company.door.is_waited_for(cast.company.portal.id):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")


async def test_nobody_waits_with_all_the_places(cast: Cast) -> None:
    """So many calls of one person wait, by whatever keys; one more comes again, who only looks is answered."""
    first, second = await cast.company.key_of(cast.anna), await cast.company.key_of(cast.anna)
    sergey, bell = await cast.company.key_of(cast.sergey), cast.company.door._bell
    with ExitStack() as held:
        for _ in range(OF_A_PERSON):
            assert held.enter_context(bell.place(cast.company.portal.id, cast.anna.employee_id))
        for key in (first, second):
            refused = await key.get("/changes?wait=25")
            assert (429, "too_many", "5") == (refused.status, refused.code, refused.headers["Retry-After"])
            assert 200 == (await key.get("/changes")).status
        cast.company.door.hang_up()
        assert 200 == (await sergey.get("/changes?wait=25")).status
    with bell.place(cast.company.portal.id, cast.anna.employee_id) as has_one:
        assert has_one


def test_a_portal_does_not_have_all_the_places() -> None:
    """However many people of it wait."""
    bell = Bell()
    with ExitStack() as held:
        for number in range(OF_A_PORTAL):
            assert held.enter_context(bell.place(1, number))
        with bell.place(1, OF_A_PORTAL) as has_one:
            assert not has_one
        for number in range(OF_ALL - OF_A_PORTAL):
            assert held.enter_context(bell.place(2 + number // OF_A_PORTAL, number))
        with bell.place(99, 1) as has_one:
            assert not has_one
