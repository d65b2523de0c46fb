"""The portal's own working day by its use cases: what is asked of it, what its looks come to, and who is told."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.automation.errand import Errand, ErrandKind, ErrandState
from bot.domain.installation import Installation, InstallationState
from bot.domain.options import PORTAL_WORKDAY
from bot.domain.people.employee import Role
from bot.domain.workday.portal_day import PortalDay, Standing
from bot.ports import DayAsked, DayShown
from bot.services.options import Options
from bot.services.wiring import Services
from bot.services.workday.portal_days import PortalDays
from storage.sql import portal_workdays as sql
from tests.people import REALM, Company, Person

MSK = timedelta(hours=3)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A company on a Monday at nine."""
    made = await Company(tmp_path).open()
    yield made
    await made.close()


async def switch(company: Company, *, on: bool = True) -> None:
    """Switch the option."""

    async def work(services: Services) -> None:
        portal = await services.uow.portals.get(company.portal.id)
        assert portal is not None
        services.uow.portals.put(PORTAL_WORKDAY.put(portal, on))

    await company._does(work)


async def chosen(company: Company, by: Person) -> None:
    """Let an administrator switch it on."""

    async def work(services: Services) -> None:
        portal, actor = await services.uow.portals.get(company.portal.id), await by.employee()
        assert portal is not None
        await services.get(Options).set(actor, portal, PORTAL_WORKDAY, "да", company.clock.now())

    await company._does(work)
    await company.settle()


async def asked(company: Company) -> Sequence[DayAsked]:
    """Return whose days are to be looked at."""
    found = await company._does(lambda services: services.get(PortalDays).asked(company.clock.now()))
    return found.get(REALM, ())


async def shows(company: Company, person: Person, day: PortalDay) -> None:
    """Let a look find that."""
    found = await asked(company)
    account = (await person.employee()).identities[0].account
    await looked(company, next(each for each in found if each.account == account), day)


async def looked(company: Company, whom: DayAsked, day: PortalDay, since: datetime | None = None) -> None:
    """Take what a look found."""
    now = company.clock.now()
    shown = [DayShown(whom, day, since)]
    await company._does(lambda services: services.get(PortalDays).shown(REALM, shown, now, now))
    await company.settle()


async def refused(company: Company, reason: str) -> None:
    """Let a look see nobody."""
    await company._does(lambda services: services.get(PortalDays).refused(REALM, reason, company.clock.now()))
    await company.settle()


async def errands(company: Company) -> list[Errand]:
    """Return what waits to be done there, the oldest first."""
    found = await company._does(lambda services: services.uow.errands.waiting(company.portal.id))
    return sorted((each for each in found if each.kind is ErrandKind.WORKDAY), key=lambda each: each.id)


async def ends(company: Company, errand: Errand, state: ErrandState, reason: str = "", **result: Any) -> None:
    """Let an errand end."""
    after = replace(errand, state=state, reason=reason, result=result)
    await company._does(lambda services: services.get(PortalDays).ended(after, company.clock.now()))
    await company.settle()


def there(company: Company, standing: Standing, since: datetime | None = None, **more: Any) -> PortalDay:
    """Return a day of the portal that began so."""
    return PortalDay(standing, since or company.clock.now(), offset=MSK, **more)


async def test_off_by_default(company: Company) -> None:
    """Nobody is looked at, nothing is to be done, and a mark reads nothing for it."""
    anna = await company.hire("Анна Ким", "bitrix24")
    assert [] == list(await asked(company))
    await anna.says("пришла")
    assert [] == await errands(company)

    async def work(services: Services) -> None:
        def read(*_: object) -> None:
            raise AssertionError("it was read")

        services.uow.portal_workdays.get = read  # type: ignore[method-assign,assignment]
        await services.get(PortalDays).follow(company.portal.id, anna.employee_id, company.clock.now())

    await company._does(work)
    assert "followed day" == sql.FOLLOWED_DAY.name


