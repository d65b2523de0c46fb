"""Webhooks out: what happens reaches a program, signed, in order, at least once, on the public network."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.domain.people.employee import Role
from bot.guarded import guarded_session
from bot.reachable import HOOK_PORTS
from tests.api.caller import ApiCompany, Cast, Program
from tests.api.receiver import Got, Receiver, sending
from tests.channels.bitrix24.test_authorisation_servers import Names
from tests.storage.given import Wall

DAY = 24 * 3600.0


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A program that receives webhooks."""
    made = await Receiver().start()
    yield made
    await made.close()


@pytest.fixture
async def wall() -> Wall:
    """The machine's clock."""
    return Wall()


@pytest.fixture
async def hooked(tmp_path: Path, wall: Wall) -> AsyncIterator[Cast]:
    """A company of three, whose administrator may add webhooks on this machine."""
    company = ApiCompany(tmp_path, wall=wall)
    await company.open()
    await company.serve()
    company.messengers.allows_local = True
    olga = await company.hire("Ольга Смирнова", "telegram", role=Role.ADMIN)
    sergey = await company.hire("Сергей Орлов", "telegram", role=Role.LEAD, lead=olga)
    anna = await company.hire("Анна Ким", "telegram", lead=sergey)
    yield Cast(company, olga, sergey, anna, anna, olga)
    await company.close()


async def added(cast: Cast, url: str, **more: Any) -> tuple[Program, Any]:
    """Add a webhook by a key of the portal, and return the key and what was answered."""
    program = await cast.company.key_of(cast.olga, is_service=True)
    made = await program.post("/webhooks", {"name": "payroll", "url": url, **more})
    assert 201 == made.status, made.body
    return program, made.body


async def stands(program: Program, hook: Any, status: int | None) -> dict[str, Any]:
    """Return the newest message to a hook, once it is written down that its receiver answered so."""
    for _ in range(500):
        (item,) = (await program.get(f"/webhooks/{hook['id']}/deliveries?limit=1")).body["items"]
        if item["status"] == status and (item["reason"] or item["state"] == "done"):
            return dict(item)
        await asyncio.sleep(0.02)
    raise AssertionError(item)


async def is_off(program: Program) -> str:
    """Return why the one hook is off, once it is."""
    for _ in range(500):
        (hook,) = (await program.get("/webhooks")).body["items"]
        if not hook["is_on"]:
            return str(hook["why_off"])
        await asyncio.sleep(0.02)
    raise AssertionError(hook)


async def test_a_program_is_told_and_can_believe_it(hooked: Cast, receiver: Receiver) -> None:
    """Its message carries the id, the time and the signature; ids and states, and nothing that a person wrote."""
    program, made = await added(hooked, receiver.url())
    async with sending(hooked.company):
        await hooked.anna.says("пришла")
        got = await receiver.next()
    anna = await hooked.anna.employee()
    assert {
        "id": got.headers["webhook-id"],
        "type": "day.changed",
        "at": "2026-07-13T06:00:00Z",
        "portal": str(hooked.company.portal.id),
        "data": {"person_id": str(anna.id)},
    } == got.body
    assert [True, False] == [got.is_signed_by(each) for each in (made["secret"], "whsec_AAAA")]
    assert str(int(hooked.company.clock.now().timestamp())) == got.headers["webhook-timestamp"]
    stood = await stands(program, made["webhook"], 204)
    assert ("done", 1, 204, None) == (stood["state"], stood["tries"], stood["status"], stood["reason"])


async def test_a_request_is_told_step_by_step(hooked: Cast, receiver: Receiver) -> None:
    """Asked, decided, settled: in order, with who decided; the reason stays with us."""
    await added(hooked, receiver.url())
    async with sending(hooked.company):
        await hooked.anna.says("отпуск с 7 по 11 сентября")
        await hooked.anna.presses("Отправить")
        await hooked.sergey.reads()
        await hooked.sergey.presses("Согласовать")
        await hooked.company.move(timedelta(minutes=1))
        await hooked.sergey.reads()
        got = [await receiver.next() for _ in range(3)]
    sergey = await hooked.sergey.employee()
    assert ["request.asked", "request.decided", "request.settled"] == [each.type for each in got]
    assert ["pending", "approved", "approved"] == [each.body["data"]["state"] for each in got]
    assert [None, str(sergey.id), str(sergey.id)] == [each.body["data"]["by_id"] for each in got]
    assert not any("reason" in each.body["data"] for each in got)


async def test_full_detail_is_what_a_key_of_the_portal_is_shown(hooked: Cast, receiver: Receiver) -> None:
    """The object as it stands, on record."""
    program, _ = await added(hooked, receiver.url(), detail="full")
    async with sending(hooked.company):
        await hooked.anna.says("отпуск с 7 по 11 сентября")
        await hooked.anna.presses("Отправить")
        got = await receiver.next()
    shown = await program.get(f"/requests/{got.body['data']['id']}", **{"Accept-Language": "ru"})
    assert shown.body == got.body["data"]["object"]


