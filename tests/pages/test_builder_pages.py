"""The builder: what is not touched stays, what is wrong is kept and told, and two never overwrite each other."""

import json
import re
from typing import Any

from bot.dispatch.turn import Occasion
from bot.domain.approvals.ready import ready_made
from bot.domain.approvals.route import ApprovalTemplate
from bot.i18n import Translator
from bot.services.approvals.courses import Courses
from bot.services.approvals.structure import Structures
from bot.services.approvals.templates import Templates, document_of, file_of
from bot.text import DayTime, t
from tests.pages.sent import buttons, sent
from tests.pages.site import Read, Site
from tests.people import Company, Person

LIST = "/settings/templates"
NAUGHTY = "<script>alert(1)</script>\"'&<b>"


async def opened(site: Site, person: Person, key: str, section: str = "stage.0") -> Read:
    """Open a part of a template."""
    read = await site.get(person, f"{LIST}/{key}?at={section}")
    assert 200 == read.status, read.text[:300]
    return read


async def press(
    site: Site, person: Person, read: Read, key: str, do: str = "save", to: str = "draft", **changes: str
) -> Read:
    """Change fields of the part that is open, by the ends of their names, and press a button."""
    fields = sent(read.html)
    for name, value in changes.items():
        place = next(each for each in fields if each == name or each.endswith(name.replace("__", ".")))
        fields[place] = value
    return await site.post(person, f"{LIST}/{key}/{to}", {**fields, "do": do})


async def draft(site: Site, person: Person, key: str) -> dict[str, Any]:
    """Return what is written of a template."""
    found: dict[str, Any] = json.loads((await site.get(person, f"{LIST}/{key}/file")).html)
    return found


async def test_a_template_is_built(site: Site, company: Company, olga: Person, sergey: Person, anna: Person) -> None:
    """From nothing to a version that is on, by buttons and fields; each change is a step that is kept."""
    await site.post(olga, f"{LIST}/-/new", {"title": "Обеды"})
    key = "obedy"
    read = await opened(site, olga, key)
    read = await press(site, olga, read, key, "add:route.stages.0.tracks.0.approvers")
    read = await press(site, olga, read, key, approvers__1__by="person")
    read = await press(
        site,
        olga,
        read,
        key,
        approvers__1__person="анна ким",
        deadline__after__n="8",
        deadline__after__u="wh",
    )
    stage = (await draft(site, olga, key))["route"]["stages"][0]
    assert [{"by": "head_of", "of": "initiator", "level": 1}, {"by": "user", "id": int(anna.account)}] == stage[
        "tracks"
    ][0]["approvers"]
    assert "8wh" == stage["deadline"]["after"]
    read = await press(site, olga, read, key, "add:route.stages")
    assert "at=stage.1" in read.headers.get("HX-Push-Url", "at=stage.1")
    read = await press(site, olga, read, key, "add:route.stages.1.when")
    read = await press(site, olga, read, key, when__0__field="amount", when__0__test="ge", when__0__value="300 000")
    read = await press(site, olga, read, key, "group:route.stages.1.when")
    read = await press(site, olga, read, key, "up:route.stages.1")
    form = await draft(site, olga, key)
    assert 300000 == form["route"]["stages"][0]["when"]["args"][0]["value"]
    assert "черновик, сохранён" in read.text
    read = await press(site, olga, read, key, "remove:route.stages.0.when.1")
    assert "or" not in json.dumps((await draft(site, olga, key))["route"]["stages"][0]["when"])
    read = await press(site, olga, read, key, "remove:route.stages.0")
    read = await press(site, olga, await opened(site, olga, key), key, to="publish")
    assert "Опубликовано: версия 2 включена" in read.text
    assert not (await opened(site, olga, key)).text.count("черновик, сохранён")
    assert "Обеды: включён" in await olga.says("/templates")


