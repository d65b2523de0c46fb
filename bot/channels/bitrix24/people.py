"""Who works on the portal: its users, its departments, and who heads whom."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from bot.channels.bitrix24.client import BATCH_LIMIT, Call, Client
from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.values import flag, items, mapping, number, text
from bot.ports import Person

PAGE = 50
MAX_PAGES = 1_000
MAX_CLIMB = 5
_FILTER = {"FILTER": {"ACTIVE": True, "USER_TYPE": "employee"}}
_NOT_ALLOWED = frozenset({"INSUFFICIENT_SCOPE", "ACCESS_DENIED", "ERROR_METHOD_NOT_FOUND", "INVALID_CREDENTIALS"})

log = structlog.get_logger(__name__)


async def read_people(client: Client) -> list[Person]:
    """Read the directory as far as the granted scopes allow; at least the owner of the credentials."""
    profile = mapping(await _allowed(client, "profile"))
    owner = number(profile.get("ID"))
    users = await _listed(client, "user.get", _FILTER)
    if users is None:
        is_known = owner and flag(profile.get("ADMIN"))
        return [_person(profile, True, {}, {})] if is_known else []
    departments = await _listed(client, "department.get", {}) or []
    heads = {text(each.get("ID")): text(each.get("UF_HEAD")) for each in departments}
    parents = {text(each.get("ID")): text(each.get("PARENT")) for each in departments}
    is_owner_admin = flag(profile.get("ADMIN"))
    return [
        _person(user, is_owner_admin and number(user.get("ID")) == owner, heads, parents)
        for user in users
        if number(user.get("ID"))
    ]


def heads_above(
    account: str, departments: Sequence[str], heads: Mapping[str, str], parents: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the heads above a person, nearest first: of each department, then of the departments above."""
    found: dict[str, None] = {}
    level = list(dict.fromkeys(departments))
    seen: set[str] = set()
    for _ in range(MAX_CLIMB + 1):
        for department in level:
            head = heads.get(department, "")
            if number(head) and head != account:
                found.setdefault(head)
        seen.update(level)
        level = list(dict.fromkeys(parents[each] for each in level if parents.get(each) and parents[each] not in seen))
    return tuple(found)


def _person(user: Mapping[str, Any], is_admin: bool, heads: Mapping[str, str], parents: Mapping[str, str]) -> Person:
    account = str(number(user.get("ID")))
    name = f"{text(user.get('NAME')).strip()} {text(user.get('LAST_NAME')).strip()}".strip()
    departments = [text(each) for each in items(user.get("UF_DEPARTMENT"))]
    return Person(
        account=account,
        name=name or account,
        zone=text(user.get("TIME_ZONE")) or None,
        is_admin=is_admin,
        heads=heads_above(account, departments, heads, parents),
    )


async def _allowed(client: Client, method: str) -> Any:
    """Return a method's result, or None where we have no right to it."""
    try:
        return (await client.call(method, {})).result
    except RestError as error:
        return _tolerated(method, error)


def _tolerated(method: str, error: RestError) -> None:
    if error.code not in _NOT_ALLOWED:
        raise error
    client_lacks = "bitrix24.directory_incomplete"
    log.warning(client_lacks, method=method, code=error.code)


async def _listed(client: Client, method: str, params: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
    """Return all rows of a list, its later pages in batches; None where we have no right to it."""
    try:
        first = await client.call(method, params)
        rows = [mapping(each) for each in items(first.result)]
        starts = list(range(PAGE, min(first.total or 0, PAGE * MAX_PAGES), PAGE)) if first.next else []
        for some in (starts[at : at + BATCH_LIMIT] for at in range(0, len(starts), BATCH_LIMIT)):
            pages: dict[str, Call] = {f"p{start}": (method, {**params, "start": start}) for start in some}
            answer = await client.batch(pages)
            for error in answer.errors.values():
                raise error
            rows += [mapping(each) for key in pages for each in items(answer.results.get(key))]
    except RestError as error:
        _tolerated(method, error)
        return None
    else:
        return rows