async def test_who_is_told_nothing(hooked: Cast, receiver: Receiver) -> None:
    """A hook that chose other things, and one that is off."""
    program, _ = await added(hooked, receiver.url("/other"), types=["period.closed"])
    off = await program.post("/webhooks", {"name": "off", "url": receiver.url("/off")})
    switched = await program.call(
        "PATCH", f"/webhooks/{off.body['webhook']['id']}", {"is_on": False}, headers={"If-Match": '"0"'}
    )
    await program.post("/webhooks", {"name": "all", "url": receiver.url("/all")})
    async with sending(hooked.company):
        await hooked.anna.says("пришла")
        got = await receiver.next()
    assert (200, "by_hand", "/all", 0) == (switched.status, switched.body["why_off"], got.path, receiver.got.qsize())


async def test_what_was_committed_is_sent_though_the_service_died(hooked: Cast, receiver: Receiver) -> None:
    """Between the commit and the sending nothing is lost: the next process sends it."""
    await added(hooked, receiver.url())
    await hooked.anna.says("пришла")
    await hooked.company.restart()
    async with sending(hooked.company):
        got = await receiver.next()
    assert "day.changed" == got.type


async def test_a_receiver_that_fails_is_told_again(hooked: Cast, receiver: Receiver, wall: Wall) -> None:
    """After ten seconds, a minute, five minutes and so on, by the same id; then it is failed, and can be repeated."""
    program, made = await added(hooked, receiver.url())
    seen: list[str] = []
    async with sending(hooked.company):
        receiver.answers["/hook"] = 500
        await hooked.anna.says("пришла")
        for number, pause in enumerate((10, 60, 300, 1_800, 7_200, 28_800, 86_400, 0)):
            receiver.answers["/hook"] = 500 + number
            await _wakes(hooked)
            seen.append((await receiver.next()).headers["webhook-id"])
            stood = await stands(program, made["webhook"], 500 + number)
            wall.move(pause + 1)
    assert [seen[0]] * 8 == seen
    assert ("failed", 8, 507, "status") == (stood["state"], stood["tries"], stood["status"], stood["reason"])
    receiver.answers.clear()
    again = await program.post(f"/webhooks/{made['webhook']['id']}/deliveries/{stood['id']}/retry")
    async with sending(hooked.company):
        got = await receiver.next()
    assert (202, seen[0]) == (again.status, got.headers["webhook-id"])
    twice = await program.post(f"/webhooks/{made['webhook']['id']}/deliveries/{stood['id']}/retry")
    assert (409, "not_to_be_repeated") == (twice.status, twice.code)


async def _wakes(cast: Cast) -> None:
    """Let something happen that no hook is told of, so that the sender looks."""
    async with cast.company.storage.unit_of_work() as uow:
        uow.happenings.hear(cast.company.portal.id)
        uow.happenings.portals.add(cast.company.portal.id)
        await uow.commit()


@pytest.mark.parametrize(("how", "status", "reason"), [("redirect", 302, "status"), ("slow", None, "timeout")])
async def test_a_redirect_is_not_followed_and_nobody_is_waited_for(
    hooked: Cast, receiver: Receiver, how: str, status: int | None, reason: str
) -> None:
    """Both are failures."""
    program, made = await added(hooked, receiver.url())
    if how == "slow":
        receiver.is_slow = asyncio.Event()
    else:
        receiver.answers["/hook"] = 302
    async with sending(hooked.company, patience=0.2 if how == "slow" else 10.0):
        await hooked.anna.says("пришла")
        await receiver.next()
        stood = await stands(program, made["webhook"], status)
    assert ("waiting", status, reason, 0) == (stood["state"], stood["status"], stood["reason"], receiver.got.qsize())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "::1", "::ffff:10.0.0.1", "fe80::1", "fd00::1", "::", "::7f00:1",
        "2002:7f00:1::", "2002:a00:1::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe", "224.0.0.1", "ff02::1",
    ],
)  # fmt: skip
async def test_no_name_leads_into_anybodys_network(hooked: Cast, address: str) -> None:
    """What the name leads to is looked at when it is called, whatever the address carries inside."""
    program, made = await added(hooked, "https://hooks.example.com/")
    inner = partial(guarded_session, inner=Names(address), ports=HOOK_PORTS)
    async with sending(hooked.company, http=inner, allow_local=False):
        await hooked.anna.says("пришла")
        stood = await stands(program, made["webhook"], None)
    assert ("waiting", None, "address") == (stood["state"], stood["status"], stood["reason"])


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/", "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/",
        "https://localhost/", "https://10.0.0.1/", "https://0x7f000001/", "https://2130706433/",
        "https://hooks.example.com:8080/", "https://user@hooks.example.com/", "https://printer.local/", "ftp://a.example/",
        "hooks.example.com",
    ],
)  # fmt: skip
async def test_an_address_that_cannot_be_called_is_not_taken(hooked: Cast, url: str) -> None:
    """It is said at once what an address has to be."""
    hooked.company.messengers.allows_local = False
    program = await hooked.company.key_of(hooked.olga, is_service=True)
    refused = await program.post("/webhooks", {"name": "payroll", "url": url})
    assert (422, "bad_hook") == (refused.status, refused.code)
    taken = await program.post("/webhooks", {"name": "payroll", "url": "https://hooks.example.com:8443/a?b=c"})
    assert 201 == taken.status