async def test_a_trial_names_tracks(site: Site, company: Company, olga: Person, sergey: Person, anna: Person) -> None:
    """Who is asked stands under the track and what decides it; a person who is named is no reason for themselves."""
    await site.post(olga, f"{LIST}/-/new", {"title": "Поставка"})
    key = "postavka"
    read = await press(site, olga, await opened(site, olga, key), key, approvers__0__by="person")
    changes = {"approvers__0__person": "Сергей Орлов", "stages__0__title__ru": "Подпись"}
    read = await press(site, olga, read, key, **changes)
    assert "из ветки «Подпись»" in read.text
    read = await tried(site, olga, key, person="Анна Ким", at="2026-07-17T17:30")
    assert "достаточно одного голоса «за» Сергей Орлов Нет ответа" in read.text
    read = await press(site, olga, await opened(site, olga, key), key, "add:route.stages.0.tracks")
    read = await press(site, olga, read, key, tracks__1__title__ru="Финансы", tracks__1__veto__kind="anyone")
    read = await tried(site, olga, key, person="Анна Ким", at="2026-07-17T17:30")
    assert "Подпись спросим пт, 17 июля, 17:30" in read.text
    assert "Финансы достаточно одного голоса «за», а любой отказ окончателен Сергей Орлов: руководитель" in read.text


async def test_two_administrators(site: Site, company: Company, olga: Person) -> None:
    """Whoever saves over what they did not see saves nothing, is told who was there, and keeps what they wrote."""
    boris = await company.hire("Борис Второй", "bitrix24", role=(await olga.employee()).role)
    theirs = await opened(site, boris, "leave")
    mine = await opened(site, olga, "leave")
    await press(site, boris, theirs, "leave", deadline__after__n="3")
    refused = await press(site, olga, mine, "leave", deadline__after__n="5")
    assert (412, True) == (refused.status, "Борис Второй" in refused.text)
    assert "3wh" == (await draft(site, olga, "leave"))["route"]["stages"][0]["deadline"]["after"]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', refused.html.split('id="builder"')[0])
    kept = dict(found)
    assert "5" == kept["route.stages.0.deadline.after.n"]
    assert 200 == (await site.post(olga, f"{LIST}/leave/draft", kept)).status
    assert "5wh" == (await draft(site, olga, "leave"))["route"]["stages"][0]["deadline"]["after"]
    stale = await press(site, boris, theirs, "leave", to="publish")
    assert (412, True) == (stale.status, "Ольга Смирнова" in stale.text)


async def test_what_cannot_be_meant_is_kept_on_the_page(site: Site, olga: Person) -> None:
    """An unknown person, broken JSON: one kind sentence, and everything that was typed is still there."""
    read = await opened(site, olga, "leave")
    read = await press(site, olga, read, "leave", approvers__0__by="person")
    refused = await press(site, olga, read, "leave", approvers__0__person="Никто Неизвестный", deadline__after__n="77")
    assert (422, True) == (refused.status, "Никто Неизвестный" in refused.html)
    assert "77" == sent(refused.html)["route.stages.0.deadline.after.n"]
    broken = await press(site, olga, await opened(site, olga, "leave", "json"), "leave", json="{ <b>broken")
    assert (422, "{ <b>broken") == (broken.status, sent(broken.html)["json"])
    large = await press(site, olga, await opened(site, olga, "leave", "json"), "leave", json="x" * ((1 << 20) + 1))
    assert (422, (1 << 20) + 1) == (large.status, len(sent(large.html)["json"]))


async def test_findings_stand_at_their_stage(site: Site, olga: Person) -> None:
    """What is wrong is kept and told; it is published only when it is right."""
    read = await opened(site, olga, "leave")
    read = await press(site, olga, read, "leave", deadline__after__n="")
    assert "Руководитель" in read.text
    assert 'class="wrong"' in read.html
    read = await press(site, olga, read, "leave", to="publish")
    assert "Сохранено, но не опубликовано" in read.text
    fixed = await press(site, olga, await opened(site, olga, "leave"), "leave", to="check", deadline__after__n="8")
    assert "Кадры" in fixed.text


