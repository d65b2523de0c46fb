"""Whatever somebody writes or is called gets a kind sentence; nothing is lost, nothing is echoed as markup."""

from datetime import timedelta

import pytest

from bot.domain.people.employee import Role
from tests.bad_input.rendered import RenderedCompany
from tests.people import Person

TEXTS = {
    "long": "a" * 20_000,
    "long words": "пришла " * 3_000,
    "long lines": "x\n" * 8_000,
    "blank": "   ",
    "nul": "\x00\x01\x02\x7f",
    "nul inside": "ab\x00cd\x1b[31m",
    "half a character": "\ud800 привет",
    "emoji": "🙂" * 200,
    "family": "👨‍👩‍👧‍👦🏳️‍🌈",
    "right to left": "أنا في العمل الآن",
    "override": "\u202ealshirp\u202c \u200f\u200e",
    "combining": "z̷̢̛̤͎̜͔̮̦" * 100,
    "bbcode": "[b]x[/b][url=javascript:alert(1)]y[/url][user=1]z[/user]",
    "html": "<b>x</b><script>alert(1)</script><a href='tg://user?id=1'>y</a>&amp;&#60;",
    "our markup": "*bold* _italic_ {name} {0} %s %(x)s",
    "quote": ">>quoted\n------\n/me #BR# [br]",
    "digits": "9" * 4_000,
    "times": "с 25:99 до 99:00 -1:00 12:60",
    "far": "ушла 99999999999999999999 часов назад",
    "dates": "отпуск с 31 февраля по 32 июля 99999 года",
}
TURNS = "\u202e\u2066\u200f\x1b"
COMMANDS = {
    "unknown": "/nonsense",
    "unknown markup": "/<b>[b]x[/b]",
    "long": "/" + "x" * 5_000,
    "empty": "/",
    "slashes": "////",
    "other case": "/HELP",
    "link": "/link [b]<script>",
    "link long": "/link " + "9" * 3_000,
    "zone": "/zone <i>Mars</i> [b]x[/b]",
    "zone path": "/zone ../../etc/passwd",
    "language": "/language [b]tlh[/b]",
    "start": "/start <b>" + "z" * 500,
    "lead": "/lead [b]<script>",
    "disable": "/disable *nobody* " + "я" * 3_000,
    "correct": "/correct <script> [b]x[/b] вчера ушла в 18:30",
    "correct nul": "/correct \x00",
}
NAMES = {
    "markup": "[b]x[/b]<script>alert(1)</script>",
    "attribute": '"><img src=x onerror=alert(1)> [url=http://x]y[/url]',
    "our markup": "*Звезда* _x_ {person} {0}",
    "line": "[user=1]A[/user]\n>>B\n/help",
    "right to left": "\u202eعلي\u202c حسن",
    "long": "Анна " * 400,
    "emoji": "🙂",
}
SORRY = ("Что-то сломалось", "Something broke")


async def assert_answered(company: RenderedCompany, person: Person, before: int) -> None:
    """The person got an answer, and nothing was left or failed."""
    assert company.rendered > before
    assert person.chat
    assert [] == [text for each in company.people.values() for text in each.shown if text.startswith(SORRY)]
    backlog = await company.storage.backlog()
    assert [0, 0, 0] == [backlog.inbox, backlog.inbox_failed, backlog.outbox_failed]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_text(company: RenderedCompany, anna: Person, text: str) -> None:
    """Any text is answered and records nothing; the next sentence works as ever."""
    before = company.rendered
    await anna.says(text)
    await assert_answered(company, anna, before)
    assert [] == await anna.sessions()
    assert "🟢 На работе с 09:00" == await anna.says("пришла")
    assert 1 == len(await anna.sessions())


@pytest.mark.parametrize("text", COMMANDS.values(), ids=COMMANDS)
async def test_command(company: RenderedCompany, anna: Person, sergey: Person, text: str) -> None:
    """Any command is answered, to an employee and to an administrator, and changes nobody."""
    for person in (anna, sergey):
        before = company.rendered
        await person.says(text)
        await assert_answered(company, person, before)
    assert [Role.EMPLOYEE, Role.ADMIN] == [(await each.employee()).role for each in (anna, sergey)]
    assert [] == await anna.sessions()


@pytest.mark.parametrize("text", ["[b]x[/b]<script>", "🙂" * 2_000, "a" * 20_000, "\x00", "*x* {reason}"])
async def test_reason(company: RenderedCompany, anna: Person, sergey: Person, text: str) -> None:
    """A reason for a rejection may be any words: they are cut, kept and shown as words."""
    await anna.says("пришла")
    await company.move("2026-07-14T08:55")
    await anna.says("вчера ушла в 18:30")
    await anna.presses("Отправить")
    await sergey.reads()
    await sergey.presses("Отклонить")
    before = company.rendered
    await sergey.says(text)
    await assert_answered(company, sergey, before)
    await company.move(timedelta(seconds=31))
    if text.strip("\x00"):
        assert any("Отклонено" in each for each in anna.shown)
        assert len(anna.chat[-1].text) < 1_000


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
async def test_name(company: RenderedCompany, sergey: Person, channel: str, name: str) -> None:
    """A person of any name works a day, asks, and is listed and decided about; the name stays a name."""
    odd = await company.hire(name, channel, lead=sergey)
    await odd.says("/start")
    await odd.says("пришла")
    await sergey.says("/who")
    assert any(name.split(maxsplit=1)[0] in each for each in sergey.shown)
    await sergey.says("/people")
    await company.move("2026-07-14T08:55")
    await odd.says("вчера ушла в 18:30")
    await odd.presses("Отправить")
    await sergey.reads()
    await sergey.says("мои согласования")
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    await odd.says("история")
    await sergey.says(f"/correct {name} вчера ушла в 18:40")
    await assert_answered(company, odd, 0)
    [session] = await odd.sessions()
    assert session.ended_at == company.at("2026-07-13T18:30")


@pytest.mark.parametrize("name", [each for each in NAMES.values() if len(each) < 100])
async def test_name_of_a_stranger(company: RenderedCompany, name: str) -> None:
    """A stranger of any name gets a code, and the name that is shown to the employee stays a name."""
    anna = await company.hire("Анна Ким", "bitrix24")
    stranger = company.visitor(name)
    answer = await stranger.says("[b]привет[/b] <script>")
    code = next(word for word in answer.split() if word[:4].isdigit())
    assert "Link" in await anna.says(f"/link {code}") or "Telegram" in anna.chat[-1].text
    await anna.presses("Да")
    await assert_answered(company, anna, 0)
    assert {"bitrix24", "telegram"} == {each.channel for each in (await anna.employee()).identities}


async def test_reasons_turn_no_writing_round(company: RenderedCompany, anna: Person, sergey: Person) -> None:
    """A reason is shown as it was meant to be read: no control character turns what stands beside it."""
    await anna.says("пришла")
    await company.move("2026-07-14T08:55")
    await anna.says("вчера ушла в 18:30")
    await anna.presses("Отправить")
    await sergey.reads()
    await sergey.presses("Отклонить")
    await sergey.says(f"{TURNS}не так было{TURNS} 👨\u200d👩")
    await company.move(timedelta(seconds=31))
    assert any("не так было 👨\u200d👩" in each for each in anna.shown)
    assert not any(mark in each for mark in TURNS for person in (anna, sergey) for each in person.shown)
