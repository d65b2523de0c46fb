"""Requests about one day survive one another; each is carried out on the hours of then, or says why not (case 36)."""

from datetime import timedelta

from tests.people import Company, Person

SETTLED = timedelta(seconds=31)


async def yesterday(company: Company, anna: Person) -> None:
    """Anna worked on Monday from nine to six; now it is Tuesday morning."""
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("ушла")
    await company.move("2026-07-14T08:55")


async def asks(anna: Person, words: str) -> None:
    """Anna asks for a correction."""
    await anna.says(words)
    await anna.presses("Отправить")


async def hours(anna: Person) -> list[str]:
    """Return the sessions as clock times in Moscow."""
    shown = [(each.started_at, each.ended_at) for each in await anna.sessions()]
    return [f"{(a + timedelta(hours=3)):%H:%M}-{f'{(b + timedelta(hours=3)):%H:%M}' if b else ''}" for a, b in shown]


def card(person: Person, what: str) -> str:
    """Return the newest card of that kind as the chat shows it now."""
    return next(each for each in reversed(person.shown) if f"Исправление: {what} – " in each)


async def approves(company: Company, sergey: Person, what: str) -> str:
    """Press Approve under the newest card of that kind."""
    await sergey.reads()
    for bubble in reversed(sergey.chat):
        if f"Исправление: {what} – " in bubble.text and "✅ Согласовать" in bubble.buttons:
            action = bubble.buttons["✅ Согласовать"].action
            assert action is not None
            await sergey.taps(action.pack(), bubble.id)
            return await sergey.reads()
    raise AssertionError([each.text for each in sergey.chat])


async def test_two_ends_of_a_day(company: Company, anna: Person, sergey: Person) -> None:
    """The start approved first: the other card shows the day as it is then, and its end is carried out as well."""
    await yesterday(company, anna)
    await asks(anna, "вчера пришла в 9:40")
    await asks(anna, "вчера ушла в 18:30")
    await approves(company, sergey, "приход")
    await company.move(SETTLED)
    assert "пн, 13 июля: 09:40 – 18:00 → 09:40 – 18:30" in card(sergey, "уход")
    assert "✅ Согласовано" in await approves(company, sergey, "уход")
    await company.move(SETTLED)
    assert ["09:40-18:30"] == await hours(anna)
    assert "09:40 – 18:00 → 09:40 – 18:30" in anna.chat[-1].text


async def test_in_the_other_order(company: Company, anna: Person, sergey: Person) -> None:
    """The end first, the start then: the same day."""
    await yesterday(company, anna)
    await asks(anna, "вчера пришла в 9:40")
    await asks(anna, "вчера ушла в 18:30")
    await approves(company, sergey, "уход")
    await company.move(SETTLED)
    assert "09:00 – 18:30 → 09:40 – 18:30" in card(sergey, "приход")
    await approves(company, sergey, "приход")
    await company.move(SETTLED)
    assert ["09:40-18:30"] == await hours(anna)


async def test_both_at_once(company: Company, anna: Person, sergey: Person) -> None:
    """Approved within the same half minute, both count, and the second outcome tells the day as it became."""
    await yesterday(company, anna)
    await asks(anna, "вчера пришла в 9:40")
    await asks(anna, "вчера ушла в 18:30")
    await approves(company, sergey, "приход")
    await company.move(timedelta(seconds=5))
    await approves(company, sergey, "уход")
    await company.move(timedelta(minutes=1))
    assert ["09:40-18:30"] == await hours(anna)
    assert "09:40 – 18:00 → 09:40 – 18:30" in card(sergey, "уход")


