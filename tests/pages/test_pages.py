"""What holds for every page: who is let in, what an answer carries, what is sent from where, and what a GET changes."""

import base64
import hashlib
import json
import re
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

import bot.web
from bot.derived import Derived
from bot.web.forms import Empty
from bot.web.pages import PAGES, Route
from bot.web.serving import Pages, Untaught
from bot.web.visit import Page, Visit
from tests.pages.site import Site
from tests.people import Company, Person

WEB = Path(bot.web.__file__).parent


async def test_without_a_session(site: Site) -> None:
    """A page leads to the door and back; a part that asks is told, so that nothing typed is lost."""
    led = await site.get(None, "/me?x=1")
    assert (303, "/enter?next=/me%3Fx%3D1") == (led.status, led.headers["Location"])
    told = await site.get(None, "/me", HX_Request="true")
    assert (401, "none", "smena:over") == (told.status, told.headers["HX-Reswap"], told.headers["HX-Trigger"])
    assert 303 == (await site.get(None, "/me", Cookie="__Host-smena=forged")).status


async def test_what_an_answer_carries(site: Site, anna: Person) -> None:
    """Scripts and styles of ours alone, in nobody's frame, kept by nobody, and no name of a library."""
    read = await site.get(anna, "/")
    policy = read.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert ("no-store", "nosniff", "same-origin", "ru") == tuple(
        read.headers[name]
        for name in ("Cache-Control", "X-Content-Type-Options", "Referrer-Policy", "Content-Language")
    )


async def test_sent_from_elsewhere(site: Site, anna: Person) -> None:
    """Nothing that another site sends is done."""
    for headers in ({"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}, {"Sec_Fetch_Site": ""}):
        assert 403 == (await site.post(anna, "/day/in", {}, **headers)).status
    assert "Пока не на работе" in (await site.get(anna, "/")).text


async def test_a_day_on_the_page(site: Site, company: Company, anna: Person) -> None:
    """Marks are made and taken back here as in chat, and what is not possible now says so in the true state."""
    assert "Приход отмечен." in (await site.post(anna, "/day/in")).text
    again = await site.post(anna, "/day/in")
    assert (409, True) == (again.status, "На работе с 09:00" in again.text)
    await company.move(timedelta(hours=3))
    assert "Перерыв с 12:00" in (await site.post(anna, "/day/break")).text
    assert "Последняя отметка отменена" in (await site.post(anna, "/day/undo")).text
    assert 404 == (await site.post(anna, "/day/nonsense")).status


async def test_language_and_zone(site: Site, anna: Person) -> None:
    """What is chosen holds at once, and what is not known is said with what was typed still there."""
    assert "This is the language from now on" in (await site.post(anna, "/me/language", {"locale": "en"})).text
    assert "Yekaterinburg" in (await site.post(anna, "/me/zone", {"place": "Екатеринбург"})).text
    refused = await site.post(anna, "/me/zone", {"place": "<b>Нигде</b>"})
    assert (422, True) == (refused.status, 'value="&lt;b&gt;Нигде&lt;/b&gt;"' in refused.html)
    assert 422 == (await site.post(anna, "/me/zone", {"place": "Москва", "evil": "1"})).status
    assert 422 == (await site.post(anna, "/me/language", {"locale": "xx"})).status


async def test_signing_out_is_at_once(site: Site, anna: Person) -> None:
    """The very next request finds no session; the cookies of both kinds go."""
    token = await site.token(anna)
    out = await site.post(None, "/me/sign-out", {}, Cookie=f"__Host-smena={token}")
    assert (303, 2) == (out.status, len([each for each in out.cookies if "Max-Age=0" in each]))
    assert 303 == (await site.get(anna, "/")).status


SHOWN = {each.path for each in PAGES if each.method == "GET"}
ONLY_SENT = [each for each in PAGES if each.method == "POST" and each.path not in SHOWN]


@pytest.mark.parametrize("route", ONLY_SENT, ids=lambda each: each.path)
async def test_what_is_only_sent_leads_back(site: Site, anna: Person, route: Route) -> None:
    """Whoever reloads the address of something sent is led to its page, and nothing happens."""
    path = re.sub(r"\{\w+\}", "1", route.path)
    read = await site.get(anna, path)
    assert (303, True) == (read.status, read.headers["Location"].startswith("/"))


async def test_no_get_changes_anything(site: Site, company: Company, anna: Person, sergey: Person) -> None:
    """Whoever looks leaves no trace but when they were last seen, once an hour at most."""
    for person in (anna, sergey):
        await site.token(person)
    before = await _rows(company)
    for route in PAGES:
        if route.method == "GET":
            for person in (anna, sergey):
                await site.get(person, re.sub(r"\{\w+\}", "1", route.path))
    assert before == await _rows(company)


async def _rows(company: Company) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(f"file:{company.storage._url.removeprefix('sqlite:///')}?mode=ro", uri=True) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(database.execute(f"SELECT * FROM {name}"), key=repr) for name in names}


def test_a_view_that_nobody_can_serve() -> None:
    """What a view asks for is checked at start."""

    async def view(visit: Visit, form: Empty, size: int) -> Page:
        raise NotImplementedError

    with pytest.raises(Untaught):
        Pages(None, None, Derived("s" * 40), None, is_open=lambda: True, routes=[Route("GET", "/", view)])  # type: ignore[arg-type]


def test_templates_hold_no_script_and_no_style() -> None:
    """What the policy refuses is not written, nor what evaluates text, nor what escapes nothing."""
    forbidden = re.compile(
        r"\sstyle=|\son\w+=|<style|\|\s*safe|hx-on|js:|<script(?![^>]*\ssrc=)|autoescape", re.IGNORECASE
    )
    for path in sorted((WEB / "templates").rglob("*.html")):
        assert None is forbidden.search(path.read_text("utf-8")), path.name


def test_vendored_files_are_what_they_were() -> None:
    """Each file that others wrote is the one that was taken, with its version and its licence."""
    folder = WEB / "static" / "vendor"
    known = json.loads((folder / "vendor.json").read_text("utf-8"))
    assert set(known) == {each.name for each in folder.glob("*.js")}
    for name, each in known.items():
        digest = base64.b64encode(hashlib.sha384((folder / name).read_bytes()).digest()).decode()
        assert (f"sha384-{digest}", True) == (each["sha384"], bool(each["licence"] and each["version"] in name))


def test_own_script_and_style_are_small() -> None:
    """One file each, without a build step."""
    lines = {
        name: len((WEB / "static" / name).read_text("utf-8").splitlines()) for name in ("app.js", "live.js", "app.css")
    }
    assert (True, True) == (lines["app.js"] + lines["live.js"] <= 170, lines["app.css"] <= 400)