async def test_a_webhook_that_is_not_there_is_warned_of(site: Site, olga: Person) -> None:
    """On the page and on the template's card in chat, until the portal has a webhook of that name."""
    await site.post(olga, f"{LIST}/-/new", {"title": "Обеды"})
    form = await draft(site, olga, "obedy")
    form["route"]["outcomes"] = {"approved": [{"do": "webhook", "args": {"name": "payroll"}}]}
    read = await press(site, olga, await opened(site, olga, "obedy", "json"), "obedy", json=json.dumps(form))
    warned = "Вебхука «payroll» пока нет"
    assert warned in read.text
    await press(site, olga, await opened(site, olga, "obedy"), "obedy", to="publish")
    assert warned in await olga.says("шаблон обеды")
    await site.post(olga, "/settings/webhooks", {"name": "payroll", "url": "https://hooks.example.com/a"})
    assert warned not in (await opened(site, olga, "obedy")).text
    shown = await olga.says("шаблон обеды")
    assert ("Обеды" in shown, warned in shown) == (True, False)


async def test_blanks_are_filled_on_the_page(site: Site, olga: Person, sergey: Person, anna: Person) -> None:
    """A ready-made template is published once somebody said who is in its groups."""
    read = await opened(site, olga, "leave")
    assert "не опубликовано" in (await press(site, olga, read, "leave", to="publish")).text
    wrong = await site.post(olga, f"{LIST}/leave/group", {"group": "hr", "people": "Никто"})
    assert (422, True) == (wrong.status, 'value="Никто"' in wrong.html)
    assert 404 == (await site.post(olga, f"{LIST}/leave/group", {"group": "evil", "people": "Анна"})).status
    assert "Анна Ким" in (await site.post(olga, f"{LIST}/leave/group", {"group": "hr", "people": "Анна Ким"})).text
    done = await press(site, olga, await opened(site, olga, "leave"), "leave", to="publish")
    assert "включена" in done.text


async def test_nothing_changes_by_looking_and_saving(site: Site, olga: Person) -> None:
    """Each ready-made template, each part opened and saved: it is exactly what it was."""
    for key in ready_made():
        before = await draft(site, olga, key)
        for section in (
            "start",
            *(f"stage.{number}" for number in range(len(before["route"]["stages"]))),
            "end",
            "json",
        ):
            saved = await press(site, olga, await opened(site, olga, key, section), key)
            assert (200, False) == (saved.status, "черновик, сохранён" in saved.text), (key, section)
        assert before == await draft(site, olga, key)


async def test_naughty_words_are_text(site: Site, olga: Person) -> None:
    """Whatever is written anywhere shows as text, in every part."""
    form = json.loads(file_of(ready_made()["contract"]))
    form["route"]["key"] = "naughty"
    form["route"]["title"] = {"ru": NAUGHTY}
    for stage in form["route"]["stages"]:
        stage["title"] = {"en": NAUGHTY}
        stage["when"] = {"op": "cmp", "field": "amount", "test": "eq", "value": NAUGHTY}
    form["route"]["stages"][1]["when"] = None
    form["route"]["outcomes"] = {"failed": [{"do": "notify", "args": {NAUGHTY: NAUGHTY}}]}
    form["form"].append(
        {"key": "x", "title": {"ru": NAUGHTY}, "type": "choice", "choices": [NAUGHTY], "required": False}
    )
    assert 200 == (await site.post(olga, f"{LIST}/-/import", {"text": json.dumps(form)})).status
    for section in ("start", "stage.0", "stage.1", "end", "json"):
        assert "<script>alert" not in (await opened(site, olga, "naughty", section)).html
        saved = await press(site, olga, await opened(site, olga, "naughty", section), "naughty")
        assert "черновик, сохранён" not in saved.text, section


async def test_forged_buttons(site: Site, olga: Person) -> None:
    """A button that no page has does nothing."""
    read = await opened(site, olga, "leave")
    for do in (
        "add:route",
        "remove:route.stages.9",
        "up:route.title",
        "add:x.y",
        "copy:form",
        "remove:",
        "evil:form",
        "add:route.stages.0.when.7",
    ):
        done = await press(site, olga, read, "leave", do)
        assert 404 == done.status, do
    assert json.loads(document_of(ApprovalTemplate.model_validate(await draft(site, olga, "leave"))))
    assert "add:route.stages" in buttons(read.html)