async def test_each_mark_is_an_errand(company: Company) -> None:
    """In the commit of the mark, in the person's own lane, with how the day stood before it."""
    await switch(company)
    anna = await company.hire("Анна Ким", "bitrix24")
    for word in ("пришла", "обед", "вернулась", "ушла"):
        await anna.says(word)
        await company.move(timedelta(hours=1))
    found = await errands(company)
    steps = [(each.form["own"]["was"], each.form["own"]["state"]) for each in found]
    assert [("off", "work"), ("work", "break"), ("break", "work"), ("work", "off")] == steps
    assert 1 == len({each.lane for each in found})
    await anna.says("сегодня")
    assert 4 == len(await errands(company))


async def test_who_has_no_account_there(company: Company) -> None:
    """Whoever is known in Telegram alone is left alone."""
    await switch(company)
    boris = await company.hire("Борис Лавров", "telegram")
    await boris.says("пришел")
    assert ([], []) == (await errands(company), list(await asked(company)))


async def test_a_look_counts_only_while_nothing_newer_is_known(company: Company) -> None:
    """What was seen before our own errand had ended may be our own doing: it marks nothing."""
    await switch(company)
    anna = await company.hire("Анна Ким", "bitrix24")
    (before,) = await asked(company)
    await anna.says("пришла")
    assert [] == list(await asked(company))
    await looked(company, before, there(company, Standing.CLOSED, finish=company.clock.now() + MINUTE))
    assert "🟢" in anna.shown[-1]
    (errand,) = await errands(company)
    opened = there(company, Standing.OPENED)
    await ends(company, errand, ErrandState.DONE, looked=PortalDay(Standing.CLOSED).to_form(), day=opened.to_form())
    await looked(company, before, there(company, Standing.PAUSED))
    assert "🟢" in anna.shown[-1]
    await company.move(MINUTE)
    await shows(company, anna, replace(opened, standing=Standing.PAUSED))
    assert "☕" in anna.shown[-1]


async def test_what_an_errand_found_is_no_less_than_a_look(company: Company) -> None:
    """What had been pressed there before it becomes a mark: one start, the earlier (case 77)."""
    await switch(company)
    anna = await company.hire("Анна Ким", "bitrix24")
    await shows(company, anna, PortalDay(Standing.CLOSED))
    start = company.clock.now() + MINUTE
    await company.move(5 * MINUTE)
    await anna.says("пришла")
    (errand,) = await errands(company)
    opened = there(company, Standing.OPENED, start).to_form()
    await ends(company, errand, ErrandState.DONE, looked=opened, day=opened)
    assert "🟢 На работе с 09:01" in anna.shown[-1]
    assert "Кнопкой в Битрикс24." in anna.shown[-1]


async def test_a_portal_mark_starts_no_errand(company: Company) -> None:
    """What came from there is not sent back."""
    await switch(company)
    anna = await company.hire("Анна Ким", "bitrix24")
    await shows(company, anna, PortalDay(Standing.CLOSED))
    await shows(company, anna, there(company, Standing.OPENED))
    assert "🟢 На работе с 09:00" in anna.shown[-1]
    assert [] == await errands(company)


async def test_refusals_are_told_to_whom_can_mend_them(company: Company) -> None:
    """Administrators hear of a missing right once a day; of a single mark that was not taken, whose day it is."""
    await switch(company)
    olga = await company.hire("Ольга Смирнова", "bitrix24", role=Role.ADMIN)
    anna = await company.hire("Анна Ким", "bitrix24")
    for _ in range(2):
        await refused(company, "no_right")
    assert 1 == len([each for each in olga.shown if "нельзя вести там чужой рабочий день" in each])
    await company.move(timedelta(days=1))
    await refused(company, "no_scope")
    assert "timeman" in olga.shown[-1]
    told = len(olga.shown)
    for passing in ("operation_time_limit", "internal_server_error"):
        await refused(company, passing)
    assert (told, []) == (len(olga.shown), anna.shown)
    await anna.says("пришла")
    (errand,) = await errands(company)
    await ends(company, errand, ErrandState.FAILED, "not_taken")
    assert "не принял вашу последнюю отметку" in anna.shown[-1]


