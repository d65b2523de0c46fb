"""Who works on the portal: its users, its departments, and who heads whom."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog

from bot.channels.bitrix24.client import BATCH_LIMIT, Call, Client
from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.values import day, flag, items, mapping, number, text
from bot.domain.people.employee import paper_name
from bot.ports import ListedDepartment, Person

PAGE = 50
MAX_PAGES = 1_000
MAX_CLIMB = 5
_FILTER = {"FILTER": {"ACTIVE": True, "USER_TYPE": "employee"}}
_NOT_ALLOWED = frozenset({"INSUFFICIENT_SCOPE", "ACCESS_DENIED", "ERROR_METHOD_NOT_FOUND", "INVALID_CREDENTIALS"})

log = structlog.get_logger(__name__)


async def read_directory(client: Client) -> tuple[list[Person], list[ListedDepartment]]:
    """Read who works here and in which departments, as far as the granted scopes allow.

    At least the owner of the credentials is known, by the profile.
    """
    profile = mapping(await _allowed(client, "profile"))
    owner = number(profile.get("ID"))
    users = await _listed(client, "user.get", _FILTER)
    if users is None:
        is_known = owner and flag(profile.get("ADMIN"))
        return ([_person(profile, {}, is_admin=True)] if is_known else []), []
    departments = [_department(each) for each in await _listed(client, "department.get", {}) or []]
    by_key = {each.key: each for each in departments}
    is_owner_admin = flag(profile.get("ADMIN"))
    people = [
        _person(user, by_key, is_admin=is_owner_admin and number(user.get("ID")) == owner)
        for user in users
        if number(user.get("ID"))
    ]
    return people, departments


async def read_dismissed(client: Client, accounts: Sequence[str]) -> list[Person]:
    """Read which of these accounts were dismissed.

    Asked by id, because a portal keeps everybody who ever left, and nobody needs those thousands. Only what is
    expressly inactive counts: whom the portal does not show us may still work there.
    """
    asked = [account for account in accounts if number(account)]
    found: list[Person] = []
    for some in (asked[at : at + PAGE] for at in range(0, len(asked), PAGE)):
        wanted = {"FILTER": {"@ID": some, "ACTIVE": False}}
        rows = [mapping(each) for each in items(await _allowed(client, "user.get", wanted))]
        gone = [each for each in rows if "ACTIVE" in each and not flag(each["ACTIVE"])]
        found += [replace(_person(each, {}), is_active=False) for each in gone if text(each.get("ID")) in some]
    return found


def heads_above(account: str, own: Sequence[str], departments: Mapping[str, ListedDepartment]) -> tuple[str, ...]:
    """Return the heads above a person, nearest first: of each department, then of the departments above."""
    found: dict[str, None] = {}
    level = [departments[key] for key in dict.fromkeys(own) if key in departments]
    seen: set[str] = set()
    for _ in range(MAX_CLIMB + 1):
        for each in level:
            if number(each.head) and each.head != account:
                found.setdefault(each.head)
        seen.update(each.key for each in level)
        above = dict.fromkeys(each.parent for each in level if each.parent not in seen)
        level = [departments[key] for key in above if key in departments]
    return tuple(found)


def _person(user: Mapping[str, Any], departments: Mapping[str, ListedDepartment], *, is_admin: bool = False) -> Person:
    account = str(number(user.get("ID")))
    first, second, last = (text(user.get(each)).strip() for each in ("NAME", "SECOND_NAME", "LAST_NAME"))
    name = f"{first} {last}".strip()
    own = tuple(text(each) for each in items(user.get("UF_DEPARTMENT")))
    return Person(
        account=account,
        name=name or account,
        zone=text(user.get("TIME_ZONE")) or None,
        is_admin=is_admin,
        heads=heads_above(account, own, departments),
        departments=own,
        title=text(user.get("WORK_POSITION")).strip(),
        hired_on=day(user.get("UF_EMPLOYMENT_DATE")),
        paper_name=paper_name(last, first, second),
    )


def _department(row: Mapping[str, Any]) -> ListedDepartment:
    return ListedDepartment(
        text(row.get("ID")), text(row.get("NAME")).strip(), text(row.get("PARENT")), text(row.get("UF_HEAD"))
    )


async def _allowed(client: Client, method: str, params: Mapping[str, Any] | None = None) -> Any:
    """Return a method's result, or None where we have no right to it."""
    try:
        return (await client.call(method, params or {})).result
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
            answer = await client.run(pages)
            for error in answer.errors.values():
                raise error
            rows += [mapping(each) for key in pages for each in items(answer.results.get(key))]
    except RestError as error:
        _tolerated(method, error)
        return None
    else:
        return rows