async def tried(site: Site, admin: Person, key: str, to: str = "simulate", **values: str) -> Read:
    """Try what is written of a template."""
    fields = sent((await opened(site, admin, key, "try")).html)
    return await site.post(admin, f"{LIST}/{key}/{to}", {**fields, **values})


async def test_who_would_get_it(site: Site, company: Company, olga: Person, sergey: Person, anna: Person) -> None:
    """A trial names who is asked and why, deadlines as dates, what is passed over; it stores nothing, asks nobody."""
    boris = await company.hire("Борис Кадров", "bitrix24", lead=olga)
    await site.post(olga, f"{LIST}/leave/group", {"group": "hr", "people": "Борис Кадров"})
    before = await draft(site, olga, "leave")
    values = {"person": "анна ким", "at": "2026-07-17T17:30", "v.days": "3"}
    read = await tried(site, olga, "leave", **values)
    assert 200 == read.status
    for words in ("Сергей Орлов: руководитель", "пропускаем", "Борис Кадров", "Это проба: никого не спрашиваю."):
        assert words in read.text, words
    long = await tried(site, olga, "leave", **values | {"v.days": "20"})
    assert "потому что" in long.text
    assert "20" == sent(long.html)["v.days"]
    wrong = await tried(site, olga, "leave", person="Никто Такой")
    assert (422, "Никто Такой") == (wrong.status, sent(wrong.html)["person"])
    assert 422 == (await tried(site, olga, "leave", at="вчера")).status
    assert 422 == (await tried(site, olga, "leave", **{"v.days": "много"})).status
    assert before == await draft(site, olga, "leave")
    assert [] == [each for each in (*sergey.chat, *boris.chat, *anna.chat) if "отпуск" in str(each).lower()]


async def test_examples_are_tried_before_publishing(
    site: Site, company: Company, olga: Person, sergey: Person, anna: Person
) -> None:
    """An example that comes out otherwise is shown first; who publishes all the same takes it for right."""
    await site.post(olga, f"{LIST}/-/new", {"title": "Обеды"})
    key = "obedy"
    kept = await tried(site, olga, key, "examples", person="Анна Ким")
    assert "Примеры" in kept.text
    read = await press(site, olga, await opened(site, olga, key), key, approvers__0__level="2")
    shown = await press(site, olga, read, key, to="publish")
    assert (200, True, True) == (shown.status, "Сергей Орлов" in shown.text, "Ольга Смирнова" in shown.text)
    assert "Опубликовать всё равно" in shown.text
    seen = re.search(r'name="seen" value="([^"]+)"', shown.html)
    assert seen is not None
    done = await site.post(olga, f"{LIST}/{key}/publish", {"seen": seen[1], "do": "sure"})
    assert "Опубликовано: версия 2" in done.text
    again = await press(site, olga, await opened(site, olga, key), key, to="publish", deadline__after__n="1")
    assert "включена" in again.text
    dropped = re.search(rf'formaction="({LIST}/{key}/examples/\d+/drop)"', (await opened(site, olga, key, "try")).html)
    assert dropped is not None
    assert "Пример убран" in (await site.post(olga, dropped[1], {"seen": "x"})).text


async def test_what_was_tried_is_what_happens(
    site: Site, company: Company, olga: Person, sergey: Person, anna: Person
) -> None:
    """The trial of a moment and the request that is really sent then ask the same people until the same instant."""
    await site.post(olga, f"{LIST}/-/new", {"title": "Обеды"})
    await press(site, olga, await opened(site, olga, "obedy"), "obedy", to="publish")
    read = await tried(site, olga, "obedy", person="Анна Ким")
    asked = await company.undertaking(lambda services: _asked(services, company, anna), Occasion(company.clock.now()))
    assert (
        {"Сергей Орлов"}
        == {each for each in ("Сергей Орлов", "Ольга Смирнова", "Анна Ким") if f"{each}: " in read.text}
        == asked[0]
    )
    assert asked[1] in read.text


