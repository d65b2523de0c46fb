"""Requests on routes as dialogs play them: a company with a template that is on."""

import json
from collections.abc import Sequence
from typing import Any

from bot.domain.approvals.template import TemplateState, TemplateVersion
from bot.domain.people.group import Group
from tests.people import Company, Person


def stage(name: str, who: Sequence[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """Return a stage of one track."""
    track = {"id": name, "approvers": list(who), "rule": {"type": "any"}, **more.pop("track", {})}
    tracks = more.pop("tracks", [track])
    deadline = {"after": "8wh", "on_expire": "reject", **more.pop("deadline", {})}
    return {"id": name, "title": {"ru": name.title()}, "tracks": tracks, "deadline": deadline, **more}


def template(*stages: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a template of these stages with one field."""
    route = {
        "schema": "approval.route/1", "key": "trip", "version": 1, "title": {"ru": "Поездка", "en": "A trip"},
        "subjects": ["custom"], "hard_limit": "30d", "stages": list(stages),
        "outcomes": {"approved": [{"do": "notify", "args": {"to": "initiator"}}]},
        **more,
    }  # fmt: skip
    form = [
        {"key": "where", "title": {"ru": "Куда", "en": "Where to"}, "type": "text", "required": True},
        {"key": "cost", "title": {"ru": "Сумма", "en": "Sum"}, "type": "money"},
    ]
    return {"schema": "approval.template/1", "route": route, "form": form, "start": {"by_hand": True}}


HEAD = {"by": "head_of", "of": "initiator"}


def in_group(name: str) -> dict[str, str]:
    """Name a group."""
    return {"by": "group", "name": name}


async def with_template(company: Company, form: dict[str, Any], **groups: Sequence[Person]) -> None:
    """Switch a template on, with the groups that it names."""
    document = json.dumps(form, ensure_ascii=False)
    async with company.storage.unit_of_work() as uow:
        version = TemplateVersion(
            company.portal.id, form["route"]["key"], 1, document, TemplateState.ON, company.clock.now()
        )
        uow.templates.add(version)
        for name, members in groups.items():
            uow.groups.put(Group(company.portal.id, name, name, tuple(each.employee_id for each in members)))
        await uow.commit()


def cards(person: Person) -> list[str]:
    """Return what a person is shown, but for the one invitation into the second messenger."""
    return [each for each in person.shown if not each.startswith("💡")]


async def sent(person: Person, where: str = "Казань", cost: str = "50000") -> None:
    """Begin a request as a person does in chat."""
    is_english = person.locale == "en"
    await person.says("/request")
    await person.presses("A trip" if is_english else "Поездка")
    await person.says(where)
    await person.says(cost)
    await person.presses("Send" if is_english else "Отправить")
