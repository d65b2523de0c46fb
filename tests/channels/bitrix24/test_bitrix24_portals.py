"""One channel serves many portals, each for itself: what ails one is nothing to the others."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.channels.bitrix24.gate import Gate
from bot.channels.bitrix24.outages import LASTS, Outages, outage_of
from bot.channels.bitrix24.portals import ASLEEP, COMPARE_EVERY, LOOK_EVERY, UNKNOWN
from bot.channels.bitrix24.round import AGAIN, AT_ONCE, EVERY, PATIENCE, PeopleRound
from bot.channels.doors import Refused
from bot.domain.outage import Outage
from bot.messages import Address, DeliveryError, Outgoing, Say
from bot.ports.connections import HEARD
from bot.text import verbatim
from tests.channels.bitrix24.companies import Fleet, add_site, answering, fleet, silent
from tests.channels.bitrix24.doubles import NOW, FakeTime, MemoryVault, until


def to(realm: str, words: str = "Hi", account: str = "3") -> Outgoing:
    """Return a message for somebody of a portal."""
    return Outgoing(
        1, Address(1, "bitrix24", realm, account, account, "en", "Europe/Moscow"), Say(verbatim(words)), NOW
    )


def shown(made: Fleet, key: str) -> list[str]:
    """Return what the bot said to Anna of a company."""
    site = made.sites[key]
    return [each.text for each in site.portal.shown(site.anna) if each.author == "bot"]


def is_well(made: Fleet, *keys: str) -> bool:
    """Whether these portals are served."""
    bots = [made.channel._portals.get(key) for key in keys]
    return all(each is not None and each.health()["ok"] for each in bots)


async def test_each_portal_by_its_own_bot() -> None:
    """What is sent goes to the portal it is for, and what is said is known to come from there."""
    async with fleet("acme", "beta") as made:
        await until(lambda: is_well(made, "acme", "beta"))
        await made.channel.send(to("beta", "to beta"))
        await made.channel.send(to("acme", "to acme"))
        assert (["to acme"], ["to beta"]) == (shown(made, "acme"), shown(made, "beta"))
        for key in ("acme", "beta"):
            await made.sites[key].portal.say(made.sites[key].anna, f"from {key}")
        await until(lambda: len(made.inbox) == 2)
        assert [("acme", "from acme"), ("beta", "from beta")] == sorted(made.inbox)
        await until(lambda: all(each.directory.people for each in made.sites.values()))
        assert [{"acme"}, {"beta"}] == [
            {name.partition(":")[0] for name in made.sites[key].directory.people} for key in ("acme", "beta")
        ]


async def test_a_portal_that_is_not_served() -> None:
    """A message to it is told at once to be undeliverable, with the reason; before the list is known it waits."""
    async with fleet("acme") as made:
        await until(lambda: is_well(made, "acme"))
        await made.channel.disconnect("acme")
        for realm, code in (("acme", ASLEEP), ("stranger", UNKNOWN)):
            with pytest.raises(DeliveryError) as error:
                await made.channel.send(to(realm))
            assert (True, code) == (error.value.permanent, error.value.detail)
    with pytest.raises(DeliveryError) as error:
        await Fleet().channel.send(to("acme"))
    assert not error.value.permanent


async def _unavailable(_: web.Request) -> web.Response:
    return web.Response(status=503, text="<html><h1>Service Unavailable</h1></html>", content_type="text/html")


async def _page(_: web.Request) -> web.Response:
    return web.Response(text="<html><body>Sign in</body></html>", content_type="text/html")


async def _expired(_: web.Request) -> web.Response:
    return web.json_response({"error": "PORTAL_DELETED"}, status=410)


async def test_bad_neighbours() -> None:
    """One never answers, one is unavailable, one shows a page, one is gone: the others are served as ever."""
    async with (
        fleet("acme") as made,
        silent() as never,
        answering(_unavailable) as unavailable,
        answering(_page) as page,
        answering(_expired) as gone,
    ):
        bad = {"never": never, "unavailable": unavailable, "page": page, "gone": gone}
        for key, url in bad.items():
            made.connections.put(key, url)
            await made.channel.connect(key)
        await until(lambda: is_well(made, "acme"))
        trying = [asyncio.ensure_future(made.channel.send(to(key, account=str(n)))) for key in bad for n in range(100)]
        async with asyncio.timeout(5):
            await made.channel.send(to("acme"))
            await made.sites["acme"].portal.say(made.sites["acme"].anna, "hello")
            await until(lambda: made.inbox)
        assert (["Hi"], [("acme", "hello")]) == (shown(made, "acme"), made.inbox)
        assert {"never", "unavailable", "page", "gone"} >= set(made.channel.narrow())
        await until(lambda: made.channel.health().get("outages", {}).get("server") == 2)
        health = made.channel.health()
        assert (True, 5) == (health["ok"], health["portals"])
        assert 1 == health["outages"]["credentials"]
        for each in trying:
            each.cancel()
        await asyncio.gather(*trying, return_exceptions=True)


async def test_portals_join_and_leave() -> None:
    """By a call at once, and by what is stored within a minute, whoever stored it."""
    async with fleet("acme") as made:
        await until(lambda: is_well(made, "acme"))
        await add_site(made, "beta")
        await made.channel.connect("beta")
        await until(lambda: is_well(made, "beta"))
        await add_site(made, "gamma")
        await until(lambda: is_well(made, "gamma"))
        del made.connections.by_key["beta"]
        await until(lambda: "beta" not in made.channel._portals)
        assert is_well(made, "acme", "gamma")
        await made.channel.connect("nobody")
        assert {"acme", "gamma"} == set(made.channel._portals)


async def test_a_list_that_cannot_be_read() -> None:
    """The service is not ready before it knows whom to serve; who is served is served on when the list is away."""
    time = FakeTime()
    async with fleet(fails=True, monotonic=time.monotonic, sleep=time.sleep) as made:
        await time.passes(3)
        assert (False, "CONNECTIONS_UNKNOWN") == (made.channel.health()["ok"], made.channel.health()["error"])
        with pytest.raises(Refused) as refused:
            made.channel.find("acme")
        assert 503 == refused.value.status
        made.connections.fails = False
        await time.passes(COMPARE_EVERY)
        assert (True, 0) == (made.channel.health()["ok"], made.channel.health()["portals"])
        assert made.channel.find("acme") is None


async def test_a_bot_that_died_is_begun_anew() -> None:
    """A mistake of ours in one portal's life is told, and the portal is served again within a minute."""
    async with fleet("acme", "beta") as made:
        await until(lambda: is_well(made, "acme", "beta"))
        dead = made.channel._portals["acme"]
        beat: Any = dead._beat
        beat._delay = None
        beat.quicken()
        await until(lambda: dead.is_dead)
        assert (False, "PORTAL_STOPPED") == (made.channel.health()["ok"], made.channel.health()["error"])
        await until(lambda: is_well(made, "acme"))
        assert made.channel._portals["acme"] is not dead
        assert made.channel.health()["ok"]