async def test_who_is_gone_is_told_nothing_more(hooked: Cast, receiver: Receiver) -> None:
    """410 switches a hook off; administrators learn it, and what waits is told once it is on again."""
    program, _ = await added(hooked, receiver.url())
    receiver.answers["/hook"] = 410
    async with sending(hooked.company):
        await hooked.anna.says("пришла")
        await receiver.next()
        why = await is_off(program)
        told = await hooked.olga.reads()
        await hooked.anna.says("ушла")
    assert "gone" == why
    assert "Вебхук «payroll» выключен" in told
    assert 0 == receiver.got.qsize()


async def test_three_silent_days_switch_a_hook_off(hooked: Cast, receiver: Receiver, wall: Wall) -> None:
    """A success in between begins them anew."""
    program, made = await added(hooked, receiver.url())
    async with sending(hooked.company):
        receiver.answers["/hook"] = 501
        await hooked.anna.says("пришла")
        for status, days in ((501, 2), (502, 1.1), (503, 0)):
            receiver.answers["/hook"] = status
            await _wakes(hooked)
            await receiver.next()
            await stands(program, made["webhook"], status)
            assert (await program.get("/webhooks")).body["items"][0]["is_on"] or status == 503
            wall.move(days * DAY)
            hooked.company.clock.move_to(hooked.company.clock.now() + timedelta(days=days))
        assert "silent" == await is_off(program)


async def test_after_a_rotation_both_secrets_sign_for_a_day(hooked: Cast, receiver: Receiver, wall: Wall) -> None:
    """So that a receiver can change at leisure."""
    program, made = await added(hooked, receiver.url())
    rotated = await program.post(f"/webhooks/{made['webhook']['id']}/rotation", Idempotency_Key="once")
    replayed = await program.post(f"/webhooks/{made['webhook']['id']}/rotation", Idempotency_Key="once")
    secrets = (made["secret"], rotated.body["secret"])
    async with sending(hooked.company):
        await hooked.anna.says("пришла")
        both = await receiver.next()
        await hooked.company.move(timedelta(hours=24, minutes=1))
        await program.post(f"/webhooks/{made['webhook']['id']}/test")
        got = await receiver.next()
        while got.type != "webhook.test":
            got = await receiver.next()
    assert [True, True] == [both.is_signed_by(each) for each in secrets]
    assert [False, True] == [got.is_signed_by(each) for each in secrets]
    assert (None, "true") == (replayed.body["secret"], replayed.headers["Idempotency-Replayed"])


async def test_a_dead_receiver_delays_no_other(hooked: Cast, receiver: Receiver) -> None:
    """Each hook has room of its own."""
    dead = Receiver()
    dead.is_slow = asyncio.Event()
    await dead.start()
    program, _ = await added(hooked, dead.url())
    await program.post("/webhooks", {"name": "alive", "url": receiver.url()})
    try:
        async with sending(hooked.company):
            await hooked.anna.says("пришла")
            await dead.next()
            await hooked.sergey.says("пришёл")
            got: list[Got] = [await receiver.next() for _ in range(2)]
    finally:
        await dead.close()
    assert ["day.changed", "day.changed"] == [each.type for each in got]


async def test_no_secret_is_shown_again(hooked: Cast, receiver: Receiver) -> None:
    """Neither in the list, nor after a change, nor to whoever repeats the call."""
    program, made = await added(hooked, receiver.url())
    listed = await program.get("/webhooks")
    changed = await program.call(
        "PATCH", f"/webhooks/{made['webhook']['id']}", {"name": "wages"}, headers={"If-Match": '"0"'}
    )
    assert ("wages", 1) == (changed.body["name"], changed.body["version"])
    assert not any("whsec_" in str(each.body) for each in (listed, changed))


async def test_a_hook_that_changed_meanwhile_is_not_changed_unseen(hooked: Cast, receiver: Receiver) -> None:
    """The version is wanted, and has to be the present one; a name is there once."""
    program, made = await added(hooked, receiver.url())
    path = f"/webhooks/{made['webhook']['id']}"
    none = await program.call("PATCH", path, {"is_on": False})
    other = await program.call("PATCH", path, {"is_on": False}, headers={"If-Match": '"7"'})
    same = await program.post("/webhooks", {"name": "payroll", "url": receiver.url()})
    gone = await program.call("DELETE", path)
    lost = await program.post(f"{path}/test")
    assert (428, 412, 409, 204, 404) == (none.status, other.status, same.status, gone.status, lost.status)
