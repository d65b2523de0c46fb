"""Webhooks and keys on pages: made, shown once, tried, revoked, and told to nobody else."""

import asyncio
import re

import pytest

from bot.domain.people.api_key import hash_of
from tests.pages.site import Read, Site
from tests.people import Company, Person


def secret_in(html: str) -> str:
    """Return the secret that a page shows."""
    found = re.search(r'id="secret"[^>]*value="([^"]+)"', html)
    assert found is not None
    return found[1]


async def form_of(site: Site, person: Person, page: str, **typed: str) -> dict[str, str]:
    """Return what a form of a page sends: its hidden fields, and what is typed."""
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', (await site.get(person, page)).html)
    return {**dict(hidden), **typed}


async def make_key(site: Site, person: Person, page: str = "/me", **typed: str) -> Read:
    """Make a key on a page."""
    address = "/me/keys" if page == "/me" else page
    token = (await form_of(site, person, page))["token"]
    return await site.post(person, address, {"token": token, **typed})


async def test_a_webhook_is_added_and_its_secret_shown_once(site: Site, olga: Person) -> None:
    """The page after that shows everything but the secret."""
    empty = await site.get(olga, "/settings/webhooks")
    fields = {"name": "payroll", "url": "https://hooks.example.com/a", "type_day_changed": "1"}
    added = await site.post(olga, "/settings/webhooks", fields)
    listed = await site.get(olga, "/settings/webhooks")
    address = re.search(r'href="(/settings/webhooks/\d+)"', listed.html)
    assert address is not None
    shown = await site.get(olga, address[1])
    assert "Пока никакой программе не сообщают" in empty.text
    assert secret_in(added.html).startswith("whsec_")
    assert not any("whsec_" in each.html for each in (listed, shown))
    assert "payroll" in listed.text
    assert 'name="type_day_changed" value="1" checked' in shown.html
    assert 'name="type_request_asked" value="1">' in shown.html


async def test_what_was_typed_wrongly_stays_in_its_field(site: Site, olga: Person) -> None:
    """With what has to be otherwise on top, and nothing added."""
    read = await site.post(olga, "/settings/webhooks", {"name": "payroll", "url": "https://10.0.0.1/"})
    assert (422, True, True) == (
        read.status,
        "порт 443 или 8443" in read.text,
        'value="https://10.0.0.1/"' in read.html,
    )
    assert "Пока никакой программе не сообщают" in (await site.get(olga, "/settings/webhooks")).text


async def test_a_webhook_is_tried_changed_rotated_and_deleted(site: Site, olga: Person) -> None:
    """Each says what became of it; the test stands among the messages."""
    await site.post(olga, "/settings/webhooks", {"name": "payroll", "url": "https://hooks.example.com/a"})
    listed = await site.get(olga, "/settings/webhooks")
    found = re.search(r'href="(/settings/webhooks/\d+)"', listed.html)
    assert found is not None
    here = found[1]
    tried = await site.post(olga, f"{here}/do/test")
    assert "проверка webhook.test" in tried.text
    off = await site.post(olga, f"{here}/do/off")
    refused = await site.post(olga, f"{here}/do/test")
    on = await site.post(olga, f"{here}/do/on")
    typed = {"name": "wages", "url": "https://hooks.example.com/b"}
    changed = await site.post(olga, f"{here}/change", await form_of(site, olga, here, **typed))
    rotated = await site.post(olga, f"{here}/rotation", await form_of(site, olga, here))
    gone = await site.post(olga, f"{here}/do/delete")
    assert "Вебхук выключен" in off.text
    assert (422, True) == (refused.status, "сначала включите его" in refused.text)
    assert "Вебхук включён" in on.text
    assert "https://hooks.example.com/b" in changed.text
    assert secret_in(rotated.html).startswith("whsec_")
    assert "«wages» удалён" in gone.text
    assert 404 == (await site.get(olga, here)).status


async def test_a_key_of_ones_own(site: Site, company: Company, anna: Person) -> None:
    """Made with what it may be used for, shown once, revoked; it is worth what the person may."""
    asked = {"name": "Дашборд", "days": "30", "scope_hours_read": "1", "scope_me": "1"}
    made = await make_key(site, anna, **asked)
    token = secret_in(made.html)
    mine = await site.get(anna, "/me")
    async with company.storage.unit_of_work() as uow:
        key = await uow.api_keys.by_hash(hash_of(token))
    assert key is not None
    assert ({"hours:read", "me"}, anna.employee_id) == (set(key.scopes), key.owner_id)
    assert (True, False) == (token[:8] in mine.text, token in mine.html)
    assert 'name="scope_webhooks"' not in mine.html
    gone = await site.post(anna, f"/me/keys/{key.id}/revoke")
    assert "«Дашборд» больше не действует" in gone.text


@pytest.mark.parametrize(
    "fields", [{"name": "X", "days": "0", "scope_me": "1"}, {"name": "X", "days": "семь"}, {"name": ""}]
)
async def test_a_key_that_cannot_be_made_is_not(site: Site, anna: Person, fields: dict[str, str]) -> None:
    """It is said what is wrong; what was ticked stays ticked."""
    read = await make_key(site, anna, **fields)
    assert 422 == read.status
    assert "smk_" not in read.html.replace("smk_…", "")