async def test_ready_is_about_the_service() -> None:
    """One portal by a webhook is the service; of several, none may be reached before it is ours."""
    async with fleet("acme", "beta") as made:
        await until(lambda: is_well(made, "acme", "beta"))
        made.sites["acme"].world.faults.order("bitrix24", "down", seconds=60)
        await until(lambda: not is_well(made, "acme"))
        assert (True, {"network": 1}) == (made.channel.health()["ok"], made.channel.health()["outages"])
        made.sites["beta"].world.faults.order("bitrix24", "down", seconds=60)
        await until(lambda: not made.channel.health()["ok"])
        assert "NO_PORTAL_ANSWERS" == made.channel.health()["error"]
        await made.channel.disconnect("beta")
        assert {"ok": False, "error": "NO_ANSWER", "mode": "fetch"}.items() <= made.channel.health().items()


async def test_an_outage_that_lasts_is_told_once() -> None:
    """After ten minutes, whatever its codes are meanwhile; one that passes before is not."""
    time = FakeTime()
    async with answering(_unavailable) as unavailable:
        made = Fleet(monotonic=time.monotonic, sleep=time.sleep)
        made.channel._is_known = True
        made.connections.put("acme", unavailable)
        outages = made.channel._outages
        telling = asyncio.ensure_future(made.channel._tell_often())
        outages.look("acme", "NO_ANSWER", time.now)
        outages.look("beta", "NO_ANSWER", time.now)
        outages.look("ours", "NOT_STORED_OSError", time.now)
        await time.passes(LASTS - 2 * LOOK_EVERY)
        outages.look("beta", None, time.now)
        outages.look("acme", "UNREADABLE_ANSWER", time.now)
        assert [] == made.told
        await time.passes(3600)
        assert [("acme", Outage.SERVER)] == made.told
        outages.look("acme", None, time.now)
        outages.look("acme", "NO_ANSWER", time.now)
        await time.passes(LASTS + LOOK_EVERY)
        assert [("acme", Outage.SERVER), ("acme", Outage.NETWORK)] == made.told
        telling.cancel()


@pytest.mark.parametrize(
    ("code", "outage"),
    [
        ("NO_ANSWER", Outage.NETWORK),
        ("INVALID_CREDENTIALS", Outage.CREDENTIALS),
        ("BOT_CODE_ALREADY_TAKEN", Outage.CREDENTIALS),
        ("OVERLOAD_LIMIT", Outage.BUSY),
        ("UNREADABLE_ANSWER", Outage.SERVER),
        ("SOMETHING_NEW", Outage.SERVER),
        ("NOT_PROVEN", Outage.DELIVERIES),
        ("NOT_REGISTERED", Outage.STARTING),
        ("NOT_STORED_OSError", Outage.OURS),
        ("STOPPED", Outage.OURS),
    ],
)
def test_what_a_code_means(code: str, outage: Outage) -> None:
    """Each code of a portal's health is one kind of outage."""
    outages = Outages()
    outages.look("acme", code, 0.0)
    assert ({outage: 1}, outage) == (outages.by_kind(), outage_of(code))


