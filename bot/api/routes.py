"""Every operation of the API at its address, the document with its pages, and nothing else."""

import json
import re
from collections.abc import Sequence
from functools import cache

from aiohttp import web

from bot.api.docs import ICON, docs_page, problem_page, stylesheet
from bot.api.door import Door
from bot.api.openapi import openapi
from bot.api.operation import Operation
from bot.api.operations import (
    absences,
    asking,
    changes,
    errands,
    files,
    hours,
    me,
    people,
    periods,
    plans,
    reports,
    requests,
    rules,
    schedules,
    statistics,
    templates,
    webhooks,
)
from bot.api.problems import BASE
from bot.api.reading import locale_of

OPERATIONS: Sequence[Operation] = tuple(
    each
    for theme in (
        me,
        people,
        hours,
        requests,
        asking,
        files,
        absences,
        periods,
        plans,
        schedules,
        reports,
        statistics,
        templates,
        rules,
        errands,
        webhooks,
        changes,
    )
    for each in theme.OPERATIONS
)
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def api_routes(door: Door) -> list[web.AbstractRouteDef]:
    """Return the doors of the API."""
    found: list[web.AbstractRouteDef] = []
    for each in OPERATIONS:
        handler = door.handler(each)
        path = BASE + re.sub(r"\{(\w+_id)\}", r"{\1:[0-9]+}", each.path)
        if each.verb == "GET":
            found.append(web.get(path, handler, allow_head=True))
        else:
            found.append(web.route(each.verb, path, handler))
    patterns = [(_pattern(each.path), each.verb) for each in OPERATIONS]

    async def elsewhere(request: web.Request) -> web.Response:
        path = request.path.removeprefix(BASE)
        verbs = {each.verb for each in OPERATIONS if each.path == path}  # a word of ours is no key of somebody's
        verbs = verbs or {verb for pattern, verb in patterns if pattern.fullmatch(path)}
        if "GET" in verbs or path in _PAGES or path.startswith("/problems/"):
            verbs |= {"GET", "HEAD"}
        return await door.elsewhere(request, sorted(verbs))

    return [
        *found,
        web.get(f"{BASE}/openapi.json", _openapi),
        web.get(f"{BASE}/docs", _docs),
        web.get(f"{BASE}/docs.css", _style),
        web.get(f"{BASE}/docs.svg", _icon),
        web.get(f"{BASE}/problems/{{code}}", _problem),
        web.route("*", f"{BASE}/{{rest:(?s:.*)}}", elsewhere),
        web.route("*", BASE, elsewhere),
    ]


def _pattern(path: str) -> re.Pattern[str]:
    """Return what addresses of an operation look like; ids are numbers, and nothing else is one."""
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", re.sub(r"\{\w+_id\}", "[0-9]+", path)))


_PAGES = frozenset({"/openapi.json", "/docs", "/docs.css", "/docs.svg"})


@cache
def document_text() -> str:
    """Return the document of the API as it is served and committed."""
    return json.dumps(openapi(OPERATIONS), ensure_ascii=False, indent=1) + "\n"


@cache
def _docs_text(locale: str) -> str:
    return docs_page(openapi(OPERATIONS), locale)


def warm_up() -> None:
    """Build what anybody may read and nobody has to wait for; for a thread."""
    document_text()
    for each in ("en", "ru"):
        _docs_text(each)


async def _openapi(_: web.Request) -> web.Response:
    headers = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
    return web.Response(text=document_text(), content_type="application/json", headers=headers)


async def _docs(request: web.Request) -> web.Response:
    return _html(_docs_text(locale_of(request)))


async def _style(_: web.Request) -> web.Response:
    return web.Response(text=stylesheet(), content_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


async def _icon(_: web.Request) -> web.Response:
    return web.Response(text=ICON, content_type="image/svg+xml", headers={"Cache-Control": "public, max-age=3600"})


async def _problem(request: web.Request) -> web.Response:
    page = problem_page(request.match_info["code"], OPERATIONS, locale_of(request))
    if page is None:
        raise web.HTTPNotFound
    return _html(page)


def _html(text: str) -> web.Response:
    headers = {
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "public, max-age=300",
        "Vary": "Accept-Language",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    return web.Response(text=text, content_type="text/html", charset="utf-8", headers=headers)
