"""Forged, foreign and oversized presses: each gets the truth in a sentence, and nothing changes."""

from dataclasses import fields
from datetime import timedelta

import pytest

import handlers  # noqa: F401 - the actions are declared beside their handlers
from bot.actions import _KINDS
from bot.domain.approvals.request import ApprovalRequest, RequestState
from bot.domain.people.employee import Role
from tests.bad_input.rendered import RenderedCompany
from tests.bad_input.test_texts import assert_answered
from tests.people import Person

FORGED = {
    "empty": "",
    "colons": ":::::",
    "no such": "zz:1:2",
    "nul": "\x00",
    "markup": "[b]<script>",
    "oversized": "x" * 5_000,
    "oversized seat": "ap1:" + "A" * 5_000 + ":a:0:AAAAAAAAAAA",
    "unknown seat": "ap1:AAAAAAAAAAAAA:a:0:AAAAAAAAAAA",
    "no base32": "ap1:ЯЯ:a:0:AAAAAAAAAAA",
    "huge round": "ap1:AAAAAAAAAAAAA:a:99999999999999999999999:A",
    "negative round": "ap1:AAAAAAAAAAAAA:a:-1:A",
    "unknown verb": "ap1:AAAAAAAAAAAAA:zz:0:A",
    "seal not text": "ap1:AAAAAAAAAAAAA:a:0:\udcff",
    "withdraw": "wd:AAAAAAAAAAAAA:A",
    "batch": "ac:00000000",
    "adopt": "ad:12345678",
    "an instant that no calendar has": "ca:1000000000000000",
    "an instant before all": "ca:-1",
}


def junk() -> list[str]:
    """Every action that there is, with fields that nobody would send."""
    found = []
    for code, kind in sorted(_KINDS.items()):
        wanted = fields(kind)
        for number, word in (
            ("7" * 25, "Я"),
            ("-1", ""),
            ("0", "\U0001f642" * 3),
            ("1" + "0" * 15, "z"),
            ("-" + "9" * 13, "x"),
        ):
            values = [word if each.type is str else number for each in wanted]
            found.append(":".join([code, *values]))
        found.append(":".join([code, *["x"] * (len(wanted) + 1)]))
    return list(dict.fromkeys(each for each in found if len(each.encode()) <= 64))


async def requests_of(company: RenderedCompany) -> list[ApprovalRequest]:
    """Return every request."""
    async with company.storage.unit_of_work() as uow:
        return list(await uow.requests.of_portal(company.portal.id, 100))


async def waiting(company: RenderedCompany, anna: Person, sergey: Person) -> ApprovalRequest:
    """Anna's correction waits for Sergey."""
    await anna.says("пришла")
    await company.move("2026-07-14T08:55")
    await anna.says("вчера ушла в 18:30")
    await anna.presses("Отправить")
    await sergey.reads()
    [request] = await requests_of(company)
    return request


def data_of(person: Person, label: str) -> tuple[str, str]:
    """Return (data, message) of the newest button with that label."""
    for bubble in reversed(person.chat):
        for text, button in bubble.buttons.items():
            if label in text and button.action is not None:
                return button.action.pack(), bubble.id
    raise AssertionError(label)


@pytest.mark.parametrize("data", FORGED.values(), ids=FORGED)
async def test_forged(company: RenderedCompany, anna: Person, sergey: Person, data: str) -> None:
    """A forged press is answered where it was pressed and decides nothing, by whomever it is."""
    before = await waiting(company, anna, sergey)
    for person in (anna, sergey):
        shown = company.rendered
        await person.taps(data, person.chat[-1].id)
        await person.reads()
        await assert_answered(company, person, shown)
    assert [before] == await requests_of(company)
    [session] = await anna.sessions()
    assert session.is_auto


async def test_every_action_with_junk(company: RenderedCompany, anna: Person, sergey: Person) -> None:
    """Every action that there is, with junk in its fields, is answered and decides nothing."""
    before = await waiting(company, anna, sergey)
    for data in junk():
        for person in (anna, sergey):
            shown = company.rendered
            await person.taps(data, person.chat[-1].id)
            await person.reads()
            assert company.rendered > shown, f"{data!r} was ignored"
            await assert_answered(company, person, shown)
    assert [before] == await requests_of(company)


@pytest.mark.parametrize("label", ["Согласовать", "Отклонить"])
async def test_another_persons_button(
    company: RenderedCompany, anna: Person, sergey: Person, james: Person, label: str
) -> None:
    """The lead's buttons are worth nothing to a colleague and to the person who asked (E37, E21)."""
    before = await waiting(company, anna, sergey)
    data, message = data_of(sergey, label)
    for person in (james, anna):
        shown = company.rendered
        await person.taps(data, message)
        await person.reads()
        await assert_answered(company, person, shown)
    assert [before] == await requests_of(company)


async def test_withdrawal_of_another(company: RenderedCompany, anna: Person, sergey: Person, james: Person) -> None:
    """Nobody but the person who asked takes a request back."""
    before = await waiting(company, anna, sergey)
    data, message = data_of(anna, "Отозвать")
    for person in (james, sergey):
        shown = company.rendered
        await person.taps(data, message)
        await person.reads()
        await assert_answered(company, person, shown)
    assert [before] == await requests_of(company)


async def test_button_of_the_other_messenger(company: RenderedCompany, channel: str) -> None:
    """A button that was sealed for one messenger does nothing in the other, not even for its owner."""
    other = "telegram" if channel == "bitrix24" else "bitrix24"
    sergey = await company.hire("Сергей Орлов", channel, also=other, role=Role.LEAD)
    anna = await company.hire("Анна Ким", channel, lead=sergey)
    there = company.elsewhere(sergey)
    await waiting(company, anna, sergey)
    holder = sergey if sergey.buttons else there
    stranger = there if holder is sergey else sergey
    data, message = data_of(holder, "Согласовать")
    await stranger.taps(data, message)
    await stranger.reads()
    [request] = await requests_of(company)
    assert RequestState.PENDING is request.state
    await holder.taps(data, message)
    await company.move(timedelta(seconds=31))
    [request] = await requests_of(company)
    assert RequestState.APPROVED is request.state


async def test_undo_of_another(company: RenderedCompany, anna: Person, sergey: Person, james: Person) -> None:
    """A decision is taken back only by whoever made it."""
    await waiting(company, anna, sergey)
    await sergey.presses("Согласовать")
    data, message = data_of(sergey, "Вернуть")
    for person in (anna, james):
        await person.taps(data, message)
        await person.reads()
    [request] = await requests_of(company)
    assert RequestState.APPROVED is request.state
