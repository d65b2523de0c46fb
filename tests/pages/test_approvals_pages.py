"""Requests on pages: seen by whom they concern, decided on the version that was seen, and told in every chat."""

import re
from datetime import timedelta

import pytest

from tests.pages.site import Read, Site
from tests.people import Company, Person


async def asks(person: Person, words: str = "отпуск с 3 по 14 августа") -> None:
    """Ask for something in chat."""
    await person.says(words)
    await person.says("да")


def numbers(read: Read) -> list[str]:
    """Return the requests of a list, from the top."""
    return re.findall(r'class="title" href="/approvals/(\d+)"', read.html)


def version(read: Read) -> str:
    """Return which version a page shows."""
    found = re.search(r'name="version" value="(\d+)"', read.html)
    return found[1] if found else ""


@pytest.fixture
async def asked(site: Site, anna: Person, sergey: Person) -> str:
    """Anna's leave, which waits for Sergey."""
    await asks(anna)
    (number,) = numbers(await site.get(sergey, "/approvals"))
    return number


async def test_whoever_is_asked_decides_on_the_page(
    site: Site, company: Company, anna: Person, sergey: Person, asked: str
) -> None:
    """The list shows what would change; an approval is told in chat, and is carried out half a minute later."""
    shown = await site.get(sergey, f"/approvals/{asked}")
    assert "пн, 3 августа – пт, 14 августа, 12 дней" in shown.text
    fields = {"version": version(shown), "verdict": "approve"}
    decided = await site.post(sergey, f"/approvals/{asked}/decision", fields)
    assert "Решено. Вступит в силу через 30 с" in decided.text
    assert "Вернуть решение" in decided.text
    assert [] == numbers(await site.get(sergey, "/approvals"))
    await company.move(timedelta(seconds=31))
    await anna.reads()
    assert any("Согласовано" in each.text and "Сергей Орлов" in each.text for each in anna.chat)
    assert "Вернуть решение" not in (await site.get(sergey, f"/approvals/{asked}")).text


async def test_the_page_says_that_the_days_have_come(
    site: Site, company: Company, anna: Person, sergey: Person, asked: str
) -> None:
    """As the card in chat does, and its record has it."""
    await company.move("2026-08-03T09:01")
    site.tokens.clear()  # sessions end meanwhile
    assert "Эти дни уже начались" in (await site.get(sergey, f"/approvals/{asked}")).text
    await company.move("2026-08-15T00:01")
    site.tokens.clear()
    shown = await site.get(anna, f"/approvals/{asked}")
    assert "Эти дни уже прошли" in shown.text
    assert "Наступил первый день, решения не было" in shown.text


async def test_whoever_decides_about_a_leave_sees_what_chat_tells(
    site: Site, anna: Person, sergey: Person, olga: Person, asked: str
) -> None:
    """What would be left, which stands on the card in chat; whoever asks saw it before."""
    await olga.says("отпуск: 28 дней в год")
    await olga.says("да")
    assert "После этого останется" in (await site.get(sergey, f"/approvals/{asked}")).text
    assert "После этого останется" not in (await site.get(anna, f"/approvals/{asked}")).text


async def test_a_decision_is_taken_back(site: Site, sergey: Person, asked: str) -> None:
    """Once, and within half a minute."""
    shown = await site.get(sergey, f"/approvals/{asked}")
    fields = {"version": version(shown), "verdict": "approve"}
    decided = await site.post(sergey, f"/approvals/{asked}/decision", fields)
    again = await site.post(sergey, f"/approvals/{asked}/undo", {"version": version(decided)})
    assert "Решение возвращено" in again.text
    assert [asked] == numbers(await site.get(sergey, "/approvals"))


async def test_a_rejection_says_why(site: Site, anna: Person, sergey: Person, asked: str) -> None:
    """Without a reason nothing is rejected; with one the person who asked reads it."""
    shown = await site.get(sergey, f"/approvals/{asked}")
    fields = {"version": version(shown), "verdict": "reject"}
    refused = await site.post(sergey, f"/approvals/{asked}/decision", {**fields, "reason": " "})
    assert (422, f"/approvals/{asked}") == (refused.status, refused.headers["HX-Replace-Url"])
    assert [asked] == numbers(await site.get(sergey, "/approvals"))
    await site.post(sergey, f"/approvals/{asked}/decision", {**fields, "reason": "В августе <b>выставка</b>"})
    assert "В августе <b>выставка</b>" in (await site.get(anna, f"/approvals/{asked}")).text
    assert "В августе &lt;b&gt;выставка" in (await site.get(anna, f"/approvals/{asked}")).html


async def test_nobody_decides_what_they_did_not_see(site: Site, sergey: Person, asked: str) -> None:
    """Another version than the present one: nothing is decided, the page shows how it is, with the reason kept."""
    fields = {"version": 7, "verdict": "reject", "reason": "Выставка"}
    stale = await site.post(sergey, f"/approvals/{asked}/decision", fields)
    assert (412, True) == (stale.status, ">Выставка</textarea>" in stale.html)
    assert [asked] == numbers(await site.get(sergey, "/approvals"))


async def test_of_two_tabs_one_decides(site: Site, sergey: Person, asked: str) -> None:
    """The second press shows the true state, and changes nothing."""
    fields = {"version": version(await site.get(sergey, f"/approvals/{asked}")), "verdict": "approve"}
    await site.post(sergey, f"/approvals/{asked}/decision", fields)
    second = await site.post(sergey, f"/approvals/{asked}/decision", {**fields, "verdict": "reject", "reason": "Нет"})
    assert (409, True) == (second.status, "Согласовано" in second.text)