async def test_a_time_that_was_written_there(company: Company) -> None:
    """Beyond what passes without approval it counts from now on, and the person is asked; as there is a correction."""
    await switch(company)
    anna = await company.hire("Анна Ким", "bitrix24")
    await shows(company, anna, PortalDay(Standing.CLOSED))
    start = company.clock.now()
    await shows(company, anna, there(company, Standing.OPENED))
    await company.move(timedelta(hours=9))
    await shows(company, anna, there(company, Standing.OPENED, start))
    await company.move(MINUTE)
    end = start + timedelta(hours=8)
    await shows(company, anna, there(company, Standing.CLOSED, start, finish=end))
    assert any("🏁 День закончен в 18:01" in each for each in anna.shown)
    asked_about = [each for each in anna.shown if "конец вашего дня теперь" in each]
    assert ["17:00" in each for each in asked_about] == [True]
    await anna.presses("Как в Битрикс24")
    assert "17:00" in anna.shown[-1]


async def test_breaks_that_were_written_there(company: Company) -> None:
    """Hours stay as they are, and the person hears once what to write if there was a break."""
    await switch(company)
    anna = await company.hire("Анна Ким", "bitrix24")
    await shows(company, anna, PortalDay(Standing.CLOSED))
    start = company.clock.now()
    await shows(company, anna, there(company, Standing.OPENED))
    await company.move(timedelta(hours=1))
    await shows(company, anna, there(company, Standing.OPENED, start))
    await company.move(MINUTE)
    for minutes in (45, 50):
        await shows(company, anna, there(company, Standing.OPENED, start, leaks=minutes * MINUTE))
    assert 1 == len([each for each in anna.shown if "перерывы теперь длиннее" in each])
    assert "«обед с 13:00 до 13:45»" in anna.shown[-1]
    await anna.says("сегодня")
    assert "Перерыв" not in anna.shown[-1]
    assert "1 ч 1 мин" in anna.shown[-1]


async def test_a_short_break_that_was_written_there(company: Company) -> None:
    """It is held against the last look, also where that found nothing new and was not noted."""
    await switch(company)
    anna = await company.hire("Анна Ким", "bitrix24")
    await shows(company, anna, PortalDay(Standing.CLOSED))
    start = company.clock.now()
    await shows(company, anna, there(company, Standing.OPENED))
    await company.move(9 * MINUTE)
    (whom,) = await asked(company)
    longer = there(company, Standing.OPENED, start, leaks=5 * MINUTE)
    await looked(company, whom, longer, company.clock.now() - MINUTE)
    assert "перерывы теперь длиннее" in anna.shown[-1]


async def test_switched_off_again(company: Company) -> None:
    """Both are on their own: nothing is looked at, and what is still found marks nothing."""
    await switch(company)
    anna = await company.hire("Анна Ким", "bitrix24")
    (whom,) = await asked(company)
    await switch(company, on=False)
    await looked(company, whom, there(company, Standing.OPENED))
    assert ([], []) == (anna.shown, list(await asked(company)))


async def test_an_older_errand_that_ends_late(company: Company) -> None:
    """Whatever is repeated or left afterwards, the person is looked at again as soon as the newest has ended."""
    await switch(company)
    anna = await company.hire("Анна Ким", "bitrix24")
    for word in ("пришла", "обед"):
        await anna.says(word)
        await company.move(MINUTE)
    first, second = await errands(company)
    await ends(company, first, ErrandState.FAILED, "not_taken")
    assert [] == list(await asked(company))
    paused = there(company, Standing.PAUSED)
    await ends(company, second, ErrandState.DONE, looked=paused.to_form(), day=paused.to_form())
    assert 1 == len(await asked(company))
    await ends(company, first, ErrandState.LEFT)
    assert 1 == len(await asked(company))
    await ends(company, first, ErrandState.DONE, looked=paused.to_form(), day=paused.to_form())
    assert 1 == len(await asked(company))


