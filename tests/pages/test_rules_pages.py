"""Rules on pages: written by a form or as JSON, checked, tried, kept as versions, switched and deleted; as in chat."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from bot.domain.automation.portal_object import ObjectKind, ObjectRef
from bot.domain.automation.rule_reading import read_rule
from bot.domain.people.employee import Role
from bot.ports import StageName
from bot.web.rule_form import fields_of, form_of, is_sayable
from tests.automation.making import cmp, form
from tests.pages.site import Site
from tests.people import Company, Person

RULES = "/settings/rules"
TASK = {
    "object": "deal", "event": "changed", "c0_field": "stageId", "c0_test": "eq", "c0_value": "NEGOTIATION",
    "d0_do": "task", "d0_title": "Договор: {title}", "d0_who": "responsible", "d0_deadline": "1wd",
}  # fmt: skip


class Names:
    """What the portal calls its things."""

    async def smart_processes(self, realm: str) -> dict[int, str]:
        """Return none."""
        return {}

    async def stages(self, realm: str, kind: ObjectKind, type_id: int = 0) -> list[StageName]:
        """Return one."""
        return [StageName("NEGOTIATION", "Переговоры")]

    async def fields(self, realm: str, kind: ObjectKind, type_id: int = 0) -> dict[str, str]:
        """Return three."""
        return {"title": "Название", "stageId": "Стадия", "opportunity": "Сумма"}

    async def values(self, realm: str, ref: ObjectRef) -> Mapping[str, Any] | None:
        """Return the deal 4711."""
        values = {"title": "Кофе", "stageId": "NEGOTIATION", "assignedById": 7}
        return values if ref == ObjectRef("deal", 4711) else None


@pytest.fixture
async def olga(company: Company) -> Person:
    """Keep the rules of a portal that tells names."""
    company.messengers.catalogue = Names()
    return await company.hire("Ольга Смирнова", "bitrix24", role=Role.ADMIN)


async def kept(company: Company) -> list[tuple[str, int, str]]:
    """Return the versions of rules, each with its state."""
    found = await company.storage.unit_of_work().rules.of_portal(company.portal.id)
    return [(each.key, each.version, each.state.value) for each in found]


async def test_none_yet(site: Site, olga: Person) -> None:
    """An empty list says what a rule is for, and begins one."""
    read = await site.get(olga, RULES)
    assert "Правил пока нет" in read.text
    assert f'action="{RULES}/-"' in read.html
    assert 200 == (await site.get(olga, f"{RULES}/-?object=lead")).status


async def test_a_rule_is_written(site: Site, company: Company, olga: Person) -> None:
    """Checked it is read aloud and nothing is kept; kept it works, has a name of its own, and stands in the list."""
    read = await site.post(olga, f"{RULES}/-/check", TASK)
    assert "Когда сделка переходит на стадию «Переговоры»:" in read.text
    assert [] == await kept(company)
    read = await site.post(olga, f"{RULES}/-/publish", TASK)
    assert "Сохранено как версия 1. Правило уже работает." in read.text
    assert [("deal_task", 1, "on")] == await kept(company)
    assert "Договор: {title}" in (await site.get(olga, RULES)).text
    read = await site.post(olga, f"{RULES}/-/publish", TASK)
    assert (409, True) == (read.status, "Такое правило уже есть" in read.text)


async def test_a_rule_is_changed(site: Site, company: Company, olga: Person) -> None:
    """What is kept anew is a new version, under the key it had; the name stays."""
    await site.post(olga, f"{RULES}/-/publish", {**TASK, "title": "Договоры"})
    changed = {**TASK, "title": "Договоры", "d0_deadline": "2wd", "seen": "1:on"}
    await site.post(olga, f"{RULES}/deal_task/publish", changed)
    assert [("deal_task", 1, "off"), ("deal_task", 2, "on")] == await kept(company)
    assert "Договоры" in (await site.get(olga, RULES)).text
    for wanted, state in (("off", "off"), ("on", "on"), ("gone", "gone")):
        await site.post(olga, f"{RULES}/deal_task/stop", {"wanted": wanted})
        assert state == (await kept(company))[1][2]
    assert 404 == (await site.get(olga, f"{RULES}/deal_task")).status


async def test_a_stale_page_overwrites_nothing(site: Site, company: Company, olga: Person) -> None:
    """A rule that was changed or switched off meanwhile stays as it is; what was typed stays in its fields."""
    await site.post(olga, f"{RULES}/-/publish", TASK)
    await site.post(olga, f"{RULES}/deal_task/stop", {"wanted": "off"})
    stale = {**TASK, "d0_title": "Моё: {title}", "seen": "1:on"}
    read = await site.post(olga, f"{RULES}/deal_task/publish", stale)
    assert (412, [("deal_task", 1, "off")]) == (read.status, await kept(company))
    assert 'value="Моё: {title}"' in read.html
    assert 'name="seen" value="1:off"' in read.html
    await site.post(olga, f"{RULES}/deal_task/publish", {**stale, "seen": "1:off"})
    assert [("deal_task", 1, "off"), ("deal_task", 2, "on")] == await kept(company)


async def test_what_is_wrong_with_it(site: Site, company: Company, olga: Person) -> None:
    """Each fault is a sentence, nothing is kept, and what was typed stands in its fields."""
    for deed in ("check", "publish"):
        read = await site.post(olga, f"{RULES}/-/{deed}", {**TASK, "d0_title": "", "d0_deadline": "soon"})
        assert 'value="soon"' in read.html
        assert 'class="notice wrong"' in read.html
    assert (422, []) == (read.status, await kept(company))
    read = await site.post(olga, f"{RULES}/-/check", {**TASK, "c0_field": "colour"})
    assert "colour" in read.text
    assert "На портале нет таких полей" in read.text


async def test_it_is_tried(site: Site, company: Company, olga: Person) -> None:
    """On a deal as it is now; nothing is done. A number that is none is asked for."""
    read = await site.post(olga, f"{RULES}/-/try", {**TASK, "number": "4711"})
    assert "что сделали бы правила" in read.text
    assert "Договор: Кофе" in read.text
    assert 404 == (await site.post(olga, f"{RULES}/-/try", {**TASK, "number": "4712"})).status
    assert 422 == (await site.post(olga, f"{RULES}/-/try", {**TASK, "number": "x"})).status
    assert [] == await kept(company)


async def test_one_more_deed(site: Site, olga: Person) -> None:
    """The form grows without a script, and keeps what stands in it."""
    read = await site.post(olga, f"{RULES}/-/draft", {**TASK, "add": "notify"})
    assert 'name="d1_text"' in read.html
    assert "Договор: {title}" in read.html


async def test_a_file(site: Site, company: Company, olga: Person) -> None:
    """What is pasted is shown and kept as it is; what the form cannot say is changed as JSON; a file comes back."""
    deep = form(key="deep", when={"op": "not", "arg": cmp("title", "empty")}, do=[{"do": "tell_request"}])
    read = await site.post(olga, f"{RULES}/-/check", {"json": json.dumps(deep)})
    assert "Оно говорит больше, чем форма" in read.text
    await site.post(olga, f"{RULES}/-/publish", {"json": json.dumps(deep)})
    assert [("deep", 1, "on")] == await kept(company)
    read = await site.get(olga, f"{RULES}/deep/file")
    assert read_rule(deep) == read_rule(json.loads(read.html))
    assert "deep-1.json" in read.headers["Content-Disposition"]
    assert 422 == (await site.post(olga, f"{RULES}/-/publish", {"json": "{"})).status


async def test_a_person_is_found_by_name(site: Site, company: Company, olga: Person) -> None:
    """Whoever is named gets it; somebody who is not known is asked about."""
    named = {**TASK, "d0_who": "person", "d0_whom": "Ольга Смирнова"}
    await site.post(olga, f"{RULES}/-/publish", named)
    [version] = await company.storage.unit_of_work().rules.of_portal(company.portal.id)
    assert "user" == json.loads(version.document)["do"][0]["responsible"]["by"]
    read = await site.post(olga, f"{RULES}/-/publish", {**named, "d0_whom": "Никто Никакой"})
    assert read.status in {404, 422}
    assert "Никто Никакой" in read.html


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"when": {"op": "or", "args": [cmp("opportunity", "ge", 5.5), cmp("stageId", "in", ["A", "B"])]}},
        {"when": cmp("title", "eq", "5"), "do": [{"do": "update", "fields": {"a": 5, "b": "5", "c": True}}]},
        {"do": [{"do": "notify", "to": [{"by": "head_of", "of": "mover"}], "text": "a, b\nc"}]},
        {"object": {"kind": "smart_process", "type_id": 171}, "do": [{"do": "process", "template_id": 5}]},
    ],
)
def test_a_form_says_the_same(changed: dict[str, Any]) -> None:
    """There and back it is the same rule, numbers numbers and texts texts."""
    rule = read_rule(form(**changed))
    assert is_sayable(rule)
    titles = {str(name): text for name, text in rule.title.items()}
    assert rule == read_rule(form_of(fields_of(rule), key=rule.key, titles=titles))


@pytest.mark.parametrize(
    "changed",
    [
        {"when": {"op": "not", "arg": cmp("title", "empty")}},
        {"do": [{"do": "notify", "to": [{"by": "mover"}, {"by": "responsible"}], "text": "a"}]},
        {"do": [{"do": "comment", "text": "a"}] * 7},
    ],
)
def test_what_a_form_cannot_say(changed: dict[str, Any]) -> None:
    """It is never cut down to what it can: such a rule is changed as JSON."""
    assert not is_sayable(read_rule(form(**changed)))