async def _asked(services: Any, company: Company, anna: Person) -> tuple[set[str], str]:
    """Start a request for real, and say who is asked until when."""
    templates, courses = services.get(Templates), services.get(Courses)
    kept = await templates.get(company.portal, "obedy")
    now, by = company.clock.now(), await anna.employee()
    done = await courses.start(company.portal, (kept.key, kept.newest.version), by, {}, now, "bitrix24")
    structure = await services.get(Structures).of(company.portal, company.clock.now())
    running = done.standing.running
    holders = {holder for track in running.stage.tracks for seat in track.seats for holder in seat.holders}
    names = {structure.employee(each).name for each in holders}
    return names, Translator("ru", "Europe/Moscow", company.clock.now()).plain(
        t("{when}", when=DayTime(running.stage.due_at))
    )


async def test_what_names_a_field_follows_its_new_name(site: Site, olga: Person, sergey: Person, anna: Person) -> None:
    """Conditions, people, watched fields and texts; what texts say of the request itself stays."""
    await site.post(olga, f"{LIST}/-/new", {"title": "Обеды"})
    key, by_field = "obedy", {"by": "field", "path": "cost"}
    made = await draft(site, olga, key)
    stage = made["route"]["stages"][0]
    made["route"]["stages"] = [stage, json.loads(json.dumps({**stage, "id": "boss"}))]
    compared = [{"op": "cmp", "field": name, "test": "ge", "value": 5} for name in ("cost", "cost.sum", "costs")]
    stage["when"] = {"op": "not", "arg": {"op": "and", "args": compared}}
    stage["tracks"][0]["approvers"] = [by_field, {"by": "head_of", "of": "cost"}, {"by": "head_of"}]
    stage |= {"fallback": [by_field], "on_empty": "fallback"}
    made["form"] = [
        {"key": name, "title": {"ru": name}, "type": "text", "required": False} for name in ("cost", "title", "costs")
    ]
    made["route"]["policy"]["watch"] = ["costs", "cost"]
    text = "{cost} {costs} {title} { cost }"
    made["route"]["outcomes"] = {"approved": [{"do": "task_add", "args": {"title": text, "fields": {"UF": "{cost}"}}}]}
    read = await opened(site, olga, key, "json")
    read = await press(site, olga, read, key, json=json.dumps(made, ensure_ascii=False))
    assert 200 == read.status, read.text
    before = await draft(site, olga, key)
    read = await opened(site, olga, key, "start")
    read = await press(site, olga, read, key, form__0__key="amount", form__1__key="what")
    after = json.dumps(await draft(site, olga, key), ensure_ascii=False, sort_keys=True)
    wanted = json.dumps(before, ensure_ascii=False, sort_keys=True)
    for was, now in (('"cost"', '"amount"'), ('"cost.sum"', '"amount.sum"'), ("{cost}", "{amount}")):
        assert was in wanted
        wanted = wanted.replace(was, now)
    wanted = wanted.replace('"ru": "cost"', '"ru": "x"').replace('{"ru": "amount"}', '{"ru": "cost"}')
    assert wanted.replace('"key": "title"', '"key": "what"') == after
    read = await opened(site, olga, key, "start")
    read = await press(site, olga, read, key, form__0__key="what")
    assert "{amount}" in json.dumps(await draft(site, olga, key)), "two of one name: nobody can tell which is meant"


async def test_tracks_are_called_on_the_page_as_in_findings(site: Site, olga: Person, sergey: Person) -> None:
    """By number, and by title where they have one; a lone one is the stage itself."""
    await site.post(olga, f"{LIST}/-/new", {"title": "Обеды"})
    read = await opened(site, olga, "obedy")
    assert "Ветка 1" not in read.text
    await press(site, olga, read, "obedy", "add:route.stages.0.tracks")
    read = await opened(site, olga, "obedy")
    read = await press(site, olga, read, "obedy", tracks__1__title__ru="Юристы")
    assert "<h3>Ветка 1</h3>" in read.html
    assert "<h3>Ветка 2: Юристы</h3>" in read.html