async def test_chat_and_page_decide_the_same(site: Site, anna: Person, sergey: Person, asked: str) -> None:
    """What is decided in chat stands on the page; what was withdrawn on the page is no more to be decided in chat."""
    assert asked in (await site.get(anna, "/approvals?tab=mine")).html
    shown = await site.get(anna, f"/approvals/{asked}")
    gone = await site.post(anna, f"/approvals/{asked}/withdrawal", {"version": version(shown)})
    assert "Заявка отозвана" in gone.text
    await sergey.reads()
    assert any("Отозвано автором заявки" in each.text for each in sergey.chat)
    assert [] == numbers(await site.get(sergey, "/approvals"))


async def test_it_is_handed_over(site: Site, company: Company, sergey: Person, olga: Person, asked: str) -> None:
    """To somebody who may decide; the list of whoever gave it is empty, the other's has it."""
    shown = await site.get(sergey, f"/approvals/{asked}")
    fields = {"version": version(shown), "person": olga.employee_id}
    assert (
        "Передано: теперь решает Ольга Смирнова."
        in (await site.post(sergey, f"/approvals/{asked}/delegation", fields)).text
    )
    assert ([], [asked]) == (
        numbers(await site.get(sergey, "/approvals")),
        numbers(await site.get(olga, "/approvals")),
    )


async def test_several_at_once(site: Site, company: Company, anna: Person, sergey: Person, asked: str) -> None:
    """The look shows exactly what is decided; what changed meanwhile is left, and says so."""
    boris = await company.hire("Борис Лавров", "bitrix24", lead=sergey)
    await asks(boris, "больничный завтра")
    listed = await site.get(sergey, "/approvals")
    items = ",".join(re.findall(r'name="items" value="([\d.]+)"', listed.html))
    look = await site.post(sergey, "/approvals/batch", {"items": items, "verdict": "approve"})
    assert (200, True, True) == (look.status, "Анна Ким" in look.text, "Борис Лавров" in look.text)
    stale = items.replace(f"{asked}.0", f"{asked}.5")
    done = await site.post(sergey, "/approvals/batch/decisions", {"items": stale, "verdict": "approve"})
    assert ("Решена 1 заявка", True) == (done.text[:15], "Осталось как было" in done.text)
    assert [asked] == numbers(await site.get(sergey, "/approvals"))
    assert 422 == (await site.post(sergey, "/approvals/batch", {"items": "", "verdict": "approve"})).status


async def test_a_look_at_several_tells_what_stands_beside_each(
    site: Site, company: Company, anna: Person, sergey: Person, olga: Person, asked: str
) -> None:
    """What the card of each leave tells: who asks for the same days, and what would be left."""
    await olga.says("отпуск: 28 дней в год")
    await olga.says("да")
    boris = await company.hire("Борис Лавров", "bitrix24", lead=sergey)
    await asks(boris, "отпуск с 10 по 16 августа")
    other = next(each for each in numbers(await site.get(sergey, "/approvals")) if each != asked)
    cards = {each: await site.get(sergey, f"/approvals/{each}") for each in (asked, other)}
    items = ",".join(f"{each}.{version(card)}" for each, card in cards.items())
    look = await site.post(sergey, "/approvals/batch", {"items": items, "verdict": "approve"})
    for one, name in ((asked, "Борис Лавров"), (other, "Анна Ким")):
        told = re.findall(r'class="beside">(.*?)</p>', cards[one].html)
        assert 2 <= len(told)
        assert any(name in line for line in told)
        assert all(f">{line}</p>" in look.html for line in told)


async def test_who_sees_which(
    site: Site, company: Company, anna: Person, sergey: Person, olga: Person, asked: str
) -> None:
    """Of what is none of one's business, ids tell nothing; an accountant reads no reasons."""
    boris = await company.hire("Борис Лавров", "bitrix24", lead=sergey)
    assert 404 == (await site.get(boris, f"/approvals/{asked}")).status
    assert 404 == (await site.get(boris, "/approvals/1")).status
    fields = {"version": 0, "verdict": "approve"}
    assert 404 == (await site.post(boris, f"/approvals/{asked}/decision", fields)).status
    refused = await site.post(olga, f"/approvals/{asked}/decision", fields)
    assert (403, 200) == (refused.status, (await site.get(olga, f"/approvals/{asked}")).status)
    own = await site.post(anna, f"/approvals/{asked}/decision", fields)
    assert 403 == own.status


async def test_filters_and_pages(site: Site, anna: Person, sergey: Person, asked: str) -> None:
    """Filters stand in the address; what is no filter is none."""
    for query, found in {
        "tab=team": [asked],
        "tab=all&state=pending": [asked],
        "tab=all&state=approved": [],
        "tab=all&kind=leave": [asked],
        "tab=all&kind=overtime": [],
        f"tab=all&person={anna.employee_id}": [asked],
        f"tab=team&after={asked}": [],
        "tab=nonsense&state=x&person=y&after=-1": [asked],
    }.items():
        assert found == numbers(await site.get(sergey, f"/approvals?{query}")), query


async def test_names_are_text(site: Site, company: Company, sergey: Person) -> None:
    """Whatever somebody is called, a page shows it and runs nothing."""
    eve = await company.hire("<script>alert(1)</script>", "bitrix24", lead=sergey)
    await asks(eve)
    assert "<script>alert" not in (await site.get(sergey, "/approvals")).html