async def test_a_small_change_beside_a_waiting_one(company: Company, anna: Person, sergey: Person) -> None:
    """Ten minutes pass by themselves (case 31); the request about the end goes on, on the new start."""
    await yesterday(company, anna)
    await asks(anna, "вчера ушла в 18:30")
    await anna.says("вчера пришла в 9:10")
    assert ["09:10-18:00"] == await hours(anna)
    await sergey.reads()
    assert "09:10 – 18:00 → 09:10 – 18:30" in card(sergey, "уход")
    await approves(company, sergey, "уход")
    await company.move(SETTLED)
    assert ["09:10-18:30"] == await hours(anna)


async def test_a_forgotten_day_with_two_requests(company: Company, anna: Person, sergey: Person) -> None:
    """A day that the service closed meanwhile: its guess gives way to the end that was asked for, not to the start."""
    await anna.says("пришла")
    await company.move("2026-07-14T08:55")
    await asks(anna, "забыла отметиться, вчера ушла в 18:30")
    await asks(anna, "вчера пришла в 9:40")
    await anna.says("пришла")
    await approves(company, sergey, "приход")
    await company.move(SETTLED)
    [first, _] = await anna.sessions()
    assert (company.at("2026-07-13T09:40"), True) == (first.started_at, first.is_auto)
    await approves(company, sergey, "уход")
    await company.move(SETTLED)
    assert "09:40-18:30" == (await hours(anna))[0]


async def test_the_same_end_set_otherwise(company: Company, anna: Person, sergey: Person) -> None:
    """Somebody else set the same check-out to another time: the request ends at once, and says what is recorded."""
    await yesterday(company, anna)
    await asks(anna, "вчера ушла в 18:30")
    await sergey.says("/correct Анна вчера ушла в 19:00")
    await sergey.presses("Исправить")
    ended = card(sergey, "уход")
    assert "09:00 – 19:00 → 09:00 – 18:30\n⚠️ Не исполнено: часы за это время изменили иначе" in ended
    assert not any("Согласовать" in each for bubble in sergey.chat for each in bubble.buttons)
    assert any("Не исполнено: часы за это время изменили иначе" in each for each in anna.shown)
    assert ["09:00-19:00"] == await hours(anna)


async def test_the_same_end_set_to_the_same_time(company: Company, anna: Person, sergey: Person) -> None:
    """The lead had put it right by hand already: approving says so, and nothing is done twice."""
    await yesterday(company, anna)
    await asks(anna, "вчера ушла в 18:30")
    await sergey.says("/correct Анна вчера ушла в 18:30")
    await sergey.presses("Исправить")
    marks = len(await anna.log())
    await approves(company, sergey, "уход")
    await company.move(SETTLED)
    assert (["09:00-18:30"], marks) == (await hours(anna), len(await anna.log()))


async def test_the_day_removed(company: Company, anna: Person, sergey: Person) -> None:
    """Nothing is left to correct: the request says that."""
    await yesterday(company, anna)
    await asks(anna, "вчера ушла в 18:30")
    await sergey.says("/correct Анна вчера не работала")
    await sergey.presses("Исправить")
    assert "ничего → 09:00 – 18:30\n⚠️ Не исполнено: эти отметки тем временем удалены" in card(sergey, "уход")
    assert [] == await anna.sessions()


async def test_nobody_approves_what_they_did_not_see(company: Company, anna: Person, sergey: Person) -> None:
    """The day changed by the person's own late mark: the card shows that first, and asks again."""
    await yesterday(company, anna)
    await asks(anna, "вчера ушла в 18:30")
    await sergey.reads()
    await anna.sends("обед", at=company.at("2026-07-13T13:00"))
    await anna.sends("вернулась", at=company.at("2026-07-13T13:45"))
    await company.settle()
    again = await approves(company, sergey, "уход")
    assert "09:00 – 18:00 (перерывы 45 мин) → 09:00 – 18:30 (перерывы 45 мин)" in again
    assert again.endswith("День тем временем изменился. Вот что теперь даст согласование.")
    assert "✅ Согласовано" in await approves(company, sergey, "уход")
    await company.move(SETTLED)
    assert ["09:00-18:30"] == await hours(anna)