async def test_keys_of_the_portal(site: Site, company: Company, olga: Person, anna: Person) -> None:
    """An administrator sees all keys by name, beginning and owner, and may revoke any."""
    await make_key(site, anna, name="Дашборд", days="30", scope_me="1")
    made = await make_key(site, olga, "/settings/keys", name="1С", days="90", scope_hours_read="1")
    token = secret_in(made.html)
    listed = await site.get(olga, "/settings/keys")
    async with company.storage.unit_of_work() as uow:
        key = await uow.api_keys.by_hash(hash_of(token))
    assert key is not None
    assert (True, set()) == (key.is_service, {"requests:decide", "me"} & set(key.scopes))
    assert all(each in listed.text for each in ("1С", token[:8], "Дашборд", "Анна Ким"))
    assert "scope_requests_decide" not in listed.html
    await site.post(olga, f"/settings/keys/{key.id}/revoke")
    assert "1С" not in (await site.get(olga, "/settings/keys")).text


async def test_nobody_revokes_anothers_key(site: Site, company: Company, anna: Person, sergey: Person) -> None:
    """By its number neither: for them there is none."""
    made = await make_key(site, anna, name="Дашборд", days="30", scope_me="1")
    async with company.storage.unit_of_work() as uow:
        key = await uow.api_keys.by_hash(hash_of(secret_in(made.html)))
    assert key is not None
    assert 404 == (await site.post(sergey, f"/me/keys/{key.id}/revoke")).status
    assert "Дашборд" in (await site.get(anna, "/me")).text


async def test_origins_are_named_by_administrators(site: Site, olga: Person) -> None:
    """As an address and nothing behind it, each once; taken away again."""
    kept = await site.post(olga, "/settings/keys/origins/add", {"origin": "https://App.Example.com/"})
    wrong = [
        (await site.post(olga, "/settings/keys/origins/add", {"origin": each})).status
        for each in ("http://app.example.com", "https://a.example/path", "*", "null", "https://a.example@b.example", "")
    ]
    gone = await site.post(olga, "/settings/keys/origins/remove", {"origin": "https://app.example.com"})
    assert "Страницам https://app.example.com теперь можно" in kept.text
    assert [422] * 6 == wrong
    assert "https://app.example.com Убрать" not in gone.text


async def test_two_administrators_change_a_webhook(site: Site, company: Company, olga: Person) -> None:
    """Who kept second is told so and sees what the first kept; nothing is overwritten, neither is a new secret."""
    await site.post(olga, "/settings/webhooks", {"name": "payroll", "url": "https://hooks.example.com/a"})
    found = re.search(r'href="(/settings/webhooks/\d+)"', (await site.get(olga, "/settings/webhooks")).html)
    assert found is not None
    here, old = found[1], await form_of(site, olga, found[1])
    first = await site.post(olga, f"{here}/change", {**old, "name": "wages", "url": "https://hooks.example.com/b"})
    assert "https://hooks.example.com/b" in first.text
    for deed, typed in (("change", {"name": "pay", "url": "https://hooks.example.com/c"}), ("rotation", {})):
        for seen in (old, {**old, "version": ""}):
            late = await site.post(olga, f"{here}/{deed}", {**seen, **typed})
            assert (409, True, False) == (late.status, "этот вебхук изменили" in late.text, "whsec_" in late.html)
            assert 'value="https://hooks.example.com/b"' in late.html
    async with company.storage.unit_of_work() as uow:
        (hook,) = await uow.webhooks.of(company.portal.id)
    assert ("wages", "") == (hook.name, hook.former)


@pytest.mark.parametrize("page", ["/me", "/settings/keys"])
async def test_a_form_sent_twice_makes_one_key(site: Site, company: Company, olga: Person, page: str) -> None:
    """The second says that it was made, and offers a new form; so do two at once."""
    address = "/me/keys" if page == "/me" else page
    token = (await form_of(site, olga, page))["token"]
    asked = {"token": token, "name": "1С", "days": "90", "scope_hours_read": "1"}
    both = await asyncio.gather(site.post(olga, address, asked), site.post(olga, address, asked))
    again = await site.post(olga, address, asked)
    assert ([200, 409], 409) == (sorted(each.status for each in both), again.status)
    assert "уже создан" in again.text
    async with company.storage.unit_of_work() as uow:
        assert [int(token)] == [each.id for each in await uow.api_keys.of_portal(company.portal.id)]
    assert f'name="token" value="{token}"' not in again.html
    assert 200 == (await make_key(site, olga, page, name="1С", days="90", scope_hours_read="1")).status


@pytest.mark.parametrize("token", ["", "7", "x"])
async def test_a_form_of_no_number_makes_no_key(site: Site, olga: Person, token: str) -> None:
    """What was typed stays, with a new number."""
    asked = {"token": token, "name": "1С", "days": "90", "scope_hours_read": "1"}
    read = await site.post(olga, "/settings/keys", asked)
    assert (422, True, False) == (read.status, 'value="1С"' in read.html, "smk_" in read.html.replace("smk_…", ""))