async def test_a_press_is_not_lost_between_two_marks(company: Company) -> None:
    """What the first errand found counts though a second waits; a break of unknown time does not undo the second."""
    await switch(company)
    anna = await company.hire("Анна Ким", "bitrix24")
    await shows(company, anna, PortalDay(Standing.CLOSED))
    start = company.clock.now() + MINUTE
    await company.move(5 * MINUTE)
    for word in ("пришла", "обед", "вернулась"):
        await anna.says(word)
        await company.move(MINUTE)
    first, second, _ = await errands(company)
    opened = there(company, Standing.OPENED, start).to_form()
    await ends(company, first, ErrandState.DONE, looked=opened, day=opened)
    paused = there(company, Standing.PAUSED, start).to_form()
    await ends(company, second, ErrandState.DONE, looked=paused, day=paused)
    await company.move(MINUTE)
    await anna.says("сегодня")
    assert "09:01 – сейчас\n   ☕ 09:06 – 09:07, 1 мин\nОтработано 7 мин, перерывы 1 мин" in anna.shown[-1]


@pytest.mark.parametrize("is_looked_at", [True, False])
async def test_the_first_mark_after_it_was_switched_on(company: Company, *, is_looked_at: bool) -> None:
    """Who was at work already is followed from the next mark on, be it a check-out or the end of a break."""
    anna = await company.hire("Анна Ким", "bitrix24")
    boris = await company.hire("Борис Лавров", "bitrix24")
    await anna.says("пришла")
    await boris.says("пришел")
    await boris.says("обед")
    start = company.clock.now()
    await company.move(timedelta(hours=1))
    await switch(company)
    if is_looked_at:
        await shows(company, anna, there(company, Standing.OPENED, start))
        await shows(company, boris, there(company, Standing.PAUSED, start))
        await company.move(MINUTE)
    assert [] == await errands(company)
    await anna.says("ушла")
    await boris.says("вернулся")
    steps = [(each.form["own"]["was"], each.form["own"]["state"]) for each in await errands(company)]
    assert [("work", "off"), ("break", "work")] == steps


async def test_an_errand_that_ends_after_it_was_switched_off(company: Company) -> None:
    """It marks nothing any more."""
    await switch(company)
    anna = await company.hire("Анна Ким", "bitrix24")
    await shows(company, anna, PortalDay(Standing.CLOSED))
    start = company.clock.now() + MINUTE
    await company.move(5 * MINUTE)
    await anna.says("пришла")
    (errand,) = await errands(company)
    await switch(company, on=False)
    opened = there(company, Standing.OPENED, start).to_form()
    await ends(company, errand, ErrandState.DONE, looked=opened, day=opened)
    await anna.says("сегодня")
    assert "09:01" not in anna.shown[-1]


async def test_switched_on_again(company: Company) -> None:
    """What was so before it was switched off says nothing of now: the first mark is followed from how it stands."""
    await switch(company)
    olga = await company.hire("Ольга Смирнова", "bitrix24", role=Role.ADMIN)
    anna = await company.hire("Анна Ким", "bitrix24")
    await anna.says("пришла")
    await anna.says("ушла")
    await switch(company, on=False)
    await company.move(timedelta(hours=1))
    await anna.says("пришла")
    await company.move(timedelta(hours=1))
    await chosen(company, olga)
    assert anna.employee_id in [each.employee_id for each in await asked(company)]
    await anna.says("ушла")
    assert ("work", "off") == [(e.form["own"]["was"], e.form["own"]["state"]) for e in await errands(company)][-1]


@pytest.mark.parametrize(("scope", "is_told"), [("im imbot user", True), ("im imbot user timeman", False)])
async def test_a_missing_right_is_told_at_once(company: Company, scope: str, *, is_told: bool) -> None:
    """Who switches it on need not wait for the first look to learn what the application lacks."""
    olga = await company.hire("Ольга Смирнова", "bitrix24", role=Role.ADMIN)
    now, rights = company.clock.now(), frozenset(scope.split())
    active = InstallationState.ACTIVE
    installed = Installation(company.portal.id, active, "token", "oauth", "http://x/rest/", rights, "L", "1", "1", now)

    async def work(services: Services) -> None:
        services.uow.installations.put(installed)

    await company._does(work)
    await chosen(company, olga)
    assert is_told is any("timeman" in each for each in olga.shown)