async def test_the_round_reads_few_at_a_time() -> None:
    """Nobody who is silent keeps others waiting for long, and those who have just joined for nothing."""
    time, began = FakeTime(), []
    people = PeopleRound(monotonic=time.monotonic, sleep=time.sleep)
    going = asyncio.ensure_future(people.run())

    async def never(name: str) -> None:
        began.append(name)
        await asyncio.Event().wait()

    async def reads(name: str) -> None:
        began.append(name)
        if name == "fails":
            raise OSError

    def join(name: str, read: Any) -> None:
        people.join(name, lambda: read(name))

    for name in ("a", "fails"):
        join(name, reads)
    await time.passes(1)
    assert ["a", "fails"] == began
    await time.passes(AGAIN)
    assert ["a", "fails", "fails"] == began
    people.leave("fails")
    for number in range(AT_ONCE + 2):
        join(f"n{number}", never)
    await time.passes(1)
    assert AT_ONCE == len(began) - 3
    await time.passes(EVERY)
    assert "a" == began[-1]  # its rereading has places of its own
    for number in range(AT_ONCE):
        people.leave(f"n{number}")
    await time.passes(1)
    assert [f"n{AT_ONCE}", f"n{AT_ONCE + 1}"] == began[-2:]
    going.cancel()
    await asyncio.gather(going, return_exceptions=True)
    assert PATIENCE < EVERY


async def test_the_gate_waits_for_nobody_long() -> None:
    """So many at a time; one that hangs gives its place up, and the place is given once."""
    gate, inside = Gate(at_once=1, patience=0.05), []

    async def through(name: str, seconds: float) -> None:
        async with gate.place():
            inside.append(name)
            await asyncio.sleep(seconds)

    hanging = asyncio.ensure_future(through("hangs", 0.3))
    await asyncio.sleep(0.01)
    quick = [asyncio.ensure_future(through(name, 0.0)) for name in "ab"]
    await asyncio.gather(*quick)
    assert (["hangs", "a", "b"], False) == (inside, hanging.done())
    await hanging
    assert not gate._places.locked()
    async with gate.place():
        assert gate._places.locked()


async def test_a_portal_whose_batches_are_blocked() -> None:
    """It is written to and heard by single calls, registered and read as well; its neighbour knows nothing of it."""
    async with fleet("beta") as made:
        blocked = await add_site(made, "acme")
        blocked.world.faults.order("bitrix24", "batch_blocked", seconds=3_000)
        await made.channel.connect("acme")
        await until(lambda: is_well(made, "acme", "beta") and blocked.directory.people)
        sent = [made.channel.send(to("acme", f"{number}", str(number))) for number in range(2, 6)]
        await asyncio.gather(made.channel.send(to("beta")), *sent)
        await blocked.portal.say(blocked.anna, "hello")
        await until(lambda: made.inbox)
        calls = [call for call in blocked.world.calls() if call.method == "batch"]
        assert (1, {429}) == (len(calls), {call.status for call in calls})
        assert (["3"], ["Hi"]) == (shown(made, "acme"), shown(made, "beta"))


async def test_when_portals_were_heard_of() -> None:
    """It is kept for whoever asks without the service, seldom, and goes on when the database is back."""
    vault = MemoryVault()
    async with fleet("acme", vault=vault) as made:
        await until(lambda: HEARD.format(key="acme") in vault.values)
        assert NOW.isoformat() == vault.values[HEARD.format(key="acme")]
        vault.values.clear()
        await made.channel._note_heard()
        assert {} == vault.values  # nothing new to tell
        made.sites["acme"].world.clock.move_to(NOW + timedelta(minutes=11))
        await until(lambda: HEARD.format(key="acme") in vault.values)


async def test_what_pages_ask_of_a_portal() -> None:
    """How it is, which rights there are, and its people read when somebody asks; nothing of one that is not served."""
    async with fleet("acme") as made:
        await until(lambda: is_well(made, "acme"))
        standing = made.channel.standing("acme")
        assert standing is not None
        assert (None, True) == (standing.outage, standing.heard_at is not None)
        assert "imbot" in (await made.channel.rights("acme") or ())
        site = made.sites["acme"]
        await until(lambda: site.directory.people and made.channel.read_people("acme"))
        site.directory.people.clear()
        assert made.channel.read_people("acme")
        await until(lambda: site.directory.people)
        nobody = made.channel.standing("other"), await made.channel.rights("other"), made.channel.read_people("other")
        assert (None, None, False) == nobody


async def test_a_portal_whose_pages_are_open() -> None:
    """It is asked often, and no other for it; of one that is not served nothing comes."""
    async with fleet("acme", "beta") as made:
        await until(lambda: is_well(made, "acme", "beta"))
        beats = {key: made.channel._portals[key]._beat for key in ("acme", "beta")}
        until_ = {key: beat._active_until for key, beat in beats.items() if beat is not None}
        made.channel.watched("acme")
        made.channel.watched("stranger")
        assert {"acme"} == {key for key, beat in beats.items() if beat and beat._active_until > until_[key]}
