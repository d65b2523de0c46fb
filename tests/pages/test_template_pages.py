"""Templates on pages: listed, read, brought, copied, switched off and on, as in chat and by the same services."""

import json

from bot.domain.approvals.ready import ready_made
from bot.services.approvals.templates import file_of
from tests.pages.site import Site
from tests.people import Company, Person

NAUGHTY = "<script>alert(1)</script>\"'&<b>"
LIST = "/settings/templates"
EXPENSE = {
    "schema": "approval.route/1", "key": "lunch", "version": 1, "title": {"ru": "Обеды", "en": NAUGHTY},
    "subjects": ["expense"],
    "stages": [{
        "id": "head", "title": {"ru": NAUGHTY},
        "tracks": [{"id": "head", "approvers": [{"by": "head_of"}], "rule": {"type": "any"}}],
        "deadline": {"after": "1wd", "on_expire": "reject"},
    }],
}  # fmt: skip


async def bring(site: Site, person: Person, document: object = None, key: str = "lunch") -> None:
    """Bring a template by the page."""
    text = json.dumps({**EXPENSE, "key": key} if document is None else document, ensure_ascii=False)
    assert 200 == (await site.post(person, f"{LIST}/-/import", {"text": text})).status


async def test_the_list(site: Site, olga: Person) -> None:
    """Ready-made ones are drafts, built-in ones are always on; each leads to its page."""
    read = await site.get(olga, LIST)
    for title in ("Скидка по сделке", "Договор", "Расход (комитет)", "Встроенные маршруты"):
        assert title in read.text
    assert "черновик версия 1" in read.text
    assert "кто подаёт: все" in read.text
    built = await site.get(olga, f"{LIST}/built_in_leave")
    assert (303, f"{LIST}/built_in_leave/versions/1") == (built.status, built.headers["Location"])
    shown = await site.get(olga, f"{LIST}/built_in_leave/versions/1")
    assert (200, True) == (shown.status, "Как JSON" in shown.text)


async def test_every_page_of_templates_leads_to_the_other_settings(site: Site, olga: Person) -> None:
    """The list, the builder and a version have the sections of the settings, with their own marked."""
    for path in (LIST, f"{LIST}/contract", f"{LIST}/built_in_leave/versions/1"):
        html = (await site.get(olga, path)).html
        assert '<a href="/settings/audit">' in html, path
        assert f'<a href="{LIST}" aria-current="page">' in html, path


async def test_brought_switched_off_and_on(site: Site, company: Company, olga: Person) -> None:
    """What was pasted is a draft until it is switched on; chat says the same."""
    await bring(site, olga)
    assert "Обеды: черновик" in await olga.says("/templates")
    assert "Обеды" in await olga.says("/templates включи обеды")
    read = await site.get(olga, f"{LIST}/lunch")
    assert ("включён" in read.text, "Выключить" in read.text) == (True, True)
    off = await site.post(olga, f"{LIST}/lunch/stop")
    assert "Выключен" in off.text
    assert "Включить снова" in off.text
    assert "Версия 1 включена" in (await site.post(olga, f"{LIST}/lunch/start")).text
    await bring(site, olga)
    assert "версия 2 ещё не включена" in (await site.get(olga, LIST)).text


async def test_what_is_written_shows_as_text(site: Site, olga: Person) -> None:
    """Whatever a template says is text on every page of it."""
    await bring(site, olga)
    for path in (LIST, f"{LIST}/lunch", f"{LIST}/lunch/versions/1"):
        read = await site.get(olga, path)
        assert (200, False) == (read.status, "<script>alert" in read.html), path


async def test_what_cannot_be_brought_is_still_there(site: Site, olga: Person) -> None:
    """A megabyte, no JSON, faults, a built-in key: one kind sentence, and the text stays in its field."""
    stages = [{**EXPENSE["stages"][0], "deadline": {"after": "soon"}}]  # type: ignore[index]
    for text, said in (
        ("{" + "x" * (1 << 20), "больше 1 МБ"),
        ("{ broken <b>", "Это не файл JSON"),
        (json.dumps({**EXPENSE, "stages": stages}), "stages[0].deadline.after"),
        (json.dumps({**EXPENSE, "key": "built_in_leave"}), "Этот маршрут встроен"),
    ):
        read = await site.post(olga, f"{LIST}/-/import", {"text": text})
        assert (True, True) == (400 <= read.status < 500, said in read.text), (said, read.text[:300])
        assert text[:9].replace('"', "&#34;").replace("<", "&lt;") in read.html
    assert "Обеды" not in (await site.get(olga, LIST)).text


async def test_a_file_is_what_was_brought(site: Site, olga: Person) -> None:
    """A template comes back as a file that can be brought again, and ready-made ones as well."""
    await bring(site, olga)
    file = await site.get(olga, f"{LIST}/lunch/versions/1/file")
    assert "attachment" in file.headers["Content-Disposition"]
    assert NAUGHTY == json.loads(file.html)["route"]["title"]["en"]
    leave = json.loads((await site.get(olga, f"{LIST}/leave/file")).html)
    expected = json.loads(file_of(ready_made()["leave"]))
    assert {**expected["route"], "timezone": leave["route"]["timezone"]} == leave["route"]
    assert 404 == (await site.get(olga, f"{LIST}/lunch/versions/7/file")).status


async def test_a_copy_and_a_new_one(site: Site, olga: Person) -> None:
    """Each has a key of its own, and nobody is asked by it yet."""
    await bring(site, olga)
    assert "копия" in (await site.post(olga, f"{LIST}/lunch/copy")).text
    assert 200 == (await site.get(olga, f"{LIST}/lunch_2")).status
    begun = await site.post(olga, f"{LIST}/-/new", {"title": "Закупка мебели"})
    assert "руководитель" in begun.text
    assert 200 == (await site.get(olga, f"{LIST}/zakupka_mebeli")).status
    refused = await site.post(olga, f"{LIST}/-/new", {"title": ""})
    assert 422 == refused.status
